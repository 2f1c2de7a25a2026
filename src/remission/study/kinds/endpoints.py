"""What the endpoints of an analysis are called together, and which tells that a patient died."""

from __future__ import annotations

from collections.abc import Sequence

from remission.core.wording import in_sentence, listing, sentence_case
from remission.study.kind import Context

DEATH = "death"


def endpoints_named(context: Context, endpoints: Sequence[str]) -> str:
    """Labels of endpoints as a title lists them: "Overall survival, relapse and non-relapse mortality"."""
    return sentence_case(listing([in_sentence(context.outcomes[name].label) for name in endpoints]))


def survival_endpoint(context: Context) -> str | None:
    """Name of the endpoint whose only event is death: overall survival; None when the study has none.

    An endpoint from the cohort's own time zero, without delayed entry, goes before others.
    """
    names = [name for name, outcome in context.outcomes.items() if outcome.causes == (DEATH,)]
    plain = [
        name
        for name in names
        if context.outcomes[name].starts_at_cohort_zero and context.outcomes[name].entry is None
    ]
    return next(iter([*plain, *names]), None)
