"""The answer of a score for one patient, with its items."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item of a score.

    Attributes
    ----------
    name, label : str
    lowest, highest : int
        Points it may give, with what is known; alike when that is settled.
    words : tuple of str
        The degree that counts, in words; every degree that may count when it is open. Empty: none.
    missing : tuple of str
        Inputs that are not known and on which its points still depend.
    """

    name: str
    label: str
    lowest: int
    highest: int
    words: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def points(self) -> int | None:
        """Its points; None while they are open."""
        return self.lowest if self.lowest == self.highest else None

    def __str__(self) -> str:
        if self.points is None:
            return f"{self.label}: {self.lowest} to {self.highest}, not known: {', '.join(self.missing)}"
        return f"{self.label}: {self.points} ({', '.join(self.words)})"


@dataclass(frozen=True, slots=True)
class Tally:
    """A score's value for one patient, or the range that the missing inputs leave.

    Attributes
    ----------
    score : str
    value : int or None
        None while it is open, or where the score is not defined.
    lowest, highest : int or None
        What it may be; None where the score is not defined for this patient.
    group : str or None
        The group of the total, when that is settled (it may be although the value is not).
    possible : tuple of str
        Groups that the missing inputs leave open.
    items : tuple of ItemResult
    missing : tuple of str
        Inputs that are not known and on which the value still depends.
    undefined : str
        Why the source gives no value; empty when it does, or may.
    maybe_undefined : str
        Why the source may give none, depending on what is missing.
    assumed : tuple of str
        Marks and settings that must be read with the value.
    """

    score: str
    value: int | None
    lowest: int | None
    highest: int | None
    group: str | None
    possible: tuple[str, ...]
    items: tuple[ItemResult, ...]
    missing: tuple[str, ...] = ()
    undefined: str = ""
    maybe_undefined: str = ""
    assumed: tuple[str, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether more information could not change the value."""
        return self.value is not None or bool(self.undefined)

    @property
    def counted(self) -> tuple[ItemResult, ...]:
        """Items that give points for certain."""
        return tuple(item for item in self.items if item.lowest > 0)

    @property
    def open(self) -> tuple[ItemResult, ...]:
        """Items that could not be computed."""
        return tuple(item for item in self.items if item.points is None)

    @property
    def headline(self) -> str:
        """The answer in one line."""
        if self.undefined:
            return f"not defined: {self.undefined}"
        group = f", {self.group}" if self.group is not None else ""
        if self.value is not None:
            return f"{self.value}{group}"
        perhaps = f"; perhaps not defined ({self.maybe_undefined})" if self.maybe_undefined else ""
        if self.lowest == self.highest:
            return f"{self.lowest} if defined{perhaps}"
        return f"{self.lowest} to {self.highest}{group}{perhaps}"

    def __str__(self) -> str:
        lines = [f"{self.score}: {self.headline}"]
        lines += [f"  {item}" for item in dict.fromkeys((*self.counted, *self.open))]
        return "\n".join([*lines, *(f"  note: {said}" for said in self.assumed)])
