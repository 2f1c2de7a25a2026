"""Leukaemia cohorts in, trustworthy printable results out.

>>> import remission as rm
>>> table = rm.event_table([5, 8, 12, 20], [True, False, True, False])
>>> curves = rm.kaplan_meier(table)

Everything loads when it is first used, so `import remission` is instant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from remission.cohort.cohort import Cohort
    from remission.core.clock import Clock, Duration
    from remission.core.problems import InputError, Problem, StudyProblems
    from remission.estimate.difference import difference
    from remission.estimate.followup import follow_up
    from remission.estimate.gray import gray
    from remission.estimate.hazard import nelson_aalen
    from remission.estimate.incidence import cumulative_incidence
    from remission.estimate.logrank import logrank
    from remission.estimate.mean import restricted_mean
    from remission.estimate.pairwise import pairwise
    from remission.estimate.permutation import permutation_logrank
    from remission.estimate.survival import kaplan_meier
    from remission.estimate.trend import logrank_trend
    from remission.events.count import event_table
    from remission.events.cut import landmark
    from remission.events.histories import Histories, histories
    from remission.events.merge import merge
    from remission.events.table import EventTable
    from remission.publish import run
    from remission.study.prepare import check, read_cohort
    from remission.study.results import Results
    from remission.study.store import read_results

__version__ = "0.1.0"

_HOME = {
    "Clock": "core.clock",
    "Cohort": "cohort.cohort",
    "Duration": "core.clock",
    "EventTable": "events.table",
    "Histories": "events.histories",
    "InputError": "core.problems",
    "Problem": "core.problems",
    "Results": "study.results",
    "StudyProblems": "core.problems",
    "check": "study.prepare",
    "cumulative_incidence": "estimate.incidence",
    "difference": "estimate.difference",
    "event_table": "events.count",
    "follow_up": "estimate.followup",
    "gray": "estimate.gray",
    "histories": "events.histories",
    "kaplan_meier": "estimate.survival",
    "landmark": "events.cut",
    "logrank": "estimate.logrank",
    "logrank_trend": "estimate.trend",
    "merge": "events.merge",
    "nelson_aalen": "estimate.hazard",
    "pairwise": "estimate.pairwise",
    "permutation_logrank": "estimate.permutation",
    "read_cohort": "study.prepare",
    "read_results": "study.store",
    "restricted_mean": "estimate.mean",
    "run": "publish",
}

__all__ = [
    "Clock",
    "Cohort",
    "Duration",
    "EventTable",
    "Histories",
    "InputError",
    "Problem",
    "Results",
    "StudyProblems",
    "__version__",
    "check",
    "cumulative_incidence",
    "difference",
    "event_table",
    "follow_up",
    "gray",
    "histories",
    "kaplan_meier",
    "landmark",
    "logrank",
    "logrank_trend",
    "merge",
    "nelson_aalen",
    "pairwise",
    "permutation_logrank",
    "read_cohort",
    "read_results",
    "restricted_mean",
    "run",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _HOME:
        message = f"module 'remission' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415

    value = getattr(import_module(f"remission.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """All public names, loaded or not."""
    return sorted({*globals(), *__all__})
