"""Learning the signatures of a study, or reading locked ones, and scoring its patients."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from remission.cohort.cohort import Cohort
from remission.cohort.outcome import Outcome
from remission.core.problems import InputError, Problem, StudyProblems
from remission.core.progress import Progress
from remission.expression.matrix import Expression
from remission.response.classes import Classified
from remission.signature.combine import Combined, combine_scores
from remission.signature.learn import learn_signature
from remission.signature.learned import Learned
from remission.signature.locked import Signature, read_signature
from remission.signature.planning import plan_learning
from remission.signature.scoring import PatientScore, Scores
from remission.study.laboratory.declare import SignatureDeclaration
from remission.study.laboratory.read import problems_of
from remission.study.laboratory.targets import RESISTANT, SENSITIVE, Target, answers, groups_of


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """Signatures of a study, and what they say of one cohort.

    Attributes
    ----------
    targets : tuple of Target
    learned : mapping of str to Learned
        By target; empty where the files were locked before.
    signatures : mapping of str to Signature
    scores : mapping of str to Scores
        Of the patients of the cohort with expression: out of fold in the cohort that taught, else by the
        locked file.
    out_of_fold : bool
    combined : Combined or None
        Of several drugs.
    groups : tuple of str
        Of the score, the lowest first.
    """

    targets: tuple[Target, ...]
    learned: Mapping[str, Learned]
    signatures: Mapping[str, Signature]
    scores: Mapping[str, Scores]
    out_of_fold: bool
    combined: Combined | None
    groups: tuple[str, ...]

    def files(self) -> dict[str, bytes]:
        """The locked signatures as files, by name."""
        return {
            f"{file_name(name)}.json": signature.to_json().encode("utf-8")
            for name, signature in self.signatures.items()
        }

    def by_patient(self) -> tuple[dict[str, float], dict[str, str], dict[str, dict[str, str]]]:
        """Score, group, and calls by target, by patient; who has none is absent."""
        calls = {
            name: {one.sample: one.call for one in found if one.call} for name, found in self.scores.items()
        }
        if self.combined is not None:
            found = self.combined
            rows = zip(found.samples, found.value, found.group, strict=True)
            known = [(one, float(value), group) for one, value, group in rows if not np.isnan(value)]
            return (
                {one: value for one, value, _ in known},
                {one: group for one, _, group in known if group},
                calls,
            )
        (name,) = self.scores
        each = self.scores[name]
        return {one.sample: one.score for one in each}, calls[name], calls


def file_name(name: str) -> str:
    """Name of a drug as the name of a file.

    Examples
    --------
    >>> file_name("L-asparaginase (E. coli)")
    'L-asparaginase-E-coli'
    """
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-") or "signature"


def teach(
    declared: SignatureDeclaration,
    targets: tuple[Target, ...],
    expression: Expression,
    classes: Classified | None,
    cohort: Cohort,
    outcomes: Mapping[str, Outcome],
    *,
    folder: Path,
    seed: int,
    progress: Progress | None = None,
) -> Taught:
    """Learn every signature from a cohort, or read the locked files and score it.

    Parameters
    ----------
    declared : SignatureDeclaration
    targets : tuple of Target
    expression : Expression
        Of patients of the cohort.
    classes : Classified or None
        Of the response to drugs.
    cohort, outcomes
        Where a column or an endpoint is predicted.
    folder : Path
        Of the study file.
    seed : int
    progress : callable, optional

    Returns
    -------
    Taught

    Raises
    ------
    InputError, StudyProblems
        If nothing can be learned, a file is not what it must be, or patients lack too many genes.
    """
    if declared.locked:
        signatures = {each.name: read_signature(folder / declared.locked[each.name]) for each in targets}
        found = {name: signature.score(expression) for name, signature in signatures.items()}
        return _taught(declared, targets, {}, signatures, found, out_of_fold=False)
    learned: dict[str, Learned] = {}
    for number, each in enumerate(targets):
        learned[each.name] = learn_signature(
            expression,
            answers(each, expression, classes, cohort, outcomes),
            drug=each.name,
            **_how(declared, each),
            seed=seed + number,
            jobs=declared.jobs,
            progress=None if progress is None else _about(each.label, progress),
        )
    signatures = {name: each.signature for name, each in learned.items()}
    found = {name: out_of_fold(each) for name, each in learned.items()}
    return _taught(declared, targets, learned, signatures, found, out_of_fold=True)


def not_teachable(
    declared: SignatureDeclaration,
    targets: tuple[Target, ...],
    expression: Expression,
    classes: Classified | None,
    cohort: Cohort,
    outcomes: Mapping[str, Outcome],
    *,
    folder: Path,
) -> tuple[Problem, ...]:
    """Tell what `teach` would refuse before it learns: settings, too few patients, files. Nothing is learned.

    Parameters are those of `teach`; a problem of some targets only names them.
    """
    found: dict[Problem, list[str]] = {}
    for each in targets:
        try:
            if declared.locked:
                read_signature(folder / declared.locked[each.name])
            else:
                plan_learning(
                    expression, answers(each, expression, classes, cohort, outcomes), **_how(declared, each)
                )
        except (InputError, StudyProblems, OSError) as error:
            for problem in problems_of(error, "signature", "Change [signature]."):
                found.setdefault(problem, []).append(each.label)
    return tuple(
        problem
        if declared.locked or len(labels) == len(targets)
        else replace(problem, message=f"{', '.join(labels)}: {problem.message}")
        for problem, labels in found.items()
    )


def _how(declared: SignatureDeclaration, target: Target) -> dict[str, Any]:
    """The settings of a study that decide whether something can be learned."""
    return {
        "task": target.task,
        "model": declared.model,
        "sizes": declared.sizes,
        "reference": declared.reference,
        "positive": target.positive or RESISTANT,
        "negative": target.negative or SENSITIVE,
        "folds": declared.folds,
        "repeats": declared.repeats,
        "inner_folds": declared.inner_folds,
        "permutations": declared.permutations,
        "permutation_repeats": declared.permutation_repeats,
    }


def apply(declared: SignatureDeclaration, taught: Taught, expression: Expression) -> Taught:
    """Score another cohort with the locked signatures and the cut-offs of the first; nothing is fitted."""
    found = {name: signature.score(expression) for name, signature in taught.signatures.items()}
    cuts = None if taught.combined is None else taught.combined.cutoffs
    return _taught(declared, taught.targets, {}, taught.signatures, found, out_of_fold=False, cutoffs=cuts)


def out_of_fold(learned: Learned) -> Scores:
    """Scores of the patients that taught, each by models that never saw them."""
    file = learned.signature.file
    cut = file.cutoffs.probability
    patients = []
    for sample, score, chance in zip(learned.samples, learned.scores, learned.probabilities, strict=True):
        call = ""
        if file.predicts.task == "class" and cut is not None:
            call = file.predicts.positive if chance >= cut else file.predicts.negative
        elif file.cutoffs.groups:
            call = file.cutoffs.names[int(np.searchsorted(file.cutoffs.groups, score, side="right"))]
        nan = float("nan")
        patients.append(
            PatientScore(
                sample=sample,
                score=float(score),
                probability=float(chance),
                low=nan,
                high=nan,
                call=call,
                unsure=False,
                coverage_weight=1.0,
                coverage_count=1.0,
                coverage_reference=1.0,
                missing=(),
                outside=(),
                distance=nan,
                warnings=(),
            )
        )
    return Scores(file.name, file.predicts.drug, learned.signature.hash, tuple(patients))


def _taught(
    declared: SignatureDeclaration,
    targets: tuple[Target, ...],
    learned: Mapping[str, Learned],
    signatures: Mapping[str, Signature],
    scores: Mapping[str, Scores],
    *,
    out_of_fold: bool,
    cutoffs: tuple[float, ...] | None = None,
) -> Taught:
    """Combine several drugs, and name the groups."""
    groups = groups_of(declared, targets)
    combined = None
    if len(targets) > 1:
        cuts = declared.groups_at or cutoffs or _cutoffs(declared, signatures, scores)
        combined = combine_scores(scores, declared.combine, signatures=signatures, cutoffs=cuts, names=groups)
    return Taught(targets, learned, signatures, scores, out_of_fold, combined, groups)


def _cutoffs(
    declared: SignatureDeclaration, signatures: Mapping[str, Signature], scores: Mapping[str, Scores]
) -> tuple[float, ...]:
    """Thirds of the possible sums of calls, or of the patients learned from."""
    n = len(scores)
    if declared.combine == "sum of calls":
        return (n + n / 3, n + 2 * n / 3)
    if declared.locked:
        raise InputError(
            "say where the groups begin. Locked signatures with this `combine` need groups_at = [...]."
        )
    value = combine_scores(scores, declared.combine, signatures=signatures).value
    low, high = (float(each) for each in np.nanquantile(value, [1 / 3, 2 / 3]))
    return (low, high)


def _about(label: str, progress: Progress) -> Progress:
    """Say which signature is being learned."""

    def tell(what: str, done: int, total: int) -> None:
        progress(f"{label}: {what}", done, total)

    return tell
