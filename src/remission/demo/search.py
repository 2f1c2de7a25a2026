"""What calibration shares: walking through the seeds of a stage, and values of curves at one time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from remission.core.steps import last_at
from remission.demo.draws import Flags, Floats
from remission.estimate.curves import Curve
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


def survival(exit_: Floats, event: Flags, days: float) -> float:
    """Kaplan-Meier survival at one time."""
    return survival_and_error(exit_, event, days)[0]


def survival_and_error(exit_: Floats, event: Flags, days: float) -> tuple[float, float]:
    """Kaplan-Meier survival at one time, and its standard error by Greenwood."""
    curve = kaplan_meier(event_table(exit_, event)).curve()
    index = int(last_at(curve.time, days))
    return (float(curve.estimate[index]), float(curve.std_error[index])) if index >= 0 else (1.0, 0.0)


def value_at(curve: Curve, days: float, *, before: float) -> float:
    """Value of a curve at one time; `before` its first."""
    index = int(last_at(curve.time, days))
    return float(curve.estimate[index]) if index >= 0 else before
