"""What belongs together: the outputs of one analysis about one question, and how they are told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from remission.core.wording import in_sentence, listing, sentence_case
from remission.report.format import LIMITS
from remission.study.results import Analysis, Output

ALL_PATIENTS = "All patients"
NAIVE, LANDMARK = "naive", "landmark"
CRUDE, ADJUSTED = "crude", "adjusted"
VARIANTS = {
    NAIVE: "naive comparison, biased",
    "time-dependent": "by current status",
    "delayed entry": "counted from when it was known",
    CRUDE: "crude",
    ADJUSTED: "adjusted",
}


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """Some outputs of an analysis, to be shown together.

    Attributes
    ----------
    analysis : Analysis
    outputs : tuple of Output
    stem : str
        Beginning of the names of its tables and figures.
    mark : str
        "Simulated data", or "".
    """

    analysis: Analysis
    outputs: tuple[Output, ...]
    stem: str
    mark: str = ""

    def named(self, name: str) -> tuple[Output, ...]:
        """Outputs of one name, in order."""
        return tuple(output for output in self.outputs if output.name == name)


def by_of(output: Output) -> str | None:
    """Words for what the patients are grouped by; None when they are not."""
    label = output.facts.get("by_label")
    return str(label) if label else None


def endpoint_of(output: Output) -> str:
    """Words for the endpoint."""
    return str(output.facts.get("endpoint_label") or output.facts.get("endpoint") or "")


def style_of(output: Output) -> str:
    """How the study writes its estimates: "limits", "standard error" or "both"."""
    return str(output.facts.get("style") or LIMITS)


def landmark_of(output: Output) -> str | None:
    """Write the landmark as the study does ("100 days"); None when there is none."""
    landmark = output.facts.get("landmark")
    return str(landmark) if landmark else None


def entry_words(output: Output) -> str:
    """Words for whom late entrants speak of; "" where patients are followed from the start.

    Examples
    --------
    >>> from remission.core.vocabulary import result_rows
    >>> entry_words(Output("curves", result_rows({}), {"entry_from": "12 months"}))
    'among those at risk from 12 months on'
    """
    entry = output.facts.get("entry_from")
    return f"among those at risk from {entry} on" if entry and output.variant in ("", NAIVE) else ""


def basis_of(output: Output) -> str:
    """Words that tell an output from others about the same endpoint: naive, from the landmark, or ""."""
    if output.variant in VARIANTS:
        return VARIANTS[output.variant]
    landmark = landmark_of(output)
    if landmark is None:
        return ""
    if output.facts.get("axis") == "landmark":
        return f"from the landmark at {landmark}"
    return f"landmark at {landmark}"


def heading_of(output: Output) -> str:
    """Words for the rows of an output among others: endpoint, and what sets it apart."""
    basis = basis_of(output)
    return sentence_case(endpoint_of(output)) + (f" ({basis})" if basis else "")


def question_of(output: Output) -> tuple[str, ...]:
    """Tell one question from another: endpoint, groups, landmark, axis, variant."""
    names = ("endpoint", "by", "axis", "landmark", "cause")
    return (output.variant, *[text_fact(output.facts, name) for name in names])


def same_question(one: Output, other: Output) -> bool:
    """Whether two outputs answer the same question."""
    return question_of(one) == question_of(other)


def group_name(group: str | None) -> str:
    """Name a group, all patients together included."""
    return ALL_PATIENTS if group is None else group


def captioned(what: str, outputs: Sequence[Output]) -> str:
    """Caption of what several outputs show: endpoints when they are few, and the grouping.

    Examples
    --------
    >>> from remission.core.vocabulary import result_rows
    >>> facts = {"endpoint_label": "Overall survival", "by_label": "Graft source"}
    >>> captioned("Estimates", [Output("estimates", result_rows({}), facts)])
    'Estimates: overall survival by Graft source'
    """
    labels = list(dict.fromkeys(in_sentence(endpoint_of(output)) for output in outputs))
    grouped = list(dict.fromkeys(label for output in outputs if (label := by_of(output))))
    about = listing([label for label in labels if label]) if len(labels) <= 4 else "all endpoints"
    text = f"{what}: {about}" if about else what
    late = next((words for output in outputs if (words := entry_words(output))), "")
    text = f"{text} by {listing(grouped)}" if grouped else text
    return f"{text}, {late}" if late else text


def text_fact(facts: Mapping[str, Any], name: str) -> str:
    """Read a fact that is words, "" when it is absent."""
    value = facts.get(name)
    return "" if value is None else str(value)
