"""Results made by hand, with everything a document can hold."""

from __future__ import annotations

from remission.cohort.cohort import FlowStep
from remission.core.vocabulary import result_rows
from remission.study.results import Analysis, EndpointSummary, Output, Provenance, Results, Statement


def made_results(**changes: object) -> Results:
    """Two analyses, one of them withheld, with awkward text and numbers."""
    rows = result_rows(
        {
            "analysis": "01-curves",
            "measure": "survival",
            "group": ["=1+1", "骨髄", None, 'a "b", c\nd'],
            "time": [0.0, 0.1, 1 / 3, 5e-324],
            "estimate": [1.0, 0.30000000000000004, -0.0, 1e300],
            "high": [1.0, float("inf"), float("-inf"), None],
            "at_risk": [59, 30, 2, 0],
        }
    )
    facts = {
        "endpoint": "os",
        "groups": ("CR", "PR"),
        "sizes": {"CR": 29, "PR": 7},
        "nested": ({"name": "age", "levels": ()},),
        "p": 0.046,
        "n": 59,
        "whole": 1.0,
        "landmark": None,
        "shown": True,
        "limit": float("inf"),
    }
    values: dict[str, object] = {
        "title": "A study",
        "question": "Who survives?",
        "simulated": True,
        "flow": (FlowStep("in the file", 0, 61), FlowStep("not a first transplant", 2, 59, 1)),
        "endpoints": (
            EndpointSummary(
                "os",
                "Overall survival",
                "death from any cause",
                59,
                {"death": 40},
                (FlowStep("no date", 1, 58),),
            ),
        ),
        "analyses": (
            Analysis(
                "01-curves",
                "curves",
                "Survival",
                (Output("curves", rows, facts), Output("curves", rows.clear(), {}, "naive")),
                (Statement("few_events", {"events": 3}, "warning"),),
                (Statement("kaplan_meier", {"references": ("kaplan1958",)}),),
            ),
            Analysis("02-compare", "compare", "Withheld", (), (Statement("guard_withheld", {}, "guard"),)),
        ),
        "provenance": Provenance(
            "ankl.csv",
            "ab" * 32,
            61,
            "study.toml",
            "cd" * 32,
            {"python": "3.11"},
            7,
            "2026-01-31T09:15:00Z",
            ("CP932",),
        ),
        "authors": ("K. Sato", "M. Ito"),
    }
    return Results(**{**values, **changes})  # type: ignore[arg-type]
