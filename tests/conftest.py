"""Where the tests find data of others: `../shared` beside the checkout, or the folder in REMISSION_DATA."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is slow, not wrong: no deadline per example.
# CI repeats the same examples; elsewhere new ones are searched.
settings.register_profile(
    "remission",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("remission")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real cohorts; tests that need it are skipped, visibly, where it is absent."""
    said = os.environ.get("REMISSION_DATA")
    folder = Path(said or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        if said:
            pytest.fail(f"REMISSION_DATA names no folder: {folder}")
        pytest.skip(f"the real cohorts are not here ({folder}); set REMISSION_DATA to their folder")
    return folder


@pytest.fixture(scope="session")
def shared_oracles(shared_data: Path) -> Path:
    """Folder of R's answers on the real cohorts, beside the data."""
    folder = shared_data.parent / "oracles"
    if not folder.is_dir():
        pytest.skip(f"the reference numbers are not here ({folder})")
    return folder
