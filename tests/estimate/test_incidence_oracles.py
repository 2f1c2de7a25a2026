"""Cumulative incidence against cmprsk, etm, prodlim, tidycmprsk and survival, on the simulated cases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from remission.core.limits import probability_limits
from remission.core.steps import last_at
from remission.estimate.curves import Curve
from remission.estimate.incidence import cumulative_incidence
from remission.estimate.source import Source
from tests.oracles.read import CASES, Case, agree, listed, load, numbers

SURVFIT_INTERVALS = {"log": "log", "log-log": "loglog", "plain": "plain"}


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return load(request.param)


def at_times_of(curve: Curve, time: Any) -> np.ndarray:
    index = last_at(curve.time, numbers(listed(time)))
    agree(curve.time[index], listed(time))
    return index


def test_cmprsk_at_times(case: Case) -> None:
    if case.delayed:
        assert "cuminc" not in case.answers
        return
    theirs = case.answers["cuminc"]
    curves = cumulative_incidence(case.table(group="group"), variance="aalen")
    for name, est, var in zip(theirs["curves"], theirs["est"], theirs["var"], strict=True):
        group, cause = name.rsplit(" ", 1)
        curve = curves.curve(group=group, cause=cause)
        times = np.array(theirs["times"])
        within = times <= curve.time[-1]
        assert np.isnan(numbers(est)[~within]).all(), "cmprsk gives NA after a curve's own last time"
        rows = curves.at(times).filter(group=group, cause=cause)
        agree(rows["estimate"], est, where=within)
        agree(rows["std_error"].to_numpy() ** 2, var, where=within, floor=1e-8)


def test_cmprsk_steps_and_tidycmprsk_limits(case: Case) -> None:
    if case.delayed:
        assert "cuminc_steps" not in case.answers
        return
    curves = cumulative_incidence(case.table(group="group"), variance="aalen", interval="log-log")
    for name, theirs in case.answers["cuminc_steps"].items():
        group, cause = name.rsplit(" ", 1)
        curve = curves.curve(group=group, cause=cause)
        index = at_times_of(curve, theirs["time"])
        agree(curve.estimate[index], listed(theirs["est"]))
        agree(curve.std_error[index] ** 2, listed(theirs["var"]), floor=1e-8)
        limits = case.answers["tidycmprsk_loglog"][name]
        index = at_times_of(curve, limits["time"])
        uncertain = curve.estimate[index] < 1
        if uncertain.any():
            agree(curve.low[index], listed(limits["lower"]), where=uncertain)
            agree(curve.high[index], listed(limits["upper"]), where=uncertain)


def test_etm(case: Case) -> None:
    """Delta method; etm's limits belong to the first cause, its cloglog is log-log of 1 - F."""
    groups = case.answers.get("etm") or {}
    assert groups or case.name == "zero_and_last", "etm cannot have events at time 0"
    for group, theirs in groups.items():
        curves = cumulative_incidence(case.table(group), variance="delta")
        for place, cause in enumerate(listed(theirs["causes"])):
            curve = curves.curve(cause=str(cause))
            index = at_times_of(curve, theirs["time"])
            agree(curve.estimate[index], theirs["est"][place])
            agree(curve.std_error[index] ** 2, theirs["var"][place], floor=1e-7)
        cause = str(listed(theirs["causes"])[0])
        for name, interval in (("linear", "plain"), ("log", "log"), ("log-log", "log-log")):
            curve = cumulative_incidence(case.table(group), variance="delta", interval=interval).curve(
                cause=cause
            )
            shown = (curve.estimate[index] > 0) & (curve.estimate[index] < 1)
            limits = theirs["limits"][name]
            agree(curve.low[index], limits["lower"], where=shown)
            agree(curve.high[index], limits["upper"], where=shown)
        low, high = probability_limits(1 - curve.estimate[index], curve.std_error[index], "log-log", 0.95)
        agree(1 - high, theirs["limits"]["cloglog"]["lower"], where=shown)
        agree(1 - low, theirs["limits"]["cloglog"]["upper"], where=shown)


def test_prodlim(case: Case) -> None:
    """The delta method again; prodlim gives NaN where everyone at risk has an event."""
    if case.delayed:
        assert "prodlim_cif" not in case.answers
        return
    for group, theirs in case.answers["prodlim_cif"].items():
        curves = cumulative_incidence(case.table(group), variance="delta")
        for cause in theirs["causes"] or []:
            if int(cause) not in case.causes:
                continue
            curve = curves.curve(cause=cause)
            index = at_times_of(curve, theirs["time"])
            agree(curve.estimate[index], theirs["est"][cause])
            se = numbers(theirs["se"][cause])
            agree(curve.std_error[index], se, where=~np.isnan(se))


def check_survfit(theirs: dict[str, Any], rows: Source, *, newer: bool = False) -> None:
    """survival 3.8-6 gives limits 0, 0 while F is 0, where 3.5-3 (and we) have them undefined."""
    for interval, name in SURVFIT_INTERVALS.items():
        curves = cumulative_incidence(rows, variance="jackknife", interval=interval)
        for place, state in enumerate(listed(theirs["states"])):
            curve = curves.curve(cause=str(state))
            index = at_times_of(curve, theirs["time"])
            agree(curve.estimate[index], numbers(theirs["pstate"])[:, place])
            agree(curve.std_error[index], numbers(theirs["std_err"])[:, place])
            shown = (curve.estimate[index] < 1) & ((curve.estimate[index] > 0) | (not newer))
            for ours, side in ((curve.low[index], "lower"), (curve.high[index], "upper")):
                limits = numbers(theirs[f"{side}_{name}"])[:, place]
                agree(ours, limits, where=shown)
                assert not newer or (limits[curve.estimate[index] == 0] == 0).all()


def test_survfit_unweighted(case: Case) -> None:
    for of, theirs in case.answers["aj_unweighted"].items():
        check_survfit(theirs, case.rows(of))
    check_survfit(case.newer["aj_unweighted"]["all"], case.rows(), newer=True)


def test_survfit_weighted(case: Case) -> None:
    rows = case.rows(weight="weight")
    check_survfit(case.answers["aj_weighted"]["all"], rows)
    check_survfit(case.newer["aj_weighted"]["all"], rows, newer=True)
    if not case.delayed:
        check_survfit(case.answers["aj_weighted"]["all"], case.table(weight="weight"))


def test_survfit_clustered(case: Case) -> None:
    """survival 3.5-3 ignores clusters here: its influence summed by cluster, and survival 3.8-6, do not."""
    rows = case.rows(weight="weight", cluster="cluster")
    check_survfit(case.newer["aj_weighted_cluster"]["all"], rows, newer=True)
    theirs = case.answers["aj_weighted_cluster_from_influence"]
    curves = cumulative_incidence(rows, variance="jackknife")
    for place, curve in enumerate(curves):
        index = at_times_of(curve, theirs["time"])
        agree(curve.std_error[index], numbers(theirs["std_err"])[:, place])


def test_jackknife_of_independent_patients_is_the_delta_method(case: Case) -> None:
    if case.delayed:
        with pytest.raises(ValueError, match="histories"):
            cumulative_incidence(case.table(), variance="jackknife")
        return
    jackknife = cumulative_incidence(case.table(), variance="jackknife")
    for ours, theirs in zip(jackknife, cumulative_incidence(case.table(), variance="delta"), strict=True):
        np.testing.assert_allclose(ours.std_error, theirs.std_error, rtol=1e-9, atol=1e-12)
