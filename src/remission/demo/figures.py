"""A published figure that a bundled cohort is calibrated to, and how near it must come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure.

    Attributes
    ----------
    name : str
    says : str
        What it is, in words.
    published : str
        As printed in the paper.
    low, high : float
        The cohort's own figure lies in [low, high): the interval that rounds to what was published, unless
        `note` says why it is wider.
    note : str
    """

    name: str
    says: str
    published: str
    low: float
    high: float
    note: str = ""

    def holds(self, value: float) -> bool:
        """Whether a value is near enough."""
        return self.low <= value < self.high


def rounded(name: str, says: str, published: str) -> Figure:
    """A figure that must round to what was published.

    Examples
    --------
    >>> figure = rounded("os", "survival at 3 years", "83.9 %")
    >>> figure.holds(0.8386), figure.holds(0.8395)
    (True, False)
    """
    text = published.removesuffix(" %")
    scale = 100.0 if published.endswith("%") else 1.0
    half = 0.5 * 10.0 ** -len(text.partition(".")[2])
    return Figure(name, says, published, (float(text) - half) / scale, (float(text) + half) / scale)
