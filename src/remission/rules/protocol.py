"""A protocol ready for use: it assigns groups, and explains each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from remission.cohort.conditions import Condition, Explanation
from remission.cohort.conditions.evaluate import Cell
from remission.rules.assignment import OUTSIDE, Assignment
from remission.rules.book import Inputs
from remission.rules.declare import MARKS, ProtocolDeclaration
from remission.rules.diagram import Diagram

_MOST_TOGETHER = 3


@dataclass(frozen=True, slots=True, eq=False)
class Protocol:
    """A protocol or grading.

    Attributes
    ----------
    declared : ProtocolDeclaration
        The file.
    inputs : Inputs
    conditions : tuple of Condition or None
        Of the rules in order; None for everybody else.
    by_rule, by_group : Diagram
        Which rule, and which group, as functions of the inputs.
    """

    declared: ProtocolDeclaration
    inputs: Inputs
    conditions: tuple[Condition | None, ...]
    by_rule: Diagram[int]
    by_group: Diagram[str]

    @property
    def name(self) -> str:
        """As the protocol is called."""
        return self.declared.name

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups in order, lowest risk or stage first."""
        return tuple(self.declared.groups)

    def explain(self, values: Mapping[str, object] | None = None, /, **named: object) -> Assignment:
        """Assign one patient, and say why.

        The group is decided only if every possible value of the unknown inputs leads to it. Patients are
        taken to be of the population the protocol was made for, unless an input says that they are not.

        Parameters
        ----------
        values : mapping of str to value, optional
            Inputs by name: numbers in the unit of the input, levels, True and False. What is absent, None or
            NaN is unknown.
        **named
            The same, as arguments.

        Returns
        -------
        Assignment

        Raises
        ------
        InputError
            If a value is impossible, or an input is not of this protocol.

        Examples
        --------
        >>> from remission.rules.library import protocol
        >>> mll10 = protocol("mll10")
        >>> mll10.explain(kmt2a="rearranged", age_days=179).group
        'high'
        >>> answer = mll10.explain(kmt2a="rearranged", age_days=180)
        >>> answer.group, answer.possible, answer.missing
        (None, ('intermediate', 'high'), ('cns',))
        """
        return self.assign(self.inputs.read({**(values or {}), **named}))

    def assign(self, values: Mapping[str, Cell]) -> Assignment:
        """Assign one patient whose values are of the inputs' kinds, as `Inputs.read` gives them."""
        outside = self.inputs.outside(values)
        if outside:
            return self._outside("; ".join(outside))
        known = self.inputs.known(values)
        left = self.by_group.restrict(known)
        rules = sorted(self.by_rule.restrict(known).answers)
        possible = self._in_order(left.answers)
        if possible == (OUTSIDE,):
            return self._outside("; ".join(self.declared.rule[rule].outside for rule in rules))
        decided = len(possible) == 1
        return Assignment(
            protocol=self.name,
            group=possible[0] if decided else None,
            label=self.declared.groups[possible[0]] if decided else "",
            possible=possible,
            rules=tuple(self.declared.rule[rule].words for rule in rules) if decided else (),
            because=self._because(rules, values) if decided else (),
            missing=self.inputs.names(left.variables),
            would_decide=() if decided else self._would_decide(left),
            assumed=self._assumed(rules if decided else range(len(self.conditions))),
        )

    def _outside(self, why: str) -> Assignment:
        return Assignment(self.name, None, "", (OUTSIDE,), outside=why)

    def _in_order(self, groups: Iterable[str]) -> tuple[str, ...]:
        found = set(groups)
        return tuple(group for group in (*self.groups, OUTSIDE) if group in found)

    def _because(self, rules: list[int], values: Mapping[str, Cell]) -> tuple[str, ...]:
        """Conditions that made the rule hold, when it is certain which."""
        condition = self.conditions[rules[0]] if len(rules) == 1 else None
        if condition is None:
            return ()
        explanation = condition.explain(self.inputs.row(values))
        return tuple(dict.fromkeys(_ends(explanation))) if explanation.answer else ()

    def _would_decide(self, left: Diagram[str]) -> tuple[tuple[str, ...], ...]:
        """Smallest sets of inputs some values of which leave one answer."""
        sizes = [len(partition.samples) for partition in self.inputs.partitions.values()]
        for together in range(1, min(_MOST_TOGETHER, len(left.variables)) + 1):
            found = [
                self.inputs.names(chosen)
                for chosen in combinations(left.variables, together)
                if any(
                    len(left.restrict(dict(zip(chosen, cells, strict=True))).answers) == 1
                    for cells in product(*(range(sizes[variable]) for variable in chosen))
                )
            ]
            if found:
                return tuple(found)
        return ()

    def _assumed(self, rules: Iterable[int]) -> tuple[str, ...]:
        """What must be read with an answer: rules that are not checked, settings that are not the default."""
        marks = dict.fromkeys(self.declared.rule[rule].mark for rule in rules)
        said = [f"rule {MARKS[mark]}" for mark in marks if mark in {"memory", "unsure"}]
        for name, value in self.declared.changed(self.inputs.terms.settings):
            said.append(f"{self.declared.settings[name].label} set to {value}")
        return tuple(said)


def _ends(explanation: Explanation) -> Iterable[str]:
    """What was found by the comparisons at the ends of an explanation: of `not cns`, that it is no."""
    if not explanation.because:
        yield explanation.found
    for part in explanation.because:
        yield from _ends(part)
