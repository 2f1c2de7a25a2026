"""A scale learned once and frozen: every later sample is put on it alone, whoever else is in its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, cast, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from remission.core.problems import InputError, shown
from remission.core.ranks import midranks
from remission.expression.matrix import Expression, repeated
from remission.expression.sums import sums_of

Floats = NDArray[np.float64]
Kind = Literal["none", "z", "rank", "z-rank", "quantile", "z-quantile", "ratio", "z-ratio"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A frozen transform of one sample at a time.

    First the sample as a whole, among the genes of the reference that it has:

    * `none`: as it is. `rank`: mid-rank less one half, over the number of genes: 0 to 1.
    * `quantile`: the value at that rank in the mean sample of the reference (ties share a mid-rank; between
      two ranks, straight lines).
    * `ratio` (counts): log2(count / size + 1), where size is the median of count / reference over genes
      whose geometric mean in the reference is above 0 (median of ratios).

    With `z` each gene then is (value - centre) / scale, mean and standard deviation of the learning samples;
    a gene without spread there carries no information and becomes 0.

    A missing gene (absent from the sample, or NaN) stays missing: NaN. Nothing is imputed here.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    genes : tuple of str
        In this order the answers are.
    quantiles : array (genes,)
        Of the mean sample, increasing; empty unless `quantile`.
    means : array (genes,)
        Geometric means of the counts (0 where any learning sample has 0); empty unless `ratio`.
    centre, scale : array (genes,)
        Empty without `z-`.
    samples : int
        How many it was learned from.
    """

    kind: Kind
    genes: tuple[str, ...]
    quantiles: Floats
    means: Floats
    centre: Floats
    scale: Floats
    samples: int

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f'there is no reference of kind "{self.kind}"; choose one of {", ".join(KINDS)}')
        object.__setattr__(self, "genes", tuple(self.genes))
        if repeated(self.genes):
            raise InputError(f"genes given more than once: {shown(repeated(self.genes))}")
        whole, standardised = _parts(self.kind)
        needed = {
            "quantiles": whole == "quantile",
            "means": whole == "ratio",
            "centre": standardised,
            "scale": standardised,
        }
        for name, wanted in needed.items():
            array = np.array(getattr(self, name), dtype=np.float64)
            if array.shape != ((len(self.genes),) if wanted else (0,)):
                raise InputError(
                    f"a reference of kind {self.kind} has {name} of another length: {array.shape}"
                )
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    def apply(self, values: ArrayLike, genes: Sequence[str]) -> Floats:
        """Put one sample, or each of many, on the frozen scale.

        Each sample is worked on alone, so it gets the same numbers, bit for bit, in any batch.

        Parameters
        ----------
        values : array (G,) or (G, samples)
            NaN = missing.
        genes : sequence of str
            Names of the G rows, in any order; genes that the reference does not know are passed over.

        Returns
        -------
        array (genes of the reference,) or (genes of the reference, samples)
            NaN where missing.

        Raises
        ------
        InputError
            If names and rows do not fit, a gene is given twice, or counts are negative.
        """
        matrix = np.asarray(values, dtype=np.float64)
        if matrix.ndim not in (1, 2) or matrix.shape[0] != len(genes):
            raise InputError(f"values are {matrix.shape}, but {len(genes)} genes are named")
        twice = repeated(genes)
        if twice:
            raise InputError(f"genes given more than once: {shown(twice)}")
        columns = matrix[:, None] if matrix.ndim == 1 else matrix
        place = {name: row for row, name in enumerate(genes)}
        rows = np.fromiter((place.get(name, -1) for name in self.genes), np.intp, len(self.genes))
        answer = np.full((len(self.genes), columns.shape[1]), np.nan)
        for sample in range(columns.shape[1]):
            column = np.full(len(self.genes), np.nan)
            column[rows >= 0] = columns[rows[rows >= 0], sample]
            answer[:, sample] = self._standardised(_whole(column, self.kind, self.quantiles, self.means))
        return answer[:, 0] if matrix.ndim == 1 else answer

    def coverage(self, values: ArrayLike, genes: Sequence[str]) -> Floats:
        """Share of the genes of the reference that each sample has (one number per sample)."""
        place = {name: row for row, name in enumerate(genes)}
        rows = [place[name] for name in self.genes if name in place]
        matrix = np.asarray(values, dtype=np.float64)
        known = ~np.isnan(matrix[:, None] if matrix.ndim == 1 else matrix)[rows]
        return np.asarray(known.sum(axis=0) / max(len(self.genes), 1), dtype=np.float64)

    def to_plain(self) -> dict[str, Any]:
        """Plain lists and numbers, for JSON; exact there and back (NaN is None)."""
        plain: dict[str, Any] = {
            "kind": self.kind,
            "genes": list(self.genes),
            "samples": self.samples,
        }
        for name in _ARRAYS:
            plain[name] = [None if np.isnan(x) else x for x in getattr(self, name).tolist()]
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Reference:
        """Make it again from `to_plain`; unknown or absent keys raise InputError."""
        known = {item.name for item in fields(cls)}
        if set(plain) != known:
            raise InputError(f"a reference has the keys {', '.join(sorted(known))}; this is another thing")
        arrays = {
            name: np.array([np.nan if x is None else x for x in plain[name]], float) for name in _ARRAYS
        }
        return cls(plain["kind"], tuple(plain["genes"]), samples=int(plain["samples"]), **arrays)

    def _standardised(self, column: Floats) -> Floats:
        if not _parts(self.kind)[1]:
            return column
        with np.errstate(divide="ignore", invalid="ignore"):
            z = (column - self.centre) / self.scale
        return np.where(self.scale == 0, np.where(np.isnan(column), np.nan, 0.0), z)


