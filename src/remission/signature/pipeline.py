"""From a scaled matrix to a linear score: filter, selection, standardising, tuning, on one learning set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.assess.cindex import c_index
from remission.assess.logistic import expit, logit
from remission.assess.roc import placements
from remission.core.newton import maximise
from remission.core.problems import InputError
from remission.signature.folds import fold_of
from remission.signature.models import Model
from remission.signature.strength import Flags, Moments, Select, moments, spreads, strengths
from remission.signature.target import Target

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to learn.

    Attributes
    ----------
    model : Model
    sizes : tuple of int
        Numbers of genes to choose among, rising.
    inner : int
        Folds of the choice.
    least_known : float
        A gene must be known in this share of the learning samples.
    select : "sam" or "welch"
    """

    model: Model
    sizes: tuple[int, ...]
    inner: int
    least_known: float
    select: Select


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A linear score of scaled genes.

    Attributes
    ----------
    genes : array (p,) of int
        Columns of the matrix.
    centre, spread : arrays (p,)
        By which they are standardised.
    weights : array (p,), intercept : float
    size : int, setting : float
        What tuning chose.
    mapping : array (2,)
        Intercept and slope from score to log odds of the class (else 0, 1); learned on inner folds.
    """

    genes: Ints
    centre: Floats
    spread: Floats
    weights: Floats
    intercept: float
    size: int
    setting: float
    mapping: Floats

    def scores(self, matrix: Floats) -> Floats:
        """Score of each row of a scaled matrix; a missing gene counts as the mean of the learning set."""
        return _standardised(matrix[:, self.genes], self.centre, self.spread) @ self.weights + self.intercept

    def probabilities(self, scores: Floats) -> Floats:
        """Probability of the class, at its share in the learning set."""
        return expit(self.mapping[0] + self.mapping[1] * scores)


def fit(matrix: Floats, learning: Ints, target: Target, plan: Plan, rng: np.random.Generator) -> Fitted:
    """Learn on some rows of a scaled matrix (samples, genes); nothing of the other rows is looked at.

    Raises
    ------
    InputError
        If no gene is left, or folds are impossible.
    """
    inside, m, centre, spread, usable = _filtered(matrix, learning, plan)
    fold = np.full(len(target.y), -1, dtype=np.int64)
    fold[learning] = fold_of(target.stratum[learning], plan.inner, rng)
    sets = np.stack([inside & (fold != k) for k in range(plan.inner)] + [inside])
    strength = strengths(m, target, sets, plan.select)
    sizes = sorted({min(size, len(usable)) for size in plan.sizes})
    order = [_strongest(row, usable, sizes[-1]) for row in strength]
    outside = np.full((len(sizes), len(plan.model.settings), len(learning)), np.nan)
    for k in range(plan.inner):
        rows, held = np.flatnonzero(sets[k]), fold[learning] == k
        inner_centre, inner_spread, _ = spreads(m, sets[k])
        for index, size in enumerate(sizes):
            genes = order[k][:size]
            genes = genes[inner_spread[genes] > 0]
            path = _path(matrix, rows, genes, inner_centre, inner_spread, strength[k], target, plan.model)
            z = _standardised(matrix[np.ix_(learning[held], genes)], inner_centre[genes], inner_spread[genes])
            outside[index][:, held] = (z @ path[:-1] + path[-1]).T
    choice = _best(outside, target, learning, plan.model)
    mapping = np.array([0.0, 1.0])
    if target.task == "class":
        mapping = platt(outside[choice], target.y[learning])
    prepared = centre, spread, strength[-1]
    return _chosen(
        matrix, learning, target, plan.model, order[-1][: sizes[choice[0]]], choice[1], prepared, mapping
    )


def refit(matrix: Floats, learning: Ints, target: Target, plan: Plan, size: int, setting: float) -> Fitted:
    """Learn with the number of genes and the setting given: filter, selection, standardising and weights."""
    inside, m, centre, spread, usable = _filtered(matrix, learning, plan)
    strength = strengths(m, target, inside[None, :], plan.select)[0]
    genes = _strongest(strength, usable, size)
    column = plan.model.settings.index(setting)
    prepared = centre, spread, strength
    return _chosen(matrix, learning, target, plan.model, genes, column, prepared, np.array([0.0, 1.0]))


def _filtered(matrix: Floats, learning: Ints, plan: Plan) -> tuple[Flags, Moments, Floats, Floats, Ints]:
    """The learning set as flags, the matrix centred, centre and spread of the genes, and the usable genes."""
    inside = np.zeros(len(matrix), dtype=bool)
    inside[learning] = True
    m = moments(matrix, learning)
    centre, spread, known = spreads(m, inside)
    usable = np.flatnonzero((spread > 0) & (known >= plan.least_known))
    if not len(usable):
        raise InputError("no gene varies and is known in enough samples")
    return inside, m, centre, spread, usable


def _chosen(
    matrix: Floats,
    learning: Ints,
    target: Target,
    model: Model,
    genes: Ints,
    column: int,
    prepared: tuple[Floats, Floats, Floats],
    mapping: Floats,
) -> Fitted:
    """Weights of the chosen genes at the chosen setting; genes of weight 0 are left out."""
    centre, spread, strength = prepared
    path = _path(matrix, learning, genes, centre, spread, strength, target, model)[:, column]
    kept = np.flatnonzero(path[:-1])
    return Fitted(
        genes[kept],
        centre[genes[kept]],
        spread[genes[kept]],
        path[:-1][kept],
        float(path[-1]),
        len(genes),
        model.settings[column],
        mapping,
    )


def platt(scores: Floats, y: Floats, weight: Floats | None = None) -> Floats:
    """Intercept and slope from score to log odds, the classes pulled in a little so that they are finite.

    The slope is not below 0: a score that points the wrong way out of fold tells nothing, and everybody gets
    the share of the class.

    References
    ----------
    Platt, in Advances in Large Margin Classifiers, 2000.
    """
    w = np.ones(len(y)) if weight is None else weight
    ones, zeros = float(w @ y), float(w @ (1 - y))
    soft = np.where(y == 1, (ones + 1) / (ones + 2), 1 / (zeros + 2))
    middle, scale = float(scores.mean()), float(scores.std())
    flat = np.array([float(logit(np.array([ones / (ones + zeros)]))[0]), 0.0])
    if scale <= 0:
        return flat
    columns = np.column_stack([np.ones(len(y)), (scores - middle) / scale])

    def objective(b: Floats) -> tuple[float, Floats, Floats]:
        eta = columns @ b
        chance = expit(eta)
        value = float(w @ (soft * eta - np.logaddexp(0.0, eta)))
        curve = (columns * (w * chance * (1 - chance))[:, None]).T @ columns
        return value, columns.T @ (w * (soft - chance)), curve

    b = maximise(objective, np.zeros(2)).point
    if b[1] <= 0:
        return flat
    slope = b[1] / scale
    return np.array([b[0] - slope * middle, slope])


def _strongest(strength: Floats, usable: Ints, most: int) -> Ints:
    """Usable genes by falling strength; equal ones in their order in the matrix."""
    absolute = np.abs(strength[usable])
    return np.asarray(usable[np.argsort(-absolute, kind="stable")[:most]])


def _path(
    matrix: Floats,
    rows: Ints,
    genes: Ints,
    centre: Floats,
    spread: Floats,
    strength: Floats,
    target: Target,
    model: Model,
) -> Floats:
    z = _standardised(matrix[np.ix_(rows, genes)], centre[genes], spread[genes])
    return model.path(z, target.y[rows], strength[genes])


def _standardised(values: Floats, centre: Floats, spread: Floats) -> Floats:
    z = (values - centre) / spread
    return np.where(np.isnan(z), 0.0, z)


def _best(outside: Floats, target: Target, learning: Ints, model: Model) -> tuple[int, int]:
    """Size and setting of the best criterion; among equals the fewest genes, then the simplest setting."""
    y, event = target.y[learning], target.event[learning]
    value = np.empty(outside.shape[:2])
    for index in np.ndindex(value.shape):
        value[index] = _criterion(outside[index], y, event, model.criterion)
    best = np.argwhere(value >= value.max() - 1e-9)[0]
    return int(best[0]), int(best[1])


def _criterion(score: Floats, y: Floats, event: NDArray[np.bool_], how: str) -> float:
    """More is better."""
    if how == "error":
        return -float(((score - y) ** 2).mean())
    if how == "concordance":
        return c_index(score, y, event).estimate
    one = y == 1
    if how == "area":
        return placements(score, one)[0]
    loss = np.logaddexp(0.0, np.where(one, -score, score))
    return -float(loss[one].mean() + loss[~one].mean())
