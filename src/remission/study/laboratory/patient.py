"""What locked signatures say of one patient, with what must be known to judge it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from remission.core.problems import InputError, StudyProblems
from remission.core.suggest import did_you_mean
from remission.expression.matrix import Expression
from remission.signature.locked import Signature
from remission.signature.schema import File
from remission.signature.scoring import PatientScore

CHANCE = {"area under the ROC curve": 0.5, "concordance index": 0.5, "rank correlation": 0.0}
"""Measures of discrimination, with what chance gives."""


@dataclass(frozen=True, slots=True)
class Known:
    """One measure of how good a signature was out of fold."""

    measure: str
    estimate: float
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class About:
    """The locked file, for the reader.

    Attributes
    ----------
    name, drug, task, positive, negative, model : str
    hash : str
    version : int
    genes : int
    learned_on, events, folds, repeats : int
    source, created, program : str
    measures : tuple of Known
    p : float or None
    permutations : int
    stability : float or None
    recalibrated : str
        On whom, "" if it was not.
    least_weight, least_count, least_reference : float
        Coverage the file asks for.
    quantiles, scores : tuple of float
        Of the out-of-fold scores of the patients learned from.
    cutoff : float or None
        Probability from which the class is called.
    map : tuple (intercept, slope) or None
        From score to the log odds of the class.
    groups : tuple of float
        Where groups of the score begin, if it makes groups.
    notes : tuple of str
    """

    name: str
    drug: str
    task: str
    positive: str
    negative: str
    model: str
    hash: str
    version: int
    genes: int
    learned_on: int
    events: int
    folds: int
    repeats: int
    source: str
    created: str
    program: str
    measures: tuple[Known, ...]
    p: float | None
    permutations: int
    stability: float | None
    recalibrated: str
    least_weight: float
    least_count: float
    least_reference: float
    quantiles: tuple[float, ...]
    scores: tuple[float, ...]
    cutoff: float | None
    map: tuple[float, float] | None
    groups: tuple[float, ...]
    notes: tuple[str, ...]

    @property
    def main(self) -> Known | None:
        """How well it discriminated out of fold; None where the file does not say."""
        return next((each for each in self.measures if each.measure in CHANCE), None)

    @property
    def chance(self) -> float:
        """What chance gives of that."""
        return 0.5 if self.main is None else CHANCE[self.main.measure]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one signature says of the patient, or why it says nothing.

    Attributes
    ----------
    about : About
    found : PatientScore or None
        None where it refused.
    refused : str
        Why, in words.
    far : float
        Distance within which 97.5 % of the patients learned from lie.
    """

    about: About
    found: PatientScore | None
    refused: str
    far: float

    @property
    def place(self) -> tuple[float, float]:
        """Shares of the learning patients between which the patient's score lies.

        From the quantiles in the file: (0.75, 0.9) lies above three quarters and below a tenth of them.
        """
        if self.found is None:
            raise InputError("there is no score")
        edges = (0.0, *self.about.quantiles, 1.0)
        above = int(np.searchsorted(self.about.scores, self.found.score, side="right"))
        return edges[above], edges[above + 1]


def predictions_of(
    signatures: Sequence[Signature], expression: Expression, patient: str
) -> tuple[Prediction, ...]:
    """Predict one patient with each signature; others in the matrix are not looked at.

    Raises
    ------
    InputError
        If the patient is not in the matrix, a signature is given twice, or the scale is another one.
    StudyProblems
        If every signature refuses.
    """
    if patient not in expression.samples:
        hint = did_you_mean(patient, expression.samples)
        raise InputError(f'there is no patient "{patient}" in {expression.source or "the matrix"}.{hint}')
    names = [signature.file.predicts.drug for signature in signatures]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise InputError(f"two of the signatures predict {twice[0]}. Give one of them")
    alone = expression.samples_only([patient])
    found = tuple(_one(signature, alone) for signature in signatures)
    if all(each.found is None for each in found):
        for signature in signatures:
            signature.score(alone)  # tells in full why
    return found


def _one(signature: Signature, alone: Expression) -> Prediction:
    far = signature.file.seen.far
    try:
        (score,) = signature.score(alone)
    except StudyProblems as problems:
        told = " ".join(f"{each.message}. {each.repair}." for each in problems.problems)
        return Prediction(about(signature), None, told.replace("..", "."), far)
    return Prediction(about(signature), score, "", far)


def about(signature: Signature) -> About:
    """What a reader must know of a file."""
    file: File = signature.file
    t, predicts, need, performance = file.training, file.predicts, file.missing, file.performance
    parent = file.parent
    return About(
        name=file.name,
        drug=predicts.drug,
        task=predicts.task,
        positive=predicts.positive,
        negative=predicts.negative,
        model=t.model,
        hash=signature.hash,
        version=file.version,
        genes=len(file.score.genes),
        learned_on=t.n,
        events=t.events,
        folds=t.folds,
        repeats=t.repeats,
        source=t.source,
        created=t.created,
        program=t.software.get("remission", ""),
        measures=tuple(
            Known(each.measure, each.estimate, each.low, each.high, each.n)
            for each in performance.measures
            if each.estimate is not None
        ),
        p=performance.p,
        permutations=performance.permutations,
        stability=performance.stability,
        recalibrated="" if parent is None else f"{parent.n} patients of {parent.source}",
        least_weight=need.least_weight,
        least_count=need.least_count,
        least_reference=need.least_reference,
        quantiles=tuple(file.seen.quantiles),
        scores=tuple(file.seen.score_quantiles),
        cutoff=file.cutoffs.probability,
        map=None if file.calibration is None else (file.calibration.intercept, file.calibration.slope),
        groups=tuple(file.cutoffs.groups),
        notes=tuple(t.notes),
    )
