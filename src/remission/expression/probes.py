"""From probes to genes, and genes that stand in several rows: one row each, by a named rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.core.problems import InputError, shown
from remission.expression.matrix import Expression, repeated
from remission.expression.text import read_text, separator_of, text_table

Floats = NDArray[np.float64]
Rule = Literal["refuse", "mean", "highest mean", "widest"]
RULES: tuple[Rule, ...] = get_args(Rule)
_BY_ALL: tuple[Rule, ...] = ("highest mean", "widest")
_SEVERAL = ("///", "//", ";", "|")


def one_row_each(names: Sequence[str], values: Floats, rule: Rule) -> tuple[tuple[str, ...], Floats, str]:
    """Give every name one row.

    Parameters
    ----------
    names : sequence of str
    values : array (rows, samples)
    rule : str
        "refuse"; "mean" of the rows (of those with a value); the row with the "highest mean"; or the
        "widest": the largest distance between quartiles. Ties go to the first row.

    Returns
    -------
    names : tuple of str
        In order of first appearance.
    values : array (names, samples)
    note : str
        "" where each name stood once.

    Raises
    ------
    InputError
        If names are doubled and the rule is "refuse", or it is unknown.

    Examples
    --------
    >>> one_row_each(["A", "A"], np.array([[1.0, 2.0], [5.0, 6.0]]), "highest mean")[1]
    array([[5., 6.]])
    """
    if rule not in RULES:
        raise InputError(f'there is no rule "{rule}"; choose one of {", ".join(RULES)}.')
    twice = repeated(names)
    if not twice:
        return tuple(names), values, ""
    if rule == "refuse":
        raise InputError(
            f"{len(twice)} genes stand in several rows: {shown(twice)}. Say what is to be done with them: "
            'duplicates = "mean", "highest mean" or "widest" (in a study under [expression], in a '
            "command as --duplicates); or keep one row of each in the file."
        )
    rows: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        rows.setdefault(name, []).append(index)
    made = np.empty((len(rows), values.shape[1]))
    for place, mine in enumerate(rows.values()):
        made[place] = values[mine[0]] if len(mine) == 1 else _one(values[mine], rule)
    return tuple(rows), made, f"Names that stood in several rows: {len(twice)}; rule: {rule}."


def chosen_among(notes: Sequence[str]) -> bool:
    """Whether rows were chosen by the values of all samples, so that one sample's depend on the others.

    Parameters
    ----------
    notes : sequence of str
        Of a matrix.

    Examples
    --------
    >>> values = np.array([[1.0, 2.0], [5.0, 6.0]])
    >>> [chosen_among([one_row_each(["A", "A"], values, rule)[2]]) for rule in ("mean", "widest")]
    [False, True]
    """
    return any(note.endswith(f"rule: {rule}.") for note in notes for rule in _BY_ALL)


def _one(block: Floats, rule: Rule) -> Floats:
    known = np.isfinite(block)
    if rule == "mean":
        count = known.sum(axis=0)
        total = np.where(known, block, 0.0).sum(axis=0)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)
    marks = [_mark(row[there], rule) for row, there in zip(block, known, strict=True)]
    return np.asarray(block[int(np.argmax(marks))])


def _mark(row: Floats, rule: Rule) -> float:
    if not row.size:
        return -np.inf
    if rule == "highest mean":
        return float(row.mean())
    low, high = np.quantile(row, [0.25, 0.75])
    return float(high - low)


def read_annotation(path: Path) -> dict[str, str]:
    """Read a table with a column of probes and one of genes; lines that begin with # are passed over.

    Returns
    -------
    dict of str to str
        Gene of each probe; "" where it has none or several ("A /// B").

    Raises
    ------
    InputError
        If the file cannot be read as a table, the columns are not there, or a probe has two genes.
    """
    lines = [line for line in read_text(path).splitlines(keepends=True) if not line.startswith("#")]
    table = text_table("".join(lines), separator_of(lines[0] if lines else "") or ",", path.name)
    probe = _named(table, ("probe", "probe_id", "probeset", "probe_set_id", "id_ref", "id"), path.name)
    gene = _named(table, ("gene", "symbol", "gene_symbol", "hgnc_symbol", "gene_id"), path.name)
    pairs = table.select(pl.col(probe).alias("probe"), pl.col(gene).fill_null("").alias("gene")).unique()
    twice = pairs["probe"].filter(pairs["probe"].is_duplicated()).unique().to_list()
    if twice:
        raise InputError(
            f"{path.name}: probes with more than one gene: {shown(sorted(twice))}. Keep one line each."
        )
    return {
        str(name): "" if any(mark in symbol for mark in _SEVERAL) else symbol.strip()
        for name, symbol in pairs.rows()
    }


def _named(table: pl.DataFrame, wanted: Sequence[str], file: str) -> str:
    simple = {name.strip().lower().replace(" ", "_"): name for name in table.columns}
    for name in wanted:
        if name in simple:
            return simple[name]
    raise InputError(f"{file} has no column {wanted[0]}. It has {', '.join(table.columns)}.")


def to_genes(
    expression: Expression, annotation: Mapping[str, str], rule: Rule = "highest mean"
) -> Expression:
    """Turn rows of probes into rows of genes.

    Parameters
    ----------
    expression : Expression
    annotation : mapping of probe to gene
        "" where a probe has no gene, or several; such rows are left out, and counted.
    rule : str
        See `one_row_each`.

    Raises
    ------
    InputError
        If no probe is in the annotation.
    """
    genes = [annotation.get(name) for name in expression.genes]
    if not any(gene is not None for gene in genes):
        first = shown(list(expression.genes[:3]))
        raise InputError(
            f"no probe of the matrix ({first}...) is in the annotation. Is it of another platform?"
        )
    kept = [index for index, gene in enumerate(genes) if gene]
    names, values, note = one_row_each([str(genes[i]) for i in kept], expression.values[kept], rule)
    notes = [f"{len(kept)} of {len(genes)} probes have one gene; {len(names)} genes."]
    made = replace(expression, genes=names, values=values)
    return made.noted(*notes, *([note] if note else []))
