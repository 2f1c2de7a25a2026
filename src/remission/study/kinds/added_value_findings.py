"""What a reader must know of what a score adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from remission.study.kind import Context
from remission.study.kinds.added_value_models import BOTH, Models
from remission.study.kinds.added_value_options import SCORE as SIGNATURE
from remission.study.kinds.added_value_options import AddedValueOptions
from remission.study.kinds.added_value_rows import likelihood_record
from remission.study.kinds.model_findings import PER_VARIABLE
from remission.study.kinds.prediction_judged import taught_by
from remission.study.results import Fact, Statement

SIGNIFICANT = 0.05


def added_findings(
    context: Context,
    options: AddedValueOptions,
    models: Models,
    about: Mapping[str, Fact],
    not_corrected: str,
) -> list[Statement]:
    """Events per variable, where the score comes from, and what optimism was not taken away."""
    found: list[Statement] = []
    numbers: dict[str, Fact] = {
        **about,
        "events": models.events,
        "coefficients": len(models.fits[BOTH].fit.coefficients),
        "per": models.per_variable,
        "below": PER_VARIABLE,
        "firth": models.firth,
    }
    found.append(Statement("events_per_variable", numbers, "warning" if models.firth else "note"))
    p = likelihood_record(models)["p"]
    if p is not None and p >= SIGNIFICANT:
        found.append(Statement("nothing_added_shown", {**about, "p": float(p)}, "warning"))
    if not_corrected:
        found.append(Statement("optimism_not_computed", {**about, "reason": not_corrected}, "warning"))
    found += _of_score(context, options, about)
    if models.not_fitted:
        reasons: tuple[Fact, ...] = tuple(models.not_fitted.values())
        found.append(Statement("risks_not_predicted", {**about, "reasons": reasons}, "warning"))
    return found


def _of_score(context: Context, options: AddedValueOptions, about: Mapping[str, Fact]) -> list[Statement]:
    """Where the score of the signatures comes from."""
    laboratory = context.laboratory
    taught = None if laboratory is None else laboratory.taught
    if options.score != SIGNATURE or taught is None:
        return []
    about = {**about, "variant": ""}
    label = context.cohort.column(options.score).title
    if not taught.out_of_fold:
        same_patients = any(taught_by(context, each.file) for each in taught.signatures.values())
        facts: dict[str, Fact] = {
            **about,
            "score_label": label,
            "second": context.first is not None,
            "same_patients": same_patients,
        }
        return [Statement("score_is_locked", facts, "warning" if same_patients else "note")]
    same = any(target.name == options.endpoint for target in taught.targets)
    return [Statement("score_out_of_fold", {**about, "score_label": label, "same_endpoint": same}, "warning")]


def unseen_levels(unknown: Sequence[tuple[str, str, int]], label: str) -> Statement:
    """Patients to whom the models of the first cohort cannot be applied."""
    levels: tuple[Fact, ...] = tuple({"label": term, "level": level, "n": n} for term, level, n in unknown)
    return Statement("levels_not_seen", {"endpoint_label": label, "levels": levels}, "warning")


def added_methods(options: AddedValueOptions, models: Models) -> list[Statement]:
    """How it was computed."""
    fit = models.fits[BOTH].fit
    facts: dict[str, Fact] = {
        "competing": models.competing,
        "firth": models.firth,
        "ties": fit.ties,
        "resamples": options.bootstrap,
        "references": ("harrell1996", *(("wolbers2009", "finegray1999") if models.competing else ())),
    }
    methods = [Statement("added_value_method", facts)]
    if models.firth:
        methods.append(Statement("firth_method", {"references": ("firth1993", "heinze2001")}))
    if options.at:
        keys = ("vickers2006", "vickers2008", "blanche2013")
        told: dict[str, Fact] = {"competing": models.competing, "resamples": options.bootstrap}
        methods.append(Statement("net_benefit_method", {**told, "references": keys}))
    return methods
