"""Predictions of one signature beside the truth: of those who taught, out of fold, or of other patients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.assess.calibration import Calibration, brier, calibration, scaled_brier
from remission.assess.cindex import c_index
from remission.assess.classified import Classified, classified
from remission.assess.measured import Measured, Predictions
from remission.assess.roc import auc
from remission.core.problems import InputError
from remission.signature.lock import content_hash
from remission.signature.schema import File
from remission.study.kind import Context
from remission.study.laboratory.signatures import Taught
from remission.study.laboratory.targets import Target, answers

Floats = NDArray[np.float64]
LEAST = 2


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """Predictions, and what is known, of some patients.

    Attributes
    ----------
    target : Target
    predictions : str
        "out of fold", "new patients", or "same patients" (a locked file meets those it was learned from).
    score, chance, truth : arrays (n,)
        Truth is 1, 0, or a time; NaN where not known, or neither class.
    event : array (n,) of bool
        Of a time.
    called : array (n,) of bool or None
        Of the class.
    others : mapping of str to int
        Patients by answers that are neither class; "" where nothing is known.
    """

    target: Target
    predictions: Predictions
    score: Floats
    chance: Floats
    truth: Floats
    event: NDArray[np.bool_]
    called: NDArray[np.bool_] | None
    others: dict[str, int]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whose truth is known."""
        return ~np.isnan(self.truth)

    @property
    def untested(self) -> bool:
        """Whether no answer is known of anybody, not even one that is neither class."""
        return not self.known.any() and not any(self.others)

    def size(self, *, positive: bool) -> int:
        """Patients of a class."""
        return int((self.truth == float(positive)).sum())


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """How good the predictions are; None where it cannot be told.

    Attributes
    ----------
    main : Measured
        Area under the ROC curve, or concordance index.
    classes, brier, calibration : or None
        Of classes.
    scaled : float
        Scaled Brier score; NaN but for classes.
    """

    main: Measured
    classes: Classified | None = None
    brier: Measured | None = None
    calibration: Calibration | None = None
    scaled: float = float("nan")


def beside(context: Context, taught: Taught, target: Target, among: Collection[str] | None = None) -> Beside:
    """Predictions of one signature beside what is known; `among` are ids, all unless given."""
    if target.name in taught.learned:
        return _out_of_fold(context, taught, target)
    return _applied(context, taught, target, among)


def judged(found: Beside, level: float) -> Judged | None:
    """Judge; None where fewer than two patients of a class are known, or no pair can be compared."""
    here = found.known
    truth, score = found.truth[here], found.score[here]
    if found.target.task == "survival":
        try:
            return Judged(
                c_index(score, truth, found.event[here], level=level, predictions=found.predictions)
            )
        except InputError:
            return None
    if min(found.size(positive=True), found.size(positive=False)) < LEAST:
        return None
    positive, chance = truth == 1, found.chance[here]
    how = {"level": level, "predictions": found.predictions}
    called = None if found.called is None else found.called[here]
    return Judged(
        auc(score, positive, **how),  # type: ignore[arg-type]
        None if called is None else classified(called, positive, **how),  # type: ignore[arg-type]
        brier(chance, positive, **how),  # type: ignore[arg-type]
        calibration(chance, positive, **how),  # type: ignore[arg-type]
        scaled_brier(chance, positive),
    )


def _out_of_fold(context: Context, taught: Taught, target: Target) -> Beside:
    learned = taught.learned[target.name]
    file = learned.signature.file
    called = None
    if target.task == "class" and file.cutoffs.probability is not None:
        called = learned.probabilities >= file.cutoffs.probability
    given = _answers(context, target)
    return Beside(
        target,
        "out of fold",
        learned.scores,
        learned.probabilities,
        learned.target.y,
        learned.target.event,
        called,
        _others(target, [given.get(sample) for sample in learned.samples]),
    )


def _applied(context: Context, taught: Taught, target: Target, among: Collection[str] | None) -> Beside:
    scores = [each for each in taught.scores[target.name] if among is None or each.sample in among]
    given = _answers(context, target)
    known = [given.get(each.sample) for each in scores]
    file: File = taught.signatures[target.name].file
    truth, event = np.full(len(scores), np.nan), np.zeros(len(scores), dtype=bool)
    for place, answer in enumerate(known):
        if isinstance(answer, tuple):
            truth[place], event[place] = float(answer[0]), bool(answer[1])
        elif answer in (target.positive, target.negative):
            truth[place] = float(answer == target.positive)
    classed = target.task == "class" and file.cutoffs.probability is not None
    return Beside(
        target,
        "same patients" if taught_by(context, file) else "new patients",
        np.array([each.score for each in scores]),
        np.array([each.probability for each in scores]),
        truth,
        event,
        np.array([each.call == file.predicts.positive for each in scores]) if classed else None,
        _others(target, known),
    )


def taught_by(context: Context, file: File) -> bool:
    """Whether a file was learned from this very matrix, so that its performance here is too good."""
    laboratory = context.laboratory
    if laboratory is None or laboratory.expression is None:
        return False
    matrix = laboratory.expression
    return content_hash([*matrix.genes, *matrix.samples], matrix.values) == file.training.expression_hash


def _answers(context: Context, target: Target) -> dict[str, object]:
    """What is known of each patient; nothing where it was not measured in this cohort."""
    laboratory = context.laboratory
    if laboratory is None or laboratory.expression is None:
        return {}
    try:
        return answers(target, laboratory.expression, laboratory.classes, context.cohort, context.outcomes)
    except InputError:
        return {}


def _others(target: Target, known: list[object]) -> dict[str, int]:
    if target.task != "class":
        return dict(Counter("" for answer in known if answer is None))
    named = (target.positive, target.negative)
    return dict(Counter("" if answer is None else str(answer) for answer in known if answer not in named))
