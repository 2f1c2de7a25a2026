"""Which line of a TOML text every key, table and list item stands on; TOML readers do not keep it.

The text must already have passed `tomllib`: this scanner follows the grammar but does not judge it.
"""

from __future__ import annotations

import re
import tomllib

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]+")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)+")


def line_numbers(text: str) -> dict[Path, int]:
    r"""Lines (from 1) of all keys, tables and list items, by key path; list items count from 0.

    A table that is opened several times keeps its first line; the document itself, `()`, is line 1.

    Parameters
    ----------
    text : str
        Valid TOML.

    Returns
    -------
    dict of path to int

    Examples
    --------
    >>> lines = line_numbers("[study]\ntitle = 'A'\n\n[[analysis]]\nat = [\n  '1 year',\n]\n")
    >>> lines["analysis", 0, "at", 0]
    6
    """
    scanner = _Scanner(text.replace("\r\n", "\n"))
    scanner.document()
    return scanner.lines


class _Scanner:
    """A cursor over the text; every method leaves it after what it read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.counted = 0
        self.line = 1
        self.lines: dict[Path, int] = {(): 1}
        self.lengths: dict[Path, int] = {}

    def document(self) -> None:
        """Read all statements."""
        table: Path = ()
        while self.skip():
            table = self.header() if self.text[self.at] == "[" else self.pair(table)

    def header(self) -> Path:
        """Read `[a.b]` or `[[a.b]]`; return the path its keys belong to."""
        repeated = self.text.startswith("[[", self.at)
        line = self.here()
        self.at += 2 if repeated else 1
        keys = self.keys()
        self.at = self.text.index("]", self.at) + (2 if repeated else 1)
        path: Path = ()
        for key in keys[:-1]:
            path = self.inside((*path, key))
            self.lines.setdefault(path, line)
        path = (*path, keys[-1])
        self.lines.setdefault(path, line)
        if repeated:
            self.lengths[path] = self.lengths.get(path, 0) + 1
            path = self.inside(path)
            self.lines[path] = line
        return path

    def inside(self, path: Path) -> Path:
        """Return the table a header path leads into: the last one of a [[list]], or itself."""
        return (*path, self.lengths[path] - 1) if path in self.lengths else path

    def pair(self, table: Path) -> Path:
        """Read `a.b = value` in a table; return the table."""
        line = self.here()
        path = table
        for key in self.keys():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self.at = self.text.index("=", self.at) + 1
        self.value(path)
        return table

    def keys(self) -> list[str]:
        """Read a dotted key."""
        keys = []
        while True:
            self.skip()
            keys.append(self.key())
            self.skip()
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def key(self) -> str:
        """Read one bare or quoted key."""
        start = self.at
        if self.text[start] in "\"'":
            self.string()
            quoted: str = tomllib.loads(f"k = {self.text[start : self.at]}")["k"]
            return quoted
        found = _BARE.match(self.text, start)
        if found is None:
            message = f"no key at line {self.here()}"
            raise ValueError(message)
        self.at = found.end()
        return found[0]

    def value(self, path: Path) -> None:
        """Read a value, noting what stands inside it."""
        self.skip()
        first = self.text[self.at]
        if first in "\"'":
            self.string()
        elif first == "[":
            self.items(path)
        elif first == "{":
            self.inline(path)
        else:
            found = _SCALAR.match(self.text, self.at)
            self.at = found.end() if found else self.at + 1

    def string(self) -> None:
        """Read a string of any of the four kinds."""
        quote = self.text[self.at]
        if self.text.startswith(quote * 3, self.at):
            self.at = self.after_closing(quote * 3, self.at + 3)
            while self.text.startswith(quote, self.at):  # up to two quotes may stand before the closing three
                self.at += 1
        else:
            self.at = self.after_closing(quote, self.at + 1)

    def after_closing(self, quotes: str, start: int) -> int:
        """Return where a string ends that began before `start`; backslashes count in double quotes only."""
        at = start
        while not self.text.startswith(quotes, at):
            at += 2 if self.text[at] == "\\" and quotes[0] == '"' else 1
        return at + len(quotes)

    def items(self, path: Path) -> None:
        """Read a list."""
        self.at += 1
        count = 0
        while self.skip() and self.text[self.at] != "]":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self.lines[(*path, count)] = self.here()
            self.value((*path, count))
            count += 1
        self.at += 1

    def inline(self, path: Path) -> None:
        """Read an inline table."""
        self.at += 1
        while self.skip() and self.text[self.at] != "}":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self.pair(path)
        self.at += 1

    def skip(self) -> bool:
        """Go over blanks, line ends and comments; return whether anything is left."""
        found = _SPACE.match(self.text, self.at)
        if found:
            self.at = found.end()
        return self.at < len(self.text)

    def here(self) -> int:
        """Line of the cursor."""
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line
