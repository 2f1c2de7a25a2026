"""Counting: from one row per patient to the event table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from remission.events.table import EventTable


def event_table(
    time: Any,
    event: Any,
    *,
    causes: Mapping[int, str] | Sequence[str] | None = None,
    group: Any = None,
    levels: Sequence[str] = (),
    entry: Any = None,
    weight: Any = None,
    weights_are: Literal["frequency", "sampling"] = "sampling",
    stratum: Any = None,
) -> EventTable:
    """Count who entered, who had which event and who was censored, per distinct time, group and stratum."""
    raise NotImplementedError
