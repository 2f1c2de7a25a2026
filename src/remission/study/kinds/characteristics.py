"""`kind = "characteristics"`: who the patients were, all together and by group (Table 1)."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, StrictBool, StrictStr

from remission.cohort.cohort import Cohort
from remission.core.problems import Problem
from remission.study.kind import Context, Kind
from remission.study.kinds.checks import (
    column_problems,
    grouping_problems,
    holds_nothing,
    is_empty,
    where_problems,
)
from remission.study.kinds.choosing import grouped_patients
from remission.study.kinds.describing import (
    Patients,
    can_describe,
    compare,
    describe,
    distance,
    much_missing,
)
from remission.study.kinds.grouping import levels_of
from remission.study.kinds.options import OneOrMore, Options
from remission.study.kinds.rows import Record, rows_from
from remission.study.kinds.withheld import known_at_baseline, when_known
from remission.study.results import Analysis, Fact, Output, Statement

_REFERENCES = {
    "Wilcoxon": "mann1947",
    "Kruskal": "kruskal1952",
    "Fisher": "freeman1951",
    "chi": "pearson1900",
}


class CharacteristicsOptions(Options):
    """Options of Table 1."""

    by: StrictStr | None = Field(
        None, description="Column whose groups stand side by side; it must be known at time zero."
    )
    columns: OneOrMore = Field(
        (), description="What is described, in this order; every column known at time zero unless said."
    )
    tests: StrictBool = Field(
        default=True,
        description="Compare the groups: Wilcoxon or Kruskal-Wallis for numbers; otherwise chi-squared, or "
        "Fisher's exact test where an expected count is below 5.",
    )
    smd: StrictBool = Field(
        default=True, description="Show the largest standardised difference between two groups."
    )


def check(context: Context, options: CharacteristicsOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    cohort, place = context.cohort, f"{where}.columns"
    problems = [*column_problems(cohort, options.columns, place)]
    if options.by is not None:
        problems += grouping_problems(cohort, [options.by], f"{where}.by")
        if options.by in options.columns and options.by in cohort.columns:
            message = f'"{options.by}" makes the groups, so it tells nothing of how they differ'
            problems.append(Problem(place, message, "Take it out of one of them."))
    for name in options.columns:
        if name not in cohort.columns or can_describe(cohort.columns[name]):
            continue
        if is_empty(cohort, name):
            problems.append(holds_nothing(name, place))
        else:
            message = (
                f'"{name}" is a column of {cohort.columns[name].kind}s, which this table cannot summarise'
            )
            repair = "Describe a category, a yes/no or a number made from it under [derived]."
            problems.append(Problem(place, message, repair))
    if not options.columns and not described(cohort, options):
        message = "no column is known at time zero, so there is nothing to describe"
        repair = "Name the columns known at time zero in [cohort] baseline, or list `columns` here."
        problems.append(Problem(place, message, repair))
    return (*problems, *where_problems(cohort, options.where, f"{where}.where"))


def described(cohort: Cohort, options: CharacteristicsOptions) -> tuple[str, ...]:
    """Columns of the table: those named, or all known at time zero but the id and the grouping column."""
    if options.columns:
        return options.columns
    taken = (options.by, cohort.id)
    return tuple(
        name
        for name, column in cohort.columns.items()
        if can_describe(column) and known_at_baseline(cohort, name) and name not in taken
    )


def run(context: Context, options: CharacteristicsOptions, name: str) -> Analysis:
    """Describe the columns; groups known only after time zero are withheld by the guard."""
    cohort, title = context.cohort, options.title or KIND.title
    patients, findings = grouped_patients(context, options.by, options.where)
    if patients is None:
        return Analysis(name, KIND.name, title, (), tuple(findings))
    grouped, columns = patients.grouping, described(cohort, options)
    records: list[Record] = []
    for column in columns:
        records += describe(cohort, column, patients)
        if grouped is not None:
            records += compare(cohort, column, patients, seed=context.seed) if options.tests else []
            records += [distance(cohort, column, patients)] if options.smd else []
    findings += _findings(cohort, patients, columns)
    if grouped is not None:
        title = options.title or f"{KIND.title} by {grouped.label}"
    output = Output("characteristics", rows_from(records, analysis=name), _facts(cohort, columns, patients))
    return Analysis(name, KIND.name, title, (output,), tuple(findings), _methods(patients, records))


def _facts(cohort: Cohort, columns: Sequence[str], patients: Patients) -> dict[str, Fact]:
    return {
        **patients.facts(),
        "variables": tuple(_variable(cohort, name, patients) for name in columns),
    }


def _variable(cohort: Cohort, name: str, patients: Patients) -> dict[str, Fact]:
    column = cohort.column(name)
    return {
        "name": name,
        "label": column.title,
        "kind": column.kind,
        "unit": cohort.clock.unit if column.is_time else column.unit,
        "levels": () if column.kind == "number" else levels_of(column),
        "missing": _missing(cohort, name, patients),
        "known_at": "" if known_at_baseline(cohort, name) else when_known(cohort, name)["known_at"],
    }


def _missing(cohort: Cohort, name: str, patients: Patients) -> int:
    return int(cohort.frame[name].gather(patients.rows).null_count())


def _findings(cohort: Cohort, patients: Patients, columns: Sequence[str]) -> list[Statement]:
    """What is known only after time zero, and what is often missing."""
    findings: list[Statement] = []
    late: tuple[Fact, ...] = tuple(
        when_known(cohort, name) for name in columns if not known_at_baseline(cohort, name)
    )
    if late:
        facts: dict[str, Fact] = {"variables": late, "time_zero": cohort.time_zero_label}
        findings.append(Statement("known_after_time_zero", facts, "warning"))
    missing = [(cohort.column(name).title, _missing(cohort, name, patients)) for name in columns]
    return findings + much_missing(missing, len(patients.rows))


def _methods(patients: Patients, records: Sequence[Record]) -> tuple[Statement, ...]:
    methods = [Statement("characteristics_described")]
    tests = tuple(dict.fromkeys(str(record["scale"]) for record in records if record["measure"] == "test"))
    if tests:
        wanted = [key for word, key in _REFERENCES.items() if any(test.startswith(word) for test in tests)]
        methods.append(Statement("characteristics_tested", {"tests": tests, "references": tuple(wanted)}))
    if any(record["measure"] == "smd" for record in records):
        facts: dict[str, Fact] = {"groups": len(patients.groups()), "references": ("austin2009", "yang2012")}
        methods.append(Statement("standardised_differences", facts))
    return tuple(methods)


KIND = Kind(
    name="characteristics",
    title="Patient characteristics",
    summary="Counts, percentages, medians and what is missing, for all patients and by group, with tests and "
    "standardised differences.",
    options=CharacteristicsOptions,
    check=check,
    run=run,
    outputs=("characteristics",),
)
