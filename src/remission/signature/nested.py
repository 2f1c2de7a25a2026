"""Repeated nested cross-validation, and its null: the same with the answers dealt out anew."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from remission.assess.cindex import c_index
from remission.assess.roc import placements
from remission.core.progress import Progress
from remission.core.ranks import midranks
from remission.signature.folds import fold_of
from remission.signature.pipeline import Plan, fit
from remission.signature.scale import Scaler
from remission.signature.target import Target
from remission.signature.workers import spread

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
OBSERVED, NULL = 0, 1


@dataclass(frozen=True, slots=True, eq=False)
class OutOfFold:
    """Predictions of every sample by models that never saw it.

    Attributes
    ----------
    scores, probabilities : arrays (repeats, n)
        Of those learned from: by the one model of each repeat that did not; of the others: mean over the
        models of the repeat. Probabilities are NaN but for classes.
    genes : tuple of arrays of int
        Genes of each model.
    sizes, settings : tuples
        What tuning chose in each.
    """

    scores: Floats
    probabilities: Floats
    genes: tuple[Ints, ...]
    sizes: tuple[int, ...]
    settings: tuple[float, ...]


def out_of_fold(
    scaler: Scaler,
    target: Target,
    plan: Plan,
    *,
    folds: int,
    repeats: int,
    seed: int,
    jobs: int,
    progress: Progress | None,
) -> OutOfFold:
    """Run `repeats` × `folds` models; scaling, filter, selection and tuning see the learning part only."""
    tasks = [(repeat, k) for repeat in range(repeats) for k in range(folds)]
    work = partial(_one_fold, scaler, target, plan, folds, seed)
    found = spread(work, tasks, jobs=jobs, what="cross-validation", progress=progress)
    n = len(target.y)
    scores, chances, times = np.zeros((repeats, n)), np.zeros((repeats, n)), np.zeros((repeats, n))
    for (repeat, _), (rows, score, chance, _, _, _) in zip(tasks, found, strict=True):
        scores[repeat, rows] += score
        chances[repeat, rows] += chance
        times[repeat, rows] += 1
    return OutOfFold(
        scores / times,
        chances / times,
        tuple(each[3] for each in found),
        tuple(each[4] for each in found),
        tuple(each[5] for each in found),
    )


def null(
    scaler: Scaler,
    target: Target,
    plan: Plan,
    *,
    folds: int,
    repeats: int,
    permutations: int,
    seed: int,
    jobs: int,
    progress: Progress | None,
) -> Floats:
    """Statistic of the whole pipeline with the answers dealt out anew, one per permutation."""
    work = partial(_one_permutation, scaler, target, plan, folds, repeats, seed)
    found = spread(work, list(range(permutations)), jobs=jobs, what="permutations", progress=progress)
    return np.array(found)


def statistic(scores: Floats, target: Target) -> float:
    """Mean over repeats: area under the ROC curve, rank correlation with the value, or concordance.

    Examples
    --------
    >>> from remission.signature.target import made_target
    >>> y = np.repeat([0.0, 1.0], 5)
    >>> target = made_target("class", y, np.zeros(10, bool), "resistant", "sensitive", ())
    >>> statistic(np.arange(10.0)[None, :], target)
    1.0
    """
    here = target.learned
    y = target.y[here]
    if target.task == "class":
        each = [placements(row[here], y == 1)[0] for row in scores]
    elif target.task == "value":
        each = [rank_correlation(row[here], y) for row in scores]
    else:
        each = [c_index(row[here], y, target.event[here]).estimate for row in scores]
    return float(np.mean(each))


def rank_correlation(one: Floats, other: Floats) -> float:
    """Spearman's correlation; 0 where one does not vary.

    Examples
    --------
    >>> rank_correlation(np.array([1.0, 2.0, 9.0]), np.array([0.1, 0.2, 0.3]))
    1.0
    """
    a, b = (midranks(values)[0] for values in (one, other))
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b / size) if size else 0.0


def _one_fold(
    scaler: Scaler, target: Target, plan: Plan, folds: int, seed: int, task: tuple[int, int]
) -> tuple[Ints, Floats, Floats, Ints, int, float]:
    repeat, k = task
    fold = fold_of(target.stratum, folds, np.random.default_rng([seed, OBSERVED, repeat]))
    learning = np.flatnonzero((fold >= 0) & (fold != k))
    rows = np.flatnonzero((fold == k) | (fold < 0))
    matrix = scaler.matrix(learning)
    model = fit(matrix, learning, target, plan, np.random.default_rng([seed, OBSERVED, repeat, k + 1]))
    scores = model.scores(matrix[rows])
    chances = model.probabilities(scores) if target.task == "class" else np.full(len(rows), np.nan)
    return rows, scores, chances, model.genes, model.size, model.setting


def _one_permutation(
    scaler: Scaler, target: Target, plan: Plan, folds: int, repeats: int, seed: int, index: int
) -> float:
    dealt = target.shuffled(np.random.default_rng([seed, NULL, index]))
    own = int(np.random.default_rng([seed, NULL, index, 1]).integers(2**62))
    found = out_of_fold(scaler, dealt, plan, folds=folds, repeats=repeats, seed=own, jobs=1, progress=None)
    return statistic(found.scores, dealt)
