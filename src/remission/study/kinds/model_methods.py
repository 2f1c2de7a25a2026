"""Sentences of the methods about models."""

from __future__ import annotations

from remission.regress.terms import Spline
from remission.study.kinds.landmark_methods import landmark_statement
from remission.study.kinds.model_data import Asked
from remission.study.kinds.model_fit import Fitted
from remission.study.kinds.model_table import kind_facts
from remission.study.results import Fact, Statement

_TIES = {"efron": "efron1977", "breslow": "breslow1974"}
_ADJUST = {"holm": ("holm1979",), "bh": ("benjamini1995",)}


def model_methods(
    model: Fitted, *, stratum: str | None = None, cluster: str | None = None
) -> list[Statement]:
    """Say how a model was made; `stratum` and `cluster` are the labels of their columns."""
    fit = model.fit
    kind = kind_facts(fit, firth=model.firth is not None)
    found: list[Statement] = []
    if fit.model == "Cox":
        references = ["cox1972", _TIES[fit.ties]]
        references += ["prentice1978"] if kind["hazard"] == "cause-specific hazard" else []
        about: dict[str, Fact] = {"ties": fit.ties, "hazard": kind["hazard"]}
        found.append(Statement("cox_model", {**about, "references": tuple(references)}))
    else:
        references = ["finegray1999", *(["geskus2011"] if fit.variant == "finegray" else [])]
        about = {"variant": fit.variant, "ties": fit.ties, "variance": fit.variance_kind}
        found.append(Statement("fine_gray_model", {**about, "references": tuple(references)}))
    if stratum is not None:
        found.append(Statement("stratified_model", {"label": stratum}))
    if cluster is not None:
        found.append(Statement("clustered_variance", {"label": cluster, "references": ("linwei1989",)}))
    if model.firth is not None:
        found.append(Statement("firth_method", {"references": ("firth1993", "heinze2001")}))
    bent: tuple[Fact, ...] = tuple(
        {"label": term.label, "knots": tuple(float(knot) for knot in declared.knots), "unit": term.unit}
        for term, declared in zip(model.terms, model.declared, strict=True)
        if isinstance(declared, Spline)
    )
    if bent:
        found.append(Statement("spline_terms", {"terms": bent, "references": ("harrell2015",)}))
    if fit.model == "Cox":
        found.append(Statement("concordance_method", {"references": ("harrell1996",)}))
    return found


def univariable_methods(adjust: str) -> list[Statement]:
    """Say how terms were looked at one by one."""
    return [Statement("univariable_models", {"adjust": adjust, "references": _ADJUST.get(adjust, ())})]


def shared_methods(found: Asked) -> list[Statement]:
    """Say what all models of an endpoint share: landmark, delayed entry, time-dependent terms."""
    said: list[Statement] = []
    if found.landmark is not None:
        said.append(landmark_statement(str(found.landmark), found.outcome.time_zero, regrouped=True))
    if found.outcome.entry is not None:
        said.append(Statement("delayed_entry", {"endpoint_label": found.outcome.label}))
    labels = tuple(
        term.label for term in found.terms if term.kind != "interaction" and term.name in found.known_on
    )
    if labels:
        facts: dict[str, Fact] = {"labels": labels, "references": ("suissa2007",)}
        said.append(Statement("time_dependent_terms", facts))
    return said
