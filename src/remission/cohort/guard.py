"""The guard: nothing known only later may group, filter or adjust what is counted from time zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from remission.cohort.as_known import as_known, made_of
from remission.cohort.cohort import Cohort
from remission.cohort.column import Baseline, KnownAfter, KnownLater, KnownOn
from remission.cohort.outcome import Floats, Outcome
from remission.core.clock import A_MOMENT
from remission.core.problems import InputError, Problem

Reason = Literal[
    "baseline",
    "known by the start",
    "landmark",
    "known after the start",
    "known after the landmark",
    "date not recorded",
]
Remedy = Literal["landmark", "time-dependent", "delayed entry"]
_WORST: tuple[Reason, ...] = (
    "date not recorded",
    "known after the landmark",
    "known after the start",
    "landmark",
    "known by the start",
    "baseline",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a column may group, filter or adjust an outcome. The report owns the words.

    Attributes
    ----------
    allowed : bool
    reason : str
        Allowed: "baseline" (known at the cohort's time zero, and the outcome starts no earlier), "known by
        the start" (of the outcome's own time zero, or of its delayed entry), "landmark" (known by the
        landmark, or replaced by what was known then). Refused: "known after the start", "known after the
        landmark", "date not recorded" (known some time later: may only be described).
    column : str
        As asked for.
    known_at : str
        When it was known, in words; of a derived column, when the source was that decided.
    remedies : tuple of str
        What would answer the question: a "landmark", the column as "time-dependent", "delayed entry". Empty
        when allowed, or when nothing helps.
    landmark_days : float or None
        As asked for.
    """

    allowed: bool
    reason: Reason
    column: str
    known_at: str
    remedies: tuple[Remedy, ...] = ()
    landmark_days: float | None = None


def judge(cohort: Cohort, column: str, outcome: Outcome, *, landmark_days: float | None = None) -> Verdict:
    """Say whether a column may group or adjust an outcome.

    The declaration decides, not the data: a column known on a date is refused even if every date happens to
    be at or before time zero; declare it "baseline" if it was known then. Only where patients start later
    than the cohort's time zero (the outcome has a time zero of its own, or delayed entry) are dates compared,
    patient by patient: the column is allowed if at the start every patient had the value it has in the end.

    Parameters
    ----------
    cohort : Cohort
    column : str
        Its `known_at` must be declared (see `undeclared`). A derived column is judged by all it is made of.
    outcome : Outcome
    landmark_days : float, optional
        In days from the outcome's time zero. A column with a date is then allowed, as it was known at the
        landmark (`values_at`); one known a fixed time after time zero only if that is not later.

    Raises
    ------
    InputError
        If there is no such column, nobody declared when it was known, or the landmark is before time zero.

    Examples
    --------
    >>> import polars as pl
    >>> from remission.cohort.cohort import Source
    >>> from remission.cohort.column import Column
    >>> from remission.core.clock import Clock
    >>> frame = pl.DataFrame({"gvhd": [True, False], "gvhd_day": [30.0, None]})
    >>> kinds = {"gvhd_day": Column("gvhd_day", "number", is_time=True)}
    >>> kinds["gvhd"] = Column("gvhd", "yes/no", known_at=KnownOn("gvhd_day"))
    >>> cohort = Cohort(frame, kinds, "id", None, Clock(), Source("two patients", "", 2))
    >>> time, event = np.array([60.0, 400.0]), np.array(["death", None], dtype=object)
    >>> names = ("os", "Overall survival", "survival", "death", ("death",), np.arange(2))
    >>> outcome = Outcome(*names, time, event, None, "transplantation", True, (), "", np.zeros(2))
    >>> judge(cohort, "gvhd", outcome).remedies
    ('landmark', 'time-dependent')
    >>> judge(cohort, "gvhd", outcome, landmark_days=100.0).allowed
    True
    """
    if landmark_days is not None and not landmark_days >= 0:
        raise InputError(f"a landmark is a time after time zero; this one is {landmark_days:g} days")
    cohort.column(column)
    leaves = made_of(cohort, column)
    verdicts = [_judge(cohort, leaf, outcome, landmark_days) for leaf in leaves]
    worst = min(verdicts, key=lambda verdict: _WORST.index(verdict.reason))
    remedies: tuple[Remedy, ...] = ()
    if not worst.allowed:
        refused = [verdict.remedies for verdict in verdicts if not verdict.allowed]
        remedies = tuple(remedy for remedy in refused[0] if all(remedy in other for other in refused))
    return Verdict(worst.allowed, worst.reason, column, worst.known_at, remedies, landmark_days)


