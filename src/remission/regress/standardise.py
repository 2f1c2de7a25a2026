"""Adjusted curves by direct standardisation: the average prediction had everybody been in one group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from remission.core.limits import Interval, critical, probability_limits
from remission.core.problems import InputError
from remission.core.sums import sums_by
from remission.core.tails import normal_two_sided
from remission.core.vocabulary import result_rows
from remission.regress.baseline import baselines, matching_design, steps_upto
from remission.regress.fit import Fit
from remission.regress.influence import coefficient_influence, hazard_influence
from remission.regress.moments import Floats
from remission.regress.terms import Interaction

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, eq=False)
class AdjustedCurves:
    """Standardised risks by group and time, with their influences.

    Attributes
    ----------
    measure : "survival" or "incidence"
    groups : tuple of str
    times : array (T,)
    estimate : array (groups, T)
        Survival for Cox, incidence for Fine-Gray.
    influence : array (groups, T, units)
        Of rows, or of clusters in a clustered fit.
    """

    measure: str
    variable: str
    cause: str
    groups: tuple[str, ...]
    times: Floats
    estimate: Floats
    influence: Floats

    @property
    def std_error(self) -> Floats:
        """Standard errors (groups, T)."""
        return np.asarray(np.sqrt(np.einsum("gti,gti->gt", self.influence, self.influence)))

    def rows(self, *, level: float = 0.95, interval: Interval = "log-log") -> pl.DataFrame:
        """One row per group and time, with limits."""
        error = self.std_error.ravel()
        low, high = probability_limits(self.estimate.ravel(), error, interval, level)
        return result_rows(
            {
                "measure": self.measure,
                "scale": interval,
                "group": np.repeat(self.groups, len(self.times)),
                "cause": self.cause,
                "time": np.tile(self.times, len(self.groups)),
                "estimate": self.estimate.ravel(),
                "std_error": error,
                "low": low,
                "high": high,
                "confidence": level,
                "term": self.variable,
            }
        )

    def differences(self, *, level: float = 0.95) -> pl.DataFrame:
        """Each group minus the first at each time; influences are subtracted first: they are correlated."""
        change = self.estimate[1:] - self.estimate[0]
        influence = self.influence[1:] - self.influence[0]
        error = np.sqrt(np.einsum("gti,gti->gt", influence, influence)).ravel()
        half = critical(level) * error
        statistic = np.divide(change.ravel(), error, out=np.full(error.shape, np.nan), where=error > 0)
        return result_rows(
            {
                "measure": "difference",
                "group": np.repeat(self.groups[1:], len(self.times)),
                "versus": self.groups[0],
                "cause": self.cause,
                "time": np.tile(self.times, len(self.groups) - 1),
                "estimate": change.ravel(),
                "std_error": error,
                "low": change.ravel() - half,
                "high": change.ravel() + half,
                "confidence": level,
                "statistic": statistic,
                "p": normal_two_sided(statistic),
                "term": self.variable,
            }
        )


def adjusted_curves(
    fit: Fit,
    X: Any,
    variable: str,
    times: Sequence[float] | Floats,
    *,
    groups: Sequence[Any] | None = None,
) -> AdjustedCurves:
    """Average prediction over the fitted patients, had all been in each group in turn (g-formula).

    psi_a(t) = mean over patients j of F_j^a(t), F_j^a the prediction with `variable` set to a and j's other
    covariates (and stratum) as they are. Standard errors by the influence function: sampling of patients,
    coefficients and baseline hazards (and censoring weights for Fine-Gray); case weights weight the mean.

    Parameters
    ----------
    fit : Fit
        A Cox or Fine-Gray fit, possibly stratified; one row per patient.
    X : frame or mapping
        The covariates the model was fitted on, in the same order.
    variable : str
        Column to set.
    times : sequence of float
    groups : sequence, optional
        Values to set; default: the levels of a category, else 0 and 1.

    Raises
    ------
    InputError
        If the variable is not in the model, the rows are not those of the fit, or rows enter late.

    Notes
    -----
    R's `riskRegression::ate` has the same estimates; its standard errors under ties use one jump of 1/S0 per
    distinct time instead of d/S0 and differ by 1 to 13 %.

    References
    ----------
    Chang, Gelman and Pagano, J Chronic Dis 1982; Ozenne et al., Biom J 2020.
    """
    frame = _columns(X)
    names = _variables(fit)
    if variable not in names or variable not in frame:
        raise InputError(f'"{variable}" is not a covariate of the model ({", ".join(names)})')
    if fit.histories.grid.entry_at is not None:
        raise InputError("adjusted curves need one row per patient, at risk from the start")
    chosen = list(groups) if groups is not None else list(fit.covariates.levels.get(variable, (0.0, 1.0)))
    size = len(fit.data.weight)
    if any(len(values) != size for values in frame.values()):
        raise InputError(f"X must hold the {size} rows the model was fitted on, in the same order")
    at = np.asarray(times, dtype=float)
    coefficients = coefficient_influence(fit)
    share = fit.data.weight / fit.data.weight.sum()
    estimate = np.empty((len(chosen), len(at)))
    units = size if fit.cluster is None else int(fit.cluster.max()) + 1
    influence = np.empty((len(chosen), len(at), units))
    for row, value in enumerate(chosen):
        filled = np.full(size, value, dtype=object if isinstance(value, str) else float)
        design = matching_design(fit, {**frame, variable: filled})[fit.data.points.order]
        centred = design - fit.data.centre
        for column, time in enumerate(at):
            risk, rows = _standardised(fit, centred, coefficients, share, float(time))
            estimate[row, column] = risk
            influence[row, column] = rows if fit.cluster is None else sums_by(fit.cluster, rows, units)
    if fit.model == "Cox":
        estimate, influence = 1 - estimate, -influence
    measure = "survival" if fit.model == "Cox" else "incidence"
    labels = tuple(str(value) if isinstance(value, str) else f"{value:g}" for value in chosen)
    return AdjustedCurves(measure, variable, fit.cause, labels, at, estimate, influence)


def _standardised(
    fit: Fit, centred: Floats, coefficients: Floats, share: Floats, time: float
) -> tuple[float, Floats]:
    """Mean risk by a time, and each row's influence on it (sorted order)."""
    points = fit.data.points
    relative = np.exp(centred @ fit.coefficients)
    cumulative = np.zeros(len(points.offset) - 1)
    for index, base in enumerate(baselines(fit)):
        cumulative[index] = np.concatenate([[0.0], base.cumulative])[steps_upto(base, np.array([time]))[0]]
    hazard = cumulative[points.stratum]
    risk = -np.expm1(-hazard * relative)
    slope = share * (1 - risk) * relative
    mean = float(share @ risk)
    influence = share * (risk - mean)
    influence = influence + (centred.T @ (slope * hazard)) @ coefficients
    weight = sums_by(points.stratum, slope, len(cumulative))
    upto = (points.point_time <= time * (1 + 1.5e-8)) * weight[points.point_stratum]
    return mean, influence + hazard_influence(fit, upto, coefficients)


def _columns(X: Any) -> dict[str, NDArray[Any]]:
    """Columns of a frame or mapping as arrays."""
    if isinstance(X, Mapping):
        return {str(name): np.asarray(values) for name, values in X.items()}
    if hasattr(X, "columns"):
        return {str(name): np.asarray(X[name].to_numpy()) for name in X.columns}
    raise InputError("X must be a frame or a mapping of columns, as the model was fitted on")


def _variables(fit: Fit) -> list[str]:
    """Columns of the caller's frame that the model reads."""
    found: list[str] = []
    for term in fit.covariates.declared:
        parts = (term.first, term.second) if isinstance(term, Interaction) else (term,)
        found += [part.column for part in parts if part.column not in found]
    return found or [name for name, _ in fit.covariates.terms]
