"""What a file of published results may say. Only shapes are checked here; `results` checks the numbers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictInt, StrictStr

from remission.cohort.declare import Declaration
from remission.rules.declare import Mark


class ResultDeclaration(Declaration):
    """[[result]]: one published estimate, in per cent as it was printed."""

    key: StrictStr = Field("", description='Short name of the population, so that "trial/key" chooses it.')
    population: StrictStr = Field(min_length=1, description='Of whom: "high risk".')
    n: StrictInt | None = Field(None, ge=1, description="Number of patients.")
    endpoint: StrictStr = Field(
        min_length=1,
        description='Definition of the endpoint ("event-free-survival"), or the name it has in this study '
        '("efs").',
    )
    time: StrictStr = Field(description='When: "3 years".')
    estimate: float = Field(ge=0, le=100, description="Per cent: 66.2.")
    standard_error: float | None = Field(None, gt=0, le=50, description="In percentage points: 5.6.")
    low: float | None = Field(None, ge=0, le=100, description="Lower limit, per cent.")
    high: float | None = Field(None, ge=0, le=100, description="Upper limit, per cent.")
    confidence: float = Field(0.95, gt=0.5, lt=1, description="Coverage of the published limits.")
    limits_on: Literal["log-log", "plain"] = Field(
        "log-log", description="Scale on which the published limits were made."
    )
    mark: Mark = Field("own", description="How sure the numbers are.")
    error_mark: Mark | None = Field(
        None, description="The same of standard error or limits, where it differs from that of the estimate."
    )
    source: StrictStr = Field(min_length=1, description="Where it was published.")
    years: StrictStr | None = Field(None, description='Years of inclusion: "2011-2015".')
    time_zero: StrictStr | None = Field(None, description='From when time counts: "diagnosis".')
    selected: StrictStr | None = Field(
        None, description="What patients had to reach to be counted, where time began before."
    )
    note: StrictStr = ""


class OwnResult(ResultDeclaration):
    """A published estimate written in the study file itself."""

    trial: StrictStr = Field(min_length=1, description="Name of the trial.")


class TrialDeclaration(Declaration):
    """A file: one trial and its results."""

    trial: StrictStr = Field(min_length=1, description="Name of the trial.")
    title: StrictStr = Field("", description="Its full name.")
    years: StrictStr | None = Field(None, description='Years of inclusion: "2011-2015".')
    time_zero: StrictStr | None = Field(None, description='From when time counts: "diagnosis".')
    eligibility: StrictStr = Field("", description="Who could be in it.")
    treatment: StrictStr = Field("", description="How they were treated.")
    selected: StrictStr | None = Field(
        None, description="What patients had to reach to be counted, where time began before."
    )
    notes: tuple[StrictStr, ...] = ()
    result: tuple[ResultDeclaration, ...] = Field(min_length=1, description="What it reported.")
