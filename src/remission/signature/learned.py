"""What learning found: nested performance, its null, the genes, and the locked signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from remission.assess.calibration import Calibration
from remission.assess.classified import Classified
from remission.assess.measured import Measured
from remission.signature.locked import Signature
from remission.signature.stability import Stability
from remission.signature.target import Target

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Null:
    """Permutation null of the whole pipeline.

    Attributes
    ----------
    measure : str
        "area under the ROC curve", "rank correlation" or "concordance index": mean over the repeats compared.
    observed : float
        Of the first `repeats` repeats, as many as each permutation had.
    values : array (permutations,)
    p : float
        (b + 1) / (B + 1), b the permutations at least as good.
    repeats : int
    """

    measure: str
    observed: float
    values: Floats
    p: float
    repeats: int


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """A signature and what is honestly known of it.

    Attributes
    ----------
    drug, task, model : str
    samples : tuple of str
    target : Target
    scores, probabilities : array (n,)
        Out of fold, mean over repeats; also of samples not learned from. Probabilities only of classes.
    by_repeat : array (repeats,)
        The main measure in each repeat: what one model is worth, and how much the folds matter.
    main : Measured
        Area under the ROC curve, rank correlation or concordance index of the averaged scores.
    classes : Classified or None
    brier : Measured or None
    calibration : Calibration or None
    error : Measured or None
        Root mean squared error of a value; limits by bootstrap of patients.
    null : Null or None
    stability : Stability
    signature : Signature
        Learned again on everybody, and locked.
    notes : tuple of str
    """

    drug: str
    task: str
    model: str
    samples: tuple[str, ...]
    target: Target
    scores: Floats
    probabilities: Floats
    by_repeat: Floats
    main: Measured
    classes: Classified | None
    brier: Measured | None
    calibration: Calibration | None
    error: Measured | None
    null: Null | None
    stability: Stability
    signature: Signature
    notes: tuple[str, ...]

    def rows(self) -> pl.DataFrame:
        """Measures of performance as result rows; no patient in them."""
        import polars as pl  # noqa: PLC0415 - loaded when first needed

        frames = [self.main.rows()]
        frames += [each.rows() for each in (self.error, self.classes, self.brier, self.calibration) if each]
        if self.null is not None:
            p = pl.when(pl.int_range(pl.len()) == 0).then(self.null.p).otherwise(pl.col("p")).alias("p")
            frames[0] = frames[0].with_columns(p)
        return pl.concat(frames)

    def frame(self) -> pl.DataFrame:
        """Out-of-fold predictions, one row per sample."""
        import polars as pl  # noqa: PLC0415 - loaded when first needed

        columns = {
            "sample": list(self.samples),
            "learned_from": ~np.isnan(self.target.y),
            "truth": self.target.y,
            "score": self.scores,
            "probability": self.probabilities,
        }
        return pl.DataFrame(columns, nan_to_null=True)

    def summary(self) -> str:
        """Text for reading."""
        m = self.main
        spread = f"{self.by_repeat.min():.2f} to {self.by_repeat.max():.2f}"
        lines = [
            f"{self.drug}, {self.model}: {m.n} patients, {m.events} with the event or of the class",
            f"  {m.measure} out of fold {m.estimate:.2f} ({m.low:.2f} to {m.high:.2f}); by repeat {spread}",
        ]
        if self.null is not None:
            lines.append(f"  permutation P {self.null.p:.2g} ({len(self.null.values)} permutations)")
        if self.classes is not None:
            c = self.classes
            limits = f"{c.accuracy.low:.2f} to {c.accuracy.high:.2f}"
            lines.append(
                f"  accuracy {c.accuracy.estimate:.2f} ({limits}), balanced {c.balanced_accuracy:.2f}; "
                f"calling everybody the larger class would give {c.no_information:.2f}"
            )
        if self.calibration is not None and np.isfinite(self.calibration.slope.estimate):
            lines.append(f"  calibration slope {self.calibration.slope.estimate:.2f} (1 is right)")
        if self.error is not None:
            lines.append(f"  root mean squared error {self.error.estimate:.3g}")
        agreement = f"{self.stability.nogueira:.2f} (1 = always the same)"
        lines.append(f"  {len(self.signature.genes)} genes; stability {agreement}")
        return "\n".join([*lines, *(f"  Note: {note}" for note in self.notes), f"  Limits cover {m.covers}."])
