"""Commands that answer for single patients: protocols, scores, deviations from protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remission.cli_files import write_table
from remission.cli_telling import told, width

patients = typer.Typer()

PatientsArgument = Annotated[
    Path,
    typer.Argument(help="The file of patients (CSV, Excel, SPSS, Stata, SAS, Parquet).", show_default=False),
]
ColumnsOption = Annotated[
    Path | None,
    typer.Option(
        help='TOML file that says which column holds an input: age_days = "age".', show_default=False
    ),
]
TableOption = Annotated[Path, typer.Option(help="Table of patients to write (CSV).")]
SettingOption = Annotated[
    list[str], typer.Option("--set", help="What a source leaves open: interfant06.six_months=180.")
]
IdOption = Annotated[
    str | None,
    typer.Option(help="Column that names patients, when its name does not tell.", show_default=False),
]
ConfirmOption = Annotated[
    bool, typer.Option("--confirm", help="You have compared rules that are marked UNSURE with their source.")
]


@patients.command()
def protocols(
    name: Annotated[
        str | None, typer.Argument(help="One in full; or a TOML file of your own.", show_default=False)
    ] = None,
) -> None:
    """List risk protocols, gradings and scores, or write one in full: sources, rules, limits."""
    from remission.cli_rules import describe_library  # noqa: PLC0415

    with told(name or "the library"):
        typer.echo(describe_library(name, width=width()))


@patients.command()
def stratify(
    patients: PatientsArgument,
    protocol: Annotated[list[str], typer.Option(help="Protocol (several: say it again), or a TOML file.")],
    columns: ColumnsOption = None,
    out: TableOption = Path("groups.csv"),
    setting: SettingOption = (),  # type: ignore[assignment]
    id: IdOption = None,  # noqa: A002 - the field's word
    confirm: ConfirmOption = False,
) -> None:
    """Give every patient the group of a protocol, with the rule and what is missing."""
    from remission.cli_rules import stratify_file  # noqa: PLC0415

    with told(patients.name):
        text, table = stratify_file(
            patients, protocol, columns=columns, settings=setting, confirm=confirm, id=id
        )
        write_table(table, out)
    typer.echo(f"{text}\n\nEvery patient: {out}")


@patients.command()
def score(
    patients: PatientsArgument,
    score: Annotated[list[str], typer.Option(help="Score (several: say it again), or a TOML file.")],
    columns: ColumnsOption = None,
    out: TableOption = Path("scores.csv"),
    setting: SettingOption = (),  # type: ignore[assignment]
    id: IdOption = None,  # noqa: A002 - the field's word
    confirm: ConfirmOption = False,
) -> None:
    """Score every patient: value or range, the items that counted, what could not be computed."""
    from remission.cli_rules import score_file  # noqa: PLC0415

    with told(patients.name):
        text, table = score_file(patients, score, columns=columns, settings=setting, confirm=confirm, id=id)
        write_table(table, out)
    typer.echo(f"{text}\n\nEvery patient: {out}")


@patients.command()
def deviations(
    study: Annotated[Path, typer.Argument(help="The study file (study.toml).", show_default=False)],
    data: Annotated[
        Path | None,
        typer.Option(
            help="The file of patients, when it is not the one the study names.", show_default=False
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="List of patients to write (CSV).")] = Path("deviations.csv"),
) -> None:
    """List by name who deviates from protocol, and what is not known: patient data, not results."""
    from remission.study import deviations as office  # noqa: PLC0415 - loaded when first needed

    with told(study.name):
        table = office.deviations(study, data=data)
        office.write_deviations(table, out)
    found = table.filter(table["finding"] == office.DEVIATION)
    typer.echo(
        f"{found.height} deviations in {found[found.columns[0]].n_unique()} patients, and "
        f"{table.height - found.height} things not known: {out}\n"
        "It holds patient data. Keep it where the file of patients is kept; it is not part of the results."
    )
