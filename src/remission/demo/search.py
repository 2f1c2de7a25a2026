"""What calibration shares: walking through the seeds of a stage, and survival at one time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, Protocol, TypeVar

from remission.core.steps import value_at
from remission.demo.draws import Flags, Floats
from remission.estimate.survival import kaplan_meier
from remission.events.count import event_table


class Seeded(Protocol):
    """A declared model whose stages of simulation have a seed each."""

    @property
    def seeds(self) -> Any:
        """The record of seeds, by stage."""


M = TypeVar("M", bound=Seeded)


def fitting(model: M, stage: str, fits: Callable[[M], bool], *, start: int = 0, most: int) -> Iterator[M]:
    """The model with each seed of a stage that fits, from `start` on, among the next `most`."""
    for seed in range(start, start + most):
        candidate: M = replace(model, seeds=replace(model.seeds, **{stage: seed}))  # type: ignore[type-var]
        if fits(candidate):
            yield candidate


def first(model: M, stage: str, fits: Callable[[M], bool], most: Mapping[str, int]) -> Iterator[M]:
    """The model with the first seed of a stage that fits, if any; `most` seeds of each stage are tried."""
    return islice(fitting(model, stage, fits, most=most[stage]), 1)


def survival(exit_: Floats, event: Flags, days: float) -> float:
    """Kaplan-Meier survival at one time."""
    return survival_and_error(exit_, event, days)[0]


def survival_and_error(exit_: Floats, event: Flags, days: float) -> tuple[float, float]:
    """Kaplan-Meier survival at one time, and its standard error by Greenwood."""
    curve = kaplan_meier(event_table(exit_, event)).curve()
    estimate = float(value_at(curve.time, curve.estimate, days, 1.0))
    return estimate, float(value_at(curve.time, curve.std_error, days, 0.0))
