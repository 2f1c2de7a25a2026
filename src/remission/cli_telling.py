"""How every command tells problems, and leaves."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from remission.core.problems import InputError, StudyProblems
from remission.core.progress import Progress

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


@contextmanager
def shown_progress() -> Iterator[Progress | None]:
    """Show what is being done, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
    from rich.progress import Progress as Bars  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("Starting", total=None)

        def progress(what: str, done: int, total: int) -> None:
            bars.update(task, description=what, completed=done, total=total, refresh=True)

        yield progress


def width() -> int:
    """Width of the terminal, within reason."""
    from shutil import get_terminal_size  # noqa: PLC0415

    return max(60, min(get_terminal_size((100, 24)).columns, 120))
