"""Findings about curves: few events, few at risk, tails, times beyond follow-up."""

from __future__ import annotations

from collections.abc import Sequence

from remission.report.format import count, elapsed, listing, plural, sentence_case
from remission.report.words.phrases import Facts, about, groups_named, in_group, items, names


def nobody_to_analyse(facts: Facts) -> str:
    """An endpoint without patients."""
    return f"{about(facts)}no patient contributes, so there is nothing to show."


def no_events(facts: Facts) -> str:
    """Groups in which nobody had the event."""
    if facts.get("everywhere"):
        return f"{about(facts)}nobody had the event; the curve says only that it was not seen."
    return (
        f"{about(facts)}nobody had the event in {groups_named(facts['groups'])}. "
        "No event seen is not the same as no risk."
    )


def few_events(several: Sequence[Facts]) -> str:
    """Groups with few events."""
    listed = [
        f"{about(facts)}{plural(item['events'], 'event')} among {plural(item['n'], 'patient')}"
        f"{in_group(item.get('group'))}"
        for facts in several
        for item in items(facts, "groups")
    ]
    return (
        f"{'; '.join(_once(listed))}. With fewer than {count(several[0]['below'])} events one patient more "
        "or less moves the curve visibly; rely on the interval, not on the estimate."
    )


def before_start(facts: Facts) -> str:
    """Named times before anybody is at risk."""
    landmark = facts.get("landmark")
    when = f"the landmark ({landmark})" if landmark else elapsed(facts["start"], str(facts["unit"]))
    times = listing(names(facts, "times"))
    return f"{about(facts)}nothing is said about {times}, as the curve begins at {when}."


def few_at_risk(several: Sequence[Facts]) -> str:
    """Named times that rest on very few patients."""
    listed = [
        f"{about(facts)}{count(item['at_risk'])} at {item['at']}{in_group(item.get('group'))}"
        for facts in several
        for item in items(facts, "times")
    ]
    return (
        f"Fewer than {_number(several[0]['below'])} patients at risk. "
        f"{sentence_case('; '.join(_once(listed)))}. The estimates there rest on them alone."
    )


def beyond_follow_up(several: Sequence[Facts]) -> str:
    """Named times after the last patient was seen."""
    listed = []
    for facts in several:
        for item in items(facts, "times"):
            last = elapsed(item["last"], str(item["unit"]))
            listed.append(f"{about(facts)}{item['at']}{in_group(item.get('group'))} (last follow-up {last})")
    return f"No estimate, because nobody was observed that long. {sentence_case('; '.join(_once(listed)))}."


def median_not_reached(several: Sequence[Facts]) -> str:
    """Curves that stay above one half."""
    listed = []
    for facts in several:
        named = groups_named(facts.get("groups"))
        listed.append(f"{about(facts)}the median was not reached{f' in {named}' if named else ''}")
    return f"{'; '.join(listed)}."


def tail_unreliable(several: Sequence[Facts]) -> str:
    """Ends of curves that rest on very few patients."""
    listed = [
        f"{about(facts)}after {elapsed(item['after'], str(item['unit']))}{in_group(item.get('group'))}"
        for facts in several
        for item in items(facts, "groups")
    ]
    return (
        f"Fewer than {_number(several[0]['below'])} patients were at risk in the ends of curves. "
        f"{sentence_case('; '.join(_once(listed)))}. These parts are drawn pale, and a plateau there is not "
        "proof of cure."
    )


def _once(listed: Sequence[str]) -> list[str]:
    """Leave out what a text has in common with the one before it up to the colon."""
    found: list[str] = []
    before = ""
    for text in listed:
        head, divider, tail = text.partition(": ")
        found.append(tail if divider and head == before else text)
        before = head if divider else before
    return found


def events_at_time_zero(facts: Facts) -> str:
    """Events on the first day."""
    return (
        f"{about(facts)}{plural(facts['n'], 'event')} on the day of {facts['time_zero']} itself; "
        "the curve starts with a step."
    )


def early_risk_set_small(facts: Facts) -> str:
    """Thin risk sets at the beginning of delayed entry."""
    named = groups_named(facts.get("groups"))
    return (
        f"{about(facts)}patients come under observation late, and events happened while fewer than "
        f"{_number(facts['below'])} were at risk{f' in {named}' if named else ''}. "
        "One such event pulls the whole curve down; a later start of the curve may be wiser."
    )


def _number(value: float) -> str:
    words = {2: "two", 3: "three", 4: "four", 5: "five", 10: "ten"}
    return words.get(int(value), count(value))


WORDS = {
    "nobody_to_analyse": nobody_to_analyse,
    "no_events": no_events,
    "before_start": before_start,
    "events_at_time_zero": events_at_time_zero,
    "early_risk_set_small": early_risk_set_small,
}

# Said of several endpoints in one sentence.
TOGETHER = {
    "few_events": few_events,
    "few_at_risk": few_at_risk,
    "beyond_follow_up": beyond_follow_up,
    "median_not_reached": median_not_reached,
    "tail_unreliable": tail_unreliable,
}
