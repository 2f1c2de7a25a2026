"""Turns of phrase that several statements share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from remission.report.format import in_sentence, listing, sentence_case

Facts = Mapping[str, Any]


def about(facts: Facts) -> str:
    """Begin with what the statement is about: `Overall survival by graft source: `.

    Examples
    --------
    >>> about({"endpoint_label": "Overall survival", "by_label": "Graft source"})
    'Overall survival by graft source: '
    """
    label = str(facts.get("endpoint_label") or "")
    by = facts.get("by_label")
    text = f"{label} by {in_sentence(str(by))}" if by and label else label
    if not text:
        return ""
    if facts.get("variant") == "naive":
        text += " (naive comparison)"
    elif facts.get("variant") == "landmark":
        text += " (from the landmark)"
    return f"{sentence_case(text)}: "


def in_group(group: object) -> str:
    """Say ` in cord blood`; nothing for all patients together."""
    return f" in {group}" if group else ""


def groups_named(groups: object) -> str:
    """List groups; all patients together have no name."""
    names = [str(group) for group in groups if group] if isinstance(groups, tuple | list) else []
    return listing(names)


def items(facts: Facts, name: str) -> list[Facts]:
    """Read a fact that is a list of records."""
    value = facts.get(name) or ()
    return [item for item in value if isinstance(item, Mapping)]


def names(facts: Facts, name: str) -> list[str]:
    """Read a fact that is a list of words."""
    return [str(item) for item in facts.get(name) or () if item is not None]
