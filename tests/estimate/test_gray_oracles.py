"""Gray's test against cmprsk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from remission.estimate.gray import ALL_GONE, gray
from remission.events.count import event_table
from tests.estimate.grouped import WITHOUT_ENTRY, table_of
from tests.oracles.read import agree, load

KEYS = {
    "rho0": (0.0, False),
    "rho1": (1.0, False),
    "rho_neg05": (-0.5, False),
    "strata_rho0": (0.0, True),
    "strata_rho1": (1.0, True),
}
SMALL = json.loads((Path(__file__).parents[1] / "oracles" / "grouptests" / "gray.json").read_text())["cases"]


@pytest.mark.parametrize("name", WITHOUT_ENTRY)
def test_cuminc(name: str) -> None:
    case = load(name)
    for key, theirs in case.answers["gray"].items():
        rho, strata = KEYS[key]
        table = table_of(case, strata=strata)
        assert tuple(theirs["cause"]) == table.topology.causes
        tests = [gray(table, cause, rho) for cause in table.topology.causes]
        agree([test.statistic for test in tests], theirs["stat"])
        agree([test.df for test in tests], theirs["df"])
        # cmprsk takes p as 1 minus the distribution function: absolute agreement
        np.testing.assert_allclose([test.p for test in tests], theirs["p"], rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("case", SMALL)
@pytest.mark.parametrize("key", ["plain", "strata"])
def test_cuminc_on_small_awkward_samples(case: dict[str, Any], key: str) -> None:
    table = event_table(
        case["time"],
        case["cause"],
        causes={1: "relapse", 2: "NRM"},
        group=case["group"],
        stratum=case["stratum"] if key == "strata" else None,
    )
    test = gray(table, "relapse", case["rho"])
    if test.reason == ALL_GONE:  # where R works with a probability above 1, or stops
        assert np.isnan(test.statistic)
        assert np.isnan(test.p)
    elif (
        case[key] == "error"
    ):  # R weighs times at which one group is left by a negative number to the power of rho
        assert case["rho"] < 0
        assert test.statistic > 0
    else:
        agree([test.statistic, test.df], case[key])


def test_the_small_samples_reach_the_corners() -> None:
    found = [case[key] for case in SMALL for key in ("plain", "strata")]
    assert "error" in found
    assert sum(isinstance(answer, list) for answer in found) > 90
    assert any(len(set(case["group"])) == 5 for case in SMALL)
    assert any(min(case["time"]) == 0 for case in SMALL)
