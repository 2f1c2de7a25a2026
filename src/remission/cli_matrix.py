"""Options of commands that read a matrix of expression for locked signatures, and the reading."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from remission.core.problems import InputError
from remission.core.wording import listing

if TYPE_CHECKING:
    from remission.expression.matrix import Expression
    from remission.signature.locked import Signature

ScaleOption = Annotated[
    str | None, typer.Option(help="Scale of the matrix: log2, intensity or counts.", show_default=False)
]
AnnotationOption = Annotated[
    Path | None,
    typer.Option(help="Table of probe and gene, where the matrix has probes.", show_default=False),
]
DuplicatesOption = Annotated[
    str,
    typer.Option(help="Of a gene in several rows: refuse, mean, highest mean or widest."),
]
RowsOption = Annotated[
    str | None,
    typer.Option(
        help="What stands in the rows: genes or samples; recognised unless said.", show_default=False
    ),
]
DecimalOption = Annotated[str, typer.Option(help='Decimal mark: "." or ",".')]


@dataclass(frozen=True, slots=True)
class MatrixFile:
    """A matrix and what was said of it on the command line."""

    path: Path
    scale: str | None = None
    annotation: Path | None = None
    duplicates: str = "refuse"
    rows: str | None = None
    decimal: str = "."


def read_matrix(file: MatrixFile, signatures: Sequence[Signature]) -> tuple[Expression, str]:
    """Read a matrix for signatures; return it with its scale, which is that of learning unless said.

    Raises
    ------
    InputError
        If an option is none of its values, or no scale is said and the signatures were learned on several.
    StudyProblems
        With what is wrong with the matrix.
    """
    from remission.expression.matrix import SCALES  # noqa: PLC0415 - loaded when first needed
    from remission.expression.probes import RULES  # noqa: PLC0415
    from remission.expression.read import read_expression  # noqa: PLC0415

    learned_on = list(dict.fromkeys(each.file.training.scale for each in signatures))
    if file.scale is None and len(learned_on) > 1:
        raise InputError(f"the signatures were learned on different scales ({', '.join(learned_on)})")
    said: dict[str, Any] = {
        "scale": _one_of(file.scale or learned_on[0], SCALES, "the scale"),
        "duplicates": _one_of(file.duplicates, RULES, "the rule for duplicates"),
        "decimal": _one_of(file.decimal, (".", ","), "the decimal mark"),
        "rows": None if file.rows is None else _one_of(file.rows, ("genes", "samples"), "what rows hold"),
    }
    return read_expression(file.path, annotation=file.annotation, **said), said["scale"]


def _one_of(word: str, values: Collection[str], what: str) -> str:
    if word not in values:
        raise InputError(f"{what} is one of {listing(list(values), 'or')}, not {word}")
    return word
