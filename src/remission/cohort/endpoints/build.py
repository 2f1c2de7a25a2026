"""From declared endpoints to outcomes, with every problem told at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from remission.cohort.cohort import Cohort
from remission.cohort.endpoints.declare import EndpointDeclaration
from remission.cohort.outcome import Outcome
from remission.core.problems import Problem


def build_outcomes(
    cohort: Cohort,
    declarations: Mapping[str, EndpointDeclaration],
    *,
    folder: Path | None = None,
    missing_endpoint: Literal["refuse", "exclude"] = "refuse",
) -> tuple[dict[str, Outcome], tuple[Problem, ...]]:
    """Build every endpoint. `folder` is the study file's; `missing_endpoint` is what [cohort] says."""
    raise NotImplementedError
