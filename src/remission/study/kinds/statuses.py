"""Patients who move between groups on the day something becomes known: Mantel-Byar, Simon-Makuch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.outcome import Outcome
from remission.core.ties import TOLERANCE
from remission.study.kind import Context
from remission.study.kinds.drawing import curve_outputs
from remission.study.kinds.grouping import grouping
from remission.study.kinds.guarded import Question, from_start
from remission.study.kinds.model_findings import begins_late, missing_of
from remission.study.kinds.risk_rows import RiskRows, risk_rows
from remission.study.kinds.testing import Comparison, compared, comparison_outputs
from remission.study.kinds.times import NamedTime
from remission.study.kinds.views import View, view
from remission.study.kinds.withheld import known_on
from remission.study.results import Fact, Output, Statement

MOVES, DELAYED = "time-dependent", "delayed entry"


@dataclass(frozen=True, slots=True, eq=False)
class Statuses:
    """Groups that patients enter when their value becomes known.

    Attributes
    ----------
    view : View
        Its outcome has one row per patient and group: from when he was in it (entry) until he left it.
    rows : RiskRows
        The same for models, with the groups and strata as columns.
    findings : tuple of Statement
    """

    view: View
    rows: RiskRows
    findings: tuple[Statement, ...]


def statuses(
    context: Context, analysis: str, question: Question, remedy: str, known_at: str
) -> Statuses | None:
    """Follow every patient through the groups of a column; None where nobody's group is ever known.

    Parameters
    ----------
    context : Context
    analysis : str
    question : Question
        Grouped by a column that the guard refuses; its conditions and strata are known at the start.
    remedy : str
        "time-dependent" or "delayed entry"; names the variant.
    known_at : str
        When the column was known, in the guard's words.
    """
    cohort, by = context.cohort, question.by or ""
    whole = from_start(context, analysis, replace(question, by=None))
    outcome = whole.views[0].outcome
    strata = [] if question.stratum is None else [question.stratum]
    every = risk_rows(cohort, outcome, strata, [by])
    rows = merged(every.only(every.known([by, *strata])), by)
    if not len(rows.patient):
        return None
    grouped, *within = (replace(grouping(cohort, name), values=rows.columns[name]) for name in (by, *strata))
    stratum = within[0] if within else None
    made = view(context, analysis, as_outcome(rows), grouped, stratum=stratum, variant=remedy)
    about: dict[str, Fact] = {"endpoint_label": outcome.label, "variant": remedy}
    term: dict[str, Fact] = {"label": grouped.label, "known_on": known_on(cohort, known_at)}
    findings = list(whole.findings)
    if begins_late(every, by):
        late: tuple[Fact, ...] = ({**term, "never": missing_of(every, [by])},)
        findings.append(Statement("counted_from_known", {**about, "terms": late}))
    elif missing_of(every, [by]):
        unknown: dict[str, Fact] = {"column": by, "label": grouped.label, "n": missing_of(every, [by])}
        unknown |= {"total": every.patients(), "by_conditions": grouped.by_conditions}
        findings.append(Statement("group_unknown", unknown))
    return Statuses(made, rows, tuple(findings))


def merged(rows: RiskRows, by: str) -> RiskRows:
    """Join rows of a patient that follow each other in one group."""
    if rows.entry is None or not len(rows.patient):
        return rows
    same = (rows.patient[1:] == rows.patient[:-1]) & (rows.columns[by][1:] == rows.columns[by][:-1])
    joined = same & (rows.entry[1:] == rows.time[:-1])
    first = np.concatenate([[True], ~joined])
    last = np.concatenate([~joined, [True]])
    kept = rows.only(last)
    return replace(kept, entry=rows.entry[first])


def as_outcome(rows: RiskRows) -> Outcome:
    """Rows of patients as an outcome of their own."""
    outcome = rows.outcome
    return replace(
        outcome,
        rows=outcome.rows[rows.patient],
        time=rows.time,
        event=rows.event,
        entry=rows.entry,
        offset=outcome.offset[rows.patient],
        component=None,
    )


def status_tests(found: Statuses, *, rho: float, adjust: str, pairs: bool) -> Comparison | None:
    """Compare groups that patients move between: the log-rank test of who is at risk in which group then."""
    tests = compared(found.view, rho=rho, adjust=adjust, pairs=pairs)  # type: ignore[arg-type]
    if tests is None or found.view.variant != MOVES:
        return tests
    main = replace(tests.main, name=tests.main.name.replace("log-rank", "Mantel-Byar"))
    return replace(tests, main=main)


def status_outputs(
    found: Statuses,
    tests: Comparison | None,
    at: Sequence[NamedTime],
    start: NamedTime | None,
    until: float | None,
) -> list[Output]:
    """Curves by current group (of survival only), and the test.

    `start` begins the curves later, with those still at risk, where the first patients of a group are few.
    """
    shown: dict[str, Fact] = {} if tests is None else {"p_text_test": tests.main.name, "p": tests.p}
    outputs: list[Output] = []
    if found.view.outcome.measure == "survival":
        drawn = found.view if start is None else begun(found.view, start.days)
        method = "Simon-Makuch" if found.view.variant == MOVES else "delayed entry"
        more: dict[str, Fact] = {"method": method, "start": None if start is None else start.text}
        if len(drawn.outcome.rows):
            later = [time for time in at if time.days > drawn.start]
            made = curve_outputs(drawn, later, until=until, shown=shown)
            outputs += [
                replace(each, facts={**each.facts, **more}) for each in made if each.name != "medians"
            ]
    tested = [] if tests is None else comparison_outputs(found.view, tests)
    return [*outputs, *(replace(each, rows=_of_patients(found, each.rows)) for each in tested)]


def _of_patients(found: Statuses, rows: pl.DataFrame) -> pl.DataFrame:
    """All patients of a test once, though they may be in several groups."""
    everybody = pl.col("group").is_null() & pl.col("at_risk").is_not_null()
    once = pl.when(everybody).then(float(found.rows.patients())).otherwise(pl.col("at_risk"))
    return rows.with_columns(once.alias("at_risk"))


def begun(whole: View, start: float) -> View:
    """The view from a later start on, those still at risk."""
    outcome, grouped = whole.outcome, whole.grouping
    there: NDArray[np.bool_] = np.asarray(outcome.time > start * (1 + TOLERANCE), dtype=bool)
    kept = outcome.only(there)
    entry = np.full(len(kept.time), start) if kept.entry is None else np.maximum(kept.entry, start)
    return view(
        whole.context,
        whole.analysis,
        replace(kept, entry=entry),
        None if grouped is None else grouped.of(there),
        variant=whole.variant,
    )
