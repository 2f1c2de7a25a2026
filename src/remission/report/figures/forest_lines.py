"""Lines of a forest plot: what each says, its counts, its ratio with limits, its P value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl

from remission.core.wording import sentence_case
from remission.report.figures.data import Facts
from remission.report.figures.style import SMALL, text_width, wrapped
from remission.report.format import count, p_value
from remission.report.ratios import is_reference, level_of, ratio_text, term_words
from remission.report.words.transplant import way_name

NAMES = 56.0
INDENT = 3.0
LineKind = Literal["head", "level", "plain", "more"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the plot; "head" opens a block of "level" lines, "more" goes on with a long name."""

    text: str
    kind: LineKind = "level"
    counts: tuple[str, ...] = ()
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    error: float | None = None
    reference: bool = False
    ratio: str = ""
    p: str = ""
    p_adjusted: str = ""
    biased: bool = False


def model_lines(rows: pl.DataFrame, facts: Facts) -> list[Line]:
    """Terms of a model from top to bottom, in the order of the study."""
    terms = {str(term["name"]): term for term in facts.get("terms") or ()}
    found: list[Line] = []
    for name in rows["term"].unique(maintain_order=True).to_list():
        part = rows.filter(pl.col("term") == name).to_dicts()
        term = terms.get(str(name), {"name": name})
        label = term_words(term)
        lines = [_line(level_of(term, str(row["level"])), row, _counts(row)) for row in part]
        whole = f"{label}, {lines[0].text}"
        if len(lines) == 1 and text_width(whole, SMALL) <= NAMES - 2:
            found.append(replace(lines[0], text=whole, kind="plain"))
        else:
            found += [Line(label, "head"), *lines]
    return broken(found)


def subgroup_lines(rows: pl.DataFrame, facts: Facts) -> list[Line]:
    """All patients, then the subgroups of each column with its test of interaction."""
    labels = {str(item["name"]): str(item["label"]) for item in facts.get("columns") or ()}
    arms = {
        (item.get("term"), item.get("level"), item["group"]): f"{count(item['events'])}/{count(item['n'])}"
        for item in facts.get("arms") or ()
    }
    groups = arm_names(facts)

    def counts(row: dict[str, Any]) -> tuple[str, ...]:
        if not groups:
            return _counts(row)
        return tuple(arms.get((row["term"], row["level"], group), "") for group in groups)

    found: list[Line] = []
    for name in rows["term"].unique(maintain_order=True).to_list():
        part = rows.filter(pl.col("term").eq_missing(pl.lit(name, dtype=pl.String))).to_dicts()
        tests = [row for row in part if row["measure"] == "interaction"]
        lines = [row for row in part if row["measure"] != "interaction"]
        if name is None:
            found += [replace(_line("All patients", row, counts(row)), kind="plain", p="") for row in lines]
            continue
        p = p_value(tests[0]["p"]) if tests else ""
        again = p_value(tests[0]["p_adjusted"]) if tests else ""
        title = sentence_case(labels.get(str(name), str(name)))
        found.append(Line(title, "head", p=p, p_adjusted=again))
        found += [replace(_line(str(row["level"]), row, counts(row)), p="") for row in lines]
    return broken(found)


def way_lines(rows: pl.DataFrame, facts: Facts) -> list[Line]:
    """Ways of counting one effect, one line each; a test without a ratio has none."""
    found = []
    for row, item in zip(rows.to_dicts(), facts.get("ways") or (), strict=True):
        if item["way"] == "Mantel-Byar":
            continue
        counts = tuple(
            f"{count(item[f'{side}_events'])}/{count(item[f'{side}_n'])}" for side in ("yes", "no")
        )
        line = _line("adjusted" if item["adjusted"] else way_name(item), row, counts)
        # An adjusted ratio stands under the plain one it belongs to.
        kind: LineKind = "level" if item["adjusted"] else "plain"
        found.append(replace(line, kind=kind, biased=bool(item["biased"])))
    return broken(found)


def arm_names(facts: Facts) -> tuple[str, ...]:
    """Levels that a subgroup analysis compares, the reference last; () for an effect per unit."""
    names = [facts.get("group"), facts.get("versus")]
    return tuple(str(name) for name in names) if all(name is not None for name in names) else ()


def _counts(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple("" if row[name] is None else count(row[name]) for name in ("at_risk", "events"))


def _line(text: str, row: dict[str, Any], counts: tuple[str, ...]) -> Line:
    return Line(
        text,
        counts=counts,
        estimate=row["estimate"],
        low=row["low"],
        high=row["high"],
        error=row["std_error"],
        reference=is_reference(row),
        ratio=ratio_text(row),
        p="" if row["p"] is None else p_value(row["p"]),
    )


def broken(lines: Sequence[Line]) -> list[Line]:
    """Break names that are wider than their column."""
    found: list[Line] = []
    for line in lines:
        room = NAMES - (INDENT if line.kind == "level" else 0.0) - 2
        # A head has the columns of counts for itself too.
        first, *rest = wrapped(line.text, room + (20 if line.kind == "head" else 0), SMALL)
        found.append(replace(line, text=first))
        found += [Line(text, "more") for text in rest]
    return found
