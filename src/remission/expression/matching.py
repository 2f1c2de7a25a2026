"""Samples of a matrix and patients of a cohort: who is who, and names that are nearly alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

from remission.core.problems import Problem, shown
from remission.expression.matrix import Expression

_PARTS = re.compile(r"[^a-z0-9]+")


def match_samples(
    expression: Expression, ids: Sequence[str], *, file: str = ""
) -> tuple[Expression, tuple[Problem, ...]]:
    """Match the samples of a matrix to patients by their names.

    Only names that are the same, letter for letter, are one patient. Names that would be the same but for
    case, spaces, marks or leading zeros are told as problems, never matched.

    Parameters
    ----------
    expression : Expression
    ids : sequence of str
        Patients. Those without a sample, and samples of others, are passed over.
    file : str
        For messages; the source of the matrix unless said.

    Returns
    -------
    matched : Expression
        Samples that are patients, in the order of `ids`.
    problems : tuple of Problem

    Examples
    --------
    >>> import numpy as np
    >>> matrix = Expression(("g",), ("p-01", "p-02"), np.array([[1.0, 2.0]]), source="m.csv")
    >>> matched, problems = match_samples(matrix, ["p-02", "P1"])
    >>> matched.samples, problems[0].message
    (('p-02',), 'patients and samples are written differently: P1 and p-01')
    """
    place = file or expression.source or "expression"
    there = set(expression.samples)
    matched = [one for one in ids if one in there]
    patients = set(ids)
    free = [name for name in expression.samples if name not in patients]
    alike: dict[str, list[str]] = {}
    for name in free:
        alike.setdefault(_key(name), []).append(name)
    nearly = [(one, alike[_key(one)]) for one in ids if one not in there and _key(one) in alike]
    problems = []
    if nearly:
        pairs = [f"{one} and {' or '.join(names)}" for one, names in nearly]
        message = f"patients and samples are written differently: {shown(pairs)}"
        repair = "Write them in one way in both files."
        problems.append(Problem(place, message, repair, tuple(one for one, _ in nearly)))
    elif not matched:
        problems.append(_nobody(expression, ids, place))
    return expression.samples_only(matched), tuple(problems)


def _nobody(expression: Expression, ids: Sequence[str], place: str) -> Problem:
    rows = set(expression.genes)
    if sum(one in rows for one in ids) > 0.5 * len(ids):
        message = "patients stand in the rows of the matrix, not in its columns"
        return Problem(place, message, 'Say rows = "samples".')
    message = (
        f"no sample is a patient of the cohort: samples are called {shown(list(expression.samples[:3]))}, "
        f"patients {shown(list(ids[:3]))}"
    )
    return Problem(place, message, "Use the same ids in both files.")


def _key(name: str) -> str:
    """A name without case, marks, and leading zeros; R's X before a number too."""
    parts = [part for part in _PARTS.split(name.lower()) if part]
    pieces = [piece for part in parts for piece in re.findall(r"\d+|[a-z]+", part)]
    if len(pieces) > 1 and pieces[0] == "x" and pieces[1].isdigit():
        pieces = pieces[1:]
    return "".join(piece.lstrip("0") or "0" if piece.isdigit() else piece for piece in pieces)
