"""Words about published results beside a cohort: why they are no comparison, and how they were completed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from remission.core.wording import listing
from remission.report.format import size
from remission.report.words.phrases import Facts, about, items

CHECKED = {
    "checked": "checked",
    "derived": "derived",
    "memory": "FROM MEMORY",
    "unsure": "unsure",
    "own": "own entry",
}


def result_name(item: Mapping[str, Any]) -> str:
    """Name a published result: trial and population."""
    return f"{item['trial']} ({item['population']})"


def historical_controls(facts: Facts) -> str:
    """Why published results are no control group."""
    trials = listing(
        [
            f"{each['trial']}{f' ({years})' if (years := each['years']) else ''}"
            for each in items(facts, "trials")
        ]
    )
    first, last = facts.get("accrual_from"), facts.get("accrual_to")
    ours = f" (begun {str(first)[:4]} to {str(last)[:4]})" if first and last else ""
    text = (
        f"The results of {trials} are historical: nobody was randomised between them and this "
        f"cohort{ours}. Years of inclusion, eligibility, diagnostics, MRD methods, supportive care and "
        "completeness of follow-up differ, and published patients have no baseline data here to adjust "
        "for. A better or worse number is therefore no evidence that a treatment is better or worse, and "
        "no P value is given."
    )
    if facts.get("difference"):
        text += (
            " The limits of the differences hold only the play of chance in both numbers; they say nothing "
            "of any of this."
        )
    return text


def other_time_zero(facts: Facts) -> str:
    """Time that begins elsewhere."""
    others, unsaid = items(facts, "others"), items(facts, "unsaid")
    ours = str(facts["time_zero"])
    here = (
        "the study file does not say from when time counts here"
        if ours == "time zero"
        else f"time counts from {ours} here"
    )
    parts = list(dict.fromkeys(f"{each['trial']} from {each['what']}" for each in others))
    said = f"; it counts in {listing(parts)}" if parts else ""
    trials = list(dict.fromkeys(str(each["trial"]) for each in unsaid))
    unknown = f"; for {listing(trials)} it is not known from when" if trials else ""
    left_out = facts.get("difference") and others
    none = " No difference is given where time is known to begin elsewhere." if left_out else ""
    return (
        f"{about(facts)}{here}{said}{unknown}. Curves that begin at different moments are not comparable at "
        "the same number of years: whoever is counted from remission or transplantation has lived until then."
        f"{none}"
    )


def published_patients_selected(facts: Facts) -> str:
    """Left truncation."""
    parts = list(dict.fromkeys(f"{each['trial']}: {each['what']}" for each in items(facts, "results")))
    return (
        f"{about(facts)}some published results are of patients who had to come some way first "
        f"({'; '.join(parts)}). Early deaths and failures are missing there. A fair comparison would count "
        "this cohort, too, only from the same point on: make an endpoint with `entry` or `time_zero`, or a "
        "landmark analysis."
    )


def published_from_memory(facts: Facts) -> str:
    """Numbers nobody compared with the paper."""
    named = listing(list(dict.fromkeys(result_name(each) for each in items(facts, "results"))))
    return (
        f"{about(facts)}FROM MEMORY: numbers of {named}, or their limits, were not compared with the "
        "paper. Compare them before use."
    )


def published_error_too_small(facts: Facts) -> str:
    """A standard error that cannot be."""
    parts = [f"{result_name(each)}, {size(each['n'])}" for each in items(facts, "results")]
    return (
        f"{about(facts)}the standard error of {listing(parts)} is smaller than so many patients allow. One "
        "of the numbers is mistyped, or limits were taken for an error."
    )


def published_without_error(facts: Facts) -> str:
    """Published without limits."""
    named = listing([result_name(each) for each in items(facts, "results")])
    return f"{about(facts)}no standard error or limits were published (or are known here) for {named}."


def benchmark_method(facts: Facts) -> str:
    """How published numbers were completed."""
    said = "Published results are shown as reported, at their own times, and were not pooled."
    if facts.get("limits"):
        said += (
            " Where only a standard error was published, limits were computed from it on the log-log scale."
        )
    if facts.get("errors"):
        said += " Where only limits were published, the standard error was computed back from them."
    if facts.get("difference") == "log-log":
        said += (
            " Differences from published results have limits recovered from the log-log limits of both "
            "sides, as if their errors were independent."
        )
    elif facts.get("difference"):
        said += " Differences from published results have limits from the sum of both variances."
    return said


def together_historical(several: Sequence[Facts]) -> str:
    """Trials of all endpoints in one warning."""
    trials = {(each["trial"], each["years"]): each for facts in several for each in items(facts, "trials")}
    return historical_controls({**several[0], "trials": tuple(trials.values())})


WORDS = {
    "other_time_zero": other_time_zero,
    "published_patients_selected": published_patients_selected,
    "published_from_memory": published_from_memory,
    "published_error_too_small": published_error_too_small,
    "published_without_error": published_without_error,
}
TOGETHER = {"historical_controls": together_historical}
METHODS = {"benchmark_method": benchmark_method}
