"""`kind = "eras"`: successive trials or periods compared over the same length of follow-up.

The work is that of `compare` and `adjusted`; what is added is the common end of follow-up and the caveats.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from remission.cohort.outcome import Outcome
from remission.core.problems import Problem
from remission.study.kind import Context, Kind
from remission.study.kinds import adjusted, compare
from remission.study.kinds.adjusted_options import AdjustedOptions
from remission.study.kinds.compare_options import CompareOptions
from remission.study.kinds.curve_methods import unique
from remission.study.kinds.endpoints import endpoints_named
from remission.study.kinds.eras_options import ErasOptions
from remission.study.kinds.following import accrual, calendar_of
from remission.study.kinds.guarded import Question, guarded
from remission.study.kinds.times import days_of
from remission.study.kinds.views import View
from remission.study.results import Analysis, Fact, Output, Statement


@dataclass(frozen=True, slots=True)
class _Span:
    """Patients of an era, their longest follow-up in days, and when they began (or None).

    `complete`: nobody was censored at the end; nothing more can happen, so that follow-up is no limit.
    """

    era: str
    n: int
    longest: float
    complete: bool
    begun: tuple[str, str] | None


def check(context: Context, options: ErasOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    problems = list(compare.check(context, _compared(options), where))
    if options.adjust:
        problems += adjusted.check(context, _adjusted(options), where)
    return tuple(dict.fromkeys(problems))


def run(context: Context, options: ErasOptions, name: str) -> Analysis:
    """Compare eras on every endpoint, crude and adjusted, over a common follow-up."""
    said: list[Statement] = []
    outcomes: dict[str, Outcome] = dict(context.outcomes)
    for endpoint in options.endpoint:
        outcome, told = _restricted(context, options, name, outcomes[endpoint])
        outcomes[endpoint] = outcome
        said += told
    common = replace(context, outcomes=outcomes)
    parts = [compare.run(common, _compared(options), name)]
    if options.adjust:
        parts.append(without_twins(adjusted.run(common, _adjusted(options), name), parts[0]))
    findings = [*said, *(each for part in parts for each in part.findings)]
    methods = [each for part in parts for each in part.methods]
    methods.append(Statement("eras_method", {"restricted": options.restrict or options.until is not None}))
    return Analysis(
        name,
        KIND.name,
        options.title or _title(context, options),
        tuple(output for part in parts for output in part.outputs),
        tuple(unique(findings)),
        tuple(unique(methods)),
    )


def _restricted(
    context: Context, options: ErasOptions, name: str, outcome: Outcome
) -> tuple[Outcome, list[Statement]]:
    """End everybody's follow-up where that of the shortest era ends, and say so."""
    views = guarded(context, name, Question(outcome, options.by, where=options.where)).views
    if not views or not views[0].groups:
        return outcome, []
    spans = _spans(views[0])
    limiting = [span for span in spans if not span.complete] or spans
    shortest = min(limiting, key=lambda span: span.longest)
    end = days_of(options.until, context.cohort.clock)
    if end is None and options.restrict and not shortest.complete:
        end = shortest.longest
    shown, unit = context.cohort.clock.shown, options.unit or context.cohort.clock.unit
    cut = end is not None and bool(np.any(outcome.time > end))
    facts: dict[str, Fact] = {
        "endpoint": outcome.endpoint,
        "endpoint_label": outcome.label,
        "by_label": context.cohort.column(options.by).title,
        "eras": tuple(
            {"group": each.era, "n": each.n, "longest": shown(each.longest, unit), "begun": each.begun}
            for each in spans
        ),
        "shortest": shortest.era,
        "until": None if end is None or not cut else shown(end, unit),
        "said": options.until,
        "unit": unit,
    }
    about: dict[str, Fact] = {
        "by_label": facts["by_label"],
        "eras": tuple({"group": each.era, "begun": each.begun} for each in spans),
        "adjusted": bool(options.adjust),
        "by": options.by,
    }
    told = [Statement("eras_are_historical", about, "warning"), Statement("eras_follow_up", facts)]
    return (outcome if end is None else ended_at(outcome, end)), told


def without_twins(later: Analysis, plain: Analysis) -> Analysis:
    """Leave out the crude answers of adjusted curves that the plain comparison gave of the same patients."""
    there = {(each.name, each.facts.get("endpoint")): each.rows for each in plain.outputs}
    told = [(each.name, {**each.facts, "variant": adjusted.CRUDE}) for each in plain.findings]

    def twin(each: Output) -> bool:
        rows = there.get((each.name, each.facts.get("endpoint")))
        return each.variant == adjusted.CRUDE and rows is not None and each.rows.equals(rows)

    return replace(
        later,
        outputs=tuple(each for each in later.outputs if not twin(each)),
        findings=tuple(each for each in later.findings if (each.name, each.facts) not in told),
    )


def ended_at(outcome: Outcome, days: float) -> Outcome:
    """End follow-up at a day: what happened later is not looked at; an event on that day still counts."""
    if outcome.entry is not None:  # whoever comes under observation only then was never at risk
        outcome = outcome.only(outcome.entry < days)
    later = outcome.time > days
    component = None if outcome.component is None else outcome.component.copy()
    event = outcome.event.copy()
    event[later] = None
    if component is not None:
        component[later] = None
    return replace(outcome, time=np.minimum(outcome.time, days), event=event, component=component)


def _spans(view: View) -> list[_Span]:
    """Follow-up and years of each era."""
    found = []
    for era in view.groups:
        members = view.members(era)
        of_era = view.outcome.only(members)
        dated = accrual(calendar_of(view.context.cohort, of_era, None))
        first, last = dated["accrual_from"], dated["accrual_to"]
        begun = (str(first), str(last)) if first and last else None
        longest = float(of_era.time.max())
        last_ones = of_era.event[of_era.time == longest]
        complete = all(event is not None for event in last_ones)
        found.append(_Span(era, int(members.sum()), longest, complete, begun))
    return found


def _compared(options: ErasOptions) -> CompareOptions:
    return CompareOptions(
        endpoint=options.endpoint,
        by=(options.by,),
        at=options.at,
        until=options.until,
        stratum=options.stratum,
        pairwise=options.pairwise,
        adjust=options.adjust_p,
        restricted_mean=options.restricted_mean,
        where=options.where,
        unit=options.unit,
    )


def _adjusted(options: ErasOptions) -> AdjustedOptions:
    return AdjustedOptions(
        endpoint=options.endpoint,
        by=options.by,
        adjust=options.adjust,
        stratum=options.stratum,
        at=options.at,
        until=options.until,
        where=options.where,
        unit=options.unit,
    )


def _title(context: Context, options: ErasOptions) -> str:
    labels = endpoints_named(context, options.endpoint)
    return f"{labels} by era ({context.cohort.column(options.by).title})"


KIND = Kind(
    name="eras",
    title="Comparison of eras",
    summary="Successive trials or periods over the same length of follow-up: curves, tests and differences, "
    "adjusted for declared factors if wished, with what speaks against comparing eras.",
    options=ErasOptions,
    check=check,
    run=run,
    outputs=(
        *compare.KIND.outputs,
        *(each for each in adjusted.KIND.outputs if each not in compare.KIND.outputs),
    ),
)
