"""A first study file for a file of patients: all that can be guessed, each guess marked to be confirmed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path

from remission.cohort.declare import ROW_NUMBER
from remission.cohort.sniff import Proposal, Sniffed, sniff_file
from remission.core.atomic import write_atomically
from remission.core.problems import Problem, StudyProblems
from remission.study.draft_endpoints import drafted_endpoints
from remission.study.spec import SCHEMA
from remission.study.unconfirmed import CONFIRM, LEGEND, unconfirmed

_MOST_LEVELS = 30
_MOMENTS = ("date", "time")
_LEGEND = (
    "# levels: in the order of tables and figures; the first is the reference.",
    '# missing: codes taken for "not known". Take out what is a value of its own, add what means not known',
    '# (NR may be "no response" or "not recorded").',
    '# format: "DD/MM/YYYY" or "MM/DD/YYYY".',
    '# known_at: a date column, a time ("100 days"), or "after" (later, nobody recorded when).',
)


def write_draft(data: Path, out: Path, *, sheet: str | None = None, replace: bool = False) -> tuple[str, ...]:
    """Write a first study file for a file of patients.

    Parameters
    ----------
    data : Path
        The file of patients.
    out : Path
        The study file to write.
    sheet : str, optional
        Of an Excel file with several.
    replace : bool
        Replace the study file if it is there.

    Returns
    -------
    tuple of str
        What should be looked at first.

    Raises
    ------
    StudyProblems
        If the file of patients cannot be read, or the study file is there already; nothing is written then.
    """
    if os.path.lexists(out) and (out.is_dir() or not replace):
        repair = "Name another file (--out), or say --force to replace it."
        raise StudyProblems([Problem(str(out), "there is already something of that name", repair)])
    if not out.parent.is_dir():
        raise StudyProblems(
            [Problem(str(out), "there is no such folder", "Make it, or name another (--out).")]
        )
    seen, problems = sniff_file(data, sheet=sheet)
    if seen is None:
        raise StudyProblems(problems)
    text = draft(seen, _relative(data, out), sheet=sheet)
    write_atomically(out, text.encode("utf-8"))
    guesses = unconfirmed(text)
    notes = [f"{len(seen.proposals)} columns, {seen.rows} rows; {guesses} lines to confirm."]
    notes += [f"{problem.where}: {problem.message}." for problem in problems]
    return tuple(notes)


def draft(seen: Sniffed, file: str, *, sheet: str | None = None) -> str:
    """Write a first study file as text.

    Parameters
    ----------
    seen : Sniffed
        What the file looks like.
    file : str
        Its name relative to the study file.
    sheet : str, optional

    Returns
    -------
    str
        Valid TOML.
    """
    sections = [
        _top(seen),
        _study(seen),
        _cohort(seen, file, sheet),
        _columns(seen),
        _DERIVED,
        *drafted_endpoints(seen),
    ]
    return "\n".join(sections)


def quoted(text: str) -> str:
    r"""Write text as a TOML string.

    Examples
    --------
    >>> print(quoted('5"'))
    "5\""
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def key(name: str) -> str:
    """Write a name as a TOML key.

    Examples
    --------
    >>> print(key("age"), key("年齢"))
    age "年齢"
    """
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else quoted(name)


def code(value: str) -> str:
    """Write a code as a number where it is one, otherwise as text."""
    return value if re.fullmatch(r"-?(0|[1-9]\d{0,17})", value) else quoted(value)


def listed(items: Iterable[str]) -> str:
    """Write a list of TOML values."""
    return f"[{', '.join(items)}]"


def _top(seen: Sniffed) -> str:
    read = "".join(f"\n# {note}" for note in seen.notes if "\n" not in note)
    return f"""\
# A first study file for {quoted(seen.file)} ({seen.rows} rows), made by `remission init`.{read}
# Every line {LEGEND} holds a guess. Read it, correct it, and take the mark away.
#   remission check study.toml    tells every problem at once
#   remission run study.toml      writes the report
schema = {SCHEMA}
"""


def _study(seen: Sniffed) -> str:
    return f"""\
[study]
title    = {quoted(f"Study of {seen.file}")}   # {CONFIRM}: the title of the report
question = ""
"""


