"""From a question to the views that may be shown: the guard decides, and its remedy runs in their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from remission.cohort.guard import Verdict, judge, judge_filter
from remission.cohort.landmark import frame_at, landmarked, values_at
from remission.cohort.outcome import Outcome
from remission.core.clock import Duration, parse_duration
from remission.study.kind import Context
from remission.study.kinds.conditions import Answers, answers, columns_of, everybody, selection_findings
from remission.study.kinds.grouping import Grouping, grouping
from remission.study.kinds.options import GuardedOptions
from remission.study.kinds.views import View, view
from remission.study.kinds.withheld import Role, known_on, withheld
from remission.study.results import Fact, Statement


@dataclass(frozen=True, slots=True)
class Question:
    """An endpoint, and by what it shall be looked at.

    Attributes
    ----------
    outcome : Outcome
    by, stratum : str or None
        Columns that group, and within which groups are compared.
    where : tuple of str
        Conditions that choose the patients.
    landmarks : tuple of Duration
        The remedy declared for what is known only later: one answer from each.
    remedies : tuple of str
        Other remedies declared: "time-dependent", "delayed entry".
    always_landmark : bool
        Whether the analysis starts at the landmark in any case.
    naive : "withhold" or "show"
        Whether a comparison the guard refuses is shown beside the right one.
    among : Outcome or None
        At the landmark, only those event-free by this endpoint.
    """

    outcome: Outcome
    by: str | None = None
    stratum: str | None = None
    where: tuple[str, ...] = ()
    landmarks: tuple[Duration, ...] = ()
    remedies: tuple[str, ...] = ()
    always_landmark: bool = False
    naive: Literal["withhold", "show"] = "withhold"
    among: Outcome | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The views that may be shown, naive ones included where asked for, and what is to be said about them.

    `refused` are the guard's refusals of looking from time zero; `remedies` are those, other than landmarks,
    that were declared and help.
    """

    views: tuple[View, ...] = ()
    findings: tuple[Statement, ...] = ()
    refused: tuple[Verdict, ...] = ()
    remedies: tuple[str, ...] = ()


def question_of(
    options: GuardedOptions, outcome: Outcome, by: str | None = None, stratum: str | None = None
) -> Question:
    """Put an endpoint and its columns together with what the options declare for the guard."""
    landmarks = () if options.landmark is None else (parse_duration(options.landmark),)
    return Question(outcome, by, stratum, options.where, landmarks, naive=options.naive)


def guarded(context: Context, analysis: str, question: Question) -> Answer:
    """Judge the columns of a question and build its views.

    What is known at time zero is looked at from time zero. Where a column is known only later the naive view
    is withheld (or shown as naive), and every landmark runs that is declared if the column is known by then.
    """
    refused = _refused(context, question, None)
    if not refused and not question.always_landmark:
        return from_start(context, analysis, question)
    barred = {landmark: _refused(context, question, landmark) for landmark in question.landmarks}
    helping = [landmark for landmark, still in barred.items() if not still]
    others = _other_remedies(question, refused)
    ran = [("landmark", str(landmark)) for landmark in helping] + [(remedy, None) for remedy in others]
    told = refused if ran or not barred else next(iter(barred.values()))
    if question.always_landmark and ran:
        told = []
    findings = [withheld(context.cohort, each, question.outcome, role, ran) for role, each in told]
    findings += _not_possible(context, question, refused)
    views: list[View] = []
    for landmark in helping:
        instead = _from_landmark(context, analysis, question, landmark)
        views += instead.views
        findings += instead.findings
    if question.naive == "show" and not question.always_landmark:
        views += from_start(context, analysis, question, variant="naive").views
    verdicts = tuple(each for _, each in refused)
    return Answer(tuple(views), tuple(findings), verdicts, others)


def _other_remedies(question: Question, refused: list[tuple[Role, Verdict]]) -> tuple[str, ...]:
    """Declared remedies that move patients between groups: of help where only the groups are known later."""
    if question.always_landmark or any(role != "group" for role, _ in refused):
        return ()
    return tuple(
        remedy
        for remedy in question.remedies
        if remedy != "landmark" and all(remedy in verdict.remedies for _, verdict in refused)
    )


