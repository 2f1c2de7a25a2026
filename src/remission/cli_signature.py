"""The commands on signatures: show a locked file, and score patients with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remission.cli_files import refuse_file, write_table
from remission.cli_matrix import (
    AnnotationOption,
    DecimalOption,
    DuplicatesOption,
    MatrixFile,
    RowsOption,
    ScaleOption,
    read_matrix,
)
from remission.cli_telling import complain, shown_progress, told
from remission.core.atomic import write_atomically
from remission.core.problems import InputError

if TYPE_CHECKING:
    from remission.signature.locked import Signature
    from remission.signature.scoring import Scores

signatures = typer.Typer(
    help="Learn signatures, score patients with locked ones, show what is in one, or write the page of a "
    "patient."
)
FileArgument = Annotated[
    Path, typer.Argument(help="The locked signature (signature.json).", show_default=False)
]


@signatures.command()
def learn(
    study: Annotated[Path, typer.Argument(help="The study file with [signature].", show_default=False)],
    data: Annotated[
        Path | None,
        typer.Option(
            help="The file of patients, when it is not the one the study names.", show_default=False
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the locked files.")] = Path("signatures"),
    force: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--force", help="Replace signatures that are there.")
    ] = False,
) -> None:
    """Learn what [signature] of a study declares: locked files, honest performance, genes."""
    from remission.study.laboratory.learning import learn as learned  # noqa: PLC0415 - loaded when first needed

    with told(study.name):
        _free(out, force=force)
        with shown_progress() as progress:
            lesson = learned(study, data=data, progress=progress)
        out.mkdir(parents=True, exist_ok=True)
        for name, content in lesson.files().items():
            write_atomically(out / name, content)
    typer.echo(f"{lesson.summary()}\n\nSignatures, performance.csv, genes.csv: {out}")


def _free(out: Path, *, force: bool) -> None:
    """A locked file is not replaced without being told to, and no file stands where the folder should."""
    refuse_file(out, "the signatures")
    there = sorted(path.name for path in out.glob("*.json")) if out.is_dir() else []
    if there and not force:
        raise InputError(
            f"{out} holds signatures already ({', '.join(there[:3])}). Name another folder, or say --force."
        )


@signatures.command()
def page(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="One or more locked signatures, then the matrix of expression: signature.json ... "
            "expression.csv.",
            show_default=False,
        ),
    ],
    patient: Annotated[str, typer.Option(help="Name of the patient in the matrix.", show_default=False)],
    out: Annotated[Path, typer.Option(help="Folder for the page (HTML and Word).")] = Path("page"),
    scale: ScaleOption = None,
    annotation: AnnotationOption = None,
    duplicates: DuplicatesOption = "refuse",
    rows: RowsOption = None,
    decimal: DecimalOption = ".",
) -> None:
    """Write the page of one patient: predictions with limits, what is missing, what speaks against them."""
    from remission.cli_signature_page import write_page  # noqa: PLC0415 - loaded when first needed

    with told(files[-1].name):
        matrix = MatrixFile(files[-1], scale, annotation, duplicates, rows, decimal)
        said = write_page(files[:-1], matrix, patient, out)
    typer.echo(said)


@signatures.command()
def show(signature: FileArgument) -> None:
    """Say what a signature predicts, from which genes, how well, and on whom it was learned."""
    from remission.signature.locked import read_signature  # noqa: PLC0415 - loaded when first needed

    with told(signature.name):
        typer.echo(described(read_signature(signature)))


@signatures.command()
def apply(
    signature: FileArgument,
    expression: Annotated[
        Path,
        typer.Argument(help="Genes by patients: CSV, TSV, GEO series matrix, .h5ad.", show_default=False),
    ],
    out: Annotated[Path, typer.Option(help="Table of scores to write (CSV).")] = Path("scores.csv"),
    scale: ScaleOption = None,
    annotation: AnnotationOption = None,
    duplicates: DuplicatesOption = "refuse",
    rows: RowsOption = None,
    decimal: DecimalOption = ".",
) -> None:
    """Score every patient of a matrix: with coverage, what is missing, how far from those learned on."""
    from remission.expression.probes import chosen_among  # noqa: PLC0415 - loaded when first needed
    from remission.signature.locked import read_signature  # noqa: PLC0415

    with told(expression.name):
        locked = read_signature(signature)
        matrix = MatrixFile(expression, scale, annotation, duplicates, rows, decimal)
        patients, taken = read_matrix(matrix, [locked])
        found = locked.score(patients)
        write_table(found.frame(), out)
    if scale is None:
        complain(f"The matrix is taken to be on the scale {taken}, as in learning.")
    if chosen_among(patients.notes):
        complain(
            "Of genes in several rows, one was chosen by the values of all patients of the matrix: scores "
            "depend on who is in it."
        )
    typer.echo(summed_up(locked, found))
    typer.echo(f"Scores: {out}")


def described(signature: Signature) -> str:
    """The file in words."""
    file = signature.file
    p, t = file.predicts, file.training
    what = f"{p.positive} against {p.negative}" if p.task == "class" else p.unit or p.task
    program = f"remission {t.software.get('remission', '')}"
    lines = [
        f"{file.name}: {p.drug}, {what}",
        f"  {file.use}",
        f"  {len(signature.genes)} genes, {t.model}; scale {file.reference['kind']} of {t.scale} values",
        f"  Learned on {t.n} patients ({t.source or 'source not named'}), {t.created}, {program}",
        f"  Judged by {t.repeats} times {t.folds} folds, everything inside them:",
    ]
    for each in file.performance.measures:
        if each.estimate is not None:
            limits = "" if each.low is None or each.high is None else f" ({each.low:.2f} to {each.high:.2f})"
            lines.append(f"    {each.measure} {each.estimate:.2f}{limits}")
    if file.performance.p is not None:
        times = file.performance.permutations
        lines.append(f"    permutation P {file.performance.p:.2g} ({times} permutations)")
    if file.performance.stability is not None:
        lines.append(f"    stability of the genes {file.performance.stability:.2f} (1 = always the same)")
    need = file.missing
    lines.append(
        f"  Scores a patient with at least {need.least_count:.0%} of the genes and {need.least_weight:.0%} "
        "of the weight"
    )
    if file.parent is not None:
        who = f"{file.parent.n} patients of {file.parent.source}"
        lines.append(f"  Recalibrated on {who}; parent {file.parent.hash}")
    lines += [f"  Note: {note}" for note in t.notes]
    heaviest = sorted(zip(file.score.weights, file.score.genes, strict=True), key=lambda pair: -abs(pair[0]))
    lines.append("  Heaviest genes: " + ", ".join(f"{gene} {weight:+.3g}" for weight, gene in heaviest[:15]))
    return "\n".join([*lines, f"  Hash {signature.hash}"])


def summed_up(signature: Signature, found: Scores) -> str:
    """How many patients got which call, and what is to be minded."""
    calls: dict[str, int] = {}
    for each in found:
        calls[each.call or "scored"] = calls.get(each.call or "scored", 0) + 1
    said = ", ".join(f"{n} {call}" for call, n in sorted(calls.items()))
    lines = [f"{signature.name}: {len(found)} patients: {said}. {signature.file.use}"]
    unsure = sum(each.unsure for each in found)
    if unsure:
        lines.append(f"  {unsure} could as well be in another class or group: their limits hold the cut-off")
    warned = [each for each in found if each.warnings]
    if warned:
        lines.append(
            f"  {len(warned)} with warnings (column warnings), first {warned[0].sample}: "
            f"{warned[0].warnings[0]}"
        )
    return "\n".join(lines)
