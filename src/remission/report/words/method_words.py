"""Sentences of the methods, by name; their references come with the statement."""

from __future__ import annotations

from collections.abc import Sequence

from remission.core.wording import listing
from remission.report.format import percentage
from remission.report.tables.pairs import adjustment_words
from remission.report.words.phrases import Facts, names

SCALES = {
    "log-log": "log-log",
    "log": "log",
    "logit": "logit",
    "arcsine": "arcsine-square-root",
    "plain": "untransformed",
}
VARIANCES = {
    "aalen": "the variance estimator used with Gray’s test",
    "delta": "the delta-method variance",
    "jackknife": "the infinitesimal-jackknife variance",
}


def _confidence(facts: Facts) -> str:
    return percentage(float(facts.get("confidence") or 0.95))


def kaplan_meier(facts: Facts) -> str:
    """Survival curves."""
    scale = SCALES.get(str(facts.get("interval")), str(facts.get("interval")))
    return (
        "Survival was estimated by the Kaplan–Meier method with Greenwood’s variance and "
        f"{_confidence(facts)} confidence intervals on the {scale} scale"
        f"{', log-log where these would leave 0–100%' if scale == SCALES['plain'] else ''}."
    )


def median_limits(_: Facts) -> str:
    """Limits of medians."""
    return "Limits of medians were read from the limits of the curve."


def cumulative_incidence(facts: Facts) -> str:
    """Incidence with competing events."""
    scale = SCALES.get(str(facts.get("interval")), str(facts.get("interval")))
    variance = VARIANCES.get(str(facts.get("variance")), str(facts.get("variance")))
    return (
        "Cumulative incidence was estimated with competing events taken into account (Aalen–Johansen), "
        f"with {variance} and {_confidence(facts)} confidence intervals on the {scale} scale."
    )


def delayed_entry(facts: Facts) -> str:
    """Late entrants."""
    label = facts["endpoint_label"]
    return f"For {label}, patients count as at risk only from when they came under observation."


def time_unit(several: Sequence[Facts]) -> str:
    """How days became years; analyses may show their times in different units."""
    units = listing(list(dict.fromkeys(str(facts["unit"]) for facts in several)), "or")
    days = listing(list(dict.fromkeys(f"{float(facts['days_per_year']):g}" for facts in several)), "or")
    return f"Times were computed in days and are shown in {units}, with {days} days in a year."


def characteristics_described(_: Facts) -> str:
    """Table 1."""
    return "Categories are described by counts and percentages of those known, numbers by median and range."


def characteristics_tested(facts: Facts) -> str:
    """Tests in Table 1."""
    return f"Characteristics of groups were compared by these tests: {listing(names(facts, 'tests'))}."


def standardised_differences(facts: Facts) -> str:
    """Balance."""
    largest = "the largest of the standardised differences between two groups is shown"
    one = "standardised differences are shown"
    text = largest if float(facts.get("groups") or 2) > 2 else one
    return f"Because P values say little about imbalance, {text}."


def _weighted(facts: Facts) -> str:
    rho = float(facts.get("rho") or 0)
    return f" (weights S^{rho:g})" if rho else ""


def logrank_test(facts: Facts) -> str:
    """Survival compared."""
    return f"Survival was compared between groups by the log-rank test{_weighted(facts)}, two-sided."


def gray_test(facts: Facts) -> str:
    """Incidence compared."""
    return f"Cumulative incidence was compared by Gray’s test{_weighted(facts)}."


def cause_specific_logrank(facts: Facts) -> str:
    """Hazards of one cause compared."""
    beside = "Beside it, hazards" if facts.get("beside_gray") else "Hazards"
    return (
        f"{beside} of one event were compared by the log-rank test with competing events censored, "
        "which asks about the rate among those still at risk and not about how many are affected in the end."
    )


def trend_test(_: Facts) -> str:
    """Ordered groups."""
    return "Ordered groups were also tested for trend, with equally spaced scores."


def stratified_tests(facts: Facts) -> str:
    """Within strata."""
    return f"Tests were stratified by {facts['label']}."


def permutation_test(facts: Facts) -> str:
    """Small groups."""
    return f"Small groups were also compared by a permutation log-rank test ({facts['how']})."


def pairwise_tests(facts: Facts) -> str:
    """Every two groups."""
    adjust = str(facts.get("adjust") or "none")
    if adjust == "none":
        return "More than two groups were also compared two by two, without adjustment for their number."
    how = adjustment_words(adjust)
    return f"More than two groups were also compared two by two, with P values adjusted by {how}."


def differences_at_times(_: Facts) -> str:
    """Differences rather than P alone."""
    return (
        "Differences between groups at the named times are given with their intervals, because a large "
        "P value does not show that groups are alike."
    )


def restricted_means(_: Facts) -> str:
    """Areas under curves."""
    return "Restricted mean times are areas under the curves up to the named limit."


def landmark_method(facts: Facts) -> str:
    """Landmark analyses."""
    grouped = " and grouped by what was known of them then" if facts.get("regrouped") else ""
    return (
        f"In landmark analyses, patients still at risk {facts['landmark']} after {facts['time_zero']} were "
        f"followed from that day{grouped}; those with an event or censored before are not counted."
    )


def guard_method(_: Facts) -> str:
    """The guard."""
    return (
        "Groups defined by what is known only after time zero were not compared from time zero "
        "(immortal-time bias); the landmark analysis stands in their place."
    )


def follow_up_method(_: Facts) -> str:
    """Follow-up."""
    return "Follow-up was estimated by the reverse Kaplan–Meier method, in which death ends the watching."


def completeness_method(facts: Facts) -> str:
    """Completeness of follow-up."""
    closed = f", with follow-up closed on {facts['closed']}" if facts.get("closed") else ""
    return f"Completeness is the observed share of the person-time that could have been observed{closed}."


def screen_method(facts: Facts) -> str:
    """Screens of variables."""
    adjust = str(facts.get("adjust") or "none")
    if adjust == "none":
        return "Every variable was tested on its own; P values were not adjusted for the number of variables."
    return f"Every variable was tested on its own, with P values also adjusted by {adjustment_words(adjust)}."


WORDS = {
    "kaplan_meier": kaplan_meier,
    "median_limits": median_limits,
    "cumulative_incidence": cumulative_incidence,
    "delayed_entry": delayed_entry,
    "characteristics_described": characteristics_described,
    "characteristics_tested": characteristics_tested,
    "standardised_differences": standardised_differences,
    "logrank_test": logrank_test,
    "gray_test": gray_test,
    "cause_specific_logrank": cause_specific_logrank,
    "trend_test": trend_test,
    "stratified_tests": stratified_tests,
    "permutation_test": permutation_test,
    "pairwise_tests": pairwise_tests,
    "differences_at_times": differences_at_times,
    "restricted_means": restricted_means,
    "landmark_method": landmark_method,
    "guard_method": guard_method,
    "follow_up_method": follow_up_method,
    "completeness_method": completeness_method,
    "screen_method": screen_method,
}

# Said once of all analyses.
TOGETHER = {"time_unit": time_unit}