def judge_filter(
    cohort: Cohort, columns: Iterable[str], outcome: Outcome, *, landmark_days: float | None = None
) -> tuple[Verdict, ...]:
    """Say whether a condition on some columns may choose the patients of an outcome.

    Choosing patients by what happened to them later is grouping and dropping a group, so the rules are those
    of `judge`. With a landmark the condition must be asked of what was known then (`frame_at`).

    Returns
    -------
    tuple of Verdict
        One for each column, in order of appearance; the condition may be used if all allow it.
    """
    return tuple(judge(cohort, name, outcome, landmark_days=landmark_days) for name in dict.fromkeys(columns))


def undeclared(cohort: Cohort, column: str, where: str) -> Problem | None:
    """Return a problem if nobody declared when a column was known: it can then be described only.

    Parameters
    ----------
    cohort : Cohort
    column : str
    where : str
        Key path of the study file.
    """
    unknown = [leaf for leaf in made_of(cohort, column) if cohort.columns[leaf].known_at is None]
    if not unknown:
        return None
    named = " and ".join(f'"{leaf}"' for leaf in unknown)
    message = f"nobody said when {named} was known, so it cannot group, filter or adjust"
    if unknown != [column]:
        message = f'"{column}" is made of {named}; {message}'
    repair = (
        "Name it in [cohort] baseline if it was known at time zero; otherwise say known_at: the time after "
        'time zero ("100 days"), the column with its date, or "after".'
    )
    return Problem(where, message, repair)


def _judge(cohort: Cohort, column: str, outcome: Outcome, landmark_days: float | None) -> Verdict:
    """Judge a column of the file."""
    known = cohort.columns[column].known_at
    start = _start(outcome)
    at = outcome.offset + landmark_days if landmark_days is not None else None
    allowed: Reason | None = None
    remedies: tuple[Remedy, ...] = ()
    match known:
        case None:
            raise InputError(f'nobody declared when "{column}" was known')
        case KnownLater():
            return Verdict(False, "date not recorded", column, str(known))  # noqa: FBT003 - `allowed`
        case Baseline() | KnownAfter():
            day = 0.0 if isinstance(known, Baseline) else cohort.clock.days(known.duration)
            allowed = _by(day, start, at, "baseline" if isinstance(known, Baseline) else "known by the start")
            remedies = ("landmark", "delayed entry")
        case KnownOn():
            remedies = ("landmark", "time-dependent")
            if at is not None:
                allowed = "landmark"
            elif (not outcome.starts_at_cohort_zero or outcome.entry is not None) and _settled(
                cohort, column, outcome, start
            ):
                allowed = "known by the start"
    if allowed is not None:
        return Verdict(True, allowed, column, str(known))  # noqa: FBT003 - `allowed`
    reason: Reason = "known after the start" if at is None else "known after the landmark"
    return Verdict(False, reason, column, str(known), remedies)  # noqa: FBT003 - `allowed`


def _start(outcome: Outcome) -> Floats:
    """Day on which each patient starts to be at risk, from the cohort's time zero."""
    if outcome.entry is None:
        return outcome.offset
    return outcome.offset + np.maximum(outcome.entry, 0.0)


def _by(day: float, start: Floats, at: Floats | None, word: Reason) -> Reason | None:
    """Whether a fixed day had come when patients started, or at the landmark."""
    if bool((start >= day - A_MOMENT).all()):
        return word
    if at is not None and bool((at >= day - A_MOMENT).all()):
        return "landmark"
    return None


def _settled(cohort: Cohort, column: str, outcome: Outcome, start: Floats) -> bool:
    """Whether every patient had at the start the value it has in the end."""
    then = as_known(cohort, outcome.rows, start, [column])[column]
    return then.equals(cohort.frame[column].gather(outcome.rows), null_equal=True)
