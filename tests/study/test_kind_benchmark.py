"""`kind = "benchmark"`: the cohort beside published results, differences, and caveats."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from remission.cohort.column import Column, KnownLater
from remission.core.clock import Clock
from remission.estimate.survival import kaplan_meier
from remission.report.compose import build
from remission.report.sentences import say
from remission.study.kind import Context
from remission.study.kinds.benchmark import KIND
from remission.study.results import Analysis, EndpointSummary, Provenance, Results
from tests.study.kinds_by_hand import (
    BASELINE,
    cohort_of,
    context_of,
    finding,
    named,
    outcome_of,
    output,
    problems,
    run,
    value,
)

YEAR = 365.25
PUBLISHED = {
    "trial": "Ours",
    "population": "all",
    "n": 75,
    "endpoint": "efs",
    "time": "3 years",
    "estimate": 66.2,
    "standard_error": 5.6,
    "source": "A journal",
    "time_zero": "diagnosis",
}


def infants() -> Context:
    """Eighty patients followed for up to eight years, in two groups."""
    rng = np.random.default_rng(5)
    time = np.ceil(rng.exponential(5 * YEAR, 80))
    event = [None if day > 6 * YEAR else "relapse or death" for day in time]
    time = np.minimum(time, 6 * YEAR)
    columns = [Column("risk", "category", "Risk", levels=("low", "high"), ordered=True, known_at=BASELINE)]
    cohort = cohort_of({"risk": ["low", "high", "high", "high"] * 20}, columns, clock=Clock("years"))
    efs = outcome_of(
        time.tolist(), event, endpoint="efs", label="Event-free survival", causes=("relapse or death",)
    )
    return context_of(cohort, replace(efs, time_zero="diagnosis"))


def benchmark(**options: Any) -> Analysis:
    return run(KIND, infants(), endpoint="efs", **options)


def test_the_cohort_is_read_at_the_time_of_the_published_result() -> None:
    context = infants()
    rows = output(benchmark(results=[PUBLISHED], by="risk"), "benchmark").rows
    curves = kaplan_meier(context.outcomes["efs"].table())
    expected = curves.at([3 * YEAR]).row(0, named=True)
    ours = rows.filter((rows["state"] == "cohort") & rows["group"].is_null()).row(0, named=True)
    for name in ("estimate", "std_error", "low", "high"):
        assert ours[name] == pytest.approx(expected[name], rel=1e-12)
    assert (ours["at_risk"], ours["time"], ours["level"]) == (80, 3.0, "3 years")
    groups = rows.filter((rows["state"] == "cohort") & rows["group"].is_not_null())
    assert groups["group"].to_list() == ["low", "high"]
    assert groups["at_risk"].to_list() == [20, 60]


def test_published_numbers_are_shown_as_they_were_published() -> None:
    done = benchmark(results=[PUBLISHED, {**PUBLISHED, "time": "4 years", "low": 54.0, "high": 75.9}])
    rows = output(done, "benchmark").rows
    theirs = rows.filter(rows["state"] == "published").to_dicts()
    assert [(row["estimate"], row["std_error"], row["at_risk"]) for row in theirs] == [(0.662, 0.056, 75)] * 2
    assert [row["scale"] for row in theirs] == ["log-log", "as published"]
    assert (round(theirs[0]["low"], 3), round(theirs[0]["high"], 3)) == (0.540, 0.759)
    assert (theirs[1]["low"], theirs[1]["high"]) == (0.54, 0.759)


def test_trials_of_the_program_are_found_by_the_label_of_the_endpoint() -> None:
    rows = output(benchmark(published=["mll10", "mll03", "interfant06/germline"]), "benchmark").rows
    theirs = rows.filter(rows["state"] == "published")
    assert theirs["time"].to_list() == [3.0] * 4 + [4.0, 6.0]
    assert set(theirs["term"]) == {"MLL-10", "MLL03", "Interfant-06"}


def test_other_times_are_not_compared() -> None:
    done = benchmark(published=["mll10", "mll03"], at="4 years", difference=True)
    rows = output(done, "benchmark").rows
    assert set(rows["time"].to_list()) == {4.0}
    apart = output(done, "benchmark_difference").rows
    assert apart["term"].to_list() == ["MLL03"]


def test_no_difference_unless_asked_and_never_a_p_value() -> None:
    names = [each.name for each in benchmark(results=[PUBLISHED]).outputs]
    assert "benchmark_difference" not in names
    done = benchmark(results=[PUBLISHED], difference=True)
    assert all(each.rows["p"].null_count() == each.rows.height for each in done.outputs)


def test_a_group_is_set_against_its_namesake_only() -> None:
    done = benchmark(published=["mll10"], by="risk", difference=True)
    apart = output(done, "benchmark_difference").rows
    pairs = apart.filter(apart["group"].is_not_null())
    assert set(zip(pairs["group"], pairs["versus"], strict=True)) == {
        ("low", "low risk (KMT2A germline)"),
        ("high", "high risk"),
    }
    assert apart.filter(apart["group"].is_null()).height == 4


@pytest.mark.parametrize("on", ["plain", "log-log"])
def test_limits_of_the_difference(on: str) -> None:
    done = benchmark(results=[PUBLISHED], difference=True, difference_on=on)
    apart = output(done, "benchmark_difference").rows.row(0, named=True)
    rows = output(done, "benchmark").rows
    ours = rows.filter(rows["state"] == "cohort").row(0, named=True)
    theirs = rows.filter(rows["state"] == "published").row(0, named=True)
    p, q = ours["estimate"], theirs["estimate"]
    assert apart["estimate"] == pytest.approx(p - q)
    assert apart["std_error"] == pytest.approx(math.hypot(ours["std_error"], 0.056))
    if on == "plain":
        reach = 1.959963984540054 * math.hypot(ours["std_error"], 0.056)
        expected = (p - q - reach, p - q + reach)
    else:
        expected = (
            p - q - math.hypot(p - ours["low"], theirs["high"] - q),
            p - q + math.hypot(ours["high"] - p, q - theirs["low"]),
        )
    assert (apart["low"], apart["high"]) == pytest.approx(expected)


def test_caveats_are_always_said() -> None:
    done = benchmark(
        published=["mll10", "interfant06/high", "aall0631", "kato"], means={"efs": "overall-survival"}
    )
    assert "historical_controls" in named(done)
    said = {each.name: say(each) for each in done.findings}
    assert "no P value" in said["historical_controls"]
    assert "JSHCT registry from transplantation" in said["other_time_zero"]
    assert "until transplantation" in said["published_patients_selected"]
    remembered = benchmark(published=["interfant06/high"])
    assert "Interfant-06 (high risk)" in say(finding(remembered, "published_from_memory"))
    assert "published_from_memory" not in named(benchmark(published=["mll10"]))
    bare = benchmark(published=["mll96-98/rearranged"])
    assert "MLL96/MLL98" in say(finding(bare, "published_without_error"))
    mistyped = benchmark(results=[{**PUBLISHED, "standard_error": 0.56}])
    assert "published_error_too_small" in named(mistyped)


def test_the_same_time_zero_needs_no_warning() -> None:
    assert "other_time_zero" not in named(benchmark(results=[PUBLISHED]))


def test_no_difference_from_results_that_begin_elsewhere() -> None:
    later = {**PUBLISHED, "trial": "Later", "time_zero": "transplantation"}
    unsaid = {**PUBLISHED, "trial": "Unsaid", "time_zero": None}
    done = benchmark(results=[PUBLISHED, later, unsaid], difference=True)
    assert output(done, "benchmark_difference").rows["term"].to_list() == ["Ours", "Unsaid"]
    said = say(finding(done, "other_time_zero"))
    assert "No difference is given" in said
    assert "for Unsaid it is not known from when" in said


def test_groups_known_later_are_withheld() -> None:
    context = infants()
    late = replace(context.cohort.column("risk"), known_at=KnownLater())
    cohort = replace(context.cohort, columns={**context.cohort.columns, "risk": late})
    done = run(KIND, replace(context, cohort=cohort), endpoint="efs", published=["mll10"], by="risk")
    assert done.outputs == ()
    assert "guard_withheld" in named(done)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "no published result is named"),
        ({"published": ["mll11"]}, 'there is no published trial "mll11"'),
        ({"published": ["mll10/hih"]}, 'has no population "hih"'),
        ({"published": ["kato"]}, 'no published result is of "efs"'),
        ({"published": ["mll10"], "at": "7 years"}, 'no published result is of "efs"'),
        ({"published": ["mll10"], "means": {"os": "x"}}, "not an endpoint of this analysis"),
        ({"results": [{**PUBLISHED, "estimate": 0.5}]}, "looks like a share"),
    ],
)
def test_problems_are_told(options: dict[str, Any], words: str) -> None:
    told = problems(KIND, infants(), endpoint="efs", **options)
    assert any(words in text for text in told), told


def report(done: Analysis) -> Any:
    summary = EndpointSummary("efs", "Event-free survival", "by hand", 80, {"relapse or death": 50}, ())
    provenance = Provenance("a.csv", "0", 80, "s.toml", "0", {"remission": "0"}, 1, "2026-01-01T00:00:00Z")
    return build(Results("T", "", False, (), (summary,), (done,), provenance))


def test_table_figures_and_notes_say_what_is_derived() -> None:
    done = benchmark(published=["mll10/rearranged", "mll03", "interfant06/high"], difference=True)
    document = report(done)
    table = next(each for each in document.tables if each.caption.startswith("Beside published"))
    cells = {row.cells[0].split(",")[0]: row.cells for row in table.rows}
    held = "\N{NO-BREAK SPACE}"
    assert cells["MLL-10"][1:5] == ("75", "66.2", "5.6", f"54.0–75.9{held}a")
    assert cells["MLL03"][1:5] == ("62", "43.2", f"6.3{held}b", "30.7–55.1")
    assert cells["Interfant-06"][6] == "FROM MEMORY"
    assert any("FROM MEMORY" in note for note in table.notes)
    figures = [each for each in document.figures if "published results" in each.caption]
    assert len(figures) == 2
    for figure in figures:
        figure.draw()
        assert "66.2%" in figure.alt or "MLL-10" in figure.alt


def test_values_of_the_cohort_do_not_depend_on_what_stands_beside() -> None:
    alone = output(benchmark(results=[PUBLISHED]), "benchmark").rows
    both = output(benchmark(results=[PUBLISHED], published=["mll10", "mll03"]), "benchmark").rows
    first = value(alone, "estimate", state="cohort", level="3 years")
    assert first == value(both, "estimate", state="cohort", level="3 years")
