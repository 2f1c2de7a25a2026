"""Lines of a benchmark: the cohort and what was published at the same time, endpoint by endpoint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from remission.core.wording import sentence_case
from remission.report.figures.data import Facts
from remission.report.section import endpoint_of
from remission.report.words.benchmark import CHECKED
from remission.report.words.phrases import group_words
from remission.study.results import Output

COHORT = "cohort"
OURS = "This cohort"
ALSO = "†"


@dataclass(frozen=True, slots=True)
class Line:
    """A heading, or one estimate: whose, of how many, and what else is known about it.

    Attributes
    ----------
    trial, population : str
        The heading, where there is no row.
    row : mapping or None
    fact : mapping
        Of a published result: `source`, `mark`, `error_mark`, `published`, `note`.
    ours : bool
    """

    trial: str
    population: str = ""
    row: dict[str, Any] | None = None
    fact: Facts | None = None
    ours: bool = False


def benchmark_lines(outputs: Sequence[Output]) -> list[Line]:
    """Every endpoint and time a heading, the cohort first, then what was published, in the order given."""
    return [line for output in outputs for line in _of(output)]


def _of(output: Output) -> Iterator[Line]:
    known = published(output)
    for time in output.rows["level"].unique(maintain_order=True).to_list():
        yield Line(f"{sentence_case(endpoint_of(output))} at {time}")
        ours = output.rows.filter((pl.col("state") == COHORT) & (pl.col("level") == time))
        for row in ours.iter_rows(named=True):
            yield Line(OURS, _population(row["group"], output), row, ours=True)
        for row, fact in known:
            if row["level"] == time:
                yield Line(str(row["term"]), str(row["group"]), row, fact)


def _population(group: str | None, output: Output) -> str:
    """Which patients of the cohort."""
    return (
        "all patients" if group is None else group_words(group, {"by_label": output.facts.get("grouped_by")})
    )


def published(output: Output) -> list[tuple[dict[str, Any], Facts]]:
    """Published rows, each with what stands beside it."""
    rows = output.rows.filter(pl.col("state") != COHORT).to_dicts()
    facts: Any = output.facts.get("results") or ()
    return list(zip(rows, facts, strict=True))


def mark_of(fact: Facts) -> str:
    """How sure a published number is, in a word or two.

    Examples
    --------
    >>> mark_of({"mark": "checked", "error_mark": "memory"})
    'checked; limits FROM MEMORY'
    >>> mark_of({"mark": "memory", "error_mark": "memory"})
    'FROM MEMORY'
    """
    mark, error = str(fact["mark"]), str(fact["error_mark"])
    said = CHECKED[mark]
    return said if mark == error else f"{said}; limits {CHECKED[error]}"


def from_memory(line: Line) -> bool:
    """Whether a number, or its limits, was not compared with the paper."""
    return line.fact is not None and "memory" in (line.fact["mark"], line.fact["error_mark"])
