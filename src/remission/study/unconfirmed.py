"""Marks of a first study file that nobody has taken away yet."""

from __future__ import annotations

import re

CONFIRM = "CONFIRM"
LEGEND = f"marked {CONFIRM}"
_MARK = re.compile(rf"#.*\b{CONFIRM}\b")


def unconfirmed(text: str) -> int:
    """Count the lines of a study file that still carry the mark of a guess.

    Parameters
    ----------
    text : str
        The study file.

    Returns
    -------
    int
        Lines with the mark in a comment; the line that explains the mark is none of them.

    Examples
    --------
    >>> unconfirmed('id = "patient"   # CONFIRM: names the patients')
    1
    """
    return sum(1 for line in text.splitlines() if _MARK.search(line) and LEGEND not in line)


def reminder(text: str, name: str) -> str:
    """Say in one line how many guesses nobody has confirmed; nothing when there are none.

    Parameters
    ----------
    text : str
        The study file.
    name : str
        Its name.
    """
    count = unconfirmed(text)
    if not count:
        return ""
    lines = "1 line" if count == 1 else f"{count} lines"
    carry, are = ("carries", "it is a guess") if count == 1 else ("carry", "they are guesses")
    return (
        f"{lines} of {name} still {carry} the mark {CONFIRM}: {are} of `remission init` that nobody has "
        "confirmed."
    )
