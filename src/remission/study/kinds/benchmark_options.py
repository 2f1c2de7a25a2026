"""Options of `kind = "benchmark"`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictBool, StrictStr

from remission.core.clock import Unit
from remission.study.kinds.options import OneOrMore, Options
from remission.study.published.declare import OwnResult


class BenchmarkOptions(Options):
    """Options of comparisons with published results."""

    endpoint: OneOrMore = Field(description='One or more endpoints: "efs", ["efs", "os"].')
    published: OneOrMore = Field(
        (),
        description='Trials that come with the program ("mll10", "interfant06"; docs/benchmarks.md lists '
        'them), one population of a trial ("mll10/high"), or TOML files of your own '
        'beside the study ("ours.toml").',
    )
    results: tuple[OwnResult, ...] = Field(
        (),
        description='Published results written here, in per cent: [{ trial = "Ours", population = "all", '
        'n = 40, endpoint = "efs", time = "3 years", estimate = 50, standard_error = 7.9, source = "..." }].',
    )
    means: dict[str, StrictStr] = Field(
        default_factory=dict,
        description="What an endpoint of this study is in published results, where its definition does not "
        'tell: { efs = "event-free-survival" }.',
    )
    by: StrictStr | None = Field(None, description="Column whose groups of this cohort are shown, too.")
    at: OneOrMore = Field(
        (),
        description="Only these times; all times of the published results unless said. Results at different "
        "times are never set against each other.",
    )
    until: StrictStr | None = Field(None, description="Last time drawn.")
    difference: StrictBool = Field(
        default=False,
        description="Also the difference between this cohort and each published result at the same time, "
        "with limits from independent errors (groups with the population of their name: high with "
        "mll10/high). It is no comparison of treatments, and no P value is given.",
    )
    difference_on: Literal["log-log", "plain"] = Field(
        "log-log",
        description='Limits of the difference: "log-log" recovers them from the log-log limits of both '
        'sides, "plain" adds the variances.',
    )
    unit: Unit | None = Field(
        None, description='Unit in which times are shown here, when not that of the study: "days".'
    )
