"""Weight functions of the log-rank family: how much each event time counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from remission.core.problems import InputError
from remission.events.table import Floats

NamedWeight = Literal["gehan", "tarone-ware", "peto-peto", "andersen"]
ROUNDING = 1e-12  # survivors fewer than this share of those at risk are rounding of real weights


@dataclass(frozen=True, slots=True)
class RankWeight:
    """A weight function.

    Attributes
    ----------
    name : str
        Name of the test.
    of : callable
        `(at risk N, events D)` of the pooled groups of one stratum at its event times, to weights.
    counts_patients : bool
        Whether it adds 1 to the number at risk: meaningless where that is a sum of sampling weights.
    """

    name: str
    of: Callable[[Floats, Floats], Floats]
    counts_patients: bool = False


def rank_weight(rho: float, gamma: float, weights: NamedWeight | None) -> RankWeight:
    """Choose the weight function: W = S(-)^rho (1 - S(-))^gamma, or one with a name.

    Raises
    ------
    InputError
        If the name is unknown, is given together with rho or gamma, or gamma is negative.
    """
    if weights is not None:
        if weights not in get_args(NamedWeight):
            message = f'there are no weights "{weights}"; choose one of {", ".join(get_args(NamedWeight))}'
            raise InputError(message)
        if rho != 0 or gamma != 0:
            message = "give either weights or rho and gamma, not both"
            raise InputError(message)
        return _NAMED[weights]
    if not (np.isfinite(rho) and np.isfinite(gamma)) or gamma < 0:
        message = f"rho must be finite and gamma 0 or more; got rho={rho}, gamma={gamma}"
        raise InputError(message)
    if rho == 0 and gamma == 0:
        return RankWeight("log-rank", lambda at_risk, events: np.ones(len(at_risk)))

    def fleming_harrington(at_risk: Floats, events: Floats) -> Floats:
        before = survival_before(at_risk, events)
        if rho < 0 and not before.all():
            message = (
                "with rho below 0 an event after survival reached 0 counts infinitely: take rho 0 or more"
            )
            raise InputError(message)
        return np.asarray(before**rho * (1.0 - before) ** gamma)

    return RankWeight(f"Fleming-Harrington ({rho:g}, {gamma:g})", fleming_harrington)


def survival_before(at_risk: Floats, events: Floats) -> Floats:
    """Pooled Kaplan-Meier just before each event time."""
    left = at_risk - events
    left[left <= ROUNDING * at_risk] = 0.0
    after = np.cumprod(left / at_risk)
    return np.concatenate([[1.0], after])[:-1]


def _peto(at_risk: Floats, events: Floats) -> Floats:
    """Peto and Peto's survival: over rows up to and including this one, and never zero."""
    return np.asarray(np.cumprod(1.0 - events / (at_risk + 1.0)))


_NAMED: dict[NamedWeight, RankWeight] = {
    "gehan": RankWeight("Gehan-Breslow", lambda at_risk, events: at_risk),
    "tarone-ware": RankWeight("Tarone-Ware", lambda at_risk, events: np.sqrt(at_risk)),
    "peto-peto": RankWeight("Peto-Peto", _peto, counts_patients=True),
    "andersen": RankWeight("Andersen", lambda n, d: _peto(n, d) * n / (n + 1.0), counts_patients=True),
}
