"""Reading a study file as text and as TOML; what cannot be read is told with its line, in words."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from remission.core.problems import Problem
from remission.core.suggest import did_you_mean
from remission.study.places import Places

LARGEST = 1_000_000
_DATA_FILES = {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".sav", ".dta", ".sas7bdat", ".xpt", ".parquet"}
_AT = re.compile(r"^(?P<message>.*?) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$", re.S)
_WORDS: tuple[tuple[str, str, str], ...] = (
    ("Cannot overwrite a value", "this key is written twice", "Keep one of the two."),
    ("Duplicate inline table key", "a key is written twice within { }", "Keep one of the two."),
    ("Cannot declare", "this table is opened twice", "Put everything under one heading."),
    (
        "Cannot mutate immutable namespace",
        "this adds to a table or list that is already complete",
        "Write it in one place: either in { } or [ ], or under headings of its own.",
    ),
    ("Cannot redefine namespace", "this table is opened twice", "Put everything under one heading."),
    (
        "Invalid value",
        "the value cannot be read",
        'Text must stand in quotes ("yes"); numbers have no unit and no comma; lists stand in [ ].',
    ),
    ("Unterminated string", "a text in quotes does not end", "Close the quotes."),
    ("Illegal character '\\n'", "a text in quotes does not end on its line", "Close the quotes."),
    (
        "Unescaped",
        "a backslash in double quotes",
        "Write the text in single quotes, or \\\\ for each \\.",
    ),
    ("Unclosed array", "a list does not end before here", "Close it with ]."),
    ("Unclosed inline table", "a table in { } does not end on its line", "Close it with } on the same line."),
    ("Expected '=' after a key", "a key without a value", "Write key = value; comments begin with #."),
    ("Expected ']", "a heading does not end", "Close it with ] (or ]])."),
    (
        "Expected newline",
        "there is more on this line than one key and its value",
        "Put every key on a line of its own; text must stand in quotes.",
    ),
    (
        "Invalid initial character for a key",
        "no key that can be read",
        "Write key = value; keys with letters other than a-z, digits, _ and - stand in quotes.",
    ),
    (
        "Invalid statement",
        "this is neither a heading nor a key with a value",
        "Write key = value; keys with letters other than a-z, digits, _ and - stand in quotes.",
    ),
    ("Invalid date", "this is no date of the calendar", "Correct it (2012-05-31)."),
)


@dataclass(frozen=True, slots=True)
class StudyText:
    """A study file that is valid TOML: what it says and where. `sha256` is of its bytes."""

    path: Path
    raw: Mapping[str, Any]
    places: Places
    sha256: str


def read_study_text(path: Path) -> tuple[StudyText | None, tuple[Problem, ...]]:
    """Read a study file as TOML, or say why that cannot be done.

    Parameters
    ----------
    path : Path

    Returns
    -------
    StudyText or None, problems
    """
    content, problem = _bytes(path)
    if problem is not None:
        return None, (problem,)
    text, problem = _text(path.name, content)
    if problem is not None:
        return None, (problem,)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, (_syntax(path.name, text, str(error)),)
    except RecursionError:
        return None, (Problem(path.name, "lists within lists without end", "Write a study file by hand."),)
    return StudyText(path, raw, Places.of(text, raw), hashlib.sha256(content).hexdigest()), ()


def _bytes(path: Path) -> tuple[bytes, Problem | None]:
    """Read the file, unless it is none or cannot be a study file."""
    if path.suffix.lower() in _DATA_FILES:
        repair = f"Give the study file; `remission init {path.name}` writes a first one for this data."
        return b"", Problem(path.name, "this looks like a data file, not a study file", repair)
    if path.is_dir():
        inside = ", ".join(sorted(item.name for item in path.glob("*.toml"))) or "none is in it"
        repair = f"Give the study file ({inside})."
        return b"", Problem(str(path), "this is a folder, not a study file", repair)
    if not path.exists():
        folder = path.parent
        others = sorted(item.name for item in folder.glob("*.toml")) if folder.is_dir() else []
        repair = f"Check the name and the folder.{did_you_mean(path.name, others)}"
        return b"", Problem(str(path), "there is no such file", repair)
    try:
        if path.stat().st_size > LARGEST:
            message = "this file is too long to be a study file (more than a million letters)"
            return b"", Problem(path.name, message, "Give the study file, not the data.")
        return path.read_bytes(), None
    except OSError as error:
        repair = "Check that you may read it and that the disk is there."
        return b"", Problem(str(path), f"this file cannot be read ({error.strerror})", repair)


def _text(name: str, content: bytes) -> tuple[str, Problem | None]:
    """Decode UTF-8, with or without byte order mark."""
    repair = "Save the study file as UTF-8 (in Notepad: Save as, Encoding: UTF-8)."
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "", Problem(name, "the study file is saved as UTF-16", repair)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return "", Problem(name, "there are letters here in another encoding than UTF-8", repair, line=line)
    return text.replace("\r\n", "\n"), None


def _syntax(name: str, text: str, error: str) -> Problem:
    """Say what TOML could not read, and where."""
    found = _AT.match(error)
    message = found["message"] if found else error
    lines = text.split("\n")
    number = int(found["line"]) if found and found["line"] else max(len(text.rstrip("\n").split("\n")), 1)
    shown = lines[number - 1].strip() if number <= len(lines) else ""
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    for start, words, repair in _WORDS:
        if message.startswith(start):
            return Problem(name, f"{words}: {shown}" if shown else words, repair, line=number)
    return Problem(name, f"this cannot be read ({message}): {shown}", "Correct the line.", line=number)
