"""Sums and products over many rows, in pieces that BLAS keeps on one core."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remission.core.pieces import slices

Floats = NDArray[np.float64]
# Up to so many multiplications BLAS keeps a matrix product, or one with a vector, on one core. Over many
# small ones two threads gain nothing where both cores are free, and take ten times as long where one is not.
MATRIX_ON_ONE_CORE = 1 << 18
VECTOR_ON_ONE_CORE = 9000
FEWEST = 16


def combination(coefficients: Floats, values: Floats) -> Floats:
    """Return `coefficients @ values` for values (p, n)."""
    width, size = values.shape
    result = np.empty(size)
    for piece in slices(size, max(VECTOR_ON_ONE_CORE // max(width, 1), FEWEST)):
        np.matmul(coefficients, values[:, piece], out=result[piece])
    return result


def weighted_sums(values: Floats, weight: Floats) -> Floats:
    """Return `values @ weight` for values (p, n)."""
    total: Floats = np.einsum("pn,n->p", values, weight)
    return total


def weighted_products(values: Floats, weight: Floats, others: Floats | None = None) -> Floats:
    """Return `values @ diag(weight) @ others.T` for arrays (p, n); `others` are `values` unless given."""
    width, size = values.shape
    others = values if others is None else others
    total = np.zeros((width, width))
    for piece in slices(size, max(MATRIX_ON_ONE_CORE // max(width, 1) ** 2, FEWEST)):
        total += (values[:, piece] * weight[piece]) @ others[:, piece].T
    return total
