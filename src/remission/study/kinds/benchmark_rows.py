"""Result rows of a benchmark: the cohort at the times of published results, these, and differences."""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl

from remission.core.limits import critical
from remission.study.kinds.drawing import dressed
from remission.study.kinds.estimating import estimated, read_at
from remission.study.kinds.rows import Record, rows_from
from remission.study.kinds.times import named_times
from remission.study.kinds.views import View
from remission.study.published.errors import limits_from_error
from remission.study.published.results import Published
from remission.study.results import Fact

COHORT, PUBLISHED = "cohort", "published"


def cohort_rows(view: View, texts: Sequence[str]) -> pl.DataFrame:
    """The cohort, or its groups, at named times; `at_risk` is how many patients, `events` those by then."""
    at = named_times(texts, view.clock)
    rows = read_at(view, estimated(view), [time.days for time in at])
    sizes = view.sizes()
    numbers = [float(sizes[group][0]) for group in rows["group"].fill_null("")]
    levels = [time.text for time in at] * (rows.height // max(len(at), 1))
    rows = rows.with_columns(
        pl.Series("level", levels, dtype=pl.String),
        pl.Series("at_risk", numbers, dtype=pl.Float64),
        pl.lit(COHORT).alias("state"),
    )
    return dressed(view, rows)


def published_rows(view: View, results: Sequence[Published]) -> pl.DataFrame:
    """Published results, one row each: `term` is the trial, `group` the population."""
    records: list[Record] = [
        {
            "term": result.trial,
            "group": result.population,
            "level": result.time,
            "time": named_times([result.time], view.clock)[0].days,
            "at_risk": result.n,
            "estimate": result.estimate,
            "std_error": result.std_error,
            "low": result.low,
            "high": result.high,
            "confidence": None if result.low is None else result.confidence,
            "scale": None if result.low is None else _scale(result),
        }
        for result in results
    ]
    return dressed(view, rows_from(records, measure=view.outcome.measure, state=PUBLISHED))


def _scale(result: Published) -> str:
    return "as published" if "limits" in result.published else "log-log"


def result_facts(results: Sequence[Published]) -> tuple[Fact, ...]:
    """What stands beside the numbers of each published row, in the same order."""
    return tuple(
        {
            "trial": result.trial,
            "population": result.population,
            "time": result.time,
            "n": result.n,
            "published": result.published,
            "mark": result.mark,
            "error_mark": result.error_mark,
            "source": result.source,
            "note": result.note,
            "years": result.years,
            "time_zero": result.time_zero,
            "selected": result.selected,
        }
        for result in results
    )


def difference_rows(view: View, ours: pl.DataFrame, results: Sequence[Published], *, on: str) -> pl.DataFrame:
    """The cohort minus each published result at the same time, as if both errors were independent; no P.

    Results whose time is known to count from another moment are left out.

    On the plain scale the limits are those of the sum of the variances. On the log-log scale they are
    recovered from the log-log limits of both sides (square-and-add): for p - q with limits (l, u) and (m, v),
    p - q - sqrt((p - l)^2 + (v - q)^2) and p - q + sqrt((u - p)^2 + (q - m)^2), so that they never leave
    -1 to 1.

    References
    ----------
    Newcombe 1998; Zou and Donner 2008.
    """
    level = view.context.confidence
    records: list[Record] = []
    for row in ours.iter_rows(named=True):
        for result in results:
            alike = result.time == row["level"] and _alike(row["group"], result)
            if row["estimate"] is None or not alike or begins_elsewhere(result, view.outcome.time_zero):
                continue
            ends = _ends(row["estimate"], row["std_error"], result, level, on)
            records.append(
                {
                    "group": row["group"],
                    "term": result.trial,
                    "versus": result.population,
                    "level": result.time,
                    "time": named_times([result.time], view.clock)[0].days,
                    "estimate": row["estimate"] - result.estimate,
                    "std_error": _together(row["std_error"], result.std_error),
                    "low": None if ends is None else ends[0],
                    "high": None if ends is None else ends[1],
                    "scale": on,
                }
            )
    return dressed(view, rows_from(records, measure="difference", confidence=level))


def begins_elsewhere(result: Published, time_zero: str) -> bool:
    """Whether time is known to count from another moment in a published result."""
    return bool(result.time_zero) and result.time_zero.lower() != time_zero.lower()


def _alike(group: str | None, result: Published) -> bool:
    """Whether a group may be set against a result: its namesake, or everybody against every result."""
    return group is None or group.lower() == result.key.lower()


def _together(error: float | None, other: float | None) -> float | None:
    return None if error is None or other is None else math.hypot(error, other)


def _ends(
    estimate: float, error: float | None, result: Published, level: float, on: str
) -> tuple[float, float] | None:
    """Limits of the difference; None where one side has no error to be relied on (0 or 100 %)."""
    if not error or not result.std_error:
        return None
    apart = estimate - result.estimate
    if on == "plain":
        reach = critical(level) * math.hypot(error, result.std_error)
        return apart - reach, apart + reach
    ours = limits_from_error(estimate, error, level)
    theirs = limits_from_error(result.estimate, result.std_error, level)
    if ours is None or theirs is None:
        return None
    below = math.hypot(estimate - ours[0], theirs[1] - result.estimate)
    above = math.hypot(ours[1] - estimate, result.estimate - theirs[0])
    return apart - below, apart + above
