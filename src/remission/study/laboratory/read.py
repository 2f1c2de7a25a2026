"""Reading what a laboratory measured, and matching it to the patients of a cohort."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from remission.cohort.cohort import Cohort
from remission.core.problems import InputError, Problem, StudyProblems, problem_of, shown
from remission.core.suggest import did_you_mean
from remission.expression.matrix import Expression
from remission.response.classes import SPLITS, Classified, classify_lc50
from remission.response.lc50_table import read_lc50
from remission.study.laboratory.declare import ExpressionDeclaration, ResponseDeclaration

if TYPE_CHECKING:
    from remission.study.laboratory.signatures import Taught

OTHERWISE = "Correct the file, or what is said of it."


@dataclass(frozen=True, slots=True, eq=False)
class Laboratory:
    """What was measured in the patients of a cohort.

    Attributes
    ----------
    drugs : tuple of str
        Those tested, in order.
    lc50 : polars.DataFrame or None
        Rows of `DoseResponses` (patient, drug, unit, lc50, low, high, censoring) of the included patients.
    classes : Classified or None
        Sensitive, intermediate, resistant, for the same rows.
    expression : Expression or None
        Genes by the included patients who have a sample, in the order of the cohort.
    label : str
        What the expression is of, for headings.
    targets : tuple of str
        What the signatures of the study predict, known before they are learned.
    unread : tuple of str
        Tables of the study file whose files could not be read, "response" and "expression"; "signature"
        where it was refused.
    taught : Taught or None
        Signatures, learned or read, and what they say of these patients; None before they were learned.
    files : mapping of str to str
        What was read, with the SHA-256 of the bytes.
    notes : tuple of str
        What was decided, counts only.
    """

    drugs: tuple[str, ...] = ()
    lc50: pl.DataFrame | None = None
    classes: Classified | None = None
    expression: Expression | None = None
    label: str = ""
    targets: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    taught: Taught | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_laboratory(
    response: ResponseDeclaration | None,
    expression: ExpressionDeclaration | None,
    cohort: Cohort,
    folder: Path,
) -> tuple[Laboratory, tuple[Problem, ...]]:
    """Read drug response and expression of the patients of a cohort.

    Parameters
    ----------
    response, expression : declarations, or None where there are none
    cohort : Cohort
    folder : Path
        Of the study file.

    Returns
    -------
    laboratory : Laboratory
        What could be read.
    problems : tuple of Problem
    """
    found = Laboratory()
    problems: list[Problem] = []
    ids = cohort.ids().to_list()
    if response is not None:
        try:
            found = _with_response(found, response, ids, folder)
        except (InputError, StudyProblems, OSError) as error:
            problems += problems_of(error, "response", OTHERWISE)
            found = replace(found, unread=(*found.unread, "response"))
    if expression is not None:
        try:
            found = _with_expression(found, expression, ids, folder)
        except (InputError, StudyProblems, OSError) as error:
            problems += problems_of(error, "expression", OTHERWISE)
            found = replace(found, unread=(*found.unread, "expression"))
    return found, tuple(problems)


def problems_of(
    error: InputError | StudyProblems | OSError, where: str, otherwise: str
) -> tuple[Problem, ...]:
    """What was refused of a file, as problems of the study; `otherwise` is the repair where none is said."""
    if isinstance(error, StudyProblems):
        return error.problems
    if isinstance(error, OSError):
        message = f"{error.filename or 'a file'} cannot be read ({error.strerror or error})"
        return (Problem(where, message, "Check the name, and that the file lies beside the study file."),)
    return (problem_of(error, where, otherwise),)


def _with_response(
    found: Laboratory, declared: ResponseDeclaration, ids: Sequence[str], folder: Path
) -> Laboratory:
    if (declared.plates is None) == (declared.lc50 is None):
        raise InputError("say one of plates and lc50. plates are wells, lc50 the table made from them.")
    name = str(declared.plates or declared.lc50)
    path = folder / name
    digest = digest_of(path)
    if declared.plates is not None:
        rows, notes = _from_plates(path, declared.quality)
    else:
        rows, notes = read_lc50(path), ()
    drugs = rows["drug"].unique(maintain_order=True).to_list()
    absent = [drug for drug in declared.drugs if drug not in drugs]
    if absent:
        hint = did_you_mean(absent[0], drugs)
        raise InputError(f"{name} has no {', '.join(absent)}. It has {', '.join(drugs)}.{hint}")
    wanted = list(declared.drugs) or drugs
    rows = rows.filter(pl.col("drug").is_in(wanted))
    known = set(rows["patient"])
    strangers, without = known - set(ids), [one for one in ids if one not in known]
    if not known & set(ids):
        message = f"no patient of {name} is in the cohort: it has {_some(known)}, the cohort {_some(ids)}"
        raise InputError(f"{message}. Use the same ids in both.")
    rows = rows.filter(pl.col("patient").is_in(list(ids)))
    by = declared.cutoffs if declared.cutoffs in SPLITS else _cutoffs(declared.cutoffs, folder)
    classes = classify_lc50(rows, by, confirm=declared.confirm)
    told = [f"{name}: {note}" for note in (*notes, *classes.notes)]
    if strangers:
        told.append(f"{name}: {len(strangers)} patients are not in the cohort and were left out.")
    if without:
        told.append(f"{name}: {len(without)} patients of the cohort were not tested.")
    return replace(
        found,
        drugs=tuple(wanted),
        lc50=rows,
        classes=classes,
        files={**found.files, name: digest},
        notes=(*found.notes, *told),
    )


def _cutoffs(said: str, folder: Path) -> str | Path:
    """A file beside the study, or the name of cut-offs that come with the program."""
    return folder / said if said.endswith(".toml") else said


def _from_plates(path: Path, quality: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    from remission.response.doseresponse import dose_response  # noqa: PLC0415 - loaded when first needed

    rules = path.parent / quality if quality.endswith(".toml") else quality
    made = dose_response(path, quality=rules)
    return made.rows(), made.notes


def _with_expression(
    found: Laboratory, declared: ExpressionDeclaration, ids: Sequence[str], folder: Path
) -> Laboratory:
    from remission.expression.matching import match_samples  # noqa: PLC0415 - loaded when first needed
    from remission.expression.read import read_expression  # noqa: PLC0415

    path = folder / declared.file
    digest = digest_of(path)
    annotation = None if declared.annotation is None else folder / declared.annotation
    matrix = read_expression(
        path,
        rows=declared.rows,
        scale=declared.scale,
        annotation=annotation,
        duplicates=declared.duplicates,
    )
    matched, problems = match_samples(matrix, ids)
    if problems:
        raise StudyProblems(problems)
    empty = matched.samples_without_values
    if empty:
        message = f"samples have no value at all: {_some(empty)}"
        repair = "Leave them out of the matrix: these patients then count as not measured."
        raise StudyProblems([Problem(declared.file, message, repair, empty)])
    without = len(ids) - len(matched.samples)
    told = [f"{declared.file}: {note}" for note in matrix.notes]
    if without:
        told.append(f"{declared.file}: patients of the cohort without a sample: {without} of {len(ids)}.")
    return replace(
        found,
        expression=matched,
        label=declared.label,
        files={**found.files, declared.file: digest},
        notes=(*found.notes, *told),
    )


def digest_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _some(names: Iterable[str]) -> str:
    """The first few names."""
    return shown(sorted(names), 3)
