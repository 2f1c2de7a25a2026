"""From wells to curves: survival, LC50 as an interval, fits, areas, quality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from remission.core.limits import critical
from remission.core.problems import InputError, StudyProblems
from remission.core.progress import Progress, silent
from remission.response.area import fitted_auc, observed_auc
from remission.response.check import check_wells
from remission.response.columns import ColumnsSaid
from remission.response.crossing import LC50, Rule, Scale, lc50
from remission.response.curve import Curve
from remission.response.fit import Fit4, fit_curves
from remission.response.logistic import Bounds, survival_at
from remission.response.quality import QualityRules, judge_curve, quality_rules
from remission.response.read import read_wells
from remission.response.responses import DoseResponses
from remission.response.survival import plate_table, points_table, survival_table
from remission.response.wells import Wells

_CHUNK = 100


@dataclass(frozen=True, slots=True)
class CurveOptions:
    """How curves are read.

    Attributes
    ----------
    at : float
        Survival in per cent at which the dose is read: 50 for the LC50.
    scale : "log" or "linear"
        Of the dose, for interpolation.
    rule : "first" or "last"
        Which crossing counts where survival crosses more than once.
    bounds : Bounds
        Of the parameters of the fitted curve.
    common : mapping of drug to (lowest, highest dose)
        Range for areas that are compared; of a drug that is not named, what all its passing curves share.
    level : float
        Confidence level.
    """

    at: float = 50.0
    scale: Scale = "log"
    rule: Rule = "first"
    bounds: Bounds = Bounds()  # noqa: RUF009 - frozen
    common: Mapping[str, tuple[float, float]] | None = None
    level: float = 0.95


def dose_response(
    data: Any,
    *,
    layout: str | Path | None = None,
    columns: ColumnsSaid | None = None,
    zero_dose: str = "refuse",
    blanks: str = "wells",
    quality: str | Path | QualityRules = "mtt",
    options: CurveOptions | None = None,
    progress: Progress | None = None,
) -> DoseResponses:
    """Make dose-response curves of wells: one for each patient and drug.

    LCS % = (reading - mean blank) / (mean control - mean blank) x 100, by plate. Wells of a patient and drug
    on several plates make one curve, each normalised by its own controls; plates that fail the quality rules
    are left out of it where another passes. The LC50 is interpolated and has an interval; see `lc50`. Beside
    it stands a four-parameter fit to the wells. A curve that does not pass is kept, says why, and gives no
    numbers to the rows.

    Parameters
    ----------
    data : Wells, or what `read_wells` takes
    layout, columns, zero_dose, blanks
        As in `read_wells`.
    quality : str, Path or QualityRules
        "mtt", "counts", or a TOML file of your own.
    options : CurveOptions, optional
    progress : callable, optional
        `progress(what, done, total)`.

    Returns
    -------
    DoseResponses

    Raises
    ------
    StudyProblems
        With every problem of the wells.
    InputError
        If an argument is wrong.

    References
    ----------
    Pieters et al., Blood 1990 (MTT assay); Pozdeyev et al., Oncotarget 2016 (areas over a common range).

    Examples
    --------
    >>> wells = {"plate": ["1"] * 8, "patient": ["A"] * 8, "unit": ["µg/mL"] * 8,
    ...          "drug": ["blank"] + ["control"] * 3 + ["vincristine"] * 4,
    ...          "dose": [None] * 4 + [0.05, 0.5, 5, 50],
    ...          "od": [0.05, 1.0, 1.05, 1.1, 1.05, 0.8, 0.3, 0.1]}
    >>> made = dose_response(wells)
    >>> made.rows()["shown"].to_list()
    ['1.581 µg/mL']
    """
    chosen = options or CurveOptions()
    critical(chosen.level)
    rules = quality_rules(quality)
    wells = _wells(data, layout=layout, columns=columns, zero_dose=zero_dose, blanks=blanks)
    plates = plate_table(wells, rules, blanks=blanks)
    survival = survival_table(wells, plates)
    raw = _raw_curves(survival, rules, chosen, wells.measured)
    curves = _finished(raw, chosen, progress or silent)
    return DoseResponses(curves, wells, plates, rules, chosen.level, (*wells.notes, *_notes(curves)))


def _wells(data: Any, *, blanks: str, **said: Any) -> Wells:
    if not isinstance(data, Wells):
        return read_wells(data, blanks=blanks, **said)
    if said["layout"] is not None or said["columns"] or said["zero_dose"] != "refuse":
        raise InputError("layout, columns and zero_dose belong to reading; these wells are read already.")
    problems = check_wells(data, blanks=blanks)
    if problems:
        raise StudyProblems(problems)
    return data


def _raw_curves(
    survival: pl.DataFrame, rules: QualityRules, options: CurveOptions, measured: str
) -> list[Curve]:
    """Curves with their LC50 and judgement, without fits."""
    curves = []
    for (patient, drug), part in survival.group_by("patient", "drug", maintain_order=True):
        passing = part.filter(pl.col("plate_quality") == "pass")
        used = passing if passing.height else part
        notes, reasons = _of_plates(part, passing)
        used = used.filter(pl.col("survival").is_not_null())
        points = tuple(
            points_table(used).select("dose", "wells", "survival", "sd", "cv").iter_rows(named=True)
        )
        reasons = (*reasons, *judge_curve(rules, points))
        found: LC50 | None = None
        if used.height:
            found = lc50(
                used["dose"].to_numpy(),
                used["survival"].to_numpy(),
                at=options.at,
                scale=options.scale,
                rule=options.rule,
                unit=part["unit"][0] or "",
            )
            notes += _remarks(found, used, measured)
        curves.append(
            Curve(
                patient=str(patient),
                drug=str(drug),
                unit=part["unit"][0] or "",
                plates=tuple((used if used.height else part)["plate"].unique(maintain_order=True)),
                dose=used["dose"].to_numpy(),
                survival=used["survival"].to_numpy(),
                points=points,
                lc50=found,
                fit=None,
                auc=float("nan"),
                auc_fitted=float("nan"),
                auc_common=float("nan"),
                auc_common_fitted=float("nan"),
                common=(float("nan"), float("nan")),
                amax=float("nan"),
                passed=not reasons,
                reasons=reasons,
                notes=tuple(notes),
            )
        )
    return curves


def _of_plates(part: pl.DataFrame, passing: pl.DataFrame) -> tuple[list[str], tuple[str, ...]]:
    """Notes on plates left out, or reasons why none is left."""
    failed = (
        part.filter(pl.col("plate_quality") != "pass")
        .select("plate", "plate_reasons")
        .unique(maintain_order=True)
    )
    told = [f"plate {plate}: {reasons}" for plate, reasons in failed.rows()]
    if passing.height:
        return [f"left out, {each}" for each in told], ()
    return [], tuple(told)


def _remarks(found: LC50, used: pl.DataFrame, measured: str) -> list[str]:
    notes, at = [], found.at
    if found.crossings > 1:
        notes.append(f"survival crosses {at:g} % {found.crossings} times")
    if found.censoring == "left" and found.crossings:
        notes.append(f"survival is below {at:g} % at the lowest dose and above it at a higher one")
    below = used.filter(pl.col("survival") < 0)
    if below.height:
        word = "below the blanks" if measured == "signal" else "below 0 %"
        notes.append(f"{below.height} of {used.height} wells {word}")
    return notes


def _finished(raw: Sequence[Curve], options: CurveOptions, progress: Progress) -> tuple[Curve, ...]:
    """Add fits and areas."""
    common = _common_ranges(raw, options.common or {})
    done: list[Curve] = []
    for start in range(0, len(raw), _CHUNK):
        progress("Curves", start, len(raw))
        part = raw[start : start + _CHUNK]
        fits = fit_curves(
            [curve.dose for curve in part],
            [curve.survival for curve in part],
            at=options.at,
            bounds=options.bounds,
        )
        done += [
            _with_areas(curve, fit, common.get(curve.drug)) for curve, fit in zip(part, fits, strict=True)
        ]
    progress("Curves", len(raw), len(raw))
    return tuple(done)


def _common_ranges(
    raw: Sequence[Curve], said: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """Range of doses that all passing curves of a drug were tested in, unless it is said."""
    found: dict[str, tuple[float, float]] = {}
    for curve in raw:
        if curve.passed and curve.points:
            low, high = curve.points[0]["dose"], curve.points[-1]["dose"]
            was = found.get(curve.drug, (low, high))
            found[curve.drug] = (max(low, was[0]), min(high, was[1]))
    return found | {drug: (float(low), float(high)) for drug, (low, high) in said.items()}


def _with_areas(curve: Curve, fit: Fit4 | None, common: tuple[float, float] | None) -> Curve:
    if not curve.points:
        return curve
    ends = np.log10([curve.points[0]["dose"], curve.points[-1]["dose"]])
    low, high = common if common is not None else (float("nan"), float("nan"))
    shared = low < high and np.log10(low) >= ends[0] - 1e-9 and np.log10(high) <= ends[1] + 1e-9
    made: dict[str, Any] = {
        "fit": fit,
        "auc": observed_auc(curve.dose, curve.survival),
        "amax": 100.0 - curve.points[-1]["survival"],
        "common": (low, high),
    }
    if shared:
        made["auc_common"] = observed_auc(curve.dose, curve.survival, low, high)
    if fit is not None:
        made["auc_fitted"] = float(fitted_auc(fit.parameters, ends[0], ends[1]))
        made["amax"] = 100.0 - float(survival_at(ends[1], fit.parameters))
        if shared:
            made["auc_common_fitted"] = float(fitted_auc(fit.parameters, np.log10(low), np.log10(high)))
    return replace(curve, **made)


def _notes(curves: Sequence[Curve]) -> tuple[str, ...]:
    """Drugs of which nothing is bracketed, and curves that failed."""
    notes = []
    failed = sum(not curve.passed for curve in curves)
    if failed:
        notes.append(
            f"{failed} of {len(curves)} curves do not pass the quality rules; none of their numbers is used."
        )
    for drug in dict.fromkeys(curve.drug for curve in curves):
        found = [
            curve.lc50 for curve in curves if curve.drug == drug and curve.passed and curve.lc50 is not None
        ]
        if found and all(each.censoring != "bracketed" for each in found):
            notes.append(f"{drug}: all {len(found)} LC50 lie beyond the tested doses.")
    return tuple(notes)
