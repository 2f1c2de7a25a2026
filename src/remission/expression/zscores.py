"""Genes on a common scale for a heat map: samples in order of their groups, genes in order of direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.expression.groups import BySample, as_texts, lined_up
from remission.expression.matrix import Expression, positions
from remission.expression.sums import sums_of

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ZScores:
    """Values less the gene's mean, in standard deviations, over the samples shown.

    Attributes
    ----------
    genes, samples : tuple of str
    groups : tuple of str
        Of each sample, those of one group beside each other.
    values : array (genes, samples)
        NaN where missing, and in genes that do not vary.
    """

    genes: tuple[str, ...]
    samples: tuple[str, ...]
    groups: tuple[str, ...]
    values: Floats

    def group_means(self) -> pl.DataFrame:
        """One row per gene and group: gene, group, mean of the z-scores, n samples with a value.

        Says nothing of single patients as long as groups are not tiny.
        """
        import polars as pl  # noqa: PLC0415 - loaded when first needed

        names = list(dict.fromkeys(self.groups))
        member = np.array([[group == name for group in self.groups] for name in names])
        known = ~np.isnan(self.values)
        n = known @ member.T.astype(float)
        total = np.where(known, self.values, 0.0) @ member.T.astype(float)
        mean = np.divide(total, n, out=np.full(n.shape, np.nan), where=n > 0)
        return pl.DataFrame(
            {
                "gene": np.repeat(np.array(self.genes, dtype=object), len(names)).tolist(),
                "group": names * len(self.genes),
                "mean": pl.Series(mean.ravel(), dtype=pl.Float64).fill_nan(None),
                "n": n.ravel().astype(int),
            },
            schema={"gene": pl.String, "group": pl.String, "mean": pl.Float64, "n": pl.Int64},
        )


def z_scores(
    expression: Expression,
    genes: Sequence[str],
    groups: BySample,
    *,
    order: Sequence[str] | None = None,
    score: BySample | None = None,
) -> ZScores:
    """Standardise genes over the samples that have a group, and put the samples in order for a heat map.

    Parameters
    ----------
    expression : Expression
    genes : sequence of str
        In the order of the answer; `tests.found()` sorted by direction reads best.
    groups : sequence or mapping of sample to group
        None leaves a sample out.
    order : sequence of str or None
        Groups from left to right; alphabetical if None.
    score : sequence or mapping of sample to number, or None
        Orders the samples of a group, low to high, unknown last; as in the matrix if None.

    Returns
    -------
    ZScores
        Standard deviations with n - 1.

    Raises
    ------
    InputError
        For genes that are not in the matrix, or an order that does not name every group.

    Examples
    --------
    >>> matrix = Expression(("MCL1",), ("a", "b", "c", "d"), np.array([[1.0, 2.0, 3.0, 4.0]]))
    >>> shown = z_scores(matrix, ["MCL1"], ["R", "S", "R", "S"], score=[2, 1, 1, 2])
    >>> shown.samples, shown.values.round(2).tolist()
    (('c', 'a', 'b', 'd'), [[0.39, -1.16, -0.39, 1.16]])
    >>> shown.group_means()["mean"].round(2).to_list()
    [-0.39, 0.39]
    """
    named = as_texts(lined_up(groups, expression.samples, "groups"))
    levels = sorted({name for name in named if name is not None})
    if order is not None and set(order) != set(levels):
        raise InputError(f"`order` must name the groups {', '.join(levels)}, each once")
    ranks = {name: rank for rank, name in enumerate(order or levels)}
    numbers = _numbers(score, expression.samples)
    used = sorted(
        (place for place, name in enumerate(named) if name is not None),
        key=lambda place: (ranks[str(named[place])], numbers[place], place),
    )
    if len(used) < 2:
        raise InputError("a heat map takes at least two samples with a group")
    rows = positions(expression.genes, tuple(genes), "genes")
    values = expression.values[np.ix_(rows, np.array(used, dtype=np.intp))]
    found = sums_of(values)
    spread = np.sqrt(found.squares / np.maximum(found.n - 1, 1))
    varies = (spread > 1e-12 * np.maximum(np.abs(found.mean), 1.0))[:, None]
    z = found.centred / np.where(varies, spread[:, None], 1.0)
    z[np.isnan(values) | ~varies] = np.nan
    return ZScores(
        tuple(genes),
        tuple(expression.samples[place] for place in used),
        tuple(str(named[place]) for place in used),
        z,
    )


def _numbers(score: BySample | None, samples: Sequence[str]) -> list[float]:
    """Score of each sample; unknown ones come last."""
    if score is None:
        return [0.0] * len(samples)
    values = [np.inf if one is None else float(one) for one in lined_up(score, samples, "score")]
    return [np.inf if np.isnan(one) else one for one in values]
