"""Options of `kind = "compare"`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictBool, StrictStr

from remission.core.clock import Unit
from remission.study.kinds.options import OneOrMore, Options


class CompareOptions(Options):
    """Options of comparisons."""

    endpoint: OneOrMore = Field(description='One or more endpoints: "os", ["os", "relapse"].')
    by: OneOrMore = Field(
        description="One or more columns; the groups of each are compared on each endpoint."
    )
    at: OneOrMore = Field(
        (),
        description="Times at which values and differences are given; day 100 and 1, 2, 3 and 5 years unless "
        "said, as far as patients were followed.",
    )
    until: StrictStr | None = Field(
        None, description="Last time drawn; unless said, as long as five patients are at risk in some group."
    )
    stratum: StrictStr | None = Field(
        None, description="Column within whose levels groups are compared (stratified tests)."
    )
    rho: float = Field(
        0.0, ge=0.0, description="Weight of early differences in the tests: 0 none, 1 as in Peto and Peto's."
    )
    pairwise: StrictBool = Field(
        default=True, description="With more than two groups, also compare every two of them."
    )
    adjust: Literal["holm", "bh", "bonferroni", "none"] = Field(
        "holm", description="How the P values of pairs are adjusted for their number."
    )
    restricted_mean: StrictStr | None = Field(
        None, description='Compare the mean event-free time up to this time: "3 years".'
    )
    landmark: OneOrMore = Field(
        (),
        description='For groups known only after time zero: "100 days" compares, from then on, patients '
        "still at risk by what was known of them at that time; several times give an answer each. The "
        "program never picks the time. Groups known at time zero are compared from time zero.",
    )
    remedy: OneOrMore = Field(
        (),
        description='What runs for groups known only after time zero, one or several: "landmark" (needs '
        '`landmark`), "time-dependent" (patients move to their group on the day; Mantel-Byar test and '
        'Simon-Makuch curves), "delayed entry" (patients count from the day their group was known).',
    )
    start: StrictStr | None = Field(
        None,
        description="Time at which curves by current group begin, where the first patients of a group are "
        "too few.",
    )
    naive: Literal["withhold", "show"] = Field(
        "withhold",
        description='"show" prints the biased comparison that the guard refuses beside the right one, and '
        "says why it is biased.",
    )
    unit: Unit | None = Field(
        None, description='Unit in which times are shown here, when not that of the study: "days".'
    )
