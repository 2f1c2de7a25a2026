"""Gene symbols that a spreadsheet turned into dates or numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# What stood there: MARCH and SEPT families, DEC1 and DEC2, OCT4, APR, FEB and NOV in old lists.
FAMILIES = {3: "MARCH", 9: "SEPT", 12: "DEC", 10: "OCT", 4: "APR", 2: "FEB", 11: "NOV"}
_DAY_MONTH = re.compile(rf"^(\d{{1,2}})[-/ ]({'|'.join(MONTHS)})[a-z]*(?:[-/ ]\d{{2,4}})?$", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"^({'|'.join(MONTHS)})[a-z]*[-/ ](\d{{1,2}})$", re.IGNORECASE)
_ISO = re.compile(r"^(?:19|20)\d{2}-(\d{2})-(\d{2})(?:[ T]00:00:00)?$")
_SERIAL = re.compile(r"^[34]\d{4}$")
_POWER = re.compile(r"^\d(?:\.\d+)?E\+\d+$", re.IGNORECASE)


def spoiled(names: Sequence[str]) -> dict[str, str]:
    """Names that a spreadsheet changed, each with what it probably was ("" where that cannot be told).

    Day numbers (43891) count only where most names are no numbers, as Entrez identifiers are numbers too.

    Examples
    --------
    >>> spoiled(["TP53", "1-Mar", "Sep-02", "2001-03-01", "2.31E+13", "MARCHF1"])
    {'1-Mar': 'MARCH1', 'Sep-02': 'SEPT2', '2001-03-01': 'MARCH1', '2.31E+13': ''}
    """
    numeric = sum(name.isdigit() for name in names) > 0.5 * max(len(names), 1)
    found: dict[str, str] = {}
    for name in names:
        probably = _was(name, numbers_are_names=numeric)
        if probably is not None:
            found[name] = probably
    return found


def _was(name: str, *, numbers_are_names: bool) -> str | None:
    if match := _DAY_MONTH.match(name):
        return _symbol(MONTHS.index(match[2][:3].lower()) + 1, int(match[1]))
    if match := _MONTH_DAY.match(name):
        return _symbol(MONTHS.index(match[1][:3].lower()) + 1, int(match[2]))
    if match := _ISO.match(name):
        return _symbol(int(match[1]), int(match[2]))
    if _POWER.match(name) or (_SERIAL.match(name) and not numbers_are_names):
        return ""
    return None


def _symbol(month: int, number: int) -> str:
    family = FAMILIES.get(month)
    return f"{family}{number}" if family else ""
