"""The commands on protocols and scores: list them, and answer for a file of patients."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from remission.cli_files import columns_said
from remission.core.problems import InputError, Problem, StudyProblems

if TYPE_CHECKING:
    import polars as pl

    from remission.rules.patients import Rows
    from remission.rules.protocol import Protocol
    from remission.rules.score import Score
    from remission.rules.scoring import Scored
    from remission.rules.stratify import Stratified

Ready = TypeVar("Ready", "Protocol", "Score")
Answered = TypeVar("Answered")
Settings = dict[str, dict[str, bool | float]]


def describe_library(name: str | None, *, width: int) -> str:
    """List the library, or describe one protocol or score."""
    from remission.rules.describe import describe, list_library  # noqa: PLC0415 - loaded when first needed
    from remission.rules.library import protocol, score, score_texts  # noqa: PLC0415

    if name is None:
        return list_library(width=width)
    if name in score_texts():
        return describe(score(name, confirm=True), width=width)
    if name.endswith(".toml") and _is_score(Path(name)):
        return describe(score(name, confirm=True), width=width)
    return describe(protocol(name, confirm=True), width=width)


def stratify_file(
    data: Path,
    names: Iterable[str],
    *,
    columns: Path | None,
    settings: Iterable[str],
    confirm: bool,
    id: str | None,  # noqa: A002
) -> tuple[str, pl.DataFrame]:
    """Stratify a file by protocols; return what to print, and the table of patients."""
    from remission.rules.library import protocol  # noqa: PLC0415
    from remission.rules.patients import rows_of  # noqa: PLC0415
    from remission.rules.stratify import stratify_rows  # noqa: PLC0415

    ready = _each(names, protocol, settings, confirm=confirm)
    found = _answered(rows_of(data, id=id), ready, columns, stratify_rows)
    text = "\n\n".join(_said_of_groups(each) for each in found)
    return text, _beside([(each.protocol.name, each.frame) for each in found])


def score_file(
    data: Path,
    names: Iterable[str],
    *,
    columns: Path | None,
    settings: Iterable[str],
    confirm: bool,
    id: str | None,  # noqa: A002
) -> tuple[str, pl.DataFrame]:
    """Score a file; return what to print, and the table of patients."""
    from remission.rules.library import score  # noqa: PLC0415
    from remission.rules.patients import rows_of  # noqa: PLC0415
    from remission.rules.scoring import score_rows  # noqa: PLC0415

    ready = _each(names, score, settings, confirm=confirm)
    found = _answered(rows_of(data, id=id), ready, columns, score_rows)
    text = "\n\n".join(_said_of_values(each) for each in found)
    return text, _beside([(each.score.name, each.frame) for each in found])


def _each(
    names: Iterable[str], find: Callable[..., Ready], settings: Iterable[str], *, confirm: bool
) -> list[Ready]:
    """Make every protocol or score with its settings, or tell the problems of all."""
    chosen = _settings(settings)
    made: list[Ready] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        try:
            made.append(find(name, settings=chosen.pop(Path(name).stem, None), confirm=confirm))
        except StudyProblems as found:
            problems += found.problems
    if problems:
        raise StudyProblems(problems)
    if chosen:
        raise InputError(f"settings are given for {', '.join(chosen)}, which was not asked for")
    return made


def _answered(
    rows: Rows,
    ready: Sequence[Ready],
    columns: Path | None,
    answer: Callable[[Rows, Ready, dict[str, Any]], tuple[Answered, tuple[Problem, ...]]],
) -> list[Answered]:
    """Answer for all patients by each protocol or score, or tell the problems of all."""
    from remission.rules.match import unused  # noqa: PLC0415

    said = columns_said(columns, 'age_days = "age"')
    problems = dict.fromkeys(unused(said, [each.inputs.declared for each in ready]))
    found: list[Answered] = []
    for each in ready:
        answered, more = answer(rows, each, said)
        found.append(answered)
        problems |= dict.fromkeys(more)
    if problems:
        raise StudyProblems(problems)
    return found


def _settings(texts: Iterable[str]) -> Settings:
    """Read `interfant06.six_months=180`."""
    found: Settings = {}
    for text in texts:
        left, _, value = text.partition("=")
        name, _, setting = left.strip().rpartition(".")
        if not (name and setting and value):
            raise InputError(f'"{text}" is no setting. Write it so: --set interfant06.six_months=180')
        word = value.strip().casefold()
        answers = {"yes": True, "true": True, "no": False, "false": False}
        try:
            found.setdefault(name, {})[setting] = answers[word] if word in answers else float(word)
        except ValueError as error:
            raise InputError(f'"{value.strip()}" in "{text}" is neither a number nor yes or no') from error
    return found


def _said_of_groups(found: Stratified) -> str:
    from remission.rules.describe import describe_short  # noqa: PLC0415

    lines = [describe_short(found.protocol)]
    labels = found.protocol.declared.groups
    for group, n in found.counts().rows():
        lines.append(f"  {n:>5}  {group}{f': {labels[group]}' if group in labels else ''}")
    return "\n".join([*lines, *_inputs_said(found.values.found, found.values.absent), *_notes(found.frame)])


def _said_of_values(found: Scored) -> str:
    from remission.rules.describe import describe_short  # noqa: PLC0415

    lines = [describe_short(found.score), *(f"  {n:>5}  {value}" for value, n in found.counts().rows())]
    return "\n".join([*lines, *_inputs_said(found.values.found, found.values.absent), *_notes(found.frame)])


def _inputs_said(found: Mapping[str, str], absent: tuple[str, ...]) -> list[str]:
    renamed = [f"{name} from {column}" for name, column in found.items() if name != column]
    lines = [f"  Read: {', '.join(renamed)}."] if renamed else []
    return [*lines, *([f"  No column, so unknown in everybody: {', '.join(absent)}."] if absent else [])]


def _notes(frame: pl.DataFrame) -> list[str]:
    notes = dict.fromkeys(
        part for text in frame["note"].unique(maintain_order=True) for part in text.split("; ")
    )
    return [f"  Note: {note}." for note in notes if note]


def _beside(tables: list[tuple[str, pl.DataFrame]]) -> pl.DataFrame:
    """One table of patients; columns of several protocols go by its name."""
    import polars as pl  # noqa: PLC0415

    ids = tables[0][1].select("id")
    parts = [
        frame.drop("id").rename({column: f"{name} {column}" for column in frame.columns if column != "id"})
        for name, frame in tables
    ]
    return pl.concat([ids, *parts], how="horizontal")


def _is_score(path: Path) -> bool:
    try:
        return "item" in tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return False
