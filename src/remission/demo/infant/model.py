"""The declared model of the bundled trial: simulated infants with leukaemia, treated by risk group.

Nothing here was measured on a patient. The numbers of infants, of remissions and of those who left early are
those published for the Japanese trial MLL-10 (Tomizawa, Blood 2020;136:1813-23 and 2019;134(Suppl 1):2626);
every effect, rate, day and share is an assumption. `Effects` holds the true values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

GROUPS = ("low", "intermediate", "high")


@dataclass(frozen=True, slots=True)
class Seeds:
    """One seed per stage, each found by `remission.demo.infant.calibrate` given the stages before it."""

    infants: int
    low: int
    intermediate: int
    high: int
    survival: int
    details: int


@dataclass(frozen=True, slots=True)
class Effects:
    """The true values: what an analysis of endlessly many such infants would find.

    The hazard of relapse in remission is a baseline times these ratios. Its cumulative baseline, from the day
    remission was established, is `relapse` (1 - exp(-t / `relapse_days`)): relapses become rare with time.
    Nothing else changes relapse: neither white cells, nor age, CNS leukaemia, partner gene or the response to
    prednisone within a risk group.
    """

    relapse: float = 0.21
    relapse_days: float = 330.0
    high: float = 1.0
    intermediate: float = 0.12
    low: float = 0.18
    female: float = 2.2
    mrd: float = 2.6
    """MRD of 1e-4 or more at the end of early consolidation (TP2)."""
    transplant: float = 0.7
    """From the day of transplantation in first remission on."""
    death_after_transplant: float = 0.06
    """Cumulative hazard of death in remission that transplantation adds, within about a year."""
    death_after_transplant_days: float = 110.0
    death_in_remission: float = 0.015
    """Cumulative hazard without transplantation, most of it in the first two years."""
    death_in_remission_days: float = 330.0
    second_malignancy_per_year: float = 0.004
    death_after_relapse: float = 0.75
    """Cumulative hazard of death after relapse or treatment failure, most of it within two years."""
    death_after_relapse_days: float = 420.0
    death_after_second_malignancy_per_year: float = 0.15
    death_after_leaving_per_year: float = 0.04


@dataclass(frozen=True, slots=True)
class Treatment:
    """When treatment was given and response judged, in days; means are of what is added to the first."""

    induction_starts: tuple[float, float] = (0.0, 3.0)
    """First and last day after registration."""
    induction_lasts: tuple[float, float] = (33.0, 5.0)
    consolidation_waits: tuple[float, float] = (2.0, 5.0)
    """From the end of induction to early consolidation; first day and mean."""
    consolidation_lasts: tuple[float, float] = (36.0, 6.0)
    """From its start to the day remission is judged, after two courses."""
    reinduction_waits: tuple[float, float] = (3.0, 6.0)
    intensification_waits: tuple[float, float] = (32.0, 7.0)
    """From the start of re-induction to the start of late intensification."""
    maintenance_waits: tuple[float, float] = (56.0, 12.0)
    long_delay: tuple[float, float] = (0.05, 35.0)
    """Share of phases delayed much longer, by infection for instance, and by how many days on average."""
    transplant_waits: tuple[float, float] = (28.0, 30.0)
    """From the start of late intensification to transplantation."""
    no_transplant: float = 0.18
    """Share of the high-risk infants without a donor or whose parents decline."""
    transplant_not_indicated: int = 1
    """Intermediate-risk infants transplanted in first remission against protocol."""
    transplant_after_relapse: float = 0.55
    transplant_after_relapse_waits: tuple[float, float] = (60.0, 60.0)
    remission_after_course_1: tuple[float, float] = (0.72, 0.93)
    """Share in remission after induction, with MRD of 1e-4 or more at TP2 and with less."""
    skips_intensification: float = 0.03
    leaves_between: tuple[float, float] = (12.0, 66.0)


@dataclass(frozen=True, slots=True)
class Disease:
    """What is found at diagnosis and in response to treatment: plausible, no more."""

    age_of_low: tuple[float, float] = (25.0, 364.0)
    age_below_180: tuple[float, float] = (4.0, 179.0)
    age_from_180: tuple[float, float] = (180.0, 362.0)
    high_by_cns_only: int = 10
    """High-risk infants of 180 days or older: their CNS leukaemia decides."""
    cns_below_180: float = 0.16
    cns_of_low: float = 0.1
    wbc: Mapping[str, float] = field(
        default_factory=lambda: {"low": 42.0, "intermediate": 95.0, "high": 210.0}
    )
    """Median white cells, 10^9/L."""
    wbc_scale: float = 0.95
    blasts: Mapping[str, float] = field(
        default_factory=lambda: {"low": 60.0, "intermediate": 110.0, "high": 260.0}
    )
    """Median blasts per microlitre of blood on day 8."""
    blasts_scale: float = 1.6
    partners: Mapping[str, float] = field(
        default_factory=lambda: {"AFF1": 0.5, "MLLT1": 0.2, "MLLT3": 0.12, "MLLT10": 0.07, "other": 0.11}
    )
    log10_mrd_tp1: Mapping[str, float] = field(
        default_factory=lambda: {"low": -4.5, "intermediate": -4.1, "high": -3.4}
    )
    """Median MRD at the end of induction."""
    log10_mrd_scale: float = 1.1
    log10_mrd_falls_to_tp2: float = 0.95
    log10_mrd_falls_to_tp3: float = 0.8
    log10_mrd_fall_scale: float = 0.45
    missing_mrd: float = 0.1
    sites: Mapping[str, float] = field(
        default_factory=lambda: {"BM": 0.62, "CNS": 0.14, "BM+CNS": 0.14, "other": 0.10}
    )
    died_of_leukaemia_after_relapse: float = 0.85
    missing_wbc: int = 2
    missing_blasts: int = 5
    missing_partner: int = 3


@dataclass(frozen=True, slots=True)
class Model:
    """Everything the simulation assumes."""

    sizes: Mapping[str, int] = field(default_factory=lambda: {"low": 15, "intermediate": 19, "high": 56})
    female: Mapping[str, int] = field(default_factory=lambda: {"low": 7, "intermediate": 10, "high": 29})
    failures: Mapping[str, int] = field(default_factory=lambda: {"low": 0, "intermediate": 0, "high": 3})
    left: Mapping[str, int] = field(default_factory=lambda: {"low": 0, "intermediate": 1, "high": 4})
    """Left the trial before remission was judged. The published figures are 14 of 15, 17 of 18 and 30 of 53:
    so nobody of low risk was lost that early, one of intermediate and three of high risk.
    """
    followed_after_leaving: float = 0.3
    """Share of those who left in whom leukaemia was still looked for: they fare like others without
    transplantation. Of the others only survival is known.
    """
    first_registration: date = date(2011, 1, 11)
    last_registration: date = date(2014, 12, 19)
    data_cut: date = date(2019, 3, 31)
    lost_per_year: float = 0.012
    lost_after_relapse_per_year: float = 0.06

    others: tuple[Mapping[str, str], ...] = (
        {"diagnosis": "ALL", "age": "371", "sex": "F", "kmt2a": "R", "wbc": "61.0"},
        {"diagnosis": "ALL", "age": "366", "sex": "M", "kmt2a": "G", "wbc": "12.4"},
        {"diagnosis": "MPAL", "sex": "M", "kmt2a": "R", "wbc": "143.0"},
        {"diagnosis": "ALL", "sex": "F", "kmt2a": "", "wbc": "88.2"},
    )
    """Children in the file who are not part of the trial."""

    effects: Effects = field(default_factory=Effects)
    treatment: Treatment = field(default_factory=Treatment)
    disease: Disease = field(default_factory=Disease)
    seeds: Seeds = Seeds(infants=0, low=7, intermediate=16, high=14580, survival=7, details=0)

    @property
    def infants(self) -> int:
        """All infants of the trial."""
        return sum(self.sizes.values())


INFANT = Model()
