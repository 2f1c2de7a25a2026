"""The one result of every regression on risk sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from remission.core.limits import Interval
from remission.core.newton import Optimum
from remission.core.tails import chi_square_upper, normal_quantile, normal_two_sided
from remission.core.vocabulary import result_rows
from remission.events.histories import Histories
from remission.regress.covariates import Covariates
from remission.regress.moments import Floats, Moments, Rows, Ties
from remission.regress.psi import CensoringScore, Psi

if TYPE_CHECKING:
    import polars as pl

VarianceKind = Literal["model", "robust", "clustered", "sandwich"]


@dataclass(frozen=True, slots=True)
class Test:
    """A chi-square test of all coefficients being zero."""

    name: str
    statistic: float
    df: int
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted Cox or Fine-Gray model.

    Attributes
    ----------
    model : str
        "Cox" or "Fine-Gray".
    cause : str
        Event of interest.
    coefficients : array (p,)
        Log hazard ratios (log subdistribution hazard ratios for Fine-Gray).
    variance, model_variance : arrays (p, p)
        The variance used for limits and tests, and the inverse information.
    variance_kind : "model", "robust", "clustered" or "sandwich"
    log_likelihood, log_likelihood_null : float
    n, events : int
        Rows and events of the cause (counts, not weighted).
    ties : "efron" or "breslow"
    variant : str
        For Fine-Gray: "crr" or "finegray".
    optimum : Optimum
        How the search ended; see `warnings` too.
    warnings : tuple of str
        Said in plain words: monotone likelihood, no convergence.
    covariates : Covariates
        Names and terms of the columns.
    strata : tuple of str
        Labels; `("",)` when there are none.
    histories : Histories
        The rows as given (those of weight zero left out).
    data : Rows
        The same sorted, for residuals and predictions.
    at : Moments
        Risk-set sums at the coefficients.
    cluster : array (n,) of int or None
        In sorted order.
    censoring, psi_form
        How the censoring distribution was estimated and which psi belongs to it, where the variance includes
        it.
    """

    model: str
    cause: str
    coefficients: Floats
    variance: Floats
    model_variance: Floats
    variance_kind: VarianceKind
    log_likelihood: float
    log_likelihood_null: float
    n: int
    events: int
    ties: Ties
    variant: str
    optimum: Optimum
    warnings: tuple[str, ...]
    covariates: Covariates
    strata: tuple[str, ...]
    histories: Histories
    data: Rows
    at: Moments
    cluster: NDArray[np.int64] | None = None
    censoring: CensoringScore | None = None
    psi_form: Psi = "exact"

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the coefficients."""
        return self.covariates.names

    @property
    def std_errors(self) -> Floats:
        """Standard errors of the coefficients (p,)."""
        return np.sqrt(np.diag(self.variance))

    def tests(self) -> tuple[Test, ...]:
        """Likelihood-ratio, Wald and score tests that every coefficient is zero.

        The Wald test uses `variance`; the other two are model-based (Breslow or Efron likelihood).
        """
        df = len(self.coefficients)
        ratio = 2 * (self.log_likelihood - self.log_likelihood_null)
        wald = float(self.coefficients @ np.linalg.solve(self.variance, self.coefficients)) if df else 0.0
        start = self.optimum
        slope = start.start_gradient
        score = float(slope @ np.linalg.solve(start.start_information, slope)) if df else 0.0
        named = (("likelihood ratio", ratio), ("Wald", wald), ("score", score))
        return tuple(Test(name, value, df, float(chi_square_upper(value, df))) for name, value in named)

    def rows(self, *, level: float = 0.95) -> pl.DataFrame:
        """One row per coefficient: `measure` "(subdistribution) hazard ratio", limits and p.

        `estimate`, `low` and `high` are ratios; `std_error` is of the log ratio; the test is Wald's.
        """
        half = float(normal_quantile(0.5 + level / 2)) * self.std_errors
        statistic = self.coefficients / self.std_errors
        return result_rows(
            {
                "measure": "hazard ratio" if self.model == "Cox" else "subdistribution hazard ratio",
                "scale": "log",
                "cause": self.cause,
                "term": self.terms,
                "estimate": ratio(self.coefficients),
                "std_error": self.std_errors,
                "low": ratio(self.coefficients - half),
                "high": ratio(self.coefficients + half),
                "confidence": level,
                "at_risk": float(self.n),
                "events": float(self.events),
                "statistic": statistic,
                "df": 1.0,
                "p": normal_two_sided(statistic),
            }
        )

    def predict(
        self,
        X: Any,
        times: Sequence[float],
        *,
        stratum: str | None = None,
        level: float = 0.95,
        interval: Interval = "log-log",
    ) -> pl.DataFrame:
        """Survival (Cox) or incidence (Fine-Gray) of new rows: see `remission.regress.predict.predict`."""
        from remission.regress.predict import predict  # noqa: PLC0415 - it reads fits

        return predict(self, X, times, stratum=stratum, level=level, interval=interval)

    def summary(self, *, level: float = 0.95) -> str:
        """Text for reading: the table of `rows`, the tests, and any warning."""
        frame = self.rows(level=level)
        counts = f"{self.n} rows, {self.events} events"
        lines = [
            f"{self.model} model of {self.cause}: {counts} ({self.ties} ties, {self.variance_kind} variance)"
        ]
        width = max((len(term) for term in self.terms), default=4)
        lines += [
            "  {term:<{width}}  ratio {estimate:.4g} ({low:.4g} to {high:.4g})  p {p:.2g}".format(
                width=width, **row
            )
            for row in frame.iter_rows(named=True)
        ]
        lines += [
            f"  {test.name} test: {test.statistic:.4g} on {test.df} df, p {test.p:.2g}"
            for test in self.tests()
        ]
        lines += [f"  Warning: {warning}" for warning in self.warnings]
        return "\n".join(lines)


def ratio(log: Floats) -> Floats:
    """Exponential that goes to infinity without complaint (a monotone likelihood has such limits)."""
    with np.errstate(over="ignore"):
        return np.exp(log)
