"""A condition understood: it can be said, compiled, answered for one patient, and explained."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING

from remission.cohort.column import Column
from remission.cohort.conditions.evaluate import Cell, evaluate
from remission.cohort.conditions.parse import parse
from remission.cohort.conditions.resolve import resolve
from remission.cohort.conditions.tokens import ConditionError
from remission.cohort.conditions.tree import AllOf, AnyOf, Node, Not, columns
from remission.cohort.conditions.words import in_words
from remission.core.clock import Clock
from remission.core.problems import Problem

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a condition is answered as it is.

    Attributes
    ----------
    words : str
        The condition, or this part of it.
    answer : bool or None
        None: cannot be decided.
    because : tuple of Explanation
        The parts that decided the answer, or left it open.
    missing : tuple of str
        Columns whose unknown value left it open; empty when it was decided.
    found : str
        What is so in this patient: the words where the answer is yes, their opposite where it is no.
    """

    words: str
    answer: bool | None
    because: tuple[Explanation, ...] = ()
    missing: tuple[str, ...] = ()
    found: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on the columns of a cohort. `str` is its text in one way of writing it.

    Attributes
    ----------
    tree : Node
        As written.
    resolved : Node
        With values in the types and units of the columns.
    context : mapping of str to Column
        The columns it may name.
    """

    tree: Node
    resolved: Node
    context: Mapping[str, Column]

    def __str__(self) -> str:
        return str(self.tree)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns it reads."""
        return columns(self.tree)

    def words(self, *, opposite: bool = False) -> str:
        """Say it, or its opposite, with labels and units."""
        return in_words(self.tree, self.context, opposite=opposite)

    def expression(self) -> pl.Expr:
        """Compile to Polars: true, false, or null where it cannot be decided."""
        from remission.cohort.conditions.expression import expression  # noqa: PLC0415 - polars loads on use

        return expression(self.resolved, self.context)

    def answer(self, row: Mapping[str, Cell]) -> bool | None:
        """Answer for one patient; None where it cannot be decided."""
        return evaluate(self.resolved, row, self.context)

    def explain(self, row: Mapping[str, Cell]) -> Explanation:
        """Say which parts decided the answer for one patient, and which unknown values left it open."""
        return self._explain(self.tree, self.resolved, row)

    def _explain(self, written: Node, resolved: Node, row: Mapping[str, Cell]) -> Explanation:
        answer = evaluate(resolved, row, self.context)
        words = in_words(written, self.context)
        found = in_words(written, self.context, opposite=True) if answer is False else words
        if isinstance(written, Not) and isinstance(resolved, Not):
            part = self._explain(written.term, resolved.term, row)
            return Explanation(words, answer, (part,), part.missing, found)
        if isinstance(written, AllOf | AnyOf) and isinstance(resolved, AllOf | AnyOf):
            pairs = zip(written.terms, resolved.terms, strict=True)
            parts = [self._explain(term, meant, row) for term, meant in pairs]
            decisive = tuple(part for part in parts if part.answer is answer)
            missing = tuple(dict.fromkeys(name for part in decisive for name in part.missing))
            return Explanation(words, answer, decisive, missing, found)
        if answer is not None:
            return Explanation(words, answer, found=found)
        unknown = tuple(name for name in columns(written) if _unknown(row[name]))
        return Explanation(words, None, (), unknown, words)


def read_condition(
    text: str,
    context: Mapping[str, Column],
    clock: Clock,
    where: str,
    *,
    broken: AbstractSet[str] = frozenset(),
) -> tuple[Condition | None, tuple[Problem, ...]]:
    """Parse and resolve a condition.

    Parameters
    ----------
    text : str
        Such as `age >= 18 and response in ['CR', 'PR']`.
    context : mapping of str to Column
        Columns it may name.
    clock : Clock
        Length of months and years.
    where : str
        Key path in the study file, for problems.
    broken : set of str
        Columns of which something wrong was told already: a condition on them is passed over in silence.

    Returns
    -------
    condition : Condition or None
        None if there are problems, or a column is broken.
    problems : tuple of Problem

    Examples
    --------
    >>> context = {"age": Column("age", "number", unit="years"), "cr": Column("cr", "yes/no")}
    >>> condition, _ = read_condition("age < 1 or cr", context, Clock(), "cohort.include")
    >>> condition.answer({"age": 12.0, "cr": None}) is None
    True
    >>> condition.explain({"age": 12.0, "cr": None}).missing
    ('cr',)
    >>> _, problems = read_condition("agee < 1", context, Clock(), "cohort.include")
    >>> print(problems[0].message)
    in "agee < 1", there is no declared column "agee"
    """
    try:
        tree = parse(text)
    except ConditionError as error:
        return None, (Problem(where, f'in "{_short(text)}", {error.message}', error.repair),)
    if not broken.isdisjoint(columns(tree)):
        return None, ()
    resolved, faults = resolve(tree, context, clock)
    if faults:
        return None, tuple(
            Problem(where, f'in "{_short(text)}", {each.message}', each.repair) for each in faults
        )
    return Condition(tree, resolved, context), ()


def _short(text: str, longest: int = 120) -> str:
    return text if len(text) <= longest else f"{text[:longest]}..."


def _unknown(value: Cell) -> bool:
    return value is None or value != value  # noqa: PLR0124 - NaN is not itself
