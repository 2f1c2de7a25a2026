"""Tests of proportional hazards: the score test of a coefficient that changes with a function of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.core.tails import chi_square_upper
from remission.core.vocabulary import result_rows
from remission.regress.fit import Fit, Test
from remission.regress.moments import (
    Floats,
    Rows,
    accumulate,
    mean_products,
    mean_sum,
)
from remission.regress.points import make_points
from remission.regress.products import weighted_products
from remission.regress.residuals import death_times, schoenfeld
from remission.regress.risksets import RiskSets
from remission.regress.tiesums import TieSums

if TYPE_CHECKING:
    import polars as pl

CONDITION = 1e13
Transform = Literal["km", "identity", "log", "rank"]


@dataclass(frozen=True, slots=True, eq=False)
class Proportionality:
    """Tests per term and of all together, and what a plot of the coefficient over time shows.

    Attributes
    ----------
    tests : tuple of Test
        One per term, then "GLOBAL".
    transform : str
    time, x : arrays (deaths,)
        Death times in the order of `residuals.schoenfeld`, and the time function there.
    y : array (deaths, p)
        Scaled Schoenfeld residuals plus coefficients, by column: their smooth over x shows the coefficient
        in time.
    """

    model: str
    tests: tuple[Test, ...]
    transform: Transform
    time: Floats
    x: Floats
    y: Floats

    def rows(self) -> pl.DataFrame:
        """One row per test: `measure` "proportional hazards", `scale` the transform, `term`, statistic, p."""
        return result_rows(
            {
                "measure": "proportional hazards",
                "scale": self.transform,
                "term": [test.name for test in self.tests],
                "statistic": [test.statistic for test in self.tests],
                "df": [float(test.df) for test in self.tests],
                "p": [test.p for test in self.tests],
            }
        )


def proportionality(
    fit: Fit, *, transform: Transform = "km", by: Literal["term", "column"] = "term"
) -> Proportionality:
    """Test whether effects are constant in time, as `cox.zph` of R's survival 3 and later.

    In the model x'b + g(t) x'c the score test of c = 0 at the fitted b, for the columns of a term with those
    of c of other terms held at 0. Always model-based. For Fine-Gray the same test on the subdistribution
    hazard, with its weighted risk sets (approximate: the censoring weights are taken as known).

    Parameters
    ----------
    fit : Fit
    transform : "km", "identity", "log" or "rank"
        g: one minus the Kaplan-Meier estimate just before t (all rows, unweighted, strata ignored, delayed
        entry honoured); t; log t; the average rank of t among all rows' times. Centred at its mean over
        deaths.
    by : "term" or "column"
        Whether the columns of a category are tested together.

    A test is NaN where there are too few deaths for it.

    Raises
    ------
    InputError
        For log of a death at time 0 or before, or an unknown transform.

    References
    ----------
    Grambsch and Therneau, Biometrika 1994.

    Examples
    --------
    >>> from remission.regress.cox import cox
    >>> fit = cox([1, 2, 3, 4, 5], [True] * 5, {"x": [1.0, 2.0, 0.5, 1.5, 1.0]})
    >>> [test.name for test in proportionality(fit).tests]
    ['x', 'GLOBAL']
    """
    rows, points = fit.data, fit.data.points
    if not fit.terms:
        raise InputError("the model has no covariates to test")
    g = time_function(fit, transform)
    centred = g - float(rows.count @ g) / rows.count.sum()
    score = _score(rows, fit, centred)
    blocks = [_information(rows, fit, centred**power) for power in (0, 1, 2)]
    size = len(score)
    joint = np.block([[blocks[0], blocks[1]], [blocks[1], blocks[2]]])
    groups: list[tuple[str, NDArray[np.intp]]] = [
        (name, np.array(columns)) for name, columns in _groups(fit, by) if len(columns)
    ]
    groups.append(("GLOBAL", np.arange(size)))
    tests = []
    for name, columns in groups:
        kept = np.concatenate([np.arange(size), size + columns])
        slope = np.concatenate([np.zeros(size), score[columns]])
        statistic = quadratic(joint[np.ix_(kept, kept)], slope)
        p = float(chi_square_upper(statistic, len(columns)))
        tests.append(Test(name, statistic, len(columns), p))
    return Proportionality(
        fit.model, tuple(tests), transform, death_times(fit), g[points.own], schoenfeld(fit, scaled=True)
    )


def quadratic(matrix: Floats, slope: Floats) -> float:
    """`slope' matrix^-1 slope`; NaN where the matrix is singular (too few deaths to tell columns apart)."""
    scale = np.sqrt(np.abs(np.diag(matrix)))
    if not (scale > 0).all() or np.linalg.cond(matrix / np.outer(scale, scale)) > CONDITION:
        return float("nan")
    return float(slope @ np.linalg.solve(matrix, slope))


def _groups(fit: Fit, by: str) -> list[tuple[str, tuple[int, ...]]]:
    if by == "column":
        return [(name, (index,)) for index, name in enumerate(fit.terms)]
    return list(fit.covariates.terms)


def time_function(fit: Fit, transform: Transform) -> Floats:
    """The function of time at each event point (m,), not centred."""
    time = fit.data.points.point_time
    if transform == "identity":
        return time
    if transform == "log":
        if (time <= 0).any():
            raise InputError("log of time needs every death after time 0; choose another transform")
        return np.asarray(np.log(time))
    grid = fit.histories.grid
    at_point = np.searchsorted(grid.values, time)
    if transform == "rank":
        count = np.bincount(grid.exit_at, minlength=len(grid.values))
        return (np.cumsum(count) - (count - 1) / 2)[at_point]
    if transform != "km":
        raise InputError(f'there is no transform "{transform}"; choose km, identity, log or rank')
    died = np.zeros(len(grid.exit_at), dtype=bool)
    died[fit.data.points.order] = fit.data.points.died
    pooled = make_points(grid, died, np.zeros(len(died), dtype=np.int64))
    at_risk = RiskSets(pooled).forward(np.ones(len(died)))
    deaths = np.bincount(pooled.own, minlength=pooled.size)
    before = np.concatenate([[1.0], np.cumprod(1 - deaths / at_risk)[:-1]])
    return np.asarray((1 - before)[np.searchsorted(pooled.point_time, time)])


def _score(rows: Rows, fit: Fit, c: Floats) -> Floats:
    points = rows.points
    dying = rows.weight[points.deaths] * c[points.own]
    return rows.covariates[:, points.deaths] @ dying - mean_sum(rows, fit.at) @ c


def _information(rows: Rows, fit: Fit, c: Floats) -> Floats:
    """Information of the score at weights c of the event points."""
    sums, tied = fit.at.sums, c[rows.several]
    scaled = TieSums(
        sums.s10 * c, sums.s11 * tied, sums.s20 * c, sums.s21 * tied, sums.s22 * tied, sums.log_z
    )
    hazard = accumulate(rows, scaled.s10, scaled.s11)
    first = weighted_products(rows.covariates, fit.at.relative * hazard)
    return first - mean_products(rows, fit.at, scaled)
