"""Words for what pydantic finds wrong with a value: what it is, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from remission.core.suggest import nearest

KINDS_OF_VALUE = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list in [ ]",
    "list_type": "a list in [ ]",
    "dict_type": "a table in { }",
    "model_type": "a table in { }",
    "model_attributes_type": "a table in { }",
    "date_type": "a date (2012-05-31)",
    "date_parsing": "a date (2012-05-31)",
    "date_from_datetime_parsing": "a date (2012-05-31)",
    "date_from_datetime_inexact": "a date (2012-05-31)",
}
_ADD = {
    "study": 'Add it, with a title: title = "...".',
    "cohort": "Add it: the data file (file) and the column that names patients (id).",
    "analysis": 'Add at least one, such as kind = "characteristics".',
}
_HEADINGS = {"analysis": "[[analysis]]", "exclude": "[[exclude]]"}
_BOUNDS = {
    "greater_than": ("above", "gt"),
    "greater_than_equal": ("of at least", "ge"),
    "less_than": ("below", "lt"),
    "less_than_equal": ("of at most", "le"),
}


def unknown_key(key: str, known: Sequence[str]) -> tuple[str, str]:
    """Message and repair of a key that does not belong here.

    Examples
    --------
    >>> unknown_key("lable", ["kind", "label"])
    ('unknown key "lable"', 'Did you mean "label"? Known here: kind, label.')
    """
    listed = f"Known here: {', '.join(known)}." if known else "Take it out."
    similar = nearest(key, known)
    return f'unknown key "{key}"', f'Did you mean "{similar}"? {listed}' if similar else listed


def missing_key(key: str, table: str) -> tuple[str, str]:
    """Message and repair of a key, or of a whole table of the file, that must be there."""
    if table:
        return f'"{key}" is missing', f"Write {key} = ... in {table}."
    return f"there is no {_HEADINGS.get(key, f'[{key}]')}", _ADD.get(key, "Add it.")


def wrong_value(key: str, errors: Sequence[ErrorDetails]) -> tuple[str, str]:
    """Message and repair of a value, from what is wrong with it as each kind it might be."""
    error = errors[0]
    context = error.get("ctx", {})
    kind = error["type"]
    if kind == "literal_error" and len({each["type"] for each in errors}) == 1:
        return _none_of(error["input"], _allowed(errors))
    if kind in _BOUNDS:
        word, name = _BOUNDS[kind]
        return f"{shown(error['input'])} is out of range", f"Give a number {word} {context[name]:g}."
    if kind in {"too_short", "string_too_short"}:
        repair = (
            f"Add at least one {_HEADINGS[key]}." if key in _HEADINGS else "Fill it, or take the key out."
        )
        return f'"{key}" is empty', repair
    if kind == "missing":
        return f'"{key}" has too few values', "Give all of them."
    if kind == "too_long":
        return f'"{key}" has too many values', f"Give {context.get('max_length')}."
    if kind == "value_error":
        message, _, repair = str(context.get("error", error["msg"])).partition(". ")
        return message, repair or f"Correct {key}."
    expected = list(dict.fromkeys(_expectation(each) for each in errors))
    return f"{shown(error['input'])} cannot stand here", f"Write {' or '.join(expected)}."


def shown(value: Any) -> str:
    """Show a value as it stands in the file, shortened.

    Examples
    --------
    >>> shown("years"), shown(True), shown([1, 2])
    ('"years"', 'true', 'a list')
    """
    match value:
        case bool():
            text = "true" if value else "false"
        case str():
            text = f'"{value}"'
        case Mapping():
            text = "a table"
        case list() | tuple():
            text = "a list"
        case _:
            text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _expectation(error: ErrorDetails) -> str:
    """What pydantic wanted, in words."""
    if error["type"] == "literal_error":
        return f"one of {', '.join(_allowed([error]))}"
    return KINDS_OF_VALUE.get(error["type"], error["msg"].lower())


def _allowed(errors: Sequence[ErrorDetails]) -> list[str]:
    """Take the allowed values out of "'a', 'b' or 'c'"."""
    words: list[str] = []
    for error in errors:
        text = str(error["ctx"]["expected"]).replace(" or ", ", ")
        words += [item.strip().replace("'", '"') for item in text.split(", ")]
    return list(dict.fromkeys(words))


def _none_of(value: Any, allowed: Sequence[str]) -> tuple[str, str]:
    """Words for a value that is none of a list."""
    plain = [item.strip('"') for item in allowed]
    similar = nearest(str(value), plain) if isinstance(value, str) else None
    listed = f"Write {allowed[0]}." if len(allowed) == 1 else f"Write one of {', '.join(allowed)}."
    return f"{shown(value)} is not known here", f'Did you mean "{similar}"? {listed}' if similar else listed
