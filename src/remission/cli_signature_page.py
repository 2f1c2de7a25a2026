"""From locked signatures and a matrix to the page of one patient."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from remission.cli_files import refuse_file
from remission.cli_matrix import MatrixFile, read_matrix
from remission.core.problems import InputError


def write_page(signatures: Sequence[Path], matrix: MatrixFile, patient: str, out: Path) -> str:
    """Write report.html and report.docx of one patient into a folder; return what to print.

    Raises
    ------
    InputError
        If files are not what they should be, or the patient is not in the matrix.
    StudyProblems
        If a signature cannot be read, or every one refuses the patient.
    """
    from remission import __version__  # noqa: PLC0415 - loaded when first needed
    from remission.expression.probes import chosen_among  # noqa: PLC0415
    from remission.report.files import write_document  # noqa: PLC0415
    from remission.report.format import predicted_percent  # noqa: PLC0415
    from remission.report.patient_page import BANNER, PatientPage, build_patient_page  # noqa: PLC0415
    from remission.signature.locked import read_signature  # noqa: PLC0415
    from remission.study.laboratory.patient import predictions_of  # noqa: PLC0415
    from remission.study.laboratory.read import digest_of  # noqa: PLC0415

    if not signatures:
        raise InputError(
            "a signature and a matrix are needed. Write: remission signature page signature.json "
            "expression.csv --patient NAME"
        )
    refuse_file(out, "the page")
    locked = [read_signature(path) for path in signatures]
    expression, scale = read_matrix(matrix, locked)
    found = predictions_of(locked, expression, patient)
    digest, scale_said = digest_of(matrix.path), matrix.scale is not None
    reading = tuple(note for note in expression.notes if not note.startswith("Scale:"))  # told by itself
    if matrix.annotation is not None:
        reading = (
            f"Genes of probes: {matrix.annotation.name}, SHA-256 {digest_of(matrix.annotation)}.",
            *reading,
        )
    page = PatientPage(
        patient,
        found,
        matrix.path.name,
        digest,
        scale,
        scale_said,
        __version__,
        reading,
        chosen_among(expression.notes),
    )
    files = write_document(build_patient_page(page), out)
    lines = [f"{patient}:"]
    for each in found:
        if each.found is None:
            lines.append(f"  {each.about.drug}: not predicted, too few of the genes are there")
        elif each.about.task == "class":
            low, high = (predicted_percent(end) for end in (each.found.low, each.found.high))
            chance = f"{predicted_percent(each.found.probability)} ({low} to {high})"
            unsure = ", unsure" if each.found.unsure else ""
            lines.append(
                f"  {each.about.drug}: {each.about.positive} {chance}, called {each.found.call}{unsure}"
            )
        else:
            lines.append(f"  {each.about.drug}: score {each.found.score:.3g} {each.found.call}".rstrip())
    return "\n".join([*lines, BANNER, f"Page: {files[0]}", f"Word: {files[1]}"])
