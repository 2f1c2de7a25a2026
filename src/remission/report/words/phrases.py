"""Turns of phrase that several statements share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from remission.report.format import in_sentence, listing, sentence_case

YES_NO = ("no", "yes")
Facts = Mapping[str, Any]


def subject(facts: Facts) -> str:
    """Name what a statement is about.

    Examples
    --------
    >>> subject({"endpoint_label": "Overall survival", "by_label": "Graft source"})
    'overall survival by Graft source'
    """
    label = in_sentence(str(facts.get("endpoint_label") or ""))
    if not label:
        return ""
    by = facts.get("by_label")
    text = f"{label} by {by}" if by else label
    return text + {"naive": " (naive comparison)", "landmark": " (from the landmark)"}.get(
        str(facts.get("variant")), ""
    )


def about(facts: Facts) -> str:
    """Begin with what the statement is about: `Overall survival by graft source: `."""
    text = subject(facts)
    return f"{sentence_case(text)}: " if text else ""


def about_each(facts: Facts) -> str:
    """Begin as `about` does; where several endpoints are told of at once, numbers are those of each.

    Examples
    --------
    >>> about_each({"endpoint_label": "OS and relapse", "endpoints": 2}), about_each({"endpoint_label": "OS"})
    ('OS and relapse: for each endpoint, ', 'OS: ')
    """
    return about(facts) + ("for each endpoint, " if facts.get("endpoints") else "")


def joined(told: Sequence[tuple[Facts, str]]) -> str:
    """List what is said of several endpoints; each is named once.

    Examples
    --------
    >>> os, pfs = {"endpoint_label": "OS"}, {"endpoint_label": "PFS"}
    >>> joined([(os, "3 at 1 year"), (os, "2 at 5 years"), (pfs, "4 at 5 years")])
    'OS, 3 at 1 year; 2 at 5 years; PFS, 4 at 5 years'
    """
    found: list[str] = []
    before = ""
    for facts, text in told:
        named = subject(facts)
        found.append(f"{named}, {text}" if named and named != before else text)
        before = named
    return "; ".join(found)


def in_group(item: Facts, facts: Facts) -> str:
    """Say ` in cord blood`, ` (acute GVHD: yes)`; nothing for all patients together.

    Examples
    --------
    >>> in_group({"group": "cord blood"}, {}), in_group({"group": "no"}, {"by_label": "Acute GVHD"})
    (' in cord blood', ' (Acute GVHD: no)')
    """
    group, by = item.get("group"), facts.get("by_label")
    if not group:
        return ""
    return f" ({by}: {group})" if by and str(group) in YES_NO else f" in {group}"


def group_words(group: object, facts: Facts) -> str:
    """Name a group by itself: `cord blood`, `Acute GVHD: yes`."""
    by = facts.get("by_label")
    return f"{by}: {group}" if by and str(group) in YES_NO else str(group)


def groups_named(groups: object) -> str:
    """List groups; all patients together have no name."""
    names = [str(group) for group in groups if group] if isinstance(groups, tuple | list) else []
    return listing(names)


def items(facts: Facts, name: str) -> list[Facts]:
    """Read a fact that is a list of records."""
    value = facts.get(name) or ()
    return [item for item in value if isinstance(item, Mapping)]


def known_words(known_at: object, zero: str, known_on: object = None) -> str:
    """Say when something became known, with the study's own time zero and the label of the date.

    Examples
    --------
    >>> known_words("on agvhd_date", "transplantation", "date of acute GVHD")
    'on the day recorded as “date of acute GVHD”'
    >>> known_words("on agvhd_date", "transplantation"), known_words("100 days after time zero", "diagnosis")
    ('on the day recorded in “agvhd_date”', '100 days after diagnosis')
    """
    text = str(known_at or "")
    if text.startswith("on "):
        named = str(known_on or text[3:])
        return f"on the day recorded {'in' if named == text[3:] else 'as'} “{named}”"
    return text.replace("time zero", zero) if text else "later"


def label_of(item: Facts) -> str:
    """Label of a variable, as declared: it may begin with a name."""
    return str(item["label"])


def names(facts: Facts, name: str) -> list[str]:
    """Read a fact that is a list of words."""
    return [str(item) for item in facts.get(name) or () if item is not None]
