"""What is to be predicted: a class, a number that may be censored, or a censored time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError, shown

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Task = Literal["class", "value", "survival"]
TASKS: tuple[Task, ...] = get_args(Task)
Censored = Literal["exclude", "bound"]
LEAST = 10


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """The answer of every sample, as far as known.

    Attributes
    ----------
    task : "class", "value" or "survival"
    y : array (n,)
        Class of interest 1 and the other 0; or the number; or the time. NaN where not learned from.
    event : array (n,) of bool
        Of a survival task: whether the time is that of the event.
    stratum : array (n,) of int
        What folds are balanced for: class, quarter of the value, event.
    positive, negative : str
        Names of the classes.
    notes : tuple of str
        Who is not learned from, and why.
    """

    task: Task
    y: Floats
    event: Flags
    stratum: NDArray[np.int64]
    positive: str
    negative: str
    notes: tuple[str, ...]

    @property
    def learned(self) -> NDArray[np.intp]:
        """Places of the samples that are learned from."""
        return np.flatnonzero(~np.isnan(self.y))

    def shuffled(self, rng: np.random.Generator) -> Target:
        """The same with the answers of those learned from dealt out anew."""
        here = self.learned
        dealt = rng.permutation(here)
        y, event, stratum = self.y.copy(), self.event.copy(), self.stratum.copy()
        y[here], event[here], stratum[here] = y[dealt], event[dealt], stratum[dealt]
        return replace(self, y=y, event=event, stratum=stratum)


def read_target(
    response: Any,
    samples: Sequence[str],
    task: Task,
    *,
    positive: str = "resistant",
    negative: str = "sensitive",
    censored: Censored = "exclude",
) -> Target:
    """Match responses to samples.

    Parameters
    ----------
    response : mapping of sample to response, or frame with a column `sample`
        class: the name of the class, or None (column `class`). Any other name, such as "intermediate", is
        not learned from, but predicted. value: a number, best on a log scale, or a pair (low, high) between
        which it lies, None where open (column `value`, or `low` and `high`). survival: a pair (time,
        happened) (columns `time`, `event`).
    censored : "exclude" or "bound"
        A value known only to lie above or below a bound is not learned from, or the bound is taken for it. A
        value between two bounds is their middle.

    Raises
    ------
    InputError
        If no names fit, too few samples have a response, or one class is too small to learn from.
    """
    if task not in TASKS:
        raise InputError(f"task must be one of {', '.join(TASKS)}; it is {task!r}")
    given = _mapping(response, task)
    matched = [name for name in samples if name in given]
    if not matched:
        raise InputError(
            f"no sample has a response under its name; samples are called {shown(list(samples)[:3])}, "
            f"responses {shown([str(name) for name in given][:3])}. Use one name for one patient in both"
        )
    notes = []
    measured = set(samples)
    strangers = [str(name) for name in given if name not in measured]
    if strangers:
        notes.append(f"{len(strangers)} with a response have no expression: {shown(strangers)}")
    if len(matched) < len(samples):
        notes.append(f"{len(samples) - len(matched)} samples have no response")
    answers = [given.get(name) for name in samples]
    made = {
        "class": lambda: _classes(answers, positive, negative, notes),
        "value": lambda: _values(answers, censored, notes),
        "survival": lambda: _times(answers),
    }[task]()
    return made_target(task, *made, positive, negative, tuple(notes))


def made_target(
    task: Task, y: Floats, event: Flags, positive: str, negative: str, notes: tuple[str, ...]
) -> Target:
    """Strata for the folds; refuses what nothing can be learned from."""
    known = ~np.isnan(y)
    stratum = np.full(len(y), -1, dtype=np.int64)
    if task == "class":
        stratum[known] = y[known].astype(np.int64)
        sizes = {positive: int((y == 1).sum()), negative: int((y == 0).sum())}
        if min(sizes.values()) < LEAST // 2:
            raise InputError(
                f"each class needs at least {LEAST // 2} patients to learn from; there are "
                + " and ".join(f"{n} {name}" for name, n in sizes.items())
                + ". Take more patients, or classes that more of them have"
            )
    elif task == "survival":
        stratum[known] = event[known]
        if event[known].sum() < LEAST:
            raise InputError(
                f"at least {LEAST} events are needed to learn from; there are {int(event[known].sum())}"
            )
    else:
        order = np.argsort(np.argsort(y[known], kind="stable"), kind="stable")
        stratum[known] = order * 4 // max(int(known.sum()), 1)
    if known.sum() < LEAST:
        raise InputError(f"at least {LEAST} patients are needed to learn from; there are {int(known.sum())}")
    return Target(task, y, event, stratum, positive, negative, notes)


def _mapping(response: Any, task: Task) -> Mapping[str, Any]:
    if isinstance(response, Mapping):
        return response
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - loaded when first needed

    try:
        frame = nw.from_native(response, eager_only=True)
    except TypeError as error:
        what = type(response).__name__
        raise InputError(
            f"responses come as a mapping of sample to response, or a data frame, not as {what}"
        ) from error
    wanted = {"class": [["class"]], "value": [["value"], ["low", "high"]], "survival": [["time", "event"]]}[
        task
    ]
    for names in wanted:
        if {"sample", *names} <= set(frame.columns):
            ids = [str(name) for name in frame["sample"].to_list()]
            if len(set(ids)) < len(ids):
                raise InputError("a sample has more than one response; keep one row for each")
            columns = [frame[name].to_list() for name in names]
            return dict(zip(ids, columns[0] if len(names) == 1 else zip(*columns, strict=True), strict=True))
    said = " or ".join("sample, " + ", ".join(names) for names in wanted)
    raise InputError(f"the responses need the columns {said}; there are {', '.join(frame.columns)}")


def _classes(answers: list[Any], positive: str, negative: str, notes: list[str]) -> tuple[Floats, Flags]:
    y = np.full(len(answers), np.nan)
    others: dict[str, int] = {}
    for index, answer in enumerate(answers):
        if answer is None or answer != answer:  # noqa: PLR0124 - NaN, as pandas writes what is missing
            continue
        if answer in (positive, negative):
            y[index] = float(answer == positive)
        else:
            others[str(answer)] = others.get(str(answer), 0) + 1
    notes += [f'{n} of class "{name}" are not learned from, but predicted' for name, n in others.items()]
    return y, np.zeros(len(y), dtype=bool)


def _values(answers: list[Any], censored: Censored, notes: list[str]) -> tuple[Floats, Flags]:
    if censored not in ("exclude", "bound"):
        raise InputError(f'censored must be "exclude" or "bound"; it is {censored!r}')
    y = np.full(len(answers), np.nan)
    beyond = 0
    for index, answer in enumerate(answers):
        if answer is None:
            continue
        low, high = answer if isinstance(answer, (tuple, list)) else (answer, answer)
        ends = [x for x in (low, high) if x is not None and np.isfinite(x)]
        if len(ends) == 2:
            if low > high:
                raise InputError(f"a response lies between {low} and {high}: the first must be the smaller")
            y[index] = (low + high) / 2
        elif len(ends) == 1:
            beyond += 1
            if censored == "bound":
                y[index] = ends[0]
    if beyond:
        how = (
            "are learned from at that bound" if censored == "bound" else "are not learned from, but predicted"
        )
        notes.append(f"{beyond} responses beyond the tested range {how}")
    return y, np.zeros(len(y), dtype=bool)


def _times(answers: list[Any]) -> tuple[Floats, Flags]:
    y, event = np.full(len(answers), np.nan), np.zeros(len(answers), dtype=bool)
    for index, answer in enumerate(answers):
        if answer is None or any(part is None or part != part for part in answer):  # noqa: PLR0124 - NaN
            continue
        y[index], event[index] = float(answer[0]), bool(answer[1])
    return y, event
