"""Putting what a laboratory measured beside the patients: before anything is learned, and after."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from remission.core.problems import InputError, Problem, problem_of
from remission.core.progress import Progress
from remission.expression.matrix import Expression
from remission.study.kind import Context
from remission.study.laboratory.columns import (
    replaced,
    response_columns,
    signature_columns,
    with_columns,
)
from remission.study.laboratory.declare import (
    ExpressionDeclaration,
    ResponseDeclaration,
    SignatureDeclaration,
)
from remission.study.laboratory.read import Laboratory, read_laboratory
from remission.study.laboratory.signatures import Taught, apply, not_teachable, teach
from remission.study.laboratory.targets import groups_of, targets_of
from remission.study.parts import Parts


def with_laboratory(context: Context, parts: Parts, folder: Path) -> tuple[Context, tuple[Problem, ...]]:
    """Read drug response and expression of both cohorts, and add their columns.

    The columns of the signature are there, and empty: nothing is learned by checking a study.

    Parameters
    ----------
    context : Context
        Of the first cohort, with that of the second in it.
    parts : Parts
    folder : Path
        Of the study file.

    Returns
    -------
    context : Context
    problems : tuple of Problem
    """
    made, problems = _one(context, parts.response, parts.expression, parts.signature, folder)
    second = context.validation
    if second is None or parts.validation is None:
        return made, problems
    declared = parts.validation
    expression, response = parts.expression, parts.response
    if expression is not None:
        file = declared.expression
        expression = None if file is None else expression.model_copy(update={"file": file})
    if response is not None:
        update = {"plates": declared.plates, "lc50": declared.lc50}
        given = declared.plates is not None or declared.lc50 is not None
        response = response.model_copy(update=update) if given else None
    other, more = _one(second, response, expression, parts.signature, folder, first=made)
    told = (*problems, *(problem for problem in more if problem not in problems))
    return replace(made, validation=other), told


def _one(
    context: Context,
    response: ResponseDeclaration | None,
    expression: ExpressionDeclaration | None,
    signature: SignatureDeclaration | None,
    folder: Path,
    *,
    first: Context | None = None,
) -> tuple[Context, tuple[Problem, ...]]:
    """One cohort; `first` is that which teaches, where this is the second."""
    laboratory, problems = read_laboratory(response, expression, context.cohort, folder)
    ids = context.cohort.ids().to_list()
    cohort, taken = with_columns(context.cohort, response_columns(laboratory, ids), "response")
    problems += taken
    made = replace(context, cohort=cohort, laboratory=laboratory)
    if signature is None:
        return made, problems
    of = first or made
    drugs = () if of.laboratory is None else of.laboratory.drugs
    unread = replace(laboratory, unread=(*laboratory.unread, "signature"))
    try:
        targets = targets_of(signature, drugs, of.cohort, of.outcomes)
    except InputError as error:
        made = replace(made, laboratory=unread)
        if first is not None or (response is not None and laboratory.lc50 is None):
            return made, problems  # told already: of the first cohort, or why the drugs could not be read
        return made, (*problems, problem_of(error, "signature", "Correct [signature]."))
    if expression is None:
        where = "signature" if first is None else "validation"
        message = "there is no expression to learn from or to score"
        repair = "Add [expression] with its file." if first is None else "Say expression = its matrix."
        if not problems:
            problems = (Problem(where, message, repair),)
        return replace(made, laboratory=unread), problems
    classes = {each.name: (each.negative, each.positive) for each in targets if each.task == "class"}
    names = [each.name for each in targets]
    added = signature_columns(names, groups_of(signature, targets), classes, ids)
    cohort, taken = with_columns(made.cohort, added, "signature")
    measured = replace(laboratory, targets=tuple(names))
    return replace(made, cohort=cohort, laboratory=measured), (*problems, *taken)


def learning_problems(context: Context, declared: SignatureDeclaration, folder: Path) -> tuple[Problem, ...]:
    """Tell what would be refused before anything is learned, such as too few patients of a class.

    Parameters
    ----------
    context : Context
        As `with_laboratory` made it, without problems.
    declared : SignatureDeclaration
    folder : Path
        Of the study file.

    Returns
    -------
    tuple of Problem
    """
    laboratory = context.laboratory
    if laboratory is None or laboratory.expression is None:
        return ()
    targets = targets_of(declared, laboratory.drugs, context.cohort, context.outcomes)
    try:
        expression = _to_learn_from(declared, laboratory.expression, context.validation)
    except InputError as error:
        return (problem_of(error, "signature", "Correct the matrices."),)
    return not_teachable(
        declared,
        targets,
        expression,
        laboratory.classes,
        context.cohort,
        context.outcomes,
        folder=folder,
    )


def with_signatures(
    context: Context,
    declared: SignatureDeclaration,
    folder: Path,
    progress: Progress | None = None,
) -> Context:
    """Learn the signatures (or read them), score both cohorts, and fill the columns.

    Parameters
    ----------
    context : Context
        As `with_laboratory` made it, without problems.
    declared : SignatureDeclaration
    folder : Path
        Of the study file.
    progress : callable, optional
        `progress(what, done, total)`.

    Returns
    -------
    Context

    Raises
    ------
    InputError, StudyProblems
        If nothing can be learned, or patients lack too many genes.
    """
    laboratory = context.laboratory
    if laboratory is None or laboratory.expression is None:
        raise InputError("there is no expression to learn from")
    targets = targets_of(declared, laboratory.drugs, context.cohort, context.outcomes)
    taught = teach(
        declared,
        targets,
        _to_learn_from(declared, laboratory.expression, context.validation),
        laboratory.classes,
        context.cohort,
        context.outcomes,
        folder=folder,
        seed=context.seed,
        progress=progress,
    )
    made = _filled(context, laboratory, taught)
    second = context.validation
    if second is None or second.laboratory is None or second.laboratory.expression is None:
        return made
    moved = apply(declared, taught, second.laboratory.expression)
    return replace(made, validation=_filled(second, second.laboratory, moved))


def _to_learn_from(
    declared: SignatureDeclaration, expression: Expression, second: Context | None
) -> Expression:
    """Genes that the matrix of the second cohort has too; its values are not looked at."""
    other = None if second is None or second.laboratory is None else second.laboratory.expression
    if other is None or declared.locked or declared.genes == "all":
        return expression
    there = set(other.genes)
    shared = [gene for gene in expression.genes if gene in there]
    if not shared:
        raise InputError(
            "the matrices of the two cohorts have no gene in common. Name genes alike in both, or say "
            'genes = "all" under [signature].'
        )
    left = len(expression.genes) - len(shared)
    note = f"Learned from the {len(shared)} genes that both cohorts have; {left} others were left out."
    return expression.genes_only(shared).noted(note) if left else expression


def _filled(context: Context, laboratory: Laboratory, taught: Taught) -> Context:
    """The columns of the signature as they are now."""
    scores, group, calls = taught.by_patient()
    classes = {each.name: (each.negative, each.positive) for each in taught.targets if each.task == "class"}
    added = signature_columns(
        [each.name for each in taught.targets],
        taught.groups,
        classes,
        context.cohort.ids().to_list(),
        calls=calls,
        scores=scores,
        group=group,
    )
    cohort = replaced(context.cohort, added)
    return replace(context, cohort=cohort, laboratory=replace(laboratory, taught=taught))
