"""Who deviates from protocol: a local list for the trial office. Patient data, never part of the results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from remission.core.problems import InputError
from remission.study.kinds import treatment_indication as indication
from remission.study.kinds import treatment_phases as phases
from remission.study.kinds.treatment_followed import Followed, followed
from remission.study.kinds.treatment_options import TreatmentOptions
from remission.study.prepare import context_of, prepare

if TYPE_CHECKING:
    import polars as pl

    from remission.cohort.outcome import Floats

PATIENT = "patient (PATIENT DATA: keep it where the file of patients is kept; not part of the results)"
DEVIATION, NOT_KNOWN = "deviation", "not known"
_OPEN = (phases.CONDITION_UNKNOWN, phases.NOT_KNOWN, phases.UNDATED, phases.UNPLACED, phases.WINDOW_UNKNOWN)
_TEXTS = (PATIENT, "analysis", "finding", "phase", "what")
_DAYS = ("planned from day", "planned to day", "day", "days outside")


def deviations(study: str | Path, *, data: str | Path | None = None) -> pl.DataFrame:
    """List every deviation from protocol, and all that is not known, patient by patient.

    These are the patients that the analyses of `kind = "treatment"` count; the results themselves hold none.

    Parameters
    ----------
    study : str or Path
        The study file.
    data : str or Path, optional
        The file of patients, when it is not the one that [cohort] names.

    Returns
    -------
    polars.DataFrame
        One row for each patient and deviation, in the order of the file of patients. The first column is the
        patient's id, and its heading says that these are patient data. `finding` is "deviation" or "not
        known" (to be completed before it can be judged), `phase` is empty for what `indication` is about.
        Days count from time zero; `days outside` the window are below 0 where it was too early. Both ends of
        a window belong to it.

    Raises
    ------
    StudyProblems
        With every problem of the study and its data.
    InputError
        If the study has no analysis of this kind.
    """
    import polars as pl  # noqa: PLC0415 - loaded when first needed

    prepared = prepare(study, data=data)
    rows: list[tuple[int, tuple[Any, ...]]] = []
    asked = [planned for planned in prepared.analyses if isinstance(planned.options, TreatmentOptions)]
    if not asked:
        message = (
            'the study has no analysis of kind = "treatment". Add one that says what the protocol plans.'
        )
        raise InputError(message)
    for planned in asked:
        context = context_of(planned, prepared.context)
        if context is None or not isinstance(planned.options, TreatmentOptions):
            raise AssertionError("checked before")
        ids = context.cohort.ids()
        found = followed(context, planned.options)
        several = (*_deviating(found), *_unknown(found))
        rows += [(row, (str(ids[row]), planned.name, *told)) for row, told in several]
    rows.sort(key=lambda each: each[0])
    schema = {**dict.fromkeys(_TEXTS, pl.String), **dict.fromkeys(_DAYS, pl.Float64)}
    return pl.DataFrame([told for _, told in rows], schema=schema, orient="row")


def write_deviations(table: pl.DataFrame, out: Path) -> None:
    """Write the list as CSV, whole or not at all; no cell is a formula.

    Raises
    ------
    InputError
        If there is no such folder, or it holds results: these are passed on, the list must not be.
    """
    from remission.core.atomic import write_atomically  # noqa: PLC0415
    from remission.study.tables import to_csv  # noqa: PLC0415

    folder = out.resolve().parent
    if not folder.is_dir():
        raise InputError(f"there is no folder {out.parent}")
    if any((each / "results.json").exists() for each in (folder, *folder.parents)):
        message = f"{out.parent} is a folder of results, which hold no patients. Name a file elsewhere."
        raise InputError(message)
    write_atomically(out, to_csv(_whole_days(table)))


def _whole_days(table: pl.DataFrame) -> pl.DataFrame:
    """Days without decimals where all are whole, as those between dates are."""
    import polars as pl  # noqa: PLC0415 - loaded when first needed

    whole = [name for name in _DAYS if ((table[name] % 1) == 0).all()]
    return table.with_columns(pl.col(whole).cast(pl.Int64))


def _deviating(found: Followed) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows of every deviation among the patients of the analysis."""
    for each in found.deviations:
        nothing = np.full(len(each.day), np.nan)
        low, high = each.planned or (nothing, nothing)
        for row in np.flatnonzero(each.patients & found.among.holds):
            days = [_day(values, row) for values in (low, high, each.day, each.off)]
            yield int(row), (DEVIATION, each.about or "", each.kind, *days)


def _unknown(found: Followed) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows of all that must be completed before it can be judged."""
    for each in found.phases:
        for what in _OPEN:
            for row in np.flatnonzero(found.among.holds & (each.status == what)):
                days = [_day(values, row) for values in (each.opens, each.closes, each.start)]
                yield int(row), (NOT_KNOWN, each.phase.name, what, *days, None)
    given = found.given
    if given is None:
        return
    open_questions = {
        "whether it was indicated": given.indicated == indication.UNKNOWN,
        "whether it was given": given.status == indication.NOT_RECORDED,
        "on which day it was given": given.status == indication.DAY_UNKNOWN,
        "what came first": given.status == indication.ORDER_UNKNOWN,
    }
    for what, rows in open_questions.items():
        for row in np.flatnonzero(found.among.holds & rows):
            yield int(row), (NOT_KNOWN, "", what, None, None, _day(given.day, row), None)


def _day(values: Floats, row: np.integer[Any]) -> float | None:
    value = float(values[row])
    return None if np.isnan(value) else value
