"""Simulated plates: cells of known sensitivity, for examples, documentation and tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from remission.response.logistic import survival_at

DOSES: Mapping[str, tuple[str, tuple[float, ...]]] = {
    "prednisolone": ("µg/mL", (0.06, 0.49, 3.9, 15.6, 62.5, 250.0)),
    "vincristine": ("µg/mL", (0.05, 0.2, 0.78, 3.125, 12.5, 50.0)),
    "asparaginase": ("IU/mL", (0.003, 0.016, 0.08, 0.4, 2.0, 10.0)),
    "daunorubicin": ("µg/mL", (0.002, 0.008, 0.03, 0.125, 0.5, 2.0)),
}
"""Unit and six doses of the drugs; the ranges are about those of the Dutch protocol, the steps are ours."""
_MIDDLE = {"prednisolone": 3.0, "vincristine": 0.7, "asparaginase": 0.2, "daunorubicin": 0.1}
_SPREAD = {"prednisolone": 1.2, "vincristine": 0.5, "asparaginase": 0.8, "daunorubicin": 0.3}
_BACKGROUND = 0.06


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedPlates:
    """Plates with the truth beside them.

    Attributes
    ----------
    wells : polars.DataFrame
        A long table as a laboratory has it: plate, well, patient, role, drug, concentration, unit, od.
    truth : polars.DataFrame
        patient, drug, lc50, slope.
    """

    wells: pl.DataFrame
    truth: pl.DataFrame


def simulate_plates(
    patients: int = 6, *, seed: int = 1, noise: float = 0.05, replicates: int = 2
) -> SimulatedPlates:
    """Simulate one plate per patient: four drugs at six doses, six controls and four blanks (96 wells).

    The optical density of a well is background + signal x survival, with normal noise of a share of itself.
    The true curve falls from 100 % to 0 with the LC50 and slope of the patient. The last plate of four or
    more is grown badly (net control signal 0.03), so that the quality rules have something to find.

    Parameters
    ----------
    patients : int
    seed : int
    noise : float
        Coefficient of variation of a well.
    replicates : int
        Wells of each dose; 1 to 3.

    Returns
    -------
    SimulatedPlates

    Examples
    --------
    >>> made = simulate_plates(2)
    >>> made.wells.height, made.truth.height
    (116, 8)
    """
    rng = np.random.default_rng(seed)
    wells: list[dict[str, object]] = []
    truth: list[tuple[str, str, float, float]] = []
    for number in range(1, patients + 1):
        patient, plate = f"SIM-{number:02d}", f"P{number:02d}"
        signal = 0.03 if number == patients and patients >= 4 else float(rng.uniform(0.4, 1.0))
        common = rng.normal()
        told: list[tuple[str, str | None, float | None, str | None, float]] = [
            ("blank", None, None, None, 0.0)
        ] * 4
        told += [("control", None, None, None, 100.0)] * 6
        for drug, (unit, doses) in DOSES.items():
            shift = 0.6 * common + 0.8 * rng.normal()
            middle = float(np.log10(_MIDDLE[drug]) + _SPREAD[drug] * shift)
            slope = float(rng.uniform(0.8, 1.8))
            truth.append((patient, drug, 10**middle, slope))
            survival = survival_at(np.log10(doses), np.array([100.0, 0.0, middle, slope]))
            for dose, height in zip(doses, survival, strict=True):
                told += [("treated", drug, dose, unit, float(height))] * replicates
        for place, (role, drug_name, dose_given, unit_given, height) in enumerate(told):
            density = _BACKGROUND + signal * height / 100
            wells.append(
                {
                    "plate": plate,
                    "well": f"{'ABCDEFGH'[place // 12]}{place % 12 + 1}",
                    "patient": None if role == "blank" else patient,
                    "role": role,
                    "drug": drug_name,
                    "concentration": dose_given,
                    "unit": unit_given,
                    "od": round(max(0.0, density * (1 + noise * float(rng.normal()))), 4),
                }
            )
    schema = {"patient": pl.String, "drug": pl.String, "lc50": pl.Float64, "slope": pl.Float64}
    return SimulatedPlates(
        pl.DataFrame(wells, infer_schema_length=None), pl.DataFrame(truth, schema=schema, orient="row")
    )
