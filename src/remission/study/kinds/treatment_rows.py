"""Result rows of treatment against protocol: phases, starts, indication against delivery, deviations."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from remission.cohort.cohort import Cohort
from remission.cohort.outcome import Floats
from remission.study.kind import Context
from remission.study.kinds import treatment_phases as phases
from remission.study.kinds.describing import QUARTILES, Patients
from remission.study.kinds.rows import Record, rows_from
from remission.study.kinds.treatment_course import (
    LAST_CONTACT,
    NOT_TOLD,
    WITHDRAWN,
    days_of_column,
    is_death,
    planned_days,
)
from remission.study.kinds.treatment_followed import Followed
from remission.study.kinds.treatment_indication import (
    DELIVERED,
    INDICATED,
    NEVER,
    NOT_RECORDED,
    WAITING,
    as_delivered,
)
from remission.study.kinds.treatment_options import TIME_ZERO, TreatmentOptions
from remission.study.results import Fact, Output

DATED = (phases.IN_WINDOW, phases.EARLY, phases.LATE, phases.UNPLANNED, phases.UNPLACED)
NOT_BY_GROUP: dict[str, Fact] = {"by": None, "by_label": None, "groups": ()}
_LAST = (WITHDRAWN, LAST_CONTACT, NOT_TOLD)


def phases_output(
    context: Context, options: TreatmentOptions, done: Followed, patients: Patients, name: str
) -> Output:
    """Count every patient once in every phase, in all and in each group."""
    records: list[Record] = []
    for each in done.phases:
        for group, mask in patients.parts():
            rows = patients.rows[mask]
            status, reason = each.status[rows], each.reason[rows]
            same: Record = {"term": each.phase.name, "group": group}
            records += [
                {**same, "measure": "eligible", "estimate": int(each.eligible[rows].sum())},
                {**same, "measure": "started", "estimate": int(each.started[rows].sum())},
            ]
            records += [
                {**same, "measure": "count", "level": level, "estimate": int((status == level).sum())}
                for level in phases.STATUSES
            ]
            records += [
                {**same, "measure": "reason", "level": level, "estimate": int((reason == level).sum())}
                for level in in_order(reason)
            ]
    facts: dict[str, Fact] = {
        **_about(context, options, patients),
        "phases": _planned(context.cohort, options, done),
        "reasons": _reasons(done, patients),
    }
    return Output("phases", rows_from(records, analysis=name, endpoint=options.endpoint), facts)


def starts_output(
    context: Context, options: TreatmentOptions, done: Followed, patients: Patients, name: str
) -> Output:
    """Give the day of start of those who started, and how far outside the window the others were."""
    records: list[Record] = []
    for each in done.phases:
        for group, mask in patients.parts():
            rows = patients.rows[mask]
            status = each.status[rows]
            parts = {None: np.isin(status, DATED), "early": status == phases.EARLY}
            parts["late"] = status == phases.LATE
            for level, chosen in parts.items():
                days = each.start[rows][chosen] if level is None else np.abs(each.off[rows][chosen])
                records += _spread(days, term=each.phase.name, group=group, level=level)
            lasting = (each.end - each.start)[rows][np.isin(status, DATED)]
            if each.phase.end is not None:
                lasting = lasting[~np.isnan(lasting)]
                records += _spread(lasting, term=each.phase.name, group=group, level="duration")
    facts: dict[str, Fact] = {
        **_about(context, options, patients),
        "unit": "days",
        "phases": _planned(context.cohort, options, done),
    }
    made = rows_from(records, analysis=name, endpoint=options.endpoint, unit="days")
    return Output("phase_starts", made, facts)


def indication_output(
    context: Context, options: TreatmentOptions, done: Followed, patients: Patients, name: str
) -> Output:
    """Cross indication and delivery: every patient once."""
    given = done.given
    if given is None:
        raise AssertionError("asked for without indication")
    indicated, status = given.indicated[patients.rows], given.status[patients.rows]
    first = (*DELIVERED, NOT_RECORDED)
    events = [level for level in in_order(status) if level not in (*first, WAITING, NEVER)]
    levels = (*DELIVERED, *events, WAITING, NEVER, NOT_RECORDED)
    present = tuple(level for level in levels if level == DELIVERED[0] or (status == level).any())
    records: list[Record] = []
    for group in (*INDICATED, None):
        mask = np.ones(len(status), dtype=bool) if group is None else indicated == group
        records.append({"group": group, "measure": "total", "estimate": int(mask.sum())})
        records += [
            {
                "group": group,
                "measure": "count",
                "level": level,
                "estimate": int((mask & (status == level)).sum()),
            }
            for level in present
        ]
    table = as_delivered(options.delivered or "")
    facts: dict[str, Fact] = {
        **_about(context, options, patients),
        "condition": options.indication,
        **NOT_BY_GROUP,
        "delivered_label": context.cohort.column(table.start).title,
        "window": table.window,
        "delivered": tuple(level for level in present if level in DELIVERED),
        "reasons": tuple(level for level in present if level not in DELIVERED),
    }
    return Output("indication", rows_from(records, analysis=name, endpoint=options.endpoint), facts)


def deviations_output(
    context: Context, options: TreatmentOptions, done: Followed, patients: Patients, name: str
) -> Output:
    """Count every kind of deviation among those who could have had it."""
    among = done.among.holds
    records: list[Record] = []
    for each in done.deviations:
        count, size = int((each.patients & among).sum()), int((each.at_risk & among).sum())
        same: Record = {"term": each.about, "level": each.kind, "at_risk": size}
        records += [
            {**same, "measure": "count", "estimate": count},
            {**same, "measure": "percent", "estimate": 100.0 * count / size if size else None},
        ]
    any_of, total = int(done.deviating.sum()), len(patients.rows)
    share = 100.0 * any_of / total if total else None
    records += [
        {"measure": "patients", "estimate": any_of, "at_risk": total},
        {"measure": "percent", "level": None, "estimate": share, "at_risk": total},
    ]
    facts: dict[str, Fact] = {
        **_about(context, options, patients),
        **NOT_BY_GROUP,
        "phases": tuple(phase.name for phase in options.phases),
        "condition": options.indication,
    }
    return Output("deviations", rows_from(records, analysis=name, endpoint=options.endpoint), facts)


def in_order(reasons: Iterable[object]) -> tuple[str, ...]:
    """Reasons that occur: events by name, death after the others, then withdrawal and last contact."""
    found = {str(reason) for reason in reasons if reason is not None}
    named = sorted((each for each in found if each not in _LAST), key=lambda each: (is_death(each), each))
    return (*named, *(each for each in _LAST if each in found))


def _reasons(done: Followed, patients: Patients) -> tuple[str, ...]:
    """Reasons that occur in any phase."""
    every = [reason for each in done.phases for reason in each.reason[patients.rows]]
    return in_order(every)


def _about(context: Context, options: TreatmentOptions, patients: Patients) -> dict[str, Fact]:
    grouped = patients.grouping
    return {
        "endpoint_label": context.outcomes[options.endpoint].label,
        "time_zero": context.cohort.time_zero_label,
        "by": None if grouped is None else grouped.column,
        "by_label": None if grouped is None else grouped.label,
        "groups": () if grouped is None else grouped.levels,
        "total": len(patients.rows),
    }


def _planned(cohort: Cohort, options: TreatmentOptions, done: Followed) -> tuple[Fact, ...]:
    """Window of every phase: as written, and in days from time zero if all went as planned."""
    told: dict[str, tuple[float, float] | None] = {}
    found: list[Fact] = []
    for phase in options.phases:
        about, around = "", (0.0, 0.0)
        if phase.after in told:
            before = told[phase.after]
            known = before is not None
            around = before or around
        elif phase.after != TIME_ZERO:
            about = cohort.column(phase.after).title
            days = days_of_column(cohort, phase.after)[done.among.holds]
            known = bool((~np.isnan(days)).any())
            middle = float(np.nanmedian(days)) if known else 0.0
            around = (middle, middle)
        else:
            known = True
        window = None
        if phase.window is not None and known:
            low, high = planned_days(phase.window, cohort.clock)
            window = (around[0] + low, around[1] + high)
        told[phase.name] = window
        found.append(
            {
                "name": phase.name,
                "window": phase.window,
                "from": about or phase.after,
                "for": phase.only,
                "planned": window,
                "around_median_of": about,
            }
        )
    return tuple(found)


def _spread(
    days: Floats,
    **same: str | None,
) -> list[Record]:
    """Median, quartiles and range; nothing of nobody."""
    if not len(days):
        return []
    cuts = np.quantile(days, list(QUARTILES.values()))
    return [
        {**same, "measure": measure, "estimate": float(cut), "at_risk": len(days)}
        for measure, cut in zip(QUARTILES, cuts, strict=True)
    ]
