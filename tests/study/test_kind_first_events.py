"""First events: every column adds up, sites are divided, day 0 counts, and what nobody told is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.cohort.column import Column, KnownLater, KnownOn
from remission.report.looks import look
from remission.report.section import Section
from remission.study.kind import Context
from remission.study.kinds.first_events import KIND
from remission.study.results import Analysis
from tests.study.kinds_by_hand import (
    BASELINE,
    bmt,
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

SITES = ("marrow", "CNS", "combined")
EVENTS = ("treatment failure", "relapse", "death", "second malignancy")
FIRST = ["treatment failure", "relapse", "relapse", "relapse", "death", None, None, None, "relapse", None]
TIME = [0.0, 100.0, 200.0, 300.0, 40.0, 1000.0, 2000.0, 400.0, 500.0, 1500.0]


def ten() -> Context:
    """Ten infants: one failure on day 0, four relapses (one of unknown site), one death, four event-free."""
    columns = [
        Column("site", "category", "Site of relapse", levels=SITES, known_at=KnownLater()),
        Column("risk", "category", "Risk", levels=("IR", "HR"), known_at=BASELINE),
        Column("cr", "yes/no", "Remission reached", known_at=KnownOn("cr_day")),
        Column("cr_day", "number", known_at=KnownLater(), is_time=True),
        Column("age", "number", known_at=BASELINE),
    ]
    data: dict[str, list[Any]] = {
        "site": [None, "marrow", "CNS", None, None, "marrow", None, None, "marrow", None],
        "risk": ["HR", "HR", "HR", "IR", "HR", "IR", "IR", None, "HR", "IR"],
        "cr": [False, True, True, True, False, True, True, True, True, True],
        "cr_day": [None, 33.0, 33.0, 33.0, None, 33.0, 33.0, 33.0, 33.0, 33.0],
        "age": [1.0] * 10,
    }
    efs = outcome_of(
        TIME, ["event" if name else None for name in FIRST], endpoint="efs", label="EFS", causes=("event",)
    )
    definition = (
        "Time to an event. Patients whose treatment failed have the event on day 0 (rule time0). End."
    )
    efs = replace(efs, component=np.array(FIRST, dtype=object), components=EVENTS, definition=definition)
    survival = outcome_of(TIME, ["death" if name == "death" else None for name in FIRST])
    return context_of(cohort_of(data, columns), efs, survival)


def cell(analysis: Analysis, event: str, measure: str = "count", **where: object) -> float:
    rows = output(analysis, "first_events").rows
    return float(
        value(rows, "estimate", term=event, measure=measure, **{"level": None, "group": None, **where})
    )


def test_counts_and_percentages_are_of_all_patients() -> None:
    analysis = run(KIND, ten(), endpoint="efs")
    assert [cell(analysis, event) for event in EVENTS] == [1, 4, 1, 0]
    assert cell(analysis, "event-free") == 4
    assert cell(analysis, "relapse", "percent") == pytest.approx(40.0)
    facts: Any = output(analysis, "first_events").facts
    assert facts["followed"][""] == pytest.approx(
        {"median": 1250 / 365.25, "min": 400 / 365.25, "max": 2000 / 365.25}
    )


def test_relapse_by_site_adds_up_and_unknown_sites_have_a_row() -> None:
    analysis = run(KIND, ten(), endpoint="efs", split={"relapse": "site"})
    sites = [cell(analysis, "relapse", level=site) for site in (*SITES, "not known")]
    assert sites == [2, 1, 0, 1]
    beside = finding(analysis, "split_without_event")
    assert (beside.facts["n"], beside.facts["label"]) == (1, "Site of relapse")


def test_events_on_day_0_are_told_with_their_rule() -> None:
    told = finding(run(KIND, ten(), endpoint="efs"), "first_events_on_day_0").facts
    assert told["n"] == 1
    assert told["events"] == ({"event": "treatment failure", "n": 1},)
    assert told["rule"] == "Patients whose treatment failed have the event on day 0 (rule time0)."


def test_by_group() -> None:
    analysis = run(KIND, ten(), endpoint="efs", by="risk", split={"death": "cr"})
    assert output(analysis, "first_events").facts["sizes"] == {"IR": 4, "HR": 5}
    assert cell(analysis, "relapse", group="HR") == 3
    assert cell(analysis, "relapse", "percent", group="HR") == pytest.approx(60.0)
    assert cell(analysis, "death", group="HR", level="no") == 1
    assert "split_without_event" not in named(analysis)  # a yes/no is known of everybody
    assert cell(analysis, "event-free", group="IR") == 3
    assert finding(analysis, "group_unknown").facts["n"] == 1


def test_groups_known_later_are_withheld_and_the_rest_is_shown() -> None:
    analysis = run(KIND, ten(), endpoint="efs", by="cr")
    assert finding(analysis, "guard_withheld").facts["column"] == "cr"
    assert output(analysis, "first_events").facts["sizes"] == {}
    withheld = run(KIND, ten(), endpoint="efs", where="cr")
    assert (withheld.outputs, named(withheld)) == ((), {"guard_withheld"})


def test_events_that_nobody_told_have_a_row_and_a_warning() -> None:
    context = ten()
    efs = context.outcomes["efs"]
    component = efs.component.copy()  # type: ignore[union-attr]
    component[1] = None
    context = context_of(context.cohort, replace(efs, component=component))
    analysis = run(KIND, context, endpoint="efs")
    assert cell(analysis, "event, not told which") == 1
    told = finding(analysis, "first_event_not_told")
    assert (told.severity, told.facts["n"], told.facts["events"]) == ("warning", 1, 6)


def test_nobody() -> None:
    analysis = run(KIND, ten(), endpoint="efs", where="risk = 'HR' and risk = 'IR'")
    assert "nobody_to_analyse" in named(analysis)
    assert value(output(analysis, "first_events").rows, "estimate", term="relapse", measure="percent") is None


def test_every_problem_at_once() -> None:
    told = problems(
        KIND,
        ten(),
        endpoint=["efs", "os", "pfs"],
        by="age",
        split={"relaps": "site", "relapse": "age", "death": "no_such"},
        labels={"deaths": "Death"},
        where="x = 1",
    )
    for words in (
        'there is no endpoint "pfs"',
        '"os" is death alone',
        '"age" is a column of numbers: it makes no groups',
        'no endpoint named here has an event "relaps"',
        'Did you mean "relapse"?',
        '"age" is neither a category nor a yes/no',
        '"age" divides both the patients and an event',
        'there is no column "no_such"',
        'no endpoint named here has an event "deaths"',
        'there is no declared column "x"',
    ):
        assert any(words in each for each in told), words
    assert any("split.relaps" in each for each in told)


def test_an_endpoint_that_says_nothing_of_its_events_is_a_problem() -> None:
    context = ten()
    silent = replace(context.outcomes["efs"], component=np.array([None] * 10, dtype=object))
    (told,) = problems(KIND, context_of(context.cohort, silent), endpoint="efs")
    assert "of nobody what it was" in told
    assert "treatment_failure, relapse, death, second_malignancy" in told


def test_real_transplants_against_simple_counts(shared_data: Path) -> None:
    """Competing events of 137 transplants: 42 relapses, 41 deaths without, 54 event-free (counted in R)."""
    analysis = run(KIND, bmt(shared_data), endpoint=["relapse"], by="group", labels={"relapse": "Relapse"})
    assert [cell(analysis, each) for each in ("relapse", "death without relapse", "event-free")] == [
        42,
        41,
        54,
    ]
    file = pl.read_csv(shared_data / "transplant" / "bmt.csv")
    for group in ("ALL", "AML low risk", "AML high risk"):
        mine = file.filter(pl.col("disease_group") == group)
        assert cell(analysis, "relapse", group=group) == mine["relapse"].sum()
        assert cell(analysis, "event-free", group=group) == (mine["relapse_or_death"] == 0).sum()


def test_the_table_of_the_report_adds_up() -> None:
    analysis = run(
        KIND,
        ten(),
        endpoint="efs",
        by="risk",
        split={"relapse": "site"},
        labels={"death": "Death in remission"},
    )
    (table,) = look(Section(analysis, analysis.outputs, "efs"))
    cells = [row.cells for row in table.rows]  # type: ignore[union-attr]
    assert cells[0] == ("Treatment failure", "1 (10.0)", "0 (0.0)", "1 (20.0)")
    assert ("Site of relapse not known", "1 (10.0)", "1 (25.0)", "0 (0.0)") in cells
    assert cells[-2:] == [
        ("Event-free at last contact", "4 (40.0)", "3 (75.0)", "0 (0.0)"),
        ("All patients", "10 (100)", "4 (100)", "5 (100)"),
    ]
    assert table.header[0][1].text == "All patients (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}10)"  # type: ignore[union-attr]
    assert "Death in remission" in [row[0] for row in cells]


PATIENT = st.tuples(
    st.sampled_from([None, *EVENTS, "?"]),
    st.integers(0, 50),
    st.sampled_from([*SITES, None]),
    st.sampled_from(["IR", "HR", None]),
)


@given(st.lists(PATIENT, min_size=1, max_size=30))
def test_every_column_adds_up_to_its_patients(
    patients: list[tuple[str | None, int, str | None, str | None]],
) -> None:
    first, time, site, risk = (list(each) for each in zip(*patients, strict=True))
    columns = [
        Column("site", "category", levels=SITES, known_at=KnownLater()),
        Column("risk", "category", levels=("IR", "HR"), known_at=BASELINE),
    ]
    happened = ["event" if name else None for name in first]
    efs = outcome_of([float(day) for day in time], happened, endpoint="efs", causes=("event",))
    component = np.array([None if name == "?" else name for name in first], dtype=object)
    efs = replace(efs, component=component, components=EVENTS)
    context = context_of(cohort_of({"site": site, "risk": risk}, columns), efs)
    options = KIND.options(endpoint="efs", by="risk", split={"relapse": "site"})
    for table in outputs(KIND.run(context, options, "it"), "first_events"):  # unchecked: all may be untold
        counts = table.rows.filter(pl.col("measure") == "count")
        whole = counts.filter(pl.col("level").is_null())
        for group, size in [(None, len(patients)), *table.facts["sizes"].items()]:  # type: ignore[union-attr]
            mine = whole.filter(pl.col("group").eq_missing(pl.lit(group, dtype=pl.String)))
            assert mine["estimate"].sum() == size
            parts = counts.filter(
                pl.col("level").is_not_null() & pl.col("group").eq_missing(pl.lit(group, dtype=pl.String))
            )
            assert parts["estimate"].sum() == value(mine, "estimate", term="relapse")
