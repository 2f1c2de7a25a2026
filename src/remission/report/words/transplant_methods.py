"""Methods sentences about the effect of transplant."""

from __future__ import annotations

from remission.core.wording import listing
from remission.report.words.phrases import Facts, names


def waiting_time_method(facts: Facts) -> str:
    """Adjusted for waiting time."""
    return (
        "To adjust for waiting time, patients who had it were at risk from the day of it, and patients who "
        f"never had it from {facts['at']} on if they were then event-free and under observation (left "
        "truncation)."
    )


def transplant_periods_method(facts: Facts) -> str:
    """Early and late effect."""
    cuts = listing(names(facts, "cuts"))
    return (
        f"Early and late effects were estimated by splitting the time since then at {cuts} in a "
        "time-dependent Cox model, and compared by a likelihood-ratio test."
    )


def donor_method(_: Facts) -> str:
    """Donor against no donor."""
    return "Patients with and without a donor were compared from the start, by intention to treat."


WORDS = {
    "waiting_time_method": waiting_time_method,
    "transplant_periods_method": transplant_periods_method,
    "donor_method": donor_method,
}
