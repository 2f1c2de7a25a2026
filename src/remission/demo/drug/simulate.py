"""From the declared model to the files of both cohorts: one deterministic function."""

from __future__ import annotations

import gzip
import io
from collections.abc import Sequence

import polars as pl

from remission.demo.draws import Draws, Floats
from remission.demo.drug.genes import draw_genes, express, on_another_platform, planted_csv
from remission.demo.drug.model import Model
from remission.demo.drug.patients import draw_children, patients_csv
from remission.demo.drug.plates import plates_csv


def simulate(model: Model) -> dict[str, bytes]:
    """Simulate every file of the demonstration, by name.

    Parameters
    ----------
    model : Model

    Returns
    -------
    dict of str to bytes
        `patients.csv`, `plates.csv` and `expression.csv.gz` of the cohort to learn from, `validation.csv` and
        `validation-expression.csv.gz` of the other, and `planted.csv`, the truth. The same model gives the
        same numbers.

    Examples
    --------
    >>> files = simulate(Model(discovery=12, validation=8, genes=600, subtype_genes=10))
    >>> files["patients.csv"].decode().count("SIM-D")
    12
    """
    genes = draw_genes(model, Draws(model.seed))
    first = draw_children(model, model.discovery, "SIM-D", Draws(model.seed + 1))
    second = draw_children(model, model.validation, "SIM-V", Draws(model.seed + 2))
    values = express(model, genes, first, Draws(model.seed + 3))
    others = express(model, genes, second, Draws(model.seed + 4))
    names, moved = on_another_platform(model, genes, others, Draws(model.seed + 5))
    return {
        "patients.csv": patients_csv(first),
        "plates.csv": plates_csv(model, first, Draws(model.seed + 6)),
        "expression.csv.gz": _matrix(genes.names, first.ids, values),
        "validation.csv": patients_csv(second),
        "validation-expression.csv.gz": _matrix(names, second.ids, moved),
        "planted.csv": planted_csv(model, genes),
    }


def _matrix(genes: Sequence[str], patients: Sequence[str], values: Floats) -> bytes:
    """Genes in rows, patients in columns; compressed, and without the time of writing."""
    frame = pl.DataFrame({"gene": list(genes), **dict(zip(patients, values.T, strict=True))})
    text = frame.write_csv(float_precision=2)
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6, mtime=0) as file:
        file.write(text.encode("utf-8"))
    return packed.getvalue()
