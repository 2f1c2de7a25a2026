"""Options of `kind = "restratify"`."""

from __future__ import annotations

from pydantic import Field, StrictStr

from remission.core.clock import Unit
from remission.study.kinds.options import OneOrMore, Options


class RestratifyOptions(Options):
    """Options of one cohort under two or more protocols."""

    endpoint: OneOrMore = Field(description='One or more endpoints: "efs", ["efs", "os"].')
    by: tuple[StrictStr, ...] = Field(
        description="Two or more risk columns known at time zero, lowest risk first: groups of a protocol "
        '([derived] with `protocol`) or any ordered category: ["mll10", "interfant06"].'
    )
    at: OneOrMore = Field(
        (), description="Times at which values are given; day 100 and 1, 2, 3 and 5 years unless said."
    )
    until: StrictStr | None = Field(
        None, description="Last time drawn; unless said, as long as five patients are at risk in some group."
    )
    unit: Unit | None = Field(
        None, description='Unit in which times are shown here, when not that of the study: "days".'
    )
