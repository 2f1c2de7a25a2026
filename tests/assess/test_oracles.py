"""Agreement with pROC, rms, riskRegression and survival on simulated patients (tests/oracles/assess)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from remission.assess.calibration import brier, calibration
from remission.assess.cindex import c_difference, c_index
from remission.assess.dynamic import auc_at, auc_difference_at, brier_at
from remission.assess.roc import auc, auc_difference

FOLDER = Path(__file__).resolve().parents[1] / "oracles" / "assess"
D = pl.read_csv(FOLDER / "patients.csv")
R: dict[str, Any] = json.loads((FOLDER / "answers.json").read_text())
ANY = D["status"].to_numpy() > 0
CAUSES = np.array([None, "relapse", "death"], dtype=object)[D["status"].to_numpy()]


def close(ours: Any, theirs: Any) -> None:
    assert np.all(np.abs(np.asarray(ours) - theirs) <= 1e-8 * np.maximum(np.abs(theirs), 1e-6))


def test_area_and_delong_as_proc() -> None:
    found = auc(D["s1"], D["y"])
    close(found.estimate, R["auc"]["auc1"])
    close(found.std_error**2, R["auc"]["var1"])
    gain, p = auc_difference(D["s1"], D["s2"], D["y"])
    close(gain.estimate / gain.std_error, R["auc"]["z"])
    close(p, R["auc"]["p"])


def test_calibration_as_rms_and_glm() -> None:
    found = calibration(D["p"], D["y"])
    close(brier(D["p"], D["y"]).estimate, R["binary"]["brier"])
    close(found.recalibration, [R["binary"]["intercept"], R["binary"]["slope"]])
    close(found.intercept.estimate, R["glm"]["large"])
    # R's glm stops before its variance has settled
    assert found.intercept.std_error == pytest.approx(R["glm"]["large_se"], rel=1e-6)
    assert found.slope.std_error == pytest.approx(R["glm"]["slope_se"], rel=1e-6)


@pytest.mark.parametrize(
    ("event", "cause", "name"), [(ANY, None, "survival"), (CAUSES, "relapse", "competing")]
)
def test_time_dependent_measures_as_riskregression(event: Any, cause: str | None, name: str) -> None:
    theirs, at = R[name], R["at"]
    for index, score in enumerate(("r1", "r2")):
        area = auc_at(D[score], D["time"], event, at, cause=cause)
        squared = brier_at(D[score], D["time"], event, at, cause=cause)
        close(area.estimate, theirs["auc"][index])
        close(squared.estimate, theirs["brier"][index])
        # riskRegression takes another first-order form of the same influence function
        assert area.std_error == pytest.approx(theirs["auc_se"][index], rel=0.005)
        assert squared.std_error == pytest.approx(theirs["brier_se"][index], rel=0.005)
    change, _ = auc_difference_at(D["r2"], D["r1"], D["time"], event, at, cause=cause)
    close(change.estimate, theirs["auc_delta"])
    assert change.std_error == pytest.approx(theirs["auc_delta_se"], rel=0.005)


def test_concordance_as_survival() -> None:
    one = c_index(D["r1"], D["time"], ANY)
    two = c_index(D["r2"], D["time"], ANY)
    close([one.estimate, two.estimate], R["concordance"]["estimate"])
    (v11, v12, _, v22) = R["concordance"]["var"]
    close([one.std_error**2, two.std_error**2], [v11, v22])
    change, _ = c_difference(D["r1"], D["r2"], D["time"], ANY)
    close(change.std_error**2, v11 + v22 - 2 * v12)


def test_competing_events_are_kept_as_wolbers() -> None:
    found = c_index(D["r1"], D["time"], CAUSES, cause="relapse")
    close([found.estimate, found.std_error], [R["wolbers"]["estimate"], R["wolbers"]["se"]])
