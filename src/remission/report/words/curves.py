"""Findings about curves: few events, few at risk, tails, times beyond follow-up."""

from __future__ import annotations

from collections.abc import Sequence

from remission.core.wording import listing, sentence_case
from remission.report.format import count, elapsed, limits, plural
from remission.report.words.phrases import (
    Facts,
    about,
    group_words,
    groups_named,
    in_group,
    items,
    joined,
    names,
)


def nobody_to_analyse(facts: Facts) -> str:
    """An endpoint without patients."""
    return f"{about(facts)}no patient contributes, so there is nothing to show."


def no_events(facts: Facts) -> str:
    """Groups in which nobody had the event."""
    if facts.get("everywhere"):
        return f"{about(facts)}nobody had the event; the curve says only that it was not seen."
    return (
        f"{about(facts)}nobody had the event in {groups_named(facts['groups'], facts)}. "
        "No event seen is not the same as no risk."
    )


def few_events(several: Sequence[Facts]) -> str:
    """Groups with few events."""
    told = [
        (facts, f"{_rate(item)}{in_group(item, facts)}")
        for facts in several
        for item in items(facts, "groups")
    ]
    return (
        f"{sentence_case(joined(told))}. With fewer than {count(several[0]['below'])} events one patient "
        "more or less moves the curve visibly; rely on the interval, not on the estimate."
    )


def _rate(item: Facts) -> str:
    return f"{plural(item['events'], 'event')} among {plural(item['n'], 'patient')}"


def before_start(facts: Facts) -> str:
    """Named times before anybody is at risk."""
    landmark = facts.get("landmark")
    when = f"the landmark ({landmark})" if landmark else elapsed(facts["start"], str(facts["unit"]))
    times = listing(names(facts, "times"))
    return f"{about(facts)}nothing is said about {times}, as the curve begins at {when}."


def few_at_risk(several: Sequence[Facts]) -> str:
    """Named times that rest on very few patients."""
    told = [
        (facts, f"{count(item['at_risk'])} at {item['at']}{in_group(item, facts)}")
        for facts in several
        for item in items(facts, "times")
    ]
    below = _number(several[0]["below"])
    return f"Fewer than {below} patients at risk: {joined(told)}. The estimates there rest on them alone."


def beyond_follow_up(several: Sequence[Facts]) -> str:
    """Named times after the last patient was seen."""
    told = []
    for facts in several:
        for item in items(facts, "times"):
            last = elapsed(item["last"], str(item["unit"]))
            told.append((facts, f"{item['at']}{in_group(item, facts)} (last follow-up {last})"))
    return f"No estimate, because nobody was observed that long: {joined(told)}."


def plain_limits_refused(several: Sequence[Facts]) -> str:
    """Named times at which plain limits would leave 0 to 100%."""
    told = [
        (facts, f"{item['at']}{in_group(item, facts)} ({limits(item['low'], item['high'])}%)")
        for facts in several
        for item in items(facts, "times")
    ]
    return (
        f"Plain limits are refused where they would leave 0–100%: {joined(told)}. Log-log limits are printed "
        "there instead, and drawn wherever else this would happen."
    )


def median_not_reached(several: Sequence[Facts]) -> str:
    """Curves that stay above one half."""
    told = []
    for facts in several:
        named = [group_words(group, facts) for group in facts.get("groups") or () if group]
        told.append((facts, listing(named) if named else "all patients"))
    return f"Median not reached: {joined(told)}."


def tail_unreliable(several: Sequence[Facts]) -> str:
    """Ends of curves that rest on very few patients."""
    told = [
        (facts, f"after {elapsed(item['after'], str(item['unit']))}{in_group(item, facts)}")
        for facts in several
        for item in items(facts, "groups")
    ]
    return (
        f"Fewer than {_number(several[0]['below'])} patients at risk at the end of curves: {joined(told)}. "
        "These parts are drawn pale, and a plateau there is not proof of cure."
    )


def events_at_time_zero(facts: Facts) -> str:
    """Events on the first day."""
    return (
        f"{about(facts)}{plural(facts['n'], 'event')} on the day of {facts['time_zero']} itself; "
        "the curve starts with a step."
    )


def early_risk_set_small(facts: Facts) -> str:
    """Thin risk sets at the beginning of delayed entry."""
    named = groups_named(facts.get("groups"), facts)
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
    "plain_limits_refused": plain_limits_refused,
    "median_not_reached": median_not_reached,
    "tail_unreliable": tail_unreliable,
}
