"""Classes of patients by drug: by published cut-offs, or by the median or tertiles of the patients."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import polars as pl

from remission.core.digits import significant
from remission.core.problems import InputError
from remission.response.cutoffs import CLASSES, Class, Cutoffs, DrugCutoff, cutoffs
from remission.response.intervals import Intervals, from_rows, order_statistic
from remission.response.responses import DoseResponses

By = Literal["value", "interval"]
Split = Literal["median", "tertiles"]
BY: tuple[By, ...] = get_args(By)
SPLITS: tuple[Split, ...] = get_args(Split)
_SCHEMA = {
    "patient": pl.String,
    "drug": pl.String,
    "class": pl.String,
    "possible": pl.String,
    "interval_class": pl.String,
    "sensitive": pl.String,
    "resistant": pl.String,
    "unit": pl.String,
    "method": pl.String,
}


@dataclass(frozen=True, slots=True, eq=False)
class Classified:
    """Classes of patients.

    Attributes
    ----------
    frame : polars.DataFrame
        One row for each patient and drug: patient, drug, class (null: not known), possible (classes that
        remain, or "" where there is no passing curve), interval_class (null where the two doses around the
        LC50 lie in different classes), sensitive, resistant (the cut-offs), unit, method.
    notes : tuple of str
    mark : str
        How well the cut-offs are known ("checked", "derived", "memory", "unsure", "own"); "" where they are
        the median or tertiles of the patients.
    """

    frame: pl.DataFrame
    notes: tuple[str, ...]
    mark: str = ""

    def rows(self) -> pl.DataFrame:
        """The table of patients and drugs."""
        return self.frame

    def wide(self) -> pl.DataFrame:
        """One row per patient, one column of classes per drug."""
        return self.frame.pivot(on="drug", index="patient", values="class", maintain_order=True)

    def cut_points(self) -> dict[str, tuple[float, float]]:
        """Where sensitive ends and resistant begins, by drug; drugs whose cut is open are left out."""
        found = {}
        for drug, low, high in (
            self.frame.select("drug", "sensitive", "resistant").unique(maintain_order=True).rows()
        ):
            try:
                found[drug] = (float(low.lstrip("<>= ")), float(high.lstrip("<>= ")))
            except ValueError:
                continue
        return found

    def counts(self) -> pl.DataFrame:
        """Patients by drug and class: drug, class ("unknown" last), n."""
        named = self.frame.with_columns(pl.col("class").fill_null("unknown"))
        drugs = self.frame["drug"].unique(maintain_order=True).to_list()
        counted = {(drug, each): n for drug, each, n in named.group_by("drug", "class").len().rows()}
        levels = (*CLASSES, "unknown")
        return pl.DataFrame(
            [(drug, each, counted.get((drug, each), 0)) for drug in drugs for each in levels],
            schema={"drug": pl.String, "class": pl.String, "n": pl.Int64},
            orient="row",
        )


def classify_lc50(
    data: DoseResponses | pl.DataFrame,
    by: str | Path | Cutoffs,
    *,
    confirm: bool = False,
    decide: By = "value",
) -> Classified:
    """Class every LC50: sensitive, intermediate or resistant, or not known where it cannot be told.

    A censored LC50 has a class only if all it may be lies in it: "> 250" is resistant where that begins at
    150, "> 50" may be intermediate or resistant. A bracketed LC50 is classed by its interpolated value, as
    the published cut-offs were made; with `decide = "interval"` both doses around it must lie in the class.

    Parameters
    ----------
    data : DoseResponses, or its rows
    by : str, Path or Cutoffs
        "dcog" (an example, to be confirmed), a TOML file of your own, "median" or "tertiles". The median and
        the tertiles are those of the patients with a passing curve: sensitive up to the value of rank
        ceil(n/2) (ceil(n/3)), resistant above it (above rank ceil(2n/3)). Where censoring leaves the cut
        itself open, only patients who lie on one side of all it may be are classed.
    confirm : bool
        Needed for cut-offs that are marked unsure.
    decide : "value" or "interval"
        Of published cut-offs.

    Raises
    ------
    InputError
        If cut-offs must be confirmed, units differ, or an option is unknown.

    Examples
    --------
    >>> rows = pl.DataFrame({"patient": ["A", "B", "C"], "drug": ["prednisolone"] * 3, "unit": ["µg/mL"] * 3,
    ...     "lc50": [0.5, None, None], "low": [0.3, 250.0, 0.0], "high": [2.0, None, 0.06],
    ...     "censoring": ["bracketed", "right", "left"]})
    >>> classify_lc50(rows, "dcog", confirm=True).frame["class"].to_list()
    ['intermediate', 'resistant', 'sensitive']
    """
    if decide not in BY:
        raise InputError(f"decide must be one of {', '.join(BY)}; it is {decide!r}.")
    rows = data.rows() if isinstance(data, DoseResponses) else data
    if isinstance(by, str) and by in SPLITS:
        return _split(rows, by)
    found = cutoffs(by, confirm=confirm)
    drugs = rows["drug"].unique(maintain_order=True).to_list()
    without = [drug for drug in drugs if found.find(drug) is None]
    if len(without) == len(drugs):
        raise InputError(
            f'"{found.name}" has no cut-off for {", ".join(without)}; it has {", ".join(found.drug)}.'
        )
    wrong = _other_units(rows, found)
    if wrong:
        raise InputError(f'units differ from those of the cut-offs "{found.name}": {"; ".join(wrong)}.')
    made = [
        _classed(row, found, decide)
        for row in rows.iter_rows(named=True)
        if found.find(row["drug"]) is not None
    ]
    notes = [f"No cut-off, so no class: {', '.join(without)}."] if without else []
    if found.mark in {"memory", "unsure"}:
        notes.append(
            f'The cut-offs "{found.name}" are from memory of their source; they were confirmed by the user.'
        )
    return Classified(pl.DataFrame(made, schema=_SCHEMA), tuple(notes), found.mark)


def _other_units(rows: pl.DataFrame, found: Cutoffs) -> list[str]:
    wrong = []
    for drug, unit in rows.select("drug", "unit").unique(maintain_order=True).rows():
        cut = found.find(drug)
        if cut is not None and unit != cut.unit:
            wrong.append(f"{drug} is in {unit or 'no unit'}, the cut-off in {cut.unit}")
    return wrong


def _classed(row: dict[str, Any], found: Cutoffs, decide: By) -> dict[str, object]:
    drug = str(row["drug"])
    cut = found.find(drug)
    if cut is None:
        raise InputError(f"there is no cut-off for {drug}")
    possible, interval = _possible(row, cut, decide)
    return {
        "patient": row["patient"],
        "drug": drug,
        "class": possible[0] if len(possible) == 1 else None,
        "possible": ", ".join(possible),
        "interval_class": interval[0] if len(interval) == 1 else None,
        "sensitive": cut.sensitive,
        "resistant": cut.resistant,
        "unit": cut.unit,
        "method": f"cut-offs {found.name}, version {found.version}, by {decide}",
    }


def _possible(
    row: dict[str, Any], cut: DrugCutoff, decide: By
) -> tuple[tuple[Class, ...], tuple[Class, ...]]:
    """Classes that remain by value and by interval; none without a passing curve."""
    value, low, high = row["lc50"], row["low"], row["high"]
    if row["censoring"] == "bracketed":
        interval = cut.possible(low, high)
        return (interval if decide == "interval" else cut.possible(value, value)), interval
    if row["censoring"] in {"left", "right"}:
        interval = cut.possible(low, math.inf if high is None else high, beyond=True)
        return interval, interval
    return (), ()


def _split(rows: pl.DataFrame, by: Split) -> Classified:
    """Classes by the patients' own median or tertiles."""
    made: list[dict[str, object]] = []
    notes: list[str] = []
    for drug in rows["drug"].unique(maintain_order=True).to_list():
        part = rows.filter(pl.col("drug") == drug)
        patients = part["patient"].to_list()
        x = from_rows(rows, drug, patients)
        n = int(x.known.sum())
        if not n:
            notes.append(f"{drug}: no passing curve, so no class.")
        ranks = [math.ceil(n / 2)] * 2 if by == "median" else [math.ceil(n / 3), math.ceil(2 * n / 3)]
        cuts = [order_statistic(x, rank) if n else (math.nan, math.nan) for rank in ranks]
        if any(low != high for low, high in cuts):
            notes.append(f"{drug}: censoring leaves a cut open, so some patients have no class.")
        units = part["unit"].to_list()
        for place, patient in enumerate(patients):
            possible = split_classes(x, place, cuts)
            made.append(
                {
                    "patient": patient,
                    "drug": drug,
                    "class": possible[0] if len(possible) == 1 else None,
                    "possible": ", ".join(possible),
                    "interval_class": None,
                    "sensitive": f"<= {_cut(cuts[0])}",
                    "resistant": f"> {_cut(cuts[1])}",
                    "unit": units[place],
                    "method": f"{by} of {n} patients",
                }
            )
    return Classified(pl.DataFrame(made, schema=_SCHEMA), tuple(notes))


def split_classes(x: Intervals, place: int, cuts: Sequence[tuple[float, float]]) -> tuple[Class, ...]:
    """Classes of a patient by cuts that are known as intervals themselves: sensitive up to the first cut."""
    low, high = float(x.low[place]), float(x.high[place])
    if math.isnan(low):
        return ()
    same = cuts[0] == cuts[1]
    beyond = low != high
    found: list[Class] = []
    if not _above(low, beyond, cuts[0][1]):
        found.append("sensitive")
    if not same and not (high <= cuts[0][0]) and not _above(low, beyond, cuts[1][1]):
        found.append("intermediate")
    if not high <= cuts[1][0]:
        found.append("resistant")
    return tuple(found)


def _above(low: float, beyond: bool, cut: float) -> bool:  # noqa: FBT001
    """Whether a value is surely above the highest a cut may be."""
    return low > cut or (beyond and low >= cut and np.isfinite(cut))


def _cut(ends: tuple[float, float]) -> str:
    low, high = ends
    if low == high:
        return significant(low)
    return (
        f"{significant(low)} to {significant(high)}"
        if math.isfinite(high)
        else f"(beyond {significant(low)})"
    )
