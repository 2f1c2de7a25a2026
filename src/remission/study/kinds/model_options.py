"""Options of `kind = "model"`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictStr

from remission.cohort.declare import Declaration
from remission.core.clock import Unit
from remission.study.kinds.model_terms import TermEntry
from remission.study.kinds.options import OneOrMore, Options


class EliminateTable(Declaration):
    """Backward elimination, declared."""

    backward: Annotated[float, Field(gt=0, lt=1)] = Field(
        description="Terms are left out one by one, the largest P first, until none is above this."
    )
    keep: OneOrMore = Field((), description="Terms that stay whatever their P.")


class TimeVaryingTable(Declaration):
    """A term whose effect may change with time."""

    column: StrictStr = Field(description="A column among the terms, a number or groups.")
    cuts: OneOrMore = Field(
        (), description='Times that separate periods with a ratio each: "100 days", ["1 year", "2 years"].'
    )
    log_time_at: OneOrMore = Field(
        (),
        description="In place of `cuts`: the ratio moves steadily with the logarithm of time, and is shown "
        'at these times: ["100 days", "1 year"].',
    )


class ModelOptions(Options):
    """Options of models."""

    endpoint: OneOrMore = Field(description='One or more endpoints: "os", ["relapse", "nrm"].')
    terms: tuple[TermEntry, ...] = Field(
        description='Columns, or tables with settings: ["age", { column = "graft", reference = "cord blood" '
        '}, { column = "age", per = 10 }, { column = "age", spline = 4 }, '
        '{ interaction = ["age", "graft"] }]. '
        "A yes/no with a date enters as time-dependent by itself: no before its date, yes from then on."
    )
    method: Literal["cox", "fine-gray", "cause-specific"] = Field(
        "cox",
        description='"cox": the hazard of the endpoint (its cause-specific hazard where events compete). '
        '"cause-specific": the hazards of all competing events side by side. "fine-gray": the '
        "subdistribution hazard, whose ratios order the incidences.",
    )
    stratum: StrictStr | None = Field(
        None, description="Column whose levels have baseline hazards of their own."
    )
    cluster: StrictStr | None = Field(
        None, description="Column of patients who are alike (centres); limits then allow for it."
    )
    ties: Literal["efron", "breslow"] | None = Field(
        None,
        description="How tied events are treated: Efron's way unless said (Fine-Gray: the variant's own).",
    )
    variant: Literal["crr", "finegray"] | None = Field(
        None,
        description="Of Fine-Gray models: the conventions of R's cmprsk (crr) or survival (finegray), which "
        "differ under ties; crr unless strata, delayed entry or Efron ties need the other.",
    )
    unit: Unit | None = Field(
        None, description='Unit in which times are shown here, when not that of the study: "days".'
    )
    landmark: StrictStr | None = Field(
        None,
        description='"100 days": patients still at risk then, followed from then on, with all terms as they '
        "were known by that time.",
    )
    univariable: StrictBool = Field(
        default=False, description="Also each term alone, in the patients who have it."
    )
    adjust: Literal["holm", "bh", "bonferroni", "none"] = Field(
        "holm", description="How the P values of the terms alone are adjusted for their number."
    )
    missing: Literal["complete"] = Field(
        "complete", description="Patients without one of the terms are left out of the model, and counted."
    )
    eliminate: EliminateTable | None = Field(
        None,
        description="Backward elimination; its whole path is printed, with a warning: limits and P values of "
        "the last model are too good.",
    )
    firth: StrictBool = Field(
        default=False,
        description="Firth's penalty with profile limits, for few events or where a ratio runs to infinity "
        "(not for Fine-Gray).",
    )
    time_varying: TimeVaryingTable | None = Field(
        None,
        description='An effect that changes: by period { column = "graft", cuts = ["100 days"] }, or '
        'steadily with log time { column = "graft", log_time_at = ["1 year"] } (not for Fine-Gray).',
    )
