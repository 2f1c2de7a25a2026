"""What a reader must know before holding a cohort against published results."""

from __future__ import annotations

from collections.abc import Sequence

from remission.study.kinds.benchmark_rows import begins_elsewhere
from remission.study.kinds.following import accrual, calendar_of
from remission.study.kinds.views import View
from remission.study.published.results import Published
from remission.study.results import Fact, Statement

UNSAID = "time zero"


def benchmark_findings(view: View, results: Sequence[Published], *, difference: bool) -> list[Statement]:
    """Historical controls, other times zero, selection, memory, impossible errors, and what has no limits."""
    about: dict[str, Fact] = {"endpoint": view.outcome.endpoint, "endpoint_label": view.outcome.label}
    years = dict.fromkeys((result.trial, result.years) for result in results)
    dated = accrual(calendar_of(view.context.cohort, view.outcome, None))
    facts: dict[str, Fact] = {
        "trials": tuple({"trial": trial, "years": each} for trial, each in years),
        "accrual_from": dated["accrual_from"],
        "accrual_to": dated["accrual_to"],
        "difference": difference,
    }
    # of all endpoints alike, and so said once
    found = [Statement("historical_controls", facts, "warning")]
    zero = view.outcome.time_zero
    other = [each for each in results if begins_elsewhere(each, zero)]
    unsaid = [each for each in results if not each.time_zero]
    if other or unsaid or zero == UNSAID:
        zeros: dict[str, Fact] = {
            **about,
            "time_zero": zero,
            "others": _named(other, "time_zero"),
            "unsaid": _named(unsaid),
            "difference": difference,
        }
        found.append(Statement("other_time_zero", zeros, "warning"))
    chosen = [each for each in results if each.selected]
    if chosen:
        found.append(
            Statement(
                "published_patients_selected", {**about, "results": _named(chosen, "selected")}, "warning"
            )
        )
    remembered = [each for each in results if "memory" in (each.mark, each.error_mark)]
    if remembered:
        found.append(Statement("published_from_memory", {**about, "results": _named(remembered)}, "warning"))
    unlikely = [each for each in results if each.unlikely]
    if unlikely:
        found.append(
            Statement("published_error_too_small", {**about, "results": _named(unlikely)}, "warning")
        )
    bare = [each for each in results if each.std_error is None and each.low is None]
    if bare:
        found.append(Statement("published_without_error", {**about, "results": _named(bare)}))
    return found


def _named(results: Sequence[Published], attribute: str = "") -> tuple[Fact, ...]:
    """Trial, population and n of results, each once, with something else they say."""
    named = dict.fromkeys(
        (each.trial, each.population, each.n, getattr(each, attribute) if attribute else "")
        for each in results
    )
    return tuple(
        {"trial": trial, "population": population, "n": n, "what": what}
        for trial, population, n, what in named
    )
