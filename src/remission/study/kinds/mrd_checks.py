"""What is wrong with an analysis of minimal residual disease: its options, and numbers that cannot be."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from remission.cohort.cohort import Cohort
from remission.cohort.outcome import Outcome
from remission.core.clock import A_MOMENT
from remission.core.problems import InputError, Problem
from remission.study.kind import Context
from remission.study.kinds.checks import column_problems, endpoint_problems, grouping_problems, where_problems
from remission.study.kinds.first_events_told import first_events
from remission.study.kinds.mrd_options import (
    MrdOptions,
    MrdPoint,
    Share,
    Unit,
    limit_of,
    read_share,
    unit_of_column,
    unit_of_point,
)
from remission.study.kinds.mrd_samples import sample_days
from remission.study.kinds.not_evaluated import due_day, due_problems
from remission.study.kinds.response_rates_options import point_label, repeated

BULK = 0.01
DEATH = "death"


def check(context: Context, options: MrdOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options, and of the numbers read by them."""
    cohort = context.cohort
    problems: list[Problem] = []
    for number, point in enumerate(options.points, start=1):
        problems += _point(cohort, options, point, f"{where}.points[{number}]")
    problems += repeated([point_label(cohort, each.column, each.label) for each in options.points], where)
    for number, share in enumerate(options.thresholds, start=1):
        problems += _share(share, f"{where}.thresholds[{number}]")
    for key, single in (("limit", options.limit), ("cleared_below", options.cleared_below)):
        problems += [] if single is None else _share(single, f"{where}.{key}")
    if not problems:
        problems += _below_the_limit(options, where)
        problems += _order(cohort, options, where)
    problems += endpoint_problems(context, [options.endpoint], f"{where}.endpoint")
    if options.endpoint in context.outcomes:
        problems += _nominal(cohort, context.outcomes[options.endpoint], f"{where}.endpoint")
    problems += grouping_problems(cohort, [options.by] if options.by else [], f"{where}.by")
    return (*problems, *where_problems(cohort, options.where, f"{where}.where"))


def _point(cohort: Cohort, options: MrdOptions, point: MrdPoint, where: str) -> list[Problem]:
    problems = [
        *column_problems(cohort, [point.column], f"{where}.column"),
        *due_problems(point.due, f"{where}.due"),
    ]
    limit = limit_of(options, point)
    if limit is None:
        repair = 'Write limit = 0.0001 (10^-4 of cells) or "0.01 %", for all points or for this one.'
        problems.append(Problem(f"{where}.limit", "the quantification limit is not said", repair))
    elif point.limit is not None:
        problems += _share(point.limit, f"{where}.limit")
    if point.column not in cohort.columns:
        return problems
    column = cohort.columns[point.column]
    if column.kind != "number" or column.is_time:
        kind = "time" if column.is_time else column.kind
        message = f'"{point.column}" is a {kind}, and MRD is a number'
        repair = (
            f'Declare it under [columns.{point.column}] as kind = "number"; results such as "<0.01" '
            'by codes: { "<0.01" = 0 }.'
        )
        return [*problems, Problem(f"{where}.column", message, repair)]
    if not due_problems(point.due, where) and due_day(cohort, point.column, point.due) is None:
        repair = 'Write due = "33 days", or known_at = "33 days" under [columns].'
        problems.append(Problem(f"{where}.due", "it is not said when the sample was due", repair))
    unit, own = unit_of_point(cohort, options, point), unit_of_column(column)
    if unit is None:
        message = f'the unit of "{point.column}" is not said: 0.05 could be 5 % or 0.05 % of cells'
        repair = 'Write unit = "percent" or unit = "fraction".'
        return [*problems, Problem(f"{where}.unit", message, repair)]
    if own is not None and unit != own:
        message = f'the unit here is "{unit}", and "{point.column}" is declared in {column.unit}'
        problems.append(Problem(f"{where}.unit", message, "Say the same unit in both places."))
    return [*problems, *_values(cohort, options, point, unit, where)]


