"""Options of `kind = "first_events"`, and what is wrong with them."""

from __future__ import annotations

from pydantic import Field, StrictStr

from remission.core.problems import Problem
from remission.core.suggest import did_you_mean
from remission.study.kind import Context
from remission.study.kinds.checks import column_problems, endpoint_problems, grouping_problems, where_problems
from remission.study.kinds.first_events_told import events_of, is_told
from remission.study.kinds.grouping import can_group
from remission.study.kinds.options import OneOrMore, Options


class FirstEventsOptions(Options):
    """Options of first events."""

    endpoint: OneOrMore = Field(
        description="One or more endpoints made of several events, or with competing ones: "
        '"efs", ["efs", "dfs"].'
    )
    by: StrictStr | None = Field(
        None,
        description="Column whose groups stand side by side; known when its time starts.",
    )
    split: dict[str, StrictStr] = Field(
        default_factory=dict,
        description="Event = category or yes/no column that divides it: "
        '{ relapse = "relapse_site", death = "in_remission" }. Patients in whom it is not known have a row.',
    )
    labels: dict[str, StrictStr] = Field(
        default_factory=dict, description='Event = words for it: { death = "Death in remission" }.'
    )


def check(context: Context, options: FirstEventsOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    cohort = context.cohort
    problems = [*endpoint_problems(context, options.endpoint, f"{where}.endpoint")]
    for name in dict.fromkeys(options.endpoint):
        problems += _endpoint(context, name, f"{where}.endpoint")
    problems += grouping_problems(cohort, [options.by] if options.by else [], f"{where}.by")
    known = [name for name in options.endpoint if name in context.outcomes]
    events = tuple(dict.fromkeys(event for name in known for event in events_of(context.outcomes[name])))
    for key, named in (("split", options.split), ("labels", options.labels)):
        for event in named:
            if known and event not in events:
                listed = ", ".join(f'"{each}"' for each in events)
                message = f'no endpoint named here has an event "{event}"'
                repair = f"Events: {listed}.{did_you_mean(event, events)}"
                problems.append(Problem(f"{where}.{key}.{event}", message, repair))
    for event, column in options.split.items():
        place = f"{where}.split.{event}"
        problems += column_problems(cohort, [column], place)
        if column in cohort.columns and not can_group(cohort.columns[column]):
            message = f'"{column}" is neither a category nor a yes/no, so it cannot divide an event'
            repair = f'Declare it under [columns.{column}] as kind = "category" with its levels.'
            problems.append(Problem(place, message, repair))
        if column == options.by:
            repair = "Divide the event by one column, and the patients by another."
            problems.append(Problem(place, f'"{column}" divides both the patients and an event', repair))
    return (*problems, *where_problems(cohort, options.where, f"{where}.where"))


def _endpoint(context: Context, name: str, where: str) -> list[Problem]:
    """Find an endpoint in which nothing can come first, or of which nobody says what did."""
    outcome = context.outcomes.get(name)
    if outcome is None:
        return []
    if len(events_of(outcome)) < 2:
        message = f'"{name}" is {outcome.cause} alone, so there is nothing to come first'
        repair = (
            "Name event-free, disease-free or progression-free survival, or relapse with death competing."
        )
        return [Problem(where, message, repair)]
    if not is_told(outcome):
        listed = ", ".join(event.replace(" ", "_") for event in events_of(outcome))
        message = f'the columns of "{name}" say that something happened, and of nobody what it was'
        repair = (
            f"Under [endpoints.{name}], name a column for each event ({listed}), besides its time and status."
        )
        return [Problem(where, message, repair)]
    return []
