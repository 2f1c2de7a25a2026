"""Treatment against protocol in words: what is not known, and why crude shares are not the answer."""

from __future__ import annotations

from remission.core.wording import in_sentence, listing
from remission.report.format import count, plural
from remission.report.words.phrases import Facts, items

_UNKNOWN = {
    "condition not known": "whether it was meant for them",
    "not known whether started": "whether it was started",
    "started, day not known": "on which day it was started",
    "window not known": "when its window was, as nothing says from when it counts",
    "started, window not known": "when its window was, as nothing says from when it counts",
}


def phases_unknown(facts: Facts) -> str:
    """What is not known of phases, phase by phase."""
    told: dict[str, list[str]] = {}
    for item in items(facts, "phases"):
        told.setdefault(str(item["phase"]), []).append(f"{_UNKNOWN[str(item['what'])]} ({count(item['n'])})")
    listed = "; ".join(f"{phase}: {listing(what)}" for phase, what in told.items())
    return (
        f"Not known, of {plural(facts['total'], 'patient')}: {listed}. "
        "What is not known is counted as not known, never as not given."
    )


def phases_after_end(facts: Facts) -> str:
    """Phases given when treatment had ended."""
    listed = listing(
        [f"{item['phase']} in {plural(item['n'], 'patient')}" for item in items(facts, "phases")]
    )
    return (
        f"Started only after the first event or withdrawal: {listed}. They were no longer on protocol "
        "treatment and are not counted as eligible."
    )


def delivered_crude(facts: Facts) -> str:
    """Why the share of the indicated who had it is not the answer."""
    label = in_sentence(str(facts["label"]))
    crude = f"{count(facts['delivered'])} of {plural(facts['indicated'], 'patient')} with the indication"
    waiting = facts["waiting"]
    if waiting:
        who = "was" if waiting == 1 else "were"
        text = (
            f"{crude} had {label} in first remission, while {count(waiting)} {who} still waiting at "
            "last contact: the crude share takes them for patients who never had it. The cumulative "
            "incidence does not, and lets relapse and death compete."
        )
    else:
        text = (
            f"{crude} had {label} in first remission, and nobody was still waiting at last contact. "
            "The cumulative incidence also shows when, with relapse and death competing."
        )
    if not facts["judged"]:
        text += (
            " The study names no window for it, so those who wait cannot be told from those in whom it was "
            "left out."
        )
    return text


def indication_unknown(facts: Facts) -> str:
    """In whom indication or delivery is not known."""
    parts = []
    if facts["indication"]:
        had = (
            f", {count(facts['indication_delivered'])} of whom had it"
            if facts["indication_delivered"]
            else ""
        )
        parts.append(
            f"whether {in_sentence(str(facts['label']))} was indicated in {count(facts['indication'])}{had}"
        )
    if facts["given"]:
        parts.append(f"whether it was given in {count(facts['given'])}")
    if facts["day"]:
        parts.append(f"when it was given, or what came first, in {count(facts['day'])}")
    undated = facts.get("undated_in_incidence") or 0
    tail = (
        f" The cumulative incidence knows days only: it counts {plural(undated, 'patient')} with it on a day "
        "not known as without it, and is too low by them."
        if undated
        else ""
    )
    return (
        f"Not known, of {plural(facts['total'], 'patient')}: {listing(parts)}. They have a row or column of "
        f"their own and are no deviations.{tail}"
    )


def deviations_counted(facts: Facts) -> str:
    """How many patients deviate, and where their names are."""
    return (
        f"{count(facts['n'])} of {plural(facts['total'], 'patient')} had at least one deviation. This report "
        "holds no patients; the command “remission deviations” lists them by name in a file of its own."
    )


def phases_method(facts: Facts) -> str:
    """How phases were counted."""
    text = (
        "A patient was eligible for a phase if it was meant for them and it was started, or if they were "
        f"still on treatment (no event of {facts['endpoint_label']}"
    )
    text += ", no withdrawal" if facts["withdrawal"] else ""
    text += ") and under observation when its planned window closed"
    if facts["windows"]:
        text += "; both ends of a window belong to it, and windows in months were widened to whole days"
    return f"{text}."


def indication_method(facts: Facts) -> str:
    """How indication and delivery were crossed."""
    return (
        f"Transplantation was taken to be indicated where {facts['condition']}, and to be given in first "
        f"remission if it came before the first event of {facts['endpoint_label']}; on the day of relapse it "
        "did not. Its incidence was estimated with relapse and death before it as competing events, and "
        "patients still waiting were censored at last contact."
    )


WORDS = {
    "phases_unknown": phases_unknown,
    "phases_after_end": phases_after_end,
    "delivered_crude": delivered_crude,
    "indication_unknown": indication_unknown,
    "deviations_counted": deviations_counted,
}
METHOD_WORDS = {"phases_method": phases_method, "indication_method": indication_method}
