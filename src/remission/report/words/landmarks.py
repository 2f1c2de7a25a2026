"""Who reached a landmark, and the naive comparison beside the right one."""

from __future__ import annotations

from remission.core.wording import in_sentence, listing
from remission.report.format import count, p_phrase, percent, plural
from remission.report.words.phrases import Facts, about, group_told, items, names


def landmark_patients(facts: Facts) -> str:
    """Who was still there at the landmark, and why the others were not."""
    text = (
        f"{about(facts)}{count(facts['n'])} of {plural(facts['before'], 'patient')} were still at risk at "
        f"the landmark, {facts['landmark']} after {facts['time_zero']}"
    )
    among = facts.get("among_label")
    if among:
        text += f", and free of events by {in_sentence(str(among))}"
    left = [f"{count(item['n'])} ({item['reason']})" for item in items(facts, "excluded") if item["n"]]
    return f"{text}{f'; not counted: {listing(left)}' if left else ''}."


def naive_shown(facts: Facts) -> str:
    """The naive numbers beside the right ones, and why they differ."""
    labels = listing([f"“{label}”" for label in names(facts, "column_labels")]) or "the groups"
    zero = facts.get("time_zero") or "time zero"
    naive = (
        f"As the study asks, the comparison that takes {labels} as known at {zero} is shown too. "
        "It is biased: it credits a group with the time its patients had to survive to get into it. "
        + _told("It says", facts, "naive")
    )
    right = ""
    if facts.get("right"):
        opening = f"From the landmark of {facts.get('landmark')}, the comparison says"
        right = (
            f"{_told(opening, facts, 'right')} It speaks only of patients who reached the landmark, and puts "
            "nobody in a group for what had not happened yet."
        )
    last = "Numbers of the naive comparison should not be quoted as a result."
    return "\n\n".join(part for part in (naive, right, last) if part)


def _told(opening: str, facts: Facts, side: str) -> str:
    """Estimates, or counts, of every group, and the P value."""
    at = facts.get("at")
    groups = [_group(item, at, facts) for item in items(facts, side)]
    p = facts.get(f"{side}_p")
    tail = f"; {p_phrase(p)}" if p is not None else ""
    when = f" at {at}" if at else ""
    what = in_sentence(str(facts.get("endpoint_label") or "the endpoint"))
    return f"{opening}, for {what}{when}: {'; '.join(groups)}{tail}."


def _group(item: Facts, at: object, facts: Facts) -> str:
    counts = f"{plural(item['n'], 'patient')}, {plural(item['events'], 'event')}"
    if at and item.get("estimate") is not None:
        counts = f"{percent(item['estimate'])} ({counts})"
    return group_told(item.get("group") or "all patients", facts, counts)


def naive_title(facts: Facts) -> str:
    """Heading of the naive comparison."""
    label = in_sentence(str(facts.get("endpoint_label") or ""))
    return f"Biased comparison, shown on request{f': {label}' if label else ''}"


WORDS = {"landmark_patients": landmark_patients, "naive_shown": naive_shown}