def _values(cohort: Cohort, options: MrdOptions, point: MrdPoint, unit: Unit, where: str) -> list[Problem]:
    """Find numbers that are no shares, and those that look like the other unit."""
    raw = np.asarray(cohort.frame[point.column].to_numpy(), dtype=float)
    most = 100.0 if unit == "percent" else 1.0
    place, problems = f"{where}.column", []
    declared = np.isin(raw, [float(value) for value in options.negative])
    if ((raw < 0) & ~declared).any():
        ids = _ids(cohort, (raw < 0) & ~declared)
        repair = "Correct them; a number that stands for negative is declared as negative = [-1]."
        problems.append(Problem(place, "MRD below 0", repair, ids))
    if (raw > most).any():
        message = f"MRD above {most:g} {'%' if unit == 'percent' else '(all cells)'}"
        repair = "Correct them" + ("." if unit == "percent" else ', or write unit = "percent".')
        problems.append(Problem(place, message, repair, _ids(cohort, raw > most)))
        return problems
    positive = raw[(raw > 0) & ~declared] * (0.01 if unit == "percent" else 1.0)
    if options.unit_checked or not len(positive):
        return problems
    middle = float(np.median(positive))
    repair = "say unit_checked = true if you made sure."
    if unit == "fraction" and middle >= BULK:
        message = (
            f'as fractions, half of the positive values of "{point.column}" are {100 * middle:.2g} % of '
            "cells or more: they look like per cent"
        )
        problems.append(Problem(f"{where}.unit", message, f'Write unit = "percent" if they are; {repair}'))
    limit = limit_of(options, point)
    if unit == "percent" and limit is not None and not _share(limit, where) and middle < read_share(limit):
        message = (
            f'as per cent, half of the positive values of "{point.column}" are {100 * middle:.2g} % of cells '
            "or less, which is below the quantification limit: they look like fractions"
        )
        problems.append(Problem(f"{where}.unit", message, f'Write unit = "fraction" if they are; {repair}'))
    return problems


def _share(value: Share, where: str) -> list[Problem]:
    try:
        read_share(value)
    except InputError as error:
        repair = 'Write a fraction of cells, such as 0.0001, or per cent with its sign: "0.01 %".'
        return [Problem(where, str(error), repair)]
    return []


def _below_the_limit(options: MrdOptions, where: str) -> list[Problem]:
    """Find thresholds below a quantification limit, which nobody could tell."""
    limits = [limit_of(options, point) for point in options.points]
    highest = max(read_share(limit) for limit in limits if limit is not None)
    asked = [(f"thresholds[{number}]", share) for number, share in enumerate(options.thresholds, start=1)]
    asked += [] if options.cleared_below is None else [("cleared_below", options.cleared_below)]
    problems = [
        Problem(
            f"{where}.{key}",
            f"{share} lies below the quantification limit ({highest:g}), where values are not known",
            "Choose one at or above the limit.",
        )
        for key, share in asked
        if read_share(share) < highest
    ]
    read = [read_share(share) for share in options.thresholds]
    if len(set(read)) < len(read):
        problems.append(Problem(f"{where}.thresholds", "a threshold is named twice", "Name it once."))
    return problems


def _order(cohort: Cohort, options: MrdOptions, where: str) -> list[Problem]:
    """Find points not in order of time, and patients whose samples were not."""
    problems: list[Problem] = []
    rows: NDArray[np.int64] = np.arange(cohort.frame.height)
    for number, (one, two) in enumerate(pairwise(options.points), start=2):
        days = [due_day(cohort, each.column, each.due) for each in (one, two)]
        place = f"{where}.points[{number}]"
        if days[0] is not None and days[1] is not None and days[1] <= days[0]:
            message = (
                f'"{point_label(cohort, two.column, two.label)}" was due no later than the point before it'
            )
            problems.append(Problem(place, message, "Name the points in order of time, each with its day."))
        first, second = (sample_days(cohort, each.column, rows) for each in (one, two))
        back = second <= first + A_MOMENT
        if back.any():
            message = f'samples of "{two.column}" taken no later than those of "{one.column}"'
            repair = "Correct the dates, or list the patients under [[exclude]]."
            problems.append(Problem(place, message, repair, _ids(cohort, back)))
    return problems


def _nominal(cohort: Cohort, outcome: Outcome, where: str) -> list[Problem]:
    """Find failures put on day 0 by a rule: they would stand before every sample."""
    named = first_events(outcome)
    early = (outcome.time <= A_MOMENT) & (named != np.array(None)) & (named != DEATH)
    if not early.any():
        return []
    ids = cohort.ids()
    message = f'"{outcome.endpoint}" puts events on day 0, before every sample, though they came later'
    repair = 'Name one with the days on which they happened: event-free survival with rule = "at_evaluation".'
    return [Problem(where, message, repair, tuple(str(ids[int(row)]) for row in outcome.rows[early]))]


def _ids(cohort: Cohort, rows: NDArray[np.bool_]) -> tuple[str, ...]:
    ids = cohort.ids()
    return tuple(str(ids[int(row)]) for row in np.flatnonzero(rows))
