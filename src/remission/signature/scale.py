"""The matrix on the scale learned from some of its samples: fast, for many choices of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.expression.matrix import Expression
from remission.expression.reference import Kind, learn_reference, stretched

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
PLAIN: tuple[Kind, ...] = ("none", "rank", "quantile", "ratio")


@dataclass(frozen=True, slots=True, eq=False)
class Scaler:
    """What of a reference does not depend on who learns it, worked out once.

    Attributes
    ----------
    kind : str
    fixed : array (samples, genes)
        none, rank: the answer; quantile: own quantiles, stretched over all ranks; ratio: counts.
    low : array (samples, genes) of int, part : array (samples, genes)
        quantile: the rank at or below each value, and how far it is to the next (NaN = missing); else empty.
    genes, samples : tuple of str
    """

    kind: Kind
    fixed: Floats
    low: NDArray[np.int32]
    part: Floats
    genes: tuple[str, ...]
    samples: tuple[str, ...]

    def matrix(self, learning: Ints) -> Floats:
        """All samples (samples, genes) on the scale learned from some; as `Reference.apply` gives it."""
        if self.kind in ("none", "rank"):
            return self.fixed
        if self.kind == "ratio":
            whole = Expression(self.genes, self.samples, self.fixed.T, "counts")
            names = [self.samples[index] for index in learning]
            return learn_reference(whole.samples_only(names), "ratio").apply(whole.values, self.genes).T
        mean = self.fixed[learning].mean(axis=0)
        step = np.append(np.diff(mean), 0.0)
        answer: Floats = self.part * step[self.low]
        answer += mean[self.low]
        return answer


def scaler(expression: Expression, kind: Kind) -> Scaler:
    """Prepare a matrix.

    Raises
    ------
    InputError
        For a kind that standardises genes (learning does that itself), or that does not fit the scale.
    """
    if kind not in PLAIN:
        raise InputError(
            f"reference must be one of {', '.join(PLAIN)} (genes are standardised anyway); it is {kind!r}"
        )
    learn_reference(expression, kind)  # refuses what does not fit
    none, nowhere = np.empty((0, 0)), np.empty((0, 0), dtype=np.int32)
    values = expression.values
    if kind in ("none", "ratio"):
        fixed = np.ascontiguousarray(values.T)
        return Scaler(kind, fixed, nowhere, none, expression.genes, expression.samples)
    share = np.ascontiguousarray(learn_reference(expression, "rank").apply(values, expression.genes).T)
    if kind == "rank":
        return Scaler(kind, share, nowhere, none, expression.genes, expression.samples)
    own = np.stack([stretched(column) for column in values.T])
    size = values.shape[0]
    place = np.clip(share * size - 0.5, 0.0, size - 1.0)
    low = np.where(np.isnan(place), 0.0, place).astype(np.int32)
    return Scaler(kind, own, low, place - low, expression.genes, expression.samples)
