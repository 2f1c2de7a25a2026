"""What a score is worth beyond known factors: concordance, optimism, tests, ratios, net benefit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from remission.core.wording import in_sentence, listing
from remission.report.document import Row, Table
from remission.report.figures.data import interval_name
from remission.report.format import (
    ABSENT,
    chi_squared,
    count,
    fixed,
    limits,
    p_phrase,
    p_value,
    percentage,
    plural,
)
from remission.report.section import Section, endpoint_of
from remission.report.tables.prediction import with_limits
from remission.study.results import Output

FACTORS, SCORE, BOTH = "factors", "score", "both"
NAMES = {FACTORS: "Known factors", SCORE: "Score alone", BOTH: "Known factors and score"}
GAINS = {BOTH: "  gain over known factors", SCORE: "  score alone less known factors"}
BASES = {
    "": "",
    "applied": "models of the first cohort, not refitted",
    "refitted": "models refitted in this cohort",
}
AT_TIME = "time-dependent area under the ROC curve"


def basis_words(output: Output) -> str:
    """Which models these are, in parentheses; "" where there is only one kind."""
    words = BASES.get(output.variant, output.variant)
    return f" ({words})" if words else ""


def tables(section: Section) -> tuple[Table, ...]:
    """Discrimination of three models, once for those applied and once for those fitted here."""
    return tuple(_discrimination(section, output) for output in section.named("added_value"))


def _discrimination(section: Section, output: Output) -> Table:
    rows = output.rows.to_dicts()
    corrected = any(row["measure"] == "corrected concordance index" for row in rows)
    heads = ["", interval_name(output.rows), *(["Corrected"] if corrected else []), "P"]
    body = [Row(("Concordance index", *[""] * (len(heads) - 1)), "variable")]
    body += _block(rows, "concordance index", "difference of concordance indices", None, corrected=corrected)
    for level in output.rows["level"].drop_nulls().unique(maintain_order=True).to_list():
        body.append(Row((f"Area under the ROC curve at {level}", *[""] * (len(heads) - 1)), "variable"))
        body += _block(
            rows, AT_TIME, f"difference of {AT_TIME.replace('area', 'areas')}", level, corrected=corrected
        )
        body.append(Row((f"Scaled Brier score at {level}", *[""] * (len(heads) - 1)), "variable"))
        body += _block(rows, "scaled Brier score at a time", "", level, corrected=corrected)
    body += _test(rows, corrected=corrected)
    return Table.plain(
        name=f"{section.stem}-added{'-' + output.variant if output.variant else ''}",
        caption=f"What the score adds: {in_sentence(endpoint_of(output))}{basis_words(output)}",
        heads=heads,
        rows=body,
        notes=_notes(output, rows),
    )


def _block(
    rows: Sequence[Mapping[str, Any]], measure: str, gain: str, level: str | None, *, corrected: bool
) -> list[Row]:
    """Three models and their differences by one measure."""
    found: list[Row] = []

    def one(name: str, named: str, *, apart: bool) -> Mapping[str, Any] | None:
        return next(
            (
                row
                for row in rows
                if (row["term"], row["measure"], row["level"]) == (name, named, level)
                and (row["versus"] is not None) == apart
            ),
            None,
        )

    for name in (FACTORS, SCORE, BOTH):
        row = one(name, measure, apart=False)
        if row is not None:
            fair = next(
                (
                    each["estimate"]
                    for each in rows
                    if each["term"] == name and each["measure"] == f"corrected {measure}"
                ),
                None,
            )
            cells = [NAMES[name], with_limits(row)]
            cells += [fixed(fair, 2) if fair is not None else ""] if corrected else []
            found.append(Row((*cells, ""), "level"))
    for name in (BOTH, SCORE):
        row = one(name, gain, apart=True) if gain else None
        if row is not None:
            cells = [GAINS[name], with_limits(row), *([""] if corrected else []), p_value(row["p"])]
            found.append(Row(tuple(cells), "level"))
    return found


def _test(rows: Sequence[Mapping[str, Any]], *, corrected: bool) -> list[Row]:
    blank = [""] if corrected else []
    found = []
    for row in rows:
        if "likelihood ratio" in row["measure"]:
            name = row["measure"].capitalize()
            text = chi_squared(row["statistic"], row["df"], 1)
            found.append(
                Row((f"{name}, score given the factors", text, *blank, p_value(row["p"])), "variable")
            )
    return found


def _notes(output: Output, rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    facts: Any = output.facts
    factors = listing([in_sentence(str(label)) for label in facts["factors"]])
    notes = [
        f"{plural(facts['n'], 'patient')} with all terms, {plural(facts['events'], 'event')}.",
        f"Known factors: {factors}.",
    ]
    if output.variant == "applied":
        notes.append(
            f"Coefficients are of {plural(facts['fitted_n'], 'patient')} with "
            f"{plural(facts['fitted_events'], 'event')} of the first cohort, and were not changed."
        )
    else:
        notes.append(
            "Models are judged on the patients they were fitted to, so concordance and its gain are too good."
        )
    slopes = {row["term"]: row["estimate"] for row in rows if row["measure"] == "corrected calibration slope"}
    if slopes:
        told = listing([f"{in_sentence(NAMES[name])} {fixed(value, 2)}" for name, value in slopes.items()])
        failed = int(facts.get("failed") or 0)
        lost = f" ({plural(failed, 'resample')} without a fit)" if failed else ""
        notes.append(
            f"Corrected: less the optimism of {count(facts['resamples'])} bootstrap resamples{lost}; the "
            f"calibration slope to be expected in new patients is {told}."
        )
    if facts["firth"]:
        notes.append("Linear predictors by Firth’s penalised likelihood.")
    if facts["competing"]:
        notes.append("Patients with a competing event count as free of this one for good.")
    if any(row["measure"] == AT_TIME for row in rows):
        notes.append("Scaled Brier score: 1 perfect, 0 no better than one risk for everybody, below 0 worse.")
    return tuple(notes)


def effects(section: Section) -> tuple[Table, ...]:
    """Ratios of the score, crude and adjusted."""
    return tuple(_effects(section, output) for output in section.named("added_effect"))


def _effects(section: Section, output: Output) -> Table:
    facts: Any = output.facts
    score = str(facts["score_label"])
    body = []
    for row in output.rows.iter_rows(named=True):
        measure = "Hazard ratio" if row["measure"] == "hazard ratio" else "Subdistribution hazard ratio"
        if facts["competing"] and row["measure"] == "hazard ratio":
            measure = "Cause-specific hazard ratio"
        cells = (f"{measure}, {row['level']}", fixed(row["estimate"], 2), _ends(row), p_value(row["p"]))
        body.append(Row(cells))
    factors = listing([in_sentence(str(label)) for label in facts["factors"]])
    there = ", that of the first cohort" if output.variant == "refitted" else ""
    notes = [
        f"Per standard deviation of the score ({fixed(facts['unit'], 2)}{there}).",
        f"Adjusted for {factors}.",
        f"{plural(facts['n'], 'patient')}, {plural(facts['events'], 'event')}.",
    ]
    if facts["firth"]:
        notes.append("Hazard ratios by Firth’s penalised likelihood with profile limits.")
    return Table.plain(
        name=f"{section.stem}-effect{'-' + output.variant if output.variant else ''}",
        caption=f"{score} and {in_sentence(endpoint_of(output))}{basis_words(output)}",
        heads=("", "Ratio", interval_name(output.rows), "P"),
        rows=body,
        notes=notes,
    )


def _ends(row: Mapping[str, Any]) -> str:
    return limits(row["low"], row["high"], scale=1, decimals=2) or ABSENT


def benefits(section: Section) -> tuple[Table, ...]:
    """Net benefit at the named thresholds."""
    return tuple(
        table
        for output in section.named("added_benefit")
        for level in output.rows["level"].unique(maintain_order=True).to_list()
        if (table := _benefit(section, output, level)) is not None
    )


def _benefit(section: Section, output: Output, level: str) -> Table | None:
    facts: Any = output.facts
    rows = output.rows.filter(pl.col("level") == level)
    values = {
        (row["group"], row["statistic"]): row["estimate"]
        for row in rows.filter(pl.col("measure") == "net benefit").iter_rows(named=True)
    }
    gains = {
        row["statistic"]: row
        for row in rows.filter(pl.col("measure") == "difference of net benefit").iter_rows(named=True)
    }
    body = [
        Row(
            (
                percentage(t),
                *[_per_hundred(values.get((group, t))) for group in ("treat all", FACTORS, BOTH)],
                _gain(gains.get(t)),
            )
        )
        for t in facts["thresholds"]
    ]
    if not body:
        return None
    ci = interval_name(rows)
    heads = (
        "Treat from a risk of",
        "Treat all",
        NAMES[FACTORS],
        "With score",
        f"Gain ({ci})" if gains else "Gain",
    )
    return Table.plain(
        name=f"{section.stem}-net-benefit{'-' + output.variant if output.variant else ''}",
        caption=f"Net benefit for each 100 patients, {in_sentence(endpoint_of(output))} by {level}"
        f"{basis_words(output)}",
        heads=heads,
        rows=body,
        notes=(
            "Patients rightly treated less patients treated in vain, weighted by the odds of that risk.",
            "Treating nobody has 0. Gain: known factors and score over known factors.",
        ),
    )


def _per_hundred(value: float | None) -> str:
    return ABSENT if value is None else fixed(100 * value, 1)


def _gain(row: Mapping[str, Any] | None) -> str:
    if row is None or row["estimate"] is None:
        return ABSENT
    ends = limits(row["low"], row["high"], scale=100, decimals=1)
    return f"{fixed(100 * row['estimate'], 1)}{f' ({ends})' if ends else ''}"


def calibrations(section: Section) -> tuple[Table, ...]:
    """Observed over expected and slope of the predicted risks."""
    return tuple(
        table
        for output in section.named("added_calibration")
        if (table := _calibration(section, output)) is not None
    )


def _calibration(section: Section, output: Output) -> Table | None:
    rows = output.rows.filter(pl.col("group").is_null())
    if not rows.height:
        return None
    body = []
    for level in rows["level"].unique(maintain_order=True).to_list():
        for name in (FACTORS, BOTH):
            here = {
                row["measure"]: row
                for row in rows.filter((pl.col("level") == level) & (pl.col("term") == name)).iter_rows(
                    named=True
                )
            }
            cells = [
                with_limits(here[measure]) if measure in here else ABSENT
                for measure in ("observed over expected", "calibration slope")
            ]
            body.append(Row((level, NAMES[name], *cells)))
    ci = interval_name(rows)
    heads = ("By", "Model", f"Observed over expected ({ci})", f"Slope ({ci})")
    note = (
        "Right are 1 and 1. A slope below 1: predictions too extreme; below 0: the wrong way round."
        if output.variant == "applied"
        else "Right are 1 and 1, which models of the same patients come near by themselves."
    )
    return Table.plain(
        name=f"{section.stem}-calibration{'-' + output.variant if output.variant else ''}",
        caption=f"Calibration of predicted risks, {in_sentence(endpoint_of(output))}{basis_words(output)}",
        heads=heads,
        rows=body,
        left=2,
        notes=(note,),
    )


def added_sentences(output: Output) -> list[str]:
    """What the score adds to concordance, and the test of it, in a sentence."""
    rows = {(row["term"], row["measure"], row["versus"]): row for row in output.rows.iter_rows(named=True)}
    small, large = (rows.get((name, "concordance index", None)) for name in (FACTORS, BOTH))
    gain = rows.get((BOTH, "difference of concordance indices", FACTORS))
    if small is None or large is None or gain is None:
        return []
    ends = limits(gain["low"], gain["high"], scale=1, decimals=2)
    text = (
        f"for {in_sentence(endpoint_of(output))}{basis_words(output)}, the concordance index was "
        f"{fixed(small['estimate'], 2)} with known factors and {fixed(large['estimate'], 2)} with the score "
        f"beside them, a difference of {fixed(gain['estimate'], 2)} ({interval_name(output.rows)} {ends})"
    )
    test = next((row for row in rows.values() if "likelihood ratio" in row["measure"]), None)
    if test is None:
        return [f"{text}."]
    return [f"{text}; {test['measure']} test, {p_phrase(test['p'])}."]
