"""One patient and one drug: what the wells say, and whether it may be used."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.response.crossing import LC50
from remission.response.fit import Fit4
from remission.response.logistic import survival_at

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Survival of one patient's cells by dose of one drug.

    Attributes
    ----------
    patient, drug, unit : str
    plates : tuple of str
    dose, survival : array
        Of every well used, per cent.
    points : tuple of mappings
        One per dose: dose, wells, survival, sd, cv.
    lc50 : LC50 or None
        None without any survival.
    fit : Fit4 or None
        None with fewer than five doses.
    auc, auc_fitted : float
        Mean survival over the tested log doses: of the points, of the fitted curve. NaN where there is none.
    auc_common, auc_common_fitted : float
        The same over the range that all passing curves of the drug share.
    common : tuple of float
        That range of doses.
    amax : float
        100 minus the fitted survival at the highest dose; of the points where there is no fit.
    passed : bool
    reasons : tuple of str
        Why it does not pass.
    notes : tuple of str
        What is remarkable.
    """

    patient: str
    drug: str
    unit: str
    plates: tuple[str, ...]
    dose: Floats
    survival: Floats
    points: tuple[Mapping[str, Any], ...]
    lc50: LC50 | None
    fit: Fit4 | None
    auc: float
    auc_fitted: float
    auc_common: float
    auc_common_fitted: float
    common: tuple[float, float]
    amax: float
    passed: bool
    reasons: tuple[str, ...]
    notes: tuple[str, ...]

    def row(self, level: float) -> dict[str, Any]:
        """One row of `DoseResponses.rows`; numbers of a curve that does not pass are null."""
        told: dict[str, Any] = {
            "patient": self.patient,
            "drug": self.drug,
            "unit": self.unit,
            **_interval(self.lc50 if self.passed else None),
            "quality": "pass" if self.passed else "fail",
            "reasons": "; ".join(self.reasons),
            "notes": "; ".join(self.notes),
            "doses": len(self.points),
            "lowest_dose": self.points[0]["dose"] if self.points else None,
            "highest_dose": self.points[-1]["dose"] if self.points else None,
            **_areas(self),
            **(_fitted(self, level) if self.passed and self.fit is not None else {}),
            "plates": ", ".join(self.plates),
        }
        return {
            name: None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in told.items()
        }


def _interval(found: LC50 | None) -> dict[str, Any]:
    if found is None:
        return {"censoring": "failed", "shown": ""}
    return {
        "lc50": found.value,
        "low": found.low,
        "high": found.high,
        "censoring": found.censoring,
        "shown": str(found),
        "method": found.method,
        "at": found.at,
        "crossings": found.crossings,
    }


def _areas(curve: Curve) -> dict[str, Any]:
    if not curve.passed:
        return {}
    return {
        "auc": curve.auc,
        "auc_fitted": curve.auc_fitted,
        "auc_common": curve.auc_common,
        "auc_common_fitted": curve.auc_common_fitted,
        "common_low": curve.common[0],
        "common_high": curve.common[1],
        "amax": curve.amax,
    }


def _fitted(curve: Curve, level: float) -> dict[str, Any]:
    """IC50 and EC50 of the fit, with limits; beyond the tested doses censored, never numbers."""
    fit = curve.fit
    if fit is None or curve.lc50 is None:
        return {}
    ends = np.log10([curve.points[0]["dose"], curve.points[-1]["dose"]])
    told: dict[str, Any] = {
        "top": fit.top,
        "bottom": fit.bottom,
        "slope": fit.slope,
        "rmse": fit.rmse,
        "fit_note": fit.note,
    }
    low, high = (float(each) for each in survival_at(ends, fit.parameters))
    at = curve.lc50.at
    told["ic50_censoring"] = "left" if low < at else "right" if high > at else "bracketed"
    if told["ic50_censoring"] == "bracketed":
        told |= _with_limits("ic50", fit.log_ic50, fit.std_error_ic50, fit.df, level)
    if ends[0] <= fit.log_ec50 <= ends[1] and fit.top - fit.bottom >= 1.0:
        told |= _with_limits("ec50", fit.log_ec50, fit.std_error_ec50, fit.df, level)
    return told


def _with_limits(name: str, log_dose: float, std_error: float, df: int, level: float) -> dict[str, float]:
    """A dose with limits from the t distribution on its logarithm."""
    from scipy.special import stdtrit  # noqa: PLC0415 - scipy loads when first needed

    if not math.isfinite(log_dose):
        return {}
    reach = float(stdtrit(df, (1 + level) / 2)) * std_error if df >= 1 else math.nan
    return {
        name: 10.0**log_dose,
        f"{name}_low": _power(log_dose - reach),
        f"{name}_high": _power(log_dose + reach),
    }


def _power(log_dose: float) -> float:
    """10 to a power, NaN where it is none or endless."""
    return 10.0**log_dose if abs(log_dose) < 300 else math.nan
