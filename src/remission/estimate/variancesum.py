"""What the three variances of cumulative incidence share.

Each is a sum over t_k <= t of terms in F(t) - F(t_k), which must be had for every t. Expanding in powers of
F(t) gives the whole curve from running sums. F is measured from its last value, f = F - F_end: the
differences are the same, and since |f| never exceeds S where it is divided by S, nothing large cancels in
the tail.
"""

from __future__ import annotations

import numpy as np

from remission.events.table import Floats

ROUNDING = 1e-13


def from_end(incidence: Floats) -> Floats:
    """F minus its last value."""
    return incidence - incidence[-1:] if len(incidence) else incidence


def quadratic(f: Floats, constant: Floats, linear: Floats, square: Floats) -> Floats:
    """Return `constant - 2 f linear + f^2 square`, and 0 where that is rounding."""
    parts = (constant, -2 * f * linear, f**2 * square)
    total = parts[0] + parts[1] + parts[2]
    size = np.abs(parts[0]) + np.abs(parts[1]) + np.abs(parts[2])
    return np.where(total > ROUNDING * size, total, 0.0)
