"""Expression matrices from files: text tables, GEO series matrices, .h5ad."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.core.problems import InputError, Problem, StudyProblems, shown
from remission.expression.layout import GENES, SAMPLES, numbers, which_way
from remission.expression.matrix import SCALES, Expression, Scale, repeated
from remission.expression.probes import Rule, one_row_each, read_annotation, to_genes
from remission.expression.scale import LOGS_AT_MOST, mixed_scales, recognise_scale, strange_rows
from remission.expression.seriesmatrix import is_series_matrix, series_matrix
from remission.expression.symbols import spoiled
from remission.expression.text import read_text, separator_of, text_table

Floats = NDArray[np.float64]
EXTRA = 'Reading .h5ad needs anndata: pip install "remission[expression]"'


def read_expression(
    path: str | Path,
    *,
    rows: Literal["genes", "samples"] | None = None,
    scale: Scale | None = None,
    annotation: str | Path | Mapping[str, str] | None = None,
    duplicates: Rule = "refuse",
    names: Literal["accession", "title"] = "accession",
    decimal: Literal[".", ","] = ".",
) -> Expression:
    r"""Read a matrix of genes by samples.

    What was recognised (which way it stands, the scale, and by what) is in `notes`. Nothing is normalised.

    Parameters
    ----------
    path : str or Path
        CSV or TSV (may end in .gz) with names in the first column and the first row; a GEO series matrix; or
        .h5ad (extra `expression`).
    rows : "genes" or "samples", optional
        What stands in the rows of a text table.
    scale : "log2", "intensity" or "counts", optional
    annotation : path or mapping, optional
        Gene of each probe: a table with columns probe and gene. Probes without a gene, or with several, are
        left out.
    duplicates : "refuse", "mean", "highest mean" or "widest"
        What is done with a gene that stands in several rows. With an annotation, several probes of a gene are
        the rule: "refuse" then takes the probe with the highest mean (of a probe in several rows, the mean).
    names : "accession" or "title"
        Of the samples of a GEO series matrix.
    decimal : "." or ","

    Returns
    -------
    Expression

    Raises
    ------
    StudyProblems
        With everything wrong with the cells and names: cells that are no numbers, samples given twice,
        samples on different scales, gene symbols that a spreadsheet turned into dates (with what they were),
        values that do not fit the scale.
    InputError
        If the file cannot be read as a matrix, or a choice must be made.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> file = Path(mkdtemp()) / "matrix.csv"
    >>> _ = file.write_text("gene,a,b\nMCL1,7.1,8.2\nBCL2,5.0,NA\n")
    >>> matrix = read_expression(file)
    >>> matrix.genes, matrix.scale, matrix.notes[0]
    (('MCL1', 'BCL2'), 'log2', 'Genes stand in the rows: the first column is called "gene".')
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(f"there is no file {file.name}. Check the name and the folder.")
    if file.suffix.lower() == ".h5ad":
        genes, samples, values, notes, unread = _h5ad(file)
    else:
        genes, samples, values, notes, unread = _text(file, rows=rows, names=names, decimal=decimal)
    problems = [*unread, *_wrong_names(genes, samples, file.name)]
    if unread:
        raise StudyProblems(problems)
    problems += mixed_scales(values, samples, file.name)
    found, told = _scale(values, scale)
    notes.append(told)
    problems += _unfit(values, found, genes, file.name)
    if problems:
        raise StudyProblems(problems)
    of_probes = annotation is not None and duplicates == "refuse"
    genes, values, note = one_row_each(genes, values, "mean" if of_probes else duplicates)
    notes += [note] if note else []
    made = Expression(genes, samples, values, found, file.name, tuple(notes))
    if annotation is not None:
        said = annotation if isinstance(annotation, Mapping) else read_annotation(Path(annotation))
        made = to_genes(made, said, "highest mean" if of_probes else duplicates)
    return made.noted(*strange_rows(made))


Raw = tuple[tuple[str, ...], tuple[str, ...], Floats, list[str], tuple[Problem, ...]]


def _text(file: Path, *, rows: str | None, names: str, decimal: str) -> Raw:
    """A table of text, or a series matrix."""
    text = read_text(file)
    if is_series_matrix(text):
        table, told = series_matrix(text, file.name, names=names)
        notes = [*told]
        way: str | None = GENES
    else:
        table, notes = _table(text, file.name), []
        first = table.columns[0]
        way, why = which_way(first, table[first].fill_null("").to_list(), table.columns[1:])
        if rows is not None:
            way, why = rows, "as was said"
        if way is None:
            raise InputError(
                f'it cannot be told which way {file.name} stands ({why}). Say rows = "genes" or "samples" '
                "(in a command --rows)."
            )
        notes.append(f"{way.capitalize()} stand in the rows: {why}.")
    if not table.height:
        raise InputError(f"{file.name} has a first line and no values. Give one row per gene.")
    down = tuple(name.strip() for name in table[table.columns[0]].fill_null("").to_list())
    across = tuple(name.strip() for name in table.columns[1:])
    values, problems = numbers(table.drop(table.columns[0]), down, file.name, decimal=decimal)
    if way == SAMPLES:
        return across, down, values.T.copy(), notes, problems
    return down, across, values, notes, problems


