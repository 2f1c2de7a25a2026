"""Plain limits: refused where they leave 0 to 100 %, with log-log limits and a finding in their place."""

from __future__ import annotations

import pytest

from remission.cohort.column import Column
from remission.core.clock import Clock
from remission.report.sentences import say
from remission.study.kind import Context
from remission.study.kinds.curves import KIND
from tests.study.kinds_by_hand import BASELINE, cohort_of, context_of, finding, outcome_of, output, run


def eighteen(interval: str) -> Context:
    """One event among 18 at risk: 17/18 = 94.4 %, as in MLL-10's intermediate risk; and half of 40."""
    arm = ["IR"] * 18 + ["HR"] * 40
    time = [300.0, *[1500.0] * 17, *[200.0] * 20, *[1500.0] * 20]
    event = ["death", *[None] * 17, *["death"] * 20, *[None] * 20]
    columns = [Column("arm", "category", "Risk group", levels=("IR", "HR"), known_at=BASELINE)]
    cohort = cohort_of({"arm": arm}, columns, clock=Clock("years"))
    return context_of(cohort, outcome_of(time, event), interval=interval)


def test_plain_limits_that_stay_inside_are_kept_and_others_become_log_log() -> None:
    done = run(KIND, eighteen("plain"), endpoint="os", by="arm", at="3 years")
    rows = {row["group"]: row for row in output(done, "estimates").rows.iter_rows(named=True)}
    inside, refused = rows["HR"], rows["IR"]
    assert inside["scale"] == "plain"
    assert (inside["low"], inside["high"]) == pytest.approx(
        (0.5 - 1.959963984540054 * inside["std_error"], 0.5 + 1.959963984540054 * inside["std_error"])
    )
    assert refused["scale"] == "log-log"
    assert (round(refused["low"], 3), round(refused["high"], 3)) == (0.666, 0.992)
    log_log = run(KIND, eighteen("log-log"), endpoint="os", by="arm", at="3 years")
    same = {row["group"]: row for row in output(log_log, "estimates").rows.iter_rows(named=True)}["IR"]
    assert (refused["low"], refused["high"]) == pytest.approx((same["low"], same["high"]), rel=1e-12)


def test_what_was_refused_is_said() -> None:
    done = run(KIND, eighteen("plain"), endpoint="os", by="arm", at="3 years")
    said = finding(done, "plain_limits_refused")
    (refused,) = said.facts["times"]  # type: ignore[misc]
    assert refused["group"] == "IR"  # type: ignore[index]
    assert "83.9–105.0%" in say(said)
    names = [each.name for each in run(KIND, eighteen("log"), endpoint="os", at="3 years").findings]
    assert "plain_limits_refused" not in names


def test_drawn_limits_never_leave_the_axis_and_are_never_cut() -> None:
    done = run(KIND, eighteen("plain"), endpoint="os", by="arm", at="3 years")
    steps = output(done, "curves").rows
    moved = steps.filter(steps["std_error"] > 0)
    assert moved["high"].max() < 1
    assert moved["low"].min() > 0
