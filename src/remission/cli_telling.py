"""How every command tells problems, and leaves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from remission.core.problems import InputError, StudyProblems

PROBLEMS = 1
"""Exit code of a command that found problems in study or data."""


@contextmanager
def told(what: str) -> Iterator[None]:
    """Print problems and wrong arguments, and leave."""
    try:
        yield
    except StudyProblems as problems:
        refuse(problems, what)
    except InputError as error:
        complain(str(error))
        raise typer.Exit(PROBLEMS) from error


def refuse(problems: StudyProblems, study: str, *, err: bool = True) -> None:
    """Print all problems and leave."""
    from remission.study.telling import tell  # noqa: PLC0415 - loaded when first needed

    typer.echo(tell(problems.problems, study, width=width()), err=err)
    raise typer.Exit(PROBLEMS)


def complain(text: str) -> None:
    """Print to the standard error."""
    typer.echo(text, err=True)


def width() -> int:
    """Width of the terminal, within reason."""
    from shutil import get_terminal_size  # noqa: PLC0415

    return max(60, min(get_terminal_size((100, 24)).columns, 120))
