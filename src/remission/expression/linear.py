"""Least squares for many genes at once: genes with the same samples missing share one decomposition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Index = NDArray[np.intp]
RANK = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The group's coefficient in each gene's own regression; NaN where it cannot be estimated.

    `unscaled` is its variance over the residual variance; `df` are residual degrees of freedom.
    """

    coefficient: Floats
    unscaled: Floats
    variance: Floats
    df: Floats


def patterns(values: Floats) -> Iterator[tuple[Index, Index]]:
    """Genes that have the same samples, and those samples.

    Examples
    --------
    >>> [(genes.tolist(), samples.tolist()) for genes, samples in patterns(np.array([[1, 2], [np.nan, 3]]))]
    [([1], [1]), ([0], [0, 1])]
    """
    known = ~np.isnan(values)
    if known.all():
        yield np.arange(len(values)), np.arange(values.shape[1])
        return
    packed = np.packbits(known, axis=1)
    _, first, which = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(which.ravel()))[:-1]
    for row, genes in zip(first, np.split(order, ends), strict=True):
        yield genes, np.flatnonzero(known[row])


def basis(columns: Floats) -> Floats:
    """Orthonormal basis of the space of some columns (N, q), those that add nothing left out."""
    if not columns.shape[1]:
        return columns
    length = np.linalg.norm(columns, axis=0)
    left, size, _ = np.linalg.svd(columns / np.where(length > 0, length, 1.0), full_matrices=False)
    return np.asarray(left[:, size > RANK * max(size.max(initial=0.0), RANK)])


def without(values: Floats, space: Floats) -> Floats:
    """What an orthonormal basis does not explain, samples along the last axis; twice, for accuracy."""
    for _ in range(2):
        values = values - (values @ space) @ space.T
    return values


def fit_group(values: Floats, labels: Floats, others: Floats) -> Fit:
    """Regress each gene on the group (0 or 1) and other columns, over the samples it has.

    Parameters
    ----------
    values : array (G, N)
        NaN = missing.
    labels : array (N,)
    others : array (N, q)
        The intercept among them.
    """
    coefficient, unscaled, variance, df = np.full((4, len(values)), np.nan)
    for genes, samples in patterns(values):
        space = basis(others[samples])
        group = without(labels[samples], space)
        length = float(group @ group)
        left = len(samples) - space.shape[1] - 1
        if left < 1 or length <= RANK * len(samples):
            continue
        residual = without(values[np.ix_(genes, samples)], space)
        b = residual @ group / length
        rest = without(residual - b[:, None] * group, group[:, None] / np.sqrt(length))
        coefficient[genes], unscaled[genes], df[genes] = b, 1.0 / length, left
        variance[genes] = np.einsum("ij,ij->i", rest, rest) / left
    return Fit(coefficient, unscaled, variance, df)
