"""Moderated t of every gene: its own residual variance shrunk towards what all genes share (limma's)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from remission.core.tails import student_two_sided
from remission.expression.bayes import Prior, fit_prior, fit_priors, moderated_variance
from remission.expression.linear import basis, fit_group, patterns, without
from remission.expression.shuffle import Draw
from remission.expression.statistic import FLAT, Observed, by_rows, group_sizes
from remission.expression.sums import sums_of

Floats = NDArray[np.float64]


class Moderated:
    """Least squares on the group and other columns, with Smyth's moderated variance.

    Under relabelling the prior is fitted again each time. Other columns than the strata are dealt with as
    Freedman and Lane do: what they leave over is shuffled, and fitted again on all columns.

    Parameters
    ----------
    values : array (G, N)
    labels : array (N,) of 0 and 1
    others : array (N, q)
        Intercept, strata and covariates.
    strata : array (N, s)
        The part of the columns that shuffling does not change: the intercept, or one column per stratum.
    """

    def __init__(self, values: Floats, labels: Floats, others: Floats, strata: Floats) -> None:
        self.values, self.labels, self.others, self.strata = values, labels, others, strata
        self.fit = fit_group(values, labels, others)
        self.prior: Prior = fit_prior(self.fit.variance, self.fit.df)
        self.usable = np.isfinite(self.fit.variance)
        self.sums = sums_of(values)

    def observed(self) -> Observed:
        """Moderated t on df + prior df, at most the df of all genes together."""
        fit, prior = self.fit, self.prior
        post = moderated_variance(fit.variance, fit.df, np.array(prior.df), np.array(prior.variance))
        error = np.sqrt(post * fit.unscaled)
        with np.errstate(invalid="ignore", divide="ignore"):
            t = np.where(error > 0, fit.coefficient / error, np.nan)
        df = np.minimum(fit.df + prior.df, np.nansum(fit.df))
        t[~self.usable], df[~self.usable] = np.nan, np.nan
        return Observed(fit.coefficient, t, df, student_two_sided(t, df), error)

    def squares(self, draw: Draw) -> Iterator[Floats]:
        """Squared moderated t of each relabelling."""
        one_column = self.others.shape[1] == 1
        explained, rest = self._by_sums(draw) if one_column else self._by_patterns(draw)
        np.maximum(rest, FLAT * self.sums.squares, out=rest)
        usable = np.flatnonzero(self.usable)
        df = self.fit.df[usable]
        for rows in by_rows(*explained.shape):
            if len(usable) == explained.shape[1]:
                yield _squares(explained[rows], rest[rows] / df, df)
                continue
            whole = np.full(explained[rows].shape, np.nan)
            variance = rest[rows][:, usable] / df
            whole[:, usable] = _squares(explained[rows][:, usable], variance, df)
            yield whole

    def _by_sums(self, draw: Draw) -> tuple[Floats, Floats]:
        """Explained and residual sums of squares when there is nothing but the group: one product."""
        sums = self.sums
        n1 = group_sizes(draw, sums.known)
        with np.errstate(invalid="ignore", divide="ignore"):
            explained = (draw.labels @ sums.centred.T) ** 2
            explained *= sums.n / (n1 * (sums.n - n1))
        explained[~np.isfinite(explained)] = np.nan
        return explained, sums.squares - explained

    def _by_patterns(self, draw: Draw) -> tuple[Floats, Floats]:
        """The same with other columns, for the genes that have the same samples together."""
        explained, rest = np.full((2, len(draw.labels), len(self.values)), np.nan)
        for genes, samples in patterns(self.values):
            if not self.usable[genes].any():
                continue
            space = basis(self.others[samples])
            fixed = basis(self.strata[samples])
            moving = basis(without(space.T, fixed).T)
            group = without(self.labels[samples], space)
            residual = without(self.values[np.ix_(genes, samples)], space)
            order = draw.shuffled(samples)
            found = (group[order] @ residual.T) ** 2 / float(group @ group)
            left = np.einsum("ij,ij->i", residual, residual) - found
            for column in moving.T:
                left = left - (column[order] @ residual.T) ** 2
            explained[:, genes], rest[:, genes] = found, left
        return explained, rest


def _squares(explained: Floats, variance: Floats, df: Floats) -> Floats:
    """Explained over moderated variance; a row with an undefined gene has its prior from the others."""
    undefined = np.isnan(variance)
    if not undefined.any():
        prior_df, prior = fit_priors(variance.copy(), df)
        return explained / moderated_variance(variance, df, prior_df[:, None], prior[:, None])
    answer = np.full(explained.shape, np.nan)
    for row, skip in enumerate(undefined):
        keep = ~skip
        fitted = fit_prior(variance[row, keep], df[keep])
        post = moderated_variance(
            variance[row, keep], df[keep], np.array(fitted.df), np.array(fitted.variance)
        )
        answer[row, keep] = explained[row, keep] / post
    return answer
