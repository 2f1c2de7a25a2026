"""Turns of phrase that several statements share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from remission.core.wording import in_sentence, listing, sentence_case
from remission.report.format import count

YES_NO = ("no", "yes")
YEARS = re.compile(r"\W*(19|20)\d\d(\W+((19|20)\d\d|\d\d))?\W*")
Facts = Mapping[str, Any]


def in_words(
    name: str,
    facts: Facts,
    words: Mapping[str, Callable[[Facts], str]],
    together: Mapping[str, Callable[[Sequence[Facts]], str]],
    kind: str,
) -> str:
    """Say a statement by its words, or by those that also tell of several at once.

    Raises
    ------
    KeyError
        If the report has no words for it.
    """
    if name in together:
        return together[name]([facts])
    if name not in words:
        message = f"the report has no words for the {kind} {name!r}"
        raise KeyError(message)
    return words[name](facts)


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
    """Say ` in cord blood`, ` (Acute GVHD: yes)`; nothing for all patients together.

    Examples
    --------
    >>> in_group({"group": "cord blood"}, {}), in_group({"group": "0"}, {"by_label": "CMV status"})
    (' in cord blood', ' (CMV status: 0)')
    """
    group = item.get("group")
    if not group:
        return ""
    words = group_words(group, facts)
    return f" in {words}" if words == str(group) else f" ({words})"


def group_words(group: object, facts: Facts) -> str:
    """Name a group by itself; what says nothing alone (yes, no, a number) has the label of its column.

    So have all groups of a column (the fact `groups`) of which one says nothing.

    Examples
    --------
    >>> [group_words(group, {"by_label": "CMV status"}) for group in ("0", "yes", "≥ 2", "high risk")]
    ['CMV status: 0', 'CMV status: yes', 'CMV status: ≥ 2', 'high risk']
    >>> group_words("3 or more", {"by_label": "HCT-CI", "groups": ("0", "1-2", "3 or more")})
    'HCT-CI: 3 or more'
    """
    by = facts.get("by_label")
    return f"{by}: {group}" if by and _needs_column(group, facts) else str(group)


def group_told(group: object, facts: Facts, told: str) -> str:
    """Say something of a group, so that its name and a number do not run into each other.

    Examples
    --------
    >>> facts = {"by_label": "CMV status"}
    >>> group_told("0", facts, "64.5%"), group_told("yes", facts, "64.5%"), group_told("CB", facts, "64.5%")
    ('CMV status 0: 64.5%', 'yes 64.5%', 'CB 64.5%')
    """
    by = facts.get("by_label")
    runs_together = _needs_column(group, facts) and str(group) not in YES_NO
    return f"{by} {group}: {told}" if by and runs_together else f"{group} {told}"


def between_groups(item: Facts, facts: Facts, word: str) -> str:
    """Name the two groups of a difference or a ratio: `“PB” minus “CB”`, `“CMV status: 1” minus …`."""
    return f"“{group_words(item['group'], facts)}” {word} “{group_words(item['versus'], facts)}”"


def _needs_column(group: object, facts: Facts) -> bool:
    """Whether a group, or one of those it stands among, says nothing without its column."""
    listed = facts.get("groups") or ()
    among = [each.get("group") if isinstance(each, Mapping) else each for each in listed]
    return any(_says_nothing(each) for each in (group, *(each for each in among if each is not None)))


def _says_nothing(group: object) -> bool:
    """Whether nobody knows of what a name speaks: a yes, a no, or a name without a letter; years speak."""
    name = str(group)
    return name in YES_NO or not (YEARS.fullmatch(name) or any(letter.isalpha() for letter in name))


def groups_named(groups: object, facts: Facts) -> str:
    """List groups; all patients together have no name."""
    if not isinstance(groups, tuple | list):
        return ""
    return listing([group_words(group, facts) for group in groups if group])


def groups_counted(facts: Facts) -> list[str]:
    """Name each group of the fact `groups` with its patients: `cord blood (7)`."""
    return [f"{group_words(item['group'], facts)} ({count(item['n'])})" for item in items(facts, "groups")]


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
