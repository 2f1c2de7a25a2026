"""Efron's tied deaths, summed out.

Tied deaths are sub-rows of their event point: sub-row l of d sees the fraction a = l/d of the tied deaths
already gone, so Z = s0 - a d0 remains. All that models need of sub-rows are sums of mass a^i / Z^j within a
point, so that matrices stay at one column per event point, never one per death.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from remission.core.pieces import pieces

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class TieSums:
    """Sums over sub-rows: `s_ij` = sum of mass a^j / Z^i; `log_z` = sum of mass log Z.

    `s10`, `s20`, `log_z` are by point (m,); the others by tied point (k,), and 0 elsewhere.
    """

    s10: Floats
    s11: Floats
    s20: Floats
    s21: Floats
    s22: Floats
    log_z: Floats


def tie_sums(mass: Floats, count: Floats, several: Ints, s0: Floats, d0: Floats) -> TieSums:
    """Sums over sub-rows; a point without ties, and any point for Breslow, has one sub-row with a = 0.

    Parameters
    ----------
    mass, count, s0 : arrays (m,)
        Summed weights and number of each point's deaths; sum over its risk set.
    several : array (k,) of int
        Points with tied deaths.
    d0 : array (k,)
        Sums over their deaths.
    """
    first = mass / s0
    second = first / s0
    logs = mass * np.log(s0)
    if not len(several):
        return TieSums(first, d0, second, d0, d0, logs)
    begin = np.concatenate([[0], np.cumsum(count[several])]).astype(np.int64)
    sums = np.empty((6, len(several)))
    ends = np.searchsorted(begin, [piece.stop for piece in pieces(int(begin[-1]), len(sums))])
    for start, stop in pairwise(np.unique([0, *ends])):
        here = slice(start, stop)
        sums[:, here] = _sub_rows(begin[start : stop + 1] - begin[start], s0[several[here]], d0[here])
    sums *= mass[several] / count[several]
    first[several], second[several], logs[several] = sums[0], sums[2], sums[5]
    return TieSums(first, sums[1], second, sums[3], sums[4], logs)


def _sub_rows(begin: Ints, s0: Floats, d0: Floats) -> tuple[Floats, ...]:
    """Sums of 1/Z, a/Z, 1/Z^2, a/Z^2, a^2/Z^2 and log Z over the sub-rows of some points."""
    number = np.diff(begin)
    fraction = (np.arange(begin[-1]) - np.repeat(begin[:-1], number)) / np.repeat(number, number)
    remaining = np.repeat(s0, number) - fraction * np.repeat(d0, number)
    inverse = 1.0 / remaining
    share = inverse * fraction

    def total(values: Floats) -> Floats:
        return np.asarray(np.add.reduceat(values, begin[:-1]))

    return (
        total(inverse),
        total(share),
        total(inverse * inverse),
        total(inverse * share),
        total(share * share),
        total(np.log(remaining)),
    )
