"""Drug response: what is known of each LC50, classes, scores, cross-resistance, and groups compared."""

from __future__ import annotations

import math

import polars as pl
import pytest

from remission.cohort.column import Column, KnownLater
from remission.report.looks import look
from remission.report.narrative import paragraphs
from remission.report.section import Section
from remission.study.kind import Context
from remission.study.kinds.drug_response import KIND
from remission.study.kinds.drug_response_options import drug_names
from remission.study.results import Analysis
from tests.study.kinds_by_hand import (
    BASELINE,
    cohort_of,
    context_of,
    finding,
    named,
    output,
    outputs,
    problems,
    run,
    value,
)
from tests.study.laboratory_by_hand import Said, with_laboratory

PREDNISOLONE: list[Said] = [
    0.5,
    "< 0.1",
    5.0,
    "> 100",
    "> 100",
    20.0,
    "failed",
    None,
    0.8,
    50.0,
    2.0,
    "< 0.1",
]
VINCRISTINE: list[Said] = [0.2, 0.4, 5.0, 12.0, 20.0, "> 5", 3.0, None, 0.9, 50.0, 2.0, 0.3]
ASPARAGINASE: list[Said] = [0.2, 0.4, 11.0, 12.0, 2.0, 4.0, 3.0, None, 0.9, 50.0, 2.0, "failed"]


def twelve(**drugs: list[Said]) -> Context:
    columns = [
        Column("subtype", "category", "Subtype", levels=("B", "T"), known_at=BASELINE),
        Column("age", "number", "Age", known_at=BASELINE),
        Column("relapsed", "yes/no", "Relapse", known_at=KnownLater()),
    ]
    data = {
        "subtype": ["B"] * 3 + ["T"] * 3 + ["B"] * 3 + ["T"] * 2 + [None],
        "age": [float(age) for age in range(12)],
        "relapsed": [True, False] * 6,
    }
    chosen = drugs or {
        "prednisolone": PREDNISOLONE,
        "vincristine": VINCRISTINE,
        "asparaginase": ASPARAGINASE,
    }
    return with_laboratory(context_of(cohort_of(data, columns)), chosen)


def cell(analysis: Analysis, measure: str, column: str = "estimate", **where: object) -> float | None:
    rows = output(analysis, "lc50").rows
    wanted = {"term": "prednisolone", "level": None, **where}
    return value(rows, column, measure=measure, **wanted)  # type: ignore[no-any-return]


def test_every_patient_is_counted_once() -> None:
    analysis = run(KIND, twelve())
    states = ("not tested", "failed", "bracketed", "left", "right")
    assert [cell(analysis, state) for state in states] == [1, 1, 6, 2, 2]
    assert cell(analysis, "patients") == 12
    levels = ("sensitive", "intermediate", "resistant", "unknown")
    assert [cell(analysis, "class", level=level) for level in levels] == [4, 2, 4, 0]
    assert cell(analysis, "class", level="unknown", term="vincristine") == 1
    assert finding(analysis, "lc50_without_class").facts["drugs"] == (
        {"drug": "prednisolone", "n": 0, "failed": 1},
        {"drug": "vincristine", "n": 1, "failed": 0},
        {"drug": "asparaginase", "n": 0, "failed": 1},
    )


def test_quartiles_are_order_statistics_and_bounds_where_censored() -> None:
    analysis = run(KIND, twelve())
    # ten passing curves: < 0.1, < 0.1, 0.5, 0.8, 2, 5, 20, 50, > 100, > 100; ranks 3, 5, 8
    assert [cell(analysis, name) for name in ("q1", "median", "q3")] == [0.5, 2.0, 50.0]
    most = run(KIND, twelve(prednisolone=["> 100"] * 7 + [1.0] * 3 + ["< 0.1", None]))
    assert cell(most, "median") is None
    assert (cell(most, "median", "low"), cell(most, "median", "high")) == (100.0, None)
    assert "lc50_beyond_doses" in named(most)
    least = run(KIND, twelve(prednisolone=["< 0.1"] * 7 + [1.0] * 3 + ["> 9", None]))
    assert (cell(least, "q1", "low"), cell(least, "q1", "high")) == (0.0, 0.1)


def test_bars_hold_every_known_patient_once_and_piles_the_rest() -> None:
    rows = output(run(KIND, twelve()), "lc50_distribution").rows.filter(pl_term("prednisolone"))
    bars = rows.filter(pl_measure("bar"))
    assert bars["estimate"].sum() == 6
    assert value(rows, "estimate", measure="below") == 2
    assert value(rows, "high", measure="below") == 0.1
    assert value(rows, "low", measure="above") == 100.0
    widths = [math.log(high / low) for low, high in bars.select("low", "high").rows()]
    assert widths == pytest.approx([widths[0]] * len(widths))


def pl_term(drug: str) -> pl.Expr:
    return pl.col("term") == drug


def pl_measure(name: str) -> pl.Expr:
    return pl.col("measure") == name


