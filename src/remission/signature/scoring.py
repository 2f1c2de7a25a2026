"""Scores of patients by a locked signature, each worked out alone, with what is uncertain about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from remission.assess.logistic import expit
from remission.core.limits import critical
from remission.core.problems import InputError, Problem, StudyProblems, shown
from remission.expression.matrix import Expression
from remission.expression.reference import Reference
from remission.signature.schema import FAR, File

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]
FULL = 0.9


@dataclass(frozen=True, slots=True)
class PatientScore:
    """What a signature says of one patient.

    Attributes
    ----------
    sample : str
    score : float
    probability : float
        Of the class; NaN but for classes.
    low, high : float
        Limits: of the probability (calibration and weights uncertain, the platform taken to be that of the
        learning patients); of the value (as far as out-of-fold predictions were off). NaN for survival.
    call : str
        Class, or group by the locked cut-offs; "" where there are none.
    unsure : bool
        The limits hold the cut-off.
    coverage_weight, coverage_count : float
        Share of the absolute weights, and of the genes, that the patient has.
    coverage_reference : float
        Share of the genes that ranks and quantiles are taken among; 1 where there are none.
    missing, outside : tuple of str
        Genes he has not; genes below the lowest or above the highest value of the learning patients.
    distance : float
        Root mean square of his standardised genes: about 1 in the learning patients.
    warnings : tuple of str
    """

    sample: str
    score: float
    probability: float
    low: float
    high: float
    call: str
    unsure: bool
    coverage_weight: float
    coverage_count: float
    coverage_reference: float
    missing: tuple[str, ...]
    outside: tuple[str, ...]
    distance: float
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of several patients; for research use only.

    Attributes
    ----------
    signature, drug : str
        Name, and what it predicts.
    hash : str
        Of the signature file.
    patients : tuple of PatientScore
    """

    signature: str
    drug: str
    hash: str
    patients: tuple[PatientScore, ...]

    def __iter__(self) -> Iterator[PatientScore]:
        return iter(self.patients)

    def __len__(self) -> int:
        return len(self.patients)

    @property
    def scores(self) -> Floats:
        """The scores (n,)."""
        return np.array([each.score for each in self.patients])

    @property
    def probabilities(self) -> Floats:
        """The probabilities (n,)."""
        return np.array([each.probability for each in self.patients])

    @property
    def samples(self) -> tuple[str, ...]:
        """Names of the patients."""
        return tuple(each.sample for each in self.patients)

    def frame(self) -> pl.DataFrame:
        """One row per patient; lists of genes joined by blanks."""
        import polars as pl  # noqa: PLC0415 - loaded when first needed

        rows = [
            {
                "sample": each.sample,
                "signature": self.signature,
                "drug": self.drug,
                "score": each.score,
                "probability": _known(each.probability),
                "low": _known(each.low),
                "high": _known(each.high),
                "call": each.call or None,
                "unsure": each.unsure,
                "coverage_weight": each.coverage_weight,
                "coverage_genes": each.coverage_count,
                "coverage_reference": each.coverage_reference,
                "missing_genes": " ".join(each.missing) or None,
                "genes_outside_range": " ".join(each.outside) or None,
                "distance": each.distance,
                "warnings": "; ".join(each.warnings) or None,
                "use": "research only",
            }
            for each in self.patients
        ]
        schema = {
            **dict.fromkeys(("sample", "signature", "drug"), pl.String),
            **dict.fromkeys(("score", "probability", "low", "high"), pl.Float64),
            "call": pl.String,
            "unsure": pl.Boolean,
            **dict.fromkeys(("coverage_weight", "coverage_genes", "coverage_reference"), pl.Float64),
            **dict.fromkeys(("missing_genes", "genes_outside_range"), pl.String),
            "distance": pl.Float64,
            **dict.fromkeys(("warnings", "use"), pl.String),
        }
        return pl.DataFrame(rows, schema=schema)


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """A matrix on the frozen scale of a file.

    Attributes
    ----------
    genes : tuple of str
        Of the reference.
    values : array (genes, samples)
        NaN where missing.
    coverage : array (samples,)
        Share of the genes that ranks and quantiles are taken among; 1 where there are none.
    """

    genes: tuple[str, ...]
    values: Floats
    coverage: Floats

    def of(self, names: Sequence[str]) -> Floats:
        """Rows of some genes, in this order."""
        place = {name: row for row, name in enumerate(self.genes)}
        return self.values[[place[name] for name in names]]


def scaled_as(file: File, expression: Expression) -> Scaled:
    """Put a matrix on the frozen scale of a file.

    Raises
    ------
    InputError
        If the matrix is on another scale than the one learned on.
    """
    if expression.scale != file.training.scale:
        raise InputError(
            f'the signature was learned on the scale "{file.training.scale}", the matrix is on '
            f'"{expression.scale}". Put it on that scale first'
        )
    reference = Reference.from_plain(file.reference)
    values = reference.apply(expression.values, expression.genes)
    if reference.kind == "none":
        return Scaled(reference.genes, values, np.ones(len(expression.samples)))
    return Scaled(reference.genes, values, reference.coverage(expression.values, expression.genes))


