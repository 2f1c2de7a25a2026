"""Which events an endpoint asks for, and which keys of its declaration tell each."""

from __future__ import annotations

from remission.cohort.endpoints.ask import Ask
from remission.cohort.endpoints.declare import Code, When
from remission.core.problems import Problem

DEATH_FIRST = ("death_without_relapse", "death_without_event")
_SPELLED = {"progression": "relapse", **dict.fromkeys(DEATH_FIRST, "death")}


def wanted(ask: Ask) -> tuple[str, ...]:
    """Events of this endpoint in the order in which they come on one day: death last."""
    definition, declared = ask.definition, ask.declaration
    optional = tuple(key for key in definition.optional if when(ask, key) or key in codes(ask))
    counts = (*definition.events, *optional)
    refused = {key for key in declared.competing if key not in definition.may_compete}
    against = tuple(key for key in competing(ask) if key not in refused)
    keys = (*against, *counts) if definition.competing_first else (*counts, *against)
    if failure_is_judged(ask):
        keys = tuple(key for key in keys if key != "failure")
    living = [key for key in keys if key != "death"]
    return tuple(dict.fromkeys([*living, "death"] if "death" in keys else living))


def competing(ask: Ask) -> tuple[str, ...]:
    """What competes: as defined, as the study tells, and as it adds."""
    definition = ask.definition
    told = tuple(
        key
        for key in definition.compete_where_told
        if when(ask, key) or key in codes(ask) or (key == "failure" and failure_is_judged(ask))
    )
    return (*definition.competing, *told, *ask.declaration.competing)


def failure_is_judged(ask: Ask) -> bool:
    """Whether treatment failure follows from remission and the time of its evaluation."""
    declared = ask.declaration
    definition = ask.definition
    ends = "failure" in (*definition.events, *definition.compete_where_told)
    counts = ends and declared.failure is None
    return counts and declared.remission is not None and declared.evaluation is not None


def when(ask: Ask, key: str) -> tuple[When, ...]:
    """Where an event is declared; relapse may be told by two columns, relapse and progression."""
    declared = ask.declaration
    names = ("relapse", "progression") if key == "relapse" else (key,)
    found = [getattr(declared, name, None) or declared.other.get(name) for name in names]
    return tuple(item for item in found if item is not None)


def death_first(ask: Ask) -> tuple[str, str] | None:
    """Return the key and the column that say "died at `time` without the event", when they fit."""
    declared, definition = ask.declaration, ask.definition
    if declared.death_without_relapse is not None and "relapse" in definition.keys:
        return "death_without_relapse", declared.death_without_relapse
    if declared.death_without_event is not None and "death" in definition.competing:
        return "death_without_event", declared.death_without_event
    return None


def codes(ask: Ask) -> dict[str, Code]:
    """Codes of `status` by event, however the key is spelled; empty when `event` is one value."""
    event = ask.declaration.event
    return {_SPELLED.get(key, key): code for key, code in event.items()} if isinstance(event, dict) else {}


def one_code(ask: Ask) -> Code | None:
    """`event`, when it is one value."""
    event = ask.declaration.event
    return None if isinstance(event, dict) else event


def needs(ask: Ask, absent: list[str]) -> Problem:
    """Say which events nothing tells of, and the keys that would."""
    missing = ", ".join(ask.definition.in_words(key) for key in absent)
    message = f"{ask.definition.name} needs to know of {missing}, and no column was named for it"
    repair = f"With dates, say {', '.join(ask.definition.needs.dates)}"
    if ask.definition.needs.ready_made:
        repair += f"; with ready-made times, say {', '.join(ask.definition.needs.ready_made)}"
    return ask.problem("", message, f"{repair}.")
