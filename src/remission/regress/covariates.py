"""Covariates as given (arrays, frames, series) to named numeric columns; categories get a named reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.events.badrows import BadRows
from remission.events.labels import levels_of, read_labels
from remission.regress.terms import Category, Term

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Covariates:
    """Numeric columns with their names.

    Attributes
    ----------
    values : array (n, p)
    names : tuple of str
        One per column; `response=CR` for the level CR of a category.
    terms : tuple of (str, tuple of int)
        The columns that belong to each declared term, in order.
    levels : mapping of str to tuple of str
        Levels of each category, the reference first.
    declared : tuple of Term
        The terms the columns were built from by `design`; empty where columns were given as they are.
    """

    values: Floats
    names: tuple[str, ...]
    terms: tuple[tuple[str, tuple[int, ...]], ...]
    levels: Mapping[str, tuple[str, ...]]
    declared: tuple[Term, ...] = ()


def design(terms: Sequence[Term], frame: Any) -> Covariates:
    """Columns of declared terms: a valid `X` of every model; new rows are built the same way.

    Raises
    ------
    InputError
        Missing values, undeclared levels, or a term twice.

    Examples
    --------
    >>> from remission.regress.terms import Category, Numeric
    >>> terms = [Numeric("age", per=10), Category("graft", ("BM", "CB"))]
    >>> design(terms, {"age": [50, 61], "graft": ["BM", "CB"]}).names
    ('age per 10', 'graft=CB')
    """
    blocks: list[Floats] = []
    names: list[str] = []
    grouped: list[tuple[str, tuple[int, ...]]] = []
    for term in terms:
        block, labels = term.columns(frame)
        grouped.append((term.name, tuple(range(len(names), len(names) + len(labels)))))
        names += labels
        blocks.append(block)
    if len(set(names)) < len(names):
        raise InputError(f"a term stands twice among {', '.join(names)}")
    levels = {term.column: term.levels for term in terms if isinstance(term, Category)}
    values = np.column_stack(blocks) if blocks else np.zeros((0, 0))
    return Covariates(values, tuple(names), tuple(grouped), levels, tuple(terms))


def covariates(X: Any, *, levels: Mapping[str, tuple[str, ...]] | None = None) -> Covariates:
    """Read covariates.

    Parameters
    ----------
    X : array (n,) or (n, p), or frame
        A Polars or pandas frame (anything narwhals reads), a mapping of name to values, or a plain array,
        whose columns are called x1, x2, ... Text, categorical and boolean columns become indicator columns
        against a reference: the first level of an ordered type, else the first in sorted order (False for
        booleans).
    levels : mapping, optional
        Levels learned before, for new rows: a level not among them is an error, never the reference.

    Raises
    ------
    InputError
        Missing or infinite values (every row named), unseen levels, a category with one level.

    Examples
    --------
    >>> covariates({"age": [50.0, 61.0], "graft": ["BM", "CB"]}).names
    ('age', 'graft=CB')
    """
    columns: list[tuple[str, Any]]
    if isinstance(X, Covariates):
        return X
    if isinstance(X, Mapping):
        columns = [(str(name), values) for name, values in X.items()]
    elif isinstance(X, np.ndarray) or (isinstance(X, list | tuple) and (not X or not hasattr(X[0], "name"))):
        matrix = np.asarray(X)
        matrix = matrix[:, None] if matrix.ndim == 1 else matrix
        if matrix.ndim != 2:
            message = (
                f"covariates need one row per patient and one column per variable, not shape {matrix.shape}"
            )
            raise InputError(message)
        if np.issubdtype(matrix.dtype, np.number):
            return _plain(np.asarray(matrix, dtype=float))
        columns = [(f"x{index + 1}", matrix[:, index]) for index in range(matrix.shape[1])]
    else:
        columns = _frame_columns(X)
    return _assemble(columns, levels)


def _plain(values: Floats) -> Covariates:
    names = tuple(f"x{index + 1}" for index in range(values.shape[1]))
    _refuse_gaps(names, values)
    return Covariates(values, names, tuple((name, (index,)) for index, name in enumerate(names)), {})


def _frame_columns(frame: Any) -> list[tuple[str, Any]]:
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - loaded when first needed

    native = nw.from_native(frame, allow_series=True)
    if isinstance(native, nw.Series):
        return [(native.name or "x1", native)]
    if isinstance(native, nw.LazyFrame):
        native = native.collect()
    return [(name, native[name]) for name in native.columns]


def _assemble(columns: list[tuple[str, Any]], levels: Mapping[str, tuple[str, ...]] | None) -> Covariates:
    blocks: list[Floats] = []
    names: list[str] = []
    terms: list[tuple[str, tuple[int, ...]]] = []
    learned: dict[str, tuple[str, ...]] = {}
    for name, values in columns:
        block, labels, known = _column(name, values, None if levels is None else levels.get(name))
        if known is not None:
            learned[name] = known
        terms.append((name, tuple(range(len(names), len(names) + len(labels)))))
        names += labels
        blocks.append(block)
    matrix = np.column_stack(blocks) if blocks else np.zeros((0, 0))
    _refuse_gaps(tuple(names), matrix)
    return Covariates(matrix, tuple(names), tuple(terms), learned)


def _column(
    name: str, values: Any, known: tuple[str, ...] | None
) -> tuple[Floats, list[str], tuple[str, ...] | None]:
    """One column as numbers, or one indicator column per level but the reference."""
    if known is None:
        array = values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values)
        if array.dtype.kind in "iufb":
            return np.asarray(array, dtype=float)[:, None], [name], None
    labels = read_labels(values, name)
    bad = BadRows()
    bad.note(labels.codes < 0, f"{name} is missing", "Leave these rows out, or name the level")
    bad.tell()
    if known is None and labels.kind != "text":
        return np.array([float(value) for value in labels.values])[labels.codes][:, None], [name], None
    codes, found = levels_of(labels, known or (), name)
    if len(found) < 2:
        raise InputError(f"{name} has one level only ({', '.join(found)}): it cannot be a covariate.")
    block = (codes[:, None] == np.arange(1, len(found))).astype(float)
    return block, [f"{name}={level}" for level in found[1:]], found


def _refuse_gaps(names: tuple[str, ...], values: Floats) -> None:
    if np.isfinite(values).all():
        return
    bad = BadRows()
    for index, name in enumerate(names):
        bad.note(
            ~np.isfinite(values[:, index]), f"{name} is missing or infinite", "Leave these rows out first"
        )
    bad.tell()
