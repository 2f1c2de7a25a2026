"""The naive comparison beside the right one: what each says, and why the first is biased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from remission.study.kinds.estimating import estimated, read_at
from remission.study.kinds.guarded import Answer
from remission.study.kinds.times import NamedTime
from remission.study.kinds.views import View
from remission.study.kinds.withheld import known_on
from remission.study.results import Fact, Statement

NO_P: Mapping[str, float | None] = {}


def naive_findings(
    answer: Answer, at: Sequence[NamedTime] = (), p: Mapping[str, float | None] = NO_P
) -> list[Statement]:
    """Explain every naive view, with its numbers beside those of the view that answers the question.

    Parameters
    ----------
    answer : Answer
    at : sequence of NamedTime
        Both are read at the last time that both reach.
    p : mapping
        P-value by variant.
    """
    right = next((view for view in answer.views if view.variant != "naive"), None)
    naive = [view for view in answer.views if view.variant == "naive"]
    return [Statement("naive_shown", _facts(answer, view, right, at, p), "guard") for view in naive]


def _facts(
    answer: Answer, naive: View, right: View | None, at: Sequence[NamedTime], p: Mapping[str, float | None]
) -> dict[str, Fact]:
    both = [naive] if right is None else [naive, right]
    time = next((time for time in reversed(at) if all(_reaches(view, time) for view in both)), None)
    cohort = naive.context.cohort
    return {
        "endpoint": naive.outcome.endpoint,
        "endpoint_label": naive.outcome.label,
        "measure": naive.outcome.measure,
        "column_labels": tuple(cohort.column(verdict.column).title for verdict in answer.refused),
        "known_at": tuple(verdict.known_at for verdict in answer.refused),
        "known_on": tuple(known_on(cohort, verdict.known_at) for verdict in answer.refused),
        "time_zero": naive.outcome.time_zero,
        "landmark": None if right is None else str(right.landmark),
        "remedies": answer.remedies,
        "at": None if time is None else time.text,
        "naive": _groups(naive, time),
        "right": () if right is None else _groups(right, time),
        "naive_p": p.get("naive"),
        "right_p": None if right is None else p.get(right.variant),
    }


def _reaches(view: View, time: NamedTime) -> bool:
    if not len(view.outcome.rows) or time.days <= view.start:
        return False
    return bool(read_at(view, estimated(view), [time.days])["estimate"].is_not_null().all())


def _groups(view: View, time: NamedTime | None) -> tuple[Fact, ...]:
    """Patients and events by group, and the estimate at the time."""
    estimates: dict[str, float | None] = {}
    if time is not None:
        rows = read_at(view, estimated(view), [time.days])
        estimates = dict(zip(rows["group"].fill_null(""), rows["estimate"], strict=True))
    return tuple(
        {"group": group or None, "n": n, "events": events, "estimate": estimates.get(group)}
        for group, (n, events) in view.sizes().items()
    )
