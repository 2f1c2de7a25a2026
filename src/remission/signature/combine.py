"""One score over several drugs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.signature.locked import Signature
from remission.signature.scoring import PatientScore, Scores

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]
How = Literal["sum of calls", "sum of posteriors", "mean z"]
Absent = Literal["unknown", "mean of known"]


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """Combined resistance over drugs; for research use only.

    Attributes
    ----------
    how : str
    drugs, samples : tuple of str
    value : array (n,)
        NaN where unknown.
    known : array (n,) of int
        Drugs scored.
    group : tuple of str or None
        By the cut-offs given.
    cutoffs : tuple of float
    names : tuple of str
    """

    how: How
    drugs: tuple[str, ...]
    samples: tuple[str, ...]
    value: Floats
    known: NDArray[np.int64]
    group: tuple[str | None, ...]
    cutoffs: tuple[float, ...]
    names: tuple[str, ...]

    def frame(self) -> pl.DataFrame:
        """One row per patient."""
        import polars as pl  # noqa: PLC0415 - loaded when first needed

        columns = {
            "sample": list(self.samples),
            "combined": self.value,
            "drugs_known": self.known,
            "group": list(self.group),
        }
        return pl.DataFrame(columns, nan_to_null=True)


def combine_scores(
    scores: Mapping[str, Scores],
    how: How = "sum of calls",
    *,
    signatures: Mapping[str, Signature] | None = None,
    absent: Absent = "unknown",
    cutoffs: Sequence[float] = (),
    names: Sequence[str] = (),
) -> Combined:
    """Combine scores of several drugs.

    Parameters
    ----------
    scores : mapping of drug to Scores
        Of the same patients, not necessarily all; patients in the order of their first appearance.
    how : str
        "sum of calls": 2 for each drug called resistant (the class of interest), 1 for each called sensitive.
        "sum of posteriors": of the probabilities. "mean z": of the scores, each less the median and over the
        spread of its learning patients' out-of-fold scores.
    signatures : mapping of drug to Signature
        Needed for calls (the name of the class) and for z.
    absent : "unknown" or "mean of known"
        A patient without one of the drugs has no combined score; or the mean of his known ones stands for it
        (times the number of drugs, for sums).
    cutoffs, names : sequences
        Rising cut-offs, and one name more: a value at a cut-off belongs above. Fix them before looking at any
        outcome; low, intermediate, high are the names of two.

    Raises
    ------
    InputError
        Unknown ways, cut-offs that do not rise, or signatures missing where they are needed.
    """
    if how not in get_args(How) or absent not in get_args(Absent):
        raise InputError(f"how is one of {', '.join(get_args(How))}; absent of {', '.join(get_args(Absent))}")
    if not scores:
        raise InputError("there are no scores to combine")
    if how != "sum of posteriors" and (signatures is None or set(scores) - set(signatures)):
        raise InputError(f'for "{how}" give the signature of every drug: signatures={{drug: signature}}')
    cuts = tuple(float(cut) for cut in cutoffs)
    labels = tuple(names) or {0: (), 1: ("low", "high"), 2: ("low", "intermediate", "high")}.get(
        len(cuts), ()
    )
    if list(cuts) != sorted(set(cuts)) or (cuts and len(labels) != len(cuts) + 1):
        raise InputError("cut-offs rise, and there is one name more than cut-offs")
    samples = tuple(dict.fromkeys(name for found in scores.values() for name in found.samples))
    table = np.full((len(samples), len(scores)), np.nan)
    place = {name: row for row, name in enumerate(samples)}
    for column, (drug, found) in enumerate(scores.items()):
        if len(set(found.samples)) < len(found.samples):
            raise InputError(f"{drug}: a patient is scored twice")
        signature = None if signatures is None else signatures[drug]
        for each in found:
            table[place[each.sample], column] = _of(each, how, signature)
    present = ~np.isnan(table)
    known = present.sum(axis=1)
    mean = np.where(present, table, 0.0).sum(axis=1) / np.maximum(known, 1)
    value = mean * (1 if how == "mean z" else len(scores))
    value = np.where(known == 0 if absent == "mean of known" else known < len(scores), np.nan, value)
    group = tuple(
        None if np.isnan(x) or not cuts else labels[int(np.searchsorted(cuts, x, side="right"))]
        for x in value
    )
    return Combined(how, tuple(scores), samples, value, known.astype(np.int64), group, cuts, labels)


def _of(each: PatientScore, how: How, signature: Signature | None) -> float:
    if how == "sum of posteriors":
        return each.probability
    if signature is None:
        return float("nan")
    if how == "sum of calls":
        if signature.file.predicts.task != "class":
            raise InputError(f"{signature.name} makes no calls of a class")
        return 2.0 if each.call == signature.file.predicts.positive else 1.0
    seen = signature.file.seen
    return (each.score - seen.score_at(0.5)) / seen.score_spread if seen.score_spread > 0 else 0.0
