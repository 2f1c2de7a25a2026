"""The declared model of the drug-resistance cohorts: 173 children to learn from, 98 to confirm.

Nothing here was measured on a patient, and no gene of it exists. The sizes (173 and 98 patients; 33, 40, 35
and 20 genes, 124 different ones) are those of Holleman, N Engl J Med 2004. Everything else is invented, in
the range of what is known of childhood leukaemia, so that what is found can be held against what was planted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Drug:
    """One drug: how resistance to it is spread, and how it is tested.

    Attributes
    ----------
    name, unit : str
    centre, spread : float
        Mean and standard deviation of log10 LC50 in all children.
    doses : tuple of float
        Tested concentrations, in `unit`.
    slope : float
        Of the logistic curve on the log dose.
    genes : int
        How many genes go with resistance to it.
    relapse : float
        Log hazard ratio of relapse for one standard deviation of resistance.
    """

    name: str
    unit: str
    centre: float
    spread: float
    doses: tuple[float, ...]
    slope: float
    genes: int
    relapse: float


@dataclass(frozen=True, slots=True)
class Subtype:
    """A genetic subtype: its share of the children, and how far it shifts resistance to each drug."""

    share: float
    shift: tuple[float, float, float, float]
    relapse: float


DRUGS = (
    Drug(
        name="prednisolone",
        unit="µg/mL",
        centre=0.45,
        spread=1.9,
        doses=(0.008, 0.063, 0.5, 4.0, 31.0, 250.0),
        slope=0.9,
        genes=33,
        relapse=0.40,
    ),
    Drug(
        name="vincristine",
        unit="µg/mL",
        centre=-0.10,
        spread=0.60,
        doses=(0.05, 0.2, 0.8, 3.1, 12.5, 50.0),
        slope=1.3,
        genes=40,
        relapse=0.25,
    ),
    Drug(
        name="asparaginase",
        unit="IU/mL",
        centre=-0.70,
        spread=0.90,
        doses=(0.003, 0.016, 0.08, 0.4, 2.0, 10.0),
        slope=1.2,
        genes=35,
        relapse=0.30,
    ),
    Drug(
        name="daunorubicin",
        unit="µg/mL",
        centre=-1.03,
        spread=0.28,
        doses=(0.002, 0.008, 0.03, 0.12, 0.5, 2.0),
        slope=2.0,
        genes=20,
        relapse=0.20,
    ),
)


@dataclass(frozen=True, slots=True)
class Model:
    """Everything the simulation assumes.

    `together` is the correlation of resistance between drugs, in the order of `drugs`, beyond subtypes.
    The planted genes of a drug follow a programme of the cell that goes with resistance: `told` is their
    correlation, so that however many genes are read, resistance is known only so far. `strength` is the slope
    of a gene on the programme, in standard deviations of the gene's noise: each draws its own between the two
    ends.
    """

    discovery: int = 173
    validation: int = 98
    genes: int = 12_000
    drugs: tuple[Drug, ...] = DRUGS
    together: tuple[tuple[float, ...], ...] = (
        (1.00, 0.45, 0.40, 0.35),
        (0.45, 1.00, 0.35, 0.46),
        (0.40, 0.35, 1.00, 0.40),
        (0.35, 0.46, 0.40, 1.00),
    )
    subtypes: Mapping[str, Subtype] = field(
        default_factory=lambda: {
            "ETV6::RUNX1": Subtype(0.25, (-0.1, -0.1, -0.5, -0.2), -0.4),
            "high hyperdiploid": Subtype(0.28, (-0.2, 0.1, -0.3, 0.0), -0.2),
            "TCF3::PBX1": Subtype(0.05, (0.0, -0.1, 0.2, -0.2), 0.0),
            "BCR::ABL1": Subtype(0.04, (0.5, 0.2, 0.3, 0.2), 0.8),
            "KMT2A-rearranged": Subtype(0.04, (0.7, 0.1, 0.8, 0.0), 0.7),
            "other": Subtype(0.34, (0.1, 0.0, 0.2, 0.1), 0.1),
        }
    )
    told: float = 0.65
    strength: tuple[float, float] = (0.8, 1.4)
    subtype_genes: int = 60
    modules: int = 24
    module_share: float = 0.35
    level: tuple[float, float] = (7.2, 1.9)
    noise: tuple[float, float] = (0.25, 0.70)

    absent_in_validation: float = 0.04
    platform_shift: float = 0.35
    platform_stretch: tuple[float, float] = (0.85, 1.15)

    not_tested: float = 0.08
    well_noise: float = 0.07
    control_signal: tuple[float, float] = (0.35, 1.1)
    blank_signal: float = 0.052
    weak_plates: int = 3
    few_blasts: int = 2

    median_age: float = 4.8
    age_spread: float = 0.65
    median_white_cells: float = 14.0
    white_cell_spread: float = 1.3
    boys: float = 0.56
    first_diagnosis: date = date(1991, 1, 7)
    last_diagnosis: date = date(1999, 12, 20)
    data_cut: date = date(2004, 6, 30)
    relapse_at_5_years: float = 0.24
    white_cells_doubled: float = 0.15
    ten_years_or_older: float = 0.5
    years_until_rare: float = 1.9
    death_in_remission: float = 0.03
    death_after_relapse_per_year: float = 0.45
    cured_after_relapse: float = 0.4
    lost_per_year: float = 0.02
    seed: int = 2004
