"""The dose responses of all patients and drugs, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from remission.core.problems import InputError
from remission.response.curve import Curve
from remission.response.logistic import survival_at
from remission.response.quality import QualityRules
from remission.response.wells import Wells

ROWS: Mapping[str, type[pl.DataType]] = {
    "patient": pl.String,
    "drug": pl.String,
    "unit": pl.String,
    "lc50": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "censoring": pl.String,
    "shown": pl.String,
    "method": pl.String,
    "at": pl.Float64,
    "crossings": pl.Int64,
    "quality": pl.String,
    "reasons": pl.String,
    "notes": pl.String,
    "doses": pl.Int64,
    "lowest_dose": pl.Float64,
    "highest_dose": pl.Float64,
    "auc": pl.Float64,
    "auc_fitted": pl.Float64,
    "auc_common": pl.Float64,
    "auc_common_fitted": pl.Float64,
    "common_low": pl.Float64,
    "common_high": pl.Float64,
    "amax": pl.Float64,
    "ic50": pl.Float64,
    "ic50_low": pl.Float64,
    "ic50_high": pl.Float64,
    "ic50_censoring": pl.String,
    "ec50": pl.Float64,
    "ec50_low": pl.Float64,
    "ec50_high": pl.Float64,
    "top": pl.Float64,
    "bottom": pl.Float64,
    "slope": pl.Float64,
    "rmse": pl.Float64,
    "fit_note": pl.String,
    "plates": pl.String,
}
_STEPS = 81


@dataclass(frozen=True, slots=True, eq=False)
class DoseResponses:
    """Curves of all patients and drugs.

    Attributes
    ----------
    curves : tuple of Curve
        In the order of the wells; those that do not pass the quality rules are among them, and say so.
    wells : Wells
    plates : polars.DataFrame
        Controls of every patient on every plate, with their judgement.
    quality : QualityRules
    level : float
        Confidence level of the limits of fitted doses.
    notes : tuple of str
        What was read and decided.
    """

    curves: tuple[Curve, ...]
    wells: Wells
    plates: pl.DataFrame
    quality: QualityRules
    level: float
    notes: tuple[str, ...]

    def rows(self) -> pl.DataFrame:
        """One row for each patient and drug.

        `lc50` is null unless it is bracketed; `low` and `high` are what is known of it (low 0: below the
        lowest dose; high null: above the highest). `censoring` is "bracketed", "left", "right", or "failed"
        where the quality rules are not passed: then no number stands in the row, and `reasons` says why.
        Areas (`auc`...) are mean survival in per cent. `ic50` (absolute) and `ec50` (relative) are of the
        fitted curve, null beyond the tested doses.
        """
        rows = [curve.row(self.level) for curve in self.curves]
        return pl.DataFrame([{name: row.get(name) for name in ROWS} for row in rows], schema=dict(ROWS))

    def points(self) -> pl.DataFrame:
        """Mean survival of every dose: patient, drug, unit, dose, wells, survival, sd, cv, quality."""
        rows = [
            {
                "patient": curve.patient,
                "drug": curve.drug,
                "unit": curve.unit,
                **point,
                "quality": "pass" if curve.passed else "fail",
            }
            for curve in self.curves
            for point in curve.points
        ]
        schema: dict[str, type[pl.DataType]] = dict.fromkeys(("patient", "drug", "unit"), pl.String)
        schema |= {"dose": pl.Float64, "wells": pl.Int64, "survival": pl.Float64, "sd": pl.Float64}
        schema |= {"cv": pl.Float64, "quality": pl.String}
        return pl.DataFrame(rows, schema=schema)

    def replicates(self) -> pl.DataFrame:
        """Survival of every well used: patient, drug, dose, survival."""
        parts = [
            pl.DataFrame(
                {"dose": curve.dose, "survival": curve.survival},
                schema={"dose": pl.Float64, "survival": pl.Float64},
            ).select(patient=pl.lit(curve.patient), drug=pl.lit(curve.drug), dose="dose", survival="survival")
            for curve in self.curves
        ]
        return pl.concat(parts)

    def fitted(self, patient: str | None = None) -> pl.DataFrame:
        """The fitted curves at 81 doses of the tested range: patient, drug, dose, survival."""
        parts = [
            pl.DataFrame({"patient": [], "drug": [], "dose": [], "survival": []}).cast(
                {"patient": pl.String, "drug": pl.String, "dose": pl.Float64, "survival": pl.Float64}
            )
        ]
        for curve in self.curves:
            if curve.fit is None or not curve.points or patient not in {None, curve.patient}:
                continue
            ends = np.log10([curve.points[0]["dose"], curve.points[-1]["dose"]])
            x = np.linspace(float(ends[0]), float(ends[1]), _STEPS)
            parts.append(
                pl.DataFrame({"dose": 10**x, "survival": survival_at(x, curve.fit.parameters)}).select(
                    patient=pl.lit(curve.patient), drug=pl.lit(curve.drug), dose="dose", survival="survival"
                )
            )
        return pl.concat(parts)

    def curve(self, patient: str, drug: str) -> Curve:
        """One curve.

        Raises
        ------
        InputError
            If there is none.
        """
        for each in self.curves:
            if (each.patient, each.drug) == (patient, drug):
                return each
        raise InputError(f'there is no curve of patient "{patient}" and drug "{drug}"')

    def judged(self) -> pl.DataFrame:
        """Quality of plates and curves: what, plate, patient, drug, quality, reasons, and the numbers."""
        names = ("controls", "control_mean", "control_cv", "leukaemic", "blanks", "blank_mean")
        plates = self.plates.select(
            pl.lit("plate").alias("what"), "plate", "patient", "quality", "reasons", *names
        )
        told: list[dict[str, Any]] = [
            {
                "what": "curve",
                "plate": ", ".join(curve.plates),
                "patient": curve.patient,
                "drug": curve.drug,
                "quality": "pass" if curve.passed else "fail",
                "reasons": "; ".join(curve.reasons),
                "not_used": "" if curve.passed or curve.lc50 is None else str(curve.lc50),
                "notes": "; ".join(curve.notes),
            }
            for curve in self.curves
        ]
        text = ("what", "plate", "patient", "drug", "quality", "reasons", "not_used", "notes")
        curves = pl.DataFrame(told, schema=dict.fromkeys(text, pl.String))
        return pl.concat([plates, curves], how="diagonal").select(*text, *names)

    def __repr__(self) -> str:
        counted: dict[str, int] = {}
        for curve in self.curves:
            word = curve.lc50.censoring if curve.passed and curve.lc50 is not None else "failed"
            counted[word] = counted.get(word, 0) + 1
        listed = ", ".join(f"{n} {word}" for word, n in counted.items())
        return f"DoseResponses({len(self.curves)} curves: {listed})"
