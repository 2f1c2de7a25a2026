"""The naive, the landmark and the time-dependent answer side by side, with the reason they differ."""

from __future__ import annotations

from remission.core.wording import in_sentence, listing, sentence_case
from remission.report.format import p_phrase, plural
from remission.report.ratios import hazard_words
from remission.report.words.phrases import Facts, about, between_groups, items, known_words, names

DIFFERS = {
    "future": "groups patients by what happened to them later, so it is biased",
    "from_landmark": "speaks only of those still there at the landmark, by what was known of them then",
    "moves": "lets patients move to the other group on the day it happened",
    "from_known": "counts patients only from the day it was known",
}


def remedies_compared(facts: Facts) -> str:
    """Say every answer and why it differs from the others."""
    endpoint = sentence_case(in_sentence(str(facts.get("endpoint_label") or "the endpoint")))
    opening = f"{endpoint} by “{facts.get('column_label')}”, counted in each way."
    lines = [_line(item) for item in items(facts, "analyses")]
    last = "They answer different questions; the naive one answers none and should not be quoted."
    return "\n\n".join([opening, *lines, last])


def _line(item: Facts) -> str:
    name = str(item.get("level") or item.get("analysis") or "")
    reason = DIFFERS.get(str(item.get("differs")), "")
    counted = f"{plural(item['n'], 'patient')}, {plural(item['events'], 'event')}"
    told = f"{sentence_case(name)} ({counted}): {_ratio(item)}"
    return f"{told}; it {reason}." if reason else f"{told}."


def _ratio(item: Facts) -> str:
    if item.get("estimate") is None:
        return hazard_words(item)
    p = f"; {p_phrase(item['p'])}" if item.get("p") is not None else ""
    return f"{hazard_words(item)}, {between_groups(item, {}, 'against')}{p}"


def remedies_title(facts: Facts) -> str:
    """Heading of the comparison."""
    return f"The same question counted in different ways: {facts.get('column_label')}"


def remedy_not_possible(facts: Facts) -> str:
    """A declared remedy that does not fit."""
    label, remedy = facts.get("column_label"), facts.get("remedy")
    known = known_words(facts.get("known_at"), str(facts.get("time_zero")), facts.get("known_on"))
    why = {
        "delayed entry": f"it became known {known}, patient by patient, and of those in whom it never "
        "happened there is no such day. Delayed entry is for what is known of everybody at one fixed time",
        "time-dependent": f"it became known {known}, so patients do not move on a day of their own",
    }.get(str(remedy), f"it became known {known}")
    if facts.get("reason") == "date not recorded":
        why = "when it became known was not recorded"
    helps = listing([f"`{name}`" for name in names(facts, "remedies")], "or")
    tail = f" Write {helps} instead." if helps else ""
    return f"{about(facts)}“{remedy}” was asked for “{label}” and did not run: {why}.{tail}"


WORDS = {"remedies_compared": remedies_compared, "remedy_not_possible": remedy_not_possible}
