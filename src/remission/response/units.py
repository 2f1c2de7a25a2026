"""Units of doses: recognised, never mixed, converted only where that is exact."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

from remission.core.problems import InputError

Family = Literal["mass", "amount", "activity"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of concentration.

    Attributes
    ----------
    name : str
        As it is printed.
    family : "mass", "amount" or "activity"
    size : float
        In µg/mL (mass), µM (amount), or itself (activity).
    """

    name: str
    family: Family
    size: float


UNITS: tuple[Unit, ...] = (
    Unit("mg/mL", "mass", 1e3),
    Unit("µg/mL", "mass", 1.0),
    Unit("ng/mL", "mass", 1e-3),
    Unit("pg/mL", "mass", 1e-6),
    Unit("mM", "amount", 1e3),
    Unit("µM", "amount", 1.0),
    Unit("nM", "amount", 1e-3),
    Unit("pM", "amount", 1e-6),
    Unit("IU/mL", "activity", 1.0),
    Unit("U/mL", "activity", 1.0),
)
_BY_NAME = {unit.name: unit for unit in UNITS}
_WORDS = {
    "mg/l": "µg/mL",
    "ug/l": "ng/mL",
    "g/l": "mg/mL",
    "mcg/ml": "µg/mL",
    "iu": "IU/mL",
    "mmol/l": "mM",
    "umol/l": "µM",
    "nmol/l": "nM",
    "pmol/l": "pM",
}


def unit(text: str) -> Unit:
    """Recognise a unit however it is written.

    U/mL and IU/mL are kept apart: whether the units of a product are international ones is for the user to
    say.

    Raises
    ------
    InputError
        If it is none of `UNITS`.

    Examples
    --------
    >>> unit("ug/ml").name, unit("uM").name, unit("IU/ml").name
    ('µg/mL', 'µM', 'IU/mL')
    """
    found = _key(text)
    name = _WORDS.get(found) or next((each.name for each in UNITS if _key(each.name) == found), None)
    if name is None or text.strip() in {"MM", "NM", "PM"}:
        known = ", ".join(each.name for each in UNITS)
        raise InputError(f'"{text}" is no unit of a dose that is known. Write one of {known}.')
    return _BY_NAME[name]


def factor(given: str, wanted: str, molar_mass: float | None = None) -> float:
    """Return what a dose in one unit is multiplied by to stand in another.

    Mass and amount of substance need the molar mass, in g/mol (1 µM of a drug of M g/mol is M/1000 µg/mL).
    Activity (IU/mL) converts to nothing else.

    Raises
    ------
    InputError
        If a unit is not known, no molar mass is given where one is needed, or there is no conversion.

    Examples
    --------
    >>> factor("µM", "nM"), round(factor("µM", "µg/mL", 360.44), 5)
    (1000.0, 0.36044)
    """
    here, there = unit(given), unit(wanted)
    if here.name == there.name:
        return 1.0
    if "activity" in {here.family, there.family}:
        raise InputError(
            f"{here.name} cannot be converted to {there.name}: units of activity are kept as they are."
        )
    if here.family == there.family:
        return _rounded(here.size / there.size)
    if molar_mass is None:
        raise InputError(f"{here.name} is converted to {there.name} only where the molar mass is given.")
    if not 0 < molar_mass < float("inf"):
        raise InputError(f"the molar mass must be a positive number in g/mol; it is {molar_mass}.")
    per_micromolar = molar_mass / 1000.0
    into_mass = here.family == "amount"
    return here.size / there.size * (per_micromolar if into_mass else 1.0 / per_micromolar)


def _rounded(ratio: float) -> float:
    """A power of ten, exactly."""
    return float(f"{ratio:.12g}")


def _key(text: str) -> str:
    """Lower case, micro as u, no blanks."""
    plain = unicodedata.normalize("NFKC", text).replace("μ", "u").replace("µ", "u")
    return "".join(plain.split()).casefold().removesuffix(".")
