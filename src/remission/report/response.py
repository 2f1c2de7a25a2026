"""The report of ex-vivo drug response: what was read, LC50 by drug, curves, plates, cross-resistance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import polars as pl

from remission.report.document import (
    Align,
    Block,
    Bullets,
    Callout,
    Document,
    Figure,
    HeaderCell,
    Heading,
    KeyNumber,
    Paragraph,
    References,
    Row,
    Summary,
    Table,
    numbered,
)
from remission.report.figures.cross_resistance import describe_cross_resistance, draw_cross_resistance
from remission.report.figures.dose_response import CurvePanel, describe_dose_responses, draw_dose_responses
from remission.report.figures.lc50_distribution import (
    describe_lc50_distributions,
    distributed,
    draw_lc50_distributions,
)
from remission.report.figures.plate_map import can_draw, draw_plate
from remission.report.figures.style import DOUBLE
from remission.report.format import ABSENT, count, plural
from remission.report.tables.response import ROWS_SHOWN, class_table, curve_table, drug_table

PATIENTS_NEEDED = 3
PATIENTS_SHOWN, PLATES_SHOWN, DRUGS_SHOWN = 12, 6, 8
PANELS = 9
_CURVES = (
    "Open circles are wells, filled circles means with standard deviations, the line is the four-parameter "
    "fit (broken: too few doses for one). The diamond is the interpolated LC50, the shaded band the doses "
    "between which it lies; an arrow points beyond the tested doses."
)
BANNER = "For research use only. Survival of cells in a plate is not response of a patient."


@dataclass(frozen=True, slots=True, eq=False)
class ResponseFindings:
    """Everything the report shows; frames as the drug-response package gives them.

    Attributes
    ----------
    title : str
    rows, points, replicates, fitted, plates, wells : polars.DataFrame
    reading : str
        What a reading is, for the scale of the plate maps.
    read, methods, references : sequence of str
        What was read and decided; how it was computed; sources.
    cuts : mapping of drug to (float, float)
    counts : polars.DataFrame or None
        drug, class, n.
    class_method : str
    scores : sequence of (name, value, n)
    cross : polars.DataFrame or None
        Result rows of cross-resistance.
    cross_drugs : sequence of str
    cross_label : str
    mark : str
        "Simulated data", or "".
    """

    title: str
    rows: pl.DataFrame
    points: pl.DataFrame
    replicates: pl.DataFrame
    fitted: pl.DataFrame
    plates: pl.DataFrame
    wells: pl.DataFrame
    reading: str
    read: Sequence[str]
    methods: Sequence[str]
    references: Sequence[str] = ()
    cuts: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    counts: pl.DataFrame | None = None
    class_method: str = ""
    scores: Sequence[tuple[str, str, int]] = ()
    cross: pl.DataFrame | None = None
    cross_drugs: Sequence[str] = ()
    cross_label: str = ""
    mark: str = ""


def build_response(found: ResponseFindings) -> Document:
    """Lay out the report of drug response.

    Figures of the first twelve patients and six plates are in it; `patient_figures` makes those of any.
    """
    blocks: list[Block] = [_summary(found), *_quality(found), *_by_drug(found)]
    if found.cross is not None:
        blocks += _cross(found)
    blocks += _curves(found)
    blocks += _plates(found)
    blocks += [
        Heading(1, "What was read and decided", "read"),
        Bullets(tuple(Paragraph.of(each) for each in found.read)),
        Heading(1, "Methods", "methods"),
        *(Paragraph.of(each) for each in found.methods),
    ]
    if found.references:
        blocks += [Heading(1, "References", "references"), References(tuple(found.references))]
    banner = f"{found.mark}. {BANNER}" if found.mark else BANNER
    return numbered(Document(found.title, "Ex-vivo drug response", tuple(blocks), banner=banner))


def patient_figures(found: ResponseFindings, patient: str) -> list[Figure]:
    """All curves of one patient, nine to a figure."""

    def of(frame: pl.DataFrame, drug: str) -> pl.DataFrame:
        return frame.filter((pl.col("patient") == patient) & (pl.col("drug") == drug))

    rows = found.rows.filter(pl.col("patient") == patient)
    panels = [
        CurvePanel(
            row,
            of(found.points, row["drug"]),
            of(found.replicates, row["drug"]),
            of(found.fitted, row["drug"]),
        )
        for row in rows.iter_rows(named=True)
    ]
    place = found.rows["patient"].unique(maintain_order=True).to_list().index(patient) + 1
    figures = []
    for start in range(0, len(panels), PANELS):
        part = panels[start : start + PANELS]
        page = (
            f" ({start // PANELS + 1} of {math.ceil(len(panels) / PANELS)})" if len(panels) > PANELS else ""
        )
        title = f"Patient {patient}{page}"
        draw = partial(draw_dose_responses, title, part, found.mark)
        name = f"patient-{place}" + (f"-{start // PANELS + 1}" if page else "")
        told = describe_dose_responses(title, part)
        figures.append(Figure(name, f"{title}: survival by dose. {_CURVES}", told, draw, DOUBLE))
    return figures


def _summary(found: ResponseFindings) -> Summary:
    rows = found.rows
    counted = dict(rows["censoring"].value_counts().rows())
    passed = rows.height - counted.get("failed", 0)
    drugs = plural(rows["drug"].n_unique(), "drug")
    number = {name: count(counted.get(name, 0)) for name in ("bracketed", "left", "right", "failed")}
    beyond = f"{number['left']} below, {number['right']} above the tested doses"
    return Summary(
        (
            KeyNumber(
                "Patients",
                count(rows["patient"].n_unique()),
                f"{drugs} tested",
            ),
            KeyNumber(
                "Curves that pass", f"{count(passed)} of {count(rows.height)}", f"{number['failed']} not used"
            ),
            KeyNumber("LC50 known", number["bracketed"], beyond),
        )
    )


def _quality(found: ResponseFindings) -> list[Block]:
    failed = found.rows.filter(pl.col("quality") != "pass")
    blocks: list[Block] = [Heading(1, "Quality", "quality")]
    if not failed.height:
        return [*blocks, Paragraph.of("All curves pass the quality rules.")]
    shared = failed.group_by("reasons", maintain_order=True).agg("patient", "drug")
    told = []
    for reasons, patients, drugs in shared.rows():
        names = list(dict.fromkeys(patients))
        listed = ", ".join(names[:8]) + (f" and {count(len(names) - 8)} more" if len(names) > 8 else "")
        told.append(Paragraph.of(f"{reasons}: {', '.join(dict.fromkeys(drugs))}; patients {listed}."))
    title = f"{count(failed.height)} of {count(found.rows.height)} curves are not used"
    return [*blocks, Callout("warning", title, tuple(told))]


def _by_drug(found: ResponseFindings) -> list[Block]:
    blocks: list[Block] = [Heading(1, "LC50 by drug", "lc50"), drug_table(found.rows)]
    drugs = distributed(found.rows) if found.rows["patient"].n_unique() >= PATIENTS_NEEDED else []
    for start in range(0, len(drugs), DRUGS_SHOWN):
        part = found.rows.filter(pl.col("drug").is_in(drugs[start : start + DRUGS_SHOWN]))
        blocks.append(
            Figure(
                f"lc50-{start // DRUGS_SHOWN + 1}",
                "LC50 of the patients in increasing order. Dots are known values; triangles stand at the "
                "lowest or highest tested dose and point to where the LC50 lies."
                + (" Broken lines are the cut-offs." if found.cuts else ""),
                describe_lc50_distributions(part),
                partial(draw_lc50_distributions, part, found.cuts, found.mark),
                DOUBLE,
            )
        )
    if found.counts is not None:
        blocks += [Heading(2, "Classes", "classes"), class_table(found.counts, found.class_method)]
    if found.scores:
        scores = [Row((name, value, count(n))) for name, value, n in found.scores]
        note = "A range stands where a class is not known."
        heads = ("Score", "Value", "Patients")
        blocks.append(Table.plain("scores", "Scores over drugs.", heads, scores, (note,), left=2))
    return blocks


def _cross(found: ResponseFindings) -> list[Block]:
    rows = found.cross
    if rows is None:
        raise ValueError
    caption = f"Cross-resistance: {found.cross_label}, with 95% limits (jackknife) and number of patients."
    return [
        Heading(1, "Cross-resistance", "cross-resistance"),
        Figure(
            "cross-resistance",
            caption,
            describe_cross_resistance(rows),
            partial(draw_cross_resistance, rows, list(found.cross_drugs), found.cross_label, found.mark),
            DOUBLE,
        ),
    ]


def _curves(found: ResponseFindings) -> list[Block]:
    patients = found.rows["patient"].unique(maintain_order=True).to_list()
    blocks: list[Block] = [Heading(1, "Curves", "curves"), curve_table(found.rows)]
    if len(patients) > PATIENTS_SHOWN:
        blocks.append(
            Paragraph.of(
                f"The first {PATIENTS_SHOWN} of {count(len(patients))} patients are shown; all are in "
                "curves.pdf."
            )
        )
    return [
        *blocks,
        *(figure for patient in patients[:PATIENTS_SHOWN] for figure in patient_figures(found, patient)),
    ]


def _plates(found: ResponseFindings) -> list[Block]:
    blocks: list[Block] = [Heading(1, "Plates", "plates")]
    if found.plates.height:
        heads = ("Plate", "Patient", "Controls", "Net control signal", "CV (%)", "Quality")
        rows = tuple(
            Row(
                (
                    row["plate"],
                    row["patient"],
                    count(row["controls"]),
                    f"{row['control_mean']:.4g}",
                    ABSENT if row["control_cv"] is None else f"{row['control_cv']:.1f}",
                    row["quality"] + (f": {row['reasons']}" if row["reasons"] else ""),
                )
            )
            for row in found.plates.head(ROWS_SHOWN).iter_rows(named=True)
        )
        align: tuple[Align, ...] = ("left", "left", "right", "right", "right", "left")
        blocks.append(
            Table("plates", "Plates and their controls.", (tuple(map(HeaderCell, heads)),), rows, align)
        )
    else:
        blocks.append(Paragraph.of("Survival was given, not readings: there are no controls to judge."))
    names = found.wells["plate"].unique(maintain_order=True).to_list()
    drawn = 0
    for number, plate in enumerate(names, start=1):
        wells = found.wells.filter(pl.col("plate") == plate)
        if not can_draw(wells) or drawn >= PLATES_SHOWN:
            continue
        drawn += 1
        blocks.append(
            Figure(
                f"plate-{number}",
                f"Plate {plate}: readings as they stood (B blank, C control, the rest treated).",
                f"Map of the readings of plate {plate}.",
                partial(draw_plate, f"Plate {plate}", wells, found.reading, found.mark),
                DOUBLE,
            )
        )
    if not drawn:
        blocks.append(Paragraph.of("The positions of the wells are not known, so plates cannot be drawn."))
    return blocks
