"""The screen: each variable alone, all reported, adjusted for their number, refusals listed."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from remission.cohort.column import Column, KnownOn
from remission.core.adjust import adjusted
from remission.core.clock import Clock
from remission.study.kind import Context
from remission.study.kinds import compare
from remission.study.kinds.screen import KIND
from tests.study.kinds_by_hand import (
    BASELINE,
    cohort_of,
    context_of,
    finding,
    named,
    outcome_of,
    output,
    outputs,
    problems,
    run,
    value,
)

RELAPSE = ("relapse", "death without relapse")


def made(size: int = 80) -> Context:
    rng = np.random.default_rng(3)
    levels = ("low", "middle", "high")
    risk = rng.choice(levels, size)
    time = np.ceil(rng.exponential(np.select([risk == "low", risk == "middle"], [1500, 700], 300)))
    died = rng.random(size) < 0.8
    columns = [
        Column("risk", "category", "Risk", levels=levels, ordered=True, known_at=BASELINE),
        Column("sex", "yes/no", "Male", known_at=BASELINE),
        Column("site", "category", "Centre", levels=("1", "2", "3"), known_at=BASELINE),
        Column("one", "category", "The same", levels=("x", "y"), known_at=BASELINE),
        Column("age", "number", "Age", known_at=BASELINE),
        Column("day", "number", "Day", known_at=BASELINE, is_time=True),
        Column("gvhd", "yes/no", "Acute GVHD", known_at=KnownOn("day")),
        Column("open", "yes/no", "Undeclared"),
    ]
    data = {
        "risk": risk.tolist(),
        "sex": (rng.random(size) < 0.5).tolist(),
        "site": rng.choice(["1", "2", "3"], size).tolist(),
        "one": ["x"] * size,
        "age": rng.uniform(1, 70, size).tolist(),
        "day": [50.0] * size,
        "gvhd": (rng.random(size) < 0.5).tolist(),
        "open": [True] * size,
    }
    cause = rng.choice(RELAPSE, size)
    return context_of(
        cohort_of(data, columns, clock=Clock("years")),
        outcome_of(time, ["death" if event else None for event in died]),
        outcome_of(
            time,
            [each if event else None for each, event in zip(cause, died, strict=True)],
            endpoint="relapse",
            label="Relapse",
            causes=RELAPSE,
        ),
    )


def test_each_variable_as_if_compared_alone() -> None:
    context = made()
    screen = output(run(KIND, context, endpoint="os", columns=["sex", "site"], at="1 year"), "screen").rows
    for name in ("sex", "site"):
        alone = run(compare.KIND, context, endpoint="os", by=name, at="1 year")
        test = output(alone, "test").rows
        assert value(screen, "p", term=name, level=None) == value(test, "p", measure="log-rank", group=None)
        levels = screen.filter((pl.col("term") == name) & pl.col("level").is_not_null())
        estimates = output(alone, "estimates").rows
        assert levels["level"].to_list() == estimates["group"].to_list()
        for column in ("estimate", "low", "high", "std_error", "time"):
            assert levels[column].to_list() == estimates[column].to_list()
        sizes = output(alone, "medians").rows
        assert levels["at_risk"].to_list() == sizes["at_risk"].to_list()
        assert levels["events"].to_list() == sizes["events"].to_list()


def test_all_are_reported_and_adjusted() -> None:
    analysis = run(KIND, made(), endpoint="os")
    rows = output(analysis, "screen").rows
    tests = rows.filter(pl.col("level").is_null())
    assert tests["term"].to_list() == ["risk", "sex", "site", "one"]
    assert tests["measure"].to_list() == ["log-rank trend", "log-rank", "log-rank", "test"]
    holm = adjusted(tests["p"].to_list(), "holm")
    assert tests["p_adjusted"].to_list()[:3] == holm.tolist()[:3]
    assert tests["p_adjusted"][3] is None
    told = finding(analysis, "screen_multiplicity").facts
    assert (told["variables"], told["adjust"]) == (3, "holm")
    assert told["significant"] == (tests["p"].drop_nulls() < 0.05).sum()
    assert told["significant_adjusted"] <= told["significant"]
    facts = output(analysis, "screen").facts
    assert facts["at"] == "5 years"
    assert facts["variables"][0] == {"name": "risk", "label": "Risk"}
    assert finding(analysis, "fewer_than_two_groups").facts["by_label"] == "The same"
    assert finding(analysis, "numbers_not_screened").facts["variables"] == ("Age", "Day")


@pytest.mark.parametrize("adjust", ["bh", "bonferroni", "none"])
def test_other_adjustments(adjust: str) -> None:
    rows = output(
        run(KIND, made(), endpoint="os", columns=["sex", "site", "risk"], adjust=adjust), "screen"
    ).rows
    tests = rows.filter(pl.col("level").is_null())
    assert tests["p_adjusted"].to_list() == adjusted(tests["p"].to_list(), adjust).tolist()  # type: ignore[arg-type]


def test_without_trend() -> None:
    rows = output(run(KIND, made(), endpoint="os", columns="risk", trend=False), "screen").rows
    assert value(rows, "measure", term="risk", level=None) == "log-rank"
    assert value(rows, "df", term="risk", level=None) == 2


def test_incidence_is_compared_by_gray() -> None:
    rows = output(run(KIND, made(), endpoint="relapse", columns=["risk", "sex"]), "screen").rows
    assert set(rows.filter(pl.col("level").is_null())["measure"]) == {"Gray"}
    assert set(rows.filter(pl.col("level").is_not_null())["measure"]) == {"incidence"}


def test_several_endpoints() -> None:
    analysis = run(KIND, made(), endpoint=["os", "relapse"], columns=["sex", "site"])
    assert [each.facts["endpoint"] for each in outputs(analysis, "screen")] == ["os", "relapse"]


def test_guarded_variables_are_listed_as_withheld() -> None:
    analysis = run(KIND, made(), endpoint="os", columns=["sex", "gvhd"])
    assert finding(analysis, "guard_withheld").facts["column"] == "gvhd"
    assert set(output(analysis, "screen").rows["term"]) == {"sex"}
    assert run(KIND, made(), endpoint="os", columns="gvhd").outputs == ()


def test_numbers_need_declared_cut_points() -> None:
    (told,) = problems(KIND, made(), endpoint="os", columns=["age"])
    assert (
        '"age" is a column of numbers: it makes no groups. Cut it under [derived], with your own limits'
        in told
    )


def test_every_problem_at_once() -> None:
    told = "\n".join(
        problems(KIND, made(), endpoint="osx", columns=["open", "sexe"], at="1 yr", where="sexe")
    )
    for words in (
        '"osx"',
        'nobody said when "open"',
        'no column "sexe"',
        '"1 yr"',
        'no declared column "sexe"',
    ):
        assert words in told
    context = context_of(cohort_of({"x": [1.0]}, [Column("x", "number")]), outcome_of([1.0], [None]))
    (told,) = problems(KIND, context, endpoint="os")
    assert "nothing to screen" in told


def test_one_variable_has_no_multiplicity() -> None:
    assert "screen_multiplicity" not in named(run(KIND, made(), endpoint="os", columns="sex"))


def test_a_column_that_holds_nothing_is_not_called_texts() -> None:
    columns = [Column("empty", "text", known_at=BASELINE), Column("note", "text", known_at=BASELINE)]
    data = {"empty": [None] * 3, "note": ["x", None, "y"]}
    context = context_of(cohort_of(data, columns), outcome_of([1, 2, 3], ["death", None, "death"]))
    told = "\n".join(problems(compare.KIND, context, endpoint="os", by=["empty", "note"]))
    assert '"empty" holds nothing: its value is not known of any patient' in told
    assert '"empty" is a column of texts' not in told
    assert '"note" is a column of texts' in told
