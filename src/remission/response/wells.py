"""Wells of plates: one frozen table, whatever file they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from remission.core.problems import InputError
from remission.response.units import factor
from remission.response.units import unit as recognised

Role = Literal["blank", "control", "treated"]
Measured = Literal["signal", "survival"]
COLUMNS: Mapping[str, type[pl.DataType]] = {
    "plate": pl.String,
    "patient": pl.String,
    "well": pl.String,
    "role": pl.String,
    "drug": pl.String,
    "dose": pl.Float64,
    "unit": pl.String,
    "reading": pl.Float64,
    "leukaemic": pl.Float64,
    "source": pl.String,
}


@dataclass(frozen=True, slots=True, eq=False)
class Wells:
    """Wells that were read, without a problem.

    Attributes
    ----------
    frame : polars.DataFrame
        One row per well: plate, patient (null where a blank or control serves all of its plate), well ("B3",
        or ""), role (blank, control, treated), drug, dose (above 0), unit, reading, leukaemic (per cent of
        leukaemic cells in the control at the end, if given), source (for messages: "row 17", "plate 1 B3").
    measured : "signal" or "survival"
        What a reading is: the reader's signal, or survival in per cent of the control, normalised already.
    notes : tuple of str
        What was decided while reading.
    """

    frame: pl.DataFrame
    measured: Measured = "signal"
    notes: tuple[str, ...] = ()

    @property
    def drugs(self) -> tuple[str, ...]:
        """Drugs, in the order of the file."""
        return tuple(
            self.frame.filter(pl.col("role") == "treated")["drug"].unique(maintain_order=True).to_list()
        )

    @property
    def patients(self) -> tuple[str, ...]:
        """Patients with treated wells, in the order of the file."""
        return tuple(
            self.frame.filter(pl.col("role") == "treated")["patient"].unique(maintain_order=True).to_list()
        )

    @property
    def plates(self) -> tuple[str, ...]:
        """Plates, in the order of the file."""
        return tuple(self.frame["plate"].unique(maintain_order=True).to_list())

    def rows(self) -> pl.DataFrame:
        """The table of wells."""
        return self.frame

    def __repr__(self) -> str:
        roles = self.frame["role"].value_counts()
        counted = ", ".join(f"{n} {role}" for role, n in sorted(roles.rows()))
        size = f"{len(self.plates)} plates, {len(self.patients)} patients, {len(self.drugs)} drugs"
        return f"Wells({size}: {counted})"


def convert_wells(wells: Wells, unit: str, *, molar_mass: Mapping[str, float] | None = None) -> Wells:
    """Express all doses in one unit, where that is exact.

    Parameters
    ----------
    wells : Wells
    unit : str
        µg/mL, µM...
    molar_mass : mapping of drug to float, optional
        g/mol; needed between mass and amount of substance.

    Returns
    -------
    Wells

    Raises
    ------
    InputError
        If there is no conversion, or a molar mass is missing; every drug concerned is named.
    """
    wanted, faults, factors = recognised(unit).name, [], []
    pairs = wells.frame.filter(pl.col("role") == "treated").select("drug", "unit").unique(maintain_order=True)
    for drug, given in pairs.rows():
        try:
            factors.append((drug, given, factor(given, wanted, (molar_mass or {}).get(drug))))
        except InputError as error:
            faults.append(f"{drug}: {error}")
    if faults:
        raise InputError(" ".join(faults))
    known = pl.DataFrame(
        factors, schema={"drug": pl.String, "unit": pl.String, "factor": pl.Float64}, orient="row"
    )
    frame = wells.frame.join(known, on=["drug", "unit"], how="left", maintain_order="left")
    frame = frame.with_columns(
        (pl.col("dose") * pl.col("factor")).alias("dose"),
        pl.when(pl.col("unit").is_not_null()).then(pl.lit(wanted)).alias("unit"),
    )
    return Wells(frame.select(*COLUMNS), wells.measured, (*wells.notes, f"Doses are converted to {wanted}."))
