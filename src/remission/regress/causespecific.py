"""Cause-specific Cox models of all causes over one design, and the incidence they predict together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from remission.core.limits import Interval, probability_limits
from remission.core.ties import TOLERANCE
from remission.core.vocabulary import result_rows
from remission.events.histories import histories
from remission.regress.baseline import baselines, matching_design, of_stratum
from remission.regress.cox import cox
from remission.regress.fit import Fit
from remission.regress.influence import coefficient_influence, hazard_influence, influence_error
from remission.regress.moments import Floats, Ties

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, eq=False)
class CauseSpecific:
    """One Cox fit per cause, on the same rows.

    Attributes
    ----------
    fits : mapping of str to Fit
        In the order of the causes.
    """

    fits: Mapping[str, Fit]

    def rows(self, *, level: float = 0.95) -> pl.DataFrame:
        """Coefficient rows of every cause."""
        import polars as pl  # noqa: PLC0415 - loaded when first needed

        return pl.concat([fit.rows(level=level) for fit in self.fits.values()])

    def predict(
        self,
        X: Any,
        times: Sequence[float] | Floats,
        *,
        stratum: str | None = None,
        level: float = 0.95,
        interval: Interval = "log-log",
    ) -> pl.DataFrame:
        """Cumulative incidence of every cause for new rows.

        F_k(t|x) = sum over s <= t of S(s-|x) dH_k(s|x), S the product of 1 - sum over causes of dH: the
        Aalen-Johansen form (as R's mstate), in which event-free survival and all incidences add to 1; it
        stays at 0 once the jumps reach 1. Standard errors by the influence functions of all hazards and
        coefficients. `group` numbers the new rows from 1.
        """
        at = np.asarray(times, dtype=float)
        first = next(iter(self.fits.values()))
        index, _ = of_stratum(first, baselines(first), stratum)
        shared = _shared_steps(self.fits, index)
        influences = {cause: coefficient_influence(fit) for cause, fit in self.fits.items()}
        found: dict[str, list[Any]] = {"group": [], "cause": [], "time": [], "estimate": [], "std_error": []}
        for row, values in enumerate(matching_design(first, X)):
            patient = _Patient.of(self.fits, shared, values)
            for cause in self.fits:
                for time in at:
                    estimate, influence = patient.incidence(cause, float(time), influences)
                    error = influence_error(first, influence)
                    for name, value in zip(found, (str(row + 1), cause, time, estimate, error), strict=True):
                        found[name].append(value)
        low, high = probability_limits(
            np.array(found["estimate"]), np.array(found["std_error"]), interval, level
        )
        fixed = {
            "measure": "incidence",
            "scale": interval,
            "stratum": first.strata[index],
            "confidence": level,
        }
        return result_rows({**fixed, **found, "low": low, "high": high})


def cause_specific(
    time: Any,
    event: Any,
    X: Any,
    *,
    causes: Any = None,
    entry: Any = None,
    stratum: Any = None,
    weight: Any = None,
    cluster: Any = None,
    ties: Ties = "efron",
) -> CauseSpecific:
    """Fit a Cox model of every cause's hazard, the other causes censored; parameters as in `cox`.

    Hazard ratios of one cause say nothing by themselves of its incidence: read all causes together, or
    predict.

    References
    ----------
    Prentice et al., Biometrics 1978; Putter, Fiocco and Geskus, Stat Med 2007.

    Examples
    --------
    >>> event = ["relapse", "NRM", "relapse", None, "NRM", "relapse"]
    >>> both = cause_specific([1, 2, 3, 4, 5, 6], event, {"age": [50, 61, 42, 58, 47, 39]})
    >>> list(both.fits)
    ['NRM', 'relapse']
    """
    rows = histories(time, event, causes=causes)
    shared = {"causes": causes, "entry": entry, "stratum": stratum, "weight": weight, "cluster": cluster}
    return CauseSpecific(
        {cause: cox(time, event, X, cause=cause, ties=ties, **shared) for cause in rows.topology.causes}
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    """Baseline hazard jumps of all causes in one stratum, on the union of their event times."""

    stratum: int
    time: Floats
    jumps: Mapping[str, Floats]


def _shared_steps(fits: Mapping[str, Fit], stratum: int) -> _Steps:
    here = {cause: fit.data.points.point_stratum == stratum for cause, fit in fits.items()}
    time = np.unique(np.concatenate([fit.data.points.point_time[here[cause]] for cause, fit in fits.items()]))
    jumps = {}
    for cause, fit in fits.items():
        jump = np.zeros(len(time))
        place = np.searchsorted(time, fit.data.points.point_time[here[cause]])
        jump[place] = fit.at.sums.s10[here[cause]] * np.exp(-fit.at.log_shift)
        jumps[cause] = jump
    return _Steps(stratum, time, jumps)


@dataclass(frozen=True, slots=True, eq=False)
class _Patient:
    """One new row: covariates about each fit's means, relative hazards, and survival just before steps."""

    fits: Mapping[str, Fit]
    steps: _Steps
    centred: Mapping[str, Floats]
    relative: Mapping[str, float]
    stay: Floats
    before: Floats

    @classmethod
    def of(cls, fits: Mapping[str, Fit], steps: _Steps, values: Floats) -> _Patient:
        centred = {cause: values - fit.data.centre for cause, fit in fits.items()}
        relative = {cause: float(np.exp(centred[cause] @ fit.coefficients)) for cause, fit in fits.items()}
        jumps = sum(relative[cause] * steps.jumps[cause] for cause in fits)
        stay = np.maximum(1.0 - np.asarray(jumps), 0.0)
        return cls(fits, steps, centred, relative, stay, np.concatenate([[1.0], np.cumprod(stay)[:-1]]))

    def incidence(self, cause: str, time: float, influences: Mapping[str, Floats]) -> tuple[float, Floats]:
        """Incidence of a cause by a time, and each fitted row's influence on it.

        A hazard jump at s adds S(s-) to its own cause and takes away what the cause would have gained after
        s.
        """
        upto = self.steps.time <= time * (1 + TOLERANCE)
        gained = np.cumsum(self.before * self.steps.jumps[cause] * self.relative[cause] * upto)
        final = float(gained[-1]) if len(gained) else 0.0
        lost = np.divide(final - gained, self.stay, out=np.zeros_like(gained), where=self.stay > 0)
        total = np.zeros(len(next(iter(self.fits.values())).data.weight))
        for other, fit in self.fits.items():
            slope = self.relative[other] * upto * (self.before * (other == cause) - lost)
            points = fit.data.points
            by_point = np.zeros(points.size)
            here = points.point_stratum == self.steps.stratum
            by_point[here] = slope[np.searchsorted(self.steps.time, points.point_time[here])]
            total += hazard_influence(fit, by_point, influences[other])
            total += float(slope @ self.steps.jumps[other]) * (self.centred[other] @ influences[other])
        return final, total
