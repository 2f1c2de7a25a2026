"""Rows of the table: what was run, how long it took here and there, and whether the budget is met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

HEADER = ("work", "n", "ours", "peer", "ratio", "budget", "met?")


@dataclass(frozen=True)
class Took:
    """Median seconds of a job, or why it could not be run."""

    seconds: float = float("nan")
    absent: str = ""


@dataclass(frozen=True)
class Row:
    """One line of the table, as text."""

    work: str
    n: str
    ours: str
    peer: str = "-"
    ratio: str = "-"
    budget: str = "-"
    met: str = "-"


def faster(work: str, n: str, ours: Took, peer: str, theirs: Took, at_least: float | None = None) -> Row:
    """Row of a job that must be so many times as fast as a peer (None: no budget)."""
    budget = "-" if at_least is None else f">= {at_least:g} x"
    if theirs.absent:
        return Row(work, n, seconds(ours.seconds), f"{peer}: {theirs.absent}", budget=budget)
    ratio = theirs.seconds / ours.seconds
    met = "-" if at_least is None else yes(kept=ratio >= at_least)
    return Row(
        work, n, seconds(ours.seconds), f"{peer}: {seconds(theirs.seconds)}", times(ratio), budget, met
    )


def within(work: str, n: str, ours: Took, limit: float) -> Row:
    """Row of a job that must take less than so many seconds."""
    met = yes(kept=ours.seconds < limit)
    return Row(work, n, seconds(ours.seconds), budget=f"< {limit:g} s", met=met)


def memory(work: str, n: str, megabytes: float, data: float, at_most: float | None) -> Row:
    """Row of peak memory above the interpreter's own, in multiples of the data (themselves included)."""
    ratio = megabytes / data
    row = Row(work, n, f"{megabytes:.0f} MB", f"the data: {data:.0f} MB", times(ratio))
    if at_most is None:
        return row
    return Row(*astuple(row)[:5], f"<= {at_most:g} x data", yes(kept=ratio <= at_most))


def yes(*, kept: bool) -> str:
    """Whether a budget is kept, in words that stand out."""
    return "yes" if kept else "NO"


def seconds(value: float) -> str:
    """Seconds with three digits."""
    return f"{value:.3g} s" if value < 100 else f"{value:,.0f} s"


def times(ratio: float) -> str:
    """Ratio with two digits."""
    return f"{ratio:.2g} x" if ratio < 10 else f"{ratio:,.0f} x"


def plain(rows: Sequence[Row]) -> str:
    """Table for the terminal."""
    cells = [HEADER, *(astuple(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADER))]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in cells]
    return "\n".join("  ".join(line).rstrip() for line in padded)


def markdown(rows: Sequence[Row]) -> str:
    """Table for RESULTS.md."""
    cells = [HEADER, ("---",) * len(HEADER), *(astuple(row) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in cells)
