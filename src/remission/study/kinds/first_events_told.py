"""Which event came first, by name: of composites by what they are made of, else by its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remission.cohort.outcome import Outcome

NOT_TOLD = "event, not told which"
EVENT_FREE = "event-free"


def events_of(outcome: Outcome) -> tuple[str, ...]:
    """Name every event that may come first, in the order of the definition; nobody need have had it."""
    own = outcome.components
    if outcome.component is not None and not own:
        own = tuple(dict.fromkeys(name for name in outcome.component if name is not None))
    return (*(own or outcome.causes[:1]), *outcome.causes[1:])


def first_events(outcome: Outcome) -> NDArray[np.object_]:
    """Name the first event of every patient: None without one, `NOT_TOLD` where nothing says which."""
    named = outcome.event.copy()
    if outcome.component is None:
        return named
    mine = outcome.event == outcome.cause
    told = outcome.component != np.array(None)
    named[mine & told] = outcome.component[mine & told]
    named[mine & ~told] = NOT_TOLD
    return named


def is_told(outcome: Outcome) -> bool:
    """Whether the columns say of anybody with an event which it was; true where nobody had one."""
    named = first_events(outcome)
    happened = named[named != np.array(None)]
    return not len(happened) or bool((happened != NOT_TOLD).any())
