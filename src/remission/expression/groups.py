"""Which sample is in which of the two groups, and what else is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError, shown
from remission.core.suggest import did_you_mean

Floats = NDArray[np.float64]
Index = NDArray[np.intp]
BySample = Sequence[Any] | Mapping[str, Any]
LEVELS_AT_MOST = 20


@dataclass(frozen=True, slots=True, eq=False)
class TwoGroups:
    """Samples that are compared.

    Attributes
    ----------
    names : (str, str)
        The reference, and the group compared with it.
    used : array
        Positions of the samples among those of the matrix.
    labels : array (used,)
        0 in the reference, 1 in the other.
    strata : array (used,) of int
        Batch; all 0 without.
    covariates : array (used, q)
        Numbers, and 0/1 for all levels but the first of a category.
    notes : tuple of str
    """

    names: tuple[str, str]
    used: Index
    labels: Floats
    strata: Index
    covariates: Floats
    notes: tuple[str, ...]


def two_groups(
    samples: Sequence[str],
    groups: BySample,
    reference: str | None,
    covariates: Mapping[str, BySample] | None,
    batch: BySample | None,
) -> TwoGroups:
    """Line groups, covariates and batch up with the samples; who lacks any is left out, and counted."""
    named = as_texts(lined_up(groups, samples, "groups"))
    names = _names(named, reference)
    keep = np.array([text is not None for text in named])
    notes = _left_out(keep, "has no group")
    columns: list[Floats] = []
    for name, given in (covariates or {}).items():
        values = lined_up(given, samples, f"covariate {name}")
        there = np.array([not _unknown(value) for value in values])
        notes += _left_out(there | ~keep, f"has no {name}")
        keep &= there
        columns.append(_columns(name, values, keep))
    strata = np.zeros(len(samples), dtype=np.intp)
    if batch is not None:
        batches = as_texts(lined_up(batch, samples, "batch"))
        there = np.array([text is not None for text in batches])
        notes += _left_out(there | ~keep, "has no batch")
        keep &= there
        strata = np.unique([text or "" for text in batches], return_inverse=True)[1].astype(np.intp)
    used = np.flatnonzero(keep)
    labels = np.array([float(named[i] == names[1]) for i in used])
    few = [f"{name} has {n}" for name, n in _sizes(names, labels).items() if n < 2]
    if few:
        raise InputError(f"a comparison takes at least two samples in each group: {', '.join(few)}")
    strata = strata[used]
    notes += _lone_batches(labels, strata)
    model = np.column_stack(columns)[used] if columns else np.empty((len(used), 0))
    return TwoGroups(names, used, labels, strata, model, tuple(notes))


def _sizes(names: tuple[str, str], labels: Floats) -> dict[str, int]:
    return {name: int((labels == group).sum()) for group, name in enumerate(names)}


def lined_up(given: BySample, samples: Sequence[str], what: str) -> list[Any]:
    """One value per sample: a sequence in their order, or a mapping by their names."""
    if isinstance(given, Mapping):
        there = set(samples)
        strange = [str(name) for name in given if name not in there]
        if len(strange) == len(given):
            hint = did_you_mean(strange[0], samples) if strange else ""
            raise InputError(f"{what}: none of the names is a sample of the matrix.{hint}")
        return [given.get(name) for name in samples]
    values = list(given)
    if len(values) != len(samples):
        raise InputError(f"{what}: {len(values)} values for {len(samples)} samples")
    return values


def _unknown(value: Any) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value)) or str(value).strip() == ""


def as_texts(values: Iterable[Any]) -> list[str | None]:
    """Values as group names: yes and no, whole numbers without a point; None where unknown."""
    return [None if _unknown(value) else _text(value) for value in values]


def _text(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _names(named: Sequence[str | None], reference: str | None) -> tuple[str, str]:
    levels = sorted({text for text in named if text is not None})
    if len(levels) != 2:
        told = shown(levels) if levels else "none"
        raise InputError(
            f"two groups are compared; the samples have {len(levels)} ({told}). "
            "Set others to None to leave them out"
        )
    if reference is None:
        return levels[0], levels[1]
    if reference not in levels:
        raise InputError(f'there is no group "{reference}" to compare with; groups are {shown(levels)}')
    return reference, levels[1 - levels.index(reference)]


def _left_out(keep: NDArray[np.bool_], why: str) -> list[str]:
    number = int((~keep).sum())
    return [f"{number} of the samples left out: {why}."] if number else []


def _columns(name: str, values: Sequence[Any], keep: NDArray[np.bool_]) -> Floats:
    """Numbers as they are; texts and yes/no as 0/1 columns of all levels but the first."""
    known = [value for value, here in zip(values, keep, strict=True) if here]
    numeric = all(
        isinstance(value, int | float | np.number) and not isinstance(value, bool) for value in known
    )
    if numeric:
        return np.array([[float(v) if here else np.nan] for v, here in zip(values, keep, strict=True)])
    written = as_texts(values)
    levels = sorted({text for text, here in zip(written, keep, strict=True) if here and text is not None})
    if len(levels) > LEVELS_AT_MOST:
        raise InputError(
            f"covariate {name} has {len(levels)} different texts; if they are numbers, give them as numbers"
        )
    return np.array([[float(text == level) for level in levels[1:]] for text in written]).reshape(
        len(written), -1
    )


def _lone_batches(labels: Floats, strata: Index) -> list[str]:
    """Batches that hold one group only say nothing about the difference."""
    every = np.unique(strata)
    lone = sum(len(np.unique(labels[strata == stratum])) < 2 for stratum in every)
    if lone == len(every):
        raise InputError(
            "every batch holds one group only, so differences between groups and between batches cannot be "
            "told apart. No analysis repairs this; leave `batch` out only if batches surely do not matter"
        )
    return [f"{lone} of {len(every)} batches hold one group only: they add nothing."] if lone else []
