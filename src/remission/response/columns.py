"""Which columns of a table of wells hold what: by what the user says, else by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from remission.core.problems import InputError, Problem
from remission.core.suggest import did_you_mean
from remission.response.units import unit as recognised

ColumnsSaid = Mapping[str, Any]
"""Field = name of a column, or a table: `column`, `codes` (value = meaning), `value` (for all wells)."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "plate": ("plate", "plateid", "platename", "platenumber", "barcode", "assay"),
    "patient": (
        "patient",
        "patientid",
        "sample",
        "sampleid",
        "samplename",
        "subject",
        "subjectid",
        "specimen",
        "cellline",
        "id",
    ),
    "drug": ("drug", "drugname", "compound", "agent", "substance", "treatment"),
    "dose": ("dose", "concentration", "conc"),
    "unit": ("unit", "units", "doseunit", "concentrationunit", "concunit"),
    "signal": (
        "signal",
        "od",
        "opticaldensity",
        "absorbance",
        "reading",
        "value",
        "response",
        "count",
        "counts",
        "cellcount",
        "luminescence",
        "rlu",
        "fluorescence",
        "rfu",
        "od562",
    ),
    "survival": (
        "survival",
        "survivalpct",
        "survivalpercent",
        "lcs",
        "lcspct",
        "viability",
        "viabilitypct",
        "viabilitypercent",
    ),
    "role": ("role", "type", "welltype", "wellrole", "content"),
    "well": ("well", "wellid", "wellposition", "position"),
    "row": ("row", "wellrow", "platerow"),
    "column": ("col", "column", "wellcol", "wellcolumn", "platecolumn"),
    "exclude": ("exclude", "excluded", "omit", "flagged"),
    "leukaemic": (
        "leukaemiccells",
        "leukemiccells",
        "leukaemicpct",
        "leukemicpct",
        "blasts",
        "blastpct",
        "blastspct",
    ),
}
_MAY_SAY = {"column", "codes", "value"}


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """Columns found.

    Attributes
    ----------
    text : mapping of field to polars.Series
        Stripped text; "" where a cell is empty.
    named : mapping of field to str
        Column it was found in.
    notes : tuple of str
    problems : tuple of Problem
    """

    text: Mapping[str, pl.Series]
    named: Mapping[str, str]
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default_factory=tuple)


def match_columns(frame: pl.DataFrame, said: ColumnsSaid, file: str) -> Matched:
    """Find the columns of a table of wells.

    A unit may stand in the name of the dose column: `dose_uM`, `concentration (µg/mL)`.

    Parameters
    ----------
    frame : polars.DataFrame
    said : mapping
        What the user says of fields; see `ColumnsSaid`.
    file : str
        For problems.
    """
    text: dict[str, pl.Series] = {}
    named: dict[str, str] = {}
    notes: list[str] = []
    problems: list[Problem] = []
    for name in said:
        if name not in FIELDS:
            repair = f"The fields are {', '.join(FIELDS)}.{did_you_mean(name, FIELDS)}"
            problems.append(Problem(f"columns.{name}", f'there is no field "{name}"', repair))
    for name, words in FIELDS.items():
        if name in said:
            series, column, fault = _said(name, said[name], frame, file)
            if fault is not None:
                problems.append(fault)
            if series is not None:
                text[name], named[name] = series, column
            continue
        found = [column for column in frame.columns if _key(_without_unit(column)) in words]
        if len(found) > 1:
            exact = [column for column in found if _key(column) == words[0]]
            if len(exact) != 1:
                listed = ", ".join(f'"{column}"' for column in found)
                repair = f'Say which: {name} = "{found[0]}" in the file of --columns.'
                problems.append(Problem(file, f"the {name} may be in {listed}", repair))
                continue
            found = exact
        if found:
            text[name], named[name] = as_text(frame[found[0]]), found[0]
    _unit_of_name(text, named, notes, frame.height)
    notes += [
        f"{name} is read from {column}." for name, column in named.items() if column and _key(column) != name
    ]
    return Matched(text, named, tuple(notes), tuple(problems))


def as_text(series: pl.Series) -> pl.Series:
    """Cells as stripped text; "" where empty."""
    return series.cast(pl.String).str.strip_chars().fill_null("")


def _said(
    name: str, said: Any, frame: pl.DataFrame, file: str
) -> tuple[pl.Series | None, str, Problem | None]:
    where = f"columns.{name}"
    entry: Any = {"column": said} if isinstance(said, str) else said
    if not isinstance(entry, Mapping) or set(entry) - _MAY_SAY or ("value" in entry) == ("column" in entry):
        repair = (
            'Write the name of the column, or { column = "drug", codes = { DMSO = "control" } }, '
            'or { value = "µM" }.'
        )
        return None, "", Problem(where, "this cannot be understood", repair)
    if "value" in entry:
        return pl.Series(name, [str(entry["value"])] * frame.height, dtype=pl.String), "", None
    column = str(entry["column"])
    if column not in frame.columns:
        hint = did_you_mean(column, frame.columns)
        return None, "", Problem(where, f'{file} has no column "{column}"', f"Correct the name.{hint}")
    series = as_text(frame[column])
    codes = entry.get("codes", {})
    if not isinstance(codes, Mapping):
        return (
            None,
            "",
            Problem(where, "codes must be a table", 'Write codes = { DMSO = "control", "" = "empty" }.'),
        )
    if codes:
        plain = {str(code).strip(): str(meaning) for code, meaning in codes.items()}
        series = series.replace(plain)
    return series, column, None


def _unit_of_name(text: dict[str, pl.Series], named: dict[str, str], notes: list[str], height: int) -> None:
    """Take the unit from the name of the dose column, where no column holds it."""
    column = named.get("dose", "")
    found = _unit_in(column)
    if found and "unit" not in text:
        text["unit"] = pl.Series("unit", [found] * height, dtype=pl.String)
        notes.append(f"Doses are in {found}, as the column {column} says.")


def _unit_in(column: str) -> str:
    parts = re.fullmatch(
        r".*?[\s_.]*[\[(]\s*([^\])]+)\s*[\])]|.*?[_\s.]([^_\s.]+?(?:[_/]m?l)?)", column, re.I
    )
    if parts is None:
        return ""
    try:
        return recognised((parts[1] or parts[2]).replace("_", "/")).name
    except InputError:
        return ""


def _without_unit(column: str) -> str:
    if not _unit_in(column):
        return column
    return re.split(r"[\[(]", column)[0] if re.search(r"[\[(]", column) else re.split(r"[_\s.]", column)[0]


def _key(name: str) -> str:
    return "".join(letter for letter in name.casefold().replace("%", "pct") if letter.isalnum())
