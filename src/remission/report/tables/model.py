"""Tables of models as journals print them: one variable at a time and all together, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from remission.core.wording import in_sentence, sentence_case
from remission.report.document import HeaderCell, Row, RowKind, Table
from remission.report.figures.data import interval_name
from remission.report.format import count, p_value, size
from remission.report.ratios import (
    MODELS,
    Facts,
    is_reference,
    level_of,
    outcome_of,
    ratio_rows,
    ratio_short,
    ratio_text,
    row_of,
    size_words,
    term_words,
    terms_of,
)
from remission.report.section import Section, endpoint_of, landmark_of, text_fact
from remission.report.tables.model_notes import model_notes
from remission.report.tables.pairs import adjustment_name
from remission.study.results import Output

ELIMINATED = "eliminated"
TOGETHER = ("univariable", "multivariable")
HEADS = {"univariable": "Univariable", "multivariable": "Multivariable"}
TESTS = {"nonlinearity": "test of nonlinearity", "change": "test of change with time"}


def tables(section: Section) -> tuple[Table, ...]:
    """One table per model of the section; univariable and multivariable ones share a table.

    The model of a comparison is left out where the answers stand side by side, as it is one of them; the
    model after elimination stands behind its path.
    """
    compared = {endpoint_of(output) for output in section.named("side_by_side")}
    chosen = [
        output
        for output in section.named("model")
        if output.variant != ELIMINATED and (output.variant in MODELS or endpoint_of(output) not in compared)
    ]
    return made(section, chosen)


def made(section: Section, outputs: Sequence[Output]) -> tuple[Table, ...]:
    """Tables of some models, those of one outcome side by side."""
    plates: dict[tuple[str, ...], list[Output]] = {}
    for output in outputs:
        part = "" if output.variant in TOGETHER else output.variant
        key = (endpoint_of(output), text_fact(output.facts, "cause"), landmark_of(output) or "", part)
        plates.setdefault(key, []).append(output)
    return tuple(_table(section, plate) for plate in plates.values())


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of one model: ratio and P, and P adjusted for the number of variables."""

    output: Output
    adjusted: bool

    @property
    def width(self) -> int:
        """Number of columns."""
        return 3 if self.adjusted else 2

    def heads(self) -> list[str]:
        """Headings of the columns."""
        facts = self.output.facts
        interval = interval_name(self.output.rows).replace(" ", "\N{NO-BREAK SPACE}")
        heads = [f"{ratio_short(facts)} ({interval})", "P"]
        return [*heads, f"P, {adjustment_name(text_fact(facts, 'adjust'))}"] if self.adjusted else heads


def _columns(output: Output) -> Columns:
    adjusted = text_fact(output.facts, "adjust") not in ("", "none")
    return Columns(output, adjusted and output.variant == "univariable")


def _table(section: Section, plate: Sequence[Output]) -> Table:
    """Rows of all terms; counts are those of the first model that has them."""
    columns = [_columns(output) for output in plate]
    terms = terms_of(plate)
    rows: list[Row] = []
    for name, term in terms.items():
        rows += _term(name, term, columns)
    heads = ["", "Patients", "Events", *[head for each in columns for head in each.heads()]]
    header: tuple[tuple[HeaderCell, ...], ...] = (tuple(HeaderCell(head) for head in heads),)
    if len(plate) > 1:
        spanning = [HeaderCell(_model_head(each.output), each.width) for each in columns]
        header = ((HeaderCell("", 3), *spanning), *header)
    first = plate[-1]
    return Table(
        name=f"{section.stem}-{first.variant}",
        caption=_caption(plate),
        header=header,
        rows=tuple(rows),
        align=("left", *["right"] * (len(heads) - 1)),  # type: ignore[arg-type]
        notes=model_notes(plate, terms),
    )


def _model_head(output: Output) -> str:
    head = HEADS[output.variant]
    n: Any = output.facts.get("n")
    return f"{head} ({size(n)})" if n else head


