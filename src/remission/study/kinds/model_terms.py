"""Terms of a model as declared: `"age"`, `{ column = "age", per = 10 }`, splines, references, products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StrictInt, StrictStr

from remission.cohort.cohort import Cohort
from remission.cohort.column import Column
from remission.cohort.declare import Declaration
from remission.cohort.guard import undeclared
from remission.core.clock import UNITS
from remission.core.problems import Problem
from remission.core.suggest import did_you_mean
from remission.study.kinds.checks import holds_nothing, is_empty
from remission.study.kinds.grouping import can_group, levels_of
from remission.study.results import Fact

TermKind = Literal["number", "category", "yes/no", "spline", "interaction"]


class TermTable(Declaration):
    """One term with its settings."""

    column: StrictStr | None = Field(None, description="Column of the term.")
    per: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        None, description="Of a number: the ratio is for so many units (per 10 years); 1 unless said."
    )
    spline: Annotated[StrictInt, Field(ge=3, le=5)] | None = Field(
        None, description="Of a number: a restricted cubic spline with 3, 4 or 5 knots in place of a line."
    )
    reference: StrictStr | None = Field(
        None, description="Of groups: the level others are compared with; the first unless said."
    )
    interaction: tuple[StrictStr, StrictStr] | None = Field(
        None,
        description="Two columns that are terms of their own: whether one changes the effect of the other.",
    )


TermEntry = StrictStr | TermTable


@dataclass(frozen=True, slots=True)
class ModelTerm:
    """One term, understood.

    Attributes
    ----------
    name : str
        Of its rows: the column, or "a × b".
    label : str
    kind : str
    columns : tuple of str
        Columns of the cohort it reads.
    levels : tuple of str
        Of groups, the reference first.
    unit : str
    per : float
    knots : int
        Of a spline, how many.
    parts : tuple of ModelTerm
        Of an interaction.
    """

    name: str
    label: str
    kind: TermKind
    columns: tuple[str, ...]
    levels: tuple[str, ...] = ()
    unit: str = ""
    per: float = 1.0
    knots: int = 0
    parts: tuple[ModelTerm, ...] = ()

    @property
    def step(self) -> str:
        """How far apart two patients are whom the ratio of a number compares: "per 10 years"."""
        unit = self.unit[:-1] if self.per == 1 and self.unit in UNITS else self.unit
        return f"per {self.per:g} {unit}".rstrip()

    def facts(self) -> dict[str, Fact]:
        """What a table needs to show the term."""
        return {
            "name": self.name,
            "label": self.label,
            "kind": self.kind,
            "levels": self.levels,
            "reference": self.levels[0] if self.levels else None,
            "unit": self.unit,
            "per": self.per,
        }


def read_terms(cohort: Cohort, entries: Sequence[TermEntry]) -> tuple[ModelTerm, ...]:
    """Understand terms that were checked before."""
    single: dict[str, ModelTerm] = {}
    for entry in entries:
        table = _table(entry)
        if table.interaction is None and table.column is not None:
            single[table.column] = _single(cohort.column(table.column), table)
    found: list[ModelTerm] = []
    for entry in entries:
        table = _table(entry)
        if table.interaction is not None:
            found.append(_product(*(single[name] for name in table.interaction)))
        elif table.column is not None:
            found.append(single[table.column])
    return tuple(found)


def term_problems(cohort: Cohort, entries: Sequence[TermEntry], where: str) -> tuple[Problem, ...]:
    """Find every fault of the terms."""
    if not entries:
        return (Problem(where, "no term is named", 'Name one or more columns: terms = ["age", "sex"].'),)
    problems: list[Problem] = []
    seen: list[str] = []
    single = [table.column for table in map(_table, entries) if table.column is not None]
    for number, entry in enumerate(entries, start=1):
        table, place = _table(entry), f"{where}[{number}]"
        if (table.column is None) == (table.interaction is None):
            repair = 'Write { column = "age" } or { interaction = ["age", "sex"] }.'
            problems.append(Problem(place, "a term has a column or an interaction, one of them", repair))
            continue
        key = table.column or " × ".join(sorted(table.interaction or ()))
        if key in seen:
            problems.append(Problem(place, f'"{key}" is a term twice', "Name it once."))
        seen.append(key)
        if table.column is not None:
            problems += _column_problems(cohort, table.column, table, place)
        else:
            problems += _product_problems(cohort, table, single, entries, place)
    return tuple(problems)


def _table(entry: TermEntry) -> TermTable:
    return TermTable(column=entry) if isinstance(entry, str) else entry


def _single(column: Column, table: TermTable) -> ModelTerm:
    if column.kind == "number":
        kind: TermKind = "spline" if table.spline else "number"
        per, knots = table.per or 1.0, table.spline or 0
        columns = (column.name,)
        return ModelTerm(column.name, column.title, kind, columns, unit=column.unit, per=per, knots=knots)
    levels = levels_of(column)
    if table.reference is not None:
        levels = (table.reference, *(level for level in levels if level != table.reference))
    kind = "yes/no" if column.kind == "yes/no" else "category"
    return ModelTerm(column.name, column.title, kind, (column.name,), levels)


def _product(first: ModelTerm, second: ModelTerm) -> ModelTerm:
    return ModelTerm(
        f"{first.name} × {second.name}",
        f"{first.label} × {second.label}",
        "interaction",
        (*first.columns, *second.columns),
        parts=(first, second),
    )


def _column_problems(cohort: Cohort, name: str, table: TermTable, where: str) -> list[Problem]:
    if name not in cohort.columns:
        repair = "Declare it under [columns], or name it in [cohort] baseline."
        suggestion = did_you_mean(name, cohort.columns)
        return [Problem(where, f'there is no column "{name}"', repair + suggestion)]
    column = cohort.columns[name]
    late = undeclared(cohort, name, where)
    problems = [] if late is None else [late]
    if column.kind in ("date", "text") and is_empty(cohort, name):
        return [*problems, holds_nothing(name, where)]
    if column.kind in ("date", "text"):
        repair = "Make a number, groups or a yes/no of it under [derived], and use that."
        return [
            *problems,
            Problem(where, f'"{name}" is a column of {column.kind}s: it has no effect', repair),
        ]
    if column.kind == "number":
        problems += _number_problems(name, table, where)
    elif table.per is not None or table.spline is not None:
        message = f'"{name}" has levels: `per` and `spline` are for numbers'
        problems.append(Problem(where, message, "Leave them out."))
    if can_group(column):
        problems += _level_problems(column, table, where)
    return problems


def _number_problems(name: str, table: TermTable, where: str) -> list[Problem]:
    problems = []
    if table.reference is not None:
        message = f'"{name}" is a number: it has no reference level'
        problems.append(Problem(where, message, "Leave `reference` out, or cut it under [derived]."))
    if table.per is not None and table.spline is not None:
        problems.append(Problem(where, "a spline has no `per`", "Leave one of them out."))
    return problems


def _level_problems(column: Column, table: TermTable, where: str) -> list[Problem]:
    levels = levels_of(column)
    if len(levels) < 2:
        repair = f"Declare its levels under [columns.{column.name}], or leave it out here."
        return [Problem(where, f'"{column.name}" has fewer than two levels', repair)]
    if table.reference is None or table.reference in levels:
        return []
    repair = f"Its levels are {', '.join(levels)}.{did_you_mean(table.reference, levels)}"
    return [Problem(where, f'"{column.name}" has no level "{table.reference}"', repair)]


def _product_problems(
    cohort: Cohort, table: TermTable, single: Sequence[str], entries: Sequence[TermEntry], where: str
) -> list[Problem]:
    if table.per is not None or table.spline is not None or table.reference is not None:
        repair = "Say them where the columns are terms of their own."
        return [Problem(where, "an interaction has no settings of its own", repair)]
    names = table.interaction or ("", "")
    if names[0] == names[1]:
        return [Problem(where, f'"{names[0]}" cannot interact with itself', "Name two columns.")]
    problems = [
        Problem(where, f'"{name}" is in an interaction but is no term of its own', f'Add "{name}" to terms.')
        for name in names
        if name not in single
    ]
    bent = [each.column for each in map(_table, entries) if each.spline and each.column in names]
    problems += [
        Problem(
            where, f'"{name}" is a spline: its interaction has no readable ratio', "Use a line or groups."
        )
        for name in bent
    ]
    return problems
