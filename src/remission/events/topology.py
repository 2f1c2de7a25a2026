"""States and the transitions between them: the names behind the columns of an event table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from remission.core.problems import InputError


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow of the state graph; `name` is the cause in two-state and competing-risks data."""

    name: str
    origin: str
    target: str


@dataclass(frozen=True, slots=True)
class Topology:
    """States and transitions, in the order of the columns of an event table.

    Attributes
    ----------
    origins : tuple of str
        States somebody can leave: one column of entries and of censorings each.
    transitions : tuple of Transition
        One column of moves each.

    Examples
    --------
    >>> competing(["relapse", "NRM"]).causes
    ('relapse', 'NRM')
    """

    origins: tuple[str, ...]
    transitions: tuple[Transition, ...]

    @property
    def causes(self) -> tuple[str, ...]:
        """Names of the transitions."""
        return tuple(transition.name for transition in self.transitions)

    @property
    def is_competing(self) -> bool:
        """Whether everyone starts in one state and every transition leaves it for good (two-state too)."""
        return len(self.origins) == 1 and all(move.target not in self.origins for move in self.transitions)

    def column(self, cause: str) -> int:
        """Column of a transition.

        Raises
        ------
        InputError
            If no transition has that name.
        """
        if cause not in self.causes:
            message = f'there is no event "{cause}"; the table has {", ".join(self.causes)}'
            raise InputError(message)
        return self.causes.index(cause)


def competing(causes: Sequence[str], *, origin: str = "event-free") -> Topology:
    """One starting state and one absorbing state per cause (one cause: the two-state model)."""
    if len(set(causes)) != len(causes):
        message = f"causes must differ: {list(causes)}"
        raise InputError(message)
    return Topology((origin,), tuple(Transition(cause, origin, cause) for cause in causes))
