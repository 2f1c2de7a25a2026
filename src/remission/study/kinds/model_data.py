"""From a question to the rows models read: the guard judges every column, dated ones move with time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from remission.cohort.guard import Verdict, judge
from remission.cohort.outcome import Outcome
from remission.core.clock import Duration, parse_duration
from remission.study.kind import Context
from remission.study.kinds.guarded import Question, guarded
from remission.study.kinds.model_terms import ModelTerm
from remission.study.kinds.risk_rows import RiskRows, risk_rows
from remission.study.kinds.withheld import Role, known_on, withheld
from remission.study.results import Fact, Statement

DATED = "time-dependent"


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Who is looked at, by which terms, and what the guard has to say.

    Attributes
    ----------
    outcome : Outcome
        Of the patients chosen, from the landmark on where there is one.
    landmark : Duration or None
    rows : RiskRows or None
        None where the guard lets nothing be looked at.
    terms : tuple of ModelTerm
        Those allowed.
    known_on : mapping of str to str or None
        For each column that moves, the label of its date.
    findings : tuple of Statement
    """

    outcome: Outcome
    landmark: Duration | None
    rows: RiskRows | None = None
    terms: tuple[ModelTerm, ...] = ()
    known_on: Mapping[str, str | None] = field(default_factory=dict)
    findings: tuple[Statement, ...] = ()


def asked(
    context: Context,
    name: str,
    outcome: Outcome,
    terms: Sequence[ModelTerm],
    *,
    where: tuple[str, ...] = (),
    landmark: str | None = None,
    beside: Mapping[str, Role | None] | None = None,
    moving: bool = True,
    roles: Mapping[str, Role] | None = None,
) -> Asked:
    """Choose patients, judge columns, and follow what was known.

    Parameters
    ----------
    context : Context
    name : str
        Of the analysis.
    outcome : Outcome
    terms : sequence of ModelTerm
        One known only later is left out, unless it can enter as time-dependent.
    where : tuple of str
    landmark : str, optional
        Everything is then as it was known at this time, among those still at risk.
    beside : mapping of str to role, optional
        Columns that are not terms; without them nothing is looked at. Role None: not judged (clusters).
    moving : bool
        Whether columns with a date may enter as time-dependent.
    roles : mapping of str to role, optional
        What a term is to do, by its name, when it is not a term of a model.
    """
    at = None if landmark is None else parse_duration(landmark)
    question = Question(
        outcome, where=where, landmarks=() if at is None else (at,), always_landmark=at is not None
    )
    answer = guarded(context, name, question)
    findings = list(answer.findings)
    if not answer.views:
        return Asked(outcome, at, findings=tuple(findings))
    chosen = answer.views[0].outcome
    days = None if at is None else context.cohort.clock.days(at)
    for column, its in (beside or {}).items():
        if its is None:
            continue
        verdict = judge(context.cohort, column, outcome, landmark_days=days)
        if not verdict.allowed:
            findings.append(withheld(context.cohort, verdict, outcome, its))
            return Asked(chosen, at, findings=tuple(findings))
    kept: list[ModelTerm] = []
    changing: dict[str, str | None] = {}
    for term in terms:
        verdicts = [judge(context.cohort, column, outcome, landmark_days=days) for column in term.columns]
        refused = [
            verdict for verdict in verdicts if not verdict.allowed and not (moving and _dated(verdict))
        ]
        if refused:
            role = (roles or {}).get(term.name, "term")
            findings += [withheld(context.cohort, verdict, outcome, role) for verdict in refused]
            continue
        kept.append(term)
        dated = [verdict for verdict in verdicts if not verdict.allowed]
        changing |= {each.column: known_on(context.cohort, each.known_at) for each in dated}
    columns = dict.fromkeys([*(column for term in kept for column in term.columns), *(beside or {})])
    fixed = [column for column in columns if column not in changing]
    rows = risk_rows(context.cohort, chosen, fixed, list(changing), landmark_days=days)
    return Asked(chosen, at, rows, tuple(kept), changing, tuple(findings))


def moving_columns(context: Context, outcome: Outcome, columns: Sequence[str]) -> tuple[str, ...]:
    """Columns that would enter a model of this outcome as time-dependent."""
    verdicts = [judge(context.cohort, column, outcome) for column in columns]
    return tuple(verdict.column for verdict in verdicts if not verdict.allowed and _dated(verdict))


def about(found: Asked, context: Context) -> dict[str, Fact]:
    """Facts every output of a regression carries."""
    return {
        "endpoint": found.outcome.endpoint,
        "endpoint_label": found.outcome.label,
        "unit": context.cohort.clock.unit,
        "time_zero": found.outcome.time_zero,
        "landmark": None if found.landmark is None else str(found.landmark),
        "confidence": context.confidence,
    }


def _dated(verdict: Verdict) -> bool:
    return DATED in verdict.remedies
