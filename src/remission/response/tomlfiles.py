"""Rules and cut-offs kept as TOML beside the code, or given by the user."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from remission.cohort.declare import Declaration
from remission.core.problems import StudyProblems
from remission.core.texts import bundled_texts, named_text
from remission.rules.reading import read_declaration

Declared = TypeVar("Declared", bound=Declaration)


def declared(model: type[Declared], name: str | Path, folder: str, what: str) -> Declared:
    """Read a file by its bundled name or its path.

    Raises
    ------
    StudyProblems
        With everything in the file that is not understood.
    InputError
        If there is no such file.
    """
    file, text = named_text(str(name), bundled_texts("remission.response", folder), None, what)
    found, problems = read_declaration(model, text, file)
    if found is None:
        raise StudyProblems(problems)
    return found
