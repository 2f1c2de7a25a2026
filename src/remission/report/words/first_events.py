"""What is said of first events."""

from __future__ import annotations

from remission.core.wording import in_sentence, listing
from remission.report.format import count, plural
from remission.report.words.phrases import Facts, about, items


def first_events_on_day_0(facts: Facts) -> str:
    """Events at time zero are in the table, and by which rule."""
    parts = listing(
        [f"{in_sentence(str(item['event']))} {count(item['n'])}" for item in items(facts, "events")]
    )
    rule = f" {facts['rule']}" if facts.get("rule") else ""
    return (
        f"{about(facts)}{plural(facts['n'], 'first event')} on day 0 ({facts['time_zero']}), counted like "
        f"any other: {parts}.{rule}"
    )


def first_event_not_told(facts: Facts) -> str:
    """Some events are of unknown kind."""
    return (
        f"{about(facts)}of {plural(facts['events'], 'first event')}, {count(facts['n'])} have nothing that "
        "says which it was; they stand in a row of their own. Complete the file."
    )


def split_without_event(facts: Facts) -> str:
    """A site where the event was not the first."""
    return (
        f"{about(facts)}{facts['label']} is recorded for {plural(facts['n'], 'patient')} whose first event "
        f"was not {in_sentence(str(facts['event']))}, or who had none; they are not counted by it here."
    )


def first_events_method(_: Facts) -> str:
    """How first events were counted."""
    return (
        "First events were counted among all patients of the endpoint, each patient once; percentages are "
        "crude and take no account of how long patients were followed."
    )


WORDS = {
    "first_events_on_day_0": first_events_on_day_0,
    "first_event_not_told": first_event_not_told,
    "split_without_event": split_without_event,
}
METHODS = {"first_events_method": first_events_method}
