"""What a results section says of a model: its ratios in a sentence, where they are few."""

from __future__ import annotations

from remission.core.wording import in_sentence, listing
from remission.report.figures.data import interval_name
from remission.report.format import count, p_phrase
from remission.report.ratios import (
    is_reference,
    outcome_of,
    ratio_limits,
    ratio_number,
    ratio_rows,
    ratio_words,
    size_words,
    terms_of,
)
from remission.study.results import Output

FEW = 8


def model_sentences(output: Output) -> list[str]:
    """Say every ratio of a multivariable model, or where to find them when they are many.

    Which ones are said does not depend on their P values.
    """
    if output.variant != "multivariable":
        return []
    name, interval = ratio_words(output.facts), interval_name(output.rows)
    told: list[str] = []
    bent = []
    for term, facts in terms_of([output]).items():
        if facts.get("kind") == "spline":
            bent.append(str(facts["label"]))
            continue
        for row in ratio_rows(output.rows, term):
            if is_reference(row) or row["estimate"] is None:
                continue
            reference = facts.get("reference")
            level = f"{row['level']} against {reference}" if reference else str(row["level"])
            ends = ratio_limits(row["low"], row["high"])
            first = f"{interval} " if not told else ""
            held = f"{first}{ends}; " if ends else ""
            told.append(
                f"{ratio_number(row['estimate'])} ({held}{p_phrase(row['p'])}) for {facts['label']} ({level})"
            )
    if not told:
        return []
    head = f"in the multivariable model of {in_sentence(outcome_of(output))} ({size_words(output.facts)})"
    if len(told) > FEW:
        return [f"{head} {count(len(told))} {name}s were estimated; the table shows them all."]
    tail = f"; for {listing(bent)} (splines) see the table" if bent else ""
    return [f"{head} the {name} was {listing(told)}{tail}."]
