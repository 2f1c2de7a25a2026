"""Decision diagrams: a function of a few inputs with few values each, in its one shortest form.

Each split asks for one input and has a branch for every value; the inputs come in a fixed order and no two
parts are alike, so that a function has one diagram only. Hence what is *possible* while some inputs are
unknown is what can be reached, exactly, and an input matters if, and only if, the diagram asks for it.

Bryant RE. Graph-based algorithms for Boolean function manipulation. IEEE Trans Comput 1986;35:677-91.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Value = TypeVar("Value", bound=Hashable)
Other = TypeVar("Other", bound=Hashable)
Sum = TypeVar("Sum", bound=Hashable)
OPEN = -1


@dataclass(frozen=True, slots=True)
class Leaf(Generic[Value]):
    """An answer."""

    value: Value


@dataclass(frozen=True, slots=True)
class Split:
    """A question: which value an input has. `branches` are positions of parts, one for each value."""

    variable: int
    branches: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Diagram(Generic[Value]):
    """A function of inputs 0, 1, 2...

    Attributes
    ----------
    parts : tuple of Leaf or Split
        Each after those it points to.
    root : int
        Position of the first question.
    """

    parts: tuple[Leaf[Value] | Split, ...]
    root: int

    def restrict(self, known: Mapping[int, int]) -> Diagram[Value]:
        """Return what is left when some inputs are known: input = position of its value."""
        grower: Grower[Value] = Grower()
        new: list[int] = []
        for part in self.parts:
            if isinstance(part, Leaf):
                new.append(grower.leaf(part.value))
            elif part.variable in known:
                new.append(new[part.branches[known[part.variable]]])
            else:
                new.append(grower.split(part.variable, tuple(new[branch] for branch in part.branches)))
        return grower.done(new[self.root])

    def mapped(self, answer: Callable[[Value], Other]) -> Diagram[Other]:
        """Answer otherwise; parts that become alike become one."""
        grower: Grower[Other] = Grower()
        new: list[int] = []
        for part in self.parts:
            if isinstance(part, Leaf):
                new.append(grower.leaf(answer(part.value)))
            else:
                new.append(grower.split(part.variable, tuple(new[branch] for branch in part.branches)))
        return grower.done(new[self.root])

    def combined(self, other: Diagram[Other], answer: Callable[[Value, Other], Sum]) -> Diagram[Sum]:
        """Answer from both functions at once."""
        grower: Grower[Sum] = Grower()
        known: dict[tuple[int, int], int] = {}

        def grow(left: int, right: int) -> int:
            if (left, right) not in known:
                known[left, right] = grown(left, right)
            return known[left, right]

        def grown(left: int, right: int) -> int:
            one, two = self.parts[left], other.parts[right]
            if isinstance(one, Leaf) and isinstance(two, Leaf):
                return grower.leaf(answer(one.value, two.value))
            variable = min(part.variable for part in (one, two) if isinstance(part, Split))
            mine = one.branches if isinstance(one, Split) and one.variable == variable else None
            others = two.branches if isinstance(two, Split) and two.variable == variable else None
            size = len(mine or others or ())
            pairs = zip(mine or [left] * size, others or [right] * size, strict=True)
            return grower.split(variable, tuple(grow(*pair) for pair in pairs))

        return grower.done(grow(self.root, other.root))

    @property
    def answers(self) -> tuple[Value, ...]:
        """Every answer that can be reached."""
        return tuple(part.value for part in self._reached() if isinstance(part, Leaf))

    @property
    def variables(self) -> tuple[int, ...]:
        """Inputs on which the answer depends, in order."""
        return tuple(sorted({part.variable for part in self._reached() if isinstance(part, Split)}))

    def decide(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Answer many at once.

        Parameters
        ----------
        codes : array (n, number of inputs) of int
            Position of each input's value; -1 where unknown.

        Returns
        -------
        array (n,) of int
            Position of the answer among `parts`; -1 where the known inputs leave more than one possible.
        """
        done: list[NDArray[np.int64]] = []
        for position, part in enumerate(self.parts):
            if isinstance(part, Leaf):
                done.append(np.full(len(codes), position, dtype=np.int64))
                continue
            choices = np.stack([done[branch] for branch in part.branches])
            agreed = np.where((choices == choices[0]).all(axis=0), choices[0], OPEN)
            code = codes[:, part.variable]
            chosen = choices[np.maximum(code, 0), np.arange(len(codes))]
            done.append(np.where(code >= 0, chosen, agreed))
        return done[self.root]

    def example(self, value: Value) -> dict[int, int]:
        """Values of inputs that lead to an answer."""
        way: list[dict[int, int] | None] = []
        for part in self.parts:
            if isinstance(part, Leaf):
                way.append({} if part.value == value else None)
                continue
            found = [(at, way[branch]) for at, branch in enumerate(part.branches)]
            way.append(next(({part.variable: at, **rest} for at, rest in found if rest is not None), None))
        return way[self.root] or {}

    def _reached(self) -> list[Leaf[Value] | Split]:
        seen, waiting = set[int](), [self.root]
        while waiting:
            position = waiting.pop()
            if position not in seen:
                seen.add(position)
                part = self.parts[position]
                waiting += part.branches if isinstance(part, Split) else ()
        return [self.parts[position] for position in sorted(seen)]


class Grower(Generic[Value]):
    """Makes a diagram from its leaves up, every part once."""

    def __init__(self) -> None:
        self._at: dict[Leaf[Value] | Split, int] = {}

    def leaf(self, value: Value) -> int:
        """Position of an answer."""
        return self._place(Leaf(value))

    def split(self, variable: int, branches: tuple[int, ...]) -> int:
        """Position of a question; of the branch itself when all are the same."""
        return branches[0] if len(set(branches)) == 1 else self._place(Split(variable, branches))

    def done(self, root: int) -> Diagram[Value]:
        """Return the diagram."""
        return Diagram(tuple(self._at), root)

    def _place(self, part: Leaf[Value] | Split) -> int:
        return self._at.setdefault(part, len(self._at))
