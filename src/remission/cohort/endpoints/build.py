"""From declared endpoints to outcomes, with every problem told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from remission.cohort.cohort import Cohort
from remission.cohort.endpoints.ask import Ask
from remission.cohort.endpoints.declare import EndpointDeclaration
from remission.cohort.endpoints.definition import Definition, definitions, find_definition
from remission.cohort.endpoints.inherit import resolve
from remission.cohort.endpoints.one import build_one
from remission.cohort.endpoints.vectors import failures
from remission.cohort.outcome import Outcome
from remission.core.problems import InputError, Problem
from remission.core.suggest import did_you_mean


def build_outcomes(
    cohort: Cohort,
    declarations: Mapping[str, EndpointDeclaration],
    *,
    folder: Path | None = None,
    missing_endpoint: Literal["refuse", "exclude"] = "refuse",
) -> tuple[dict[str, Outcome], tuple[Problem, ...]]:
    """Build every endpoint of a study.

    Parameters
    ----------
    cohort : Cohort
    declarations : mapping of str to EndpointDeclaration
        By name in the study.
    folder : Path, optional
        Of the study file, for definitions of its own.
    missing_endpoint : "refuse" or "exclude"
        What [cohort] says of patients whose endpoint is unknown; an endpoint may say otherwise.

    Returns
    -------
    outcomes : dict of str to Outcome
        Those without a problem.
    problems : tuple of Problem
        All of them. What several endpoints share is told once, for all of them.

    Notes
    -----
    Events at time 0 count. On one day events come in the order of the definition, and death last: relapse and
    death on one day are a relapse. What ends follow-up (`censor_at`, `censor_after`) on the day of an event
    came after it. Times within 1e-6 days are one day when order is checked.

    Examples
    --------
    >>> import polars as pl
    >>> from remission.cohort.cohort import Source
    >>> from remission.cohort.column import Column
    >>> from remission.core.clock import Clock
    >>> frame = pl.DataFrame({"id": ["a", "b"], "days": [60.0, 365.0], "dead": [True, False]})
    >>> kinds = {"id": Column("id", "text"), "days": Column("days", "number", is_time=True)}
    >>> kinds["dead"] = Column("dead", "yes/no")
    >>> cohort = Cohort(frame, kinds, "id", None, Clock(), Source("two patients", "", 2))
    >>> os = EndpointDeclaration(definition="overall-survival", time="days", status="dead")
    >>> outcomes, problems = build_outcomes(cohort, {"os": os})
    >>> outcomes["os"].time, outcomes["os"].event, problems
    (array([ 60., 365.]), array(['death', None], dtype=object), ())
    """
    problems = _without_time_zero(cohort)
    if problems:
        return {}, tuple(problems)
    known = _definitions(declarations, folder, problems)
    resolved, told = resolve(declarations, known)
    problems += told
    outcomes: dict[str, Outcome] = {}
    for name, item in resolved.items():
        if name not in known:
            continue
        outcome, told = build_one(
            Ask(cohort, name, item.declaration, known[name], item.own), missing_endpoint
        )
        problems += told
        if outcome is not None:
            outcomes[name] = outcome
    ordered = {name: outcomes[name] for name in declarations if name in outcomes}
    return ordered, tuple(_once(problems))


def _without_time_zero(cohort: Cohort) -> list[Problem]:
    """Tell who has no time zero: without it an empty difference of dates would read as "did not happen"."""
    if cohort.time_zero is None:
        return []
    missing = cohort.frame[cohort.time_zero].is_null()
    if not missing.any():
        return []
    ids = tuple(str(item) for item in cohort.ids().filter(missing))
    repair = "Complete the dates, or list the patients under [[exclude]]."
    return [Problem("cohort.time_zero", f"{cohort.time_zero} is missing", repair, ids)]


def _definitions(
    declarations: Mapping[str, EndpointDeclaration], folder: Path | None, problems: list[Problem]
) -> dict[str, Definition]:
    """Find every definition; a study's own must pass its own worked cases."""
    found: dict[str, Definition] = {}
    for name, declared in declarations.items():
        where = f"endpoints.{name}.definition"
        try:
            definition = find_definition(declared.definition, folder)
        except InputError as error:
            hint = did_you_mean(declared.definition, definitions())
            repair = f"Name a definition, or a TOML file of your own beside the study file.{hint}"
            problems.append(Problem(where, str(error), repair))
            continue
        if declared.definition not in definitions() and (wrong := failures(definition)):
            message = f"{declared.definition} fails its own worked cases: {'; '.join(wrong)}"
            problems.append(Problem(where, message, "Correct the definition or the cases."))
            continue
        found[name] = definition
    return found


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """Tell what several endpoints share once, naming all of them."""
    places: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for problem in problems:
        places.setdefault((problem.message, problem.repair, problem.ids), []).append(problem.where)
    return [
        Problem(", ".join(dict.fromkeys(where)), message, repair, ids)
        for (message, repair, ids), where in places.items()
    ]
