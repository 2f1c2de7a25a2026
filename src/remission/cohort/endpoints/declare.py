"""What a study file may say about an endpoint: the [endpoints] table.

Only shapes are checked here; `build_outcomes` tells what does not fit together, or does not fit the data, as
problems, all at once. The descriptions are the reference of the study file.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictBool, StrictInt, StrictStr

from remission.cohort.declare import Declaration

Code = StrictBool | StrictInt | StrictStr
NeverCr = Literal["first-recorded-progression", "day-0"]
Rule = Literal["time0", "at_evaluation", "eln_aml"]
Later = Literal["exclude", "truncate", "extend"]


class Happening(Declaration):
    """An event told by two columns: whether it happened, and when (end of follow-up where it did not)."""

    time: str = Field(
        description="Date or time column: when it happened where `status` says so, otherwise the end of "
        "follow-up for it."
    )
    status: str = Field(description="Column that says whether it happened.")
    event: Code | None = Field(
        None, description="Value of `status` that means it happened; not needed for a yes/no column."
    )


When = str | Happening
_WHEN = (
    "date or time column (empty: did not happen); with `time`, a yes/no column; or "
    '{ time = "...", status = "..." }'
)


class EndpointDeclaration(Declaration):
    """[endpoints]: one endpoint, which definition it follows and which columns tell it."""

    definition: str = Field(
        description='Name of a definition ("overall-survival"), or a TOML file of your own, beside the study '
        "file."
    )
    label: str = Field("", description="Words for people; the definition's own unless said.")
    same_as: str | None = Field(
        None, description="Another endpoint whose columns and rules are used where this one says nothing."
    )

    death: When | None = Field(None, description=f"Death: {_WHEN}.")
    last: str | None = Field(None, description="Date or time column: last contact.")
    relapse: When | None = Field(None, description=f"Relapse: {_WHEN}.")
    progression: When | None = Field(
        None,
        description=f"Progression, when a column of its own (with relapse: whichever is first): {_WHEN}.",
    )
    remission: str | None = Field(
        None,
        description="Complete remission: date or time column (empty: never), or a yes/no column that says "
        "whether it was ever reached.",
    )
    evaluation: str | None = Field(
        None,
        description='When remission is judged: a time after time zero ("180 days"), a date or a time column.',
    )
    failure: When | None = Field(None, description=f"Treatment failure (no remission) declared: {_WHEN}.")
    acute_gvhd: When | None = Field(None, description=f"Acute GVHD of the grade that counts: {_WHEN}.")
    chronic_gvhd: When | None = Field(None, description=f"Chronic GVHD of the severity that counts: {_WHEN}.")
    recovery: When | None = Field(None, description=f"Neutrophil or platelet recovery: {_WHEN}.")
    second_malignancy: When | None = Field(None, description=f"Second malignancy: {_WHEN}.")
    graft_failure: When | None = Field(None, description=f"Graft failure: {_WHEN}.")
    second_transplant: When | None = Field(
        None, description=f"Second transplant, where it competes: {_WHEN}."
    )
    transplant: When | None = Field(None, description=f"Transplant, where it is the event: {_WHEN}.")
    other: dict[str, When] = Field(
        default_factory=dict, description="Further events, by the names that a definition of your own uses."
    )

    time: str | None = Field(
        None, description="Ready-made time column: to the event, or to the end of follow-up."
    )
    status: str | None = Field(
        None, description="Column that says what happened at `time` (any event of the endpoint)."
    )
    event: Code | dict[str, Code] | None = Field(
        None,
        description="Value of `status` that means the event (1), or one for each: "
        "{ relapse = 1, death = 2 }; not needed for a yes/no column.",
    )
    censored: tuple[Code, ...] = Field(
        (), description="Values of `status` that mean no event, when there are several: [0, 3]."
    )
    death_without_relapse: str | None = Field(
        None, description="Yes/no column: died at `time` without relapse or progression."
    )
    death_without_event: str | None = Field(
        None, description="Yes/no column: died at `time` without this endpoint's event (GVHD, recovery)."
    )

    time_zero: str | None = Field(
        None,
        description="Date or time column from which this endpoint's time counts, when not the cohort's time "
        "zero; patients without it are not part of the endpoint.",
    )
    time_zero_label: str = Field("", description='What happened then: "complete remission".')
    never_cr: NeverCr | None = Field(
        None,
        description='Patients never in remission: "first-recorded-progression" counts them from the day '
        'progression was recorded, "day-0" on day 0 (then say `remission`).',
    )
    rule: Rule | None = Field(
        None,
        description='Event-free survival of patients whose treatment failed: event on day 0 ("time0"), when '
        'declared ("at_evaluation"), or on day 0 without remission by the landmark ("eln_aml").',
    )
    grade: str = Field("", description='Which GVHD the column holds: "II-IV", "III-IV", "extensive".')
    competing: tuple[str, ...] = Field(
        (), description='Further competing events the definition allows, such as ["relapse"] for GVHD.'
    )
    censor_at: str | tuple[str, ...] = Field(
        (),
        description="Date or time columns that end follow-up (second transplant, donor lymphocytes); an "
        "event on that day still counts.",
    )
    censor_after: str | None = Field(
        None, description='End of follow-up for everybody: "100 days"; an event on that day still counts.'
    )
    entry: str | None = Field(
        None,
        description='Delayed entry: patients count from then on, not before: "12 months", or a date or time '
        "column.",
    )
    left_before_entry: Literal["refuse", "exclude"] = Field(
        "refuse",
        description="Patients whose follow-up ended before entry: problems, or left out and counted.",
    )
    missing_endpoint: Literal["refuse", "exclude"] | None = Field(
        None,
        description="Patients whose endpoint is unknown: as [cohort] says unless said here.",
    )
    later_than: Later | None = Field(
        None,
        description='Events later than the end of follow-up: "exclude" leaves these patients out, "truncate" '
        'takes the last day of follow-up, "extend" lengthens follow-up to the event. Problems unless said.',
    )
