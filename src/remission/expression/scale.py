"""On which scale values are: recognised from the numbers, and samples that differ from the others told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError, Problem, shown
from remission.expression.matrix import Expression, Scale

Floats = NDArray[np.float64]
LOGS_AT_MOST = 40.0
APART = 20.0


def recognise_scale(values: Floats) -> tuple[Scale, str]:
    """Tell the scale of values, and by what.

    Values that all lie between -40 and 40 are logarithms (2 to the power 40 is beyond any scanner); of others
    without a negative one, whole numbers are counts and the rest intensities.

    Parameters
    ----------
    values : array (genes, samples)
        NaN = missing.

    Returns
    -------
    scale : str
    why : str

    Raises
    ------
    InputError
        If there are no values, or large and negative ones together.

    Examples
    --------
    >>> recognise_scale(np.array([[3.1, 12.4]])), recognise_scale(np.array([[0.0, 950.0]]))[0]
    (('log2', 'all values lie between 3.1 and 12.4'), 'counts')
    """
    known = values[np.isfinite(values)]
    if not known.size:
        raise InputError("there are no values in the matrix. Give one with numbers.")
    low, high = float(known.min()), float(known.max())
    words = f"values lie between {low:g} and {high:g}"
    if low >= -LOGS_AT_MOST and high <= LOGS_AT_MOST:
        return "log2", f"all {words}"
    if low < 0:
        raise InputError(
            f"{words}: too large for logarithms, and negative. Say the scale, or correct the file."
        )
    if bool(np.all(known % 1 == 0)):
        return "counts", f"all are whole numbers, and {words}"
    return "intensity", words


def mixed_scales(values: Floats, samples: Sequence[str], file: str) -> tuple[Problem, ...]:
    """Samples on another scale than most: logarithms among intensities, or the reverse.

    A sample is told when its highest value is more than 20 times above or below that of the median sample.
    """
    with np.errstate(invalid="ignore"):
        top = np.array([np.nanmax(column) if np.isfinite(column).any() else np.nan for column in values.T])
    known = top[np.isfinite(top)]
    middle = float(np.median(known)) if known.size else 0.0
    if not middle > 0:
        return ()
    off = (top > APART * middle) | (top < middle / APART)
    if not off.any():
        return ()
    names = tuple(samples[int(i)] for i in np.flatnonzero(off))
    message = (
        f"samples are on different scales: the highest value is about {middle:g} in most, and "
        f"{float(top[off][0]):g} in {names[0]}"
    )
    repair = "Put all on one scale (logarithms, or none), or leave these samples out."
    return (Problem(file, message, repair, names),)


def log2_of(expression: Expression, offset: float = 1.0) -> Expression:
    """Put intensities on the log2 scale: log2(value + offset).

    Parameters
    ----------
    expression : Expression
        Of scale "intensity"; one on the log2 scale is given back as it is.
    offset : float
        Above 0, so that 0 has a logarithm; it draws the smallest values together.

    Raises
    ------
    InputError
        For counts: their depth must be taken out first (a reference of kind "ratio" does).

    Examples
    --------
    >>> made = log2_of(Expression(("g",), ("a", "b"), np.array([[0.0, 7.0]]), "intensity"))
    >>> made.values, made.scale
    (array([[0., 3.]]), 'log2')
    """
    if expression.scale == "log2":
        return expression
    if expression.scale == "counts":
        raise InputError('counts need their depth taken out. Use a reference of kind "ratio" or "rank".')
    if not offset > 0:
        raise InputError(f"the offset must be above 0; it is {offset:g}.")
    made = replace(expression, values=np.log2(expression.values + offset), scale="log2")
    return made.noted(f"Intensities were put on the log2 scale: log2(value + {offset:g}).")


def strange_rows(expression: Expression) -> tuple[str, ...]:
    """What should be known of the rows: constant genes, and cells without a value."""
    notes = []
    values = expression.values
    missing = np.isnan(values)
    low = np.where(missing, np.inf, values).min(axis=1, initial=np.inf)
    high = np.where(missing, -np.inf, values).max(axis=1, initial=-np.inf)
    constant = [expression.genes[i] for i in np.flatnonzero(low >= high)]
    if constant:
        notes.append(f"{len(constant)} genes have one value in all samples or none: {shown(constant)}.")
    if expression.missing_share:
        notes.append(f"{expression.missing_share:.1%} of the cells have no value.")
    return tuple(notes)
