"""What tables, figures and sentences of models share: names of ratios and terms, and ratios as text."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from remission.core.wording import sentence_case
from remission.report.format import ABSENT, chi_squared, fixed, p_phrase, plural
from remission.report.section import endpoint_of
from remission.report.words.phrases import items
from remission.study.results import Output

Facts = Mapping[str, Any]
Row = dict[str, Any]
RATIO = "hazard ratio"
HAZARDS = {
    "hazard": ("hazard ratio", "HR"),
    "cause-specific hazard": ("cause-specific hazard ratio", "csHR"),
    "subdistribution hazard": ("subdistribution hazard ratio", "sHR"),
}
MODELS = {
    "univariable": "one variable at a time",
    "multivariable": "multivariable model",
    "eliminated": "model after backward elimination",
    "time-varying": "model with an effect that changes with time",
}
REFERENCE = "1 (reference)"


def ratio_words(facts: Facts) -> str:
    """Name the ratio of a model in full: `hazard ratio`, `subdistribution hazard ratio`."""
    return HAZARDS.get(str(facts.get("hazard")), HAZARDS["hazard"])[0]


def ratio_short(facts: Facts) -> str:
    """Abbreviate the ratio of a model: `HR`, `csHR`, `sHR`."""
    return HAZARDS.get(str(facts.get("hazard")), HAZARDS["hazard"])[1]


def terms_of(outputs: Sequence[Output]) -> dict[str, Facts]:
    """Terms of some models by name, in the order of the study."""
    return {str(term["name"]): term for output in outputs for term in items(output.facts, "terms")}


def outcome_of(output: Output) -> str:
    """Name what a model is of: its endpoint, or its cause where all causes have models of their own.

    Examples
    --------
    >>> from remission.core.vocabulary import result_rows
    >>> facts = {"endpoint_label": "Relapse", "method": "cause-specific", "cause": "death without relapse"}
    >>> outcome_of(Output("model", result_rows({}), facts))
    'death without relapse'
    """
    cause = output.facts.get("cause")
    if output.facts.get("method") == "cause-specific" and cause:
        return str(cause)
    return endpoint_of(output)


def term_words(term: Facts) -> str:
    """Label of a term, with its mark when it may change while patients are followed.

    Examples
    --------
    >>> term_words({"label": "Acute GVHD", "time_dependent": True})
    'Acute GVHD (time-dependent)'
    """
    label = sentence_case(str(term.get("label") or term.get("name")))
    return f"{label} (time-dependent)" if term.get("time_dependent") else label


def ratio_number(value: float | None, decimals: int = 2) -> str:
    """Print a ratio: fewer decimals when large; never 0.

    Examples
    --------
    >>> [ratio_number(value) for value in (2.184, 0.004, 12.34, 1532.0, float("inf"), None)]
    ['2.18', '<0.01', '12.3', '>1,000', '∞', '–']
    """
    if value is None or math.isnan(value):
        return ABSENT
    if math.isinf(value):
        return "∞"
    if value >= 1000:
        return ">1,000"
    smallest = 10.0**-decimals
    if value < smallest / 2:
        return f"<{smallest:.{decimals}f}"
    return fixed(value, max(0, decimals - (value >= 9.995) - (value >= 99.95)))


def ratio_decimals(low: float | None, high: float | None) -> int:
    """Choose decimals by the width of the interval: an effect per unit may be small.

    Examples
    --------
    >>> ratio_decimals(1.1, 3.9), ratio_decimals(0.99, 1.03), ratio_decimals(1.0002, 1.0009)
    (2, 3, 4)
    """
    if low is None or high is None or not math.isfinite(high - low):
        return 2
    return 4 if high - low < 0.005 else 3 if high - low < 0.05 else 2


def ratio_limits(low: float | None, high: float | None) -> str:
    """Print the limits of a ratio, "" when there are none.

    Examples
    --------
    >>> ratio_limits(1.334, 3.58), ratio_limits(None, None), ratio_limits(0.001, 5.0)
    ('1.33–3.58', '', '<0.01 to 5.00')
    """
    if low is None and high is None:
        return ""
    decimals = ratio_decimals(low, high)
    ends = [ratio_number(end, decimals) for end in (low, high)]
    plain = all(end[0].isdigit() for end in ends)
    return ("–" if plain else " to ").join(ends)


def ratio_text(row: Facts) -> str:
    """Print the ratio of a row with its limits; `1 (reference)` for the level others are compared with.

    Examples
    --------
    >>> ratio_text({"estimate": 2.184, "low": 1.334, "high": 3.58}), ratio_text({"estimate": None})
    ('2.18 (1.33–3.58)', 'not estimable')
    """
    estimate = row.get("estimate")
    if estimate is None:
        return "not estimable"
    if is_reference(row):
        return REFERENCE
    low, high = row.get("low"), row.get("high")
    ends = ratio_limits(low, high)
    return ratio_number(estimate, ratio_decimals(low, high)) + (f" ({ends})" if ends else "")


def hazard_words(item: Facts) -> str:
    """Say a hazard ratio with its limits.

    Examples
    --------
    >>> hazard_words({"estimate": 1.552, "low": 0.68, "high": 3.5}), hazard_words({"estimate": None})
    ('hazard ratio 1.55 (0.68–3.50)', 'no ratio could be estimated')
    """
    return (
        "no ratio could be estimated" if item.get("estimate") is None else f"hazard ratio {ratio_text(item)}"
    )


def is_reference(row: Facts) -> bool:
    """Whether a row is the level that others are compared with."""
    return row.get("estimate") == 1.0 and row.get("std_error") is None and row.get("low") is None


def level_of(term: Facts, level: str) -> str:
    """Write a level; of a spline, the values it compares, without needless digits.

    Examples
    --------
    >>> level_of({"kind": "spline"}, "44.4205 against 58.961"), level_of({"kind": "category"}, "44.4205")
    ('44.4 against 59', '44.4205')
    """
    if term.get("kind") != "spline":
        return level
    return re.sub(r"\d+\.\d+", lambda found: f"{float(found[0]):.3g}", level)


def ratio_rows(rows: pl.DataFrame, term: str) -> list[Row]:
    """Rows with the ratios of a term."""
    chosen = (pl.col("term") == term) & pl.col("measure").str.ends_with(RATIO)
    return list(rows.filter(chosen).iter_rows(named=True))


def row_of(rows: pl.DataFrame, term: str, measure: str) -> Row | None:
    """Find the row of a term with one measure: its whole test, its nonlinearity, its change."""
    found = rows.filter((pl.col("term") == term) & (pl.col("measure") == measure))
    return next(found.iter_rows(named=True), None)


def size_words(facts: Facts) -> str:
    """Count the patients and events of a model: `52 patients, 33 events`."""
    if facts.get("n") is None:
        return ""
    return f"{plural(facts['n'], 'patient')}, {plural(facts['events'], 'event')}"


def statistic_words(row: Row | Facts) -> str:
    """Print a chi-square statistic: `χ² = 8.31, df = 2, P = 0.016`."""
    if row.get("statistic") is None:
        return ""
    return f"{chi_squared(row['statistic'], row['df'])}, {p_phrase(row.get('p'))}"
