"""The children: subtype, age, white cells, resistance to each drug, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from remission.demo.draws import NEVER, YEAR, Draws, Flags, Floats, Labels
from remission.demo.drug.model import Model
from remission.demo.rows import on


@dataclass(frozen=True, slots=True, eq=False)
class Children:
    """Arrays (patients,) but `resistance` (patients, drugs), in standard deviations from the mean of all.

    Times are days from diagnosis; infinity is never.
    """

    ids: tuple[str, ...]
    subtype: Labels
    boy: Flags
    age: Floats
    white_cells: Floats
    resistance: Floats
    diagnosed: tuple[date, ...]
    relapse: Floats
    death: Floats
    followed: Floats


def draw_children(model: Model, n: int, prefix: str, draws: Draws) -> Children:
    """Draw n children of one cohort; `prefix` begins their ids."""
    shares = {name: each.share for name, each in model.subtypes.items()}
    subtype = draws.mixed(shares, n)
    shift = np.array([model.subtypes[str(name)].shift for name in subtype])
    independent = np.column_stack([draws.normal(n) for _ in model.drugs])
    resistance = shift + independent @ np.linalg.cholesky(np.array(model.together)).T
    age = np.clip(model.median_age * np.exp(model.age_spread * draws.normal(n)), 1.0, 17.9)
    white = np.clip(model.median_white_cells * np.exp(model.white_cell_spread * draws.normal(n)), 0.6, 600.0)
    boy = draws.uniform(n) < model.boys
    span = (model.last_diagnosis - model.first_diagnosis).days
    diagnosed = tuple(
        model.first_diagnosis + timedelta(days=int(d)) for d in np.sort(span * draws.uniform(n))
    )
    relapse, death = _course(model, subtype, age, white, resistance, draws)
    left = np.array([(model.data_cut - day).days for day in diagnosed], float)
    followed = np.floor(np.minimum(left, 200 + draws.exponential(YEAR / model.lost_per_year, n)))
    ids = tuple(f"{prefix}{number:03d}" for number in range(1, n + 1))
    return Children(ids, subtype, boy, age, white, resistance, diagnosed, relapse, death, followed)


def log_hazard(model: Model, subtype: Labels, age: Floats, white: Floats, resistance: Floats) -> Floats:
    """The planted log hazard of relapse: resistance to the drugs, subtype, age and white cells."""
    known = np.array([model.subtypes[str(name)].relapse for name in subtype])
    known = known + model.white_cells_doubled * np.log2(white / model.median_white_cells)
    known = known + model.ten_years_or_older * (age >= 10)
    return np.asarray(known + resistance @ np.array([drug.relapse for drug in model.drugs]))


def _course(
    model: Model,
    subtype: Labels,
    age: Floats,
    white: Floats,
    resistance: Floats,
    draws: Draws,
) -> tuple[Floats, Floats]:
    """Relapse and death: the hazard of relapse fades, so that those who stay free of it are cured.

    The cumulative hazard is H(t) = c r (1 - exp(-t / years_until_rare)), r the relative hazard, and c is set
    for the share of relapses within 5 years that the model declares.
    """
    n = len(age)
    relative = np.exp(log_hazard(model, subtype, age, white, resistance))
    faded = 1 - np.exp(-5 / model.years_until_rare)
    scale = _scale(relative * faded, model.relapse_at_5_years)
    needed = draws.exponential(1.0, n) / (scale * relative)
    years = -model.years_until_rare * np.log1p(-np.minimum(needed, 1 - 1e-12))
    relapse = np.where(needed < 1, np.floor(60 + YEAR * years), NEVER)
    in_remission = np.where(
        draws.uniform(n) < model.death_in_remission, np.floor(30 + draws.exponential(300.0, n)), NEVER
    )
    afterwards = np.floor(relapse + 20 + draws.exponential(YEAR / model.death_after_relapse_per_year, n))
    after = np.where(draws.uniform(n) < model.cured_after_relapse, NEVER, afterwards)
    relapse = np.where(in_remission <= relapse, NEVER, relapse)
    return relapse, np.where(np.isfinite(in_remission) & ~np.isfinite(relapse), in_remission, after)


def _scale(relative: Floats, share: float) -> float:
    """Baseline that gives this share of relapses: solved by bisection."""
    low, high = 1e-6, 1e3
    for _ in range(200):
        middle = np.sqrt(low * high)
        if np.mean(1 - np.exp(-middle * relative)) < share:
            low = middle
        else:
            high = middle
    return float(np.sqrt(low * high))


def patients_csv(children: Children) -> bytes:
    """The sheet of patients: dates as a registry keeps them, nothing of the planted truth."""
    names = "patient,sex,age,white_cells,lineage,subtype,diagnosis_date,relapse_date,death_date,last_contact"
    lines = [names]
    for i, day in enumerate(children.diagnosed):
        end = min(children.death[i], children.followed[i])
        relapse = children.relapse[i] if children.relapse[i] <= end else NEVER
        death = children.death[i] if children.death[i] <= children.followed[i] else NEVER
        cells = (
            children.ids[i],
            "male" if children.boy[i] else "female",
            f"{children.age[i]:.1f}",
            f"{children.white_cells[i]:.1f}",
            "B",
            str(children.subtype[i]),
            day.isoformat(),
            on(day, relapse),
            on(day, death),
            on(day, end),
        )
        lines.append(",".join(cells))
    return ("\n".join(lines) + "\n").encode("utf-8")
