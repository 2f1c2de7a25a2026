"""Categories and yes/no: declared levels, codes, and what is neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from remission.cohort.cells.bad import Cells, Reason, gather
from remission.cohort.cells.text import MARKS_FOR_UNKNOWN, code_key, distinct, natural_order, translate
from remission.core.suggest import did_you_mean

YES_NO = {
    "yes": True, "y": True, "true": True, "1": True,
    "no": False, "n": False, "false": False, "0": False,
}  # fmt: skip


def read_levels(text: pl.Series, where: str, *, levels: Sequence[str], codes: Mapping[str, str]) -> Cells:
    """Read a category.

    Parameters
    ----------
    text : polars.Series
        Stripped text, missing codes already null.
    where : str
        Key path of the column's declaration, for repairs.
    levels : sequence of str
        Declared levels; when empty, those of the codes; when there are no codes either, the values found, in
        natural order.
    codes : mapping of str to str
        Value in the file = level.
    """
    found = distinct(text)
    declared = tuple(levels) or tuple(dict.fromkeys(codes.values()))
    if not declared:
        return _found(text, where, found)
    meant = {
        **translate({level: level for level in declared}, found),
        **{value: level for value, level in translate(codes, found).items() if level in declared},
    }
    values = (
        text.replace_strict(meant, default=None, return_dtype=pl.String)
        if meant
        else _nothing(text, pl.String())
    )
    bad = text.is_not_null() & values.is_null()

    def why(value: str) -> Reason:
        what = "is no declared code or level" if codes else "is no declared level"
        place = f"the {'codes' if codes else 'levels'} under [{where}]"
        repair = f'Correct it, or add it to {place}, or to `missing` if it means "not known".'
        if value.casefold() in MARKS_FOR_UNKNOWN:
            repair = f'If it means "not known", say missing = ["{value}"] under [{where}] or [cohort].'
        repair += did_you_mean(value, declared)
        return Reason(what, what.replace("is no", "are no").replace("level", "levels"), repair)

    return Cells(values, gather(text, bad, why, apart=True), levels=declared)


def _found(text: pl.Series, where: str, values: Sequence[str]) -> Cells:
    """A category without declared levels: the values found, but for marks that mean "not known"."""
    marks = [value for value in values if value.casefold() in MARKS_FOR_UNKNOWN]
    order = natural_order(value for value in values if value not in marks)
    bad = text.is_in(marks)

    def why(value: str) -> Reason:
        repair = (
            f'Say missing = ["{value}"] under [{where}] or [cohort]; if it is a level, declare the levels.'
        )
        return Reason('looks like "not known"', 'look like "not known"', repair)

    known = text.set(bad.fill_null(value=False), None)
    return Cells(known, gather(text, bad, why), (f"levels found: {', '.join(order)}",), tuple(order))


def read_answers(text: pl.Series, where: str, *, codes: Mapping[str, bool]) -> Cells:
    """Read a yes/no: 1/0, yes/no, y/n, true/false in any case; where codes are declared, these alone."""
    found = distinct(text)
    meant = (
        translate(codes, found)
        if codes
        else {value: YES_NO[key] for value in found if (key := code_key(value).casefold()) in YES_NO}
    )
    values = (
        text.replace_strict(meant, default=None, return_dtype=pl.Boolean)
        if meant
        else _nothing(text, pl.Boolean())
    )
    bad = text.is_not_null() & values.is_null()

    def why(value: str) -> Reason:
        repair = (
            f'Say under [{where}] what it means: codes = {{ "{value}" = "yes" }} (or "no") for every value, '
            f'or missing = ["{value}"].'
        )
        if value.casefold() in MARKS_FOR_UNKNOWN:
            repair = f'If it means "not known", say missing = ["{value}"] under [{where}] or [cohort].'
        return Reason("is neither yes nor no", "are neither yes nor no", repair)

    return Cells(values, gather(text, bad, why, apart=True))


def _nothing(text: pl.Series, dtype: pl.DataType) -> pl.Series:
    return pl.Series(text.name, [None] * len(text), dtype=dtype)
