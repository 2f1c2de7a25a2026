"""Random TOML texts, written in many styles, with the line every path was written on."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

Path = tuple[str | int, ...]

_BARE = st.sampled_from(["a", "b", "kind", "age", "x-1", "7", "by_group", "true"])
_QUOTED = st.sampled_from(["年齢", "a.b", "a b", "#", "]", 'say "x"', "", "=", "[t]"])
KEYS = st.one_of(_BARE, _BARE, _QUOTED)
_TEXTS = st.sampled_from(
    ["", "plain", "# no comment", "a]b", "x = 1", "{", 'q"q', "it's", "back\\slash", "two\nlines", "年"]
)
_SCALARS = st.one_of(_TEXTS, st.integers(-9, 99), st.booleans(), st.just(1.5))


class Writer:
    """Text so far, and the line each path began on."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.text = ""
        self.lines: dict[Path, int] = {(): 1}

    @property
    def line(self) -> int:
        return self.text.count("\n") + 1

    def note(self, path: Path) -> None:
        self.lines.setdefault(path, self.line)

    def gap(self) -> None:
        """A line end with blank lines and comments that look like statements."""
        extra = self.draw(st.sampled_from(["", "", "\n", "  # [x] = 1\n", '   \n# "not a key\n']))
        self.text += self.draw(st.sampled_from(["\n", "  \n", " # c = ']'\n"])) + extra

    def key(self, key: str) -> None:
        bare = key.replace("-", "").replace("_", "").isalnum() and key.isascii()
        if not bare:
            self.text += f"'{key}'" if "'" not in key and self.draw(st.booleans()) else json.dumps(key)
        else:
            self.text += self.draw(st.sampled_from([key, f'"{key}"', f"'{key}'"]))

    def string(self, text: str) -> None:
        styles = [json.dumps(text, ensure_ascii=False)]
        styles += ['"""\n' + text.replace("\\", "\\\\").replace('"', '\\"') + '"""']
        if "'" not in text:
            styles += [f"'''{text}'''", f"'''\n{text}'''"]
            styles += [f"'{text}'"] if "\n" not in text else []
        if text == 'q"q':
            styles += ['"""q"q"""', "'''q\"q'''"]
        self.text += self.draw(st.sampled_from(styles))

    def value(self, value: Any, path: Path, *, inline: bool) -> None:
        match value:
            case str():
                if inline:
                    self.text += json.dumps(value, ensure_ascii=False)
                else:
                    self.string(value)
            case bool() | int() | float():
                self.text += json.dumps(value)
            case list():
                self.items(value, path, inline=inline)
            case dict():
                self.inline(value, path)

    def items(self, values: list[Any], path: Path, *, inline: bool) -> None:
        spread = not inline and self.draw(st.booleans())
        self.text += "["
        for index, item in enumerate(values):
            if spread:
                self.gap()
            self.note((*path, index))
            self.value(item, (*path, index), inline=inline)
            if index < len(values) - 1 or (spread and self.draw(st.booleans())):
                self.text += ", "
        if spread:
            self.gap()
        self.text += "]"

    def inline(self, table: dict[str, Any], path: Path) -> None:
        self.text += "{ "
        for number, (key, item) in enumerate(table.items()):
            self.note((*path, key))
            self.key(key)
            self.text += "="
            self.value(item, (*path, key), inline=True)
            self.text += ", " if number < len(table) - 1 else ""
        self.text += " }"

    def pairs(self, table: dict[str, Any], path: Path) -> None:
        for key, item in table.items():
            dotted = isinstance(item, dict) and item and self.draw(st.integers(0, 3)) == 0
            for inner, value in item.items() if dotted else [(None, item)]:
                self.note((*path, key))
                self.text += self.draw(st.sampled_from(["", "  "]))
                self.key(key)
                at: Path = (*path, key)
                if inner is not None:
                    at = (*at, inner)
                    self.note(at)
                    self.text += self.draw(st.sampled_from([".", " . "]))
                    self.key(inner)
                self.text += self.draw(st.sampled_from(["=", " = "]))
                self.value(value, at, inline=False)
                self.gap()

    def header(self, path: Path, keys: list[str], *, repeated: bool) -> None:
        for depth in range(1, len(path) + 1):
            self.note(path[:depth])
        self.text += "[[" if repeated else "["
        for number, key in enumerate(keys):
            self.text += " . " if number else self.draw(st.sampled_from(["", " "]))
            self.key(key)
        self.text += "]]" if repeated else "]"
        self.gap()


_TABLE = st.dictionaries(
    KEYS,
    st.recursive(
        _SCALARS,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
        max_leaves=6,
    ),
    max_size=4,
)


@st.composite
def toml_texts(draw: st.DrawFn) -> tuple[str, dict[Path, int]]:
    """A TOML text and its lines: keys, then [tables], [table.inside] and [[lists]]."""
    writer = Writer(draw)
    top = draw(_TABLE)
    writer.pairs(top, ())
    names = draw(st.lists(KEYS.filter(lambda key: key not in top), unique=True, max_size=4))
    for name in names:
        if draw(st.booleans()):
            writer.header((name,), [name], repeated=False)
            table = draw(_TABLE)
            writer.pairs(table, (name,))
            for inner in draw(
                st.lists(KEYS.filter(lambda key, t=table: key not in t), unique=True, max_size=2)
            ):
                writer.header((name, inner), [name, inner], repeated=False)
                writer.pairs(draw(_TABLE), (name, inner))
            continue
        for index in range(draw(st.integers(1, 3))):
            writer.header((name, index), [name], repeated=True)
            table = draw(_TABLE)
            writer.pairs(table, (name, index))
            for inner in draw(
                st.lists(KEYS.filter(lambda key, t=table: key not in t), unique=True, max_size=1)
            ):
                writer.header((name, index, inner), [name, inner], repeated=False)
                writer.pairs(draw(_TABLE), (name, index, inner))
    return writer.text, writer.lines
