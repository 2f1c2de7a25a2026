"""Rows that cannot be counted: found completely, then told at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError

ROWS_SHOWN = 200


@dataclass(slots=True)
class BadRows:
    """Collects what is wrong row by row until `tell` raises it as one error.

    `repeats` tells how many of the caller's rows each row stands for, when they were counted before anybody
    looked at them (a lazy frame): then only their number can be told.
    """

    found: list[str] = field(default_factory=list)
    repeats: NDArray[Any] | None = None

    def note(self, wrong: NDArray[np.bool_], message: str, repair: str) -> None:
        """Remember the rows where `wrong`, if any."""
        if wrong.any() and self.repeats is not None:
            self.found.append(f"{message} in {int(self.repeats[wrong].sum())} rows. {repair}.")
        elif wrong.any():
            rows = np.flatnonzero(wrong) + 1
            listed = ", ".join(str(row) for row in rows[:ROWS_SHOWN].tolist())
            more = f" and {len(rows) - ROWS_SHOWN} more" if len(rows) > ROWS_SHOWN else ""
            word = "row" if len(rows) == 1 else "rows"
            self.found.append(
                f"{message} in {len(rows)} {word} (the first row is row 1): {listed}{more}. {repair}."
            )

    def tell(self) -> None:
        """Raise everything found.

        Raises
        ------
        InputError
            If anything was noted.
        """
        if self.found:
            raise InputError("\n".join(self.found))
