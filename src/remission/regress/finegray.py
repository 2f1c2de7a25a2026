"""The Fine-Gray model: subdistribution hazard ratios, with the full sandwich variance at any n."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from remission.core.newton import maximise
from remission.core.problems import InputError
from remission.events.badrows import BadRows
from remission.events.histories import Histories, histories
from remission.events.labels import read_labels
from remission.regress.censoring import Variant, estimate_censoring, make_tail
from remission.regress.covariates import covariates
from remission.regress.cox import invert, refuse_collinear
from remission.regress.fit import Fit
from remission.regress.likelihood import PartialLikelihood
from remission.regress.moments import Ties
from remission.regress.monotone import why_unreliable
from remission.regress.prepare import matching, sorted_rows, which_cause
from remission.regress.psi import CensoringScore, Psi, psi
from remission.regress.risksets import RiskSets
from remission.regress.scoreresiduals import sandwich, score_residuals

FineGrayVariance = Literal["sandwich", "robust", "model"]


def fine_gray(  # noqa: PLR0913 - the field's own parameters
    time: Any,
    event: Any,
    X: Any,
    cause: str | None = None,
    *,
    causes: Any = None,
    entry: Any = None,
    stratum: Any = None,
    weight: Any = None,
    cluster: Any = None,
    censor_group: Any = None,
    variant: Variant = "crr",
    ties: Ties | None = None,
    variance: FineGrayVariance | None = None,
    psi_form: Psi | None = None,
) -> Fit:
    """Fit a Fine-Gray model of one cause, the others competing; one row per patient.

    Whoever had a competing event at T stays at risk at t > T with weight G(t-)/G(T-), G the censoring
    distribution, estimated within `censor_group`. Two conventions exist, which differ under ties; say which
    you used:

    * "crr" (cmprsk): Breslow ties; a failure at u still counts at risk of censoring at u; the variance is
    the full
      sandwich with the contribution of estimating G. No weights, strata or delayed entry.
    * "finegray" (survival): Efron ties by default; failures at u leave before censorings at u; delayed entry
    by
      Geskus' weights, strata (G within strata unless `censor_group` says otherwise) and case weights, which
      do not enter G. R's variance is "robust" (without psi); "sandwich" adds it (not with delayed entry).

    Parameters
    ----------
    time, event, X, cause, causes, entry, stratum, weight, cluster
        As in `cox`; `cause` is needed when there are several.
    censor_group : array (n,), optional
        Groups with censoring distributions of their own.
    variant : "crr" or "finegray"
    ties : "efron" or "breslow", optional
        Default: the variant's own.
    variance : "sandwich", "robust" or "model", optional
        Default: "sandwich" for crr, "robust" for finegray. With `cluster`, summed within clusters.
    psi_form : "crr" or "exact", optional
        For "sandwich". cmprsk's form is not the derivative of the estimate under ties and, with censoring
        groups, leaves out events of other groups; "exact" is (default for finegray).

    Returns
    -------
    Fit
        Coefficients are log subdistribution hazard ratios; `log_likelihood` is a pseudo likelihood.

    Raises
    ------
    InputError
        As `cox`; or for options a variant does not have.

    References
    ----------
    Fine and Gray, J Am Stat Assoc 1999; Geskus, Biometrics 2011.

    Examples
    --------
    >>> event = ["relapse", "NRM", None, "relapse", "NRM", "relapse"]
    >>> fit = fine_gray([1, 2, 3, 4, 5, 6], event, {"age": [50, 61, 42, 58, 47, 39]}, "relapse")
    >>> fit.variance_kind
    'sandwich'
    """
    _refuse_options(variant, ties, {"entry": entry, "stratum": stratum, "weight": weight})
    given = histories(
        time, event, causes=causes, entry=entry, stratum=stratum, weight=weight, cluster=cluster
    )
    rows, design = matching(given, covariates(X))
    name = which_cause(rows, cause)
    wanted = rows.topology.column(name)
    ties = ties or ("breslow" if variant == "crr" else "efron")
    plain = sorted_rows(rows, design, rows.moved == wanted, ties)
    groups = rows.block if censor_group is None else _groups(censor_group, given)
    censoring = estimate_censoring(rows.grid, rows.moved, groups, variant)
    tail = make_tail(censoring, rows.grid, plain.points, (rows.moved >= 0) & (rows.moved != wanted))
    data = replace(plain, risk=RiskSets(plain.points, tail))
    likelihood = PartialLikelihood(data)
    optimum = maximise(likelihood, np.zeros(len(design.names)))
    refuse_collinear(optimum.start_information, data, design.names)
    at = likelihood.moments(optimum.point)
    model = invert(optimum.information)
    kind = variance or ("sandwich" if variant == "crr" else "robust")
    clusters = None if rows.cluster is None else rows.cluster[data.points.order]
    known = None
    form: Psi = psi_form or ("crr" if variant == "crr" else "exact")
    used = model
    if kind != "model":
        residuals = score_residuals(data, at)
        if kind == "sandwich":
            if entry is not None:
                message = (
                    'with delayed entry the variance is "robust" (eta only); "sandwich" is not available'
                )
                raise InputError(message)
            known = CensoringScore(rows.grid, censoring, rows.moved)
            # psi is already on the scale of weighted rows
            for column, through in enumerate(psi(data, at, known, form)):
                residuals[column] += through / data.weight
        used = sandwich(residuals, data.weight, model, clusters)
    return Fit(
        model="Fine-Gray",
        cause=name,
        coefficients=optimum.point,
        variance=used,
        model_variance=model,
        variance_kind="clustered" if clusters is not None and kind != "model" else kind,
        log_likelihood=optimum.value,
        log_likelihood_null=optimum.start_value,
        n=len(rows.moved),
        events=len(data.points.deaths),
        ties=ties,
        variant=variant,
        optimum=optimum,
        warnings=why_unreliable(data, optimum, design.names),
        covariates=design,
        strata=rows.strata,
        histories=rows,
        data=data,
        at=at,
        cluster=clusters,
        censoring=known,
        psi_form=form,
    )


def _refuse_options(variant: Variant, ties: Ties | None, given: dict[str, Any]) -> None:
    """What cmprsk's `crr` does not define."""
    if variant not in ("crr", "finegray"):
        message = f'variant must be "crr" or "finegray", not {variant!r}'
        raise InputError(message)
    extra = [name for name, value in given.items() if value is not None]
    if variant == "crr" and (extra or ties == "efron"):
        what = ", ".join(extra) or "Efron ties"
        message = f'the "crr" variant has no {what}; use variant="finegray"'
        raise InputError(message)


def _groups(censor_group: Any, given: Histories) -> NDArray[np.intp]:
    """Codes of the censoring groups of the rows that have weight."""
    codes = read_labels(censor_group, "censor_group").codes
    bad = BadRows()
    bad.note(codes < 0, "censor_group is missing", "Name the group, or leave the rows out")
    bad.tell()
    if len(codes) != len(given.moved):
        message = f"censor_group has {len(codes)} rows and time has {len(given.moved)}. Give one per time."
        raise InputError(message)
    return codes if given.weight is None else codes[given.weight > 0]
