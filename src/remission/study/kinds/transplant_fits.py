"""Hazard ratios of transplant: plain or adjusted, by Firth's penalty where the likelihood has no maximum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from remission.core.problems import InputError
from remission.study.kinds.model_fit import Fitted, Recipe, fitted
from remission.study.kinds.model_output import in_words
from remission.study.kinds.model_table import (
    Ratios,
    counted,
    measure_of,
    ratio_record,
    ratios,
    without_maximum,
)
from remission.study.kinds.model_terms import ModelTerm
from remission.study.kinds.risk_rows import RiskRows
from remission.study.kinds.rows import Record
from remission.study.kinds.transplant_patients import NO, YES, Patients
from remission.study.results import Fact

Way = Literal["naive", "Mantel-Byar", "time-dependent", "landmark", "waiting time", "within risk", "donor"]


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """One way of counting: its ratio, or why there is none.

    Attributes
    ----------
    way : str
    adjusted : bool
    at : str or None
        The landmark or waiting time, as people write it.
    rows : RiskRows
    model : Fitted or None
    ratios : Ratios or None
    reason : str
        Why nothing could be estimated.
    """

    way: Way
    adjusted: bool
    at: str | None
    rows: RiskRows
    model: Fitted | None
    ratios: Ratios | None
    reason: str = ""

    @property
    def level(self) -> str:
        """The way of counting in words of the table."""
        names = {
            "naive": "naive",
            "Mantel-Byar": "Mantel-Byar test",
            "time-dependent": "time-dependent Cox model",
            "landmark": f"landmark at {self.at}",
            "waiting time": f"waiting time of {self.at}",
            "within risk": "time-dependent, within risk groups",
            "donor": "donor against no donor",
        }
        return names[self.way] + (", adjusted" if self.adjusted else "")

    def record(self, name: str, cause: str, confidence: float) -> Record:
        """Row of the table."""
        same: dict[str, object] = {"level": self.level, "cause": cause, "group": YES, "versus": NO}
        if self.model is None or self.ratios is None:
            used = self.rows.only(self.rows.known([name]))
            counts = {"at_risk": used.patients(), "events": used.events(cause)}
            return {**same, "measure": "hazard ratio", **counts}
        estimate = ratio_record(self.ratios, 0, confidence)
        counts = {"at_risk": self.model.n, "events": self.model.events}
        scale = "log" if self.model.firth is None else "log, Firth"
        return {**same, "measure": measure_of(self.model.fit), "scale": scale, **estimate, **counts}

    def facts(self, name: str, cause: str) -> dict[str, Fact]:
        """What the table, the figure and the words need of this way."""
        return {
            "level": self.level,
            "way": self.way,
            "adjusted": self.adjusted,
            "at": self.at,
            "biased": self.way == "naive",
            "firth": self.model is not None and self.model.firth is not None,
            "reason": self.reason,
            **self.arms(name, cause),
        }

    def arms(self, name: str, cause: str) -> dict[str, Fact]:
        """Patients and events of each side, of those in the model where there is one."""
        if self.model is not None:
            sides = {side: counted(self.model, name, side) for side in (YES, NO)}
        else:
            sides = {side: _counted(self.rows, name, side, cause) for side in (YES, NO)}
        return {
            "yes_n": sides[YES]["at_risk"],
            "yes_events": sides[YES]["events"],
            "no_n": sides[NO]["at_risk"],
            "no_events": sides[NO]["events"],
        }


def transplant_term(found: Patients) -> ModelTerm:
    """Transplant as a term: yes against no."""
    return ModelTerm(found.by, found.label, "yes/no", (found.by,), (NO, YES))


def effect_of(
    way: Way,
    rows: RiskRows,
    terms: Sequence[ModelTerm],
    recipe: Recipe,
    confidence: float,
    *,
    at: str | None = None,
) -> Effect:
    """Estimate the effect of the first term, adjusted for the others."""
    adjusted = len(terms) > 1
    model, reason = fit_of(rows, terms, recipe)
    if model is None:
        return Effect(way, adjusted, at, rows, None, None, reason)
    return Effect(way, adjusted, at, rows, model, ratios(model, confidence))


def fit_of(rows: RiskRows, terms: Sequence[ModelTerm], recipe: Recipe) -> tuple[Fitted | None, str]:
    """Fit, with Firth's penalty where one side of a term had no events; else say why there is no model."""
    reason = why_not(rows, terms[0], recipe)
    if reason:
        return None, reason
    try:
        model = fitted(rows, terms, recipe)
        if model.fit.warnings and without_maximum(model.fit).any():
            model = fitted(rows, terms, replace(recipe, firth=True))
    except InputError as error:
        return None, in_words(str(error), terms).rstrip(".")
    if model.fit.warnings and model.firth is None:
        return None, in_words(model.fit.warnings[0], terms).rstrip(".")
    if model.firth is not None and not np.isfinite(model.firth.coefficients[0]):
        return None, "the estimate has no finite value"
    return model, ""


def why_not(rows: RiskRows, term: ModelTerm, recipe: Recipe) -> str:
    """Say in plain words why an effect cannot be estimated; "" where it can be tried.

    Patients who all change in the end are no comparison: whoever is still without it is on the way to it.
    """
    used = rows.only(rows.known([term.name, *recipe.beside]))
    if not used.patients():
        return "nobody is at risk"
    if term.levels == (NO, YES):
        those = used.patients(np.asarray(used.columns[term.name] == YES, dtype=bool))
        if not those:
            return f"nobody is at risk with {term.label}"
        if those == used.patients():
            return f"nobody is without {term.label} throughout"
    return "" if used.events(recipe.cause) else "no events"


def _counted(rows: RiskRows, name: str, side: str, cause: str) -> dict[str, int]:
    there = np.asarray(rows.columns[name] == side, dtype=bool)
    return {"at_risk": rows.patients(there), "events": rows.events(cause, there)}
