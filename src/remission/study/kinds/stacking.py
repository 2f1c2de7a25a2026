"""Competing events on top of each other: at every time, who had which event first, and who had none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from remission.cohort.outcome import Outcome
from remission.study.kinds.drawing import dressed, time_axis
from remission.study.kinds.estimating import estimated
from remission.study.kinds.rows import rows_from
from remission.study.kinds.times import NamedTime
from remission.study.kinds.views import View
from remission.study.results import Fact, Output

EVENT_FREE = "event-free"


def families(outcomes: Sequence[Outcome]) -> list[tuple[Outcome, ...]]:
    """Find endpoints that are each other's competing events, in the same patients: relapse and its NRM.

    Only whole families count: every event that ends follow-up must be among the endpoints.
    """
    found: list[tuple[Outcome, ...]] = []
    taken: set[str] = set()
    for outcome in outcomes:
        if outcome.measure != "incidence" or len(outcome.causes) < 2 or outcome.endpoint in taken:
            continue
        family = [other for other in outcomes if _related(outcome, other)]
        if {other.cause for other in family} == set(outcome.causes) and len(family) == len(outcome.causes):
            taken |= {other.endpoint for other in family}
            found.append(tuple(family))
    return found


def stack_output(
    view: View, family: Sequence[Outcome], at: Sequence[NamedTime], until: float | None
) -> Output:
    """Stack the incidences of a family, with those event-free on top: shares that add up to 1.

    Causes that are left out of the family must have no events.
    """
    curves = estimated(view, all_causes=True)
    by_cause = {curve.cause: curve for curve in curves}
    steps = curves.rows(start=view.start)
    ordered = pl.concat([steps.filter(pl.col("cause") == outcome.cause) for outcome in family])
    first = ordered.filter(pl.col("cause") == family[0].cause)
    total = sum(steps.filter(pl.col("cause") == cause)["estimate"].to_numpy() for cause in by_cause)
    free = rows_from(
        [
            {"time": time, "estimate": share, "at_risk": at_risk, "censored": censored}
            for time, share, at_risk, censored in zip(
                first["time"], 1.0 - np.asarray(total), first["at_risk"], first["censored"], strict=True
            )
        ],
        measure=EVENT_FREE,
    )
    axis = time_axis(view, curves, at, until=until)
    facts: dict[str, Fact] = {
        **view.facts(),
        "endpoint": None,
        "endpoint_label": None,
        "endpoints": tuple(outcome.endpoint for outcome in family),
        "endpoint_labels": {outcome.cause: outcome.label for outcome in family},
        **axis.facts(),
    }
    rows = dressed(view, pl.concat([ordered, free])).with_columns(endpoint=_endpoint(family))
    return Output("stack", rows, facts, view.variant)


def _related(one: Outcome, other: Outcome) -> bool:
    return (
        other.measure == "incidence"
        and set(one.causes) == set(other.causes)
        and np.array_equal(one.rows, other.rows)
        and np.array_equal(one.time, other.time)
        and np.array_equal(one.event, other.event)
    )


def _endpoint(family: Sequence[Outcome]) -> pl.Expr:
    names = {outcome.cause: outcome.endpoint for outcome in family}
    return pl.col("cause").replace_strict(names, default=None, return_dtype=pl.String)
