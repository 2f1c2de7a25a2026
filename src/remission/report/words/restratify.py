"""Words about one cohort under several protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from remission.core.wording import in_sentence, listing, sentence_case
from remission.report.format import count, plural
from remission.report.words.phrases import Facts, items, names


def undecided_left_out(several: Sequence[Facts]) -> str:
    """Who has no group, and how many are compared; endpoints of the same patients are told together."""
    texts: dict[str, list[str]] = {}
    for facts in several:
        texts.setdefault(_undecided(facts), []).append(in_sentence(str(facts.get("endpoint_label") or "")))
    if len(texts) == 1:
        return next(iter(texts))
    return " ".join(f"{sentence_case(listing(labels))}: {text}" for text, labels in texts.items())


def _undecided(facts: Facts) -> str:
    protocols = [_protocol(item) for item in items(facts, "protocols") if item["n"]]
    total, compared = int(facts["total"]), int(facts["compared"])
    if not protocols:
        return f"All {count(total)} patients have a group by every protocol, and all are compared."
    return (
        f"{listing(protocols)}. They are left out of the comparison of the protocols, which is of the "
        f"{count(compared)} of {plural(total, 'patient')} with a group by every protocol; those left out "
        "may differ from the others."
    )


def _protocol(item: Mapping[str, Any]) -> str:
    possible = [f"{count(each['n'])} {each['group']}" for each in items(item, "possible")]
    return f"{item['label']} does not decide {plural(item['n'], 'patient')} ({', '.join(possible)})"


def groups_are_treatments(facts: Facts) -> str:
    """Risk groups under the treatment they were given."""
    labels = listing(names(facts, "labels"))
    return (
        f"Patients were treated by what one protocol (or none) said of them, not by each of {labels}. "
        "Where a higher group was treated more, its outcome is that of the risk and of the treatment "
        "together: a good outcome in a high-risk group, or a low concordance, may be the success of "
        "treatment and not a failure of the rule. What would have happened to those who move under the "
        "other protocol’s treatment is not known."
    )


def restratify_method(_: Facts) -> str:
    """How protocols were compared."""
    return (
        "Protocols were compared in the patients with a group by each of them. Discrimination was measured "
        "by Harrell’s concordance of the ordered groups with the time to the event (competing events "
        "censored), with standard errors by the infinitesimal jackknife; differences have limits from the "
        "paired influences of the patients."
    )


WORDS = {"groups_are_treatments": groups_are_treatments}
TOGETHER = {"undecided_left_out": undecided_left_out}
METHODS = {"restratify_method": restratify_method}
