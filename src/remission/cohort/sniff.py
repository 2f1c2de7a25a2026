"""A first look at a file: what each column may be, for a study file that a person will correct."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from remission.cohort.cells.guess import Guess, guess
from remission.cohort.cells.text import (
    MARKS_FOR_UNKNOWN,
    WORDS_FOR_UNKNOWN,
    as_text,
    code_key,
    distinct,
    without_missing,
)
from remission.cohort.declare import ROW_NUMBER, DeclaredKind
from remission.cohort.names import Role, dated_by, known_by_day, may_be_later, role, unit
from remission.cohort.reading.read import read_file
from remission.core.problems import Problem

_SENTINELS = ("99", "999", "9999", "99999", "1000000", "-1", "-9", "-99", "-999", "888")
_LEVELS_TOO = frozenset({"none", "nr"})
_LARGEST_CODE = 20
_MOST_SHOWN = 20
_STARTS: tuple[Role, ...] = ("time zero", "registration", "diagnosis")
_NEARLY_ALL = 0.9
_YEAR = r"(?:^|\D)((?:18|19|20)\d{2})(?:\d{4}$|\D|$)"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one column may be. Everything is to be confirmed.

    Attributes
    ----------
    name : str
        In the file.
    kind : "number", "category", "date", "yes/no", "text" or "time"
    role : str
        What it may be for, by its name: "id", "time zero", "death date", "survival time"...; mostly empty.
    label, unit : str
    levels : tuple of str
        Of a category.
    codes : mapping of str to str
        From the file's own value labels.
    missing : tuple of str
        Codes that may mean "not known".
    known_at : str or None
        "baseline", "100 days", a column, "after"; None for the id, and for dates and times, which say when
        themselves (but birth and diagnosis are known when time starts).
    format : str or None
        Of dates of which the data do not show whether day or month comes first: to be chosen.
    known, rows : int
        Cells that hold something, of how many.
    span : str
        Lowest and highest number or year: "16 to 64". Never a value that names a day or a patient's text.
    """

    name: str
    kind: DeclaredKind
    role: Role = ""
    label: str = ""
    unit: str = ""
    levels: tuple[str, ...] = ()
    codes: Mapping[str, str] | None = None
    missing: tuple[str, ...] = ()
    known_at: str | None = None
    format: str | None = None
    known: int = 0
    rows: int = 0
    span: str = ""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A file at first sight.

    Attributes
    ----------
    file : str
    rows : int
    id : str
        Column that may name patients, or "row number".
    time_zero : str or None
        Date column from which time may count.
    missing : tuple of str
        Codes suspected in two columns or more: for [cohort] missing.
    proposals : tuple of Proposal
        One per column, in the order of the file.
    encoding : str
    notes : tuple of str
    """

    file: str
    rows: int
    id: str
    time_zero: str | None
    missing: tuple[str, ...]
    proposals: tuple[Proposal, ...]
    encoding: str = ""
    notes: tuple[str, ...] = ()


def sniff_file(path: Path, *, sheet: str | None = None) -> tuple[Sniffed | None, tuple[Problem, ...]]:
    """Look at a file. Problems of reading (ragged rows, encoding) come back beside what could be seen."""
    (table, problems), _ = read_file(path, sheet=sheet)
    if table is None:
        return None, problems
    seen = sniff(table.frame, labels=table.labels, value_labels=table.value_labels)
    return replace(seen, file=path.name, encoding=table.encoding, notes=table.notes), problems


def sniff(
    frame: pl.DataFrame,
    *,
    labels: Mapping[str, str] | None = None,
    value_labels: Mapping[str, Mapping[str, str]] | None = None,
) -> Sniffed:
    """Propose what the columns of a raw frame are.

    Parameters
    ----------
    frame : polars.DataFrame
        As read, text or typed.
    labels : mapping of str to str, optional
        The file's own labels of columns.
    value_labels : mapping, optional
        The file's own labels of values.

    Examples
    --------
    >>> frame = pl.DataFrame({"patient": ["a", "b", "c"], "age": ["61", "48", "999"]})
    >>> seen = sniff(frame)
    >>> seen.id, seen.proposals[1].kind, seen.proposals[1].unit, seen.proposals[1].missing
    ('patient', 'number', 'years', ('999',))
    """
    texts = {name: as_text(frame[name]) for name in frame.columns}
    first = [
        _look(name, text, (value_labels or {}).get(name), (labels or {}).get(name, ""))
        for name, text in texts.items()
    ]
    patients = next(
        (each.name for each in first if each.role == "id" and _names_rows(texts[each.name])), ROW_NUMBER
    )
    dates = [each.name for each in first if each.kind == "date"]
    zeros = [each for wanted in _STARTS for each in first if each.role == wanted and each.name in dates]
    # a day that many patients never had is no day from which time counts
    usual = [each for each in zeros if each.known >= _NEARLY_ALL * frame.height]
    time_zero = next((each.name for each in (*usual, *zeros)), None)
    started = {each.name for each in first if each.role in {"birth", "diagnosis"}} | {time_zero}
    moments = [each.name for each in first if each.kind in {"date", "time"}]
    proposals = tuple(
        _identity(each)
        if each.name == patients
        else replace(each, known_at=_known_at(each, moments, started))
        for each in first
    )
    suspected = Counter(code for each in proposals for code in each.missing)
    return Sniffed(
        file="",
        rows=frame.height,
        id=patients,
        time_zero=time_zero,
        missing=tuple(code for code, count in suspected.items() if count > 1),
        proposals=proposals,
    )


def _look(name: str, text: pl.Series, value_labels: Mapping[str, str] | None, label: str) -> Proposal:
    """One column on its own."""
    missing = _suspected_missing(text)
    known, _ = without_missing(text, missing)
    looks = guess(known)
    codes: Mapping[str, str] | None = None
    if value_labels and looks.kind in {"category", "yes/no", "number"}:
        values = distinct(known)
        if {code_key(value) for value in values} <= {code_key(code) for code in value_labels}:
            codes = value_labels
            looks = Guess("category", tuple(dict.fromkeys(value_labels.values())))
    found = role(name)
    kind = looks.kind
    if kind == "number" and found in {"survival time", "event time"} and may_be_a_time(name, known):
        kind = "time"
    return Proposal(
        name=name,
        kind=kind,
        role=found,
        label=label,
        unit=unit(name) if kind in {"number", "time"} else "",
        levels=looks.levels,
        codes=codes,
        missing=missing,
        format="DD/MM/YYYY" if kind == "date" and _order_is_open(known) else None,
        known=len(known) - known.null_count(),
        rows=len(text),
        span=_span(kind, known),
    )


def _span(kind: DeclaredKind, text: pl.Series) -> str:
    """Lowest and highest of numbers and times, first and last year of dates; nothing where they are one."""
    if kind == "date":
        values = text.str.extract(_YEAR).cast(pl.Float64, strict=False)
    elif kind in {"number", "time"}:
        values = text.cast(pl.Float64, strict=False)
    else:
        return ""
    values = values.filter(values.is_finite())
    if values.n_unique() < 2:
        return ""
    low, high = (
        np.format_float_positional(float(end), trim="-")
        for end in (values.to_numpy().min(), values.to_numpy().max())
    )
    return f"{low} to {high}"


def may_be_a_time(name: str, text: pl.Series) -> bool:
    """Whether a number may be a time since time zero: not negative, and not named like a wait before it."""
    values = text.cast(pl.Float64, strict=False).drop_nulls()
    return not name.casefold().startswith(("wait", "intdx", "indx", "age")) and bool((values >= 0).all())


def _suspected_missing(text: pl.Series) -> tuple[str, ...]:
    """Marks for "not known", and numbers far beyond the others such as 99 or 1000000."""
    values = distinct(text)
    marks = [value for value in values if value.casefold() in MARKS_FOR_UNKNOWN | WORDS_FOR_UNKNOWN]
    plain = pl.Series([value for value in values if value not in marks], dtype=pl.String)
    numbers = plain.cast(pl.Float64, strict=False)
    if numbers.null_count():
        # words: "none" and "NR" (no response) may be levels, but usual codes alone among them are codes
        marks = [value for value in marks if value.casefold() not in _LEVELS_TOO]
        among = dict.fromkeys(code_key(value) for value in plain.filter(numbers.is_not_null()))
        return (*(among if set(among) <= set(_SENTINELS) else ()), *marks)
    if len(numbers) < 2:
        return tuple(marks)
    present = {code_key(value) for value in plain} if len(plain) <= 5000 else set()
    present |= {
        code_key(value) for value in plain.filter((numbers == numbers.max()) | (numbers == numbers.min()))
    }
    codes: list[str] = []
    for sentinel in sorted(present & set(_SENTINELS), key=lambda code: -abs(float(code))):
        rest = numbers.filter(~numbers.is_in([*map(float, codes), float(sentinel)]))
        if not rest.is_empty() and _far_beyond(float(sentinel), rest):
            codes.append(sentinel)
    return (*codes, *marks)


def _far_beyond(sentinel: float, rest: pl.Series) -> bool:
    values = rest.to_numpy()
    low, high = float(values.min()), float(values.max())
    if sentinel < 0:
        return low >= 0
    small_codes = high <= _LARGEST_CODE and bool((values == values.round()).all())
    return sentinel > high and (sentinel >= 3 * high or (small_codes and sentinel > 2 * high))


def _names_rows(text: pl.Series) -> bool:
    return text.null_count() == 0 and text.n_unique() == len(text)


def _identity(proposal: Proposal) -> Proposal:
    return replace(proposal, kind="text", unit="", levels=(), missing=(), format=None, known_at=None)


def _known_at(proposal: Proposal, moments: list[str], started: set[str | None]) -> str | None:
    """When a column was known: its own date says it, unless that is when time starts, or its name."""
    if proposal.name in moments:
        return "baseline" if proposal.role in {"birth", "diagnosis"} else None
    dated = dated_by(proposal.name, [name for name in moments if name not in started])
    if dated is not None:
        return dated
    if not may_be_later(proposal.name):
        return "baseline"
    day = known_by_day(proposal.name)
    return f"{day} days" if day is not None else "after"


def _order_is_open(text: pl.Series) -> bool:
    """Whether dates are written with day and month in numbers, and none of them shows which comes first."""
    parts = text.drop_nulls().str.extract_groups(r"^(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}$")
    first, second = (parts.struct.field(name).cast(pl.Int32) for name in parts.struct.fields)
    if first.null_count() == len(first):
        return False
    return bool((first > 12).any()) == bool((second > 12).any())
