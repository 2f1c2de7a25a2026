"""The naive, landmark and time-dependent answers to one question side by side, and why they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from remission.core.problems import InputError
from remission.estimate.testresult import TestResult
from remission.study.kinds.guarded import Answer
from remission.study.kinds.model_data import Asked
from remission.study.kinds.model_findings import unreliable
from remission.study.kinds.model_fit import Fitted, Recipe, fitted
from remission.study.kinds.model_methods import model_methods
from remission.study.kinds.model_output import model_output, named_rows, not_fitted
from remission.study.kinds.model_table import model_records
from remission.study.kinds.model_terms import ModelTerm
from remission.study.kinds.risk_rows import RiskRows
from remission.study.kinds.rows import Record, rows_from
from remission.study.kinds.statuses import MOVES
from remission.study.kinds.testing import CAUSE_SPECIFIC, Comparison
from remission.study.kinds.views import View
from remission.study.kinds.withheld import known_on
from remission.study.results import Fact, Output, Statement

DIFFERS = {"naive": "future", "landmark": "from_landmark", MOVES: "moves", "delayed entry": "from_known"}


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One answer to the question: its view, its test, and the rows of its model."""

    view: View
    tests: Comparison | None
    rows: RiskRows

    @property
    def analysis(self) -> str:
        """naive, landmark, time-dependent or delayed entry."""
        return self.view.variant

    @property
    def test(self) -> TestResult | None:
        """The test that belongs to the hazard ratio: of the cause-specific hazard where events compete."""
        if self.tests is None:
            return None
        every = (self.tests.main, *self.tests.beside)
        return next((test for test in every if test.name.startswith(CAUSE_SPECIFIC)), self.tests.main)

    @property
    def level(self) -> str:
        """The analysis in words of the table."""
        return f"landmark at {self.view.landmark}" if self.view.landmark is not None else self.analysis


@dataclass(frozen=True, slots=True, eq=False)
class SideBySide:
    """What the answers of one question together give to the report."""

    outputs: tuple[Output, ...]
    findings: tuple[Statement, ...]
    methods: tuple[Statement, ...]


def side_of(view: View, tests: Comparison | None) -> Side:
    """An answer whose patients stay in their groups."""
    outcome, grouped = view.outcome, view.grouping
    columns = {} if grouped is None else {grouped.column: grouped.values}
    if view.stratum is not None:
        columns[view.stratum.column] = view.stratum.values
    everyone = np.arange(len(outcome.rows))
    rows = RiskRows(outcome, everyone, outcome.entry, outcome.time, outcome.event, columns)
    return Side(view, tests, rows.only(rows.known(columns)))


def side_by_side(answer: Answer, sides: Sequence[Side]) -> SideBySide:
    """Put the answers in one table; those in which patients move between groups also give their model.

    Parameters
    ----------
    answer : Answer
        The guard's; it refused the groups from time zero.
    sides : sequence of Side
        In the order of the table.
    """
    outputs: list[Output] = []
    findings: list[Statement] = []
    methods: list[Statement] = []
    records: list[Record] = []
    listed: list[dict[str, Fact]] = []
    for side in sides:
        model, told = _model(side)
        ratios = [] if model is None else _ratio_records(model, side.view.context.confidence)
        records += _records(side, ratios)
        listed.append(_listed(side, ratios))
        if side.analysis in ("naive", "landmark"):
            continue
        findings += told
        if model is not None:
            output = model_output(model, _about(side), _asked(answer, side, model), side.analysis)
            outputs.append(named_rows(output, side.view.analysis, side.view.outcome.endpoint))
            findings += unreliable(model, output.rows, {**_about(side), "variant": side.analysis})
            methods += model_methods(model, stratum=_stratum_label(side))
    if len(sides) > 1:
        outputs.append(_table(answer, sides[0], records, listed))
        findings.append(_compared(answer, sides[0], listed))
    return SideBySide(tuple(outputs), tuple(findings), tuple(methods))


def _model(side: Side) -> tuple[Fitted | None, list[Statement]]:
    grouped = side.view.grouping
    if grouped is None or len(side.view.groups) < 2:
        return None, []
    term = ModelTerm(grouped.column, grouped.label, "category", (grouped.column,), grouped.levels)
    stratum = None if side.view.stratum is None else side.view.stratum.column
    context = side.view.context
    recipe = Recipe("cox", side.view.outcome.cause, stratum=stratum, confidence=context.confidence)
    try:
        return fitted(side.rows, [term], recipe), []
    except InputError as error:
        about: dict[str, Fact] = {"endpoint_label": side.view.outcome.label, "variant": side.analysis}
        return None, [not_fitted(about, error, [term], grouped.label)]


