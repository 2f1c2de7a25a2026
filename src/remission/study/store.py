"""Results as files and back: JSON that reads back exactly; all rows as CSV and Parquet."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl

from remission.cohort.cohort import FlowStep
from remission.core.atomic import write_atomically
from remission.core.problems import InputError
from remission.core.vocabulary import COLUMNS, result_rows
from remission.study.results import (
    Analysis,
    EndpointSummary,
    Fact,
    OtherCohort,
    Output,
    Provenance,
    Results,
    RuleUse,
    Statement,
)
from remission.study.tables import to_csv

FORMAT = "remission results"
VERSION = 1
_NOT_FINITE = "not finite"


def to_json(results: Results) -> str:
    """Write results as JSON.

    Numbers are written with all their digits, so `from_json` gives back equal results.

    Parameters
    ----------
    results : Results

    Returns
    -------
    str
    """
    document = {
        "format": FORMAT,
        "version": VERSION,
        "title": results.title,
        "question": results.question,
        "authors": results.authors,
        "simulated": results.simulated,
        "provenance": asdict(results.provenance),
        "flow": [asdict(step) for step in results.flow],
        "endpoints": [asdict(endpoint) for endpoint in results.endpoints],
        "analyses": [_analysis(analysis) for analysis in results.analyses],
    }
    if results.rules:
        document["rules"] = [asdict(rule) for rule in results.rules]
    if results.validation is not None:
        document["validation"] = asdict(results.validation)
    return json.dumps(_plain(document), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def from_json(text: str) -> Results:
    """Read results that `to_json` wrote.

    Parameters
    ----------
    text : str

    Returns
    -------
    Results

    Raises
    ------
    InputError
        If the text is no such document, or was written by a newer remission.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"this is no results file (line {error.lineno}: {error.msg})") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InputError("this is no results file of remission")
    version = document.get("version")
    if not isinstance(version, int) or version > VERSION:
        message = f"these results are of version {version}; this remission reads version {VERSION}. "
        message += "Install a newer one."
        raise InputError(message)
    try:
        return _results(document)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"this results file is damaged ({type(error).__name__}: {error})") from error


def write_results(results: Results, folder: Path) -> None:
    """Write results.json, rows.csv, rows.parquet and what is attached into a folder.

    Parameters
    ----------
    results : Results
    folder : Path
        Must exist.
    """
    rows = results.rows()
    parquet = io.BytesIO()
    rows.write_parquet(parquet)
    write_atomically(folder / "results.json", to_json(results).encode("utf-8"))
    write_atomically(folder / "rows.csv", to_csv(rows))
    write_atomically(folder / "rows.parquet", parquet.getvalue())
    for name, content in results.attachments.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(place, content)


def read_results(path: str | Path) -> Results:
    """Read a results.json.

    Parameters
    ----------
    path : str or Path
        The file, or the folder that holds it.

    Returns
    -------
    Results

    Raises
    ------
    InputError
        If it is no results file, or of a newer remission.
    """
    place = Path(path)
    file = place / "results.json" if place.is_dir() else place
    try:
        return from_json(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read ({error})") from error


def _analysis(analysis: Analysis) -> dict[str, Any]:
    return {
        "name": analysis.name,
        "kind": analysis.kind,
        "title": analysis.title,
        "cohort": analysis.cohort,
        "findings": [asdict(statement) for statement in analysis.findings],
        "methods": [asdict(statement) for statement in analysis.methods],
        "outputs": [
            {
                "name": output.name,
                "variant": output.variant,
                "facts": output.facts,
                "rows": _columns(output.rows),
            }
            for output in analysis.outputs
        ],
    }


def _columns(rows: pl.DataFrame) -> dict[str, Any]:
    """Columns that say something, and how many rows there are."""
    columns = {name: rows[name].to_list() for name in rows.columns if rows[name].null_count() < rows.height}
    return {"count": rows.height, **columns}


def _results(document: Mapping[str, Any]) -> Results:
    provenance = document["provenance"]
    return Results(
        title=document["title"],
        question=document["question"],
        simulated=document["simulated"],
        flow=_flow(document["flow"]),
        endpoints=_endpoints(document["endpoints"]),
        analyses=tuple(_read_analysis(analysis) for analysis in document["analyses"]),
        provenance=Provenance(**{**provenance, "notes": tuple(provenance["notes"])}),
        authors=tuple(document["authors"]),
        validation=_other(document.get("validation")),
        rules=tuple(
            RuleUse(**{**each, "citations": tuple(each["citations"])}) for each in document.get("rules", ())
        ),
    )


def _other(cohort: Mapping[str, Any] | None) -> OtherCohort | None:
    if cohort is None:
        return None
    told = {"flow": _flow(cohort["flow"]), "endpoints": _endpoints(cohort["endpoints"])}
    return OtherCohort(**{**cohort, **told, "notes": tuple(cohort["notes"])})


def _endpoints(endpoints: list[dict[str, Any]]) -> tuple[EndpointSummary, ...]:
    return tuple(EndpointSummary(**{**each, "flow": _flow(each["flow"])}) for each in endpoints)


def _flow(steps: list[dict[str, Any]]) -> tuple[FlowStep, ...]:
    return tuple(FlowStep(**step) for step in steps)


def _read_analysis(analysis: Mapping[str, Any]) -> Analysis:
    return Analysis(
        name=analysis["name"],
        kind=analysis["kind"],
        title=analysis["title"],
        outputs=tuple(
            Output(each["name"], _rows(each["rows"]), _facts(each["facts"]), each["variant"])
            for each in analysis["outputs"]
        ),
        findings=_statements(analysis["findings"]),
        methods=_statements(analysis["methods"]),
        cohort=analysis["cohort"],
    )


def _statements(statements: list[dict[str, Any]]) -> tuple[Statement, ...]:
    return tuple(Statement(each["name"], _facts(each["facts"]), each["severity"]) for each in statements)


def _rows(columns: Mapping[str, Any]) -> pl.DataFrame:
    count = columns["count"]
    values = {name: [_number(item) for item in columns.get(name, [None] * count)] for name in COLUMNS}
    if count == 0:
        return result_rows({}).clear()
    return pl.DataFrame(values, schema=result_rows({}).schema)


def _facts(facts: Mapping[str, Any]) -> dict[str, Fact]:
    return {name: _fact(value) for name, value in facts.items()}


def _fact(value: Any) -> Fact:
    """Lists are tuples in facts."""
    if isinstance(value, list):
        return tuple(_fact(item) for item in value)
    if isinstance(value, dict):
        return _number(value) if value.keys() == {_NOT_FINITE} else _facts(value)
    return cast("Fact", value)


def _plain(value: Any) -> Any:
    """Return what JSON can say: its own lists, tables and numbers, and a way to write infinity."""
    match value:
        case None | bool() | str() | int():
            return value
        case np.generic():
            return _plain(value.item())
        case float():
            return value if math.isfinite(value) else {_NOT_FINITE: str(value)}
        case Mapping():
            return {str(name): _plain(item) for name, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} cannot stand in results")


def _number(value: Any) -> Any:
    """Read a number of a column or a fact."""
    return float(value[_NOT_FINITE]) if isinstance(value, dict) else value
