"""What a study file may say about its rows: the [cohort], [columns], [derived] and [[exclude]] tables.

Only shapes are checked here; what the words mean together, and whether the data agree, `build_cohort` tells
as problems, all at once. The descriptions are the reference of the study file.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from remission.core.clock import Unit

ROW_NUMBER = "row number"
Code = StrictStr | StrictInt | StrictFloat
"""A value as it stands in the file; 99, 99.0 and "99" are one code."""

DeclaredKind = Literal["number", "category", "date", "yes/no", "text", "time"]
Partial = Literal["refuse", "first", "middle", "last"]


class Declaration(BaseModel):
    """A table of the study file: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ReasonedCondition(Declaration):
    """A condition with the words the flow diagram shows for those it leaves out."""

    condition: str = Field(description="The condition.")
    reason: str = Field(min_length=1, description='Words for those left out: "not a first transplant".')


class CohortDeclaration(Declaration):
    """[cohort]: which file, who is who, when time starts, and who is in."""

    file: str = Field(
        description="CSV, Excel, SPSS (.sav), Stata (.dta), SAS (.sas7bdat, .xpt) or Parquet, "
        "relative to the study file."
    )
    sheet: str | None = Field(None, description="Excel sheet; needed when there are several.")
    encoding: str | None = Field(
        None,
        description='Of a text file: "cp1252" (Western Windows)... UTF-8 and CP932 (Japanese Windows) are '
        "recognised.",
    )
    separator: Literal[",", ";", "tab", "|"] | None = Field(
        None, description="Between the values of a text file; recognised unless said."
    )
    decimal: Literal[".", ","] = Field(".", description="Decimal mark of numbers in the file.")
    id: str = Field(
        description=f'Column that names patients, or "{ROW_NUMBER}" when the file has none: patients are '
        "then "
        "named by their row in the file, the header being row 1."
    )
    time_zero: str | None = Field(
        None,
        description="Date column from which time counts; leave out when the file has ready-made times.",
    )
    time_zero_label: str = Field(
        "time zero", description='What happened then, for axes and sentences: "transplantation".'
    )
    unit: Unit = Field("years", description="Unit in which times are shown.")
    times_in: Unit | None = Field(
        None, description="Unit of ready-made times in the file; `unit` unless said."
    )
    days_per_month: float | None = Field(
        None, gt=0, description="Days in a month: 30.4375 unless said; CIBMTR files use 30.4."
    )
    days_per_year: float | None = Field(
        None, gt=0, description="Days in a year, which is twelve months; say one of the two."
    )
    dates: str | None = Field(
        None,
        description='How dates are written in the whole file: "DD/MM/YYYY". 2012-05-31, 2012/05/31 and '
        "20120531 need no word.",
    )
    missing: tuple[Code, ...] = Field(
        (),
        description='Codes that mean "not known" in every column but the id: [99, "NA"]. Empty cells '
        "always do.",
    )
    baseline: tuple[str, ...] = Field(
        (),
        description="Columns known at time zero. Those without an entry under [columns] are read as they "
        "look, "
        "and how is told.",
    )
    include: tuple[str | ReasonedCondition, ...] = Field(
        (),
        description="Conditions for being in the study, in order. Patients in whom one cannot be decided are "
        "left out, and counted.",
    )
    exclude: tuple[str | ReasonedCondition, ...] = Field(
        (),
        description="Conditions that leave patients out, after `include`. Patients in whom one cannot be "
        "decided "
        "stay, and are counted.",
    )
    checks: tuple[str, ...] = Field(
        (),
        description="Conditions that must hold for every included patient in whom they can be decided: "
        '"birth_date <= diagnosis_date". Violations are problems.',
    )
    missing_endpoint: Literal["refuse", "exclude"] = Field(
        "refuse",
        description='Patients whose endpoint is unknown: "refuse" reports them as problems, "exclude" leaves '
        "them out of that endpoint and counts them.",
    )


