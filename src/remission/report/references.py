"""The literature the report cites, in Vancouver style, and the order it is cited in."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def references() -> dict[str, str]:
    """Every reference the words may cite, by key (first author and year)."""
    text = resources.files("remission.report").joinpath("references.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


class Citations:
    """Numbers for references, in the order they are first cited.

    Examples
    --------
    >>> cited = Citations()
    >>> cited.numbers(["kaplan1958", "greenwood1926"]), cited.numbers(["kaplan1958"]), len(cited.items())
    ('1,2', '1', 2)
    """

    def __init__(self) -> None:
        self._order: list[str] = []

    def numbers(self, keys: Iterable[str]) -> str:
        """Numbers of some references, as they stand behind a sentence.

        Raises
        ------
        KeyError
            If a reference is not known.
        """
        texts = []
        for key in keys:
            if key not in references():
                message = f"no such reference: {key}"
                raise KeyError(message)
            texts.append(references()[key])
        return self.texts(texts)

    def texts(self, references: Iterable[str]) -> str:
        """Numbers of references given in full, as protocols and scores have them.

        Examples
        --------
        >>> cited = Citations()
        >>> cited.texts(["One J. 2001.", "Two B. 2002."]), cited.texts(["Two B. 2002."])
        ('1,2', '2')
        """
        found = []
        for text in references:
            if text not in self._order:
                self._order.append(text)
            found.append(self._order.index(text) + 1)
        return ",".join(str(number) for number in sorted(found))

    def items(self) -> tuple[str, ...]:
        """List the references cited so far."""
        return tuple(self._order)
