"""Options of `kind = "adjusted"`."""

from __future__ import annotations

from pydantic import Field, StrictStr

from remission.core.clock import Unit
from remission.study.kinds.model_terms import TermEntry
from remission.study.kinds.options import OneOrMore, Options


class AdjustedOptions(Options):
    """Options of adjusted curves."""

    endpoint: OneOrMore = Field(
        description="One or more endpoints: survival by a Cox model, incidence by a Fine-Gray model."
    )
    by: StrictStr = Field(description="Column whose groups are compared: had all patients been in each.")
    adjust: tuple[TermEntry, ...] = Field(description="Terms to adjust for, as in models.")
    stratum: StrictStr | None = Field(
        None, description="Column whose levels have baseline hazards of their own."
    )
    at: OneOrMore = Field(
        (),
        description="Times at which values and differences are given; day 100 and 1, 2, 3 and 5 years unless "
        "said, as far as patients were followed.",
    )
    until: StrictStr | None = Field(
        None, description="Last time drawn; unless said, as long as five patients are at risk in some group."
    )
    landmark: StrictStr | None = Field(
        None,
        description='"100 days": patients still at risk then, with everything as it was known by that time; '
        "needed where the groups or a term are known only later.",
    )
    unit: Unit | None = Field(
        None, description='Unit in which times are shown here, when not that of the study: "days".'
    )
