"""Problems as a page of text: grouped by what they are about, with line, patients and repair."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import wrap

from remission.core.problems import Problem, shown_ids

_TABLES = ("study", "cohort", "columns", "derived", "endpoints")
_NAMED = ("columns", "derived", "endpoints")
_NUMBERED = re.compile(r"^(?:analysis|exclude) \d+(?: \([^)]*\))?")


def tell(problems: Sequence[Problem], study: str, *, width: int = 100) -> str:
    """Write problems for reading, every one of them.

    Parameters
    ----------
    problems : sequence of Problem
    study : str
        Name of the study file, for the first line.
    width : int
        Longest line.

    Returns
    -------
    str

    Examples
    --------
    >>> problem = Problem("cohort.unit", '"yaers" is not known here', "Did you mean years?", line=9)
    >>> print(tell([problem], "s.toml"))
    One problem in s.toml. Nothing was computed or written.
    <BLANKLINE>
    [cohort]
      line 9, unit: "yaers" is not known here.
        Did you mean years?
    """
    count = "One problem" if len(problems) == 1 else f"{len(problems)} problems"
    lines = [f"{count} in {study}. Nothing was computed or written."]
    groups: dict[str, list[Problem]] = {}
    for problem in problems:
        groups.setdefault(heading(problem, study), []).append(problem)
    for title, members in groups.items():
        lines += ["", title]
        for problem in members:
            lines += _lines(problem, title, width)
    return "\n".join(lines)


def heading(problem: Problem, study: str = "") -> str:
    """Name the table of the study file (called `study`), or the file, that a problem is about.

    Examples
    --------
    >>> heading(Problem("columns.age.levels", "", "", line=3)), heading(Problem("ankl.csv: age", "", ""))
    ('[columns.age]', 'ankl.csv')
    """
    where = problem.where.partition(", ")[0]  # one problem of several endpoints stands under the first
    numbered = _NUMBERED.match(where)
    if numbered:
        table, _, rest = numbered[0].partition(" ")
        return f"[[{table}]] {rest}"
    first, _, rest = where.partition(".")
    if problem.line is None or first not in _TABLES or where == study:
        return where.partition(": ")[0]
    return f"[{first}.{rest.partition('.')[0]}]" if first in _NAMED and rest else f"[{first}]"


def _lines(problem: Problem, title: str, width: int) -> list[str]:
    """One problem, indented under its heading."""
    place = _below(problem.where, title)
    line = f"line {problem.line}" if problem.line is not None else ""
    start = ", ".join(part for part in (line, place) if part)
    said = f"{problem.message}{shown_ids(problem.ids)}."
    first = f"{start}: {said}" if start else said
    return [*_wrapped(first, width, "  "), *_wrapped(problem.repair, width, "    ")]


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    """Break into lines, but never within names or ids."""
    return wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _below(where: str, title: str) -> str:
    """Return what `where` says beyond the heading."""
    where, _, others = where.partition(", ")
    if others:
        return ", ".join(part for part in (_below(where, title), f"also {others}") if part)
    for start in (title, title.strip("[]"), re.sub(r"^\[\[(\w+)\]\] ", r"\1 ", title)):
        if where == start:
            return ""
        if where.startswith((f"{start}.", f"{start}: ")):
            return where[len(start) :].lstrip(".: ")
    return where
