"""The commands on protocols and scores: list them, and answer for a file of patients."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from remission.core.problems import InputError, Problem, StudyProblems

if TYPE_CHECKING:
    import polars as pl

    from remission.rules.scoring import Scored
    from remission.rules.stratify import Stratified

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

    chosen = _settings(settings)
    ready = _each(
        names, lambda name: protocol(name, settings=chosen.pop(Path(name).stem, None), confirm=confirm)
    )
    _none_left(chosen)
    said, rows = _columns(columns), rows_of(data, id=id)
    found = [stratify_rows(rows, each, said) for each in ready]
    _refuse_if_any(said, [each.inputs.declared for each in ready], [problems for _, problems in found])
    text = "\n\n".join(_said_of_groups(each) for each, _ in found)
    return text, _beside([(each.protocol.name, each.frame) for each, _ in found])


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

    chosen = _settings(settings)
    ready = _each(
        names, lambda name: score(name, settings=chosen.pop(Path(name).stem, None), confirm=confirm)
    )
    _none_left(chosen)
    said, rows = _columns(columns), rows_of(data, id=id)
    found = [score_rows(rows, each, said) for each in ready]
    _refuse_if_any(said, [each.inputs.declared for each in ready], [problems for _, problems in found])
    text = "\n\n".join(_said_of_values(each) for each, _ in found)
    return text, _beside([(each.score.name, each.frame) for each, _ in found])


def write_table(frame: pl.DataFrame, out: Path) -> None:
    """Write a table of patients as CSV that no spreadsheet takes for formulas."""
    from remission.study.atomic import write_atomically  # noqa: PLC0415
    from remission.study.tables import to_csv  # noqa: PLC0415

    if not out.parent.is_dir():
        raise InputError(f"there is no folder {out.parent}")
    write_atomically(out, to_csv(frame))


def _each(names: Iterable[str], make: Callable[[str], Any]) -> list[Any]:
    """Make every protocol or score, or tell the problems of all."""
    made: list[Any] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        try:
            made.append(make(name))
        except StudyProblems as found:
            problems += found.problems
    if problems:
        raise StudyProblems(problems)
    return made


def _refuse_if_any(said: Mapping[str, Any], inputs: list[Any], problems: list[tuple[Problem, ...]]) -> None:
    from remission.rules.match import unused  # noqa: PLC0415

    told = tuple(dict.fromkeys((*unused(said, inputs), *(each for some in problems for each in some))))
    if told:
        raise StudyProblems(told)


def _columns(path: Path | None) -> dict[str, Any]:
    """What a mapping file says: input = column, at the top or under [columns]."""
    if path is None:
        return {}
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise InputError(f"there is no file {path}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} cannot be read as TOML in UTF-8: {error}") from error
    under = said.pop("columns", {})
    if not isinstance(under, dict):
        raise InputError(f'{path.name}: write [columns], then one line for each input: age_days = "age"')
    return {**said, **under}


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


def _none_left(settings: Settings) -> None:
    if settings:
        named = ", ".join(settings)
        raise InputError(f"settings are given for {named}, which was not asked for")


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