def _table(text: str, name: str) -> pl.DataFrame:
    """All cells as text; the separator is the one the first line has most of."""
    first, _, rest = text.partition("\n")
    separator = separator_of(first)
    if not text.strip():
        raise InputError(f"{name} is empty. Give names in the first column, then one column per sample.")
    if not separator:
        raise InputError(
            f"{name} has one column. Give names in the first column, then one column per sample."
        )
    # R writes tables of which the first line lacks the name above the row names.
    second = rest.partition("\n")[0]
    if second.count(separator) == first.count(separator) + 1:
        text = f"name{separator}{text}"
    return text_table(text, separator, name)


def _h5ad(file: Path) -> Raw:
    try:
        from anndata import read_h5ad  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InputError(EXTRA) from error
    try:
        stored = read_h5ad(file)
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{file.name} cannot be read as .h5ad ({error}).") from error
    matrix = stored.X.toarray() if hasattr(stored.X, "toarray") else np.asarray(stored.X)
    values = np.asarray(matrix, dtype=np.float64).T.copy()
    return (
        tuple(map(str, stored.var_names)),
        tuple(map(str, stored.obs_names)),
        values,
        ["Read as .h5ad."],
        (),
    )


def _wrong_names(genes: tuple[str, ...], samples: tuple[str, ...], file: str) -> list[Problem]:
    problems = []
    turned = spoiled(genes)
    if turned:
        pairs = [f"{name} (was {was})" if was else name for name, was in turned.items()]
        message = (
            f"{len(turned)} gene symbols were turned into dates or numbers by a spreadsheet: {shown(pairs)}"
        )
        problems.append(
            Problem(file, message, "Take the matrix as it was before the spreadsheet, or correct the names.")
        )
    twice = repeated(samples)
    # polars renames a column that stands twice
    twice += [
        name
        for name in samples
        if name.rpartition("_duplicated_")[0] in set(samples) and "_duplicated_" in name
    ]
    if twice:
        problems.append(
            Problem(file, f"samples stand there twice: {shown(twice)}", "Keep one column per sample.")
        )
    for what, names in (("genes", genes), ("samples", samples)):
        empty = sum(not name for name in names)
        if empty:
            problems.append(Problem(file, f"{empty} {what} have no name", "Name them, or take them out."))
    return problems


def _scale(values: Floats, said: Scale | None) -> tuple[Scale, str]:
    if said is not None:
        if said not in SCALES:
            raise InputError(f'there is no scale "{said}"; choose one of {", ".join(SCALES)}.')
        return said, f"Scale: {said}, as was said."
    found, why = recognise_scale(values)
    return found, f"Scale: {found}, as {why}."


def _unfit(values: Floats, scale: Scale, genes: tuple[str, ...], file: str) -> list[Problem]:
    """Values that do not fit a scale that was said."""
    if scale == "log2":
        return _no_logarithms(values, genes, file)
    negative = np.nan_to_num(values) < 0
    broken = scale == "counts" and np.any(values[np.isfinite(values)] % 1 != 0)
    problems = []
    if negative.any():
        names = shown([genes[i] for i in np.flatnonzero(negative.any(axis=1))])
        message = f"{int(negative.sum())} values are negative, which no {scale} are ({names})"
        problems.append(Problem(file, message, 'Correct them; if they are logarithms, say scale = "log2".'))
    if broken:
        problems.append(
            Problem(file, "some values are no whole numbers, which counts are", 'Say scale = "intensity".')
        )
    return problems


def _no_logarithms(values: Floats, genes: tuple[str, ...], file: str) -> list[Problem]:
    """Values too large for logarithms to base 2; among ranks they would be scored all the same."""
    large = np.nan_to_num(values) > LOGS_AT_MOST
    if not large.any():
        return []
    names = shown([genes[i] for i in np.flatnonzero(large.any(axis=1))])
    message = (
        f"{int(large.sum())} values are above {LOGS_AT_MOST:g}, up to {float(np.nanmax(values)):g}, which no "
        f"logarithms to base 2 are ({names})"
    )
    repair = "Take logarithms to base 2 as the values learned on were made, or correct these values."
    return [Problem(file, message, repair)]
