"""What is said of responses by time point."""

from __future__ import annotations

from remission.core.wording import listing
from remission.report.words.phrases import Facts, names


def reasons_not_told(facts: Facts) -> str:
    """Why some were not evaluated cannot be told."""
    points = listing([f"“{name}”" for name in names(facts, "points")])
    lacks = (
        "when it was due (say `due`)" if facts.get("endpoint") else "which endpoint tells it (say `endpoint`)"
    )
    return (
        f"Some patients were not evaluated at {points}, and whether they had died, relapsed or left before "
        f"cannot be told: the study file does not say {lacks}."
    )


def response_method(_: Facts) -> str:
    """How shares were counted."""
    return (
        "Response rates are given of those evaluated and of all eligible patients, with exact "
        "(Clopper–Pearson) limits; who was not evaluated is never counted as evaluated without response."
    )


def response_tests(facts: Facts) -> str:
    """How groups were compared."""
    told = {
        "Fisher exact": "Fisher’s exact test",
        "Fisher exact, simulated": "Fisher’s exact test (simulated)",
        "Cochran-Armitage trend": "the Cochran–Armitage test for trend over ordered groups",
    }
    tests = listing([told[name] for name in names(facts, "tests")])
    return f"Responses were compared between groups by {tests}, without adjustment for the number of tests."


WORDS = {"reasons_not_told": reasons_not_told}
METHODS = {"response_method": response_method, "response_tests": response_tests}
