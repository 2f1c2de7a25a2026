"""One report, built and written once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from remission.report import Document, build, write
from remission.study.results import Results
from tests.report import ankl


@pytest.fixture(scope="session")
def results() -> Results:
    return ankl.results()


@pytest.fixture(scope="session")
def document(results: Results) -> Document:
    return build(results)


@pytest.fixture(scope="session")
def folder(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the whole report was written."""
    place = tmp_path_factory.mktemp("report")
    write(results, place)
    return place
