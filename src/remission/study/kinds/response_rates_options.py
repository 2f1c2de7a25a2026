"""Options of `kind = "response"`, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, StrictBool, StrictStr

from remission.cohort.cohort import Cohort
from remission.cohort.declare import Declaration
from remission.core.problems import Problem
from remission.core.suggest import did_you_mean
from remission.study.kind import Context
from remission.study.kinds.checks import column_problems, endpoint_problems, grouping_problems, where_problems
from remission.study.kinds.grouping import YES_NO, can_group, levels_of
from remission.study.kinds.not_evaluated import due_problems
from remission.study.kinds.options import OneOrMore, Options


class ResponsePoint(Declaration):
    """One time point."""

    column: StrictStr = Field(description="Category or yes/no column with the response at this point.")
    label: StrictStr | None = Field(None, description="Words for the point; the column's label unless said.")
    good: OneOrMore = Field(
        (), description='Levels that are a response: "CR", ["CR", "CRi"]; "yes" of a yes/no unless said.'
    )
    not_evaluated: OneOrMore = Field(
        (), description='Levels that mean that nobody looked: "not done", "not evaluable".'
    )
    due: StrictStr | None = Field(
        None, description='When it was due after time zero: "33 days"; as its known_at says unless said.'
    )


class ResponseOptions(Options):
    """Options of response rates."""

    points: tuple[ResponsePoint, ...] = Field(
        min_length=1,
        description="Time points in order: "
        '[{ column = "cr_1", label = "After course 1", good = "CR", due = "33 days" }, ...].',
    )
    endpoint: StrictStr | None = Field(
        None,
        description="Endpoint that tells who had died, relapsed or left before a point, so that those not "
        "evaluated are told apart.",
    )
    by: StrictStr | None = Field(
        None, description="Column whose groups stand side by side; it must be known at time zero."
    )
    tests: StrictBool = Field(
        default=True,
        description="Compare the groups at each point by Fisher's exact test, ordered groups also for trend.",
    )


def check(context: Context, options: ResponseOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    cohort = context.cohort
    problems: list[Problem] = []
    for number, point in enumerate(options.points, start=1):
        problems += _point(cohort, point, f"{where}.points[{number}]")
    problems += repeated([point_label(cohort, each.column, each.label) for each in options.points], where)
    if options.endpoint is not None:
        problems += endpoint_problems(context, [options.endpoint], f"{where}.endpoint")
    problems += grouping_problems(cohort, [options.by] if options.by else [], f"{where}.by")
    return (*problems, *where_problems(cohort, options.where, f"{where}.where"))


def good_levels(cohort: Cohort, point: ResponsePoint) -> tuple[str, ...]:
    """Levels that are a response."""
    if point.good or cohort.column(point.column).kind != "yes/no":
        return point.good
    return YES_NO[1:]


def point_label(cohort: Cohort, column: str, label: str | None) -> str:
    """Words for a point, as far as its column is known."""
    return label or (cohort.columns[column].title if column in cohort.columns else column)


def repeated(labels: Sequence[str], where: str) -> list[Problem]:
    """Find points of one name, which nobody could tell apart."""
    twice = dict.fromkeys(label for label in labels if labels.count(label) > 1)
    repair = "Give each point a label of its own."
    return [Problem(f"{where}.points", f'two points are called "{label}"', repair) for label in twice]


def _point(cohort: Cohort, point: ResponsePoint, where: str) -> list[Problem]:
    problems = [*column_problems(cohort, [point.column], f"{where}.column")]
    problems += due_problems(point.due, f"{where}.due")
    if point.column not in cohort.columns:
        return problems
    column = cohort.columns[point.column]
    if not can_group(column):
        message = f'"{point.column}" is a column of {column.kind}s, which holds no levels of response'
        repair = "Name a category or a yes/no, or make one under [derived]."
        return [*problems, Problem(f"{where}.column", message, repair)]
    levels = levels_of(column)
    listed = ", ".join(f'"{level}"' for level in levels)
    for key, named in (("good", point.good), ("not_evaluated", point.not_evaluated)):
        for level in named:
            if level not in levels:
                message = f'"{point.column}" has no level "{level}"'
                repair = f"Its levels: {listed}.{did_you_mean(level, levels)}"
                problems.append(Problem(f"{where}.{key}", message, repair))
    if not good_levels(cohort, point):
        message = "it does not say which levels are a response"
        repair = f'Write good = "{levels[0] if levels else "CR"}", or several of {listed}.'
        problems.append(Problem(f"{where}.good", message, repair))
    for level in (level for level in point.good if level in point.not_evaluated):
        repair = "Name it in one of the two."
        problems.append(Problem(where, f'"{level}" is both a response and not evaluated', repair))
    return problems