_ARRAYS = ("quantiles", "means", "centre", "scale")
_NONE = np.empty(0)


def learn_reference(expression: Expression, kind: Kind = "quantile") -> Reference:
    """Learn a frozen scale from the samples of a matrix.

    Learn it inside a fold, from the learning samples only.

    Parameters
    ----------
    expression : Expression
        All its genes become those of the reference. Choose genes first where the platform of later samples
        has fewer: ranks and quantiles are taken among these genes.
    kind : str
        See `Reference`. `ratio` and `z-ratio` are for counts, the others for values on the log2 scale (ranks
        for any).

    Returns
    -------
    Reference

    Raises
    ------
    InputError
        Without genes or samples; when kind and scale do not fit; with `z-` and fewer than two samples; when a
        sample has no values; when no gene is counted in every sample (`ratio`).

    References
    ----------
    Bolstad et al., Bioinformatics 2003;19:185-193 (quantiles). Anders and Huber, Genome Biol 2010;11:R106
    (median of ratios).

    Examples
    --------
    >>> learning = Expression(("A", "B", "C"), ("1", "2"), np.array([[1.0, 3.0], [5.0, 2.0], [9.0, 10.0]]))
    >>> reference = learn_reference(learning, "quantile")
    >>> reference.quantiles
    array([1.5, 4. , 9.5])
    >>> reference.apply([100.0, 80.0, 900.0], ["A", "B", "C"])
    array([4. , 1.5, 9.5])
    """
    refuse_unfit(expression, kind)
    whole, standardised = _parts(kind)
    values = expression.values
    quantiles = _mean_sample(values) if whole == "quantile" else _NONE
    means = _geometric_means(values) if whole == "ratio" else _NONE
    centre = scale = _NONE
    if standardised:
        columns = [_whole(values[:, j].copy(), kind, quantiles, means) for j in range(values.shape[1])]
        centre, scale = _mean_and_sd(np.column_stack(columns))
    return Reference(kind, expression.genes, quantiles, means, centre, scale, len(expression.samples))


def _parts(kind: str) -> tuple[str, bool]:
    """The transform of the sample as a whole, and whether genes are standardised after it."""
    return kind.removeprefix("z-") if kind != "z" else "none", kind.startswith("z")


