"""Published estimates, read and completed: limits from a standard error, or a standard error from limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from remission.core.clock import parse_duration
from remission.core.problems import InputError, Problem
from remission.core.suggest import did_you_mean
from remission.core.texts import bundled_texts, named_text
from remission.rules.declare import Mark
from remission.rules.reading import read_declaration
from remission.study.published.declare import ResultDeclaration, TrialDeclaration
from remission.study.published.errors import error_from_limits, limits_from_error, too_small

ERROR, LIMITS = "standard error", "limits"


@dataclass(frozen=True, slots=True)
class Published:
    """One published estimate; proportions, not per cent.

    Attributes
    ----------
    trial, key, population : str
    n : int or None
    endpoint : str
        As the file writes it: the name of a definition, or of an endpoint of the study.
    time : str
        As written: "3 years".
    estimate : float
    std_error, low, high : float or None
    confidence : float
        Coverage of the limits.
    published : tuple of str
        Which of "standard error" and "limits" were published; the other was computed, if it could be.
    mark, error_mark : str
        How sure the estimate is, and its standard error or limits.
    source, note : str
    years, time_zero, selected : str
        "" where nothing is said.
    unlikely : bool
        The standard error is smaller than so many patients allow.
    """

    trial: str
    key: str
    population: str
    n: int | None
    endpoint: str
    time: str
    estimate: float
    std_error: float | None
    low: float | None
    high: float | None
    confidence: float
    published: tuple[str, ...]
    mark: Mark
    error_mark: Mark
    source: str
    note: str = ""
    years: str = ""
    time_zero: str = ""
    selected: str = ""
    unlikely: bool = False


@cache
def trial_texts() -> Mapping[str, str]:
    """Files of the trials that come with the program, by name."""
    return bundled_texts("remission.study.published", "trials")


def trial_results(
    name: str, *, folder: Path | None = None, level: float = 0.95
) -> tuple[tuple[Published, ...], tuple[Problem, ...]]:
    """Results of a trial, or of one of its populations.

    Parameters
    ----------
    name : str
        A trial that comes with the program ("mll10"), one population of it ("mll10/high"), or a TOML file of
        your own.
    folder : Path, optional
        Where relative paths start.
    level : float
        Coverage of limits that are computed from a standard error.

    Returns
    -------
    results, problems
        No results where there are problems.

    Raises
    ------
    InputError
        If there is no such trial, file or population.

    Examples
    --------
    >>> (high,), _ = trial_results("mll10/high")
    >>> high.n, high.estimate, high.published, round(high.low, 3)
    (56, 0.566, ('standard error',), 0.423)
    """
    file, key = _parted(name)
    said, text = named_text(file, trial_texts(), folder, "published trial")
    declared, problems = read_declaration(TrialDeclaration, text, said)
    if declared is None:
        return (), problems
    wrong = [
        problem
        for number, result in enumerate(declared.result, 1)
        for problem in result_problems(result, f"{said}: result {number}")
    ]
    if wrong:
        return (), tuple(wrong)
    chosen = [result for result in declared.result if not key or result.key == key]
    if not chosen:
        known = list(dict.fromkeys(result.key for result in declared.result if result.key))
        there = did_you_mean(key, known) or f" It has {', '.join(known)}."
        raise InputError(f'"{file}" has no population "{key}".{there}')
    return tuple(published(declared.trial, result, declared, level=level) for result in chosen), ()


def published(
    trial: str, result: ResultDeclaration, of: TrialDeclaration | None = None, *, level: float = 0.95
) -> Published:
    """Complete a result whose numbers were checked."""
    estimate = _share(result.estimate)
    error = None if result.standard_error is None else _share(result.standard_error)
    ends = None if result.low is None or result.high is None else (_share(result.low), _share(result.high))
    told = (*((ERROR,) if error is not None else ()), *((LIMITS,) if ends is not None else ()))
    confidence = result.confidence if ends is not None else level
    if error is None and ends is not None:
        error = error_from_limits(estimate, *ends, confidence, result.limits_on)
    elif ends is None and error is not None:
        ends = limits_from_error(estimate, error, level)
    general = of.years if of else None, of.time_zero if of else None, of.selected if of else None
    own = result.years, result.time_zero, result.selected
    years, time_zero, selected = (mine or its or "" for mine, its in zip(own, general, strict=True))
    return Published(
        trial=trial,
        key=result.key,
        population=result.population,
        n=result.n,
        endpoint=result.endpoint,
        time=result.time.strip(),
        estimate=estimate,
        std_error=error,
        low=None if ends is None else ends[0],
        high=None if ends is None else ends[1],
        confidence=confidence,
        published=told,
        mark=result.mark,
        error_mark=result.error_mark or result.mark,
        source=result.source,
        note=result.note,
        years=years,
        time_zero=time_zero,
        selected=selected,
        unlikely=error is not None and result.n is not None and too_small(estimate, error, result.n),
    )


def result_problems(result: ResultDeclaration, where: str) -> Iterator[Problem]:
    """Numbers that cannot be, and times that cannot be read."""
    try:
        parse_duration(result.time)
    except InputError:
        repair = 'Write a number and a unit, such as "3 years".'
        yield Problem(f"{where}.time", f'"{result.time}" is not a length of time', repair)
    if (result.low is None) != (result.high is None):
        repair = "Write both `low` and `high`, or neither."
        yield Problem(where, "only one limit is given", repair)
    elif (
        result.low is not None
        and result.high is not None
        and not result.low <= result.estimate <= result.high
    ):
        message = f"the estimate {result.estimate:g} does not lie between {result.low:g} and {result.high:g}"
        yield Problem(where, message, "Compare the numbers with the paper.")
    numbers = [result.estimate, result.low, result.high]
    if 0 < result.estimate < 1 and all(number is None or number <= 1 for number in numbers):
        message = f"{result.estimate:g} looks like a share of 1, where per cent are meant"
        yield Problem(f"{where}.estimate", message, f"Write {100 * result.estimate:g}.")


def _parted(name: str) -> tuple[str, str]:
    """File or trial, and the population behind the last slash."""
    if name.endswith(".toml"):
        return name, ""
    file, slash, key = name.rpartition("/")
    return (file, key) if slash else (name, "")


def _share(percent: float) -> float:
    """Per cent as a share, without the dust of division."""
    return round(percent / 100, 10)
