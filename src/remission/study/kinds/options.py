"""What the options of all analysis kinds have in common, and lists that may be written as one word."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictStr, WithJsonSchema

from remission.cohort.declare import Declaration
from remission.core.clock import Unit
from remission.study.kind import Context


def _listed(value: Any) -> Any:
    """Take a word on its own as a list of one."""
    return (value,) if isinstance(value, str) else value


OneOrMore = Annotated[
    tuple[StrictStr, ...],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
"""Written "os" or ["os", "pfs"]."""


class Options(Declaration):
    """Options every kind has: unknown keys are refused, nothing changes after reading."""

    title: StrictStr | None = Field(
        None, description="Heading in the report; made from the analysis unless said."
    )
    cohort: Literal["validation"] | None = Field(
        None, description='"validation": of the cohort of [validation], instead of that of [cohort].'
    )
    where: OneOrMore = Field(
        (),
        description='Only patients for whom these conditions hold: "age >= 18". They may use what was known '
        "at time zero (or the landmark); those for whom one cannot be decided are left out and counted.",
    )


def in_unit(context: Context, unit: Unit | None) -> Context:
    """Show times in another unit than that of the study."""
    if unit is None:
        return context
    cohort = context.cohort
    return replace(context, cohort=replace(cohort, clock=replace(cohort.clock, unit=unit)))


class GuardedOptions(Options):
    """Options of kinds that group an endpoint, so that the guard may have to step in."""

    landmark: StrictStr | None = Field(
        None,
        description='For groups known only after time zero: "100 days" compares, from then on, patients '
        "still at risk by what was known of them at that time. The program never picks the time. Groups "
        "known at time zero are compared from time zero.",
    )
    unit: Unit | None = Field(
        None, description='Unit in which times are shown here, when not that of the study: "days".'
    )
    remedy: StrictStr | None = Field(
        None, description='What runs for groups known only after time zero: "landmark" (needs `landmark`).'
    )
    naive: Literal["withhold", "show"] = Field(
        "withhold",
        description='"show" prints the biased comparison that the guard refuses beside the right one, and '
        "says why it is biased.",
    )
