"""The command line: thin doors to checking, running and describing."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import remission
from remission.cli_patients import patients
from remission.cli_response import responses
from remission.cli_signature import signatures
from remission.cli_telling import PROBLEMS, complain, refuse, shown_progress, told, width
from remission.core.problems import StudyProblems

if TYPE_CHECKING:
    from remission.study.results import Results

OUR_FAULT = 3
app = typer.Typer(
    name="remission",
    help="Leukaemia cohorts in, trustworthy printable results out.",
    epilog="Exit codes: 0 done, 1 problems in study or data (all are printed), 2 a command that cannot be "
    "understood, 3 a fault of the program.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
StudyArgument = Annotated[Path, typer.Argument(help="The study file (study.toml).", show_default=False)]
DataOption = Annotated[
    Path | None,
    typer.Option(help="The file of patients, when it is not the one the study names.", show_default=False),
]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; faults of the program are told in one line, or in full with --debug."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a console without these letters shows "?" instead of failing
            stream.reconfigure(errors="replace")
    debug = "--debug" in given
    # Figures are very many small objects: looking for garbage less often takes a twentieth off a report.
    gc.set_threshold(50_000, 20, 100)
    try:
        app(args=[word for word in given if word != "--debug"], prog_name="remission")
    except (OSError, MemoryError) as error:
        if debug:
            raise
        from remission.cli_faults import in_words  # noqa: PLC0415 - loaded when first needed

        complain(f"{in_words(error)} Nothing was changed.")
        raise SystemExit(PROBLEMS) from error
    except Exception as error:
        if debug:
            raise
        complain(
            f"This is a fault of remission, not of your study: {type(error).__name__}: {error}\n"
            "No results were changed. Please report it, with what this prints: "
            f"remission {' '.join(given)} --debug"
        )
        raise SystemExit(OUR_FAULT) from error


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"remission {remission.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda value: _version(wanted=value),
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show everything when the program itself fails.")
    ] = False,
) -> None:
    """Leukaemia cohorts in, trustworthy printable results out."""


@app.command()
def init(
    data: Annotated[
        Path, typer.Argument(help="The file of patients (CSV, Excel, SPSS, Stata, SAS, Parquet).")
    ],
    out: Annotated[Path, typer.Option(help="The study file to write.")] = Path("study.toml"),
    sheet: Annotated[str | None, typer.Option(help="Sheet of an Excel file.", show_default=False)] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the study file if it is there.")] = False,
) -> None:
    """Write a first study file for a file of patients, to be finished by hand."""
    from remission.study.draft import write_draft  # noqa: PLC0415 - loaded when first needed

    try:
        notes = write_draft(data, out, sheet=sheet, replace=force)
    except StudyProblems as problems:
        refuse(problems, data.name)
    typer.echo(f"{out} is written. Read it from top to bottom: every line marked CONFIRM is a guess.")
    for note in notes:
        typer.echo(f"  {note}")
    typer.echo(f"Then: remission check {out}")


@app.command()
def check(study: StudyArgument, data: DataOption = None) -> None:
    """Tell every problem of a study and its data at once."""
    _remind(study)
    problems = remission.check(study, data=data)
    if problems:
        refuse(StudyProblems(problems), study.name, err=False)
    typer.echo(f"No problems in {study.name}.")


@app.command()
def run(
    study: StudyArgument,
    data: DataOption = None,
    out: Annotated[Path, typer.Option(help="Folder for report, figures, tables and results.")] = Path(
        "results"
    ),
) -> None:
    """Run a study and write its report."""
    _run(study, out, data)


@app.command()
def demo(
    name: Annotated[str, typer.Argument(help='The bundled cohort: "ankl", "infant" or "drug".')] = "ankl",
    out: Annotated[Path, typer.Option(help="Folder for study, data and results.")] = Path("demo-results"),
) -> None:
    """Run a bundled simulated cohort from beginning to end."""
    from remission.demo import names, write  # noqa: PLC0415
    from remission.study.folder import refuse_foreign  # noqa: PLC0415

    if name not in names():
        message = f'there is no bundled cohort "{name}"; there is {", ".join(names())}'
        raise typer.BadParameter(message, param_hint="name")
    with told(name):
        refuse_foreign(out)
        study = write(name, out / "study")
    typer.echo(f"The cohort is simulated. Its study file: {study}")
    _run(study, out, None)


@app.command()
def methods(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List the options of every kind.")] = False,
) -> None:
    """List the kinds of analysis a study file may ask for."""
    from remission.study.catalogue import catalogue  # noqa: PLC0415

    typer.echo(catalogue(verbose=verbose, width=width()))


@app.command()
def schema(
    out: Annotated[
        Path | None, typer.Option(help="File to write, instead of printing.", show_default=False)
    ] = None,
) -> None:
    """Print the JSON schema of the study file, for editors."""
    from remission.core.atomic import write_atomically  # noqa: PLC0415
    from remission.study.schema import schema_text  # noqa: PLC0415

    if out is None:
        typer.echo(schema_text(), nl=False)
    else:
        write_atomically(out, schema_text().encode("utf-8"))
        typer.echo(f"{out} is written.")


app.add_typer(patients)
app.add_typer(responses)
app.add_typer(signatures, name="signature")


def _run(study: Path, out: Path, data: Path | None) -> None:
    """Run a study with its progress shown, and say what was found and where it is."""
    _remind(study)
    try:
        with shown_progress() as progress:
            results = remission.run(study, out, data=data, progress=progress)
    except StudyProblems as problems:
        refuse(problems, study.name)
    _say(results)
    _point(out)


def _say(results: Results) -> None:
    """Print what must be read with the results: refusals of the guard, then warnings."""
    from remission.report.sentences import in_brief, joined, title_of  # noqa: PLC0415

    patients = results.flow[-1].remaining if results.flow else results.provenance.data_rows
    typer.echo(f"{results.title}: {patients} patients, {len(results.analyses)} analyses.")
    findings = [
        finding for analysis in results.analyses for finding in joined(analysis.findings, told=in_brief)
    ]
    for finding in findings:
        if finding.severity == "guard":
            typer.secho(f"\n{title_of(finding)}", bold=True)
            typer.echo(_wrapped(in_brief(finding), "  "))
    warnings = [finding for finding in findings if finding.severity == "warning"]
    if warnings:
        typer.secho("\nTo be read with the results:", bold=True)
    for finding in warnings:
        typer.echo(_wrapped(in_brief(finding), "- "))


def _point(out: Path) -> None:
    """Say where the report is."""
    from remission.study.folder import LATEST, PAGE  # noqa: PLC0415

    typer.echo("")
    if (out / LATEST).is_symlink():
        typer.echo(
            f"Report:  {out / 'report.html'}\nWord:    {out / 'report.docx'}\nResults: {out / 'results.json'}"
        )
    else:
        typer.echo(f"Report:  {out / PAGE}")


def _remind(study: Path) -> None:
    """Say that guesses of a first study file are not confirmed; a file that cannot be read is told later."""
    from remission.study.unconfirmed import reminder  # noqa: PLC0415

    try:
        text = study.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    if said := reminder(text, study.name):
        complain(said)


def _wrapped(text: str, start: str) -> str:
    """Fit into the terminal, indented."""
    from textwrap import fill  # noqa: PLC0415

    return fill(text, width(), initial_indent=start, subsequent_indent="  ")
