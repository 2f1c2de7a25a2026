"""The protocols and scores that come with the program, and those of a study's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

from remission.core.problems import InputError, Problem, StudyProblems
from remission.core.texts import bundled_texts, named_text
from remission.rules.cases import failures
from remission.rules.declare import Mark, ProtocolDeclaration, ScoreDeclaration
from remission.rules.make import make_protocol
from remission.rules.make_score import make_score
from remission.rules.protocol import Protocol
from remission.rules.reading import Settings
from remission.rules.score import Score

Ready = TypeVar("Ready", Protocol, Score)


@cache
def protocol_texts() -> Mapping[str, str]:
    """Files of the protocols and gradings that come with the program, by name."""
    return bundled_texts("remission.rules", "protocols")


@cache
def score_texts() -> Mapping[str, str]:
    """Files of the scores that come with the program, by name."""
    return bundled_texts("remission.rules", "scores")


def protocol(
    name: str | Path, *, settings: Settings | None = None, confirm: bool = False, folder: Path | None = None
) -> Protocol:
    """Look up a protocol or grading, or read one from a TOML file.

    Parameters
    ----------
    name : str or Path
        A name that `remission protocols` lists, or the path of a file that ends in ".toml".
    settings : mapping, optional
        What the source leaves open, by name: `{"six_months": 180}`. The defaults are in the file.
    confirm : bool
        Needed for a protocol whose rules nobody could check: you have compared them with the source.
    folder : Path, optional
        Where relative paths start.

    Returns
    -------
    Protocol

    Raises
    ------
    StudyProblems
        With every problem of the file: conditions, gaps, overlaps, rules that can never hold, worked cases
        that give something else.
    InputError
        If there is no such protocol, or it must be confirmed.

    Examples
    --------
    >>> interfant = protocol("interfant06", settings={"six_months": 180})
    >>> interfant.explain(kmt2a="rearranged", age_days=182, wbc=400).group
    'medium'
    """
    texts = protocol_texts()
    file, text = named_text(str(name), texts, folder, "protocol")
    made, problems = make_protocol(text, file, settings)
    return _checked(made, problems, own=str(name) not in texts, settings=settings, confirm=confirm)


def score(
    name: str | Path, *, settings: Settings | None = None, confirm: bool = False, folder: Path | None = None
) -> Score:
    """Look up a score, or read one from a TOML file; arguments and problems are those of `protocol`.

    Examples
    --------
    >>> score("hct-ci").declared.highest
    26
    """
    texts = score_texts()
    file, text = named_text(str(name), texts, folder, "score")
    made, problems = make_score(text, file, settings, find=texts.get)
    return _checked(made, problems, own=str(name) not in texts, settings=settings, confirm=confirm)


def ready_from(
    wanted: str | Path | Ready,
    made: type[Ready],
    find: Callable[..., Ready],
    settings: Settings | None,
    *,
    confirm: bool,
) -> Ready:
    """Look up a protocol or score by name; one that was made already is taken as it is.

    Raises
    ------
    InputError
        If it is none, if settings are given for one that was made already; and as `find`.
    """
    if isinstance(wanted, str | Path):
        return find(wanted, settings=settings, confirm=confirm)
    if not isinstance(wanted, made):
        what = f"{made.__name__.lower()} is wanted, by name, as a file, or made already"
        raise InputError(f"a {what}; this is of type {type(wanted).__name__}")
    if settings:
        raise InputError(f'"{wanted.name}" was made already with its settings; give them where it is made')
    return wanted


def marks_of(declared: ProtocolDeclaration | ScoreDeclaration) -> tuple[Mark, ...]:
    """Marks of all rules, items and groups, each once, the weakest last."""
    order: tuple[Mark, ...] = ("own", "checked", "derived", "memory", "unsure")
    if isinstance(declared, ProtocolDeclaration):
        found = {rule.mark for rule in declared.rule}
    else:
        found = {item.mark for item in declared.item} | {band.mark for band in declared.group}
        found |= {each.mark for each in declared.undefined}
    return tuple(mark for mark in order if mark in found)


def _checked(
    made: Ready | None, problems: tuple[Problem, ...], *, own: bool, settings: Settings | None, confirm: bool
) -> Ready:
    if made is None:
        raise StudyProblems(problems)
    if own and not settings:
        wrong = failures(made)
        if wrong:
            repair = "Correct the rule or the case: one of them is not what was meant."
            raise StudyProblems([Problem(made.name, said, repair) for said in wrong])
    if "unsure" in marks_of(made.declared) and not confirm:
        raise InputError(
            f'"{made.name}" has rules that nobody could check against a source. Compare them with the paper, '
            "then ask for it with confirm=True (on the command line: --confirm)."
        )
    return made
