"""The analyses of the invented cohort that are tables only: follow-up, causes of death, the screen."""

from __future__ import annotations

from remission.core.vocabulary import result_rows
from remission.study.results import Analysis, Output

GRAFTS = ("bone marrow", "peripheral blood", "cord blood")


def follow_up() -> Analysis:
    """Reverse Kaplan-Meier."""
    measures = {"median follow-up": 5.2, "q1": 3.1, "q3": 7.4, "min": 1.1, "max": 9.8, "completeness": 0.93}
    rows = result_rows({"measure": list(measures), "estimate": list(measures.values()), "unit": "years"})
    return Analysis("follow-up", "follow_up", "Follow-up", (Output("follow_up", rows, {"unit": "years"}),))


def causes() -> Analysis:
    """Causes of death."""
    counts = {"leukaemia": 28, "infection": 6, "GVHD": 3, "other": 2}
    rows = result_rows(
        {
            "level": [level for level in counts for _ in range(2)],
            "measure": ["count", "percent"] * len(counts),
            "estimate": [value for number in counts.values() for value in (number, 100 * number / 39)],
        }
    )
    known = {"label": "Cause of death", "groups": (), "total": 39}
    return Analysis("causes", "causes_of_death", "Causes of death", (Output("causes_of_death", rows, known),))


def screen() -> Analysis:
    """Each variable on its own."""
    rows = result_rows(
        {
            "term": ["sex"] * 2 + ["graft"] * 3,
            "level": ["female", "male", *GRAFTS],
            "at_risk": [25, 34, 12, 18, 29],
            "events": [18, 25, 10, 14, 19],
            "time": 5.0,
            "estimate": [0.3, 0.25, 0.16, 0.17, 0.373],
            "low": [0.15, 0.12, 0.03, 0.04, 0.2],
            "high": [0.5, 0.4, 0.4, 0.38, 0.55],
            "confidence": 0.95,
            "p": [0.46] * 2 + [0.04] * 3,
            "p_adjusted": [0.46] * 2 + [0.08] * 3,
        }
    )
    known = {
        "variables": ({"name": "sex", "label": "Sex"}, {"name": "graft", "label": "Graft source"}),
        "endpoint_label": "Overall survival",
        "at": "5 years",
        "adjust": "holm",
    }
    return Analysis("screen", "screen", "Each variable and survival", (Output("screen", rows, known),))
