"""One effect in subgroups, with the test that it differs between them: what a forest plot shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from remission.core.problems import InputError
from remission.core.vocabulary import result_rows
from remission.events.labels import levels_of, read_labels
from remission.regress.covariates import design
from remission.regress.cox import cox
from remission.regress.fit import Fit, Test
from remission.regress.terms import Category, Interaction, Numeric, Term
from remission.regress.termtests import likelihood_ratio_test

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, eq=False)
class Subgroup:
    """The effect within one level; `fit` is None where it cannot be estimated, `reason` says why."""

    column: str
    level: str
    n: int
    events: int
    fit: Fit | None
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Subgroups:
    """Effects overall and by subgroup, and one interaction test per subgroup column.

    Attributes
    ----------
    effect : str
        Name of the coefficient shown.
    overall : Fit
    parts : tuple of Subgroup
    interactions : mapping of column to Test
        Likelihood-ratio tests of the product terms in models stratified by the subgroup column; NaN where
        these cannot be fitted.
    """

    effect: str
    overall: Fit
    parts: tuple[Subgroup, ...]
    interactions: dict[str, Test]

    def rows(self, *, level: float = 0.95) -> pl.DataFrame:
        """The overall row (`term` null), one per subgroup, and one per interaction test."""
        import polars as pl  # noqa: PLC0415 - loaded when first needed

        frames = [_effect_row(self.overall, self.effect, None, None, level)]
        for part in self.parts:
            if part.fit is None:
                frames.append(
                    result_rows(
                        {"measure": "hazard ratio", "term": part.column, "level": part.level}
                        | {"at_risk": float(part.n), "events": float(part.events)}
                    )
                )
            else:
                frames.append(_effect_row(part.fit, self.effect, part.column, part.level, level))
        for column, test in self.interactions.items():
            frames.append(
                result_rows(
                    {"measure": "interaction", "term": column, "statistic": test.statistic}
                    | {"df": float(test.df), "p": test.p}
                )
            )
        return pl.concat(frames)


def subgroups(
    time: Any,
    event: Any,
    frame: Any,
    effect: Numeric | Category,
    by: Sequence[Category],
    *,
    adjust: Sequence[Term] = (),
    cause: str | None = None,
    **options: Any,
) -> Subgroups:
    """Estimate an effect in the levels of each subgroup column.

    Within a subgroup the model is fitted to its patients alone (a baseline hazard of their own), adjusted for
    `adjust` less the subgroup column itself. The interaction test compares, on all patients, the models of
    effect and `adjust` with and without the products of effect and subgroup, both stratified by the subgroup
    column (likelihood ratio): each subgroup has a baseline hazard of its own there too, so that without
    `adjust` the test is of the very ratios that are shown. "Significant here, not there" is no evidence of
    interaction; the test is.

    Parameters
    ----------
    effect : Numeric or Category
        The effect shown; a category must have two levels.
    by : sequence of Category
    adjust : sequence of terms
    cause, options
        As in `cox` (arrays such as `stratum` and `entry` are cut to the subgroup).

    Raises
    ------
    InputError
        If the effect has more than one coefficient.
    """
    if isinstance(effect, Category) and len(effect.levels) != 2:
        raise InputError(
            f"{effect.column} has {len(effect.levels)} levels; a forest shows one effect: give two levels"
        )
    size = len(np.asarray(time))
    everyone = np.arange(size)
    shared = {"cause": cause, **options}
    overall = _fit(time, event, frame, [effect, *adjust], everyone, shared)
    name = overall.terms[0]
    parts, interactions = [], {}
    for column in by:
        others = [term for term in adjust if term.name != column.name and not _uses(term, column.column)]
        codes, levels = levels_of(
            read_labels(frame[column.column], column.column), column.levels, column.column
        )
        for code, label in enumerate(levels):
            parts.append(
                _within(
                    time,
                    event,
                    frame,
                    [effect, *others],
                    np.flatnonzero(codes == code),
                    column.column,
                    label,
                    shared,
                )
            )
        known = np.flatnonzero(codes >= 0)
        own_baselines = {**shared, "stratum": _crossed(codes, shared.get("stratum"))}
        product = Interaction(effect, column)
        try:
            plain = _fit(time, event, frame, [effect, *others], known, own_baselines)
            full = _fit(time, event, frame, [effect, *others, product], known, own_baselines)
        except InputError:
            # a combination without patients or events: nothing to test
            interactions[column.column] = Test("interaction", float("nan"), 0, float("nan"))
            continue
        interactions[column.column] = likelihood_ratio_test(plain, full, "interaction")
    return Subgroups(name, overall, tuple(parts), interactions)


def _within(
    time: Any,
    event: Any,
    frame: Any,
    terms: list[Term],
    rows: Any,
    column: str,
    label: str,
    shared: dict[str, Any],
) -> Subgroup:
    """Fit one subgroup, or say why that cannot be."""
    try:
        fit = _fit(time, event, frame, terms, rows, shared)
    except InputError as problem:
        return Subgroup(column, label, len(rows), 0, None, str(problem))
    if fit.warnings:
        return Subgroup(column, label, fit.n, fit.events, None, fit.warnings[0])
    return Subgroup(column, label, fit.n, fit.events, fit)


def _fit(time: Any, event: Any, frame: Any, terms: list[Term], rows: Any, shared: dict[str, Any]) -> Fit:
    """Fit some of the rows."""
    part = {name: np.asarray(frame[name])[rows] for name in _names(terms)}
    options = {
        name: np.asarray(value)[rows]
        if name in ("entry", "stratum", "weight", "cluster") and value is not None
        else value
        for name, value in shared.items()
    }
    return cox(np.asarray(time)[rows], np.asarray(event)[rows], design(terms, part), **options)


def _crossed(codes: Any, stratum: Any) -> Any:
    """Strata by subgroup, within the strata asked for."""
    if stratum is None:
        return codes
    pairs = [f"{code}\x1f{label}" for code, label in zip(codes, np.asarray(stratum), strict=True)]
    return np.array(pairs)


def _names(terms: Sequence[Term]) -> set[str]:
    """Columns that terms read."""
    found: set[str] = set()
    for term in terms:
        found |= {term.first.column, term.second.column} if isinstance(term, Interaction) else {term.column}
    return found


def _uses(term: Term, column: str) -> bool:
    return column in _names([term])


def _effect_row(fit: Fit, effect: str, column: str | None, label: str | None, level: float) -> pl.DataFrame:
    """The row of the effect's coefficient, relabelled as a subgroup."""
    import polars as pl  # noqa: PLC0415 - loaded when first needed

    row = fit.rows(level=level).filter(pl.col("term") == effect)
    return row.with_columns(
        pl.lit(column, dtype=pl.String).alias("term"), pl.lit(label, dtype=pl.String).alias("level")
    )
