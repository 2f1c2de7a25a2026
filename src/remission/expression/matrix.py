"""A matrix of genes by samples that says on which scale it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError, shown
from remission.core.suggest import did_you_mean

Floats = NDArray[np.float64]
Scale = Literal["log2", "intensity", "counts"]
SCALES: tuple[Scale, ...] = get_args(Scale)


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """Expression of genes (or proteins, probes) in samples.

    Attributes
    ----------
    genes : tuple of str
        Names of the rows, each once.
    samples : tuple of str
        Names of the columns, each once.
    values : array (genes, samples)
        NaN = missing. Copied and made read-only.
    scale : "log2", "intensity" or "counts"
        Logarithms to base 2; values proportional to the amount; or numbers of reads.
    source : str
        Where it comes from: a file name, for messages and provenance.
    notes : tuple of str
        What was decided while reading it, in words.

    Raises
    ------
    InputError
        With everything that is wrong: names given twice or empty, a shape that does not fit the names,
        infinite values, an unknown scale; negative intensities; counts that are negative or no whole numbers.

    Examples
    --------
    >>> matrix = Expression(("MCL1", "BCL2"), ("a", "b"), np.array([[7.0, 8.0], [5.0, np.nan]]))
    >>> matrix.genes_only(["BCL2"]).values
    array([[ 5., nan]])
    >>> matrix.samples_only(["b"]).samples
    ('b',)
    """

    genes: tuple[str, ...]
    samples: tuple[str, ...]
    values: Floats
    scale: Scale = "log2"
    source: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "genes", tuple(self.genes))
        object.__setattr__(self, "samples", tuple(self.samples))
        object.__setattr__(self, "notes", tuple(self.notes))
        values = np.array(self.values, dtype=np.float64, order="C")
        values.flags.writeable = False
        object.__setattr__(self, "values", values)
        wrong = [*_wrong_names(self.genes, "genes"), *_wrong_names(self.samples, "samples")]
        wrong += _wrong_values(values, (len(self.genes), len(self.samples)), self.scale)
        if wrong:
            raise InputError("; ".join(wrong))

    @property
    def missing_share(self) -> float:
        """Share of the cells that are missing; 0 of an empty matrix."""
        return float(np.isnan(self.values).mean()) if self.values.size else 0.0

    @property
    def samples_without_values(self) -> tuple[str, ...]:
        """Samples in which every gene is missing."""
        empty: NDArray[np.bool_] = np.asarray(np.isnan(self.values).all(axis=0))
        return tuple(name for name, none in zip(self.samples, empty, strict=True) if none)

    def genes_only(self, names: Iterable[str]) -> Expression:
        """Keep these genes, in this order. A name that is not there, or given twice, raises InputError."""
        wanted = tuple(names)
        return replace(self, genes=wanted, values=self.values[positions(self.genes, wanted, "genes"), :])

    def samples_only(self, ids: Iterable[str]) -> Expression:
        """Keep these samples, in this order. A name that is not there, or given twice, raises InputError."""
        wanted = tuple(ids)
        found = positions(self.samples, wanted, "samples")
        return replace(self, samples=wanted, values=self.values[:, found])

    def noted(self, *notes: str) -> Expression:
        """Return the same with more notes."""
        return replace(self, notes=(*self.notes, *notes))


def positions(names: Sequence[str], wanted: Sequence[str], what: str) -> NDArray[np.intp]:
    """Where each wanted name stands; all that are not there, or asked for twice, are told at once.

    Examples
    --------
    >>> positions(("TP53", "MYC"), ("MYC",), "genes")
    array([1])
    """
    place = {name: index for index, name in enumerate(names)}
    absent = [name for name in wanted if name not in place]
    wrong = []
    if absent:
        hint = did_you_mean(absent[0], names) if len(absent) == 1 and len(names) <= 50_000 else ""
        wrong.append(f"{len(absent)} of the {what} are not in the matrix: {shown(absent)}.{hint}")
    twice = repeated(wanted)
    if twice:
        wrong.append(f"{what} asked for more than once: {shown(twice)}")
    if wrong:
        raise InputError(" ".join(wrong))
    return np.fromiter((place[name] for name in wanted), dtype=np.intp, count=len(wanted))


def repeated(names: Iterable[str]) -> list[str]:
    """Names that occur more than once, each once, in order.

    Examples
    --------
    >>> repeated(["b", "a", "b"])
    ['b']
    """
    return [name for name, count in Counter(names).items() if count > 1]


def _wrong_names(names: tuple[str, ...], what: str) -> list[str]:
    wrong = []
    twice = repeated(names)
    if twice:
        wrong.append(f"{what} given more than once: {shown(twice)}")
    empty = sum(not name.strip() for name in names)
    if empty:
        wrong.append(f"{empty} of the {what} have no name")
    return wrong


def _wrong_values(values: Floats, shape: tuple[int, int], scale: str) -> list[str]:
    if values.shape != shape:
        return [f"values are {values.shape}, but there are {shape[0]} genes and {shape[1]} samples"]
    if scale not in SCALES:
        return [f'there is no scale "{scale}"; choose one of {", ".join(SCALES)}']
    wrong = []
    if np.isinf(values).any():
        wrong.append(f"{int(np.isinf(values).sum())} values are infinite (the logarithm of 0?)")
    if scale != "log2" and (values < 0).any():
        wrong.append(f"{int((values < 0).sum())} values are negative, which no {scale} are")
    if scale == "counts" and np.any(values[np.isfinite(values)] % 1 != 0):
        wrong.append("some values are no whole numbers, which counts are")
    return wrong
