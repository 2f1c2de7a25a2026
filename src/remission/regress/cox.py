"""The Cox model: hazard ratios with delayed entry, strata, weights and clusters."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from remission.core.newton import maximise
from remission.core.problems import InputError
from remission.events.histories import histories
from remission.regress.covariates import covariates
from remission.regress.fit import Fit, VarianceKind
from remission.regress.likelihood import PartialLikelihood
from remission.regress.moments import Floats, Rows, Ties
from remission.regress.monotone import why_unreliable
from remission.regress.prepare import matching, sorted_rows, which_cause
from remission.regress.scoreresiduals import sandwich, score_residuals

Variance = Literal["model", "robust"]


def cox(
    time: Any,
    event: Any,
    X: Any,
    *,
    cause: str | None = None,
    causes: Any = None,
    entry: Any = None,
    stratum: Any = None,
    weight: Any = None,
    cluster: Any = None,
    ties: Ties = "efron",
    variance: Variance | None = None,
) -> Fit:
    """Fit a Cox proportional-hazards model.

    A row is at risk at t if entry < t <= time; without `entry`, from the start, so events at time 0 count. A
    row censored at a death time is at risk there. Times within 1.5e-8 relative are tied. With ties, Efron's
    likelihood gives each tied death the mean weight of the tie (as R's `coxph`); Breslow's is the other
    choice. A covariate that changes is given as several rows (entry, time] of one patient: the model-based
    variance stays valid with one event per patient.

    Parameters
    ----------
    time : array (n,)
        End of each row's time at risk, any unit.
    event : array (n,)
        As in `event_table`: booleans, cause names with None or "" for censored, or integer codes with
        `causes`.
    X : array or frame (n, p)
        Covariates; a frame's names are kept, categories are compared with their first level.
    cause : str, optional
        Event of interest; others are censored (cause-specific hazard). Needed when there are several.
    entry, stratum, weight, cluster : arrays (n,), optional
        Delayed entry; strata with baseline hazards of their own; case weights; clusters for the variance.
    ties : "efron" or "breslow"
    variance : "model" or "robust", optional
        Default: clustered when `cluster` is given, robust when weights are not all whole numbers, else
        model-based.

    Returns
    -------
    Fit

    Raises
    ------
    InputError
        Wrong lengths or values, no events, or collinear covariates (named).

    References
    ----------
    Cox, J R Stat Soc B 1972; Efron, J Am Stat Assoc 1977; Lin and Wei, J Am Stat Assoc 1989 (robust
    variance).

    Examples
    --------
    >>> fit = cox([1, 2, 3, 4], [True, True, True, False], {"age": [50.0, 60.0, 40.0, 45.0]})
    >>> fit.events
    3
    """
    rows, design = matching(
        histories(time, event, causes=causes, entry=entry, stratum=stratum, weight=weight, cluster=cluster),
        covariates(X),
    )
    name = which_cause(rows, cause)
    data = sorted_rows(rows, design, rows.moved == rows.topology.column(name), ties)
    likelihood = PartialLikelihood(data)
    optimum = maximise(likelihood, np.zeros(len(design.names)))
    refuse_collinear(optimum.start_information, data, design.names)
    at = likelihood.moments(optimum.point)
    model = invert(optimum.information)
    kind: VarianceKind = "model"
    if cluster is not None:
        kind = "clustered"
    elif variance == "robust" or (variance is None and not _whole(rows.weight)):
        kind = "robust"
    groups = None if rows.cluster is None else rows.cluster[data.points.order]
    used = model if kind == "model" else sandwich(score_residuals(data, at), data.weight, model, groups)
    return Fit(
        model="Cox",
        cause=name,
        coefficients=optimum.point,
        variance=used,
        model_variance=model,
        variance_kind=kind,
        log_likelihood=optimum.value,
        log_likelihood_null=optimum.start_value,
        n=len(rows.moved),
        events=len(data.points.deaths),
        ties=ties,
        variant="",
        optimum=optimum,
        warnings=why_unreliable(data, optimum, design.names),
        covariates=design,
        strata=rows.strata,
        histories=rows,
        data=data,
        at=at,
        cluster=groups,
    )


def _whole(weight: Floats | None) -> bool:
    return weight is None or bool(np.all(weight == np.round(weight)))


def invert(information: Floats) -> Floats:
    """Inverse of a symmetric information matrix; NaN where it is not positive definite."""
    if not len(information):
        return information.copy()
    try:
        np.linalg.cholesky(information)
        inverse = np.linalg.inv(information)
    except np.linalg.LinAlgError:
        return np.full_like(information, np.nan)
    return (inverse + inverse.T) / 2


def refuse_collinear(matrix: Floats, rows: Rows, names: tuple[str, ...]) -> None:
    """Refuse covariates that are constant, or combinations of others, among those at risk at events."""
    if not names:
        return
    spread = np.sqrt(np.maximum(np.diag(matrix), 0.0))
    size = np.einsum("pn,pn->p", rows.covariates, rows.covariates) / rows.covariates.shape[1]
    scale = np.sqrt(size * len(rows.points.deaths))
    flat = [names[index] for index in np.flatnonzero(spread <= 1e-9 * np.maximum(scale, 1e-300))]
    if flat:
        message = f"{', '.join(flat)}: no variation among those at risk at the events: nothing to estimate"
        raise InputError(message)
    correlation = matrix / np.outer(spread, spread)
    values, vectors = np.linalg.eigh(correlation)
    if values[0] < 1e-11:
        involved = [names[index] for index in np.flatnonzero(np.abs(vectors[:, 0]) > 1e-4)]
        message = f"{', '.join(involved)} are collinear: each is determined by the others; leave one out"
        raise InputError(message)
