"""The study file as a model: what may stand in it. The JSON schema and the reference are made from here."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictBool, StrictInt, StrictStr

from remission.cohort.declare import (
    CohortDeclaration,
    ColumnDeclaration,
    Declaration,
    DerivedDeclaration,
    ExcludeDeclaration,
)
from remission.cohort.endpoints.declare import EndpointDeclaration
from remission.core.limits import Interval
from remission.study.laboratory.declare import (
    ExpressionDeclaration,
    ResponseDeclaration,
    SignatureDeclaration,
)

SCHEMA = 1
Variance = Literal["aalen", "delta", "jackknife"]
Style = Literal["limits", "standard error", "both"]


class StudyDeclaration(Declaration):
    """[study]: what the study is called and asks, and how intervals are made."""

    title: StrictStr = Field(min_length=1, description="Title of the report.")
    question: StrictStr = Field("", description="What the study asks, in one sentence.")
    authors: tuple[StrictStr, ...] = Field((), description="Who did it.")
    seed: StrictInt = Field(
        20200101,
        ge=0,
        le=2**32 - 1,
        description="Start of the random numbers (permutation tests), so that a run can be repeated.",
    )
    simulated: StrictBool = Field(
        default=False, description="The data are simulated: the report says so on every page."
    )
    confidence: float = Field(0.95, gt=0.5, lt=1, description="Coverage of the confidence intervals.")
    interval: Interval = Field("log-log", description="Scale on which intervals of survival are made.")
    style: Style = Field(
        "limits",
        description='How survival and incidence are written: "limits" 66.2% (95% CI 54.0-75.9), "standard '
        'error" 66.2% (SE 5.6), or "both".',
    )
    variance: Variance = Field(
        "aalen",
        description='Variance of incidences: "aalen" (as R\'s cmprsk), "delta", or "jackknife" (as R\'s '
        "survival).",
    )


class ValidationDeclaration(Declaration):
    """[validation]: a second, independent cohort, read by the same [columns], [derived] and [endpoints].

    Analyses that say `cohort = "validation"` are of it.
    """

    file: StrictStr = Field(description="Its file of patients, with the same columns as that of [cohort].")
    label: StrictStr = Field(
        "validation cohort", min_length=1, description="What it is called in headings and sentences."
    )
    sheet: StrictStr | None = Field(None, description="Excel sheet; needed when there are several.")
    encoding: StrictStr | None = Field(None, description="Of a text file; recognised unless said.")
    separator: Literal[",", ";", "tab", "|"] | None = Field(
        None, description="Between the values of a text file; recognised unless said."
    )
    exclude: tuple[ExcludeDeclaration, ...] = Field(
        (), description='Its patients left out by name: [{ ids = ["17"], reason = "no consent" }].'
    )
    expression: StrictStr | None = Field(
        None, description="Its matrix of [expression], read in the same way."
    )
    plates: StrictStr | None = Field(None, description="Its wells, for [response].")
    lc50: StrictStr | None = Field(None, description="Or its lc50.csv, for [response].")


class StudyFile(Declaration):
    """A whole study file; its analyses are read by their kinds."""

    model_config = ConfigDict(populate_by_name=False)

    schema_version: Literal[1] = Field(alias="schema", description="Version of this format: 1.")
    study: StudyDeclaration = Field(description="The study.")
    cohort: CohortDeclaration = Field(description="The patients.")
    columns: dict[str, ColumnDeclaration] = Field(
        default_factory=dict, description="Columns of the data file, by their name in the study."
    )
    derived: dict[str, DerivedDeclaration] = Field(
        default_factory=dict, description="Columns made from others, by name."
    )
    exclude: tuple[ExcludeDeclaration, ...] = Field((), description="Patients left out by name.")
    endpoints: dict[str, EndpointDeclaration] = Field(
        default_factory=dict, description="Endpoints, by a short name of your own."
    )
    response: ResponseDeclaration | None = Field(None, description="Drug response of the patients' cells.")
    expression: ExpressionDeclaration | None = Field(None, description="Gene expression of the patients.")
    signature: SignatureDeclaration | None = Field(None, description="What is predicted from expression.")
    validation: ValidationDeclaration | None = Field(None, description="A second, independent cohort.")
    analysis: Annotated[tuple[dict[str, Any], ...], Field(min_length=1)] = Field(
        description="What is done, in order; each `kind` has options of its own."
    )
