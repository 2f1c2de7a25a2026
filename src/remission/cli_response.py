"""The command on plates: wells to LC50, tables, figures and a report."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from remission.cli_files import columns_said, refuse_file
from remission.cli_telling import shown_progress, told
from remission.core.atomic import write_atomically
from remission.core.problems import InputError
from remission.core.progress import Progress, silent

if TYPE_CHECKING:
    import polars as pl

    from remission.report.response import ResponseFindings
    from remission.response.classes import Classified
    from remission.response.responses import DoseResponses

MANIFEST = "run.json"
responses = typer.Typer()

ConfirmOption = Annotated[
    bool, typer.Option("--confirm", help="You have compared cut-offs marked unsure with their source.")
]
SimulatedOption = Annotated[bool, typer.Option("--simulated", help="Mark every page as simulated data.")]


@responses.command()
def response(  # noqa: PLR0913, PLR0917 - one argument for every option of the command
    plates: Annotated[
        list[Path],
        typer.Argument(
            help="Plates: long tables (CSV, Excel, ...) or grids of wells (CSV), read together.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder for tables, figures and the report.")] = Path("lc50"),
    layout: Annotated[
        Path | None,
        typer.Option(help="Layout of the plates, when it is a file of its own.", show_default=False),
    ] = None,
    columns: Annotated[
        Path | None,
        typer.Option(
            help='TOML file that says which column holds what: drug = "compound".', show_default=False
        ),
    ] = None,
    quality: Annotated[
        str, typer.Option(help="Quality rules: mtt, counts, or a TOML file of your own.")
    ] = "mtt",
    cutoffs: Annotated[
        str | None,
        typer.Option(
            help="Classes: median, tertiles, dcog (an example, to be confirmed), or a TOML file of your own.",
            show_default=False,
        ),
    ] = None,
    confirm: ConfirmOption = False,
    at: Annotated[float, typer.Option(help="Survival in per cent at which the dose is read.")] = 50.0,
    scale: Annotated[str, typer.Option(help="Dose for interpolation: log or linear.")] = "log",
    crossing: Annotated[
        str, typer.Option(help="Which crossing counts when there are several: first or last.")
    ] = "first",
    blanks: Annotated[
        str, typer.Option(help="wells, or subtracted where readings are net of background or counts.")
    ] = "wells",
    zero_dose: Annotated[str, typer.Option(help="Treated wells with dose 0: refuse or control.")] = "refuse",
    simulated: SimulatedOption = False,
) -> None:
    """Read plates to survival, LC50 with its interval, classes and figures."""
    with told(", ".join(path.name for path in plates)):
        refuse_file(out, "the results")
        with shown_progress() as progress:
            tell = progress or silent
            found = _responses(
                plates,
                layout=layout,
                columns=columns_said(columns, 'drug = "compound"'),
                quality=quality,
                blanks=blanks,
                zero_dose=zero_dose,
                progress=tell,
                options={"at": at, "scale": scale, "rule": crossing},
            )
            classes = None if cutoffs is None else _classes(found, cutoffs, confirm=confirm)
            lines = write_response(
                found,
                classes,
                out,
                inputs=[*plates, *([layout] if layout else [])],
                simulated=simulated,
                progress=tell,
            )
    typer.echo("\n".join(lines))


def _responses(plates: Sequence[Path], *, options: Mapping[str, Any], **said: Any) -> DoseResponses:
    from remission.response.crossing import RULES, SCALES  # noqa: PLC0415 - loaded when first needed
    from remission.response.doseresponse import CurveOptions, dose_response  # noqa: PLC0415

    for name, allowed, word in (
        ("scale", SCALES, "--scale"),
        ("rule", RULES, "--crossing"),
    ):
        if options[name] not in allowed:
            raise InputError(f"{word} must be one of {', '.join(allowed)}; it is {options[name]!r}.")
    return dose_response(list(plates), options=CurveOptions(**options), **said)


def _classes(found: DoseResponses, cutoffs: str, *, confirm: bool) -> Classified:
    from remission.response.classes import classify_lc50  # noqa: PLC0415

    return classify_lc50(found, cutoffs, confirm=confirm)


def write_response(
    found: DoseResponses,
    classes: Classified | None,
    out: Path,
    *,
    inputs: Sequence[Path] = (),
    simulated: bool = False,
    progress: Progress | None = None,
) -> list[str]:
    """Write tables, figures and report of dose responses into a folder; return what to print.

    Every file is replaced in one step; files of an earlier run that this one does not write are taken away.
    """
    from remission.report.files import write_document  # noqa: PLC0415
    from remission.report.response import build_response  # noqa: PLC0415
    from remission.study.tables import to_csv  # noqa: PLC0415

    tell = progress or silent
    cross = _cross(found, tell)
    report = findings(found, classes, cross, simulated=simulated)
    tables = {
        "lc50.csv": _with_classes(found.rows(), classes),
        "quality.csv": found.judged(),
        "points.csv": found.points(),
    }
    if cross is not None:
        held = ("measure", "term", "versus", "estimate", "std_error", "low", "high", "confidence", "at_risk")
        tables["cross_resistance.csv"] = cross.select(held).rename({"at_risk": "patients"})
    if classes is not None:
        tables |= {f"{name}.csv": table for name, table in _score_tables(classes).items()}
    out.mkdir(parents=True, exist_ok=True)
    import tempfile  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=out) as folder:
        place = Path(folder)
        for name, table in tables.items():
            (place / name).write_bytes(to_csv(table))
        write_document(build_response(report), place, tell)
        (place / "curves.pdf").write_bytes(_all_curves(report, tell))
        _move(place, out, inputs, found)
    return _said(found, classes, out)


def _move(place: Path, out: Path, inputs: Sequence[Path], found: DoseResponses) -> None:
    """Put finished files in place, take away what an earlier run left, and write down what was done."""
    from remission import __version__  # noqa: PLC0415

    files = sorted(path.relative_to(place) for path in place.rglob("*") if path.is_file())
    before = _manifest(out)
    for name in files:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).replace(out / name)
    for earlier in before:
        old = out / earlier
        if Path(earlier) not in files and old.is_file() and out.resolve() in old.resolve().parents:
            old.unlink()
    run = {
        "remission": __version__,
        "inputs": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in inputs},
        "quality": f"{found.quality.name} {found.quality.version}",
        "files": [name.as_posix() for name in files],
    }
    write_atomically(out / MANIFEST, (json.dumps(run, indent=1) + "\n").encode("utf-8"))


def _manifest(out: Path) -> list[str]:
    """Files an earlier run wrote into the folder."""
    try:
        listed = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []


def _cross(found: DoseResponses, progress: Progress) -> pl.DataFrame | None:
    """Cross-resistance where two drugs are known of four patients."""
    from remission.response.crossresistance import cross_resistance  # noqa: PLC0415

    rows = found.rows()
    if rows["drug"].n_unique() < 2 or rows["patient"].n_unique() < 4:
        return None
    return cross_resistance(rows, progress=progress).rows()


def _with_classes(rows: pl.DataFrame, classes: Classified | None) -> pl.DataFrame:
    if classes is None:
        return rows
    kept = classes.frame.select(
        "patient", "drug", "class", "possible", "interval_class", class_method="method"
    )
    return rows.join(kept, on=["patient", "drug"], how="left", maintain_order="left")


def _score_tables(classes: Classified) -> dict[str, pl.DataFrame]:
    """Scores over drugs, of those whose drugs are there."""
    from remission.response.scores import drug_score, pva_score  # noqa: PLC0415

    made = {}
    scores: dict[str, Callable[[], pl.DataFrame]] = {
        "score_pva": lambda: pva_score(classes).rows(),
        "score_four_drugs": lambda: drug_score(classes),
    }
    for name, score in scores.items():
        try:
            made[name] = score()
        except InputError:  # not all of its drugs were tested
            continue
    return made


def _all_curves(report: ResponseFindings, progress: Progress) -> bytes:
    """Every patient's curves, one page each."""
    from matplotlib.backends.backend_pdf import PdfPages  # noqa: PLC0415

    from remission.report.figures.style import journal  # noqa: PLC0415
    from remission.report.response import patient_figures  # noqa: PLC0415

    patients = report.rows["patient"].unique(maintain_order=True).to_list()
    pages = io.BytesIO()
    undated = {"CreationDate": None, "Creator": None, "Producer": None}
    with (
        journal(),
        PdfPages(pages, metadata=undated) as book,
    ):
        for done, patient in enumerate(patients):
            progress("Curves of every patient", done, len(patients))
            for figure in patient_figures(report, patient):
                book.savefig(figure.draw())
    progress("Curves of every patient", len(patients), len(patients))
    return pages.getvalue()


