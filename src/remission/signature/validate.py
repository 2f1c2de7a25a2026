"""External validation of a locked signature: discrimination, calibration, hazard ratio; no refitting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from remission.assess.calibration import Calibration, brier, calibration
from remission.assess.cindex import c_index
from remission.assess.classified import Classified, classified
from remission.assess.measured import Measured
from remission.assess.roc import auc
from remission.core.problems import InputError
from remission.expression.matrix import Expression
from remission.regress.cox import cox
from remission.regress.fit import Fit
from remission.signature.locked import Signature
from remission.signature.nested import rank_correlation
from remission.signature.scoring import Scores
from remission.signature.target import Target, Task, read_target
from remission.signature.transport import Transport, transport

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Validated:
    """What a signature is worth in patients it never saw.

    Attributes
    ----------
    scores : Scores
    transport : Transport
    main : Measured or None
        Area under the ROC curve; of a value, see `correlation`.
    classes, brier, calibration : or None
        Against true classes.
    correlation, error : float
        Rank correlation and root mean squared error against true values; else NaN.
    concordance : Measured or None
        With the outcome.
    hazard : Fit or None
        Cox model of the score alone, per standard deviation of the learning patients' out-of-fold scores.
    unit : float
        That standard deviation (the middle 80 % of the scores over 2.563); 1 where the scores do not vary.
    notes : tuple of str
    """

    scores: Scores
    transport: Transport
    main: Measured | None
    classes: Classified | None
    brier: Measured | None
    calibration: Calibration | None
    correlation: float
    error: float
    concordance: Measured | None
    hazard: Fit | None
    unit: float
    notes: tuple[str, ...]

    def rows(self) -> pl.DataFrame:
        """All measures as result rows; no patient in them."""
        import polars as pl  # noqa: PLC0415 - loaded when first needed

        found = (self.main, self.classes, self.brier, self.calibration, self.concordance, self.hazard)
        frames = [each.rows() for each in found if each is not None]
        if not frames:
            raise InputError("there are no measures with limits; see `correlation` and `error`")
        return pl.concat(frames)


def validate_signature(
    signature: Signature,
    expression: Expression,
    *,
    truth: Any = None,
    time: Any = None,
    event: Any = None,
    cause: str | None = None,
) -> Validated:
    """Score other patients with the locked file and compare with what is known of them.

    Parameters
    ----------
    truth : mapping or frame, optional
        Class or value by sample, as for learning.
    time, event : arrays (samples,), optional
        Outcome in the order of the samples of the matrix; `event` as in `cox`. Complete: leave others out of
        the matrix.
    cause : str, optional
        Needed when there are several events; the hazard ratio is of its cause-specific hazard.

    Raises
    ------
    InputError
        If there is neither truth nor outcome, or a class is missing.
    StudyProblems
        If patients have too few of the genes.
    """
    if truth is None and time is None:
        raise InputError("validation needs the truth by sample, or time and event, or both")
    file = signature.file
    notes: list[str] = []
    scores = signature.score(expression)
    moved = transport(signature, expression)
    measures: dict[str, Any] = {"main": None, "classes": None, "brier": None, "calibration": None}
    correlation = error = float("nan")
    if truth is not None:
        task: Task = "value" if file.predicts.task == "value" else "class"
        target: Target = read_target(
            truth, expression.samples, task, positive=file.predicts.positive, negative=file.predicts.negative
        )
        notes += target.notes
        here = target.learned
        y, score = target.y[here], scores.scores[here]
        if task == "value":
            correlation = rank_correlation(score, y)
            error = float(np.sqrt(((score - y) ** 2).mean()))
        else:
            measures["main"] = auc(score, y == 1)
            if file.predicts.task == "class":
                chance = scores.probabilities[here]
                called = [each.call == file.predicts.positive for each in np.array(scores.patients)[here]]
                measures["classes"] = classified(called, y == 1)
                measures["brier"] = brier(chance, y == 1)
                measures["calibration"] = calibration(chance, y == 1)
    hazard = concordance = None
    unit = file.seen.score_spread if file.seen.score_spread > 0 else 1.0
    if time is not None:
        concordance = c_index(scores.scores, time, event, cause=cause)
        hazard = cox(time, event, {"score": scores.scores / unit}, cause=cause)
        notes += hazard.warnings
        if hazard.events < 10:
            notes.append(f"only {hazard.events} events: the limits of the hazard ratio are rough")
    return Validated(
        scores,
        moved,
        **measures,
        correlation=correlation,
        error=error,
        concordance=concordance,
        hazard=hazard,
        unit=unit,
        notes=(*notes, *moved.warnings),
    )
