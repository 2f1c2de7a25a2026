"""Words about drug response of cells."""

from __future__ import annotations

from remission.core.wording import listing
from remission.report.format import count, percentage, plural
from remission.report.words.phrases import Facts, groups_counted, items, names

PAIRS_SHOWN = 6
MARKS = {
    "checked": "They were compared with their source.",
    "derived": "They were derived from their source.",
    "own": "They are those of the study’s own file.",
    "memory": "They are FROM MEMORY of their source; compare them with it before any use.",
    "unsure": "They are an EXAMPLE from memory that nobody could check; the study says that its authors "
    "compared them with their source.",
}


def cells_are_not_patients(_: Facts) -> str:
    """What an LC50 is not."""
    return (
        "LC50 is the survival of cells in a plate. It is not the response of a patient: whether it goes with "
        "outcome has to be shown, with the patients’ other risk factors beside it."
    )


def lc50_cutoffs(facts: Facts) -> str:
    """Where the cut-offs are from."""
    method, mark = str(facts["method"]), str(facts["mark"])
    if not mark:
        return (
            f"Classes are cut at the {method} of this cohort. Such a cut says who is more resistant than "
            "others here, not who is resistant: other cohorts have other cut-offs, and the classes cannot be "
            "compared with theirs."
        )
    return f"Classes by {method}. {MARKS[mark]}"


def lc50_beyond_doses(facts: Facts) -> str:
    """Drugs whose tested doses are too narrow for most patients."""
    told = [
        f"{item['drug']} ({count(item['n'])} of {count(item['total'])})" for item in items(facts, "drugs")
    ]
    return (
        f"In more than half of the patients the LC50 of {listing(told)} lies beyond the tested doses. It is "
        "known only as a bound there, and nothing is extrapolated."
    )


def lc50_without_class(facts: Facts) -> str:
    """Who has no class."""
    told = []
    for item in items(facts, "drugs"):
        parts = [
            text
            for n, text in (
                (item["n"], f"{count(item['n'])} because a cut-off lies beyond the tested doses"),
                (item["failed"], f"{count(item['failed'])} because the curve did not pass the quality rules"),
            )
            if n
        ]
        told.append(f"{item['drug']} {listing(parts)}")
    return (
        f"Patients tested but without a class: {'; '.join(told)}. They are in no class, and are not guessed."
    )


def drug_scores_open(facts: Facts) -> str:
    """Whose score is open."""
    told = [
        f"{item['score']} in {count(item['n'])} of {plural(item['total'], 'patient')}"
        for item in items(facts, "scores")
    ]
    return f"Not settled, as classes are not known: {listing(told)}."


def cross_resistance_few(facts: Facts) -> str:
    """Pairs with few patients."""
    told = [f"{item['pair']} ({count(item['n'])})" for item in items(facts, "pairs")]
    more = [f"{count(len(told) - PAIRS_SHOWN)} more pairs"] if len(told) > PAIRS_SHOWN else []
    listed = listing([*told[:PAIRS_SHOWN], *more])
    return f"Fewer than {count(facts['below'])} patients have both drugs: {listed}."


def lc50_small_groups(facts: Facts) -> str:
    """Small groups."""
    return (
        f"LC50 by {facts['by_label']}: fewer than {count(facts['below'])} patients, with "
        f"some drugs, in {listing(groups_counted(facts))}. P "
        "values are from permutations of the patients, which hold in small groups; medians of so few say "
        "little."
    )


def lc50_not_compared(facts: Facts) -> str:
    """Drugs without a test."""
    return (
        f"LC50 by {facts['by_label']} was not tested for {listing(names(facts, 'drugs'))}: fewer than two "
        "groups have passing curves, or no two patients are certainly apart."
    )


def lc50_method(_: Facts) -> str:
    """How LC50 is summarised."""
    return (
        "The LC50 is the concentration at which half of the leukaemic cells survive. Where it lies beyond "
        "the tested doses it was taken as what is known, a bound; medians and quartiles are order "
        "statistics of these values and bounds (the value of rank n × share, rounded up), and a class was "
        "given only where all that the LC50 may be lies in it."
    )


def lc50_test_method(facts: Facts) -> str:
    """How groups were compared."""
    p = (
        "P values are from permutations of the patients between groups"
        if facts["permutation"]
        else "P values are from the chi-squared distribution with the permutation variance"
    )
    return (
        "LC50 was compared between groups by the generalised Wilcoxon (Kruskal–Wallis) test for values "
        "censored at either end, in which two patients count only where their order is certain. "
        f"{p}; they suppose the same tested doses in all groups, and were adjusted for the number of drugs "
        "by Holm’s method."
    )


def cross_resistance_method(facts: Facts) -> str:
    """How drugs were correlated."""
    name = (
        "Kendall’s τ (Brown, Hollander and Korwar’s for censored values)"
        if facts["statistic"] == "kendall"
        else "Spearman’s ρ, values beyond one tested dose sharing a rank"
    )
    confidence = percentage(float(facts["confidence"]))
    return f"Cross-resistance was measured by {name}, with {confidence} jackknife limits on Fisher’s z."


def drug_scores_method(facts: Facts) -> str:
    """How scores were made."""
    four = " The score of four drugs adds daunorubicin." if "four drugs" in names(facts, "scores") else ""
    return (
        "Scores over drugs add 1 point for sensitive, 2 for intermediate and 3 for resistant (PVA: "
        f"prednisolone, vincristine and asparaginase).{four}"
    )


WORDS = {
    "cells_are_not_patients": cells_are_not_patients,
    "lc50_cutoffs": lc50_cutoffs,
    "lc50_beyond_doses": lc50_beyond_doses,
    "lc50_without_class": lc50_without_class,
    "drug_scores_open": drug_scores_open,
    "cross_resistance_few": cross_resistance_few,
    "lc50_small_groups": lc50_small_groups,
    "lc50_not_compared": lc50_not_compared,
}
METHODS = {
    "lc50_method": lc50_method,
    "lc50_test_method": lc50_test_method,
    "cross_resistance_method": cross_resistance_method,
    "drug_scores_method": drug_scores_method,
}
