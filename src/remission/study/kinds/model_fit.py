"""Fitting declared terms to the rows of patients who have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.regress.covariates import Covariates, design
from remission.regress.cox import cox
from remission.regress.finegray import fine_gray
from remission.regress.firth import FirthFit, firth
from remission.regress.fit import Fit
from remission.regress.terms import Category, Interaction, Numeric, Spline, Term, spline
from remission.study.kinds.model_terms import ModelTerm
from remission.study.kinds.risk_rows import RiskRows

Method = Literal["cox", "cause-specific", "fine-gray"]
Ties = Literal["efron", "breslow"]
FineGray = Literal["crr", "finegray"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How models of one analysis are fitted.

    Attributes
    ----------
    method : str
    cause : str
    ties : str or None
        None: the model's own.
    variant : str or None
        Of Fine-Gray; None: "crr" unless strata, delayed entry or Efron ties need "finegray".
    stratum, cluster : str or None
    firth : bool
    confidence : float
    """

    method: Method
    cause: str
    ties: Ties | None = None
    variant: FineGray | None = None
    stratum: str | None = None
    cluster: str | None = None
    firth: bool = False
    confidence: float = 0.95

    @property
    def beside(self) -> tuple[str, ...]:
        """Columns every model of the analysis needs beside its terms."""
        return tuple(name for name in (self.stratum, self.cluster) if name is not None)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """One model.

    Attributes
    ----------
    terms : tuple of ModelTerm
        With the levels that have patients.
    declared : tuple of Term
        The same for the engine.
    rows : RiskRows
        Of the patients who have all terms.
    fit : Fit
    firth : FirthFit or None
    """

    terms: tuple[ModelTerm, ...]
    declared: tuple[Term, ...]
    rows: RiskRows
    fit: Fit
    firth: FirthFit | None = None

    @property
    def n(self) -> int:
        """Patients."""
        return self.rows.patients()

    @property
    def events(self) -> int:
        """Events of the cause."""
        return self.rows.events(self.fit.cause)

    def columns_of(self, index: int) -> NDArray[np.intp]:
        """Coefficients of a term."""
        return np.asarray(self.fit.covariates.terms[index][1], dtype=np.intp)


def fitted(rows: RiskRows, terms: Sequence[ModelTerm], recipe: Recipe) -> Fitted:
    """Fit a model of some terms to those who have them all.

    Raises
    ------
    InputError
        If nobody is left, nobody has the event, or a term has nothing to compare.
    """
    used, shown, declared, covariates = prepared(rows, terms, recipe)
    fit = fit_design(used, covariates, recipe)
    penalised = firth(fit, level=recipe.confidence) if recipe.firth else None
    return Fitted(shown, declared, used, fit, penalised)


def prepared(
    rows: RiskRows, terms: Sequence[ModelTerm], recipe: Recipe
) -> tuple[RiskRows, tuple[ModelTerm, ...], tuple[Term, ...], Covariates]:
    """Complete rows, terms with the levels that have patients, and the columns of the model."""
    names = [name for term in terms for name in term.columns]
    used = rows.only(rows.known([*names, *recipe.beside]))
    if not len(used.patient):
        raise InputError("no patient is left who has all terms")
    shown = tuple(with_filled_levels(used, term) for term in terms)
    declared = tuple(for_engine(used, term) for term in shown)
    return used, shown, declared, design(declared, used.columns)


def fit_design(rows: RiskRows, covariates: Covariates, recipe: Recipe) -> Fit:
    """Fit columns that are ready."""
    given: dict[str, Any] = engine_options(rows, recipe)
    if recipe.method != "fine-gray":
        return cox(rows.time, rows.event, covariates, cause=recipe.cause, **given)
    return fine_gray(
        rows.time, rows.event, covariates, recipe.cause, variant=fine_gray_variant(rows, recipe), **given
    )


def engine_options(rows: RiskRows, recipe: Recipe) -> dict[str, Any]:
    """What all models read beside the covariates; ties only where they were declared."""
    given: dict[str, Any] = {
        "causes": list(rows.outcome.causes),
        "entry": rows.entry,
        "stratum": None if recipe.stratum is None else rows.columns[recipe.stratum],
        "cluster": None if recipe.cluster is None else rows.columns[recipe.cluster],
    }
    return given | ({} if recipe.ties is None else {"ties": recipe.ties})


def fine_gray_variant(rows: RiskRows, recipe: Recipe) -> FineGray:
    """The convention declared, else `crr`'s, which has no strata, delayed entry or Efron ties."""
    if recipe.variant is not None:
        return recipe.variant
    late = rows.entry is not None or recipe.stratum is not None or recipe.ties == "efron"
    return "finegray" if late else "crr"


def varies(rows: RiskRows, term: ModelTerm) -> bool:
    """Whether a term has more than one value here: else there is nothing to compare or to adjust for."""
    known = rows.known(term.columns)
    return all(len(set(rows.columns[name][known].tolist())) > 1 for name in term.columns)


def with_filled_levels(rows: RiskRows, term: ModelTerm) -> ModelTerm:
    """The term with the levels that have patients; the first of them is the reference.

    Raises
    ------
    InputError
        If fewer than two levels have patients.
    """
    if term.kind == "interaction":
        return replace(term, parts=tuple(with_filled_levels(rows, part) for part in term.parts))
    if not term.levels:
        return term
    values = rows.columns[term.name]
    filled = tuple(level for level in term.levels if bool(np.any(values == level)))
    if not filled:
        raise InputError(f"{term.label} is known of none of the patients")
    if len(filled) < 2:
        raise InputError(f"all patients have the same {term.label}: there is nothing to compare")
    return replace(term, levels=filled)


def for_engine(rows: RiskRows, term: ModelTerm) -> Term:
    """The term as the engine knows it; knots of a spline are at quantiles of the patients' values."""
    match term.kind:
        case "number":
            return Numeric(term.name, term.per)
        case "spline":
            return spline(term.name, one_per_patient(rows, term.name), term.knots)
        case "interaction":
            first, second = (for_engine(rows, part) for part in term.parts)
            if isinstance(first, Interaction | Spline) or isinstance(second, Interaction | Spline):
                raise InputError(f"{term.label}: an interaction is of numbers and groups")
            return Interaction(first, second)
    return Category(term.name, term.levels)


def one_per_patient(rows: RiskRows, name: str) -> NDArray[np.float64]:
    """First value of a number of each patient."""
    first = np.unique(rows.patient, return_index=True)[1]
    return np.asarray(rows.columns[name][first], dtype=float)
