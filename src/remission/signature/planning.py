"""What is refused before anything is learned: choices, scale, and too few patients."""

from __future__ import annotations

from math import ceil
from typing import Any

from remission.core.problems import InputError
from remission.expression.matrix import Expression
from remission.expression.reference import Kind, refuse_unfit
from remission.signature.models import ModelName, model_of
from remission.signature.pipeline import Plan
from remission.signature.strength import SELECTS, Select
from remission.signature.target import Censored, Target, Task, read_target
from remission.signature.workers import need_learning


def plan_learning(  # noqa: PLR0913 - as learn_signature
    expression: Expression,
    response: Any,
    *,
    task: Task = "class",
    model: ModelName = "elastic net",
    select: Select = "sam",
    sizes: tuple[int, ...] = (10, 30, 100),
    reference: Kind = "quantile",
    positive: str = "resistant",
    negative: str = "sensitive",
    censored: Censored = "exclude",
    folds: int = 10,
    repeats: int = 5,
    inner_folds: int = 5,
    permutations: int = 100,
    permutation_repeats: int = 1,
    least_known: float = 0.8,
) -> tuple[Target, Plan]:
    """Refuse what `learn_signature` would refuse at its start, without learning anything.

    Parameters
    ----------
    expression, response, ...
        As `learn_signature` takes them.

    Returns
    -------
    target : Target
        Who is learned from, and the answers.
    plan : Plan
        How.

    Raises
    ------
    InputError
        Unknown choices, a reference that does not fit the scale, too few patients, names that do not match,
        or the extra `signature` not installed.
    """
    need_learning()
    if select not in SELECTS or not sizes or min(sizes) < 1:
        raise InputError(f"select is one of {', '.join(SELECTS)}, and sizes are numbers of genes, 1 or more")
    if repeats < 1 or permutations < 0 or permutation_repeats < 1 or permutation_repeats > repeats:
        raise InputError("repeats are at least 1, and permutation_repeats at most as many as repeats")
    target = read_target(
        response, expression.samples, task, positive=positive, negative=negative, censored=censored
    )
    _enough(target, folds, inner_folds)
    plan = Plan(model_of(model, task), tuple(sorted(sizes)), inner_folds, least_known, select)
    refuse_unfit(expression, reference)
    return target, plan


def _enough(target: Target, folds: int, inner_folds: int) -> None:
    """Refuse folds in which a class would have fewer than two patients to learn from."""
    if target.task != "class":
        return
    y = target.y[target.learned]
    smaller = int(min((y == 1).sum(), (y == 0).sum()))
    outer = smaller - ceil(smaller / folds)
    inner = outer - ceil(outer / inner_folds)
    if inner < 2:
        raise InputError(
            f"the smaller class has {smaller} patients, of whom {max(inner, 0)} would be left to tune on "
            f"inside {folds} folds with {inner_folds} inner folds. Take more folds, or find more patients."
        )
