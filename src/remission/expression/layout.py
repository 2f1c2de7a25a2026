"""A table of text as a matrix: which way it stands, and every cell that is no number."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.core.problems import Problem

Floats = NDArray[np.float64]
GENES, SAMPLES = "genes", "samples"
_GENE_HEADS = {
    *("gene", "genes", "genesymbol", "symbol", "hgncsymbol", "geneid", "genename", "name", "feature"),
    *("ensembl", "ensemblgeneid", "entrez", "entrezid", "probe", "probes", "probeid", "probeset"),
    *("probesetid", "idref", "protein", "proteins", "uniprot"),
}
_SAMPLE_HEADS = {
    *("sample", "samples", "sampleid", "patient", "patients", "patientid", "subject", "subjectid"),
    *("id", "barcode", "specimen", "case", "donor"),
}
_GENE_LIKE = re.compile(
    r"^(ENS[A-Z]*G\d{6,}(\.\d+)?|[A-Z][A-Z0-9]{1,9}(-[A-Z0-9]+)?|\d+(_[a-z]+)*_at|[OPQ]\d[A-Z0-9]{3}\d)$"
)
_NONE = {"", "na", "nan", "null", "n/a", "none", "#n/a"}
_SHOWN = 5


def which_way(corner: str, rows: Sequence[str], columns: Sequence[str]) -> tuple[str | None, str]:
    """Tell whether genes or samples stand in the rows, and by what; None where it cannot be told.

    By the name of the first column; else by names that look like genes; else there are more genes.

    Examples
    --------
    >>> which_way("gene", ["TP53"], ["a", "b"])[0], which_way("", ["p1", "p2"], ["TP53", "BCL2", "MYC"])[0]
    ('genes', 'samples')
    """
    head = re.sub(r"[^a-z]", "", corner.lower())
    if head in _GENE_HEADS:
        return GENES, f'the first column is called "{corner}"'
    if head in _SAMPLE_HEADS:
        return SAMPLES, f'the first column is called "{corner}"'
    down, across = _gene_share(rows), _gene_share(columns)
    if abs(down - across) > 0.5:
        way = GENES if down > across else SAMPLES
        return way, f"names of {'rows' if way == GENES else 'columns'} look like genes"
    if len(rows) >= 4 * len(columns):
        return GENES, f"there are {len(rows)} rows and {len(columns)} columns"
    if len(columns) >= 4 * len(rows):
        return SAMPLES, f"there are {len(columns)} columns and {len(rows)} rows"
    return None, f"{len(rows)} rows and {len(columns)} columns, and no name tells"


def _gene_share(names: Sequence[str]) -> float:
    return sum(bool(_GENE_LIKE.match(name)) for name in names) / max(len(names), 1)


def numbers(
    table: pl.DataFrame, names: Sequence[str], file: str, *, decimal: str = "."
) -> tuple[Floats, tuple[Problem, ...]]:
    """Turn columns of text into numbers.

    Parameters
    ----------
    table : polars.DataFrame
        Text; one row per name.
    names : sequence of str
        Of the rows, for messages.
    file : str
    decimal : str
        "." or ",".

    Returns
    -------
    values : array (rows, columns)
        NaN where there is none; infinite ones (the logarithm of 0) are none.
    problems : tuple of Problem
        One, with the first cells that are no numbers.
    """
    text = table.select(pl.all().cast(pl.String).str.strip_chars())
    if decimal == ",":
        text = text.select(pl.all().str.replace(",", ".", literal=True))
    cast = text.select(pl.all().cast(pl.Float64, strict=False))
    values = cast.to_numpy().astype(np.float64)
    absent = text.select(pl.all().fill_null("").str.to_lowercase().is_in(list(_NONE))).to_numpy()
    bad = ~np.isfinite(values) & ~absent
    if not bad.any():
        return values, ()
    places = np.argwhere(bad)
    told = [
        f'"{text[int(i), int(j)]}" ({names[int(i)]}, {table.columns[int(j)]})' for i, j in places[:_SHOWN]
    ]
    more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
    message = f"{len(places)} cells are no numbers: {', '.join(told)}{more}"
    repair = (
        'Correct them, or leave them empty where nothing is known; say decimal = "," if that is meant '
        "(in a command --decimal)."
    )
    return values, (Problem(file, message, repair),)
