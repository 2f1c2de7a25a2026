"""LC50 by drug, classes, scores over drugs, cross-resistance and groups compared, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from remission.core.digits import significant
from remission.core.wording import sentence_case
from remission.report.document import Row, Table
from remission.report.figures.data import interval_name
from remission.report.format import ABSENT, count, fixed, limits, p_value, percent, plural, size
from remission.report.section import Section
from remission.report.words.phrases import items
from remission.study.results import Output

DRUGS_TOLD = 6
CLASSES = ("sensitive", "intermediate", "resistant")
OPEN_NOTE = "Open: a class that the score needs is not known, and the others do not settle it."
Values = dict[tuple[str, str, str | None, str | None], Mapping[str, Any]]


def dose(value: float) -> str:
    """Print a concentration with three significant digits, never with an exponent."""
    return significant(value, 3)


def bounded(low: float | None, high: float | None) -> str:
    """Print a concentration that may be known only as a bound or an interval.

    Examples
    --------
    >>> bounded(0.5, 0.5), bounded(250, None), bounded(0, 0.008), bounded(0.1, 0.4), bounded(0.0, None)
    ('0.5', '> 250', '< 0.008', '0.1 to 0.4', '–')
    """
    least = low is None or low == 0
    if least and high is None:
        return ABSENT
    if low is not None and low == high:
        return dose(low)
    if high is None:
        return f"> {dose(low or 0.0)}"
    return f"< {dose(high)}" if least else f"{dose(low or 0.0)} to {dose(high)}"


def _values(output: Output) -> Values:
    return {
        (row["term"], row["measure"], row["level"], row["group"]): row
        for row in output.rows.iter_rows(named=True)
    }


def drug_words(item: Mapping[str, Any]) -> str:
    """Name a drug with its unit."""
    name = sentence_case(str(item["name"]))
    return f"{name} ({item['unit']})" if item["unit"] else name


def lc50_tables(section: Section) -> tuple[Table, ...]:
    """What is known of each LC50, and the classes."""
    return tuple(
        table
        for output in section.named("lc50")
        for table in (_known(output), _classes(output))
        if table.rows
    )


def _known(output: Output) -> Table:
    values = _values(output)
    heads = ("Drug", "Tested", "Failed", "LC50 known", "Below", "Above", "Median (quartiles)", "Tested doses")
    rows = []
    for item in items(output.facts, "drugs"):
        drug = str(item["name"])
        number = {name: int(values[drug, name, None, None]["estimate"]) for name in _COUNTS}
        tested = item["tested"]
        rows.append(
            Row(
                (
                    drug_words(item),
                    count(number["patients"] - number["not tested"]),
                    *[count(number[name]) for name in ("failed", "bracketed", "left", "right")],
                    quartiles({name: values[drug, name, None, None] for name in ("q1", "median", "q3")}),
                    f"{dose(tested[0])}–{dose(tested[1])}" if tested else ABSENT,
                )
            )
        )
    total = count(float(output.facts["total"]))  # type: ignore[arg-type]
    notes = (
        (
            f"Of {total} patients. Failed: the quality rules were not passed; no number of these curves is "
            "used. Below, above: half of the cells died at less than the lowest, or survived the highest, "
            "tested dose."
        ),
        (
            "Median and quartiles are order statistics of the patients with a passing curve; where censoring "
            "leaves one open, its bound or interval stands."
        ),
    )
    return Table.plain("lc50", "LC50 by drug", heads, rows, notes)


_COUNTS = ("patients", "not tested", "failed", "bracketed", "left", "right")


def quartiles(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Print the median with quartiles."""
    told = {name: bounded(row["low"], row["high"]) for name, row in rows.items()}
    if told["median"] == ABSENT:
        return ABSENT
    return f"{told['median']} ({told['q1']}; {told['q3']})"


def _classes(output: Output) -> Table:
    values = _values(output)
    heads = ("Drug", "Sensitive if", "Resistant if", "Sensitive", "Intermediate", "Resistant", "Not known")
    rows = []
    for item in items(output.facts, "drugs"):
        drug = str(item["name"])
        found = [values[drug, "class", level, None] for level in (*CLASSES, "unknown")]
        cuts = [str(item[name]) for name in ("sensitive", "resistant")]
        rows.append(Row((drug_words(item), *cuts, *[_share(row) for row in found])))
    notes = [
        (
            f"Classes by {output.facts['method']}. Percentages are of the patients with a passing curve. Not "
            "known: the LC50 is known only as a bound, and a cut-off lies beyond it."
        )
    ]
    return Table.plain("lc50-classes", "Sensitive, intermediate and resistant by drug", heads, rows, notes)


