"""Words about what a score is worth beyond known factors."""

from __future__ import annotations

from remission.core.wording import in_sentence, listing
from remission.report.format import count, fixed, p_phrase, plural
from remission.report.words.phrases import Facts, about, items, names


def events_per_variable(facts: Facts) -> str:
    """Events for each coefficient."""
    text = (
        f"{_about(facts)}{plural(facts['events'], 'event')} for "
        f"{plural(facts['coefficients'], 'coefficient')} "
        f"of the largest model, {fixed(facts['per'], 1)} for each"
    )
    if facts.get("firth"):
        below = float(facts["per"]) < float(facts["below"])
        why = f", fewer than {count(facts['below'])}" if below else ""
        reason = "" if below else " The plain likelihood had no maximum."
        return (
            f"{text}{why}.{reason} Firth’s penalised likelihood was used for ratios, test and linear "
            "predictors; the bootstrap and Fine–Gray models are without it."
        )
    return f"{text}."


def nothing_added_shown(facts: Facts) -> str:
    """No evidence of added value."""
    return (
        f"{_about(facts)}these patients do not show that the score adds anything to the known factors "
        f"({p_phrase(facts['p'])}). That is no proof that it adds nothing: look at the limits of the gains."
    )


def optimism_not_computed(facts: Facts) -> str:
    """Bootstrap failed."""
    return (
        f"{_about(facts)}the optimism could not be computed: {_reason(facts['reason'])}. The concordance "
        "indices shown are too good by an unknown amount."
    )


def score_is_locked(facts: Facts) -> str:
    """The score comes from a locked file."""
    if facts.get("same_patients"):
        return (
            f"{_about(facts)}{in_sentence(str(facts['score_label']))} comes from locked signatures that were "
            "learned from these very patients: everything here is too good. Judge the score in other "
            "patients."
        )
    text = (
        f"{_about(facts)}{in_sentence(str(facts['score_label']))} comes from locked signatures that "
        "never saw these "
        "patients."
    )
    if not facts.get("second"):
        return text
    return (
        f"{text} The models without refitting take their coefficients from the first cohort, where the score "
        "was out of fold, and averaged over repeats; the scale of a locked score may differ a little "
        "from that."
    )


def score_out_of_fold(facts: Facts) -> str:
    """The score was learned in the same cohort."""
    same = (
        " The signature was learned from this very endpoint; only because each patient’s score is "
        "from models "
        "that never saw that patient can it be looked at here at all."
        if facts.get("same_endpoint")
        else ""
    )
    return (
        f"{_about(facts)}{in_sentence(str(facts['score_label']))} is out of fold here: each patient "
        "was scored by "
        f"models that never saw that patient.{same} What cannot be taken away is the optimism of choosing: "
        "method, drugs, cut-offs and this analysis were chosen by people who knew the cohort. The bootstrap "
        "corrects the coefficients of the Cox models only. Judge the score in other patients."
    )


def risks_not_predicted(facts: Facts) -> str:
    """No model for risks."""
    reasons = listing([_reason(text) for text in dict.fromkeys(names(facts, "reasons"))])
    return f"{_about(facts)}not all models that predict risks could be fitted: {reasons}."


def risks_not_judged(facts: Facts) -> str:
    """What could not be judged."""
    at = f"at {facts['at']} " if facts.get("at") else ""
    return f"{_about(facts)}{at}the models could not be judged: {_reason(facts['reason'])}."


def levels_not_seen(facts: Facts) -> str:
    """Levels of the second cohort only."""
    each = listing(
        [
            f"{item['label']} {item['level']} ({plural(item['n'], 'patient')})"
            for item in items(facts, "levels")
        ]
    )
    return (
        f"{about(facts)}the models of the first cohort know nothing of {each}: nobody had it there. These "
        "patients are left out where models are applied without refitting."
    )


def added_value_method(facts: Facts) -> str:
    """How added value was judged."""
    text = (
        "Three Cox models of the same patients were compared: known factors, the score, and both; ratios are "
        "per standard deviation of the score in the patients the models were fitted to first. Whether the "
        "score adds anything was tested by "
        + ("the penalised likelihood ratio. " if facts.get("firth") else "the likelihood ratio. ")
        + "How much was measured by Harrell’s concordance of the linear predictors, with paired limits "
        "by the "
        "infinitesimal jackknife that take coefficients as given."
    )
    if facts.get("competing"):
        text += (
            " Models are of the cause-specific hazard; in the concordance, patients with a competing event "
            "count as free of this one for good; risks were predicted by Fine–Gray models."
        )
    if facts.get("resamples"):
        text += (
            f" Optimism of concordance and slope was taken away by {count(facts['resamples'])} bootstrap "
            "resamples of the patients, in each of which the models were fitted anew."
        )
    return text


def net_benefit_method(facts: Facts) -> str:
    """Calibration and decision curves."""
    how = "the Aalen–Johansen estimate" if facts.get("competing") else "one minus Kaplan–Meier"
    text = (
        f"Predicted risks at the named times were set beside {how} by groups of equal size. Net benefit is "
        "the share of patients rightly treated less the share treated in vain, weighted by the odds of the "
        "risk from which one would treat; censored patients count through the incidence among those treated."
    )
    if facts.get("resamples"):
        text += f" Its differences have percentile limits from {count(facts['resamples'])} resamples."
    return text


def _about(facts: Facts) -> str:
    """What it is about, and which models."""
    text = about({**facts, "variant": ""})
    words = {"applied": "models of the first cohort, ", "refitted": "models refitted here, "}
    return f"{text}{words.get(str(facts.get('variant')), '')}"


def _reason(text: object) -> str:
    return in_sentence(str(text).rstrip("."))


WORDS = {
    "events_per_variable": events_per_variable,
    "nothing_added_shown": nothing_added_shown,
    "optimism_not_computed": optimism_not_computed,
    "score_is_locked": score_is_locked,
    "score_out_of_fold": score_out_of_fold,
    "risks_not_predicted": risks_not_predicted,
    "risks_not_judged": risks_not_judged,
    "levels_not_seen": levels_not_seen,
}
METHODS = {"added_value_method": added_value_method, "net_benefit_method": net_benefit_method}
