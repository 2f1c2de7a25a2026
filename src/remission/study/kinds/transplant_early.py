"""The effect of transplant by the time since it: transplant mortality comes early, protection later."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from remission.regress.termtests import likelihood_ratio_test
from remission.study.kinds.model_fit import Recipe
from remission.study.kinds.model_methods import model_methods
from remission.study.kinds.model_table import counted, labels_of, measure_of, ratio_record, ratios
from remission.study.kinds.model_terms import ModelTerm
from remission.study.kinds.multiplicity import SIGNIFICANT
from remission.study.kinds.rows import Record, rows_from
from remission.study.kinds.times import NamedTime
from remission.study.kinds.transplant_fits import fit_of, transplant_term
from remission.study.kinds.transplant_patients import NO, Patients
from remission.study.kinds.transplant_ways import SINCE, moving_rows, since_rows
from remission.study.results import Fact, Output, Statement

CHANGE = "change"


def early_effect(
    found: Patients,
    adjust: Sequence[ModelTerm],
    recipe: Recipe,
    cuts: Sequence[NamedTime],
    facts: dict[str, Fact],
) -> tuple[Output | None, list[Statement], list[Statement]]:
    """Ratio of transplant in each period since it, all against not being transplanted.

    A time-dependent Cox model with one coefficient per period; the test that they are equal is the likelihood
    ratio against the model with one; where that cannot be fitted there are no periods either. Periods in
    which nobody is at risk are left out.

    Returns
    -------
    output (None where there is no model), findings, methods
    """
    labels = (NO, *period_words(cuts))
    rows = since_rows(found, [cut.days for cut in cuts], labels)
    term = ModelTerm(SINCE, f"time since {found.label}", "category", (SINCE,), labels)
    name = f"{SINCE} {found.by}"
    about: dict[str, Fact] = {"endpoint_label": found.outcome.label, "by_label": found.label}
    whole, reason = fit_of(moving_rows(found), [transplant_term(found), *adjust], recipe)
    model, reason = (None, reason) if whole is None else fit_of(rows, [term, *adjust], recipe)
    if whole is None or model is None:
        return None, [Statement("transplant_periods", {**about, "reason": reason, "periods": ()})], []
    estimates = ratios(model, recipe.confidence)
    shown = model.terms[0]
    same = {"term": name, "measure": measure_of(model.fit), "scale": "log", "cause": model.fit.cause}
    records: list[Record] = [{**same, "level": NO, "estimate": 1.0, **counted(model, SINCE, NO)}]
    for column, level in enumerate(labels_of(shown)):
        ratio = ratio_record(estimates, column, recipe.confidence)
        records.append({**same, "level": level, **ratio, **counted(model, SINCE, level)})
    change = likelihood_ratio_test(whole.fit, model.fit, CHANGE)
    p = change.p if change.df > 0 else None
    if p is not None:
        tested = {"statistic": change.statistic, "df": change.df, "p": p}
        records.append({"term": name, "measure": CHANGE, **tested})
    more: dict[str, Fact] = {
        **facts,
        "n": model.n,
        "events": model.events,
        "cuts": tuple(cut.text for cut in cuts),
        "adjusted_for": tuple(each.label for each in adjust),
        "firth": model.firth is not None,
    }
    said: dict[str, Fact] = {
        **about,
        "reason": "",
        "p": p,
        "changes": p is not None and p < SIGNIFICANT,
        "periods": tuple(_period(record) for record in records if record.get("level") not in (None, NO)),
    }
    methods = [
        Statement("transplant_periods_method", {"cuts": more["cuts"]}),
        *(each for each in model_methods(model) if each.name == "firth_method"),
    ]
    return (
        Output("transplant_periods", rows_from(records), more),
        [Statement("transplant_periods", said)],
        methods,
    )


def period_words(cuts: Sequence[NamedTime]) -> tuple[str, ...]:
    """Names of the periods since transplant.

    Examples
    --------
    >>> period_words([NamedTime("100 days", 100.0), NamedTime("1 year", 365.25)])
    ('up to 100 days after', '100 days to 1 year after', 'later than 1 year after')
    """
    texts = [cut.text for cut in cuts]
    between = [f"{one} to {other} after" for one, other in itertools.pairwise(texts)]
    return (f"up to {texts[0]} after", *between, f"later than {texts[-1]} after")


def _period(record: Record) -> dict[str, Fact]:
    """One period in facts."""
    numbers = {name: _number(record.get(name)) for name in ("estimate", "low", "high", "p")}
    return {"level": str(record["level"]), "n": record["at_risk"], "events": record["events"], **numbers}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and np.isfinite(value) else None
