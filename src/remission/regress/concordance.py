"""Harrell's concordance: how often the higher predicted risk fails first, with its standard error."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from remission.core.sums import sums_by
from remission.regress.fit import Fit
from remission.regress.rankedpairs import Elements, Floats, Ints, pair_sums


@dataclass(frozen=True, slots=True)
class Concordance:
    """Concordance and the (weighted) pairs behind it.

    Attributes
    ----------
    estimate : float
        (Somers' d + 1) / 2 over all strata: (concordant + tied score / 2) / comparable pairs.
    std_error : float
        Infinitesimal jackknife, rows of a cluster summed first in a clustered fit.
    concordant, discordant, tied_score : float
        Comparable pairs: the higher risk failed first, the lower did, equal risks.
    """

    estimate: float
    std_error: float
    concordant: float
    discordant: float
    tied_score: float


def concordance(fit: Fit) -> Concordance:
    """Concordance between the linear predictor and survival, as R's `concordance` of a `coxph` fit.

    A pair of rows of one stratum is comparable if one died at t and the other was at risk then (entry < t)
    and either lived longer or was censored at t. Deaths at the same time are not comparable. A pair has the
    product of its weights. O(n log n): see `rankedpairs`.

    References
    ----------
    Harrell, Lee and Mark, Stat Med 1996; Therneau and Watson 2017.

    Examples
    --------
    >>> from remission.regress.cox import cox
    >>> fit = cox([1, 2, 3, 4], [True] * 4, {"x": [3.0, 4.0, 2.0, 1.0]})
    >>> round(concordance(fit).estimate, 6)
    0.833333
    """
    points, grid, weight = fit.data.points, fit.histories.grid, fit.data.weight
    # risks that differ by rounding only are tied
    rank = np.unique(np.round(fit.at.linear, 12), return_inverse=True)[1]
    exit_at = grid.exit_at[points.order]
    entry_at = None if grid.entry_at is None else grid.entry_at[points.order]
    found, influence = compared(points.stratum, exit_at, rank, points.died, weight, entry_at)
    if fit.cluster is not None:
        influence = sums_by(fit.cluster, influence, int(fit.cluster.max()) + 1)
    return replace(found, std_error=float(np.sqrt(influence @ influence)))


def compared(
    stratum: Ints,
    exit_at: Ints,
    rank: Ints,
    died: NDArray[np.bool_],
    weight: Floats,
    entry_at: Ints | None = None,
) -> tuple[Concordance, Floats]:
    """Concordance of ranked risks with survival, and the influence of each row (rows in any order).

    Parameters
    ----------
    stratum, exit_at, rank : arrays (n,) of int
        Numbers from 0; a higher rank is a higher risk. `exit_at` (and `entry_at`, -1 = from the start) count
        distinct times.
    died : array (n,) of bool
    weight : array (n,)

    Returns
    -------
    Concordance, array (n,)
        Without comparable pairs all is NaN.
    """
    dying = np.where(died, weight, 0.0)
    sums = pair_sums(Elements(stratum, exit_at, rank, dying, weight, weight - dying))
    gain, partners, tied = sums.gain, sums.partners, sums.tied
    if entry_at is not None:
        late, deaths = np.flatnonzero(entry_at >= 0), np.flatnonzero(died)
        rows = np.concatenate([deaths, late])
        time = np.concatenate([exit_at[deaths], entry_at[late]])
        absent = weight[rows]
        absent[: len(deaths)] = 0.0
        not_there = pair_sums(
            Elements(stratum[rows], time, rank[rows], weight[rows] - absent, absent, absent)
        )
        np.subtract.at(gain, rows, not_there.gain)
        np.subtract.at(partners, rows, not_there.partners)
        tied -= not_there.tied
    comparable, net = 0.5 * float(weight @ partners), 0.5 * float(weight @ gain)
    if comparable == 0:
        return Concordance(float("nan"), float("nan"), 0.0, 0.0, 0.0), np.full(len(weight), np.nan)
    somers = net / comparable
    concordant, discordant = (comparable - tied + net) / 2, (comparable - tied - net) / 2
    influence = weight * (gain - partners * somers) / (2 * comparable)
    error = float(np.sqrt(influence @ influence))
    return Concordance((somers + 1) / 2, error, concordant, discordant, tied), influence