class ColumnDeclaration(Declaration):
    """[columns]: one column of the file, what it means and when it was known."""

    column: str | None = Field(None, description="Name in the file, when it differs.")
    kind: DeclaredKind | None = Field(
        None,
        description='"number", "category", "date", "yes/no", "text", or "time" (days, weeks, months or years '
        "since time zero). Read as it looks unless said.",
    )
    label: str = Field("", description="Words for people.")
    unit: str = Field("", description="Unit of a number or a time.")
    levels: tuple[str, ...] = Field(
        (), description="Levels of a category in display order; the first is the reference."
    )
    ordered: bool = Field(default=False, description="Whether the order of the levels means something.")
    codes: dict[str, StrictStr | StrictBool | StrictInt | StrictFloat] = Field(
        default_factory=dict,
        description='Value in the file = meaning: { 1 = "90-100", 2 = "< 90" } for a category, '
        '{ 1 = "yes", 2 = "no" } for a yes/no, { "<0.01" = 0.005 } for a number.',
    )
    missing: tuple[Code, ...] | None = Field(
        None, description='Codes that mean "not known" here, instead of those of the whole file.'
    )
    range: tuple[float | date, float | date] | None = Field(
        None, description="Lowest and highest possible value (or date); what is outside is a problem."
    )
    known_at: str | None = Field(
        None,
        description='When the value was known: "baseline", a time after time zero ("100 days"), the date '
        "or time "
        'column that says when, or "after" (later, nobody recorded when). Without it the column cannot '
        "group, filter or adjust.",
    )
    format: str | None = Field(
        None,
        description='How its dates are written: "DD/MM/YYYY", "MM/DD/YYYY", "DD/MM/YY" (needs a range '
        "that tells "
        'the century), "excel" (day numbers).',
    )
    partial: Partial = Field(
        "refuse",
        description='Dates without day or month ("2012-05", "2012"): "refuse" reports them; "first", '
        '"middle" '
        '(the 15th; 1 July) and "last" complete them, and count.',
    )
    decimal: Literal[".", ","] | None = Field(None, description="Decimal mark of this column.")


class DerivedDeclaration(Declaration):
    """[derived]: a column made from others.

    One of merge, recode, cut, convert, groups, condition, days_between, protocol, score.
    """

    source: str | None = Field(
        None, alias="from", description="The column that merge, recode, cut or convert work on."
    )
    merge: dict[str, tuple[str, ...]] | None = Field(
        None, description="New level = levels it takes in. All levels must be named, or `rest`."
    )
    recode: dict[str, str] | None = Field(
        None, description="Old level = new level. All levels must be named, or `rest`."
    )
    cut: tuple[str, ...] | dict[str, str] | None = Field(
        None,
        description='Cut points that name their side: ["<= 60", "> 60"], ["< 18", ">= 18 and < 65", ">= '
        '65"], or '
        '{ young = "<= 60", old = "> 60" }. No number may fall in none, or in two.',
    )
    convert: Unit | None = Field(
        None,
        description="A span of time in a longer unit: years from an age in days, whose unit is declared. Not "
        "the reverse: months do not tell the day.",
    )
    groups: dict[str, str] | None = Field(
        None,
        description="Group = condition. A patient in two groups is a problem; one in none is unknown, or "
        "`rest`.",
    )
    condition: str | None = Field(None, description="A yes/no: whether the condition holds.")
    days_between: tuple[str, str] | None = Field(
        None, description="Two date columns: time from the first to the second, in `unit`."
    )
    protocol: str | None = Field(
        None,
        description='A risk protocol or grading ("mll10", or a TOML file of your own): the group of each '
        "patient, where `inputs` decide it.",
    )
    score: str | None = Field(
        None,
        description='A score ("hct-ci", or a TOML file of your own): its value, where `inputs` settle it.',
    )
    inputs: dict[str, str] = Field(
        default_factory=dict,
        description="What a protocol or score asks for = column; an empty text where it was not recorded.",
    )
    settings: dict[str, StrictBool | float] = Field(
        default_factory=dict, description="What the source of a protocol or score leaves open = value."
    )
    confirm: bool = Field(
        default=False,
        description="That you compared the rules of a protocol or score marked unsure with their source.",
    )
    rest: str | None = Field(
        None, description="Level for everybody known but not named by merge, recode or groups."
    )
    unit: Unit | None = Field(None, description="Unit of days_between; days unless said.")
    label: str = Field("", description="Words for people.")
    ordered: bool | None = Field(
        None, description="Whether the order of the levels means something; unless said, yes for cut only."
    )
    known_at: str | None = Field(
        None, description="When the value was known; unless said, when the last of its sources was."
    )


class ExcludeDeclaration(Declaration):
    """[[exclude]]: patients left out by name, with the reason that the flow diagram shows."""

    ids: tuple[StrictStr | StrictInt, ...] = Field(description="Patients, as named in the id column.")
    reason: str = Field(min_length=1, description="Why.")
