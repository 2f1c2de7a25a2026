"""A score ready for use: points of items, added in three-valued logic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from remission.cohort.conditions.evaluate import Cell
from remission.rules.book import Inputs
from remission.rules.declare import MARKS, BandDeclaration, ScoreDeclaration, Tier
from remission.rules.diagram import Diagram
from remission.rules.tally import ItemResult, Tally

Total = int | str
"""Points, or why the source gives none."""


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """A score.

    Attributes
    ----------
    declared : ScoreDeclaration
        The file, with what it includes.
    inputs : Inputs
    items : tuple of Diagram
        For each item, which of its tiers holds; their number where none does.
    total : Diagram
        Sum of the points, or why the source gives none.
    """

    declared: ScoreDeclaration
    inputs: Inputs
    items: tuple[Diagram[int], ...]
    total: Diagram[Total]

    @property
    def name(self) -> str:
        """As the score is called."""
        return self.declared.name

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups of the total, lowest first."""
        return tuple(band.name for band in self.declared.group)

    def explain(self, values: Mapping[str, object] | None = None, /, **named: object) -> Tally:
        """Score one patient, and say which items counted and which could not be computed.

        What is missing or not done is not zero: the result is the range that remains.

        Parameters
        ----------
        values : mapping of str to value, optional
            Inputs by name; what is absent, None, NaN or a word for "not done" is unknown.
        **named
            The same, as arguments.

        Returns
        -------
        Tally

        Raises
        ------
        InputError
            If a value is impossible, or an input is not of this score.

        Examples
        --------
        >>> from remission.rules.library import score
        >>> pva = score("pva")
        >>> pva.explain(prednisolone="sensitive", vincristine="resistant", asparaginase="sensitive").value
        5
        >>> answer = pva.explain(prednisolone="sensitive", vincristine="sensitive")
        >>> answer.lowest, answer.highest, answer.value, answer.missing
        (3, 5, None, ('asparaginase',))
        """
        return self.tally(self.inputs.read({**(values or {}), **named}))

    def tally(self, values: Mapping[str, Cell]) -> Tally:
        """Score one patient whose values are of the inputs' kinds, as `Inputs.read` gives them."""
        outside = self.inputs.outside(values)
        if outside:
            return Tally(self.name, None, None, None, None, (), (), undefined="; ".join(outside))
        known = self.inputs.known(values)
        left = self.total.restrict(known)
        totals = sorted(answer for answer in left.answers if isinstance(answer, int))
        why = "; ".join(sorted(answer for answer in left.answers if isinstance(answer, str)))
        bands = tuple(dict.fromkeys(self.band(total) for total in totals))
        assumed = self._assumed(band for band in bands if band is not None)
        if not totals:
            return Tally(self.name, None, None, None, None, (), (), undefined=why, assumed=assumed)
        names = tuple(band.name for band in bands if band is not None)
        return Tally(
            score=self.name,
            value=totals[0] if len(totals) == 1 and not why else None,
            lowest=totals[0],
            highest=totals[-1],
            group=names[0] if len(bands) == 1 and names and not why else None,
            possible=names,
            items=tuple(self._item(number, known) for number in range(len(self.items))),
            missing=self.inputs.names(left.variables),
            maybe_undefined=why,
            assumed=assumed,
        )

    def band(self, total: int) -> BandDeclaration | None:
        """Return the group a total belongs to."""
        return next((band for band in self.declared.group if band.lowest <= total <= band.highest), None)

    def _item(self, number: int, known: Mapping[int, int]) -> ItemResult:
        declared = self.declared.item[number]
        left = self.items[number].restrict(known)
        tiers = [declared.tier[answer] for answer in sorted(left.answers) if answer < len(declared.tier)]
        given = [points(declared.tier, answer) for answer in left.answers]
        return ItemResult(
            declared.name,
            declared.label,
            min(given),
            max(given),
            tuple(tier.words for tier in tiers),
            self.inputs.names(left.mapped(lambda answer: points(declared.tier, answer)).variables),
        )

    def _assumed(self, bands: Iterable[BandDeclaration]) -> tuple[str, ...]:
        marks = dict.fromkeys(item.mark for item in self.declared.item)
        said = [f"items {MARKS[mark]}" for mark in marks if mark in {"memory", "unsure"}]
        told = {band.mark for band in bands}
        said += [f"groups {MARKS[mark]}" for mark in ("memory", "unsure") if mark in told]
        for name, value in self.declared.changed(self.inputs.terms.settings):
            said.append(f"{self.declared.settings[name].label}: {value}")
        return tuple(said)


def points(tiers: Sequence[Tier], answer: int) -> int:
    """Points of the tier that holds; none where none does."""
    return tiers[answer].points if answer < len(tiers) else 0