def _cohort(seen: Sniffed, file: str, sheet: str | None) -> str:
    """Write [cohort]: file, id, time zero, and what was known then."""
    lines = ["[cohort]", f"file = {quoted(file)}"]
    lines += [f"sheet = {quoted(sheet)}"] if sheet is not None else []
    of_id = (
        "no column names the patients, so their rows do" if seen.id == ROW_NUMBER else "names the patients"
    )
    lines.append(f"id = {quoted(seen.id)}   # {CONFIRM}: {of_id}")
    if seen.time_zero is not None:
        role = next(each.role for each in seen.proposals if each.name == seen.time_zero)
        label = role if role in {"diagnosis", "registration"} else "transplantation"
        lines.append(f"time_zero = {quoted(seen.time_zero)}   # {CONFIRM}: the day from which time counts")
        lines.append(f"time_zero_label = {quoted(label)}   # {CONFIRM}")
        lines.append('unit = "years"   # in which times are shown')
    else:
        units = [each.unit for each in seen.proposals if each.kind == "time" and each.unit]
        lines.append("# No day from which time counts was found: times are those of the file.")
        lines.append(
            f"unit = {quoted(units[0] if units else 'months')}   # {CONFIRM}: of the times in the file"
        )
        lines.append("# days_per_month = 30.4   # how the registry made its months; CIBMTR: 30.4")
    marks = [mark for mark in seen.missing if code(mark) != mark]
    if marks:
        lines.append(f"missing = {listed(map(quoted, marks))}   # {CONFIRM}: not known, in every column")
    at_zero = [each.name for each in seen.proposals if each.known_at == "baseline" and each.kind != "text"]
    lines.append(
        "# Known at time zero, so that they may group, filter and adjust. Nothing that became known later"
    )
    lines.append(f"# belongs here. {CONFIRM} each:")
    lines += ["baseline = [", *(f"  {quoted(name)}," for name in at_zero), "]"]
    lines.append('# include = [{ condition = "age >= 18", reason = "younger than 18" }]')
    return "\n".join(lines) + "\n"


_DERIVED = """\
# Columns made from others: merged levels, cut points, times between dates.
# [derived]
# age_group = { from = "age", cut = ["<= 60", "> 60"] }
"""


def _columns(seen: Sniffed) -> str:
    """Write [columns]: one line each, with what was seen."""
    lines = ["[columns]", *_LEGEND]
    for each in seen.proposals:
        if each.name == seen.id:
            continue
        said, doubts = _entry(each)
        known = f"{each.known} of {each.rows} known"
        seen_words = f"{known}, {each.span}" if each.span else known
        mark = f"{CONFIRM} {', '.join(doubts)}" if doubts else CONFIRM
        lines.append(f"{key(each.name)} = {{ {', '.join(said)} }}   # {mark}; {seen_words}")
    return "\n".join(lines) + "\n"


def _entry(each: Proposal) -> tuple[list[str], list[str]]:
    """Keys of one column, and which of them are guesses worth a word."""
    said, doubts = [f"kind = {quoted(each.kind)}"], []
    if each.label:
        said.append(f"label = {quoted(each.label)}")
    if each.unit and each.kind in {"number", "time"}:
        said.append(f"unit = {quoted(each.unit)}")
        doubts.append("unit")
    if each.codes and each.kind == "category":
        pairs = (f"{key(value)} = {quoted(meaning)}" for value, meaning in each.codes.items())
        said.append(f"codes = {{ {', '.join(pairs)} }}")
    elif each.kind == "category" and 0 < len(each.levels) <= _MOST_LEVELS:
        said.append(f"levels = {listed(map(quoted, each.levels))}")
        doubts.append("levels")
    if each.missing:
        said.append(f"missing = {listed(map(code, each.missing))}")
        doubts.append("missing")
    if each.format:
        said.append(f"format = {quoted(each.format)}")
        doubts.append("format")
    if each.known_at not in {None, "baseline"} and each.kind not in _MOMENTS:
        said.append(f"known_at = {quoted(str(each.known_at))}")
        doubts.append("known_at")
    return said, doubts


def _relative(data: Path, out: Path) -> str:
    """Return the name of the data relative to the study file, or its full name where there is no way."""
    try:
        return Path(os.path.relpath(data.resolve(), out.resolve().parent)).as_posix()
    except ValueError:  # another drive
        return data.resolve().as_posix()
