"""What ended each patient's follow-up: flags, names, or named codes to transition columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from remission.core.problems import InputError
from remission.events.badrows import BadRows
from remission.events.labels import Codes, Labels, natural_key, read_labels

CENSORED = -1
MISSING, UNKNOWN = -2, -3
CODES_NEED_NAMES = (
    "event holds numbers, and numbers do not say what happened. Name them, 0 being censored: "
    'causes={1: "relapse", 2: "NRM"}; or give event as names (None = censored), or as True and False.'
)


def read_causes(
    event: Any, causes: Mapping[int, str] | Sequence[str] | None, bad: BadRows
) -> tuple[Codes, tuple[str, ...]]:
    """Transition column per row (-1: censored) and the names of the causes; wrong rows are noted in `bad`.

    Raises
    ------
    InputError
        If numbers come without names, or the causes do not fit the kind of event.
    """
    named = [causes] if isinstance(causes, str) else causes
    if named is not None and not len(named):
        raise InputError("causes is empty; name at least one.")
    labels = read_labels(event, "event")
    if labels.kind == "number":
        if not isinstance(named, Mapping):
            raise InputError(CODES_NEED_NAMES)
        return _of_codes(labels, named, bad)
    if isinstance(named, Mapping):
        if labels.values and not (labels.kind == "flag" and set(named) == {1}):
            raise InputError(
                "causes names codes, but event does not hold codes. Give causes as a list of names."
            )
        named = list(named.values())
    return _of_flags(labels, named, bad) if labels.kind == "flag" else _of_names(labels, named, bad)


def _of_flags(labels: Labels, causes: Sequence[str] | None, bad: BadRows) -> tuple[Codes, tuple[str, ...]]:
    names = tuple(str(name) for name in causes or ("event",))
    if len(names) != 1:
        raise InputError(
            "event holds True and False, which is one cause; to tell causes apart give event as their names."
        )
    bad.note(labels.codes < 0, "event is missing", "Say True or False, or leave the rows out")
    return labels.recoded([0 if value else CENSORED for value in labels.values]), names


def _of_codes(labels: Labels, causes: Mapping[int, str], bad: BadRows) -> tuple[Codes, tuple[str, ...]]:
    if 0 in causes:
        raise InputError("causes names the code 0, but 0 always means censored; leave it out.")
    place = {0: CENSORED, **{code: column for column, code in enumerate(causes)}}
    codes = labels.recoded([place.get(value, UNKNOWN) for value in labels.values], MISSING)
    bad.note(codes == MISSING, "event is missing", "Give 0 for censored, or leave the rows out")
    known = ", ".join(f"{code} = {name}" for code, name in {0: "censored", **causes}.items())
    bad.note(
        codes == UNKNOWN, f"event is a code without a name ({known})", "Name it in causes, or correct it"
    )
    return codes, tuple(str(name) for name in causes.values())


def _of_names(labels: Labels, causes: Sequence[str] | None, bad: BadRows) -> tuple[Codes, tuple[str, ...]]:
    words = labels.words
    if causes is not None:
        names = tuple(str(name) for name in causes)
    else:
        named = [word for word in words if word]
        names = tuple(named if labels.declared else sorted(named, key=natural_key)) or ("event",)
    place = {"": CENSORED, **{word: column for column, word in enumerate(names)}}
    codes = labels.recoded([place.get(word, UNKNOWN) for word in words], CENSORED)
    strange = ", ".join(f'"{words[index]}"' for index in np.unique(labels.codes[codes == UNKNOWN]))
    bad.note(
        codes == UNKNOWN,
        f"event is {strange}, not among the causes {list(names)}",
        "Add it to causes, or recode it",
    )
    return codes, names
