"""Options of `kind = "transplant_effect"`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictStr

from remission.core.clock import Unit
from remission.study.kinds.model_terms import TermEntry
from remission.study.kinds.options import OneOrMore, Options

MEDIAN_WAIT = "median waiting time"
EARLY = ("100 days", "1 year")


class TransplantOptions(Options):
    """Options of the effect of a treatment that begins during follow-up."""

    endpoint: OneOrMore = Field(
        description="One or more endpoints; the cause-specific hazard where events compete."
    )
    by: StrictStr = Field(
        description="A yes/no column known on its date: transplant (in first remission, where that is the "
        "question). A transplant on or after the day of the endpoint's event does not count."
    )
    adjust: tuple[TermEntry, ...] = Field(
        (), description="Terms known at the start for which the effect is adjusted, as in models."
    )
    interaction: OneOrMore = Field(
        (),
        description="Columns known at the start whose levels are subgroups: whom does it help? One test of "
        "interaction for each.",
    )
    landmark: OneOrMore = Field(
        (),
        description='Landmarks, one answer each: "4 months", or the words "median waiting time" (of those '
        "transplanted; the time found is printed). The program never picks one by itself.",
    )
    waiting_time: StrictStr | None = Field(
        None,
        description="From when patients never transplanted count in the analysis adjusted for waiting time: "
        'a time or "median waiting time". Where it is not said, the median if `landmark` has these words; '
        "else that analysis does not run.",
    )
    early: OneOrMore = Field(
        EARLY,
        description="Times since transplant at which its effect may change; transplant mortality is early.",
    )
    at: OneOrMore = Field(
        (), description="Times at which the curves by current status are read; the usual ones unless said."
    )
    start: StrictStr | None = Field(
        None,
        description="Time at which the curves by current status begin, where the first transplanted are too "
        "few.",
    )
    until: StrictStr | None = Field(None, description="Last time drawn.")
    risk: StrictStr | None = Field(
        None,
        description="Risk-group column: is transplant told apart from risk? Where (almost) only one level "
        "was transplanted the report says that risk group is treatment.",
    )
    donor: StrictStr | None = Field(
        None,
        description="A yes/no known at the start: was a donor available? Donor against no donor is compared "
        "by intention to treat beside the rest.",
    )
    adjust_p: Literal["holm", "bh", "bonferroni", "none"] = Field(
        "holm", description="How the P values of the interaction tests are adjusted for their number."
    )
    unit: Unit | None = Field(
        None, description='Unit in which times are shown here, when not that of the study: "months".'
    )


def listed(name: str | None) -> list[str]:
    """A name that need not be given, as a list of one or none."""
    return [] if name is None else [name]
