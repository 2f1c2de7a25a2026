"""Results in sentences, as a results section begins with; the numbers are in tables too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from remission.core.wording import in_sentence, listing, sentence_case
from remission.report.figures.data import group_order, interval_name, of_group, unit_of
from remission.report.format import (
    NOT_REACHED,
    elapsed,
    limits,
    p_phrase,
    percent,
    percent_styled,
    time_number,
)
from remission.report.model_narrative import model_sentences
from remission.report.section import (
    NAIVE,
    VARIANTS,
    Section,
    by_of,
    endpoint_of,
    entry_words,
    landmark_of,
    style_of,
    text_fact,
)
from remission.report.tables.added_value import added_sentences
from remission.report.tables.comparison import named_test
from remission.report.tables.drug_response import lc50_sentences
from remission.report.tables.genes import gene_sentences
from remission.report.tables.mrd import mrd_sentences
from remission.report.tables.prediction import prediction_sentences
from remission.report.tables.response_rates import response_sentences
from remission.report.words.phrases import between_groups, group_told
from remission.study.results import Output

LONG = 4  # sentences


def paragraphs(section: Section) -> tuple[tuple[str, ...], ...]:
    """One sentence per result that a paper would state; naive comparisons are left to the guard's words.

    A long paragraph ends where another endpoint, or another view of it, begins.
    """
    parts: list[list[str]] = [[]]
    before: set[tuple[str, str]] = set()
    opening, endpoint = "", ""
    for output in section.outputs:
        if output.variant == NAIVE or not output.rows.height or output.name not in _SAYINGS:
            continue
        view = _opening(output)
        told = [text for text in dict.fromkeys(_SAYINGS[output.name](output)) if (view, text) not in before]
        if not told:
            continue
        before |= {(view, text) for text in told}
        if (view, endpoint_of(output)) != (opening, endpoint) and len(parts[-1]) >= LONG:
            parts.append([])
            opening = ""  # a paragraph begins by saying of whom it tells
        parts[-1] += [sentence_case(text) for text in _opened(told, view if view != opening else "")]
        opening, endpoint = view, endpoint_of(output)
    return tuple(tuple(part) for part in parts if part)


def _opened(told: list[str], opening: str) -> list[str]:
    return [f"{opening}{told[0]}", *told[1:]]


def subject(output: Output) -> str:
    """Name the quantity as the subject of a sentence.

    Examples
    --------
    >>> from remission.core.vocabulary import result_rows
    >>> subject(Output("estimates", result_rows({}), {"endpoint_label": "Relapse", "measure": "incidence"}))
    'the cumulative incidence of relapse'
    """
    label = in_sentence(endpoint_of(output))
    measure = text_fact(output.facts, "measure") or str(output.rows["measure"][0])
    if measure == "incidence" and "incidence" not in label.lower():
        return f"the cumulative incidence of {label}"
    return label


def _opening(output: Output) -> str:
    """Begin a sentence with the landmark, or with since when late entrants count, where there is one."""
    if output.variant in VARIANTS:
        return f"{sentence_case(VARIANTS[output.variant])}: "
    landmark, late = landmark_of(output), entry_words(output)
    if landmark:
        return f"Among those at risk at the landmark of {landmark}, "
    return f"{sentence_case(late)}, " if late and output.name != "follow_up" else ""


def _estimates(output: Output) -> list[str]:
    rows = output.rows.filter(pl.col("estimate").is_not_null())
    if not rows.height:
        return []
    ci = interval_name(rows)
    by, style = by_of(output), style_of(output)
    if by is None:
        parts = [
            f"{_share(row, ci if not number else '', style)} at {row['level']}" for number, row in _rows(rows)
        ]
        return [f"{subject(output)} was {listing(parts)}."]
    said = []
    for level in rows["level"].unique(maintain_order=True).to_list():
        here = rows.filter(pl.col("level") == level)
        parts = [
            group_told(row["group"], output.facts, _share(row, ci if not number else "", style))
            for number, row in _rows(here)
        ]
        said.append(f"{subject(output)} by {by} at {level}: {'; '.join(parts)}.")
    return said


def _rows(rows: pl.DataFrame) -> list[tuple[int, dict[str, Any]]]:
    return list(enumerate(rows.iter_rows(named=True)))


def _share(row: dict[str, Any], ci: str, style: object) -> str:
    """Print an estimate; the first of a sentence names the interval."""
    return percent_styled(row["estimate"], row["std_error"], (row["low"], row["high"]), style, ci)


def _medians(output: Output) -> list[str]:
    unit = unit_of(output.rows, output.facts)
    ci = interval_name(output.rows)
    by = by_of(output)
    parts = []
    for number, row in _rows(output.rows):
        words = _median(row, unit, ci if not number else "")
        parts.append(words if by is None else group_told(row["group"], output.facts, words))
    head = f"median {in_sentence(endpoint_of(output))}"
    return [f"{head} was {parts[0]}." if by is None else f"{head} by {by}: {'; '.join(parts)}."]


def _median(row: dict[str, Any], unit: str, ci: str) -> str:
    if row["estimate"] is None:
        return NOT_REACHED
    low = time_number(row["low"], unit) if row["low"] is not None else NOT_REACHED
    high = time_number(row["high"], unit) if row["high"] is not None else NOT_REACHED
    ends = f"{low}–{high}" if NOT_REACHED not in (low, high) else f"{low} to {high}"
    return f"{elapsed(row['estimate'], unit)} ({f'{ci} ' if ci else ''}{ends})"


def _tests(output: Output) -> list[str]:
    said = []
    for row in output.rows.filter(pl.col("group").is_null()).iter_rows(named=True):
        if row["p"] is not None:
            about = f"{in_sentence(endpoint_of(output))} by {by_of(output) or 'group'}"
            said.append(f"{about}: {_test(output, str(row['measure']))}, {p_phrase(row['p'])}.")
    return said[:1]


def _test(output: Output, measure: str) -> str:
    name = named_test(output, measure)
    return name if name.startswith("Gray") else in_sentence(name)


def _differences(output: Output) -> list[str]:
    said: list[str] = []
    ci = interval_name(output.rows)
    rows = output.rows.filter(pl.col("estimate").is_not_null())
    if rows.select("group", "versus").unique().height > 1:
        return said  # several pairs are easier read in their table
    for row in rows.iter_rows(named=True):
        ends = limits(row["low"], row["high"])
        points = f"{percent(row['estimate']).removesuffix('%')} percentage points"
        between = between_groups(row, output.facts, "minus")
        at = f" at {row['level']}" if row["level"] else ""
        head = f"the difference in {in_sentence(endpoint_of(output))}{at} ({between})"
        said.append(f"{head} was {points}{f' ({ci} {ends})' if ends else ''}.")
    return said


def _follow_up(output: Output) -> list[str]:
    unit = unit_of(output.rows, output.facts)
    parts = []
    for group in group_order(output.rows, output.facts):
        values = {
            row["measure"]: row["estimate"] for row in of_group(output.rows, group).iter_rows(named=True)
        }
        median = values.get("median follow-up")
        words = NOT_REACHED if median is None else elapsed(median, unit)
        span = _span(values, unit)
        told = f"{words}{span}"
        parts.append(told if group is None else group_told(group, output.facts, told))
    if len(parts) == 1:
        return [f"Median follow-up was {parts[0]}."]
    return [f"Median follow-up: {'; '.join(parts)}."]


def _span(values: dict[str, Any], unit: str) -> str:
    low, high = values.get("min"), values.get("max")
    if low is None or high is None:
        return ""
    return f" (range among survivors {time_number(low, unit)}–{time_number(high, unit)})"


_SAYINGS: dict[str, Callable[[Output], list[str]]] = {
    "follow_up": _follow_up,
    "estimates": _estimates,
    "medians": _medians,
    "test": _tests,
    "difference": _differences,
    "model": model_sentences,
    "response": response_sentences,
    "mrd": mrd_sentences,
    "prediction": prediction_sentences,
    "added_value": added_sentences,
    "lc50": lc50_sentences,
    "gene_counts": gene_sentences,
}
