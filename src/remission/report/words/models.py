"""Findings about models: who was left out, few events, effects that change, fits that failed."""

from __future__ import annotations

from typing import Any

from remission.core.wording import in_sentence, listing, sentence_case
from remission.report.format import ABSENT, count, fixed, limits, p_phrase, plural
from remission.report.words.phrases import Facts, about, about_each, items, label_of, names

VARIANTS = {
    "univariable": "one variable at a time",
    "multivariable": "the multivariable model",
    "eliminated": "the model after elimination",
    "time-varying": "the model with an effect that changes",
}


def which(facts: Facts) -> str:
    """Name the model: its endpoint, and which of the models it is."""
    variant = VARIANTS.get(str(facts.get("variant")), "")
    text = (
        about(facts).removesuffix(": ")
        if not variant
        else in_sentence(str(facts.get("endpoint_label") or ""))
    )
    if variant:
        text = f"{text}, {variant}" if text else variant
    return f"{sentence_case(text)}: " if text else ""


def patients_left_out(facts: Facts) -> str:
    """Patients with missing values."""
    lacking = [f"{label_of(item)} {count(item['missing'])}" for item in items(facts, "terms")]
    gone = float(facts["eligible"]) - float(facts["n"])
    tail = f" Missing: {', '.join(lacking)}." if lacking else ""
    return (
        f"{which(facts)}{count(gone)} of {plural(facts['eligible'], 'patient')} are left out because a "
        f"value is missing; {count(facts['n'])} are in the model.{tail} "
        "Those left out may differ from the rest."
    )


def terms_time_dependent(facts: Facts) -> str:
    """Terms that change during follow-up."""
    listed = [
        f"{label_of(item)} (from {item['known_on']}; {plural(item['switched'], 'patient')} changed)"
        for item in items(facts, "terms")
    ]
    return (
        f"{about(facts)}entered as they change over time: {listing(listed)}. Each patient counts without it "
        "until the day it happened, and with it from then on."
    )


def counted_from_known(facts: Facts) -> str:
    """Patients who count from the day a value was known."""
    listed = [
        label_of(item) + (f" ({item['known_on']})" if item["known_on"] else "")
        for item in items(facts, "terms")
    ]
    never = facts.get("never") or 0
    tail = f" {plural(never, 'patient')} were never at risk with it known." if never else ""
    return f"{about(facts)}patients count only from the day the value was known: {listing(listed)}.{tail}"


def few_events_per_variable(facts: Facts) -> str:
    """Too many coefficients for the events."""
    return (
        f"{which(facts)}{plural(facts['events'], 'event')} for "
        f"{plural(facts['coefficients'], 'coefficient')}, that is {fixed(facts['per'], 1)} each. With fewer "
        f"than {count(facts['below'])} ratios tend to come out too far from 1 and intervals too narrow; "
        f"{'fewer terms' if facts.get('fine_gray') else 'fewer terms, or Firth’s penalty,'} would be safer."
    )


def nonproportional(facts: Facts) -> str:
    """Effects that change over time."""
    listed = [f"{label_of(item)} ({p_phrase(item['p'])})" for item in items(facts, "terms")]
    overall = (
        f" All terms together: {p_phrase(facts['global_p'])}." if facts.get("global_p") is not None else ""
    )
    named = f" for {listing(listed)}" if listed else ""
    return (
        f"{which(facts)}the effect is not the same at all times{named}. One ratio is then an average over "
        "follow-up, and depends on how long patients were followed. Look at the effect early and late in the "
        "figure; then give it by period (`time_varying`, with times fixed in advance), or, where it is only "
        f"adjusted for, take the variable as `stratum`.{overall}"
    )


def proportionality_not_tested(facts: Facts) -> str:
    """No test of proportional hazards."""
    return f"{which(facts)}proportional hazards could not be tested: {str(facts['reason']).rstrip('.')}."


def monotone_likelihood(facts: Facts) -> str:
    """A ratio without bound."""
    listed = listing(names(facts, "terms"))
    done = (
        "Firth’s penalty was used, which gives a finite ratio with limits."
        if facts.get("firth")
        else "Its ratio has no finite value; merge levels, leave the term out, or ask for Firth’s penalty."
        if not facts.get("fine_gray")
        else "Its ratio has no finite value; merge levels or leave the term out."
    )
    return f"{which(facts)}one group of {listed} had no events (or all of them). {done}"


