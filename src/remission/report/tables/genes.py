"""Discriminating genes as tables: how many, which, what lists share, sets, and what was planted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from remission.core.wording import listing, sentence_case
from remission.report.document import Row, Table
from remission.report.format import (
    ABSENT,
    count,
    fixed,
    p_value,
    percent,
    percentage,
    plural,
    power_of_ten,
)
from remission.report.section import Section
from remission.report.words.phrases import items
from remission.study.results import Output

SETS_SHOWN, SHARED_SHOWN = 20, 12
STATISTIC = {"moderated": "Moderated t", "welch": "t", "wilcoxon": "z"}


def rate_of(output: Output) -> str:
    """Print the false discovery rate."""
    return percentage(float(output.facts["fdr"]))  # type: ignore[arg-type]


def tiny_p(p: float | None) -> str:
    """Print P of one gene among thousands: below 0.001 by its power of ten, as it is held against others.

    Examples
    --------
    >>> tiny_p(0.032), tiny_p(1.37e-16), tiny_p(9.96e-5), tiny_p(0.0)
    ('0.032', '1.4 × 10⁻¹⁶', '1.0 × 10⁻⁴', '<0.001')
    """
    if p is None or p >= 0.001 or p <= 0:
        return p_value(p)
    digits, _, power = f"{p:.1e}".partition("e")
    return f"{digits} × {power_of_ten(int(power))}"


def _values(output: Output) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    return {
        (row["term"], row["measure"], row["level"], row["group"], row["scale"]): row
        for row in output.rows.iter_rows(named=True)
    }


def _wording(item: Mapping[str, Any], *, drugs: bool) -> str:
    label = sentence_case(str(item["label"]))
    return label if drugs else f"{label}: {item['other']} against {item['reference']}"


def count_tables(section: Section) -> tuple[Table, ...]:
    """How many patients were compared, and how many genes found, question by question."""
    return tuple(_counts(output) for output in section.named("gene_counts"))


def _counts(output: Output) -> Table:
    values, facts = _values(output), output.facts
    questions = items(facts, "questions")
    rates = [
        (name, head)
        for name, head in (("permutation", "by permutation"), ("Benjamini-Hochberg", "by Benjamini–Hochberg"))
        if any(key[4] == name for key in values)
    ]
    drugs = bool(facts["drugs"])
    both = f"{questions[0]['other']} / {questions[0]['reference']}"
    heads = ["Drug" if drugs else "Groups", sentence_case(both), "Left out", "Genes tested"]
    heads += [f"FDR ≤ {rate_of(output)} {head}" for _, head in rates]
    heads += [f"Higher in {both}"]
    decides = "permutation" if facts["found_by"] == "q" else "Benjamini-Hochberg"
    rows = []
    for item in questions:
        name = item["name"]
        sizes = [
            values[name, "samples", None, item[side], None]["estimate"] for side in ("other", "reference")
        ]
        higher = [
            values[name, "found", None, item[side], decides]["estimate"] for side in ("other", "reference")
        ]
        rows.append(
            Row(
                (
                    _wording(item, drugs=drugs),
                    " / ".join(count(n) for n in sizes),
                    _left_out(values, str(name)),
                    count(values[name, "tested", None, None, None]["estimate"]),
                    *[count(values[name, "found", None, None, rate]["estimate"]) for rate, _ in rates],
                    " / ".join(count(n) for n in higher),
                )
            )
        )
    how = "permutation" if decides == "permutation" else "Benjamini and Hochberg’s method"
    files = ", ".join(str(each) for each in _files(output).values())
    notes = [
        (
            f"FDR: false discovery rate, the share of the genes found that are false on average. The lists "
            f"of this report are by {how}."
        ),
        f"The tables of all genes go with the results: {files}.",
    ]
    return Table.plain("genes-found", "Genes that differ", heads, rows, notes)


def _files(output: Output) -> Mapping[str, Any]:
    files = output.facts.get("files")
    return files if isinstance(files, Mapping) else {}


def _left_out(values: Mapping[tuple[Any, ...], Mapping[str, Any]], name: str) -> str:
    told = [
        f"{count(row['estimate'])} {key[2]}"
        for key, row in values.items()
        if key[0] == name and key[1] == "left out" and row["estimate"]
    ]
    return ", ".join(told) or "0"


def _side(item: Mapping[str, Any], side: str, n: float) -> str:
    """Name a group with its size: `31 patients, resistant`."""
    return f"{plural(n, 'patient')} ({item[side]})"


def gene_sentences(output: Output) -> list[str]:
    """Tell of each question how many genes were found."""
    values = _values(output)
    decides = "permutation" if output.facts["found_by"] == "q" else "Benjamini-Hochberg"
    said = []
    for item in items(output.facts, "questions"):
        name = item["name"]
        sizes = {side: values[name, "samples", None, item[side], None] for side in ("other", "reference")}
        tested = values[name, "tested", None, None, None]["estimate"]
        found = values[name, "found", None, None, decides]["estimate"]
        false = values[name, "expected false", None, None, decides]["estimate"]
        beside = f", of which about {count(false, 1)} may be false" if found else ""
        said.append(
            f"{sentence_case(str(item['label']))}: {count(found)} of {plural(tested, 'gene')} had a false "
            f"discovery rate of at most {rate_of(output)} between "
            f"{listing([_side(item, side, row['estimate']) for side, row in sizes.items()])}{beside}."
        )
    return said


def gene_tables(section: Section) -> tuple[Table, ...]:
    """The first genes of every question."""
    return tuple(
        _genes(output, item)
        for output in section.named("genes")
        for item in items(output.facts, "questions")
        if (output.rows["term"] == item["name"]).any()
    )


def _genes(output: Output, item: Mapping[str, Any]) -> Table:
    mine = output.rows.filter(pl.col("term") == item["name"])
    permuted = {
        row["level"]: row for row in mine.filter(pl.col("measure") == "permutation").iter_rows(named=True)
    }
    method = str(output.facts["method"])
    heads = ["Gene", "Difference (log2)", STATISTIC[method], "P", "FDR (BH)"]
    heads += ["P, permutation", "FDR, permutation"] if permuted else []
    rows = []
    for row in mine.filter(pl.col("measure") == "difference").iter_rows(named=True):
        cells = [
            str(row["level"]),
            fixed(row["estimate"], 2),
            fixed(row["statistic"], 2),
            tiny_p(row["p"]),
            tiny_p(row["p_adjusted"]),
        ]
        if permuted:
            other = permuted[row["level"]]
            rate = ABSENT if other["p_adjusted"] is None else tiny_p(other["p_adjusted"])
            cells += [p_value(other["p"]), rate]
        rows.append(Row(tuple(cells)))
    drugs = bool(output.facts["drugs"])
    groups = f"{item['other']} minus {item['reference']}"
    caption = (
        f"{sentence_case(str(item['label']))}: the first {plural(len(rows), 'gene')} by P, {groups}"
        if drugs
        else f"The first {plural(len(rows), 'gene')} by P, {item['label']}: {groups}"
    )
    notes = [f"All genes: {_files(output).get(str(item['name']), '')}."]
    if permuted:
        which = f"{'all ' if item['every'] else ''}{count(item['relabellings'])}"
        notes.append(f"By permutation: {which} relabellings of the patients.")
    return Table.plain(f"genes-{item['name']}", caption, heads, rows, notes)


def truth_tables(section: Section) -> tuple[Table, ...]:
    """What was planted beside what was found."""
    found = []
    for output in section.named("gene_truth"):
        names = {str(item["name"]): str(item["label"]) for item in items(output.facts, "questions")}
        measures = ("planted", "found", "missed", "not tested", "extra", "first")
        rows = []
        for name in output.rows["term"].unique(maintain_order=True).to_list():
            number = dict(output.rows.filter(pl.col("term") == name).select("measure", "estimate").rows())
            share = f" ({percent(number['found'] / number['planted'])})"
            cells = [count(number[measure]) + (share if measure == "found" else "") for measure in measures]
            rows.append(Row((sentence_case(names[name]), *cells)))
        heads = ("", "Planted", "Found", "Missed", "Not tested", "Found, not planted", "Among as many first")
        notes = (
            (
                "SIMULATED data: the truth is known. Not planted: false, or (with drugs that go together) "
                "planted for another drug or shifted with a subtype. Among as many first: planted genes "
                "among the first by P, as many as were planted."
            ),
        )
        found.append(Table.plain("genes-planted", "Genes planted, and found", heads, rows, notes))
    return tuple(found)


def overlap_tables(section: Section) -> tuple[Table, ...]:
    """What each two lists share, and the genes of several."""
    found = []
    for output in section.named("gene_overlap"):
        rows = [
            Row(
                (
                    f"{sentence_case(row['term'])} and {row['versus']}",
                    count(row["estimate"]),
                    count(row["statistic"], 1),
                )
            )
            for row in output.rows.filter(pl.col("measure") == "shared").iter_rows(named=True)
        ]
        unique = output.rows.filter(pl.col("measure") == "unique")["estimate"][0]
        rows.append(Row(("Different genes in all", count(unique), ""), "total"))
        several = [
            f"{item['gene']} ({', '.join(str(name) for name in item['lists'])})"
            for item in items(output.facts, "several")[:SHARED_SHOWN]
        ]
        more = int(output.facts["in_several"]) - len(several)  # type: ignore[arg-type]
        notes = [
            (
                "By chance: genes shared on average if each list were drawn at random. Lists found in the "
                "same patients, with drugs to which resistance goes together, share more."
            ),
        ]
        if several:
            rest = f" and {count(more)} more" if more > 0 else ""
            notes.append(f"In several lists: {'; '.join(several)}{rest}.")
        heads = ("", "Genes shared", "By chance")
        found.append(Table.plain("genes-overlap", "Genes that lists share", heads, rows, notes))
    return tuple(found)


def set_tables(section: Section) -> tuple[Table, ...]:
    """The first sets of every question."""
    return tuple(
        _sets(output, item)
        for output in section.named("enrichment")
        for item in items(output.facts, "questions")
        if (output.rows["term"] == item["name"]).any()
    )


def _sets(output: Output, item: Mapping[str, Any]) -> Table:
    mine = output.rows.filter(pl.col("term") == item["name"])
    ranked = output.facts["set_test"] == "rank"
    heads = ["Set", "Genes tested", *(["Superiority", "Higher in"] if ranked else ["Found", "By chance"])]
    heads += ["P", "FDR (BH)"]
    rows = []
    for row in mine.head(SETS_SHOWN).iter_rows(named=True):
        told = (
            [fixed(row["estimate"], 2), row["group"] or ABSENT]
            if ranked
            else [count(row["estimate"]), count(row["statistic"], 1)]
        )
        p = (tiny_p(row["p"]), tiny_p(row["p_adjusted"]))
        rows.append(Row((row["level"], count(row["at_risk"]), *told, *p)))
    notes = [
        "P compares genes, not patients: genes of a set move together, so it orders sets and proves little."
    ]
    if ranked:
        notes.append(
            "Superiority: how often a gene of the set ranks above one outside; 0.5 is no difference."
        )
    if mine.height > SETS_SHOWN:
        notes.append(f"The first {SETS_SHOWN} of {count(mine.height)} sets.")
    notes += [str(note) for note in output.facts["notes"] or ()]  # type: ignore[union-attr]
    caption = f"{sentence_case(str(item['label']))}: sets of genes ({output.facts['source']})"
    return Table.plain(f"gene-sets-{item['name']}", caption, heads, rows, notes)