def lc50_sentences(output: Output) -> list[str]:
    """Tell of each drug how much of it is known, and how many are resistant."""
    if len(items(output.facts, "drugs")) > DRUGS_TOLD:
        return []  # so many are easier read in their table
    values = _values(output)
    said = []
    for item in items(output.facts, "drugs"):
        drug = str(item["name"])
        number = {name: values[drug, name, None, None]["estimate"] for name in _COUNTS}
        known = number["bracketed"] + number["left"] + number["right"]
        if known:
            resistant = _share(values[drug, "class", "resistant", None])
            said.append(
                f"{sentence_case(drug)}: of {plural(known, 'patient')} with a passing curve the LC50 was "
                f"known in {count(number['bracketed'])}, below the tested doses in {count(number['left'])} "
                f"and above them in {count(number['right'])}; {resistant} were resistant."
            )
    return said


def _share(row: Mapping[str, Any]) -> str:
    number, total = row["estimate"], row["at_risk"]
    return f"{count(number)} ({percent(number / total)})" if total else count(number)


def score_tables(section: Section) -> tuple[Table, ...]:
    """How many patients have each value, with the groups of the PVA score."""
    found = []
    for output in section.named("drug_scores"):
        for score in output.rows["term"].unique(maintain_order=True).to_list():
            mine = output.rows.filter(pl.col("term") == score)
            rows = [*_counted(mine, "value", "Points"), *_counted(mine, "group", "Groups")]
            notes = [
                "1 point for each drug the cells are sensitive to, 2 where intermediate, 3 where resistant."
            ]
            if (mine["measure"] == "group").any():
                notes[0] += " Groups: 3 to 4 points sensitive, 5 to 6 intermediate, 7 to 9 resistant."
            else:
                notes[0] += " There are no published groups of this score."
            notes.append(OPEN_NOTE + " The group may be settled although the value is open.")
            name = "pva-score" if str(score).startswith("PVA") else "four-drug-score"
            found.append(Table.plain(name, str(score), ("", "Patients"), rows, notes))
    return tuple(found)


def _counted(rows: pl.DataFrame, measure: str, head: str) -> list[Row]:
    mine = rows.filter(pl.col("measure") == measure)
    if not mine.height:
        return []
    return [
        Row((head, ""), "variable"),
        *[Row((sentence_case(row["level"]), _share(row)), "level") for row in mine.iter_rows(named=True)],
    ]


def cross_tables(section: Section) -> tuple[Table, ...]:
    """Every two drugs: the correlation with its limits."""
    found = []
    for output in section.named("cross_resistance"):
        ci = interval_name(output.rows)
        name = {"kendall": "Kendall’s τ", "spearman": "Spearman’s ρ"}[str(output.facts["statistic"])]
        rows = [
            Row(
                (
                    f"{sentence_case(row['term'])} and {row['versus']}",
                    count(row["at_risk"]),
                    fixed(row["estimate"], 2),
                    limits(row["low"], row["high"], scale=1, decimals=2) or ABSENT,
                )
            )
            for row in output.rows.iter_rows(named=True)
        ]
        notes = (
            (
                "Patients with a passing curve of both drugs. Values beyond the tested doses count as what "
                "they are: pairs of patients whose order is not certain are ties, which draws the "
                "correlation towards 0."
            ),
        )
        found.append(
            Table.plain("cross-resistance", "Cross-resistance", ("Drugs", "Patients", name, ci), rows, notes)
        )
    return tuple(found)


def group_tables(section: Section) -> tuple[Table, ...]:
    """Medians and quartiles of every group, drug by drug."""
    return tuple(_groups(output) for output in section.named("lc50_by_group"))


def _groups(output: Output) -> Table:
    values, facts = _values(output), output.facts
    groups = [str(group) for group in facts["groups"] or ()]  # type: ignore[union-attr]
    sizes: Any = facts["sizes"]
    tests = {
        row["term"]: row for row in output.rows.filter(pl.col("measure") == "test").iter_rows(named=True)
    }
    units = {str(item["name"]): item for item in items(facts, "drugs")}
    heads = ["", *[sentence_case(name) for name in units]]
    rows = []
    for group in groups:
        cells = []
        for drug in units:
            found = {name: values[drug, name, None, group] for name in ("q1", "median", "q3")}
            n = found["median"]["at_risk"]
            cells.append(f"{quartiles(found)}, {size(n)}")
        rows.append(Row((f"{group} ({size(sizes[group])})", *cells)))
    for head, column in (("P", "p"), ("P, adjusted for the number of drugs (Holm)", "p_adjusted")):
        rows.append(Row((head, *[p_value(tests.get(drug, {}).get(column)) for drug in units]), "total"))
    told = ", ".join(f"{name} {item['unit']}" for name, item in units.items() if item["unit"])
    p = "by permutation of the patients, as some groups are small" if facts["permutation"] else "chi-squared"
    notes = (
        (
            f"Median (quartiles) of the LC50{f' ({told})' if told else ''}, with the number of passing "
            f"curves. P: generalised Wilcoxon (Kruskal–Wallis) test of all groups, {p}."
        ),
    )
    caption = f"LC50 by {facts['by_label']}"
    return Table.plain(f"lc50-by-{facts['by']}", caption, heads, rows, notes)
