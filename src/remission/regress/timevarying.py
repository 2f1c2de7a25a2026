"""Effects that change with time: one ratio per period, or a ratio that moves with log time."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from remission.core.problems import InputError
from remission.events.badrows import BadRows
from remission.events.causes import read_causes
from remission.regress.covariates import Covariates, covariates
from remission.regress.episodes import Episodes, split_episodes
from remission.regress.fit import Fit, Test
from remission.regress.moments import Floats
from remission.regress.termtests import wald_test

ROWS_AT_MOST = 5_000_000
Fitter = Callable[..., Fit]


@dataclass(frozen=True, slots=True, eq=False)
class TimeVarying:
    """A fit in which one term's effect changes with time.

    Attributes
    ----------
    fit : Fit
        Its column names say the period ("age, up to 100", "age, 100 to 365", "age, after 365"), or "age x
        log time".
    change : Test
        Wald test that the effect does not change: equal in all periods, or no slope in log time.
    """

    fit: Fit
    change: Test


def piecewise(
    fitter: Fitter, time: Any, event: Any, X: Any, term: str, cuts: Sequence[float], **options: Any
) -> TimeVarying:
    """Fit a term's effect separately in periods of time; the other terms keep one effect.

    Follow-up is split at the cuts; an event at a cut belongs to the period before it.

    Parameters
    ----------
    fitter : callable
        `cox`. Fine-Gray needs one row per patient and is refused by itself.
    time, event, X, options
        As for `fitter`; `entry`, `stratum`, `weight` and `cluster` are carried to the split rows.
    term : str
        Which term changes.
    cuts : sequence of float
        Increasing times that separate the periods.

    Examples
    --------
    >>> from remission.regress.cox import cox
    >>> x = [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]
    >>> changing = piecewise(cox, [1, 2, 3, 4, 5, 6, 7, 8], [True] * 8, {"arm": x}, "arm", [4])
    >>> changing.fit.terms
    ('arm, up to 4', 'arm, after 4')
    """
    limits = [float(cut) for cut in cuts]
    if not limits or any(b <= a for a, b in itertools.pairwise(limits)):
        raise InputError("cuts are increasing times, at least one")
    design = covariates(X)
    columns = _columns_of(design, term)
    times = np.asarray(time, dtype=float)
    switches = {f"cut {index}": np.full(len(times), cut) for index, cut in enumerate(limits)}
    split = split_episodes(times, switches, entry=options.get("entry"))
    period = np.zeros(len(split.row), dtype=int)
    for name in switches:
        period += split.status[name].astype(int)
    values = design.values[split.row]
    labels = [f"up to {limits[0]:g}"]
    labels += [f"{a:g} to {b:g}" for a, b in itertools.pairwise(limits)]
    labels.append(f"after {limits[-1]:g}")
    blocks = [values[:, columns] * (period == index)[:, None] for index in range(len(labels))]
    names = [[f"{design.names[column]}, {label}" for column in columns] for label in labels]
    changing = _replaced(design, values, columns, blocks, names, term)
    fit = _fit_split(fitter, split, event, changing, options)
    first = _position(changing, term)
    width = len(columns)
    contrast = np.zeros((width * (len(labels) - 1), len(fit.terms)))
    for index in range(1, len(labels)):
        for column in range(width):
            row = (index - 1) * width + column
            contrast[row, first + index * width + column] = 1.0
            contrast[row, first + column] = -1.0
    turned = replace(
        fit, coefficients=contrast @ fit.coefficients, variance=contrast @ fit.variance @ contrast.T
    )
    return TimeVarying(fit, wald_test(turned, list(range(len(contrast))), f"{term} changes with time"))


def log_time_interaction(
    fitter: Fitter, time: Any, event: Any, X: Any, term: str, **options: Any
) -> TimeVarying:
    """Fit a term's effect as b + c log t: the ratio moves by exp(c) for each e-fold of time.

    Follow-up is split at every event time, so data of many rows and many event times are refused: use
    `piecewise`.

    Raises
    ------
    InputError
        If the split would have more than five million rows, or an event is at time 0 or before.
    """
    design = covariates(X)
    columns = _columns_of(design, term)
    plain = fitter(time, event, X, **options)
    points = np.unique(plain.data.points.point_time)
    if points[0] <= 0:
        raise InputError("log of time needs every event after time 0")
    times = np.asarray(time, dtype=float)
    if float(np.searchsorted(points, times).sum()) + len(times) > ROWS_AT_MOST:
        raise InputError("too many rows and event times to follow log time; use periods (piecewise) instead")
    switches = {f"at {index}": np.full(len(times), cut) for index, cut in enumerate(points)}
    split = split_episodes(times, switches, entry=options.get("entry"))
    values = design.values[split.row]
    log = np.log(np.where(split.stop > 0, split.stop, 1.0))
    blocks = [values[:, columns], values[:, columns] * log[:, None]]
    names = [[design.names[column] for column in columns]]
    names.append([f"{design.names[column]} × log time" for column in columns])
    changing = _replaced(design, values, columns, blocks, names, term)
    fit = _fit_split(fitter, split, event, changing, options)
    first = _position(changing, term) + len(columns)
    chosen = list(range(first, first + len(columns)))
    return TimeVarying(fit, wald_test(fit, chosen, f"{term} changes with log time"))


def _columns_of(design: Covariates, term: str) -> list[int]:
    for name, columns in design.terms:
        if name == term:
            return list(columns)
    known = ", ".join(name for name, _ in design.terms)
    raise InputError(f'there is no term "{term}"; the model has {known}')


def _position(design: Covariates, term: str) -> int:
    """First column of a term."""
    return _columns_of(design, term)[0]


def _replaced(
    design: Covariates,
    values: Floats,
    columns: list[int],
    blocks: list[Floats],
    names: list[list[str]],
    term: str,
) -> Covariates:
    """The design with one term's columns replaced by blocks of columns."""
    parts: list[Floats] = []
    labels: list[str] = []
    terms: list[tuple[str, tuple[int, ...]]] = []
    for name, old in design.terms:
        new = np.column_stack(blocks) if name == term else values[:, list(old)]
        words = (
            [word for group in names for word in group] if name == term else [design.names[i] for i in old]
        )
        terms.append((name, tuple(range(len(labels), len(labels) + len(words)))))
        parts.append(new)
        labels += words
    return Covariates(np.column_stack(parts), tuple(labels), tuple(terms), {})


def _fit_split(
    fitter: Fitter, split: Episodes, event: Any, changing: Covariates, options: dict[str, Any]
) -> Fit:
    """Fit the split rows; what belongs to patients goes to all their rows."""
    events = event.to_numpy() if hasattr(event, "to_numpy") else np.asarray(event)
    happened = events[split.row].copy() if events.dtype == bool else events.astype(object)[split.row]
    happened[~split.last] = False if events.dtype == bool else _censored(events)
    carried = dict(options)
    for name in ("stratum", "weight", "cluster"):
        if options.get(name) is not None:
            carried[name] = np.asarray(options[name])[split.row]
    carried["entry"] = split.start
    if events.dtype != bool and "causes" not in carried:
        carried["causes"] = list(read_causes(event, None, BadRows())[1])
    return fitter(split.stop, happened, changing, **carried)


def _censored(events: Any) -> Any:
    """What stands for censored among these events: 0 among codes, None among names."""
    return 0 if all(isinstance(item, int | np.integer) for item in events) else None