def findings(
    found: DoseResponses, classes: Classified | None, cross: pl.DataFrame | None, *, simulated: bool = False
) -> ResponseFindings:
    """Hand everything the report shows to the report."""
    from remission.report.response import ResponseFindings  # noqa: PLC0415
    from remission.response.describe import methods_of, references_of  # noqa: PLC0415

    rows = found.rows()
    return ResponseFindings(
        title="Dose response of leukaemic cells",
        rows=rows,
        points=found.points(),
        replicates=found.replicates(),
        fitted=found.fitted(),
        plates=found.plates,
        wells=found.wells.frame,
        reading="Reading" if found.wells.measured == "signal" else "Survival (%)",
        read=(*found.notes, *(classes.notes if classes else ())),
        methods=methods_of(found, classes, cross is not None),
        references=references_of(found),
        cuts={} if classes is None else classes.cut_points(),
        counts=None if classes is None else classes.counts(),
        class_method="" if classes is None or not classes.frame.height else classes.frame["method"][0],
        scores=() if classes is None else tuple(_score_counts(classes)),
        cross=cross,
        cross_drugs=rows["drug"].unique(maintain_order=True).to_list() if cross is not None else (),
        cross_label="Kendall's tau of the LC50",
        mark="Simulated data" if simulated else "",
    )