def _ratio_records(model: Fitted, confidence: float) -> list[Record]:
    """Rows of the levels but the reference."""
    reference = model.terms[0].levels[0]
    rows = model_records(model, confidence)
    return [row for row in rows if row.get("level") not in (None, reference)]


def _records(side: Side, ratios: Sequence[Record]) -> list[Record]:
    used = side.test
    test = {} if used is None or not used.computable else _figures(used)
    same = {"level": side.level, "at_risk": side.rows.patients(), "events": _events(side), **test}
    if not ratios:
        return [{**same, "measure": "hazard ratio"}]
    names = ("measure", "scale", "estimate", "std_error", "low", "high", "confidence", "cause")
    reference = side.view.groups[0]
    return [
        {**same, "group": row["level"], "versus": reference, **{name: row.get(name) for name in names}}
        for row in ratios
    ]


def _listed(side: Side, ratios: Sequence[Record]) -> dict[str, Fact]:
    """One analysis in facts, with the ratio of its first group."""
    first = ratios[0] if ratios else {}
    used = side.test
    return {
        "level": side.level,
        "analysis": side.analysis,
        "landmark": None if side.view.landmark is None else str(side.view.landmark),
        "n": side.rows.patients(),
        "events": _events(side),
        "test": None if used is None else used.name,
        "p": used.p if used is not None and used.computable else None,
        "differs": DIFFERS[side.analysis],
        "group": first.get("level"),
        "versus": side.view.groups[0] if first else None,
        **{name: _number(first.get(name)) for name in ("estimate", "low", "high")},
    }


def _events(side: Side) -> int:
    return side.rows.events(side.view.outcome.cause)


def _figures(test: TestResult) -> Record:
    return {"statistic": test.statistic, "df": test.df, "p": test.p}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and np.isfinite(value) else None


def _stratum_label(side: Side) -> str | None:
    return None if side.view.stratum is None else side.view.stratum.label


def _about(side: Side) -> dict[str, Fact]:
    """Facts of the model of one answer."""
    facts = side.view.facts()
    kept = ("endpoint", "endpoint_label", "cause", "unit", "time_zero", "by", "by_label", "landmark")
    return {
        **{name: facts[name] for name in kept},
        "confidence": side.view.context.confidence,
        "method": "cox",
        "eligible": side.rows.patients(),
        "stratum_label": _stratum_label(side),
        "cluster_label": None,
    }


def _asked(answer: Answer, side: Side, model: Fitted) -> Asked:
    grouped = side.view.grouping
    moving = {} if grouped is None else {grouped.column: _dates(answer, side)[0]}
    return Asked(side.view.outcome, None, side.rows, model.terms, moving)


def _dates(answer: Answer, side: Side) -> tuple[str | None, ...]:
    """Labels of the dates on which the groups became known."""
    cohort = side.view.context.cohort
    return tuple(known_on(cohort, verdict.known_at) for verdict in answer.refused)


def _table(
    answer: Answer, first: Side, records: Sequence[Record], listed: Sequence[Mapping[str, Fact]]
) -> Output:
    names = ("level", "analysis", "landmark", "n", "events", "test", "differs")
    facts: dict[str, Fact] = {
        **_about(first),
        "landmark": None,
        "groups": first.view.grouping.levels if first.view.grouping is not None else (),
        "hazard": "hazard" if len(first.view.outcome.causes) == 1 else "cause-specific hazard",
        "analyses": tuple({name: each[name] for name in names} for each in listed),
        "known_on": _dates(answer, first)[0],
    }
    output = Output("side_by_side", rows_from(records), facts)
    return named_rows(output, first.view.analysis, first.view.outcome.endpoint)


def _compared(answer: Answer, first: Side, listed: Sequence[Mapping[str, Fact]]) -> Statement:
    facts: dict[str, Fact] = {
        "endpoint": first.view.outcome.endpoint,
        "endpoint_label": first.view.outcome.label,
        "column_label": None if first.view.grouping is None else first.view.grouping.label,
        "known_on": _dates(answer, first)[0],
        "time_zero": first.view.outcome.time_zero,
        "analyses": tuple(listed),
    }
    return Statement("remedies_compared", facts, "guard")
