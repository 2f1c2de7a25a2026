"""Three Cox models of the same patients: known factors, the score, both; and the risks they predict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.regress.baseline import baselines, steps_upto
from remission.regress.covariates import design
from remission.regress.finegray import fine_gray
from remission.regress.fit import Fit
from remission.regress.moments import moments
from remission.regress.terms import Category, Term
from remission.study.kinds.model_findings import PER_VARIABLE
from remission.study.kinds.model_fit import Fitted, Recipe, engine_options, fitted
from remission.study.kinds.model_table import without_maximum
from remission.study.kinds.model_terms import ModelTerm
from remission.study.kinds.risk_rows import RiskRows

FACTORS, SCORE, BOTH = "factors", "score", "both"
MODELS = (FACTORS, SCORE, BOTH)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """Three models of one cause's hazard, on the patients who have all terms.

    Attributes
    ----------
    rows : RiskRows
    cause : str
    unit : float
        Standard deviation of the score: ratios are per so much of it.
    fits : mapping of str to Fitted
        "factors", "score", "both".
    coefficients : mapping of str to array
        Of the linear predictors: Firth's where it was used.
    risk_fits : mapping of str to Fit
        What risks are predicted by: the same Cox models, or Fine-Gray models where events compete. Those
        that could not be fitted are absent.
    not_fitted : mapping of str to str
        Why.
    firth : bool
    competing : bool
    """

    rows: RiskRows
    cause: str
    unit: float
    fits: Mapping[str, Fitted]
    coefficients: Mapping[str, Floats]
    risk_fits: Mapping[str, Fit]
    not_fitted: Mapping[str, str]
    firth: bool
    competing: bool

    @property
    def events(self) -> int:
        """Events of the cause."""
        return self.rows.events(self.cause)

    @property
    def per_variable(self) -> float:
        """Events for each coefficient of the largest model."""
        return self.events / len(self.fits[BOTH].fit.coefficients)

    def linear(self, name: str, rows: RiskRows | None = None) -> Floats:
        """Linear predictor of these patients, or of others."""
        used = self.rows if rows is None else rows
        values: Floats = design(self.fits[name].declared, used.columns).values @ self.coefficients[name]
        return values

    def risk(self, name: str, days: float, rows: RiskRows | None = None) -> Floats:
        """Predicted probability of the event by a time, of these patients or of others.

        Raises
        ------
        InputError
            If there is no model that predicts it.
        """
        if name not in self.risk_fits:
            raise InputError(self.not_fitted.get(name, "there is no model that predicts risks"))
        fit, used = self.risk_fits[name], self.rows if rows is None else rows
        values = design(self.fits[name].declared, used.columns).values - fit.data.centre
        (base,) = baselines(fit)
        level = np.concatenate([[0.0], base.cumulative])[steps_upto(base, np.array([days]))]
        answer: Floats = -np.expm1(-np.exp(values @ fit.coefficients) * level[0])
        return answer


def three_models(
    rows: RiskRows, factors: Sequence[ModelTerm], score: ModelTerm, recipe: Recipe, *, unit: float | None
) -> Models:
    """Fit them to the patients who have all terms; Firth's penalty where events are few.

    Parameters
    ----------
    rows : RiskRows
    factors : sequence of ModelTerm
    score : ModelTerm
    recipe : Recipe
        Of Cox models.
    unit : float or None
        Of the score; None: its standard deviation in these patients.

    Raises
    ------
    InputError
        If nobody is left, nobody has the event, or a term has nothing to compare.
    """
    names = [column for term in (*factors, score) for column in term.columns]
    used = rows.only(rows.known(names))
    if not len(used.patient):
        raise InputError("no patient is left who has all factors and the score")
    values = np.asarray(used.columns[score.name], dtype=float)
    per = float(values.std(ddof=1)) if unit is None and len(values) > 1 else unit
    if not per:
        raise InputError("all patients have the same score")
    scaled = replace(score, per=per)
    wanted = {FACTORS: tuple(factors), SCORE: (scaled,), BOTH: (*factors, scaled)}
    plain = {name: fitted(used, terms, recipe) for name, terms in wanted.items()}
    few = used.events(recipe.cause) < PER_VARIABLE * len(plain[BOTH].fit.coefficients)
    lost = any(without_maximum(each.fit).any() or each.fit.warnings for each in plain.values())
    fits = plain
    if few or lost:
        penalised = replace(recipe, firth=True)
        fits = {name: fitted(used, terms, penalised) for name, terms in wanted.items()}
    competing = len(rows.outcome.causes) > 1 and bool(
        np.any([event not in (None, recipe.cause) for event in used.event])
    )
    risk_fits, not_fitted = _risk_fits(used, fits, recipe, competing=competing)
    return Models(
        used,
        recipe.cause,
        per,
        fits,
        {name: _coefficients(each) for name, each in fits.items()},
        risk_fits,
        not_fitted,
        few or lost,
        competing,
    )


def fine_gray_of(models: Models, name: str, recipe: Recipe) -> Fit:
    """The Fine-Gray model of the same patients and terms."""
    given: dict[str, Any] = engine_options(models.rows, recipe)
    covariates = models.fits[name].fit.covariates
    return fine_gray(models.rows.time, models.rows.event, covariates, recipe.cause, variant="crr", **given)


def applicable(models: Models, rows: RiskRows) -> tuple[RiskRows, tuple[tuple[str, str, int], ...]]:
    """Other patients to whom the models can be applied.

    Returns
    -------
    rows : RiskRows
        Of those who have all terms, at levels the models know.
    unknown : tuple of (term, level, patients)
        Levels nobody had where the models were fitted.
    """
    terms = models.fits[BOTH].terms
    names = [column for term in terms for column in term.columns]
    kept = rows.only(rows.known(names))
    unknown: list[tuple[str, str, int]] = []
    keep = np.ones(len(kept.patient), dtype=bool)
    for term in _categories(models.fits[BOTH].declared):
        values = kept.columns[term.name]
        strange = np.array([value not in term.levels for value in values], dtype=bool)
        label = next(each.label for each in terms if each.name == term.name)
        unknown += [
            (label, str(level), int((values == level).sum())) for level in dict.fromkeys(values[strange])
        ]
        keep &= ~strange
    return kept.only(keep), tuple(unknown)


def _categories(terms: Sequence[Term]) -> list[Category]:
    return [term for term in terms if isinstance(term, Category)]


def _coefficients(model: Fitted) -> Floats:
    return model.fit.coefficients if model.firth is None else model.firth.coefficients


def _risk_fits(
    rows: RiskRows, fits: Mapping[str, Fitted], recipe: Recipe, *, competing: bool
) -> tuple[dict[str, Fit], dict[str, str]]:
    found: dict[str, Fit] = {}
    failed: dict[str, str] = {}
    for name, model in fits.items():
        if not competing:
            found[name] = at_coefficients(model)
            continue
        try:
            given: dict[str, Any] = engine_options(rows, recipe)
            fit = fine_gray(rows.time, rows.event, model.fit.covariates, recipe.cause, variant="crr", **given)
        except InputError as error:
            failed[name] = str(error)
            continue
        if fit.warnings:
            failed[name] = str(fit.warnings[0])
        else:
            found[name] = fit
    return found, failed


def at_coefficients(model: Fitted) -> Fit:
    """The fit with its baseline at Firth's coefficients, where they were used."""
    if model.firth is None:
        return model.fit
    best = model.firth
    return replace(
        model.fit,
        coefficients=best.coefficients,
        variance=best.variance,
        at=moments(model.fit.data, best.coefficients),
    )
