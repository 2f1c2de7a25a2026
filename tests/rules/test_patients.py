"""Files and cohorts of patients: columns found, everything impossible told at once, groups and migrations."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

import remission as rm
from remission.core.problems import InputError, StudyProblems
from remission.rules.stratify import Stratified
from tests.cohort.by_hand import cohort_of

INFANTS: dict[str, list[Any]] = {
    "patient": ["a", "b", "c", "d"],
    "MLL status": ["MLL-r", "rearranged", "germline", None],
    "KMT2A": ["rearranged", "rearranged", "germline", "unknown"],
    "age_in_days": [179, 180, 20, 200],
    "cns_involvement": ["no", "no", "yes", "negative"],
    "wbc": [299, 300, 12, 80],
    "PPR_PGR": ["PGR", "PPR", None, "PGR"],
}

BORN = {"dob": ["2012-01-01"] * 4}


def problems_of(data: Any, name: str = "mll10", **more: Any) -> str:
    with pytest.raises(StudyProblems) as error:
        rm.stratify(data, name, **more)
    return "\n".join(map(str, error.value.problems))


def groups(found: Stratified) -> list[tuple[Any, ...]]:
    return found.rows().select("id", "group", "missing").rows()


def test_columns_are_found_by_name_and_synonym_and_words_are_understood() -> None:
    found = rm.stratify(INFANTS, "mll10")
    assert groups(found) == [
        ("a", "high", ""),
        ("b", "intermediate", ""),
        ("c", "low", ""),
        ("d", None, "kmt2a"),
    ]
    assert found.values.found["age_days"] == "age_in_days"
    assert found.counts().rows() == [("low", 1), ("intermediate", 1), ("high", 1), ("not decided", 1)]
    assert str(found.explain("d")).splitlines()[0] == "mll10: not decided; possible: low, intermediate"


@pytest.mark.parametrize("make", [pl.DataFrame, pd.DataFrame, lambda data: pl.DataFrame(data).lazy()])
def test_any_frame_will_do(make: Any) -> None:
    assert groups(rm.stratify(make(INFANTS), "mll10")) == groups(rm.stratify(INFANTS, "mll10"))


def test_a_cohort_will_do() -> None:
    cohort = cohort_of(
        {"kmt2a": ["rearranged", "germline"], "age_days": [179.0, 20.0], "cns": [False, True]},
        numbers=("age_days",),
    )
    assert groups(rm.stratify(cohort, "mll10")) == [("1", "high", ""), ("2", "low", "")]


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ("per microlitre", '"wbc" is in per microlitre, and White cells is needed in x 10^9/L'),
        ("10^9 per litre", ""),
        ("×10⁹/L", ""),
        ("", ""),
    ],
)
def test_white_cells_of_a_cohort_in_another_unit_are_refused(unit: str, told: str) -> None:
    cohort = cohort_of(
        {"kmt2a": ["rearranged"], "age_days": [100.0], "wbc": [310.0], "prednisone": ["good"]},
        numbers=("age_days", "wbc"),
    )
    said = {**cohort.columns, "wbc": replace(cohort.columns["wbc"], unit=unit)}
    declared = replace(cohort, columns=said)
    if told:
        assert told in problems_of(declared, "interfant06")
    else:
        assert groups(rm.stratify(declared, "interfant06")) == [("1", "high", "")]


def test_settings_belong_where_a_protocol_or_score_is_made() -> None:
    with pytest.raises(InputError, match='"mll10" was made already with its settings'):
        rm.stratify(INFANTS, rm.protocol("mll10"), settings={"six_months": 180})
    with pytest.raises(InputError, match='"pva" was made already with its settings'):
        rm.score_patients({"prednisolone": ["sensitive"]}, rm.score("pva"), settings={"points": 1})


def test_a_score_is_no_protocol() -> None:
    score: Any = rm.score("pva")
    protocol: Any = rm.protocol("mll10")
    with pytest.raises(InputError, match=r"a protocol is wanted, .*; this is of type Score"):
        rm.stratify(INFANTS, score)
    with pytest.raises(InputError, match="a protocol is wanted"):
        rm.reclassify(INFANTS, "mll10", score)
    with pytest.raises(InputError, match=r"a score is wanted, .*; this is of type Protocol"):
        rm.score_patients({"prednisolone": ["sensitive"]}, protocol)


def test_columns_can_be_said() -> None:
    data = {"who": ["x"], "mll": [1], "alter": [3], "zns": ["ja"]}
    columns = {
        "kmt2a": {"column": "mll", "codes": {"1": "rearranged", "0": "germline"}},
        "age_days": "alter",
        "cns": {"column": "zns", "codes": {"ja": "yes", "nein": "no"}},
    }
    assert groups(rm.stratify(data, "mll10", columns=columns, id="who")) == [("x", "high", "")]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"age_in_days": [1, 5, 8, 12]}, "nobody is above 12: this looks like months, and days are needed"),
        ({"age_in_days": [179.5, 180, 20, 200]}, "is a whole number, and here it is not (id a)"),
        ({"age_in_days": [-1, 180, 20, 200]}, "cannot be outside 0 to 36525 days (id a)"),
        ({"MLL status": ["strange", "r", "wt", None]}, '"strange" is no declared code or level (id a)'),
        (
            {"MLL status": ["wt", "r", "wt", None]},
            "the columns MLL status and KMT2A say different things of KMT2A (id a)",
        ),
        (
            {"partner": ["AF4", "none", "ENL", None]},
            "KMT2A is germline, but a fusion partner is named (id c)",
        ),
        (
            {"partner": ["AF4", "none", "none", None]},
            "KMT2A is rearranged, but the partner field says that there is none (id b)",
        ),
        ({"cns_involvement": ["no", "perhaps", "-", None]}, '"-" is neither yes nor no (id c)'),
        (
            {**BORN, "dx_date": ["2012-06-28", "2011-01-01", "2012-01-21", "2012-07-19"]},
            "dx_date is before dob (id b)",
        ),
        (
            {**BORN, "dx_date": ["2012-06-28", "2012-06-29", "2012-01-21", "2012-09-19"]},
            "Age at diagnosis does not agree with dob and dx_date (id d)",
        ),
    ],
)
def test_what_cannot_be_is_told_with_the_patients(changes: dict[str, list[Any]], told: str) -> None:
    assert told in problems_of({**INFANTS, **changes})


def test_everything_is_told_at_once() -> None:
    text = problems_of({**INFANTS, "age_in_days": [-1, 0.5, 1, 2], "cns_involvement": ["?", "x", "no", "no"]})
    assert "cannot be outside" in text
    assert "whole number" in text
    assert '"x" is neither yes nor no' in text


def test_age_in_months_is_refused_where_days_are_needed() -> None:
    data = {key: values for key, values in INFANTS.items() if key != "age_in_days"}
    text = problems_of({**data, "age_months": [5, 6, 1, 7]})
    assert '"age_months" is in months, and age_days is needed in days' in text
    assert '"age" is in an unknown unit' in problems_of({**data, "age": [5, 6, 1, 7]})
    dates = {"dob": ["2012-01-01"] * 4, "dx_date": ["2012-06-28", "2012-06-29", "2012-01-21", "2012-07-19"]}
    found = rm.stratify({**data, **dates, "age_months": [5, 6, 1, 7]}, "mll10")
    assert found.rows()["group"].to_list() == ["high", "intermediate", "low", None]
    assert found.values.frame["age_days"].to_list() == [179, 180, 20, 200]


def test_all_young_infants_can_be_declared_to_be_so() -> None:
    data = {**INFANTS, "age_in_days": [1, 5, 8, 12]}
    columns = {"age_days": {"column": "age_in_days", "unit": "days"}}
    assert rm.stratify(data, "mll10", columns=columns).rows()["group"].to_list() == [
        "high",
        "high",
        "low",
        None,
    ]


def test_impossible_csf_counts_are_told() -> None:
    data = {
        "csf_blasts": ["yes", "yes"],
        "csf_wbc": [-4, 6],
        "csf_rbc": [20, 0],
        "csf_ratio_high": ["no", "yes"],
        "clinical_cns": ["no", "no"],
    }
    text = problems_of(data, "cns-status")
    assert "CSF white cells cannot be outside 0 to 100000 per microlitre (row 1)" in text
    assert "the CSF ratio exceeds that of blood, but there are no red cells in CSF (row 2)" in text


def test_mrd_without_its_unit_is_not_guessed() -> None:
    assert '"mrd_d8" is in an unknown unit, and mrd_d8_percent is needed in %' in problems_of(
        {"mrd_d8": [0.1]}, "cog-aall08b1"
    )


def test_a_column_that_is_not_there_and_an_input_that_is_not_asked_for() -> None:
    text = problems_of(INFANTS, columns={"age_days": "age_days", "kmt2": "KMT2A"})
    assert 'the data has no column "age_days"' in text
    assert 'there is no input "kmt2"' in text
    with pytest.raises(InputError, match="to name patients"):
        rm.stratify(INFANTS, "mll10", id="nobody")


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(InputError, match="not as int"):
        rm.stratify(3, "mll10")


def test_a_file_is_read_and_its_faults_are_told(tmp_path: Path) -> None:
    path = tmp_path / "infants.csv"
    path.write_text("id,kmt2a,age_days\n1,germline,30\n2,r\n", encoding="utf-8")
    assert "row 3" in problems_of(path)
    path.write_text("id,kmt2a,age_days\n1,germline,30\n2,NA,40\n", encoding="utf-8")
    found = rm.stratify(path, "mll10")
    assert groups(found) == [("1", "low", ""), ("2", None, "kmt2a")]
    assert found.values.absent == ("cns",)


def test_migration_between_protocols_counts_everybody() -> None:
    migration = rm.reclassify(INFANTS, "mll10", "interfant06")
    assert migration.rows().rows() == [
        ("low", "low", 1),
        ("intermediate", "high", 1),
        ("high", "medium", 1),
        ("not decided", "not decided", 1),
    ]
    table = migration.table()
    assert table.columns == ["before", "low", "medium", "high", "not decided"]
    assert table.select(pl.exclude("before")).sum().sum_horizontal().item() == 4
    shorter = rm.reclassify(INFANTS, "mll10", "interfant06", settings={"interfant06": {"six_months": 180}})
    assert shorter.rows().filter(before="intermediate")["after"].to_list() == ["medium"]


def test_relabelling_patients_and_reordering_rows_changes_nothing_else() -> None:
    found = rm.stratify(INFANTS, "mll10").rows()
    turned = rm.stratify(pl.DataFrame(INFANTS, strict=False).reverse(), "mll10").rows()
    assert turned.reverse().equals(found)


def test_scores_of_patients_and_what_could_not_be_computed() -> None:
    data = {
        "id": ["1", "2", "3"],
        "prednisolone": ["sensitive", "3", "resistant"],
        "vincristine": ["sensitive", "not done", "intermediate"],
        "asparaginase_class": ["sensitive", "resistant", None],
    }
    scored = rm.score_patients(data, "pva")
    shown = scored.rows().select("value", "lowest", "highest", "group", "missing")
    assert shown.rows() == [
        (3, 3, 3, "sensitive", ""),
        (None, 7, 9, "resistant", "vincristine"),
        (None, 6, 8, None, "asparaginase"),
    ]
    assert scored.counts().rows() == [("3", 1), ("not settled", 2)]
    assert scored.rows()["not_computed"][1] == "Vincristine: 1 to 3, not known: vincristine"
    assert scored.explain("1").value == 3


def test_a_score_that_is_not_defined_is_counted_so() -> None:
    data = {"donor": ["cord blood", "haplo", "sibling"], "disease": ["ALL"] * 3, "status": ["CR1"] * 3}
    scored = rm.score_patients(data, "ebmt")
    assert scored.counts().rows() == [("not defined", 2), ("not settled", 1)]
    with pytest.raises(StudyProblems, match="the disease is CML, but its status is not a phase of CML"):
        rm.score_patients({"disease": ["CML"], "status": ["CR1"]}, "ebmt")


def test_large_cohorts_are_decided_by_pattern() -> None:
    many = pl.DataFrame(INFANTS, strict=False).drop("patient")
    data = pl.concat([many] * 5000)
    counted = dict(rm.stratify(data, "mll10").counts().rows())
    assert counted == {"low": 5000, "intermediate": 5000, "high": 5000, "not decided": 5000}


def test_patients_in_several_rows_are_told_with_all_that_is_wrong() -> None:
    twice = {"id": ["a", "b", "a"], "kmt2a": ["R", "perhaps", "G"], "age_days": [100, 100, 200]}
    text = problems_of(twice)
    assert "patients stand in more than one row: a in rows 1, 3" in text
    assert '"perhaps" is no declared code or level' in text
    named = {"id": ["a", "a"], "transplant_no": ["t1", "t2"], "kmt2a": ["R", "G"], "age_days": [100, 200]}
    assert rm.stratify(named, "mll10", id="transplant_no").rows()["group"].to_list() == ["high", "low"]
