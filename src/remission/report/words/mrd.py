"""What is said of minimal residual disease."""

from __future__ import annotations

from remission.core.wording import listing
from remission.report.format import count, plural
from remission.report.mrd_words import power
from remission.report.words.phrases import Facts, items, names


def mrd_after_event(facts: Facts) -> str:
    """Samples after relapse are no response."""
    parts = listing([f"{count(item['n'])} at “{item['point']}”" for item in items(facts, "points")])
    return (
        f"Samples taken after an event are not counted: {parts}. They tell of the event, not of the "
        "response; check the dates."
    )


def mrd_without_endpoint(facts: Facts) -> str:
    """Patients whose follow-up is unknown."""
    return (
        f"{plural(facts['n'], 'patient')} of {count(facts['total'])} are not part of the endpoint, so they "
        "are in the table by time point and not in the cumulative share that cleared."
    )


def mrd_clearance_interval(facts: Facts) -> str:
    """The time of clearance is not known."""
    return (
        f"When MRD fell below {power(float(facts['below']))} is only known up to the interval of sampling: "
        "it happened between the last sample at or above and the first one below. Patients who lived "
        "longer without an event were sampled more often; compare outcomes by MRD only from a landmark or "
        "from the day of the sample."
    )


def mrd_method(facts: Facts) -> str:
    """How MRD was read."""
    methods = names(facts, "methods")
    how = f" ({listing(methods)})" if methods else ""
    values = facts.get("limits")
    limits = listing([power(float(value)) for value in values]) if isinstance(values, tuple | list) else ""
    return (
        f"Minimal residual disease{how} is a share of cells; values below the quantification limit "
        f"({limits}) were treated as left-censored, shares at or above a threshold have exact "
        "(Clopper–Pearson) limits, and patients not measured were not counted as negative."
    )


def mrd_clearance_method(facts: Facts) -> str:
    """How clearance was estimated."""
    return (
        f"The cumulative share with a first documented value below {power(float(facts['below']))} was "
        "estimated by time point with the events of the endpoint competing (Aalen–Johansen)."
    )


def mrd_fall_method(_: Facts) -> str:
    """How the fall was computed."""
    return (
        "The fall in log10 between two points is of patients at or above the quantification limit at the "
        "first; where the second value was below it, the fall down to the limit stands as its lower bound."
    )


WORDS = {
    "mrd_after_event": mrd_after_event,
    "mrd_clearance_interval": mrd_clearance_interval,
    "mrd_without_endpoint": mrd_without_endpoint,
}
METHODS = {
    "mrd_clearance_method": mrd_clearance_method,
    "mrd_fall_method": mrd_fall_method,
    "mrd_method": mrd_method,
}