def _not_possible(
    context: Context, question: Question, refused: list[tuple[Role, Verdict]]
) -> list[Statement]:
    """Name every remedy that was declared and does not fit how its column became known."""
    cohort = context.cohort
    said = []
    for remedy in () if question.always_landmark else question.remedies:
        for role, verdict in refused:
            if remedy == "landmark" or role != "group" or remedy in verdict.remedies:
                continue
            facts: dict[str, Fact] = {
                "remedy": remedy,
                "column_label": cohort.column(verdict.column).title,
                "endpoint_label": question.outcome.label,
                "known_at": verdict.known_at,
                "known_on": known_on(cohort, verdict.known_at),
                "reason": verdict.reason,
                "remedies": verdict.remedies,
                "time_zero": question.outcome.time_zero,
            }
            said.append(Statement("remedy_not_possible", facts, "warning"))
    return said


def _refused(context: Context, question: Question, landmark: Duration | None) -> list[tuple[Role, Verdict]]:
    """Verdicts that say no, each with what the column was to do."""
    cohort, outcome = context.cohort, question.outcome
    days = None if landmark is None else cohort.clock.days(landmark)
    chosen = judge_filter(cohort, columns_of(question.where), outcome, landmark_days=days)
    verdicts: list[tuple[Role, Verdict]] = [("filter", verdict) for verdict in chosen]
    roles: list[tuple[Role, str | None]] = [("group", question.by), ("stratum", question.stratum)]
    verdicts += [
        (role, judge(cohort, column, outcome, landmark_days=days))
        for role, column in roles
        if column is not None
    ]
    return [(role, verdict) for role, verdict in verdicts if not verdict.allowed]


def from_start(context: Context, analysis: str, question: Question, variant: str = "") -> Answer:
    """Look at a question from time zero, whatever the guard says."""
    cohort = context.cohort
    answered, rows = answers(cohort, question.where), question.outcome.rows
    holding = Answers(answered.holds[rows], answered.unknown[rows])
    outcome = question.outcome.only(holding.holds)
    grouped = None if question.by is None else grouping(cohort, question.by).of(outcome.rows)
    stratum = None if question.stratum is None else grouping(cohort, question.stratum).of(outcome.rows)
    made = view(context, analysis, outcome, grouped, stratum=stratum, variant=variant)
    return Answer((made,), (*selection_findings(question.where, holding), *_findings(grouped, stratum)))


def _from_landmark(context: Context, analysis: str, question: Question, landmark: Duration) -> Answer:
    """Keep those still at risk, and look at what was known of them by then."""
    cohort, days = context.cohort, context.cohort.clock.days(landmark)
    there = landmarked(question.outcome, days, among=question.among, words=str(landmark))
    holding = everybody(len(there.rows))
    if question.where:
        holding = answers(cohort, question.where, frame_at(cohort, there, days, columns_of(question.where)))
    outcome = there.only(holding.holds)
    grouped = None if question.by is None else _groups_at(context, question.by, outcome, days)
    stratum = None if question.stratum is None else _groups_at(context, question.stratum, outcome, days)
    variant = "" if question.always_landmark else "landmark"
    made = view(context, analysis, outcome, grouped, stratum=stratum, landmark=landmark, variant=variant)
    findings = [landmark_finding(question, landmark, there), *selection_findings(question.where, holding)]
    return Answer((made,), (*findings, *_findings(grouped, stratum)))


def landmark_finding(question: Question, landmark: Duration, there: Outcome) -> Statement:
    """Count who was still there at the landmark, and why the others were not."""
    before = question.outcome
    excluded: tuple[Fact, ...] = tuple(
        {"reason": step.reason, "n": step.excluded} for step in there.flow[len(before.flow) :]
    )
    facts: dict[str, Fact] = {
        "endpoint": before.endpoint,
        "endpoint_label": before.label,
        "landmark": str(landmark),
        "time_zero": before.time_zero,
        "before": len(before.rows),
        "n": len(there.rows),
        "excluded": excluded,
        "among_label": None if question.among is None else question.among.label,
    }
    return Statement("landmark_patients", facts)


def _groups_at(context: Context, column: str, outcome: Outcome, days: float) -> Grouping:
    return grouping(context.cohort, column, values_at(context.cohort, column, outcome, days))


def _findings(grouped: Grouping | None, stratum: Grouping | None) -> list[Statement]:
    return [said for each in (grouped, stratum) if each is not None for said in each.findings()]
