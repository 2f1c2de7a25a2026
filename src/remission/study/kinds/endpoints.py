"""Which endpoint tells that a patient died."""

from __future__ import annotations

from remission.study.kind import Context

DEATH = "death"


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
