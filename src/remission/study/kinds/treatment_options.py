"""Options of `kind = "treatment"`."""

from __future__ import annotations

from pydantic import ConfigDict, Field, StrictBool, StrictStr

from remission.cohort.declare import Declaration
from remission.study.kinds.options import GuardedOptions, OneOrMore

TIME_ZERO = "time zero"


class Phase(Declaration):
    """One phase of treatment as the protocol plans it."""

    model_config = ConfigDict(populate_by_name=False)

    name: StrictStr = Field(min_length=1, description="What it is called.")
    start: StrictStr = Field(description="Date or time column: its first day (empty: not started).")
    end: StrictStr | None = Field(None, description="Date or time column: its last day.")
    given: StrictStr | None = Field(
        None,
        description="Yes/no column that says whether it was given, where some dates are missing: a yes "
        "without a date is started on a day not known, neither yes nor no is not known.",
    )
    window: tuple[StrictStr, StrictStr] | None = Field(
        None,
        description='First and last day planned for its start: ["0 days", "7 days"]; both days belong to it.',
    )
    after: StrictStr = Field(
        TIME_ZERO,
        alias="from",
        description='From when the window counts: "time zero", an earlier phase (its start), or a date or '
        "time column.",
    )
    only: StrictStr | None = Field(
        None, alias="for", description="Condition that says for whom it is meant: \"risk in ['IR', 'HR']\"."
    )


class Delivered(Declaration):
    """The treatment that `indication` is about."""

    start: StrictStr = Field(description="Date or time column: when it was given (empty: not given).")
    given: StrictStr | None = Field(
        None, description="Yes/no column that says whether it was given, where some dates are missing."
    )
    window: tuple[StrictStr, StrictStr] | None = Field(
        None, description='When it is to be given, after time zero: ["90 days", "240 days"].'
    )


class TreatmentOptions(GuardedOptions):
    """Options of treatment against protocol."""

    endpoint: StrictStr = Field(
        description="Endpoint whose events end treatment in first remission: event-free or disease-free "
        "survival, with treatment failure on the day it was declared or judged, not on day 0."
    )
    phases: tuple[Phase, ...] = Field(
        (),
        description='Phases in the order of the protocol: [{ name = "induction", start = "induction_start", '
        'window = ["0 days", "7 days"] }, { name = "consolidation", start = "consolidation_start", window = '
        '["28 days", "42 days"], from = "induction", for = "risk in [\'IR\', \'HR\']" }]; `end` and `given` '
        "as needed.",
    )
    in_order: StrictBool = Field(
        default=True, description="A phase that began before an earlier one is a deviation."
    )
    stopped: StrictStr | None = Field(
        None, description="Date or time column: withdrawal from protocol treatment (empty: did not withdraw)."
    )
    indication: StrictStr | None = Field(
        None, description="Condition that says in whom transplant is indicated: \"risk = 'HR'\"."
    )
    delivered: StrictStr | Delivered | None = Field(
        None,
        description='Its date or time column: "transplant_date"; or { start = "transplant_date", given = '
        '"transplanted", window = ["90 days", "240 days"] }.',
    )
    incidence: StrictStr | None = Field(
        None,
        description="Endpoint by `transplant-in-remission` whose incidence among those with the indication "
        "is estimated; the one of that definition unless said.",
    )
    remission: StrictStr | None = Field(
        None,
        description="Date or time column of first remission: what was delivered in first remission before it "
        "is a problem.",
    )
    by: StrictStr | None = Field(None, description="Column known at time zero whose groups are also counted.")
    at: OneOrMore = Field((), description='Times at which the incidence is given: ["6 months", "1 year"].')
    until: StrictStr | None = Field(None, description="Last time of the incidence that is drawn.")
