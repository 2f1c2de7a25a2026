"""An analysis kind is a record: the catalogue, the study-file reference the menus come from the records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from remission.cohort.cohort import Cohort
from remission.cohort.outcome import Outcome
from remission.core.problems import Problem
from remission.study.results import Analysis

if TYPE_CHECKING:
    from remission.study.laboratory.read import Laboratory


@dataclass(frozen=True, slots=True)
class Context:
    """What an analysis may read.

    Attributes
    ----------
    cohort : Cohort
    outcomes : mapping of str to Outcome
        Every endpoint of the study, by name.
    confidence : float
        Coverage of intervals, 0.95.
    interval : str
        Scale of survival limits ("log-log").
    variance : str
        Of incidences ("aalen", "delta", "jackknife").
    seed : int
    validation : Context or None
        The same of the second cohort, where the study has one.
    style : str
        How estimates are written: "limits", "standard error" or "both".
    folder : Path or None
        Of the study file: relative paths in options start there.
    laboratory : Laboratory or None
        Drug response, expression and signatures of the patients, where the study has them.
    first : Context or None
        In an analysis of the second cohort, the same of the first: models fitted there are applied here.
    """

    cohort: Cohort
    outcomes: Mapping[str, Outcome]
    confidence: float
    interval: str
    variance: str
    seed: int
    validation: Context | None = None
    style: str = "limits"
    folder: Path | None = None
    laboratory: Laboratory | None = None
    first: Context | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of analysis.

    Attributes
    ----------
    name : str
        As written after `kind =`.
    title, summary : str
        For people; `summary` is one sentence.
    options : type of pydantic model
        Every option, with its default and description.
    check : callable
        `(context, options, where) -> problems`, before anything runs; complete, never the first only.
    run : callable
        `(context, options, name) -> Analysis`.
    outputs : tuple of str
        Names of the outputs it may produce; floor 4 knows how each looks.
    """

    name: str
    title: str
    summary: str
    options: type[BaseModel]
    check: Callable[[Context, Any, str], tuple[Problem, ...]]
    run: Callable[[Context, Any, str], Analysis]
    outputs: tuple[str, ...]