def model_not_fitted(facts: Facts) -> str:
    """A model that could not be fitted."""
    term = facts.get("term_label")
    of = f" of {term}" if term else ""
    return f"{which(facts)}the model{of} could not be fitted: {str(facts['reason']).rstrip('.')}."


def not_converged(facts: Facts) -> str:
    """A fit that did not settle."""
    reason = str(facts["reason"]).rstrip(".")
    return f"{which(facts)}the fit did not settle ({reason}); its numbers are not to be used."


def wide_limits(facts: Facts) -> str:
    """Ratios that say next to nothing."""
    listed = [_ratio(item) for item in items(facts, "ratios")]
    return f"{which(facts)}very wide intervals, which exclude next to nothing: {listing(listed)}."


def _ratio(item: dict[str, Any] | Facts) -> str:
    ends = limits(item.get("low"), item.get("high"), scale=1, decimals=2) or ABSENT
    level = f", {item['level']}" if item.get("level") else ""
    return f"{label_of(item)}{level} ({ends})"


def eliminated(facts: Facts) -> str:
    """Backward elimination."""
    removed = listing(names(facts, "removed")) or "nothing"
    kept = listing(names(facts, "kept")) or "nothing"
    return (
        f"{about(facts)}backward elimination took out {removed} (P above {facts['above']}) and kept {kept}. "
        "P values and intervals after such a choice are too favourable; the full model is the one to quote."
    )


def effect_changes(facts: Facts) -> str:
    """An effect in periods, or moving with log time."""
    if facts.get("log_time"):
        verdict = "changes" if facts.get("changes") else "was not shown to change"
        return f"{about(facts)}the effect of {label_of(facts)} {verdict} with time ({p_phrase(facts['p'])})."
    cuts = listing(names(facts, "cuts"))
    verdict = "differs between" if facts.get("changes") else "was not shown to differ between"
    return (
        f"{about(facts)}the effect of {label_of(facts)} {verdict} the periods before and after {cuts} "
        f"({p_phrase(facts['p'])})."
    )


def no_incidence_by_status(facts: Facts) -> str:
    """No incidence curves by current status."""
    return (
        f"{about(facts)}as events compete here, no curves by current status are drawn: they would not be the "
        "share of patients with the event."
    )


def not_identifiable(facts: Facts) -> str:
    """Levels that a group does not have."""
    listed = [
        f"{label_of(item)}, {item['level']} ({listing([str(group) for group in item['groups']])})"
        for item in items(facts, "empty")
    ]
    return (
        f"{about(facts)}nobody at some levels in some groups: {'; '.join(listed)}. "
        "There the adjustment rests on the model alone."
    )


def adjusted_needs_common_start(facts: Facts) -> str:
    """No adjusted curves with delayed entry."""
    return f"{about(facts)}no adjusted curves, because patients come under observation at different times."


def subgroups_multiplicity(facts: Facts) -> str:
    """Many subgroups."""
    level, chance = facts["level"], count(round(100 * float(facts["chance"])))
    return (
        f"{about_each(facts)}{plural(facts['subgroups'], 'subgroup')} and "
        f"{plural(facts['tests'], 'interaction')} were looked at; {count(facts['significant'])} had P for "
        f"interaction below {level}. By chance alone at least one would be expected in about {chance}% of "
        "such studies. "
        "A subgroup with a small P of its own shows nothing; only the interaction says that groups differ."
    )


def subgroups_not_estimated(facts: Facts) -> str:
    """Subgroups without an estimate."""
    listed = [
        f"{label_of(item)}{f', {level}' if (level := item['level']) else ''} "
        f"({str(item['reason']).rstrip('.')})"
        for item in items(facts, "subgroups")
    ]
    return f"{about(facts)}no estimate for {'; '.join(listed)}."


WORDS = {
    "patients_left_out": patients_left_out,
    "terms_time_dependent": terms_time_dependent,
    "counted_from_known": counted_from_known,
    "few_events_per_variable": few_events_per_variable,
    "nonproportional": nonproportional,
    "proportionality_not_tested": proportionality_not_tested,
    "monotone_likelihood": monotone_likelihood,
    "model_not_fitted": model_not_fitted,
    "not_converged": not_converged,
    "wide_limits": wide_limits,
    "eliminated": eliminated,
    "effect_changes": effect_changes,
    "no_incidence_by_status": no_incidence_by_status,
    "not_identifiable": not_identifiable,
    "adjusted_needs_common_start": adjusted_needs_common_start,
    "subgroups_multiplicity": subgroups_multiplicity,
    "subgroups_not_estimated": subgroups_not_estimated,
}
