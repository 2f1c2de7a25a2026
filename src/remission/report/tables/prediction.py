"""How well signatures predict: performance, genes, truth of simulated studies, and other patients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from remission.core.wording import in_sentence, listing, sentence_case
from remission.report.document import Row, Table
from remission.report.figures.data import interval_name
from remission.report.format import ABSENT, count, fixed, interval, limits, p_value, percent, plural
from remission.report.section import Section
from remission.report.words.phrases import Facts, items
from remission.study.results import Output

Cell = Callable[[Mapping[str, Any]], str]


def with_limits(row: Mapping[str, Any], decimals: int = 2) -> str:
    """An estimate with its limits, on its own scale.

    Examples
    --------
    >>> with_limits({"estimate": 0.81, "low": 0.72, "high": 0.88})
    '0.81 (0.72–0.88)'
    """
    return interval(row["estimate"], row["low"], row["high"], decimals)


def _share(row: Mapping[str, Any]) -> str:
    ends = limits(row["low"], row["high"], scale=100, decimals=0)
    text = f"{fixed(100 * row['estimate'], 0)}%"
    return f"{text} ({ends})" if ends else text


def _range(row: Mapping[str, Any]) -> str:
    return limits(row["low"], row["high"], scale=1, decimals=2)


def _number(decimals: int) -> Cell:
    return lambda row: fixed(row["estimate"], decimals)


MEASURES: tuple[tuple[str, str, Cell], ...] = (
    ("genes", "Genes in the signature", lambda row: count(row["estimate"])),
    ("area under the ROC curve", "Area under the ROC curve", with_limits),
    ("concordance index", "Concordance index", with_limits),
    ("range over repeats", "  lowest and highest repeat", _range),
    ("P", "  P of the whole pipeline (permutation)", lambda row: p_value(row["p"])),
    ("accuracy", "Rightly called", _share),
    ("accuracy of calling everybody the larger class", "  calling everybody the larger class", _share),
    ("balanced accuracy", "  both classes counted alike", _share),
    ("sensitivity", "Sensitivity", _share),
    ("specificity", "Specificity", _share),
    ("positive predictive value", "Positive predictive value", _share),
    ("negative predictive value", "Negative predictive value", _share),
    ("Brier score", "Brier score", lambda row: with_limits(row, 3)),
    ("scaled Brier score", "  scaled (1 perfect, 0 useless)", _number(2)),
    ("calibration in the large", "Calibration in the large (0 is right)", with_limits),
    ("calibration slope", "Calibration slope (1 is right)", with_limits),
    ("stability (Nogueira)", "Stability of the genes (1: always the same)", _number(2)),
    ("genes of a list", "  genes chosen in a fold, mean", _number(0)),
)
MOVED: tuple[tuple[str, str, Cell], ...] = (
    ("patients", "Patients", lambda row: count(row["estimate"])),
    ("share of the genes", "Genes measured", lambda row: percent(row["estimate"])),
    ("share of the weight", "Weight of these genes", lambda row: percent(row["estimate"])),
    ("shift of the genes", "Shift of the genes, SD", _number(2)),
    (
        "genes shifted by more than 1 SD",
        "Genes shifted by more than 1 SD",
        lambda row: count(row["estimate"]),
    ),
    ("shift of the mean score", "Shift of the mean score by that", _number(2)),
    (
        "patients far from those learned on",
        "Patients further away than 97.5% of those learned on",
        lambda row: percent(row["estimate"]),
    ),
)
TRUTH: tuple[tuple[str, str, Cell], ...] = (
    ("planted", "Planted genes", lambda row: count(row["estimate"])),
    ("planted and measured", "  of these, measured", lambda row: count(row["estimate"])),
    ("found", "Found: in the locked signature", lambda row: count(row["estimate"])),
    ("missed", "Missed", lambda row: count(row["estimate"])),
    ("locked, not planted", "In the signature, but not planted", lambda row: count(row["estimate"])),
)


def tables(section: Section) -> tuple[Table, ...]:
    """Performance of every signature, one column each."""
    return tuple(_performance(section, output) for output in section.named("prediction"))


def _performance(section: Section, output: Output) -> Table:
    facts = output.facts
    rows = [*_patients(output), *_lines(output, MEASURES)]
    inside = facts["predictions"] == "out of fold"
    how = "out of fold" if inside else "by the locked signatures"
    known = output.rows["low"].null_count() < output.rows.height
    notes = [f"In parentheses: {interval_name(output.rows)}.", *_cut(output)] if known else []
    if inside:
        notes.append(
            "Predictions of each patient are by models that never saw that patient, averaged over repeats. "
            "Limits take them as given."
        )
        repeats = {int(n) for item in items(facts, "targets") if (n := item.get("permuted_repeats"))}
        if repeats:
            notes.append(
                "P compares the first "
                + ("repeat" if repeats == {1} else f"{max(repeats)} repeats")
                + " with as many of each permutation."
            )
    return _table(section, output, f"Performance {how}", "performance", rows, notes)


def _cut(output: Output) -> list[str]:
    cuts = [item for item in items(output.facts, "targets") if item.get("cutoff") is not None]
    if not cuts:
        return []
    named = "; ".join(f"{in_sentence(str(item['label']))} {fixed(item['cutoff'], 2)}" for item in cuts)
    positive = str(cuts[0]["positive"])
    return [f"Called {positive} from this predicted probability on: {named}."]


def _patients(output: Output) -> list[Row]:
    """Patients by class; those judged first, then the others."""
    rows = output.rows
    found = []
    for measure, words in (("patients", "Patients: {}"), ("not judged", "  not judged: {}")):
        part = rows.filter(pl.col("measure") == measure)
        for level in part["level"].unique(maintain_order=True).to_list():
            cells = []
            for item in items(output.facts, "targets"):
                here = part.filter(
                    (pl.col("term") == item["name"])
                    & pl.col("level").eq_missing(pl.lit(level, dtype=pl.String))
                )
                cells.append(_counted(here.row(0, named=True)) if here.height else ABSENT)
            name = words.format(level) if level else words.format("not known" if "not" in words else "events")
            found.append(Row((sentence_case(name) if name[0] != " " else name, *cells)))
    return found


def _counted(row: Mapping[str, Any]) -> str:
    text = count(row["estimate"])
    return f"{text} ({plural(row['events'], 'event')})" if row["events"] is not None else text


def _lines(output: Output, measures: tuple[tuple[str, str, Cell], ...]) -> list[Row]:
    """One row per measure that any signature has."""
    rows = output.rows.to_dicts()
    found = {(row["term"], row["measure"]): row for row in rows}
    for row in rows:
        if row["p"] is not None:
            found[row["term"], "P"] = row
    names = [str(item["name"]) for item in items(output.facts, "targets")]
    return [
        Row((words, *[cell(found[name, measure]) if (name, measure) in found else ABSENT for name in names]))
        for measure, words, cell in measures
        if any((name, measure) in found for name in names)
    ]


def _table(
    section: Section, output: Output, caption: str, name: str, rows: list[Row], notes: list[str]
) -> Table:
    labels = [str(item["label"]) for item in items(output.facts, "targets")]
    heads = ("", *[sentence_case(label) for label in labels])
    return Table.plain(
        name=f"{section.stem}-{name}",
        caption=caption,
        heads=heads,
        rows=rows,
        notes=notes,
    )


def truths(section: Section) -> tuple[Table, ...]:
    """Planted genes found and missed."""
    return tuple(
        _table(
            section,
            output,
            "Planted genes of the simulated study",
            "planted",
            _lines(output, TRUTH),
            [
                "The truth is known because the study is simulated.",
                "Genes that were not planted may follow planted ones.",
            ],
        )
        for output in section.named("prediction_truth")
    )


def transports(section: Section) -> tuple[Table, ...]:
    """How like the learning patients others are."""
    return tuple(
        _table(
            section,
            output,
            "Expression of these patients beside those learned on",
            "transport",
            _lines(output, MOVED),
            [
                "On the frozen scale of each signature. SD: standard deviation of those learned on.",
                "Shift of the genes: root mean square over genes, sampling error taken off.",
            ],
        )
        for output in section.named("prediction_transport")
    )


def genes(section: Section) -> tuple[Table, ...]:
    """Genes of each signature, the heaviest first."""
    return tuple(
        _genes(section, output, item)
        for output in section.named("prediction_genes")
        for item in items(output.facts, "targets")
        if output.facts["shown"]
    )


def _genes(section: Section, output: Output, item: Facts) -> Table:
    rows = output.rows.filter(pl.col("term") == item["name"])
    locked = rows.filter(pl.col("measure") == "gene")
    often = rows.filter(pl.col("measure") != "gene")
    facts: Any = output.facts
    most = int(facts["shown"])
    planted, chosen = rows["state"].null_count() < rows.height, rows["statistic"].null_count() < rows.height
    heads = ["Gene", "Weight", *(["Chosen in"] if chosen else []), *(["Planted"] if planted else [])]

    def line(row: Mapping[str, Any]) -> Row:
        cells = [str(row["level"]), fixed(row["estimate"], 3)]
        cells += [percent(row["statistic"])] if chosen else []
        cells += ["yes" if row["state"] == "planted" else "no"] if planted else []
        return Row(tuple(cells))

    body = [line(row) for row in locked.head(most).iter_rows(named=True)]
    if often.height:
        blank = [""] * (len(heads) - 1)
        body.append(Row(("Chosen in half of the lists or more, not locked", *blank), "variable"))
        body += [line(row) for row in often.head(most).iter_rows(named=True)]
    toward = item["positive"] or "an earlier event"
    notes = [f"Weight per standard deviation of the gene; above 0 speaks for {toward}."]
    if chosen:
        notes.append("Chosen in: share of the lists of all folds and repeats that hold the gene.")
    if locked.height > most:
        notes.append(f"The heaviest {count(most)} of {count(locked.height)}; all are in the locked file.")
    return Table.plain(
        name=f"{section.stem}-genes-{item['name']}",
        caption=f"Genes of the signature of {in_sentence(str(item['label']))}",
        heads=heads,
        rows=body,
        notes=notes,
    )


def prediction_sentences(output: Output) -> list[str]:
    """How well each signature did, in a sentence."""
    labels = {item["name"]: in_sentence(str(item["label"])) for item in items(output.facts, "targets")}
    rows = output.rows.filter(
        pl.col("measure").is_in(["area under the ROC curve", "concordance index"])
        & pl.col("low").is_not_null()
    )
    if not rows.height:
        return []
    ci = interval_name(rows)
    parts = [
        f"{fixed(row['estimate'], 2)} ({f'{ci} ' if not number else ''}"
        f"{limits(row['low'], row['high'], scale=1, decimals=2)}) for {labels[row['term']]}"
        for number, row in enumerate(rows.iter_rows(named=True))
    ]
    basis = "out of fold" if output.facts["predictions"] == "out of fold" else "with the locked signatures"
    return [f"the {rows['measure'][0]} {basis} was {listing(parts)}."]
