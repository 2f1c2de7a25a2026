"""Findings about curves: few events, few at risk, tails, times beyond follow-up."""

from __future__ import annotations

from remission.report.format import count, elapsed, listing, plural
from remission.report.words.phrases import Facts, about, groups_named, in_group, items


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


def few_events(facts: Facts) -> str:
    """Groups with few events."""
    listed = [
        f"{plural(item['events'], 'event')} among {plural(item['n'], 'patient')}{in_group(item.get('group'))}"
        for item in items(facts, "groups")
    ]
    return (
        f"{about(facts)}{listing(listed)}. With fewer than {count(facts['below'])} events "
        "one patient more or less moves the curve visibly; rely on the interval, not on the estimate."
    )


def few_at_risk(facts: Facts) -> str:
    """Named times that rest on very few patients."""
    listed = [
        f"{count(item['at_risk'])} at {item['at']}{in_group(item.get('group'))}"
        for item in items(facts, "times")
    ]
    return (
        f"{about(facts)}fewer than {_number(facts['below'])} patients were at risk ({', '.join(listed)}); "
        "the estimate there rests on them alone."
    )


def beyond_follow_up(facts: Facts) -> str:
    """Named times after the last patient was seen."""
    listed = []
    for item in items(facts, "times"):
        last = elapsed(item["last"], str(item["unit"]))
        listed.append(f"{item['at']}{in_group(item.get('group'))} (last follow-up {last})")
    return f"{about(facts)}no estimate at {listing(listed)}: nobody was observed that long."


def median_not_reached(facts: Facts) -> str:
    """Curves that stay above one half."""
    named = groups_named(facts.get("groups"))
    return f"{about(facts)}the median was not reached{f' in {named}' if named else ''}."


def tail_unreliable(facts: Facts) -> str:
    """Ends of curves that rest on very few patients."""
    listed = [
        f"after {elapsed(item['after'], str(item['unit']))}{in_group(item.get('group'))}"
        for item in items(facts, "groups")
    ]
    return (
        f"{about(facts)}fewer than {_number(facts['below'])} patients were at risk {listing(listed)}; "
        "that part is drawn pale, and a plateau there is not proof of cure."
    )


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
    "few_events": few_events,
    "few_at_risk": few_at_risk,
    "beyond_follow_up": beyond_follow_up,
    "median_not_reached": median_not_reached,
    "tail_unreliable": tail_unreliable,
    "events_at_time_zero": events_at_time_zero,
    "early_risk_set_small": early_risk_set_small,
}
