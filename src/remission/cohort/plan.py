"""Which columns of the file a study needs, by whom they are named, and how long a month is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from remission.cohort.conditions import ConditionError, parse
from remission.cohort.declare import (
    ROW_NUMBER,
    CohortDeclaration,
    ColumnDeclaration,
    DerivedDeclaration,
    ReasonedCondition,
)
from remission.cohort.known_at import BASELINE, names_column
from remission.core.clock import Clock
from remission.core.problems import Problem


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column to be read; `where` is the key path that names it."""

    name: str
    declared: ColumnDeclaration
    where: str

    @property
    def in_file(self) -> str:
        """Its name in the file."""
        return self.declared.column or self.name


def wanted_columns(
    cohort: CohortDeclaration,
    columns: Mapping[str, ColumnDeclaration],
    derived: Mapping[str, DerivedDeclaration],
    implied: Mapping[str, ColumnDeclaration],
) -> tuple[tuple[Wanted, ...], tuple[Problem, ...]]:
    """List every column to be read, the id first; what is not under [columns] is read as its use demands.

    Columns named by `known_at` are dates (times, when the cohort has no time zero), the time zero is a date,
    `baseline` columns are what they look like, `implied` ones what their endpoints say.
    """
    wanted: dict[str, Wanted] = {}

    def want(name: str, declared: ColumnDeclaration, where: str) -> None:
        if name not in derived or name in columns:
            wanted.setdefault(name, Wanted(name, declared, where))

    if cohort.id != ROW_NUMBER:
        entry = columns.get(cohort.id, ColumnDeclaration())
        want(
            cohort.id,
            ColumnDeclaration(column=entry.column, label=entry.label, kind="text", missing=()),
            "cohort.id",
        )
    for name, declared in columns.items():
        kind = "date" if name == cohort.time_zero and declared.kind is None else declared.kind
        want(name, declared.model_copy(update={"kind": kind}), f"columns.{name}")
    if cohort.time_zero is not None:
        want(cohort.time_zero, ColumnDeclaration(kind="date"), "cohort.time_zero")
    when = ColumnDeclaration(kind="time" if cohort.time_zero is None else "date")
    for where, known_at in _known_at(columns, derived):
        if known_at not in wanted and known_at not in implied:
            want(known_at, when, where)
    for name in cohort.baseline:
        want(name, ColumnDeclaration(), "cohort.baseline")
    for name, declared in implied.items():
        want(name, declared, "endpoints")
    return tuple(wanted.values()), tuple(_contradictions(cohort, columns, derived))


def read_clock(cohort: CohortDeclaration) -> tuple[Clock, tuple[Problem, ...]]:
    """Settle the length of a month: twelve of them are a year."""
    month, year = cohort.days_per_month, cohort.days_per_year
    if month is None and year is None:
        return Clock(cohort.unit), ()
    if month is None and year is not None:
        return Clock(cohort.unit, year / 12), ()
    if month is None:
        return Clock(cohort.unit), ()
    problems: tuple[Problem, ...] = ()
    if year is not None and abs(12 * month - year) > 1e-6 * year:
        message = f"twelve months of {month:g} days are {12 * month:g} days, not {year:g}"
        problems = (Problem("cohort.days_per_year", message, "Say one of the two; the other follows."),)
    return Clock(cohort.unit, month), problems


def unreadable_conditions(
    cohort: CohortDeclaration, derived: Mapping[str, DerivedDeclaration]
) -> tuple[Problem, ...]:
    """Conditions that cannot be read at all: told even when the file cannot be."""
    texts = [(f"cohort.{key}", text) for key, text, _ in all_conditions(cohort)]
    for name, entry in derived.items():
        texts += [(f"derived.{name}.groups.{group}", text) for group, text in (entry.groups or {}).items()]
        texts += [(f"derived.{name}.condition", entry.condition)] if entry.condition is not None else []
    problems = []
    for where, text in texts:
        try:
            parse(text)
        except ConditionError as error:
            problems.append(Problem(where, f'in "{text[:120]}", {error.message}', error.repair))
    return tuple(problems)


def all_conditions(cohort: CohortDeclaration) -> Iterator[tuple[str, str, str]]:
    """Key, text and reason (empty when none was given) of every condition of [cohort], in order of use."""
    for key, entries in (("include", cohort.include), ("exclude", cohort.exclude), ("checks", cohort.checks)):
        for entry in entries:
            if isinstance(entry, ReasonedCondition):
                yield key, entry.condition, entry.reason
            else:
                yield key, entry, ""


def _known_at(
    columns: Mapping[str, ColumnDeclaration], derived: Mapping[str, DerivedDeclaration]
) -> Iterator[tuple[str, str]]:
    """Columns named by `known_at`, with the key path that names them."""
    said = [
        *((f"columns.{name}", entry.known_at) for name, entry in columns.items()),
        *((f"derived.{name}", entry.known_at) for name, entry in derived.items()),
    ]
    for where, known_at in said:
        if known_at is not None and names_column(known_at):
            yield f"{where}.known_at", known_at


def _contradictions(
    cohort: CohortDeclaration,
    columns: Mapping[str, ColumnDeclaration],
    derived: Mapping[str, DerivedDeclaration],
) -> Iterator[Problem]:
    known = {name: entry.known_at for name, entry in columns.items()}
    known |= {name: entry.known_at for name, entry in derived.items()}
    for name in cohort.baseline:
        said = known.get(name)
        if said is not None and said != BASELINE:
            message = f'"{name}" is listed in [cohort] baseline, but its known_at is "{said}"'
            yield Problem("cohort.baseline", message, "Remove it from one of the two.")
    for name in sorted({name for name in cohort.baseline if cohort.baseline.count(name) > 1}):
        yield Problem("cohort.baseline", f'"{name}" is listed twice', "Remove one of them.")
    if cohort.time_zero in derived:
        message = f'"{cohort.time_zero}" is a derived column'
        yield Problem("cohort.time_zero", message, "Name a date column of the file.")
    zero = columns.get(cohort.time_zero) if cohort.time_zero is not None else None
    if zero is not None and zero.kind not in {None, "date"}:
        message = f'"{cohort.time_zero}" is a {zero.kind}, not a date'
        yield Problem("cohort.time_zero", message, 'Name a date column, or say kind = "date".')
