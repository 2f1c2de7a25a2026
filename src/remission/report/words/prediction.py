"""Words about how well signatures predict, in the patients who taught them and in others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from remission.core.wording import in_sentence, listing, sentence_case
from remission.report.format import count, fixed, interval, p_phrase, percent, plural
from remission.report.words.phrases import Facts, items

OUT_OF_FOLD = "out of fold"


def _each(facts: Facts, say: Any) -> str:
    """One part per signature, parted by semicolons."""
    return "; ".join(f"{in_sentence(str(item['label']))} {say(item)}" for item in items(facts, "targets"))


def _labels(facts: Facts) -> str:
    return listing([in_sentence(str(item["label"])) for item in items(facts, "targets")])


def no_better_than_chance(facts: Facts) -> str:
    """Signatures that are not shown to predict anything."""

    def numbers(item: Mapping[str, Any]) -> str:
        text = interval(item["estimate"], item["low"], item["high"])
        return f"{text}, {p_phrase(item['p'])} by permutation" if item.get("p") is not None else text

    targets = items(facts, "targets")
    several = len(targets) > 1
    told = _each(facts, numbers) if several else numbers(targets[0])
    return (
        f"The {'signatures' if several else 'signature'} of {_labels(facts)} did no better than chance "
        f"could: {targets[0]['measure']} {told}; chance gives 0.5. {'They' if several else 'It'} should not "
        "be used to say anything of a patient. That does not show that expression holds no information: "
        "more patients or another method may find some."
    )


def no_better_than_larger_class(facts: Facts) -> str:
    """Accuracy without merit."""
    each = _each(facts, lambda item: f"{percent(item['accuracy'])} against {percent(item['larger'])}")
    return f"Calling every patient the larger class would be as often right: {each}."


def predictions_not_calibrated(facts: Facts) -> str:
    """Probabilities that do not come true."""

    def said(item: Mapping[str, Any]) -> str:
        parts = [
            f"{each['measure']} {interval(each['estimate'], each['low'], each['high'])}"
            for each in items(item, "off")
        ]
        return listing(parts)

    outside = items(facts, "targets")[0]["predictions"] == OUT_OF_FOLD
    why = (
        " Out of fold a slope above 1 is usual, as averages of several models are less extreme than one; the "
        "locked file has its own map from score to probability."
        if outside
        else " Recalibrate on patients of this kind, and judge that on others."
    )
    return (
        f"Probabilities do not agree with what was observed: {_each(facts, said)}. Right would be 0 for "
        f"calibration in the large and 1 for the slope; a slope below 1 means predictions too extreme.{why}"
    )


def genes_unstable(facts: Facts) -> str:
    """Another learning set would choose other genes."""
    each = _each(facts, lambda item: fixed(item["nogueira"], 2))
    return (
        f"Lists of genes agree little between folds (Nogueira’s index: {each}; 1: always the same, 0: as if "
        f"drawn at random, below {fixed(facts['below'], 1)}: poor). A gene being in the locked list, "
        "or not, is no evidence "
        "that it matters, or not; predictions may still be sound, as genes stand for one another."
    )


def few_to_learn_from(facts: Facts) -> str:
    """Small classes."""
    each = _each(
        facts,
        lambda item: (
            plural(item["n"], "event") if item["name"] == "event" else f"{count(item['n'])} {item['name']}"
        ),
    )
    return (
        f"There are few patients to learn from ({each}; fewer than {count(facts['below'])}): performance "
        "depends on single patients, and the limits do not hold that."
    )


def few_permutations(facts: Facts) -> str:
    """P cannot be small."""
    n = {int(item["n"]): float(item["least"]) for item in items(facts, "targets")}
    each = listing(
        [f"{plural(size, 'permutation')} P cannot be below {fixed(least, 3)}" for size, least in n.items()]
    )
    return f"With {each}: it is a rough guide. Say permutations = 200 or more under [signature] for a paper."


def not_permuted(facts: Facts) -> str:
    """No null."""
    return (
        f"The pipeline was not tested by permutation ({_labels(facts)}): limits out of fold do not replace "
        "that test, because the folds share patients. Say permutations = 200 under [signature]."
    )


def signature_moved(facts: Facts) -> str:
    """Another platform or other patients."""
    each = ". ".join(
        f"{sentence_case(str(item['label']))}: {listing([str(w) for w in item['warnings']])}"
        for item in items(facts, "targets")
    )
    return (
        f"These patients differ in expression from those learned on. {each}. Whether that is the platform or "
        "the patients, numbers cannot tell; the score and its probabilities may be shifted with it."
    )


def not_judged_there(facts: Facts) -> str:
    """Nothing to compare with."""
    several = len(items(facts, "targets")) > 1
    return (
        f"What is predicted ({_labels(facts)}) is not known here in two patients of each class or more, so "
        f"{'these signatures were' if several else 'the signature was'} applied and not judged: coverage and "
        "shift alone say nothing of whether it predicts."
    )


def nothing_to_judge_by(facts: Facts) -> str:
    """No answers at all."""
    targets = items(facts, "targets")
    several = len(targets) > 1
    lacking = (
        f"No drug tests of these patients are at hand ({_labels(facts)})"
        if targets[0]["of"] == "drug"
        else f"What is predicted ({_labels(facts)}) is not known of any of these patients"
    )
    return (
        f"{lacking}, so there was nothing to judge the {'signatures' if several else 'signature'} against: "
        f"{'they were' if several else 'it was'} applied and not judged. How many genes were measured, and "
        "how far expression has shifted, say nothing of how well "
        f"{'they predict' if several else 'it predicts'}."
    )


def others_predicted(facts: Facts) -> str:
    """Patients who are neither class."""

    def said(item: Mapping[str, Any]) -> str:
        parts = [f"{count(each['n'])} {each['answer'] or 'not known'}" for each in items(item, "answers")]
        return f"({', '.join(parts)})"

    out = items(facts, "targets")[0]["predictions"] == OUT_OF_FOLD
    did = "were not learned from and are not judged" if out else "are not judged"
    return (
        f"Patients who are neither class {did}, but predicted like the others: {_each(facts, said)}. "
        "Performance is that of telling the two extremes apart, which is easier than it will be among all "
        "patients."
    )


def planted_genes(facts: Facts) -> str:
    """Simulated studies: what was to be found."""
    each = _each(
        facts,
        lambda item: (
            f"{count(item['found'])} of {count(item['planted'])}, in a list of "
            f"{plural(item['locked'], 'gene')}"
        ),
    )
    return (
        f"The truth of this simulated study is known. Planted genes in the locked list: {each}. A short list "
        "that predicts well may miss most genes that matter."
    )


def limits_of_predictions(facts: Facts) -> str:
    """What limits cover."""
    if facts["predictions"] == OUT_OF_FOLD:
        return (
            "Limits cover the chance by which these patients were observed, their predictions taken as "
            "given. "
            "They do not cover that another learning set would have given other genes, weights and folds, so "
            "the true uncertainty is larger; the range over repeats shows part of it."
        )
    if facts["predictions"] == "same patients":
        return (
            "The locked signature was learned from these very patients: its performance here is too good, "
            "and says nothing of others. Take what learning found out of fold, or other patients."
        )
    return (
        "The signature was locked before: limits cover the chance by which these patients were observed. "
        "They hold for patients and a laboratory like these."
    )


def research_only(facts: Facts) -> str:
    """What a prediction is not."""
    text = "Research use only: no prediction here is for decisions on patients."
    if not facts.get("drugs"):
        return text
    return (
        f"{text} What is predicted is the survival of leukaemic cells in a plate. Cells that are sensitive "
        "there are not a patient who responds: dose, metabolism, the marrow and the other drugs are not in "
        "the plate."
    )


def signature_learned(facts: Facts) -> str:
    """How signatures were learned and judged."""
    sizes = listing([str(size) for size in facts.get("sizes") or ()], "or")
    scale = {
        "quantile": "the reference scale (mean quantiles)",
        "rank": "the scale (ranks within each sample)",
        "ratio": "the reference scale (ratios)",
    }.get(str(facts["scale"]), "standardising")
    model = str(facts["model"])
    after = (
        "; the map from score to probability was learned in inner folds, too"
        if facts.get("task") == "class"
        else ""
    )
    text = (
        f"Signatures were learned by {model} and judged by {plural(facts['repeats'], 'repeat')} of "
        f"{count(facts['folds'])}-fold cross-validation, stratified. Everything was inside the folds: "
        f"{scale}, "
        f"filter, choice of genes ({sizes}), standardising, and tuning by "
        f"{count(facts['inner_folds'])} inner "
        f"folds{after}. Predictions out of fold were averaged over repeats. The locked signature was then "
        "learned once more on everybody, so that its own performance is that of its like, not "
        "measured on it. "
        "If genes were chosen before by their relation to the same answer, no cross-validation can see it."
    )
    n = int(facts.get("permutations") or 0)
    if n:
        text += (
            f" The whole was repeated {count(n)} times with the answers dealt out anew; P is the share of "
            "permutations at least as good, the observed one counted among them."
        )
    return text


def signature_applied(_: Facts) -> str:
    """Locked signatures."""
    return (
        "Locked signatures were applied as they are: each patient was put on the frozen scale alone, and no "
        "gene, weight, cut-off or calibration was changed. A gene that was not measured was taken as the "
        "mean of the patients learned on."
    )


def stability_method(_: Facts) -> str:
    """Stability of genes."""
    return (
        "Stability of the lists of genes over folds is Nogueira’s index; as folds share patients, lists of "
        "new patients would agree less."
    )


def prediction_judged(facts: Facts) -> str:
    """Measures of performance."""
    if facts.get("task") == "survival":
        return "Discrimination is Harrell’s concordance index with limits by the infinitesimal jackknife."
    return (
        "Discrimination is the area under the ROC curve with DeLong’s variance (limits on the logit scale); "
        "accuracy, sensitivity and specificity have exact limits; probabilities were judged by the Brier "
        "score and by calibration in the large and slope, from logistic models."
    )


WORDS = {
    "no_better_than_chance": no_better_than_chance,
    "no_better_than_larger_class": no_better_than_larger_class,
    "predictions_not_calibrated": predictions_not_calibrated,
    "genes_unstable": genes_unstable,
    "few_to_learn_from": few_to_learn_from,
    "few_permutations": few_permutations,
    "not_permuted": not_permuted,
    "signature_moved": signature_moved,
    "not_judged_there": not_judged_there,
    "nothing_to_judge_by": nothing_to_judge_by,
    "others_predicted": others_predicted,
    "planted_genes": planted_genes,
    "limits_of_predictions": limits_of_predictions,
    "research_only": research_only,
}
METHODS = {
    "signature_learned": signature_learned,
    "signature_applied": signature_applied,
    "stability_method": stability_method,
    "prediction_judged": prediction_judged,
}
