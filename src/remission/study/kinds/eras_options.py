"""Options of `kind = "eras"`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictBool, StrictStr

from remission.core.clock import Unit
from remission.study.kinds.model_terms import TermEntry
from remission.study.kinds.options import OneOrMore, Options


class ErasOptions(Options):
    """Options of comparisons of eras or of successive trials."""

    endpoint: OneOrMore = Field(description='One or more endpoints: "os", ["efs", "os"].')
    by: StrictStr = Field(description="Column of the trial or the period, oldest level first.")
    at: OneOrMore = Field(
        (), description="Times at which values and differences are given; usual ones unless said."
    )
    adjust: tuple[TermEntry, ...] = Field(
        (),
        description="Terms known at time zero to adjust for, as in models; also adjusted curves are then "
        "given.",
    )
    restrict: StrictBool = Field(
        default=True,
        description="End everybody's follow-up where that of the era followed for the shortest time ends, "
        "so that all eras are looked at over the same time.",
    )
    until: StrictStr | None = Field(
        None, description="End everybody's follow-up here instead, and draw up to it."
    )
    stratum: StrictStr | None = Field(
        None, description="Column within whose levels eras are compared (stratified tests)."
    )
    restricted_mean: StrictStr | None = Field(
        None, description='Also compare the mean event-free time up to this time: "3 years".'
    )
    pairwise: StrictBool = Field(
        default=True, description="With more than two eras, also compare every two of them."
    )
    adjust_p: Literal["holm", "bh", "bonferroni", "none"] = Field(
        "holm", description="How the P values of pairs are adjusted for their number."
    )
    unit: Unit | None = Field(
        None, description='Unit in which times are shown here, when not that of the study: "days".'
    )
