"""The keys of a table of the study file, with their values in words: for the reference and the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

_SIMPLE = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
_ORDER = ("text", "number", "whole number", "true or false", "date")


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what may stand behind it, what holds unless it is said, and what it means."""

    name: str
    value: str
    default: str
    meaning: str
    required: bool


def keys_of(model: type[BaseModel]) -> tuple[Key, ...]:
    """All keys of a table, in order.

    Parameters
    ----------
    model : type of pydantic model
        Of the table.

    Returns
    -------
    tuple of Key

    Examples
    --------
    >>> from remission.cohort.declare import ExcludeDeclaration
    >>> for key in keys_of(ExcludeDeclaration):
    ...     print(key.name, "=", key.value)
    ids = list of text or whole number
    reason = text
    """
    schema = model.model_json_schema()
    tables = schema.get("$defs", {})
    required = set(schema.get("required", ()))
    return tuple(
        Key(
            name,
            value_in_words(entry, tables),
            "" if name in required else in_toml(entry.get("default")),
            entry.get("description", ""),
            name in required,
        )
        for name, entry in schema["properties"].items()
    )


def value_in_words(entry: Mapping[str, Any], tables: Mapping[str, Any]) -> str:
    """Say what a JSON schema lets stand, in words.

    Examples
    --------
    >>> value_in_words({"anyOf": [{"type": "string"}, {"type": "null"}]}, {})
    'text'
    >>> value_in_words({"type": "array", "items": {"enum": ["a", "b"]}}, {})
    'list of "a" or "b"'
    """
    if "$ref" in entry:
        return value_in_words(tables[entry["$ref"].rsplit("/", 1)[1]], tables)
    if "const" in entry or "enum" in entry:
        return " or ".join(in_toml(value) for value in entry.get("enum", [entry.get("const")]))
    alternatives = entry.get("anyOf") or entry.get("oneOf")
    if alternatives:
        return _either(alternatives, tables)
    match entry.get("type"):
        case "array" if "prefixItems" in entry:
            return f"[{', '.join(value_in_words(each, tables) for each in entry['prefixItems'])}]"
        case "array":
            return f"list of {value_in_words(entry.get('items', {}), tables)}"
        case "object":
            return _table(entry, tables)
    return "date" if entry.get("format") == "date" else _SIMPLE.get(str(entry.get("type")), "any value")


def _either(alternatives: Sequence[Mapping[str, Any]], tables: Mapping[str, Any]) -> str:
    """Say what may stand of several things, the simple ones first."""
    words = dict.fromkeys(value_in_words(each, tables) for each in alternatives if each.get("type") != "null")
    if "number" in words:
        words.pop("whole number", None)
    return " or ".join(sorted(words, key=lambda word: _ORDER.index(word) if word in _ORDER else len(_ORDER)))


def _table(entry: Mapping[str, Any], tables: Mapping[str, Any]) -> str:
    """Say what may stand in an inline table."""
    if "properties" not in entry:
        inside = entry.get("additionalProperties")
        return f"{{ name = {value_in_words(inside if isinstance(inside, Mapping) else {}, tables)}, ... }}"
    needed = entry.get("required", ())
    keys = (
        f"{name} = {value_in_words(each, tables)}{'' if name in needed else ' (or left out)'}"
        for name, each in entry["properties"].items()
    )
    return f"{{ {', '.join(keys)} }}"


def in_toml(value: Any) -> str:
    """Write a default as TOML; nothing for none.

    Examples
    --------
    >>> in_toml(True), in_toml(("a", 1)), in_toml(None), in_toml(())
    ('true', '["a", 1]', '', '')
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"' if value else ""
        case list() | tuple():
            return f"[{', '.join(in_toml(item) for item in value)}]" if value else ""
        case Mapping():
            return (
                f"{{ {', '.join(f'{name} = {in_toml(item)}' for name, item in value.items())} }}"
                if value
                else ""
            )
    return str(value)