def test_scores_count_those_that_are_open() -> None:
    analysis = run(KIND, twelve())
    (scores,) = outputs(analysis, "drug_scores")
    assert scores.facts["scores"] == ("PVA score",)
    pva = scores.rows
    # the first scores 3 (all sensitive), the third 2 + 2 + 3; no. 6, 7 and 12 are open
    values = {row["level"]: row["estimate"] for row in pva.filter(pl_measure("value")).iter_rows(named=True)}
    assert values["3"] == 3
    assert values["7"] == 1
    assert values["open"] == 3
    assert sum(values.values()) == 11
    groups = {row["level"]: row["estimate"] for row in pva.filter(pl_measure("group")).iter_rows(named=True)}
    assert sum(groups.values()) == 11
    assert groups["resistant"] == 4  # nos. 3, 4, 5 and 10
    assert groups["open"] == 3
    assert run(KIND, twelve(), scores=[]).outputs[-1].name == "cross_resistance"
    assert finding(analysis, "drug_scores_open").facts["scores"] == (
        {"score": "PVA score", "n": 3, "total": 11},
    )


def test_synonyms_of_the_four_drugs_are_known() -> None:
    assert drug_names(["VCR", "l-asparaginase", "cytarabine"]) == {
        "vincristine": "VCR",
        "asparaginase": "l-asparaginase",
    }


def test_groups_are_compared_with_medians_of_each() -> None:
    analysis = run(KIND, twelve(), by="subtype")
    made = output(analysis, "lc50_by_group")
    rows = made.rows.filter(pl_term("prednisolone"))
    assert value(rows, "at_risk", measure="median", group="B") == 4
    assert value(rows, "low", measure="median", group="T") == 50.0
    test = value(rows, "p", measure="test")
    assert 0 < test < 0.2
    assert value(rows, "at_risk", measure="test") == 9
    assert made.facts["permutation"] is True
    assert {"group_unknown", "lc50_small_groups"} <= named(analysis)
    assert all(row["p_adjusted"] >= row["p"] for row in made.rows.filter(pl_measure("test")).to_dicts())


def test_groups_known_only_later_are_withheld() -> None:
    analysis = run(KIND, twelve(), by="relapsed")
    assert not outputs(analysis, "lc50_by_group")
    assert finding(analysis, "guard_withheld").facts["column"] == "relapsed"
    refused = run(KIND, twelve(), where="relapsed")
    assert refused.outputs == ()
    assert "guard_withheld" in named(refused)


def test_some_patients_and_some_drugs() -> None:
    analysis = run(KIND, twelve(), where="age >= 4", drugs=["vincristine"])
    assert cell(analysis, "patients", term="vincristine") == 8
    assert {"lc50", "lc50_distribution"} == {each.name for each in analysis.outputs}
    assert "only_some_patients" in named(analysis)
    nobody = run(KIND, twelve(), where="age >= 400")
    assert (nobody.outputs, "nobody_to_analyse" in named(nobody)) == ((), True)


def test_problems_are_told_together() -> None:
    assert problems(KIND, context_of(twelve().cohort))[0].startswith(
        "analysis[1]: there is no drug response of these patients"
    )
    told = problems(
        KIND, twelve(), drugs=["prednison", "vincristine", "vincristine"], by="sub", scores=["four drugs"]
    )
    assert len(told) == 4
    assert 'Did you mean "prednisolone"?' in told[0]
    assert "needs prednisolone, asparaginase, daunorubicin" in told[3]


def test_cut_at_the_median_is_said_to_be_relative() -> None:
    context = with_laboratory(twelve(), {"prednisolone": PREDNISOLONE}, by="median")
    analysis = run(KIND, context)
    said = finding(analysis, "lc50_cutoffs")
    assert (said.severity, said.facts["mark"]) == ("warning", "")
    assert output(analysis, "lc50").facts["method"] == "median"


def test_it_is_shown_with_bounds_as_bounds() -> None:
    analysis = run(KIND, twelve(), by="subtype")
    blocks = look(Section(analysis, analysis.outputs, "drug-response"))
    tables = {block.name: block for block in blocks if hasattr(block, "rows")}
    first = tables["lc50"].rows[0].cells
    assert first == ("Prednisolone (µg/mL)", "11", "1", "6", "2", "2", "2 (0.5; 50)", "–")
    group = tables["lc50-by-subtype"].rows[1].cells
    assert group[1].startswith("50 (20; > 100)")
    figures = [block for block in blocks if hasattr(block, "draw")]
    assert [figure.name for figure in figures] == ["lc50", "cross-resistance"]
    assert "prednisolone: 6 known, 2 below and 2 above" in figures[0].alt
    assert all(figure.draw() is not None for figure in figures)
    said = paragraphs(Section(analysis, analysis.outputs, "drug-response"))[0]
    assert said[0] == (
        "Prednisolone: of 10 patients with a passing curve the LC50 was known in 6, below the tested doses "
        "in 2 and above them in 2; 4 (40.0%) were resistant."
    )


def test_results_hold_no_patient() -> None:
    context = twelve()
    analysis = run(KIND, context, by="subtype")
    ids = set(context.cohort.ids())
    for each in analysis.outputs:
        for column in ("term", "versus", "group", "measure", "scale"):
            assert not set(each.rows[column].drop_nulls()) & ids
