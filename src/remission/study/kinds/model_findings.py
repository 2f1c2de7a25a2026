"""What a reader must know before trusting a model: events per coefficient, limits, who was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from remission.study.kinds.curve_findings import FEW_EVENTS
from remission.study.kinds.model_fit import Fitted, Recipe
from remission.study.kinds.model_table import without_maximum
from remission.study.kinds.model_terms import ModelTerm
from remission.study.kinds.multiplicity import SIGNIFICANT, chance_of_any
from remission.study.kinds.risk_rows import RiskRows
from remission.study.results import Fact, Statement

PER_VARIABLE = 10
WIDE = 50.0
TINY = 1e-300


def model_findings(model: Fitted, rows: pl.DataFrame, about: Mapping[str, Fact]) -> list[Statement]:
    """Look at one multivariable model and its table; `about` says of which endpoint and variant."""
    found = []
    coefficients = len(model.fit.coefficients)
    per = model.events / max(coefficients, 1)
    if model.events < FEW_EVENTS:
        groups: tuple[Fact, ...] = ({"group": None, "n": model.n, "events": model.events},)
        facts = {**about, "by_label": None, "groups": groups, "below": FEW_EVENTS}
        found.append(Statement("few_events", facts, "warning"))
    elif per < PER_VARIABLE:
        facts = {
            **about,
            "events": model.events,
            "coefficients": coefficients,
            "per": per,
            "below": PER_VARIABLE,
            "fine_gray": model.fit.model == "Fine-Gray",
        }
        found.append(Statement("few_events_per_variable", facts, "warning"))
    return [*found, *unreliable(model, rows, about)]


def unreliable(model: Fitted, rows: pl.DataFrame, about: Mapping[str, Fact]) -> list[Statement]:
    """No maximum, no convergence, or limits so wide that a ratio says nothing."""
    lost = without_maximum(model.fit)
    found = []
    if lost.any():
        labels = tuple(
            term.label for index, term in enumerate(model.terms) if lost[model.columns_of(index)].any()
        )
        facts: dict[str, Fact] = {
            **about,
            "terms": labels,
            "firth": model.firth is not None,
            "fine_gray": model.fit.model != "Cox",
        }
        found.append(Statement("monotone_likelihood", facts, "warning"))
    elif model.fit.warnings and model.firth is None:
        found.append(Statement("not_converged", {**about, "reason": model.fit.warnings[0]}, "warning"))
    label = {term.name: term.label for term in model.terms}
    wide: list[Fact] = []
    for row in rows.filter(pl.col("low").is_not_null() & pl.col("high").is_not_null()).iter_rows(named=True):
        if row["term"] in label and row["high"] > WIDE * max(row["low"], TINY):
            high = row["high"] if np.isfinite(row["high"]) else None
            wide.append({"label": label[row["term"]], "level": row["level"], "low": row["low"], "high": high})
    if wide:
        found.append(Statement("wide_limits", {**about, "ratios": tuple(wide), "factor": WIDE}, "warning"))
    return found


def left_out(
    rows: RiskRows,
    terms: Sequence[ModelTerm],
    recipe: Recipe,
    labels: Mapping[str, str],
    about: Mapping[str, Fact],
) -> list[Statement]:
    """Count the patients without complete terms, term by term."""
    names = [*dict.fromkeys(name for term in terms for name in term.columns), *recipe.beside]
    complete = rows.patients(rows.known(names))
    eligible = rows.patients()
    if complete == eligible:
        return []
    missing: tuple[Fact, ...] = tuple(
        {"label": labels[name], "missing": missing_of(rows, [name])}
        for name in names
        if missing_of(rows, [name])
    )
    facts: dict[str, Fact] = {**about, "eligible": eligible, "n": complete, "terms": missing}
    return [Statement("patients_left_out", facts)]


def missing_of(rows: RiskRows, names: Sequence[str]) -> int:
    """Patients in none of whose rows all these columns are known."""
    return rows.patients() - rows.patients(rows.known(names))


def time_dependent_findings(
    rows: RiskRows, terms: Sequence[ModelTerm], known_on: Mapping[str, str | None], about: Mapping[str, Fact]
) -> list[Statement]:
    """Terms that change while patients are followed, and those that begin to count only when known."""
    moving = [term for term in terms if term.kind != "interaction" and term.name in known_on]
    if not moving:
        return []
    changed: tuple[Fact, ...] = tuple(
        {"label": term.label, "known_on": known_on[term.name], "switched": switched(rows, term.name)}
        for term in moving
    )
    found = [Statement("terms_time_dependent", {**about, "terms": changed})]
    late: tuple[Fact, ...] = tuple(
        {"label": term.label, "known_on": known_on[term.name], "never": missing_of(rows, [term.name])}
        for term in moving
        if begins_late(rows, term.name)
    )
    if late:
        found.append(Statement("counted_from_known", {**about, "terms": late}))
    return found


def switched(rows: RiskRows, name: str) -> int:
    """Patients in whom a column had more than one known value while they were followed."""
    known = rows.known([name])
    pairs = {
        (int(patient), value)
        for patient, value in zip(rows.patient[known], rows.columns[name][known], strict=True)
    }
    counts = np.bincount([patient for patient, _ in pairs]) if pairs else np.zeros(1, dtype=int)
    return int(np.count_nonzero(counts > 1))


def begins_late(rows: RiskRows, name: str) -> bool:
    """Whether a column is unknown in some rows of patients in whom it is known in others."""
    known = rows.known([name])
    return bool(np.intersect1d(rows.patient[known], rows.patient[~known]).size)


def univariable_findings(
    p: Sequence[float | None], adjusted: Sequence[float | None], adjust: str, label: str
) -> list[Statement]:
    """Say how many terms were tried one by one."""
    known = [value for value in p if value is not None]
    if len(known) < 2:
        return []
    facts: dict[str, Fact] = {
        "endpoint_label": label,
        "variables": len(known),
        "significant": sum(value < SIGNIFICANT for value in known),
        "significant_adjusted": sum(value is not None and value < SIGNIFICANT for value in adjusted),
        "adjust": adjust,
        "level": SIGNIFICANT,
        "chance": chance_of_any(len(known)),
    }
    return [Statement("screen_multiplicity", facts, "warning")]
