"""Words about discriminating genes."""

from __future__ import annotations

from remission.core.wording import listing, sentence_case
from remission.report.format import count, p_phrase, percentage, plural
from remission.report.words.phrases import Facts, items, names

METHOD = {
    "moderated": "the t statistic with variances moderated over the genes by empirical Bayes (as limma)",
    "welch": "Welch’s t test",
    "wilcoxon": "Wilcoxon’s rank-sum test",
}


def genes_chance(facts: Facts) -> str:
    """How many tests were made, and what chance alone gives."""
    told = [
        f"{item['question']}: {plural(item['tested'], 'test')}, P below 0.05 in {count(item['below'])} "
        f"(about {count(round(0.05 * item['tested']))} by chance), {count(item['found'])} found (about "
        f"{count(float(facts['fdr']) * item['found'], 1)} false)"
        for item in items(facts, "questions")
    ]
    return (
        f"So many genes are tested that many are below any P by chance. {sentence_case('; '.join(told))}. "
        "The false discovery rate holds for a list on average, not for each gene of it."
    )


def genes_are_associations(facts: Facts) -> str:
    """What a list of genes is not."""
    adjusted = names(facts, "adjusted_for")
    beside = (
        f"They are adjusted for {listing(adjusted)}, and for nothing else"
        if adjusted
        else "They are not adjusted for subtype or anything else: genes that mark a subtype appear where it "
        "goes with the groups"
    )
    return (
        "Genes found in a study are associations in its patients. They are no causes, and how well they "
        f"predict has to be estimated in patients who did not choose them. {beside}."
    )


def genes_small_groups(facts: Facts) -> str:
    """Small groups."""
    told = [f"{item['question']}, {item['group']} ({count(item['n'])})" for item in items(facts, "groups")]
    return (
        f"Fewer than {count(facts['below'])} patients: {'; '.join(told)}. Genes with a real difference are "
        "missed, and those found look larger than they are."
    )


def genes_not_compared(facts: Facts) -> str:
    """Drugs left out."""
    told = [f"{item['question']} ({item['groups']})" for item in items(facts, "questions")]
    return f"Not compared, as fewer than three patients with expression are in a group: {listing(told)}."


def genes_groups_differ(facts: Facts) -> str:
    """What the groups differ in beside what is compared."""
    told = [
        f"{item['question']}: {item['label']} ({p_phrase(item['p'])})" for item in items(facts, "differences")
    ]
    return (
        f"The groups compared differ in what was known before and is not adjusted for: {'; '.join(told)}. "
        "Genes found may be those of these categories; name them in `adjust_for` to see which remain."
    )


def batch_confounded(facts: Facts) -> str:
    """Batches that hold one group."""
    told = []
    for item in items(facts, "questions"):
        alone = (
            f"{plural(item['batches'], 'batch', 'batches')} with {plural(item['n'], 'patient')} of one "
            "group only"
            if item["batches"]
            else "groups spread unevenly over the batches"
        )
        p = f", {p_phrase(item['p'])}" if item["p"] is not None else ""
        told.append(f"{item['question']} ({alone}{p})")
    return (
        f"{facts['label']} and the groups go together: {'; '.join(told)}. Within a batch of one group "
        "nothing can be compared; what is due to the batch and what to the groups is told apart only by the "
        "others."
    )


def genes_notes(facts: Facts) -> str:
    """What was left out of the tests."""
    return f"{sentence_case(str(facts['question']))}: {' '.join(names(facts, 'notes'))}"


def gene_sets_not_tested(facts: Facts) -> str:
    """Sets that could not be tested."""
    reason = str(facts["reason"]).rstrip(".")
    return f"Sets of genes were not tested for {facts['question']}: {reason}."


def genes_method(facts: Facts) -> str:
    """How genes were tested."""
    adjusted = names(facts, "adjusted_for")
    parts = [f"adjusted for {listing(adjusted)}"] if adjusted else []
    parts += [f"within batches ({facts['batch_label']})"] if facts.get("batch_label") else []
    who = (
        "Expression of each gene was compared between resistant and sensitive patients, drug by drug "
        "(intermediate ones left out),"
        if facts["drugs"]
        else "Expression of each gene was compared between the groups"
    )
    beside = f", {' and '.join(parts)}" if parts else ""
    rate = percentage(float(facts["fdr"]))
    scale = f" {' '.join(names(facts, 'scale'))}" if names(facts, "scale") else ""
    text = f"{who} by {METHOD[str(facts['method'])]}{beside}.{scale} "
    if facts["permutations"]:
        return text + (
            f"The patients were relabelled {count(facts['permutations'])} times at most (all ways where "
            "there are no more) for permutation P values and the permutation false discovery rate (as SAM); "
            f"genes count as found where that is at most {rate}. Benjamini and Hochberg’s rate stands beside."
        )
    return (
        text + f"Genes count as found where Benjamini and Hochberg’s false discovery rate is at most {rate}."
    )


def gene_sets_method(facts: Facts) -> str:
    """How sets of genes were tested."""
    if facts["set_test"] == "rank":
        return (
            "Sets of genes were tested by Wilcoxon’s rank-sum test over genes, its variance enlarged for a "
            "correlation of 0.01 between the genes of a set."
        )
    return "Over-representation of sets among the genes found was tested by the hypergeometric distribution."


WORDS = {
    "genes_chance": genes_chance,
    "genes_are_associations": genes_are_associations,
    "genes_small_groups": genes_small_groups,
    "genes_not_compared": genes_not_compared,
    "genes_groups_differ": genes_groups_differ,
    "batch_confounded": batch_confounded,
    "genes_notes": genes_notes,
    "gene_sets_not_tested": gene_sets_not_tested,
}
METHODS = {"genes_method": genes_method, "gene_sets_method": gene_sets_method}
