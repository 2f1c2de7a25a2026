"""Classes: intervals against cut-offs, medians and tertiles with censoring, scores."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.core.problems import InputError, StudyProblems
from remission.response.classes import classify_lc50
from remission.response.cutoffs import DrugCutoff, cutoffs
from remission.response.scores import drug_score, pva_score

Told = tuple[str, float | None, float | None, float | None, str]
CUT = DrugCutoff(unit="µg/mL", sensitive="<= 0.1", resistant=">= 150")


def rows(told: list[Told], drug: str = "prednisolone", unit: str = "µg/mL") -> pl.DataFrame:
    schema = {
        "patient": pl.String,
        "lc50": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "censoring": pl.String,
    }
    frame = pl.DataFrame(told, schema=schema, orient="row")
    return frame.with_columns(drug=pl.lit(drug), unit=pl.lit(unit))


def test_every_way_an_interval_can_lie() -> None:
    made = classify_lc50(
        rows(
            [
                ("in sensitive", 0.05, 0.02, 0.09, "bracketed"),
                ("at the cut", 0.1, 0.06, 0.4, "bracketed"),
                ("astride", 0.3, 0.06, 0.5, "bracketed"),
                ("below", None, 0.0, 0.06, "left"),
                ("below the cut itself", None, 0.0, 0.1, "left"),
                ("below more", None, 0.0, 0.5, "left"),
                ("above all", None, 250.0, None, "right"),
                ("above the cut itself", None, 150.0, None, "right"),
                ("above some", None, 50.0, None, "right"),
                ("failed", None, None, None, "failed"),
            ]
        ),
        "dcog",
        confirm=True,
    ).frame
    assert made["class"].to_list() == [
        "sensitive",
        "sensitive",
        "intermediate",
        "sensitive",
        "sensitive",
        None,
        "resistant",
        "resistant",
        None,
        None,
    ]
    possible = dict(made.select("patient", "possible").rows())
    assert possible["below more"] == "sensitive, intermediate"
    assert possible["above some"] == "intermediate, resistant"
    assert possible["failed"] == ""
    interval = dict(made.select("patient", "interval_class").rows())
    assert interval["in sensitive"] == "sensitive"
    assert interval["astride"] is None


def test_strictly_by_interval_what_lies_astride_has_no_class() -> None:
    told = rows([("a", 0.3, 0.06, 0.5, "bracketed"), ("b", 1.0, 0.5, 2.0, "bracketed")])
    made = classify_lc50(told, "dcog", confirm=True, decide="interval").frame
    assert made["class"].to_list() == [None, "intermediate"]
    assert made["possible"].to_list() == ["sensitive, intermediate", "intermediate"]


@given(st.floats(0.001, 1000), st.floats(1.0001, 100), st.floats(0, 1))
def test_the_class_of_any_value_inside_is_possible(low: float, ratio: float, share: float) -> None:
    high = low * ratio
    value = min(max(low * ratio**share, low), high)
    assert CUT.of(value) in CUT.possible(low, high)


def test_examples_must_be_confirmed_and_units_agree() -> None:
    told = rows([("a", 1.0, 0.5, 2.0, "bracketed")])
    with pytest.raises(InputError, match="Compare them with their source"):
        classify_lc50(told, "dcog")
    with pytest.raises(InputError, match="prednisolone is in µM, the cut-off in µg/mL"):
        classify_lc50(rows([("a", 1.0, 0.5, 2.0, "bracketed")], unit="µM"), "dcog", confirm=True)
    with pytest.raises(InputError, match="no cut-off for cytarabine"):
        classify_lc50(rows([("a", 1.0, 0.5, 2.0, "bracketed")], drug="cytarabine"), "dcog", confirm=True)


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    text = 'name="own"\ntitle="Own"\nversion="2"\n'
    text += '[drug.cytarabine]\nunit="ug/ml"\nsensitive="<1"\nresistant=">= 1"\n'
    file.write_text(text, encoding="utf-8")
    made = classify_lc50(rows([("a", 1.0, 0.5, 2.0, "bracketed")], drug="Cytarabine"), str(file)).frame
    assert made["class"].to_list() == ["resistant"]
    assert made["method"][0] == "cut-offs own, version 2, by value"
    file.write_text(text.replace("<1", "<=1").replace("own.", "x."), encoding="utf-8")
    with pytest.raises(StudyProblems, match="one side must hold it"):
        cutoffs(str(file))
    file.write_text("name=", encoding="utf-8")
    with pytest.raises(StudyProblems, match="cannot be read as TOML"):
        cutoffs(str(file))
    file.write_text(f"{text}unsure = true\n", encoding="utf-8")
    with pytest.raises(StudyProblems, match=r"drug\.cytarabine\.unsure: this key is not known"):
        cutoffs(str(file))
    with pytest.raises(InputError, match="Did you mean"):
        cutoffs("dcogs")


def test_the_median_with_censored_values() -> None:
    told = [
        ("a", None, 0.0, 0.1, "left"),
        ("b", 0.5, 0.1, 1.0, "bracketed"),
        ("c", 2.0, 1.0, 4.0, "bracketed"),
    ]
    told += [("d", None, 4.0, None, "right")]
    made = classify_lc50(rows(told), "median").frame
    assert made["class"].to_list() == ["sensitive", "sensitive", "resistant", "resistant"]
    assert made["sensitive"][0] == "<= 0.5"
    assert classify_lc50(rows(told), "tertiles").frame["class"].to_list() == [
        "sensitive",
        "sensitive",
        "intermediate",
        "resistant",
    ]


def test_a_median_that_censoring_leaves_open_classes_only_who_is_on_one_side() -> None:
    told = [("a", 0.5, 0.1, 1.0, "bracketed"), *[(name, None, 4.0, None, "right") for name in "bcd"]]
    made = classify_lc50(rows(told), "median")
    assert made.frame["class"].to_list() == ["sensitive", None, None, None]
    assert "cut open" in made.notes[0]
    assert made.counts().filter(pl.col("class") == "unknown")["n"].to_list() == [3]


def four(pred: Told, vcr: Told, asp: Told, dnr: Told) -> pl.DataFrame:
    return pl.concat(
        [
            rows([pred]),
            rows([vcr], "vincristine"),
            rows([asp], "asparaginase", "IU/mL"),
            rows([dnr], "daunorubicin"),
        ]
    )


def test_scores_take_what_is_possible() -> None:
    table = four(
        ("a", None, 250.0, None, "right"),
        ("a", 0.2, 0.1, 0.4, "bracketed"),
        ("a", None, 0.0, 0.5, "left"),
        ("a", None, None, None, "failed"),
    )
    classes = classify_lc50(table, "dcog", confirm=True)
    assert drug_score(classes).rows() == [("a", None, 6, 9, "asparaginase, daunorubicin")]
    pva = pva_score(classes).frame
    assert pva.select("id", "value", "lowest", "highest").rows() == [("a", None, 5, 7)]
    with pytest.raises(InputError, match="cytarabine"):
        drug_score(classes, ["cytarabine"])
