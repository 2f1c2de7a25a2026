"""Genes that were planted in simulated data, by what they drive, from a file beside the study."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from remission.core.problems import InputError
from remission.study.kind import Context

COLUMNS = ("drug", "gene")


def planted_genes(context: Context, file: str | None) -> dict[str, tuple[str, ...]]:
    """Read planted genes by drug (or column), each once; none where there is no file.

    Parameters
    ----------
    context : Context
        The folder of the study is where the name starts.
    file : str or None
        CSV with the columns drug and gene.

    Raises
    ------
    InputError
        If the file cannot be read, or lacks one of the columns.
    """
    if file is None:
        return {}
    path = (context.folder or Path()) / file
    try:
        table = pl.read_csv(path, infer_schema=False, comment_prefix="#", encoding="utf8-lossy")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError(
            f"{path.name} cannot be read. Check the name, and that it is a CSV file beside the study."
        ) from error
    table = table.rename({name: name.removeprefix("\ufeff") for name in table.columns})
    absent = [name for name in COLUMNS if name not in table.columns]
    if absent:
        listed = " and no column ".join(absent)
        raise InputError(f"{path.name} has no column {listed}. It needs drug and gene, one row each.")
    found: dict[str, tuple[str, ...]] = {}
    for drug, gene in table.select(COLUMNS).unique(maintain_order=True).drop_nulls().rows():
        found[drug] = (*found.get(drug, ()), gene)
    return found
