"""How large a difference is: at named times, and between restricted means, with limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import polars as pl

from remission.core.problems import InputError
from remission.estimate.difference import difference
from remission.estimate.incidence import Variance
from remission.estimate.mean import restricted_mean
from remission.study.kinds.drawing import dressed
from remission.study.kinds.estimating import source_of
from remission.study.kinds.times import NamedTime
from remission.study.kinds.views import View
from remission.study.results import Fact, Output, Statement

MEANS = ("estimate", "std_error", "low", "high")
MEAN_DIFFERENCE = "difference of restricted means"


def difference_output(view: View, at: Sequence[NamedTime]) -> Output | None:
    """Compare every two groups at the named times, later minus earlier group; null beyond follow-up."""
    if not at or len(view.groups) < 2:
        return None
    days = [time.days for time in at]
    level = view.context.confidence
    if view.outcome.measure == "survival":
        found = difference(view.table, at=days, level=level)
    else:
        variance = cast("Variance", view.context.variance)
        source, cause = source_of(view), view.outcome.cause
        found = difference(source, at=days, cause=cause, variance=variance, level=level)
    rows = found.rows()
    texts = [time.text for time in at] * (rows.height // len(at))
    rows = rows.with_columns(pl.Series("level", texts, dtype=pl.String))
    return Output("difference", dressed(view, rows), view.facts(), view.variant)


def mean_output(view: View, until: NamedTime | None) -> tuple[Output | None, list[Statement]]:
    """Restricted means of the groups up to a time, and their differences, in the display unit.

    From a landmark, the time lived after it. Nothing, and a finding, where a group was not followed as far.
    """
    if until is None or view.outcome.measure != "survival":
        return None, []
    level = view.context.confidence
    try:
        means = restricted_mean(view.table, until=until.days, level=level).rows()
    except InputError:
        about: dict[str, Fact] = {"endpoint_label": view.outcome.label, "variant": view.variant}
        said = Statement("restricted_mean_beyond_follow_up", {**about, "until": until.text}, "warning")
        return None, [said]
    start = view.start if view.landmark is not None else 0.0
    means = means.with_columns(*[pl.col(name) - start for name in ("estimate", "low", "high")])
    parts = [means]
    if len(view.groups) > 1:
        every = difference(view.table, until=until.days, level=level).rows()
        parts.append(every.filter(pl.col("measure") == MEAN_DIFFERENCE))
    scale = view.clock.days_in(view.clock.unit)
    rows = pl.concat(parts).with_columns(
        pl.lit(until.text).alias("level"), *[pl.col(name) / scale for name in MEANS]
    )
    facts = view.facts() | {"until": until.text}
    return Output("restricted_means", dressed(view, rows), facts, view.variant), []