def refuse_unfit(expression: Expression, kind: Kind) -> None:
    """Refuse a kind there is none of, or that does not fit a matrix, without learning it.

    Raises
    ------
    InputError
        As `learn_reference`, but for counts of 0.
    """
    if kind not in KINDS:
        raise InputError(f'there is no reference of kind "{kind}"; choose one of {", ".join(KINDS)}')
    whole, standardised = _parts(kind)
    wrong = []
    if not expression.genes or not expression.samples:
        raise InputError("a reference is learned from at least one gene and one sample")
    if (whole == "ratio") != (expression.scale == "counts") and whole != "rank":
        wrong.append(
            f'a reference of kind "{whole}" does not fit values on the scale "{expression.scale}": '
            'counts take "ratio" or "rank", others "none", "quantile" or "rank"'
        )
    if standardised and len(expression.samples) < 2:
        wrong.append("standardising takes at least two samples")
    empty = np.isnan(expression.values).all(axis=0)
    if empty.any():
        wrong.append(f"samples without any value: {shown(np.array(expression.samples)[empty].tolist())}")
    if wrong:
        raise InputError("; ".join(wrong))


def _whole(column: Floats, kind: str, quantiles: Floats, means: Floats) -> Floats:
    """Transform one sample among the genes it has."""
    whole = _parts(kind)[0]
    if whole == "none":
        return column
    known = np.flatnonzero(~np.isnan(column))
    if not len(known):
        return column
    answer = np.full(len(column), np.nan)
    if whole == "ratio":
        answer[known] = np.log2(column[known] / _size(column[known], means[known]) + 1.0)
        return answer
    share = (midranks(column[known])[0] - 0.5) / len(known)
    answer[known] = np.interp(share, _grid(len(quantiles)), quantiles) if whole == "quantile" else share
    return answer


def _grid(size: int) -> Floats:
    return (np.arange(size) + 0.5) / size


def _size(counts: Floats, means: Floats) -> float:
    """Size factor of a sample: median of its ratios to the reference."""
    if (counts < 0).any():
        raise InputError("counts are never negative")
    used = means > 0
    size = float(np.median(counts[used] / means[used])) if used.any() else 0.0
    if size <= 0:
        raise InputError(
            "a sample has counts of 0 in half of the reference genes, so its depth cannot be told"
        )
    return size


def _mean_sample(values: Floats) -> Floats:
    """Mean over samples of their quantiles; a sample with missing values is stretched over all ranks."""
    total = np.zeros(len(values))
    for column in values.T:
        total += stretched(column)
    return cast("Floats", total / values.shape[1])


def stretched(column: Floats) -> Floats:
    """Quantiles of a sample at the ranks it would have with all its genes, by straight lines.

    Examples
    --------
    >>> stretched(np.array([4.0, np.nan, 1.0]))
    array([1. , 2.5, 4. ])
    """
    known = np.sort(column[~np.isnan(column)])
    return np.asarray(np.interp(_grid(len(column)), _grid(len(known)), known))


def _geometric_means(values: Floats) -> Floats:
    """Of the genes counted in every sample; 0 of the others."""
    means = np.zeros(len(values))
    everywhere = (np.nan_to_num(values) > 0).all(axis=1)
    if not everywhere.any():
        raise InputError("no gene has reads in every sample, so no reference of ratios can be made")
    means[everywhere] = np.exp(np.log(values[everywhere]).mean(axis=1))
    return means


def _mean_and_sd(values: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each gene over the samples that have it; NaN where fewer than two do."""
    found = sums_of(values)
    spread = np.sqrt(found.squares / np.maximum(found.n - 1, 1))
    level = np.nan_to_num(np.abs(values)).max(axis=1, initial=0.0)
    spread = np.where(spread <= 1e-12 * level, 0.0, spread)
    return np.where(found.n > 1, found.mean, np.nan), np.where(found.n > 1, spread, np.nan)
