"""Notes under the table of a model: which model it is, whom it rests on, how it was fitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from remission.core.wording import listing, sentence_case
from remission.report.figures.data import interval_name
from remission.report.format import count, error, fixed, plural
from remission.report.ratios import Facts, ratio_rows, ratio_short, ratio_words, statistic_words
from remission.report.section import text_fact
from remission.report.tables.pairs import adjustment_name
from remission.report.words.phrases import items
from remission.study.results import Output

TIES = {"efron": "Efron’s handling of ties", "breslow": "Breslow’s handling of ties"}
VARIANCES = {
    "model": "model-based variance",
    "robust": "robust variance",
    "clustered": "clustered variance",
    "sandwich": "sandwich variance that counts the estimated censoring weights",
}
VARIANTS = {"crr": "as in cmprsk’s crr", "finegray": "as in survival’s finegray"}
TESTS = {
    "likelihood ratio": "Likelihood-ratio test",
    "wald": "Wald test",
    "score": "Score test",
    "robust score": "Robust score test",
}


def model_notes(plate: Sequence[Output], terms: Mapping[str, Facts]) -> tuple[str, ...]:
    """Write the notes of a table with one or two models."""
    last = plate[-1]
    facts = last.facts
    short, interval = ratio_short(facts), interval_name(last.rows)
    notes = [f"{short}: {ratio_words(facts)}, {interval.split()[-1]}: confidence interval. {_fitted(facts)}"]
    for output in plate:
        notes += _whom(output)
    notes += _of_terms(plate, terms)
    for output in plate:
        notes += _quality(output)
    return tuple(dict.fromkeys(note for note in notes if note))


def _fitted(facts: Facts) -> str:
    """How the model was fitted, in one sentence."""
    fine_gray = facts.get("model") != "Cox"
    variant = VARIANTS.get(str(facts.get("fine_gray_variant")), "")
    parts = [f"Fine–Gray regression ({variant})" if variant else "Fine–Gray regression"] if fine_gray else []
    if not fine_gray:
        parts.append("Cox regression")
        if facts.get("hazard") == "cause-specific hazard":
            parts.append("competing events censored")
    if facts.get("ties"):
        parts.append(TIES.get(str(facts["ties"]), f"{facts['ties']} ties"))
    if facts.get("estimator") == "Firth":
        parts.append("Firth’s penalty with profile-likelihood limits")
    else:
        variance = str(facts.get("variance") or "")
        parts.append(VARIANCES.get(variance, f"{variance} variance") if variance else "")
    if facts.get("stratum_label"):
        parts.append(f"stratified by {facts['stratum_label']}")
    if facts.get("cluster_label"):
        parts.append(f"clusters of {facts['cluster_label']}")
    return ", ".join(part for part in parts if part) + "."


def _whom(output: Output) -> list[str]:
    """Patients of a model, and who is missing from it."""
    facts: Facts = output.facts
    if output.variant == "univariable":
        adjust = text_fact(facts, "adjust")
        said = "Univariable: each variable on its own, in the patients in whom it is known"
        if adjust not in ("", "none"):
            said += f"; the last P is adjusted for the number of variables ({adjustment_name(adjust)})"
        return [f"{said}."]
    if facts.get("n") is None:
        return []
    events = plural(facts["events"], "event")
    if facts.get("eligible") in (None, facts["n"]):
        return [f"All variables together: {plural(facts['n'], 'patient')}, {events}."]
    there = f"{count(facts['n'])} of {plural(facts['eligible'], 'patient')}"
    return [f"All variables together: {there}, those with every value known ({events})."]


def _of_terms(plate: Sequence[Output], terms: Mapping[str, Facts]) -> list[str]:
    """How to read terms that are not plain."""
    said = []
    # A whole term has a P of its own where it has several ratios.
    several = any(
        sum(row["low"] is not None for row in ratio_rows(output.rows, name)) > 1
        for output in plate
        for name, term in terms.items()
        if term.get("levels")
    )
    if several:
        said.append("P beside a variable with several levels: Wald test of all its levels together.")
    moving = [term for term in terms.values() if term.get("time_dependent")]
    if moving:
        dates = list(dict.fromkeys(str(term["known_on"]) for term in moving if term.get("known_on")))
        when = f" ({listing(dates)})" if dates else ""
        said.append(
            f"Time-dependent: a patient counts in each level from the day he entered it{when}; patients of "
            "the levels therefore add up to more than all."
        )
    for term in terms.values():
        if term.get("kind") == "spline":
            knots = ", ".join(f"{float(knot):.3g}" for knot in term.get("knots") or ())
            said.append(f"{sentence_case(str(term['label']))}: restricted cubic spline, knots at {knots}.")
        if term.get("kind") == "interaction":
            said.append(
                f"{sentence_case(str(term['label']))}: by how much the ratio of one is multiplied at "
                "that level of the other."
            )
    return said


def _quality(output: Output) -> list[str]:
    """Concordance and the test of the whole model."""
    facts: Facts = output.facts
    said = []
    agreement = facts.get("concordance")
    if isinstance(agreement, Mapping):
        known = agreement.get("std_error")
        spread = "" if known is None else f" (SE {error(known, 2)})"
        said.append(f"Concordance {fixed(agreement['estimate'], 2)}{spread}.")
    tests = items(facts, "tests")
    if tests:
        name = str(tests[0]["name"])
        words = TESTS.get(name.lower(), f"{sentence_case(name)} test")
        said.append(f"{words} of the whole model: {statistic_words(tests[0])}.")
    return [" ".join(said)] if said else []
