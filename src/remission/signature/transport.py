"""Another platform or hospital: coverage, shift of genes and scores, recalibration in a new file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from remission.assess.logistic import logistic
from remission.core.problems import InputError
from remission.expression.matrix import Expression
from remission.signature import schema
from remission.signature.lock import content_hash, today
from remission.signature.locked import Signature
from remission.signature.scoring import scaled_as
from remission.signature.target import LEAST, read_target

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]
LARGE, NARROW, WIDE = 1.0, 0.5, 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Transport:
    """How like the learning patients others are; no score is needed for it.

    Attributes
    ----------
    n : int
    genes : tuple of str
        Of the signature.
    known : array (genes,)
        Share of the patients in whom each is known.
    shift : array (genes,)
        Mean less that of the learning patients, in their standard deviations (NaN where nobody has it).
    ratio : array (genes,)
        Standard deviation over that of the learning patients.
    coverage_weight, coverage_count : float
        Share of the weight, and of the genes, known in at least one half of the patients.
    scored : bool
        Coverage satisfies the contract of the file.
    overall_shift : float
        Root mean square of the shifts, the sampling error of the mean taken off.
    score_shift : float
        Sum of weight × shift: by how much the mean score is moved.
    far : float
        Share of patients further from the learning patients than 97.5 % of these, among those with a gene of
        the signature; NaN where nobody has one.
    warnings : tuple of str
    """

    n: int
    genes: tuple[str, ...]
    known: Floats
    shift: Floats
    ratio: Floats
    coverage_weight: float
    coverage_count: float
    scored: bool
    overall_shift: float
    score_shift: float
    far: float
    warnings: tuple[str, ...]

    def frame(self) -> pl.DataFrame:
        """One row per gene."""
        import polars as pl  # noqa: PLC0415 - loaded when first needed

        columns = {"gene": list(self.genes), "known": self.known, "shift": self.shift, "sd_ratio": self.ratio}
        return pl.DataFrame(columns, nan_to_null=True)


def transport(signature: Signature, expression: Expression) -> Transport:
    """Compare patients with those a signature was learned on, gene by gene, on its frozen scale.

    A shift may be the platform or the patients: numbers cannot tell which.

    Raises
    ------
    InputError
        If the matrix has no samples, is on another scale, or has no gene of the signature.
    """
    file = signature.file
    if not expression.samples:
        raise InputError("the matrix has no samples")
    on_scale = scaled_as(file, expression)
    if not set(expression.genes) & set(file.score.genes):
        raise InputError(
            f"the matrix has none of the {len(file.score.genes)} genes; the file calls them "
            f"{', '.join(file.score.genes[:3])}, the matrix {', '.join(expression.genes[:3])}"
        )
    s = file.score
    z = (on_scale.of(s.genes) - np.array(s.centre)[:, None]) / np.array(s.spread)[:, None]
    present = ~np.isnan(z)
    count = present.sum(axis=1)
    held = np.where(present, z, 0.0)
    shift = np.where(count > 0, held.sum(axis=1) / np.maximum(count, 1), np.nan)
    inner = np.where(present, (z - shift[:, None]) ** 2, 0.0).sum(axis=1)
    ratio = np.where(count > 1, np.sqrt(inner / np.maximum(count - 1, 1)), np.nan)
    weight = np.array(s.weights)
    mostly = present.mean(axis=1) >= 0.5
    total = np.abs(weight).sum()
    by_weight = float(np.abs(weight[mostly]).sum() / total) if total else 1.0
    by_count = float(mostly.mean())
    noise = np.where(count > 1, ratio**2 / np.maximum(count, 1), 0.0)
    square = float(np.nanmean(shift**2 - noise)) if (count > 0).any() else 0.0
    judged = present.any(axis=0)
    distance = np.sqrt((held**2).sum(axis=0)[judged] / present.sum(axis=0)[judged])
    found = Transport(
        len(expression.samples),
        tuple(s.genes),
        present.mean(axis=1),
        shift,
        ratio,
        by_weight,
        by_count,
        file.missing.satisfied(by_weight, by_count, float(on_scale.coverage.mean())),
        max(square, 0.0) ** 0.5,
        float(np.nansum(weight * shift)),
        float((distance > file.seen.far).mean()) if judged.any() else float("nan"),
        (),
    )
    return replace(found, warnings=_warnings(found))


def recalibrate(
    signature: Signature,
    expression: Expression,
    response: Any,
    *,
    slope: bool = True,
    source: str = "",
) -> Signature:
    """Learn intercept and slope of the probabilities anew on labelled patients; weights stay as they are.

    The new file names the hash of its parent. Judge it on patients who were not used here.

    Parameters
    ----------
    response : mapping or frame
        Classes by sample, under the names of the file.
    slope : bool
        False moves the intercept only (few patients).
    source : str
        Who they are, for the file.

    Raises
    ------
    InputError
        If the signature is not of a class, there are fewer than ten patients, or the classes are parted
        without fault, so that there is no finite slope.
    """
    file = signature.file
    old = file.calibration
    if old is None:
        raise InputError("only probabilities of a class can be recalibrated")
    target = read_target(
        response,
        expression.samples,
        "class",
        positive=file.predicts.positive,
        negative=file.predicts.negative,
    )
    here = target.learned
    score = signature.score(expression.samples_only([expression.samples[i] for i in here])).scores
    truth = target.y[here] == 1
    ones = np.ones((len(score), 1))
    if slope:
        fit = logistic(np.column_stack([ones, score]), truth)
    else:
        fit = logistic(ones, truth, old.slope * score)
    if not fit.converged or (slope and fit.coefficients[1] <= 0):
        raise InputError(
            "no slope above 0 can be told from these patients: take slope=False, more patients, or leave it"
        )
    variance = np.zeros((2, 2))
    variance[: len(fit.variance), : len(fit.variance)] = fit.variance
    new = schema.Calibrated(
        intercept=float(fit.coefficients[0]),
        slope=float(fit.coefficients[1]) if slope else old.slope,
        variance=variance.tolist(),
        learned_on=f"{len(score)} patients of {source or expression.source or 'another source'}",
    )
    parent = schema.Parent(
        hash=signature.hash,
        n=len(score),
        source=source or expression.source or content_hash(expression.samples, np.empty(0)),
        created=today(),
    )
    return Signature(file.model_copy(update={"calibration": new, "parent": parent}))


def _warnings(found: Transport) -> tuple[str, ...]:
    said = []
    if not found.scored:
        said.append("too few of the genes are there: the file will refuse to score")
    far = int((np.abs(found.shift) > LARGE).sum())
    if far:
        are = "gene is" if far == 1 else "genes are"
        said.append(f"{far} {are} shifted by more than {LARGE:g} standard deviation")
    odd = int(((found.ratio < NARROW) | (found.ratio > WIDE)).sum())
    if odd:
        vary = "gene varies" if odd == 1 else "genes vary"
        said.append(f"{odd} {vary} less than half or more than twice as much as in the learning patients")
    if found.far > 0.1:
        said.append(f"{found.far:.0%} of the patients are further away than nearly all learning patients")
    if found.n < LEAST:
        said.append(f"with {found.n} patients shifts cannot be told from chance")
    return tuple(said)
