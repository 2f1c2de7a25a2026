"""How a date is written: "DD/MM/YYYY" and the like; dates without a day or a month are understood too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Precision = Literal["day", "month", "year"]
MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1
    )
    for name in names.split()
}  # fmt: skip
_STRPTIME = {"%Y": "YYYY", "%y": "YY", "%m": "MM", "%d": "DD", "%b": "MMM", "%B": "MMM"}
_TOKEN = re.compile(r"Y+|M+|D+")
_UNKNOWN = r"UNK?|XX|\?\?"
_PATTERNS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short_year>\d{2})",
    "MMM": rf"(?P<month_name>[A-Za-z]{{3,9}}|{_UNKNOWN})\.?",
    "MM": rf"(?P<month>\d{{1,2}}|{_UNKNOWN})",
    "M": rf"(?P<month>\d{{1,2}}|{_UNKNOWN})",
    "DD": rf"(?P<day>\d{{1,2}}|{_UNKNOWN})",
    "D": rf"(?P<day>\d{{1,2}}|{_UNKNOWN})",
}
_CLOCK = r"(?P<clock>[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a text says of a date; month and day are None where it does not.

    `short_year` is set instead of `year` when the year has two digits; `clock` is a time of day but 0:00.
    """

    year: int | None
    month: int | None
    day: int | None
    short_year: int | None = None
    clock: bool = False

    @property
    def precision(self) -> Precision:
        """How much of the date is known."""
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"


@dataclass(frozen=True, slots=True)
class Layout:
    """One way of writing dates."""

    text: str
    full: re.Pattern[str]
    month: re.Pattern[str]

    @property
    def has_short_year(self) -> bool:
        """Whether years have two digits."""
        return "YYYY" not in self.text

    def read(self, value: str) -> Parts | None:
        """Read a date, a month or a year; None when it is written otherwise."""
        for pattern in (self.full, self.month, _YEAR):
            found = pattern.fullmatch(value)
            if found:
                return _parts(found)
        return None


def layout(text: str) -> Layout | None:
    """Understand a declared format: YYYY or YY, MM or MMM (a name), DD, in any order; also %d/%m/%Y.

    Returns None if it does not have one year, one month and one day.

    Examples
    --------
    >>> layout("DD/MM/YYYY").read("31/12/2016")
    Parts(year=2016, month=12, day=31, short_year=None, clock=False)
    >>> layout("DD/MM/YYYY").read("12/2016").precision
    'month'
    """
    for code, word in _STRPTIME.items():
        text = text.replace(code, word)
    text = text.upper()
    tokens = _TOKEN.findall(text)
    if sorted(token[0] for token in tokens) != ["D", "M", "Y"] or any(
        token not in _PATTERNS for token in tokens
    ):
        return None
    without_day = re.sub(r"^D+[^YM]*|[^YM]*D+$", "", text)
    without_day = re.sub(r"D+[^YM]*", "", without_day)
    return Layout(text, re.compile(_pattern(text) + _CLOCK, re.I), re.compile(_pattern(without_day), re.I))


def _pattern(text: str) -> str:
    pieces, position = [], 0
    for token in _TOKEN.finditer(text):
        pieces += [re.escape(text[position : token.start()]), _PATTERNS[token[0]]]
        position = token.end()
    return "".join([*pieces, re.escape(text[position:])])


def _parts(found: re.Match[str]) -> Parts | None:
    said = found.groupdict()
    month = _number(said.get("month"))
    if said.get("month_name"):
        name = said["month_name"].casefold()
        if not re.fullmatch(_UNKNOWN, name, re.I) and name not in MONTHS:
            return None
        month = MONTHS.get(name)
    day = _number(said.get("day"))
    clock = re.search(r"[1-9]", said.get("clock") or "") is not None
    return Parts(
        _number(said.get("year")), month, day if month else None, _number(said.get("short_year")), clock
    )


def _number(text: str | None) -> int | None:
    """A component as a number; 00, UN, XX and ?? are not known."""
    return int(text) or None if text and text.isdecimal() else None


_YEAR = re.compile(r"(?P<year>\d{4})(?:[-/](?:00|UN|XX)){0,2}", re.I)
_NEVER = re.compile(r"(?!)")
ISO = tuple(
    Layout(
        text,
        re.compile(_pattern(text) + _CLOCK, re.I),
        re.compile(_pattern(text[: text.index("D") - 1]), re.I),
    )
    for text in ("YYYY-MM-DD", "YYYY/MM/DD", "YYYY.MM.DD")
)
PLAIN = (
    *ISO,
    Layout("MM/YYYY", _NEVER, re.compile(r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})")),
    Layout("YYYYMMDD", re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"), _NEVER),
    Layout(
        "YYYY年MM月DD日",
        re.compile(_pattern("YYYY年MM月DD日")),
        re.compile(_pattern("YYYY年MM月")),
    ),
    *(
        Layout(
            text,
            re.compile(_pattern(text) + _CLOCK, re.I),
            re.compile(_pattern(text[text.index("M") :]), re.I),
        )
        for text in ("DD-MMM-YYYY", "DD MMM YYYY", "DDMMMYYYY")
    ),
)
"""Ways of writing that mean one day only, whoever wrote them."""
