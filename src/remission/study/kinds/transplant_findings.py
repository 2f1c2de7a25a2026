"""What is said of the ways of counting: why the naive one is wrong, what each does, what is not estimable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from remission.study.kinds.landmark_methods import landmark_statement
from remission.study.kinds.model_methods import model_methods
from remission.study.kinds.rows import Record
from remission.study.kinds.transplant_fits import Effect
from remission.study.kinds.transplant_patients import NO, YES, early_events, statuses_of
from remission.study.kinds.transplant_table import Counting
from remission.study.results import Fact, Statement


def way_findings(counting: Counting, effects: Sequence[Effect]) -> list[Statement]:
    """Why the naive comparison is wrong, what each way does, which time was found, what is not estimated."""
    found, clock = counting.found, counting.clock
    about: dict[str, Fact] = {"endpoint_label": found.outcome.label, "by_label": found.label}
    never, before, after = statuses_of(found)
    year = clock.days_per_year
    naive = effects[0].record(found.by, counting.recipe.cause, counting.recipe.confidence)
    moving = effects[1].record(found.by, counting.recipe.cause, counting.recipe.confidence)
    median = found.median_wait
    said: list[Statement] = []
    if found.ever.any():
        waits = found.switch[found.ever]
        facts: dict[str, Fact] = {
            **about,
            "time_zero": found.outcome.time_zero,
            "naive": _numbers(naive),
            "moving": _numbers(moving),
            "transplanted": after.patients,
            "never": never.patients,
            "years_before": before.days / year,
            "years_after": after.days / year,
            "years_never": never.days / year,
            "events_never": never.events,
            "events_after": after.events,
            "median_wait": median,
            "longest_wait": float(waits.max()),
            "early_events": early_events(found, median),
            "events_by_last": early_events(found, float(waits.max())),
            "too_late": found.too_late,
        }
        said.append(Statement("transplant_naive", facts, "guard"))
        if counting.asks_median:
            told: dict[str, Fact] = {
                **about,
                "median": median,
                "q1": float(np.quantile(waits, 0.25)),
                "q3": float(np.quantile(waits, 0.75)),
                "n": len(waits),
                "time_zero": found.outcome.time_zero,
            }
            said.append(Statement("waiting_time_found", told))
    for way in dict.fromkeys(each.way for each in effects):
        at: tuple[Fact, ...] = tuple(
            each.at for each in effects if each.way == way and each.at is not None and not each.adjusted
        )
        said.append(Statement("transplant_way", {**about, "way": way, "at": at}))
    missing = [
        name
        for name, there in (("landmark", counting.landmarks), ("waiting time", counting.waiting_time))
        if not there
    ]
    if missing:
        said.append(Statement("ways_not_declared", {**about, "ways": tuple(missing)}))
    lost: tuple[Fact, ...] = tuple(
        {"level": each.level, "reason": each.reason} for each in effects if each.model is None
    )
    if lost:
        said.append(Statement("transplant_not_estimated", {**about, "ways": lost}, "warning"))
    if found.too_late:
        said.append(Statement("transplanted_too_late", {**about, "n": found.too_late}))
    if counting.donor is not None:
        said.append(_donor_statement(counting, about))
    labels = tuple(term.label for term in counting.adjust)
    caveats: dict[str, Fact] = {**about, "adjusted_for": labels, "donor": counting.donor is not None}
    said.append(Statement("transplant_caveats", caveats, "warning"))
    if len(found.outcome.causes) > 1:
        said.append(Statement("ratios_cause_specific", about, "warning"))
    return said


def way_methods(counting: Counting, effects: Sequence[Effect]) -> list[Statement]:
    """Say how each way was done."""
    found = counting.found
    said = [Statement("time_dependent_terms", {"labels": (found.label,), "references": ("suissa2007",)})]
    for effect in effects:
        if effect.model is not None and effect.way != "naive":
            stratum = counting.risk if effect.way == "within risk" else None
            said += [
                each
                for each in model_methods(effect.model, stratum=stratum)
                if each.name != "concordance_method"
            ]
        if effect.way == "landmark" and effect.at is not None:
            said.append(landmark_statement(effect.at, found.outcome.time_zero, regrouped=True))
        if effect.way == "waiting time":
            facts: dict[str, Fact] = {"at": effect.at, "references": ("balduzzi2005", "mann2010")}
            said.append(Statement("waiting_time_method", facts))
        if effect.way == "donor":
            said.append(Statement("donor_method", {"references": ("gray1991", "balduzzi2005")}))
    return said


def _donor_statement(counting: Counting, about: dict[str, Fact]) -> Statement:
    """How many of those with and without a donor were transplanted."""
    found = counting.found
    values = found.columns[counting.donor or ""]
    groups: tuple[Fact, ...] = tuple(
        {
            "level": level,
            "n": int(np.count_nonzero(values == level)),
            "transplanted": int(np.count_nonzero((values == level) & found.ever)),
        }
        for level in (YES, NO)
    )
    return Statement("donor_compared", {**about, "groups": groups})


def _numbers(record: Record) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    for name in ("estimate", "low", "high", "p"):
        value = record.get(name)
        found[name] = float(value) if isinstance(value, int | float) and np.isfinite(value) else None
    return found