def score_all(file: File, hashed: str, expression: Expression) -> Scores:
    """Score every sample of a matrix.

    Raises
    ------
    InputError
        If the scale is another than the one learned on.
    StudyProblems
        If any patient has fewer of the genes than the contract asks for: all are named.
    """
    on_scale = scaled_as(file, expression)
    own, crew, whole = on_scale.of(file.score.genes), on_scale.of(file.committee.genes), on_scale.coverage
    patients, short = [], []
    for index, sample in enumerate(expression.samples):
        columns = np.ascontiguousarray(own[:, index]), np.ascontiguousarray(crew[:, index])
        one = _score_one(file, sample, *columns, float(whole[index]))
        patients.append(one)
        if not file.missing.satisfied(one.coverage_weight, one.coverage_count, one.coverage_reference):
            short.append(one)
    if short:
        raise StudyProblems([_told(file, short, len(patients))])
    return Scores(file.name, file.predicts.drug, hashed, tuple(patients))


def _told(file: File, short: list[PatientScore], total: int) -> Problem:
    worst = min(short, key=lambda one: one.coverage_weight)
    need = file.missing
    return Problem(
        f"signature {file.name}",
        f"{len(short)} of {total} patients lack too many of its {len(file.score.genes)} genes: at least "
        f"{need.least_count:.0%} of the genes and {need.least_weight:.0%} of the weight are needed; "
        f"{worst.sample} has {worst.coverage_count:.0%} and {worst.coverage_weight:.0%}, and "
        f"{worst.coverage_reference:.0%} of the genes its scale is made of "
        f"({need.least_reference:.0%} needed)."
        + (f" Missing there: {shown(worst.missing)}" if worst.missing else ""),
        "Give the missing genes under the same identifiers as in the file, or leave these patients out",
        tuple(one.sample for one in short),
    )


def _score_one(file: File, sample: str, own: Floats, crew: Floats, whole: float) -> PatientScore:
    """All of one patient, from his scaled genes alone."""
    s = file.score
    weights, centre, spread = np.array(s.weights), np.array(s.centre), np.array(s.spread)
    known = ~np.isnan(own)
    z = np.where(known, (own - centre) / spread, 0.0)
    score = s.intercept + float(np.sum(weights * z))
    total = float(np.sum(np.abs(weights)))
    by_weight = float(np.sum(np.abs(weights[known]))) / total if total else 1.0
    by_count = float(known.mean()) if len(known) else 1.0
    names = np.array(s.genes, dtype=object)
    outside = known & ((own < np.array(s.lowest)) | (own > np.array(s.highest)))
    distance = float(np.sqrt(np.mean(z[known] ** 2))) if known.any() else float("nan")
    error = _spread_of(file, crew)
    chance, low, high = _limits(file, score, error)
    call, unsure = _called(file, score, chance, low, high)
    warnings = []
    if not known.all():
        warnings.append(f"{_genes(~known)} missing, taken as the mean of the learning patients")
    if whole < FULL:
        warnings.append(f"its scale is made of {whole:.0%} of the genes it was learned with")
    if distance > file.seen.far:
        warnings.append(f"further from the learning patients than {FAR:.1%} of them")
    if outside.sum() > max(1, 0.05 * len(known)):
        warnings.append(f"{_genes(outside)} outside the range of the learning patients")
    return PatientScore(
        sample,
        score,
        chance,
        low,
        high,
        call,
        unsure,
        by_weight,
        by_count,
        whole,
        tuple(names[~known]),
        tuple(names[outside]),
        distance,
        tuple(warnings),
    )


def _spread_of(file: File, crew: Floats) -> float:
    """Standard error of the score from refits on part of the patients (delete-d jackknife)."""
    c = file.committee
    z = (crew - np.array(c.centre)) / np.array(c.spread)
    z = np.where(np.isnan(z), 0.0, z)
    found = [b + float(np.sum(np.array(row) * z)) for row, b in zip(c.weights, c.intercepts, strict=True)]
    return float(np.std(found)) * c.factor if found else 0.0


def _limits(file: File, score: float, error: float) -> tuple[float, float, float]:
    """Probability and its limits; or NaN and the limits of the value."""
    z = critical(0.95)
    if file.predicts.task == "class" and file.calibration is not None:
        c = file.calibration
        eta = c.intercept + c.slope * score
        v = c.variance
        variance = v[0][0] + 2 * score * v[0][1] + score**2 * v[1][1] + (c.slope * error) ** 2
        reach = z * max(variance, 0.0) ** 0.5
        chance, low, high = expit(np.array([eta, eta - reach, eta + reach])).tolist()
        return chance, low, high
    if file.predicts.task == "value" and file.performance.residual is not None:
        reach = z * file.performance.residual
        return float("nan"), score - reach, score + reach
    return (float("nan"),) * 3


def _called(file: File, score: float, chance: float, low: float, high: float) -> tuple[str, bool]:
    cut = file.cutoffs
    if file.predicts.task == "class" and cut.probability is not None:
        call = file.predicts.positive if chance >= cut.probability else file.predicts.negative
        return call, low < cut.probability <= high
    if not cut.groups:
        return "", False
    group = int(np.searchsorted(cut.groups, score, side="right"))
    return cut.names[group], bool(group != int(np.searchsorted(cut.groups, low, side="right"))) or bool(
        group != int(np.searchsorted(cut.groups, high, side="right"))
    )


def _genes(which: NDArray[np.bool_]) -> str:
    """How many genes, in words."""
    number = int(which.sum())
    return f"{number} gene{'' if number == 1 else 's'}"


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
