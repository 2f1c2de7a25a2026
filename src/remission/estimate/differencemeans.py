"""Contrasts of restricted means: difference, ratio, and ratio of the times lost."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from remission.estimate.contrast import Contrast, Differences, nobody, wald
from remission.estimate.mean import Mean, restricted_mean
from remission.estimate.source import Source


def mean_contrasts(source: Source, until: float, level: float) -> Differences:
    """Compare the restricted means of every two groups of a stratum, as R's `survRM2` does for two."""
    means = restricted_mean(source, until=until, level=level)
    contrasts: list[Contrast] = []
    notes: list[str] = []
    for stratum in dict.fromkeys(mean.stratum for mean in means):
        members = [mean for mean in means if mean.stratum == stratum]
        notes += [nobody(mean.stratum, mean.group) for mean in members if not mean.at_risk]
        for versus, group in combinations(members, 2):
            contrasts += _contrasts(group, versus, until, level)
    return Differences(level, tuple(contrasts), tuple(notes))


def _contrasts(group: Mean, versus: Mean, until: float, level: float) -> list[Contrast]:
    labels = (group.stratum, group.group, versus.group, "")
    estimate = group.estimate - versus.estimate
    error = float(np.sqrt(group.variance + versus.variance))
    found = [
        Contrast(
            "difference of restricted means",
            "plain",
            *labels,
            until,
            estimate,
            error,
            *wald(estimate, error, level),
        )
    ]
    lived = ((group.estimate, group.variance), (versus.estimate, versus.variance))
    lost = tuple((until - mean, variance) for mean, variance in lived)
    for measure, sides in (("ratio of restricted means", lived), ("ratio of restricted times lost", lost)):
        (one, variance_one), (zero, variance_zero) = sides
        if not (one > 0 and zero > 0):
            found.append(Contrast(measure, "log", *labels, until, *[np.nan] * 6))
            continue
        log_ratio = float(np.log(one / zero))
        error = float(np.sqrt(variance_one / one**2 + variance_zero / zero**2))
        low, high, statistic, p = wald(log_ratio, error, level)
        limits = (float(np.exp(low)), float(np.exp(high)))
        found.append(Contrast(measure, "log", *labels, until, one / zero, error, *limits, statistic, p))
    return found
