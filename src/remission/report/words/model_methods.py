"""Sentences of the methods about models, by name; their references come with the statement."""

from __future__ import annotations

from remission.core.wording import listing
from remission.report.tables.pairs import adjustment_words
from remission.report.words.phrases import Facts, items, names

HAZARDS = {
    "hazard": "Hazard ratios",
    "cause-specific hazard": "Cause-specific hazard ratios (competing events censored)",
    "subdistribution hazard": "Subdistribution hazard ratios",
}
TIES = {"efron": "Efron’s", "breslow": "Breslow’s"}


def _ties(facts: Facts) -> str:
    name = str(facts.get("ties") or "")
    return f" and {TIES.get(name, name)} handling of ties" if name else ""


def cox_model(facts: Facts) -> str:
    """Cox models."""
    ratios = HAZARDS.get(str(facts.get("hazard")), "Hazard ratios")
    return f"{ratios} were estimated by Cox regression with Wald limits{_ties(facts)}."


def fine_gray_model(facts: Facts) -> str:
    """Fine-Gray models."""
    variant = str(facts.get("variant") or "crr")
    how = {
        "crr": "as in R’s crr, with the variance that counts the estimation of the censoring weights",
        "finegray": "as in R’s finegray followed by a weighted Cox model",
    }.get(variant, variant)
    return f"Subdistribution hazard ratios were estimated by Fine–Gray regression ({how}){_ties(facts)}."


def stratified_model(facts: Facts) -> str:
    """Strata."""
    return f"Models were stratified by {facts['label']}."


def clustered_variance(facts: Facts) -> str:
    """Clusters."""
    return f"Standard errors allow for clusters of {facts['label']}."


def univariable_models(facts: Facts) -> str:
    """One variable at a time."""
    adjust = str(facts.get("adjust") or "none")
    tail = "" if adjust == "none" else f", with P values also adjusted by {adjustment_words(adjust)}"
    return f"Every variable was also modelled on its own{tail}."


def complete_cases(_: Facts) -> str:
    """Missing values in models."""
    return "Each model uses the patients with all its values known; their number is shown with it."


def time_dependent_terms(facts: Facts) -> str:
    """Terms that change."""
    listed = listing(names(facts, "labels"))
    return f"What happened after time zero entered as time-dependent: {listed}."


def spline_terms(facts: Facts) -> str:
    """Splines."""
    listed = []
    for item in items(facts, "terms"):
        knots = ", ".join(f"{float(knot):.3g}" for knot in item["knots"])
        listed.append(f"{item['label']} (knots at {knots})")
    return f"Restricted cubic splines were used for {listing(listed)}."


def firth_method(_: Facts) -> str:
    """Firth's penalty."""
    return "Firth’s penalised likelihood was used, with profile-likelihood limits."


def proportionality_method(_: Facts) -> str:
    """Proportional hazards."""
    return (
        "Proportional hazards were tested by scaled Schoenfeld residuals against the Kaplan–Meier transform "
        "of time, for each term and for all together."
    )


def concordance_method(_: Facts) -> str:
    """Concordance."""
    return "Discrimination is given as Harrell’s concordance."


def elimination_method(facts: Facts) -> str:
    """Backward elimination."""
    return f"Terms were taken out backwards while any had P above {facts['above']}; every step is shown."


def time_varying_effect(facts: Facts) -> str:
    """Effects by period, or with log time."""
    cuts = listing(names(facts, "cuts"))
    if facts.get("log_time"):
        return (
            f"The effect of {facts['label']} could change with the logarithm of time; it is shown at {cuts}."
        )
    return f"The effect of {facts['label']} was estimated apart in the periods cut at {cuts}."


def mantel_byar_test(_: Facts) -> str:
    """Mantel-Byar."""
    return "Groups that change over time were compared by the Mantel–Byar test."


def simon_makuch_curves(facts: Facts) -> str:
    """Simon-Makuch."""
    start = f", from {facts['start']} on" if facts.get("start") else ""
    return f"Curves by current status were drawn by the method of Simon and Makuch{start}."


def delayed_entry_remedy(_: Facts) -> str:
    """Delayed entry in place of a naive comparison."""
    return "Where a value was known only later, patients count from the day it was known (delayed entry)."


def standardisation_method(facts: Facts) -> str:
    """Adjusted curves."""
    listed = listing(names(facts, "adjusted_for"))
    return (
        f"Adjusted curves are averages of the curves a {facts['model']} model predicts for every patient, as "
        f"if all were in one group (direct standardisation), adjusted for {listed}."
    )


def subgroup_method(facts: Facts) -> str:
    """Subgroups."""
    listed = listing(names(facts, "adjusted_for"))
    adjusted = f", adjusted for {listed}" if listed else ""
    return (
        "Effects in subgroups were compared by likelihood-ratio tests of interaction in models stratified by "
        f"the subgroup{adjusted}."
    )


WORDS = {
    "cox_model": cox_model,
    "fine_gray_model": fine_gray_model,
    "stratified_model": stratified_model,
    "clustered_variance": clustered_variance,
    "univariable_models": univariable_models,
    "complete_cases": complete_cases,
    "time_dependent_terms": time_dependent_terms,
    "spline_terms": spline_terms,
    "firth_method": firth_method,
    "proportionality_method": proportionality_method,
    "concordance_method": concordance_method,
    "elimination_method": elimination_method,
    "time_varying_effect": time_varying_effect,
    "mantel_byar_test": mantel_byar_test,
    "simon_makuch_curves": simon_makuch_curves,
    "delayed_entry_remedy": delayed_entry_remedy,
    "standardisation_method": standardisation_method,
    "subgroup_method": subgroup_method,
}
