"""Rows of a bundled file, as its cells are written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from remission.demo.draws import NEVER

Row = dict[str, str]


def as_csv(columns: Sequence[str], rows: Sequence[Row], *, by: str) -> bytes:
    """Number the rows in the order of a date and write the file; the first column is the name."""
    ordered = sorted(rows, key=lambda row: row[by])
    lines = [",".join(columns)]
    for number, row in enumerate(ordered, start=1):
        named = row | {columns[0]: f"SIM-{number:03d}"}
        lines.append(",".join(named[column] for column in columns))
    return ("\n".join(lines) + "\n").encode()


def on(day0: date, days: float) -> str:
    """Write the date so many days after day 0; nothing for never."""
    return "" if days == NEVER else (day0 + timedelta(days=int(days))).isoformat()


def yes(flag: object) -> str:
    """Write a yes as 1 and a no as 0."""
    return "1" if flag else "0"
