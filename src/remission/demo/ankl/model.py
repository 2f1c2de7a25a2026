"""The declared model of the bundled cohort: simulated transplants for aggressive NK-cell leukaemia.

Nothing here was measured on a patient. The counts and percentages are those published for the Japanese
registry cohort (Fujimoto, Bone Marrow Transplant 2021), or follow from them by arithmetic; the rates are
assumptions in the range of what is known of the disease (CIBMTR 2017: n = 21; Ishida 2012: n = 34).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Seeds:
    """One seed per stage, each found by `remission.demo.ankl.calibrate` given the stages before it."""

    late: int
    survivors: int
    courses: int
    early: int
    details: int


@dataclass(frozen=True, slots=True)
class Details:
    """What the published abstract does not tell and no figure is calibrated to: plausible, no more.

    Days are means of what is added to the first possible day.
    """

    age_centre: float = 37.0
    age_scale: float = 8.0
    age_range: tuple[float, float] = (15.0, 66.0)
    days_from_diagnosis: tuple[float, float] = (60.0, 90.0)
    asparaginase_before_2006: float = 0.3
    asparaginase_since_2006: float = 0.75
    ecog_responders: Mapping[str, float] = field(
        default_factory=lambda: {"0": 0.45, "1": 0.43, "2": 0.09, "3": 0.03}
    )
    ecog_no_response: Mapping[str, float] = field(
        default_factory=lambda: {"0": 0.20, "1": 0.40, "2": 0.25, "3": 0.15}
    )
    myeloablative_under_50: float = 0.7
    myeloablative_from_50: float = 0.25
    mismatches_cord_blood: Mapping[str, float] = field(
        default_factory=lambda: {"0": 0.08, "1": 0.27, "2": 0.65}
    )
    mismatches_other: Mapping[str, float] = field(default_factory=lambda: {"0": 0.65, "1": 0.25, "2": 0.10})
    related_bone_marrow: float = 0.35
    related_peripheral_blood: float = 0.75
    recovers: float = 0.92
    recovery_cord_blood: tuple[float, float] = (15.0, 7.0)
    recovery_other: tuple[float, float] = (11.0, 4.0)
    acute_gvhd: float = 0.5
    acute_gvhd_day: tuple[float, float] = (12.0, 20.0)
    acute_gvhd_grades: Mapping[str, float] = field(default_factory=lambda: {"2": 0.6, "3": 0.3, "4": 0.1})
    acute_gvhd_grade_below_2: Mapping[str, float] = field(default_factory=lambda: {"0": 0.7, "1": 0.3})
    chronic_gvhd: float = 0.55
    chronic_gvhd_day: tuple[float, float] = (100.0, 90.0)
    chronic_gvhd_extensive: float = 0.55
    died_of_leukaemia_after_relapse: float = 0.9


@dataclass(frozen=True, slots=True)
class Model:
    """Everything the simulation assumes.

    **Fixed counts.** Published, or implied by what is published: 33.9 % alive at 1 year is 20 of 59 with
    nobody lost before; non-relapse mortality of 12.1 % is 7 of 58, so the relapse status of one patient is
    unknown; relapse of 55.5 % with 7 of 58 needs 32 relapses and one patient no longer followed for
    relapse from the time 22 or 23 others were still at risk. 32.0 % at 5 years needs 15 patients with
    induction failure and remission afterwards.

    **Drawn.** Who survives, when each thing happens and everything else.
    """

    grafts: Mapping[str, int] = field(default_factory=lambda: {"CB": 29, "PB": 18, "BM": 12})
    responses: Mapping[str, int] = field(default_factory=lambda: {"CR": 21, "PR": 7, "NR": 31})
    men: int = 40
    induction_failures: int = 25
    remissions_after_failure: int = 15
    alive_at_1_year: int = 20
    non_relapse_deaths: int = 7

    first_transplant: date = date(1997, 3, 1)
    first_cord_blood: date = date(2000, 1, 1)
    last_transplant: date = date(2016, 12, 20)
    data_cut: date = date(2017, 12, 31)
    accrual_shape: float = 1.6

    hazard_no_response: float = 1.8
    hazard_not_cord_blood: float = 2.0
    days_to_relapse: float = 110.0
    days_to_non_relapse_death: float = 80.0
    days_from_relapse_to_death: float = 45.0
    years_from_1_year_relapse_survivor: float = 1.0
    late_deaths_per_year: float = 0.04
    late_deaths_by_relapse: float = 0.5
    lost_per_year: float = 0.07
    disease_follow_up_ends: tuple[float, float] = (90.0, 240.0)
    remission_seen: tuple[float, float] = (24.0, 85.0)

    others: tuple[Mapping[str, str], ...] = (
        {
            "diagnosis": "ANKL",
            "transplant_number": "2",
            "donor": "unrelated",
            "graft": "CB",
            "response": "NR",
        },
        {"diagnosis": "ANKL", "transplant_number": "2", "donor": "related", "graft": "PB", "response": "NE"},
        {
            "diagnosis": "ANKL",
            "transplant_number": "2",
            "donor": "unrelated",
            "graft": "CB",
            "response": "CR",
        },
        {
            "diagnosis": "ANKL",
            "transplant_number": "1",
            "donor": "autologous",
            "graft": "PB",
            "response": "CR",
        },
        {
            "diagnosis": "ANKL",
            "transplant_number": "1",
            "donor": "autologous",
            "graft": "PB",
            "response": "PR",
        },
        {"diagnosis": "ENKTL", "transplant_number": "1", "donor": "related", "graft": "PB", "response": "CR"},
        {
            "diagnosis": "ENKTL",
            "transplant_number": "1",
            "donor": "unrelated",
            "graft": "BM",
            "response": "PR",
        },
    )
    details: Details = field(default_factory=Details)
    seeds: Seeds = Seeds(late=10951, survivors=1885, courses=19263, early=141880, details=13)

    @property
    def relapses(self) -> int:
        """Relapses or progressions in the first year: in all who die of it then, and in one more."""
        of_unknown_status, alive_after_relapse = 1, 1
        others = self.alive_at_1_year + self.non_relapse_deaths + of_unknown_status
        return self.patients - others + alive_after_relapse

    @property
    def patients(self) -> int:
        """First allogeneic transplants for the disease."""
        return sum(self.grafts.values())


ANKL = Model()
