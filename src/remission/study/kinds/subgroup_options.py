"""Options of `kind = "subgroups"`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictStr

from remission.study.kinds.model_terms import TermEntry
from remission.study.kinds.options import OneOrMore, Options


class SubgroupsOptions(Options):
    """Options of subgroup analyses."""

    endpoint: OneOrMore = Field(
        description="One or more endpoints; the cause-specific hazard where events compete."
    )
    effect: TermEntry = Field(
        description="Column whose effect is shown: a yes/no, two groups, or a number such as "
        '{ column = "age", per = 10 }.'
    )
    by: OneOrMore = Field(description="One or more columns whose levels are the subgroups.")
    adjust: tuple[TermEntry, ...] = Field(
        (),
        description="Terms the effect is adjusted for, as in models; within a subgroup all but its own "
        "column.",
    )
    stratum: StrictStr | None = Field(
        None, description="Column whose levels have baseline hazards of their own."
    )
    landmark: StrictStr | None = Field(
        None,
        description='"100 days": patients still at risk then, with everything as it was known by that time; '
        "needed where the effect or a column is known only later.",
    )
    adjust_p: Literal["holm", "bh", "bonferroni", "none"] = Field(
        "holm", description="How the P values of the interaction tests are adjusted for their number."
    )
