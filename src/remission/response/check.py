"""What must hold of wells together: controls, blanks, one unit per drug, no well twice."""

from __future__ import annotations

import polars as pl

from remission.core.problems import Problem, shown
from remission.response.wells import Wells

LOWEST_SURVIVAL = -10.0
"""Per cent: below it a survival is no noise."""


def check_wells(wells: Wells, *, blanks: str = "wells") -> list[Problem]:
    """Tell every problem of wells as a whole.

    Parameters
    ----------
    wells : Wells
    blanks : "wells" or "subtracted"
    """
    frame = wells.frame
    problems = [*_nothing(frame), *_doubled(frame), *_spelled(frame), *_mixed_units(frame)]
    if wells.measured == "survival":
        low = frame.filter(pl.col("reading") < LOWEST_SURVIVAL)
        if low.height:
            message = f"survival is below {LOWEST_SURVIVAL:g} %, which noise does not explain"
            repair = "Correct it, or give the signals with their blanks and controls."
            problems.append(Problem("survival", message, repair, tuple(low["source"])))
        return problems
    if blanks == "wells":
        negative = frame.filter(pl.col("reading") < 0)
        if negative.height:
            message = "signals are below 0, which no reader gives"
            repair = "Correct them; if the background is subtracted already, say so: --blanks subtracted."
            problems.append(Problem("signal", message, repair, tuple(negative["source"])))
    problems += _without(
        frame, "control", 'Give wells without drug the role "control". Without them there is no survival.'
    )
    if blanks == "wells":
        problems += _without(
            frame,
            "blank",
            'Give wells without cells the role "blank"; if readings are net of background, or counts of '
            "cells, say so: --blanks subtracted.",
        )
    return problems


def _nothing(frame: pl.DataFrame) -> list[Problem]:
    if frame.filter(pl.col("role") == "treated").height:
        return []
    return [Problem("wells", "no well is treated with a drug", "Give drug and dose for treated wells.")]


def _doubled(frame: pl.DataFrame) -> list[Problem]:
    """A position on a plate given twice."""
    placed = frame.filter(pl.col("well") != "")
    twice = placed.filter(placed.select("plate", "well").is_duplicated())
    if not twice.height:
        return []
    names = twice.select(pl.lit("plate ") + pl.col("plate") + " " + pl.col("well"))
    wells = tuple(names.to_series().unique(maintain_order=True))
    return [
        Problem(
            "wells",
            "a well is given more than once",
            "Keep one reading; name plates apart if there are two.",
            wells,
        )
    ]


def _spelled(frame: pl.DataFrame) -> list[Problem]:
    """One drug or patient under names that differ in capitals and blanks only, which would make two."""
    problems = []
    treated = frame.filter(pl.col("role") == "treated")
    for field in ("drug", "patient"):
        names: dict[str, list[str]] = {}
        for name in treated[field].drop_nulls().unique(maintain_order=True).to_list():
            names.setdefault("".join(name.split()).casefold(), []).append(name)
        for alike in names.values():
            if len(alike) > 1:
                listed = ", ".join(f'"{name}"' for name in alike)
                repair = f'Write it one way, or say codes: {{ "{alike[1]}" = "{alike[0]}" }}.'
                problems.append(Problem(field, f"{listed} differ in capitals or blanks only", repair))
    return problems


def _mixed_units(frame: pl.DataFrame) -> list[Problem]:
    problems = []
    treated = frame.filter((pl.col("role") == "treated") & pl.col("unit").is_not_null())
    for drug, part in treated.group_by("drug", maintain_order=True):
        units = part["unit"].unique(maintain_order=True).to_list()
        if len(units) > 1:
            fewest = min(units, key=lambda name: part.filter(pl.col("unit") == name).height)
            rows = part.filter(pl.col("unit") == fewest)["source"]
            message = f"doses are in {shown(units)}"
            repair = "Write them in one unit: units are never mixed."
            problems.append(Problem(f"drug {drug[0]}", message, repair, tuple(rows)))
    return problems


def _without(frame: pl.DataFrame, role: str, repair: str) -> list[Problem]:
    """Plates (and, for controls, patients on them) that lack wells of a role."""
    treated = frame.filter(pl.col("role") == "treated")
    there = frame.filter(pl.col("role") == role)
    common = there.filter(pl.col("patient").is_null())["plate"]
    bare = treated.filter(~pl.col("plate").is_in(common.implode()))
    if role == "control":
        bare = bare.filter(pl.col("patient").is_not_null()).join(
            there.select("plate", "patient").unique(), on=["plate", "patient"], how="anti"
        )
    if not bare.height:
        return []
    names = bare.select(
        pl.lit("plate ") + pl.col("plate") + pl.lit(", patient ") + pl.col("patient")
        if role == "control"
        else pl.lit("plate ") + pl.col("plate")
    ).to_series()
    return [
        Problem(
            "wells",
            f"there are no {role} wells",
            repair,
            tuple(names.unique(maintain_order=True)),
        )
    ]