def _caption(plate: Sequence[Output]) -> str:
    last = plate[-1]
    kind = "Fine–Gray regression" if last.facts.get("model") != "Cox" else "Cox regression"
    endpoint = in_sentence(outcome_of(last))
    landmark = landmark_of(last)
    text = f"{kind} of {endpoint}"
    if text_fact(last.facts, "hazard") == "cause-specific hazard":
        text = f"Cause-specific {kind} of {endpoint}"
    if landmark:
        text += f", from the landmark at {landmark}"
    if len(plate) == 1:
        words = MODELS.get(last.variant, last.variant)
        counted = size_words(last.facts)
        text += f": {words}" + (f" ({counted})" if counted else "")
    return text


def _term(name: str, term: Facts, columns: Sequence[Columns]) -> list[Row]:
    """Rows of one term: one line when it has one ratio and no levels, else a head and its levels."""
    levels = _levels(name, columns)
    single = sum(not reference for _, reference in levels) == 1
    label = term_words(term)
    tested = [_test_cells(name, each, shown=not single) for each in columns]
    if len(levels) == 1 and not _extra_rows(name, columns):
        level = levels[0][0]
        cells = [_ratio_cells(name, level, each, single=True) for each in columns]
        return [_row(f"{label}, {level_of(term, level)}", name, level, cells, columns, "plain")]
    rows = [_row(label, name, None, tested, columns, "variable")]
    for level, _ in levels:
        cells = [_ratio_cells(name, level, each, single=single) for each in columns]
        rows.append(_row(level_of(term, level), name, level, cells, columns, "level"))
    return [*rows, *_extra_rows(name, columns)]


def _levels(name: str, columns: Sequence[Columns]) -> list[tuple[str, bool]]:
    """Levels of a term in any of the models, with whether it is the reference."""
    found: dict[str, bool] = {}
    for each in columns:
        for row in ratio_rows(each.output.rows, name):
            found.setdefault(str(row["level"]), is_reference(row))
    return list(found.items())


def _row(
    text: str,
    name: str,
    level: str | None,
    cells: Sequence[list[str]],
    columns: Sequence[Columns],
    kind: RowKind,
) -> Row:
    flat = [cell for each in cells for cell in each]
    return Row((text, *_counts(name, level, columns), *flat), kind)


def _counts(name: str, level: str | None, columns: Sequence[Columns]) -> tuple[str, str]:
    """Patients and events of a term or a level, from the first model that holds it."""
    for each in columns:
        if level is None:
            head = row_of(each.output.rows, name, "term")
            found = [] if head is None else [head]
        else:
            found = [row for row in ratio_rows(each.output.rows, name) if row["level"] == level]
        if found:
            row = found[0]
            return tuple("" if row[key] is None else count(row[key]) for key in ("at_risk", "events"))  # type: ignore[return-value]
    return "", ""


def _test_cells(name: str, columns: Columns, *, shown: bool) -> list[str]:
    """Test of a whole term; where it has one ratio, that row has it."""
    row = row_of(columns.output.rows, name, "term")
    if row is None or not shown:
        return [""] * columns.width
    cells = ["", p_value(row["p"])]
    return [*cells, p_value(row["p_adjusted"])] if columns.adjusted else cells


def _ratio_cells(name: str, level: str, columns: Columns, *, single: bool) -> list[str]:
    rows = [row for row in ratio_rows(columns.output.rows, name) if row["level"] == level]
    if not rows:
        return [""] * columns.width
    row = rows[0]
    if is_reference(row):
        return [ratio_text(row), *[""] * (columns.width - 1)]
    cells = [ratio_text(row), p_value(row["p"])]
    if not columns.adjusted:
        return cells
    head = row_of(columns.output.rows, name, "term") if single else None
    return [*cells, p_value(head["p_adjusted"]) if head is not None else ""]


def _extra_rows(name: str, columns: Sequence[Columns]) -> list[Row]:
    """Tests of nonlinearity, and of change with time."""
    rows = []
    for measure, words in TESTS.items():
        found = [row_of(each.output.rows, name, measure) for each in columns]
        if any(row is not None for row in found):
            cells: list[str] = []
            for row, each in zip(found, columns, strict=True):
                p = "" if row is None else p_value(row["p"])
                cells += ["", p, *([""] if each.adjusted else [])]
            rows.append(Row((sentence_case(words), "", "", *cells), "level"))
    return rows
