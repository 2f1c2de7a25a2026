"""The definition of an endpoint as it was used, in words for the methods of a paper."""

from __future__ import annotations

from collections.abc import Iterable

from remission.cohort.endpoints.ask import Ask
from remission.cohort.endpoints.happenings import COMPOSITE
from remission.cohort.endpoints.inputs import Inputs
from remission.cohort.endpoints.sources import competing, death_first, failure_is_judged, when

_RULES = {
    "time0": "Patients whose treatment failed have the event on day 0 (rule time0).",
    "at_evaluation": "Patients whose treatment failed have the event on that day (rule at_evaluation).",
    "eln_aml": "Patients not in remission by the landmark have the event on day 0 (rule eln_aml).",
}


def definition_in_words(ask: Ask, inputs: Inputs, mended: int) -> str:
    """Write event, competing events, censoring and every rule that was chosen.

    `mended` patients had a time repaired by `later_than`.
    """
    parts = [_event(ask), _competing(ask, dated=inputs.story.time is None), _censoring(ask, inputs)]
    parts += [*_remission(ask, inputs), _entry(ask)]
    parts.append(_mended(ask, mended))
    return " ".join(part for part in parts if part)


def _event(ask: Ask) -> str:
    definition, declared = ask.definition, ask.declaration
    told = set(declared.model_fields_set) | set(declared.other)
    keys = [*definition.events, *(key for key in definition.optional if key in told)]
    keys.sort(key=lambda key: key == "death")
    words = [definition.in_words(key) for key in keys]
    if keys in (["acute_gvhd"], ["chronic_gvhd"]):
        words = [f"{words[0]} {declared.grade}" if declared.grade else f"{words[0]} of the grade recorded"]
    whole = " in patients in remission" if definition.population == "in remission" else ""
    if len(words) == 1:
        return f"Time from {ask.time_zero} to {words[0]}{whole}."
    return f"Time from {ask.time_zero} to {_listed(words, 'or')}, whichever was first{whole}."


def _competing(ask: Ask, *, dated: bool) -> str:
    definition = ask.definition
    keys = competing(ask)
    if not keys:
        return ""
    listed = _listed([definition.called(key) for key in keys], "and")
    verb = "is a competing event" if len(keys) == 1 else "are competing events"
    pair = dated and {"relapse", "death"} <= {*keys, *definition.events}
    tie = "; relapse and death on one day count as relapse" if pair else ""
    first = [definition.called(key) for key in keys if key != "death"]
    if definition.competing_first and first and dated:
        event = definition.in_words(definition.events[0])
        tie += f"; {event} on the day of {_listed(first, 'or')} counts as later than it"
    return f"{listed[0].upper()}{listed[1:]} {verb}{tie}."


def _censoring(ask: Ask, inputs: Inputs) -> str:
    declared, cohort = ask.declaration, ask.cohort
    text = "Patients without an event were censored at the end of follow-up"
    if ask.definition.always_followed:
        text = "Patients alive were censored at last contact, and not at relapse or a further transplant"
    names = (declared.censor_at,) if isinstance(declared.censor_at, str) else declared.censor_at
    if names and not ask.definition.always_followed:
        text += f", or at {_listed([cohort.columns[name].title for name in names], 'or')} if earlier"
    if declared.censor_after is not None:
        text += f", at the latest {declared.censor_after} after {ask.time_zero}"
    if declared.censor_after is not None or (names and not ask.definition.always_followed):
        text += " (events on that day count)"
    return f"{text}.{_ready_made(ask) if inputs.story.time is not None else ''}"


def _ready_made(ask: Ask) -> str:
    declared = ask.declaration
    told = [item for key in ask.definition.keys for item in when(ask, key) if isinstance(item, str)]
    flags = [declared.status, *sorted(told), *(item[1] for item in [death_first(ask)] if item is not None)]
    names = [declared.time, *dict.fromkeys(flags)]
    return f" Time and events are as ready-made in the file ({', '.join(name for name in names if name)})."


def _remission(ask: Ask, inputs: Inputs) -> Iterable[str]:
    declared, definition = ask.declaration, ask.definition
    if definition.never_cr and "relapse" in inputs.story.own:
        if declared.never_cr == "day-0":
            judged = (
                f"; those who left follow-up before evaluation ({declared.evaluation}) were not judged"
                if declared.evaluation
                else ""
            )
            yield f"Patients never in remission count as relapse or progression on day 0{judged}."
        else:
            yield "Patients never in remission have the event on the day progression was first recorded."
    if definition.rules and COMPOSITE not in inputs.story.events and declared.rule is not None:
        yield _RULES[declared.rule]
    if COMPOSITE not in inputs.story.events and failure_is_judged(ask):
        yield f"Treatment failed if there was no remission by evaluation ({declared.evaluation})."
    if definition.population == "in remission" and declared.remission is None and declared.time_zero is None:
        yield "All patients were taken to be in remission at time zero."


def _entry(ask: Ask) -> str:
    text = ask.declaration.entry
    if text is None:
        return ""
    since = f"from {ask.cohort.columns[text].title} on" if text in ask.cohort.columns else f"from {text} on"
    return f"Patients were at risk {since} (delayed entry)."


def _mended(ask: Ask, mended: int) -> str:
    if not mended:
        return ""
    who = "1 patient" if mended == 1 else f"{mended} patients"
    if ask.declaration.later_than == "truncate":
        return f"In {who} a time after the end of follow-up was set to its last day."
    return f"In {who} follow-up was extended to an event recorded after its end."


def _listed(words: list[str], last: str) -> str:
    if len(words) == 1:
        return words[0]
    comma = "," if any(f" {last} " in word for word in words) else ""
    return f"{', '.join(words[:-1])}{comma} {last} {words[-1]}"
