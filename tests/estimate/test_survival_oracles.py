"""Kaplan-Meier against R's survival, on the simulated cases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from remission.core.limits import INTERVALS
from remission.core.steps import last_at
from remission.estimate.curves import Curve
from remission.estimate.difference import difference
from remission.estimate.followup import follow_up
from remission.estimate.mean import restricted_mean
from remission.estimate.source import Source
from remission.estimate.survival import kaplan_meier
from remission.events.count import event_table
from remission.events.histories import histories
from tests.oracles.read import CASES, Case, agree, load, numbers

INTERVAL_OF = {"plain": "plain", "log": "log", "log-log": "log-log", "logit": "logit", "arcsin": "arcsine"}


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return load(request.param)


def at_times_of(curve: Curve, theirs: dict[str, Any]) -> np.ndarray:
    index = last_at(curve.time, numbers(theirs["time"]))
    agree(curve.time[index], theirs["time"])
    return index


def check_curve(
    source: Source, theirs: dict[str, Any], probabilities: list[float], *, noise: bool = False
) -> None:
    """Counts, S, standard error, five intervals, quantiles with limits, values at times.

    `noise`: where S = 0 R's robust error is 0 or 1e-17 by rounding, its plain limits 0 or undefined.
    """
    curve = kaplan_meier(source).curves[0]
    index = at_times_of(curve, theirs)
    agree(curve.at_risk[index], theirs["n_risk"])
    agree(curve.estimate[index], theirs["surv"])
    steps = numbers(theirs["std_err_raw"])
    alive = curve.estimate[index] > 0
    std_error = np.where(alive, steps, 0.0) * (curve.estimate[index] if theirs["logse"] else 1.0)
    agree(curve.std_error[index], std_error, where=alive)
    if theirs["logse"]:
        assert np.isinf(steps[~alive]).all()
        assert np.isnan(curve.std_error[index][~alive]).all()
    else:
        assert (curve.std_error[index][~alive] == 0).all()
    agree(np.diff(np.concatenate([[0], curve.events]))[index], theirs["n_event"])
    agree(np.diff(np.concatenate([[0], curve.censored]))[index], theirs["n_censor"])
    for name, interval in INTERVAL_OF.items():
        curves = kaplan_meier(source, interval=interval)
        one = curves.curves[0]
        defined = alive if noise and interval == "plain" else np.ones(len(index), bool)
        agree(one.low[index], theirs["limits"][name]["lower"], where=defined)
        agree(one.high[index], theirs["limits"][name]["upper"], where=defined)
        reached = theirs["quantile"][name]
        rows = curves.quantile(probabilities)
        agree(rows["estimate"].fill_null(np.nan), reached["quantile"])
        for side, name_in_r in (("low", "lower"), ("high", "upper")):
            limits = numbers(reached[name_in_r])
            known = ~np.isnan(limits) if noise and interval == "plain" else np.ones(len(limits), bool)
            agree(rows[side].fill_null(np.nan), limits, where=known)


def check_at(case: Case, of: str, source: Source, theirs: dict[str, Any]) -> None:
    at = theirs["at"]
    rows = kaplan_meier(source, interval="log").at(at["time"])
    agree(rows["estimate"], at["surv"])
    agree(rows["std_error"].fill_null(np.nan), at["std_err"])
    agree(rows["low"].fill_null(np.nan), at["lower_log"])
    agree(rows["high"].fill_null(np.nan), at["upper_log"])
    check_at_risk(case, of, rows["at_risk"].to_numpy(), at, weighted=source.weights_are != "none")
    events = rows["events"].to_numpy()
    agree(np.diff(np.concatenate([[0], events])), at["n_event"])
    rows = kaplan_meier(source).at(at["time"])
    agree(rows["low"].fill_null(np.nan), at["lower_loglog"])
    agree(rows["high"].fill_null(np.nan), at["upper_loglog"])


def check_at_risk(case: Case, of: str, ours: np.ndarray, at: dict[str, Any], *, weighted: bool) -> None:
    """Between two exits R shows the number at risk at the later one, with those who only enter in between.

    Ours are those with entry < t <= exit at t itself, so the two agree unless somebody enters in between.
    """
    if not case.delayed:
        agree(ours, at["n_risk"])
        return
    rows = case.arguments(of, any_event=True)
    weight = case.columns["weight"] if weighted else np.ones(len(case.columns["time"]))
    weight = weight if of == "all" else weight[case.columns["group"] == of]
    for time, mine, theirs in zip(at["time"], ours, numbers(at["n_risk"]), strict=True):
        here = weight[(rows["entry"] < time) & (time <= rows["time"])].sum()
        later = rows["time"][rows["time"] >= time]
        arriving = weight[(rows["entry"] >= time) & (rows["entry"] < later.min(initial=np.inf))]
        agree(mine, np.array(here))
        agree(theirs, np.array(here + (arriving.sum() if len(later) else 0.0)))


def test_all_intervals_are_checked() -> None:
    assert set(INTERVAL_OF.values()) == set(INTERVALS)


def test_unweighted(case: Case) -> None:
    for group, theirs in case.answers["km"].items():
        source = case.table(group, any_event=True)
        check_curve(source, theirs, case.answers["probs"])
        check_at(case, group, source, theirs)


def test_all_groups_in_one_table_are_the_same_curves(case: Case) -> None:
    curves = kaplan_meier(case.table(any_event=True, group="group"))
    for group in case.groups:
        theirs = case.answers["km"][group]
        curve = curves.curve(group=group)
        agree(curve.estimate[at_times_of(curve, theirs)], theirs["surv"])


def test_weights(case: Case) -> None:
    theirs = case.answers["km_weighted"]["all"]
    arguments = case.arguments("all", any_event=True, weight="weight")
    if theirs["logse"]:
        check_curve(event_table(**arguments, weights_are="frequency"), theirs, case.answers["probs"])
        check_at(case, "all", event_table(**arguments, weights_are="frequency"), theirs)
        return
    source: Source = histories(**arguments) if case.delayed else event_table(**arguments)
    check_curve(source, theirs, case.answers["probs"])
    check_at(case, "all", source, theirs)


def test_weights_and_clusters(case: Case) -> None:
    source = case.rows(any_event=True, weight="weight", cluster="cluster")
    theirs = case.answers["km_weighted_cluster"]["all"]
    check_curve(source, theirs, case.answers["probs"], noise=True)
    check_at(case, "all", source, theirs)
    newer = case.newer["km_weighted_cluster"]["all"]
    curve = kaplan_meier(source).curves[0]
    agree(curve.std_error[at_times_of(curve, newer)], newer["std_err_raw"])


def test_newer_r_gives_the_same(case: Case) -> None:
    theirs = case.newer["km"]["all"]
    curves = kaplan_meier(case.table(any_event=True))
    agree(curves.curves[0].estimate[at_times_of(curves.curves[0], theirs)], theirs["surv"])
    agree(
        curves.quantile(case.answers["probs"])["estimate"].fill_null(np.nan),
        theirs["quantile"]["log-log"]["quantile"],
    )


def test_follow_up(case: Case) -> None:
    """Reverse Kaplan-Meier as survfit has it: events count at risk of a censoring at the same time."""
    theirs = case.answers["reverse_km_survfit"]["all"]
    for source in (case.table(), case.rows()):
        curve = follow_up(source).curves[0]
        index = at_times_of(curve, theirs)
        agree(curve.estimate[index], theirs["surv"])
        agree(curve.at_risk[index], theirs["n_risk"])
        for name, interval in INTERVAL_OF.items():
            curves = follow_up(source, interval=interval)
            agree(curves.curves[0].low[index], theirs["limits"][name]["lower"])
            agree(curves.curves[0].high[index], theirs["limits"][name]["upper"])
            rows = curves.quantile(case.answers["probs"])
            for side, name_in_r in (("estimate", "quantile"), ("low", "lower"), ("high", "upper")):
                agree(rows[side].fill_null(np.nan), theirs["quantile"][name][name_in_r])


def test_follow_up_with_deaths_first(case: Case) -> None:
    """Reverse Kaplan-Meier as prodlim has it; its standard error is NaN where the curve is 0, as ours."""
    if "reverse_km_prodlim" not in case.answers:
        assert case.delayed or not (case.columns["cause"] == 0).any()
        return
    theirs = case.answers["reverse_km_prodlim"]
    curve = follow_up(case.table(), ties="prodlim").curves[0]
    index = at_times_of(curve, theirs)
    agree(curve.estimate[index], theirs["surv"])
    agree(curve.std_error[index], theirs["se"])


def check_means(source: Source, theirs: dict[str, Any]) -> None:
    table = theirs["table"]["log-log"]
    for until, mean, error in (
        (theirs["tau"], table["rmean"], table["se(rmean)"]),
        (None, theirs["rmean_default"], theirs["se_rmean_default"]),
        (theirs["tau_beyond"], theirs["rmean_beyond"], theirs["se_rmean_beyond"]),
    ):
        rows = restricted_mean(source, until=until, extend=True).rows()
        agree(rows["estimate"], [mean])
        agree(rows["std_error"], [error])


def test_restricted_means(case: Case) -> None:
    for group, theirs in case.answers["km"].items():
        check_means(case.table(group, any_event=True), theirs)
    newer = case.newer["km"]["all"]
    beyond = case.answers["km"]["all"]["tau_beyond"]
    rows = restricted_mean(case.table(any_event=True), until=beyond, extend=True).rows()
    agree(rows["estimate"], [newer["rmean_beyond"]])
    agree(rows["std_error"], [newer["se_rmean_beyond"]])


def test_restricted_means_with_weights(case: Case) -> None:
    """R's mean is right, but its error is not robust, so only that of frequencies is compared."""
    theirs = case.answers["km_weighted"]["all"]
    arguments = case.arguments("all", any_event=True, weight="weight")
    tau, table = theirs["tau"], theirs["table"]["log-log"]
    sampled = restricted_mean(histories(**arguments), until=tau, extend=True).rows()
    agree(sampled["estimate"], [table["rmean"]])
    if theirs["logse"]:
        check_means(event_table(**arguments, weights_are="frequency"), theirs)


def test_contrasts_of_restricted_means(case: Case) -> None:
    if "survRM2" not in case.answers:
        assert case.delayed or len(case.groups) != 2
        return
    theirs = case.answers["survRM2"]
    table = case.table(any_event=True, group="group")
    rows = difference(table, until=theirs["tau"]).rows()
    assert rows["group"].unique().to_list() == [theirs["arm1"]]
    assert rows["versus"].unique().to_list() == [theirs["arm0"]]
    for row, name in enumerate(("diff", "ratio", "rmtl_ratio")):
        agree([rows[column][row] for column in ("estimate", "low", "high", "p")], theirs[name])
    means = restricted_mean(table, until=theirs["tau"]).rows()
    for group, name in ((theirs["arm1"], "arm1_rmst"), (theirs["arm0"], "arm0_rmst")):
        row = means.filter(group=group)
        agree([row[column].item() for column in ("estimate", "std_error", "low", "high")], theirs[name])
    assert restricted_mean(table).until == theirs["default_tau"]
    with pytest.raises(ValueError, match="beyond the follow-up"):
        restricted_mean(table, until=theirs["default_tau"] + 0.5)
