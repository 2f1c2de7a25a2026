"""The table that `remission response` writes, read back: a spreadsheet may have been at it in between."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import polars as pl

from remission.cohort.reading.read import read_file
from remission.core.problems import Problem, StudyProblems
from remission.response.crossing import Censoring
from remission.rules.patients import of_a_command

LC50_COLUMNS = ("patient", "drug", "unit", "lc50", "low", "high", "censoring")
NUMBERS = ("lc50", "low", "high")
WORDS = (*get_args(Censoring), "failed")
AGAIN = "Take the table as `remission response` wrote it, or begin with the plates."
_SLACK = 1e-9


def read_lc50(path: Path) -> pl.DataFrame:
    """Read lc50.csv.

    Parameters
    ----------
    path : Path
        With commas, semicolons or tabs between the columns; also Excel.

    Returns
    -------
    polars.DataFrame
        patient, drug, unit, lc50, low, high, censoring.

    Raises
    ------
    StudyProblems
        With everything that is wrong: columns, names or cells that are absent, cells that are no numbers
        (0,55 or 05-Mar), doses of 0 or below, patients twice for one drug, and rows that contradict
        themselves: a bracketed LC50 needs its value between its two doses, a censored one its bound and no
        value.
    """
    (table, faults), _ = read_file(path)
    if table is None:
        raise StudyProblems(of_a_command(faults))
    name, frame = path.name, table.frame
    absent = [column for column in LC50_COLUMNS if column not in frame.columns]
    if absent:
        raise StudyProblems([Problem(name, f"it has no column {', '.join(absent)}", AGAIN)])
    text = frame.select(pl.col(LC50_COLUMNS).cast(pl.String).str.strip_chars().replace("", None))
    rows = text.with_columns(pl.col(NUMBERS).cast(pl.Float64, strict=False))
    lines = pl.Series(table.rows)
    problems = [*of_a_command(faults), *_unreadable(name, text, rows, lines), *_unlikely(name, rows, lines)]
    twice = rows.filter(pl.struct("patient", "drug").is_duplicated())
    if twice.height:
        ids = tuple(str(one) for one in twice["patient"].unique(maintain_order=True))
        problems.append(
            Problem(name, "patients stand there twice for one drug", "Keep one row of each.", ids)
        )
    if problems:
        raise StudyProblems(problems)
    return rows


def _unreadable(name: str, text: pl.DataFrame, rows: pl.DataFrame, lines: pl.Series) -> list[Problem]:
    """Cells that are no number or no word of their kind."""
    problems = []
    for column in NUMBERS:
        wrong = rows[column].is_null() & text[column].is_not_null()
        if wrong.any():
            said = _cells(text[column].filter(wrong), lines.filter(wrong))
            problems.append(Problem(name, f"{column} holds what is no number: {said}", AGAIN))
    for column in ("patient", "drug"):
        wrong = text[column].is_null()
        if wrong.any():
            rows_told = _cells(pl.Series(["empty"] * int(wrong.sum())), lines.filter(wrong))
            problems.append(Problem(name, f"{column} is missing: {rows_told}", AGAIN))
    wrong = ~text["censoring"].is_in(list(WORDS)) | text["censoring"].is_null()
    if wrong.any():
        said = _cells(text["censoring"].fill_null("empty").filter(wrong), lines.filter(wrong))
        message = f"censoring is none of {', '.join(WORDS)}: {said}"
        problems.append(Problem(name, message, AGAIN))
    return problems


def _unlikely(name: str, rows: pl.DataFrame, lines: pl.Series) -> list[Problem]:
    """Rows that contradict themselves."""
    value, low, high = (pl.col(column) for column in NUMBERS)
    inside = (value >= low * (1 - _SLACK)) & (value <= high * (1 + _SLACK)) & (low > 0)
    sound = (
        pl.when(pl.col("censoring") == "bracketed")
        .then(inside)
        .when(pl.col("censoring") == "left")
        .then(value.is_null() & (high > 0) & high.is_finite())
        .when(pl.col("censoring") == "right")
        .then(value.is_null() & (low > 0) & low.is_finite())
        .when(pl.col("censoring") == "failed")
        .then(value.is_null())
        .otherwise(statement=True)
    )
    wrong = ~rows.select(sound.fill_null(value=False)).to_series()
    if not wrong.any():
        return []
    cells = rows.filter(wrong).select(pl.format("{} {}", "patient", "drug")).to_series()
    message = (
        "rows contradict themselves (a bracketed LC50 lies between its two doses, low and high, all above 0; "
        f"a left-censored one has high only, a right-censored one low): "
        f"{_cells(cells, lines.filter(wrong))}"
    )
    return [Problem(name, message, AGAIN)]


def _cells(cells: pl.Series, lines: pl.Series) -> str:
    """The first few cells with their rows."""
    told = [f"{cell} (row {line})" for cell, line in zip(cells[:5], lines[:5], strict=True)]
    return ", ".join(told) + (f" and {len(cells) - 5} more" if len(cells) > 5 else "")
