"""Cross-resistance: rank correlations between all pairs of drugs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl

from remission.core.problems import InputError
from remission.core.progress import Progress, silent
from remission.core.vocabulary import result_rows
from remission.response.intervals import Intervals, from_rows
from remission.response.pooling import pool_correlations
from remission.response.rankcorrelation import Correlation, Statistic, rank_correlation
from remission.response.responses import DoseResponses


@dataclass(frozen=True, slots=True, eq=False)
class CrossResistance:
    """Correlations between drugs.

    Attributes
    ----------
    drugs : tuple of str
    statistic : "kendall" or "spearman"
    pairs : mapping of (drug, drug) to Correlation
        Each pair once, in the order of the drugs.
    level : float
    imputations : int
        Over which estimates were pooled; 1 where nothing was imputed.
    """

    drugs: tuple[str, ...]
    statistic: Statistic
    pairs: Mapping[tuple[str, str], Correlation]
    level: float
    imputations: int = 1

    def matrix(self) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """Estimates as a symmetric matrix with 1 on the diagonal."""
        made = np.eye(len(self.drugs))
        for (one, other), found in self.pairs.items():
            i, j = self.drugs.index(one), self.drugs.index(other)
            made[i, j] = made[j, i] = found.estimate
        return made

    def rows(self) -> pl.DataFrame:
        """Result rows: term and versus are drugs, at_risk patients with both, std_error that of z."""
        found = list(self.pairs.items())
        return result_rows(
            {
                "measure": f"{self.statistic} correlation",
                "term": [pair[0] for pair, _ in found],
                "versus": [pair[1] for pair, _ in found],
                "estimate": [each.estimate for _, each in found],
                "std_error": [each.std_error for _, each in found],
                "low": [each.low for _, each in found],
                "high": [each.high for _, each in found],
                "confidence": self.level,
                "at_risk": [float(each.n) for _, each in found],
            }
        )


def cross_resistance(
    data: DoseResponses | pl.DataFrame | Mapping[str, Intervals],
    *,
    statistic: Statistic = "kendall",
    level: float = 0.95,
    progress: Progress | None = None,
) -> CrossResistance:
    """Correlate the LC50 of every two drugs over patients, censored values as what they are.

    Parameters
    ----------
    data : DoseResponses, its rows, or a mapping of drug to Intervals (all of the same patients, in one order)
    statistic : "kendall" or "spearman"
        See `rank_correlation` for the conventions on ties and censoring.
    level : float
    progress : callable, optional
        `progress(what, done, total)`.

    Raises
    ------
    InputError
        With fewer than two drugs, or drugs of different numbers of patients.
    """
    known = _by_drug(data)
    if len(known) < 2:
        raise InputError("cross-resistance needs two drugs at least.")
    pairs = list(combinations(known, 2))
    tell = progress or silent
    found = {}
    for done, (one, other) in enumerate(pairs):
        tell("Cross-resistance", done, len(pairs))
        found[one, other] = rank_correlation(known[one], known[other], statistic=statistic, level=level)
    tell("Cross-resistance", len(pairs), len(pairs))
    return CrossResistance(tuple(known), statistic, found, level)


def pooled_cross_resistance(
    imputations: Sequence[Mapping[str, Intervals]], *, statistic: Statistic = "kendall", level: float = 0.95
) -> CrossResistance:
    """Cross-resistance over multiply imputed concentrations, pooled by Rubin's rules on Fisher's z.

    Parameters
    ----------
    imputations : sequence of mappings of drug to Intervals
        Two or more, of the same drugs and patients.
    statistic, level
        As in `cross_resistance`.
    """
    if len(imputations) < 2:
        raise InputError("give two imputations or more; one needs no pooling.")
    single = [cross_resistance(each, statistic=statistic, level=level) for each in imputations]
    if len({each.drugs for each in single}) > 1:
        raise InputError("all imputations must have the same drugs, in one order.")
    found = {}
    for pair, first in single[0].pairs.items():
        each = [made.pairs[pair] for made in single]
        estimates = [one.estimate for one in each]
        if not all(np.isfinite(one.std_error) for one in each):
            nan = float("nan")
            found[pair] = Correlation(statistic, float(np.mean(estimates)), nan, nan, nan, first.n, 0)
            continue
        pooled = pool_correlations(estimates, [one.std_error**2 for one in each], level=level)
        bracketed = min(one.bracketed for one in each)
        found[pair] = Correlation(
            statistic, pooled.estimate, pooled.std_error, pooled.low, pooled.high, first.n, bracketed
        )
    return CrossResistance(single[0].drugs, statistic, found, level, len(imputations))


def _by_drug(data: DoseResponses | pl.DataFrame | Mapping[str, Intervals]) -> dict[str, Intervals]:
    if isinstance(data, Mapping):
        sizes = {len(each) for each in data.values()}
        if len(sizes) > 1:
            raise InputError(f"drugs have different numbers of patients: {sorted(sizes)}.")
        return dict(data)
    rows = data.rows() if isinstance(data, DoseResponses) else data
    patients = rows["patient"].unique(maintain_order=True).to_list()
    drugs = rows["drug"].unique(maintain_order=True).to_list()
    return {drug: from_rows(rows, drug, patients) for drug in drugs}
