"""Words that make a sentence of names."""

from __future__ import annotations

from collections.abc import Sequence


def listing(items: Sequence[str], last: str = "and") -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> listing(["CR", "PR", "no response"]), listing(["CR"])
    ('CR, PR and no response', 'CR')
    """
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def sentence_case(text: str) -> str:
    """Capital first letter, the rest untouched (abbreviations stay).

    Examples
    --------
    >>> sentence_case("relapse or GVHD")
    'Relapse or GVHD'
    """
    return text[:1].upper() + text[1:]


def in_sentence(text: str) -> str:
    """Small first letter unless the first word is an abbreviation or a name of its own.

    Examples
    --------
    >>> in_sentence("Overall survival"), in_sentence("GVHD-free survival"), in_sentence("L-asparaginase")
    ('overall survival', 'GVHD-free survival', 'L-asparaginase')
    """
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    named = any(letter.isupper() for letter in word[1:]) or not word[1:2].isalpha()
    return text if named else text[:1].lower() + text[1:]
