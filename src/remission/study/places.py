"""Key paths of a study file as people read them, and the lines they stand on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from remission.core.problems import Problem
from remission.study.lines import Path, line_numbers


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything of one study file stands.

    Attributes
    ----------
    lines : mapping of path to int
        See `line_numbers`.
    numbered : mapping of path to str
        Words for list items that deserve better than a number: `analysis 2 (compare)`.
    data_file : str
        Name of the data file; problems told of it have no line here.
    """

    lines: Mapping[Path, int] = field(default_factory=dict)
    numbered: Mapping[Path, str] = field(default_factory=dict)
    data_file: str = ""

    @classmethod
    def of(cls, text: str, raw: Mapping[str, Any]) -> Places:
        r"""Places of a study file, from its text and what it says.

        Examples
        --------
        >>> places = Places.of("[[analysis]]\nkind = 'curves'", {"analysis": [{"kind": "curves"}]})
        >>> places.where(("analysis", 0, "kind"))
        'analysis 1 (curves).kind'
        """
        numbered: dict[Path, str] = {}
        analyses = raw.get("analysis")
        for index, entry in enumerate(analyses if isinstance(analyses, list) else []):
            kind = entry.get("kind") if isinstance(entry, dict) else None
            words = f" ({kind})" if isinstance(kind, str) else ""
            numbered["analysis", index] = f"analysis {index + 1}{words}"
        cohort = raw.get("cohort")
        file = cohort.get("file") if isinstance(cohort, dict) else None
        return cls(line_numbers(text), numbered, PurePath(file).name if isinstance(file, str) else "")

    def where(self, path: Path) -> str:
        """Write a path for people: `columns.age.levels`, `exclude 2.ids` (list items count from 1)."""
        text = ""
        for depth, part in enumerate(path):
            named = self.numbered.get(path[: depth + 1])
            if named is not None:
                text = named
            elif isinstance(part, int):
                text += f" {part + 1}"
            else:
                text += f".{part}" if text else part
        return text

    def line(self, path: Path) -> int | None:
        """Line of a path, or of the nearest table around it that is written down."""
        for depth in range(len(path), 0, -1):
            if path[:depth] in self.lines:
                return self.lines[path[:depth]]
        return None

    def locate(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Give the line to problems that tell their key path only; those about the data stay as they are."""
        known: dict[str, Path] = {}
        for path in self.lines:
            if path:
                known[".".join(map(str, path))] = path  # list items also as `exclude.0`
                known[self.where(path)] = path
        return tuple(self._located(problem, known) for problem in problems)

    def _located(self, problem: Problem, known: Mapping[str, Path]) -> Problem:
        """Look up the longest beginning of the key path that is written down."""
        where = problem.where
        of_data = self.data_file and re.match(rf"{re.escape(self.data_file)}(:|$)", where)
        if problem.line is not None or of_data:
            return problem
        for end in range(len(where), 0, -1):
            boundary = end == len(where) or where[end] in ".[ ,"
            if boundary and where[:end] in known:
                path = known[where[:end]]
                return replace(problem, where=self.where(path) + where[end:], line=self.lines[path])
        return problem