def _score_counts(classes: Classified) -> Iterable[tuple[str, str, int]]:
    titles = {"score_pva": "PVA", "score_four_drugs": "Four drugs"}
    for name, table in _score_tables(classes).items():
        counted: dict[tuple[int, int], int] = {}
        for lowest, highest in table.select("lowest", "highest").rows():
            counted[lowest, highest] = counted.get((lowest, highest), 0) + 1
        for (lowest, highest), n in sorted(counted.items()):
            yield titles[name], str(lowest) if lowest == highest else f"{lowest} to {highest}", n


def _said(found: DoseResponses, classes: Classified | None, out: Path) -> list[str]:
    """What to print: what was read, decided, refused, and where it is."""
    lines = [f"Read: {found.wells!r}", *(f"  {note}" for note in found.notes)]
    lines.append(f"Curves: {found!r}")
    lines += [
        f"  Not used: patient {curve.patient}, {curve.drug}: {'; '.join(curve.reasons)}"
        for curve in found.curves
        if not curve.passed
    ]
    if len(lines) > 40:
        lines = [*lines[:40], f"  ... and {len(lines) - 40} more; all are in quality.csv."]
    if classes is not None:
        for drug, part in classes.counts().group_by("drug", maintain_order=True):
            told_of = ", ".join(f"{n} {name}" for name, n in part.select("class", "n").rows() if n)
            lines.append(f"Classes, {drug[0]}: {told_of}")
        lines += [f"  {note}" for note in classes.notes]
    return [*lines, f"LC50 of every patient and drug: {out / 'lc50.csv'}", f"Report: {out / 'report.html'}"]
