"""The risk group of every patient of a cohort by a protocol, and what moves between two protocols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from remission.core.problems import Problem, StudyProblems
from remission.rules.answers import answer_all
from remission.rules.assignment import OUTSIDE, Assignment
from remission.rules.library import protocol as find_protocol
from remission.rules.library import ready_from
from remission.rules.match import ColumnsSaid, unused
from remission.rules.patients import Rows, rows_of
from remission.rules.protocol import Protocol
from remission.rules.reading import Settings
from remission.rules.values import Values, read_values

UNDECIDED = "not decided"


@dataclass(frozen=True, slots=True, eq=False)
class Stratified:
    """Groups of patients by one protocol.

    Attributes
    ----------
    protocol : Protocol
    frame : polars.DataFrame
        One row for each patient, in the order of the data: id, group (null where it is not decided, or the
        protocol does not apply), rule, possible, missing, would_decide, outside, note.
    values : Values
        The inputs as they were read.
    """

    protocol: Protocol
    frame: pl.DataFrame
    values: Values

    def rows(self) -> pl.DataFrame:
        """The table of patients."""
        return self.frame

    def counts(self) -> pl.DataFrame:
        """How many patients each group has (group, n), then those without one."""
        placed = self.placed()
        order = [*self.protocol.groups, UNDECIDED, OUTSIDE]
        sizes = dict(placed.value_counts(name="n").rows())
        shown = [name for name in order if name in self.protocol.groups or name in sizes]
        return pl.DataFrame(
            {"group": shown, "n": [sizes.get(name, 0) for name in shown]},
            schema={"group": pl.String, "n": pl.Int64},
        )

    def placed(self) -> pl.Series:
        """Group of every patient, "not decided" or "outside the protocol"."""
        outside = pl.when(pl.col("outside") != "").then(pl.lit(OUTSIDE)).otherwise(pl.lit(UNDECIDED))
        return self.frame.select(pl.coalesce("group", outside).alias("group"))["group"]

    def explain(self, id: str) -> Assignment:  # noqa: A002 - the field's word
        """Explain the group of one patient.

        Raises
        ------
        InputError
            If there is no such patient.
        """
        return self.protocol.assign(self.values.of_patient(self.frame["id"], id))


def stratify(
    data: Any,
    protocol: str | Path | Protocol,
    *,
    columns: ColumnsSaid | None = None,
    settings: Settings | None = None,
    confirm: bool = False,
    id: str | None = None,  # noqa: A002 - the field's word
) -> Stratified:
    """Give every patient the group of a protocol.

    A group is given only where every value of what is not known would lead to it.

    Parameters
    ----------
    data : Cohort, str, Path, data frame or mapping of columns
        A file of any known kind, any frame narwhals knows, or a cohort.
    protocol : str, Path or Protocol
        A name that `remission protocols` lists, or the path of a TOML file of your own.
    columns : mapping, optional
        Input = name of its column, or a table as under [columns] of a study file. Inputs not named here are
        found by their names and synonyms; those without a column are unknown in everybody.
    settings, confirm
        See `protocol`.
    id : str, optional
        Column that names patients; found by its name unless said, else rows are numbered.

    Returns
    -------
    Stratified

    Raises
    ------
    StudyProblems
        With everything in the data that cannot be: units, levels, impossible numbers, contradictions.
    InputError
        If there is no such protocol or column.

    Examples
    --------
    >>> infants = {"id": [1, 2], "kmt2a": ["rearranged", "rearranged"], "age_days": [60, 200]}
    >>> found = stratify(infants, "mll10")
    >>> found.frame.select("id", "group", "missing").rows()
    [('1', 'high', ''), ('2', None, 'cns')]
    """
    ready = ready_from(protocol, Protocol, find_protocol, settings, confirm=confirm)
    stratified, problems = stratify_rows(rows_of(data, id=id), ready, columns or {})
    problems = (*unused(columns or {}, [ready.inputs.declared]), *problems)
    if problems:
        raise StudyProblems(problems)
    return stratified


def stratify_rows(
    rows: Rows, protocol: Protocol, columns: ColumnsSaid
) -> tuple[Stratified, tuple[Problem, ...]]:
    """Give groups to rows, and every problem beside them: with problems, the groups must not be used."""
    values, problems = read_values(rows, protocol.inputs, protocol.declared.check, columns)
    answers = answer_all(protocol.inputs, values, protocol.assign)
    text = pl.String()
    frame = pl.DataFrame(
        [
            rows.ids.alias("id"),
            answers.column("group", lambda answer: answer.group, text),
            answers.column("rule", lambda answer: " / ".join(answer.rules), text),
            answers.column("possible", lambda answer: ", ".join(answer.possible), text),
            answers.column("missing", lambda answer: ", ".join(answer.missing), text),
            answers.column("would_decide", lambda answer: answer.decisive, text),
            answers.column("outside", lambda answer: answer.outside, text),
            answers.column("note", lambda answer: "; ".join(answer.assumed), text),
        ]
    )
    return Stratified(protocol, frame, values), problems


@dataclass(frozen=True, slots=True, eq=False)
class Migration:
    """How patients move from the groups of one protocol to those of another.

    Attributes
    ----------
    before, after : Stratified
    """

    before: Stratified
    after: Stratified

    def rows(self) -> pl.DataFrame:
        """Count the patients of every pair of groups that occurs: before, after, n."""
        first, second = self.before.placed().alias("before"), self.after.placed().alias("after")
        counted = (
            pl.DataFrame([first, second]).group_by("before", "after").agg(pl.len().cast(pl.Int64).alias("n"))
        )
        orders = [
            pl.col(name).replace_strict(_order(each), return_dtype=pl.Int64) for name, each in self._sides()
        ]
        return counted.sort(orders)

    def table(self) -> pl.DataFrame:
        """The same as a cross table: one row for each group before, one column for each group after."""
        counted = self.rows()
        present = set(counted["after"])
        columns = [
            name for name in _order(self.after) if name in self.after.protocol.groups or name in present
        ]
        wide = counted.pivot("after", index="before", values="n").fill_null(0)
        missing = [pl.lit(0, dtype=pl.Int64).alias(name) for name in columns if name not in wide.columns]
        return wide.with_columns(missing).select("before", *columns)

    def _sides(self) -> tuple[tuple[str, Stratified], ...]:
        return (("before", self.before), ("after", self.after))


def reclassify(
    data: Any,
    before: str | Path | Protocol,
    after: str | Path | Protocol,
    *,
    columns: ColumnsSaid | None = None,
    settings: Mapping[str, Settings] | None = None,
    confirm: bool = False,
    id: str | None = None,  # noqa: A002 - the field's word
) -> Migration:
    """Stratify the same patients by two protocols and cross-tabulate.

    Parameters
    ----------
    data, columns, confirm, id
        As in `stratify`; an input of both protocols is read from one column.
    before, after : str, Path or Protocol
    settings : mapping of str to mapping, optional
        Settings by the name of the protocol: `{"interfant06": {"six_months": 180}}`.

    Returns
    -------
    Migration

    Raises
    ------
    StudyProblems, InputError
        As in `stratify`; the problems of both protocols at once.

    Examples
    --------
    >>> infants = {"kmt2a": ["germline", "rearranged"], "age_days": [90, 90], "cns": [None, "yes"],
    ...            "wbc": [10, 20], "prednisone": ["good", "good"]}
    >>> reclassify(infants, "mll10", "interfant06").rows().rows()
    [('low', 'low', 1), ('high', 'medium', 1)]
    """
    chosen = settings or {}
    rows = rows_of(data, id=id)
    pair = [
        ready_from(each, Protocol, find_protocol, chosen.get(str(each)), confirm=confirm)
        for each in (before, after)
    ]
    found = [stratify_rows(rows, each, columns or {}) for each in pair]
    told = unused(columns or {}, [each.inputs.declared for each in pair])
    problems = tuple(dict.fromkeys((*told, *(problem for _, more in found for problem in more))))
    if problems:
        raise StudyProblems(problems)
    return Migration(found[0][0], found[1][0])


def _order(stratified: Stratified) -> dict[str, int]:
    return {name: at for at, name in enumerate((*stratified.protocol.groups, UNDECIDED, OUTSIDE))}
