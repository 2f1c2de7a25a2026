"""Stage 1: who the infants are, how treatment went and how the leukaemia answered to it.

Nothing here depends on what happens later, and what happens later depends on nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from remission.demo.draws import NEVER, Draws, Flags, Floats, Labels
from remission.demo.infant.model import GROUPS, Disease, Model, Treatment

MRD_POSITIVE = -4.0


@dataclass(frozen=True, slots=True, eq=False)
class Infants:
    """Arrays (infants,), in the order of the risk groups; days count from registration, infinity is never.

    `left` is the day an infant left the trial, `followed_on` whether it was seen afterwards, `judged` the day
    remission was judged after two courses, `planned` the day of transplantation if the infant is still in
    first remission by then. `mrd` is (infants, 3): log10 at the end of induction (TP1), at the end of early
    consolidation (TP2) and before transplantation or maintenance (TP3), whether or not it was `measured`.
    """

    group: Labels
    registered: Floats
    diagnosed: Floats
    age: Floats
    female: Flags
    cns: Flags
    wbc: Floats
    blasts: Floats
    partner: Labels
    failed: Flags
    left: Floats
    followed_on: Flags
    induction: Floats
    induction_ends: Floats
    consolidation: Floats
    judged: Floats
    reinduction: Floats
    intensification: Floats
    maintenance: Floats
    planned: Floats
    mrd: Floats
    measured: Flags

    @property
    def positive(self) -> Flags:
        """MRD of 1e-4 or more at TP2, measured or not."""
        return np.asarray(self.mrd[:, 1] >= MRD_POSITIVE)

    def of(self, *groups: str) -> Infants:
        """Those of one or more risk groups."""
        chosen = np.isin(self.group, groups)
        return Infants(*(getattr(self, each.name)[chosen] for each in fields(self)))


def draw_infants(model: Model) -> Infants:
    """Draw every infant of the trial."""
    draws = Draws(model.seeds.infants)
    group = np.repeat(GROUPS, [model.sizes[name] for name in GROUPS])
    n, disease = len(group), model.disease
    age, cns = _age_and_cns(model, group, draws)
    germline = group == "low"
    partner = np.where(germline, "none", draws.mixed(dict(disease.partners), n))
    span = (model.last_registration - model.first_registration).days
    registered = np.floor((span + 1) * draws.uniform(n))
    registered[:2] = 0, span
    failed, left = _failed_and_left(model, group, draws)
    induction, ends, consolidation, judged, reinduction, intensification, maintenance = _phases(
        model.treatment, n, draws
    )
    drawn = Infants(
        group=group,
        registered=registered[draws.order(n)],
        diagnosed=-np.floor(draws.exponential_within(3.0, 10.0, n)),
        age=age,
        female=_dealt(model.female, group, draws),
        cns=cns,
        wbc=np.round(_by_group(disease.wbc, group) * np.exp(disease.wbc_scale * draws.normal(n)), 1),
        blasts=np.round(_by_group(disease.blasts, group) * np.exp(disease.blasts_scale * draws.normal(n))),
        partner=partner,
        failed=failed,
        left=left,
        followed_on=(left == NEVER) | (draws.uniform(n) < model.followed_after_leaving),
        induction=induction,
        induction_ends=ends,
        consolidation=consolidation,
        judged=judged,
        reinduction=reinduction,
        intensification=intensification,
        maintenance=maintenance,
        planned=np.full(n, NEVER),
        mrd=np.full((n, 3), np.nan),
        measured=np.zeros((n, 3), dtype=bool),
    )
    planned = _planned(model, drawn, draws)
    mrd, measured = _mrd(disease, drawn, draws)
    return replace(drawn, planned=planned, mrd=mrd, measured=measured)


def _age_and_cns(model: Model, group: Labels, draws: Draws) -> tuple[Floats, Flags]:
    """Age in days and CNS leukaemia, such that the rule of the trial gives every infant its group.

    The limit is in the file: the youngest of intermediate risk is 180 days old, the oldest whom age alone
    puts at high risk 179.
    """
    disease, n = model.disease, len(group)
    high = np.flatnonzero(group == "high")
    by_cns = np.isin(np.arange(n), draws.pick(high, disease.high_by_cns_only))
    young = (group == "high") & ~by_cns
    low, up = np.where(
        group == "low",
        np.reshape(disease.age_of_low, (2, 1)),
        np.where(young, np.reshape(disease.age_below_180, (2, 1)), np.reshape(disease.age_from_180, (2, 1))),
    )
    age = np.floor(draws.between(low, up + 1, n))
    intermediate = np.flatnonzero(group == "intermediate")
    if len(intermediate):
        age[intermediate[np.argmin(age[intermediate])]] = 180
    if young.any():
        old = np.flatnonzero(young)
        age[old[np.argmax(age[old])]] = 179
    share = np.where(young, disease.cns_below_180, np.where(group == "low", disease.cns_of_low, 0.0))
    return age, by_cns | (draws.uniform(n) < share)


def _dealt(sizes: Mapping[str, int], group: Labels, draws: Draws) -> Flags:
    """Deal a yes to so many of each group."""
    chosen = [draws.pick(np.flatnonzero(group == name), sizes[name]) for name in GROUPS]
    return np.isin(np.arange(len(group)), np.concatenate(chosen))


def _failed_and_left(model: Model, group: Labels, draws: Draws) -> tuple[Flags, Floats]:
    """Who failed treatment, and on which day others left before remission was judged."""
    left = _dealt(model.left, group, draws)
    rest = np.where(left, "", group)
    failed = _dealt(model.failures, rest, draws)
    first, last = model.treatment.leaves_between
    return failed, np.where(left, np.floor(draws.between(first, last, len(group))), NEVER)


def _phases(treatment: Treatment, n: int, draws: Draws) -> tuple[Floats, ...]:
    """Draw when the phases begin, as if nothing intervened.

    Induction and its end, early consolidation, judgement of remission, re-induction, late intensification,
    maintenance.
    """

    def after(days: Floats, wait: tuple[float, float]) -> Floats:
        share, mean = treatment.long_delay
        delayed = np.where(draws.uniform(n) < share, draws.exponential(mean, n), 0.0)
        return np.floor(days + wait[0] + draws.exponential(wait[1], n) + delayed)

    first, last = treatment.induction_starts
    induction = np.floor(draws.between(first, last + 1, n))
    ends = np.floor(
        induction + treatment.induction_lasts[0] + draws.exponential(treatment.induction_lasts[1], n)
    )
    consolidation = after(ends, treatment.consolidation_waits)
    lasts = treatment.consolidation_lasts
    judged = np.floor(consolidation + lasts[0] + draws.exponential(lasts[1], n))
    reinduction = after(judged, treatment.reinduction_waits)
    intensification = after(reinduction, treatment.intensification_waits)
    maintenance = after(intensification, treatment.maintenance_waits)
    return induction, ends, consolidation, judged, reinduction, intensification, maintenance


def _planned(model: Model, infants: Infants, draws: Draws) -> Floats:
    """Day of transplantation in first remission: most of high risk, and a few it was not meant for."""
    n, treatment = len(infants.group), model.treatment
    waits = treatment.transplant_waits
    day = np.floor(infants.intensification + waits[0] + draws.exponential(waits[1], n))
    meant = (infants.group == "high") & (draws.uniform(n) >= treatment.no_transplant)
    stays = infants.left == NEVER
    others = np.flatnonzero((infants.group == "intermediate") & stays)
    against = np.isin(np.arange(n), draws.pick(others, treatment.transplant_not_indicated))
    return np.where((meant | against) & stays & ~infants.failed, day, NEVER)


def _mrd(disease: Disease, infants: Infants, draws: Draws) -> tuple[Floats, Flags]:
    """MRD at three time points: falling, but hardly where treatment failed; and whether it was measured."""
    n = len(infants.group)
    scale, fall = disease.log10_mrd_scale, disease.log10_mrd_fall_scale
    first = _by_group(disease.log10_mrd_tp1, infants.group) + scale * draws.normal(n)
    second = first - np.maximum(disease.log10_mrd_falls_to_tp2 + fall * draws.normal(n), 0.0)
    third = second - np.maximum(disease.log10_mrd_falls_to_tp3 + fall * draws.normal(n), 0.0)
    failed = infants.failed
    first = np.where(failed, np.maximum(first, -1.5), first)
    second = np.where(failed, np.maximum(second, -1.2), second)
    values = np.minimum(np.column_stack([first, second, third]), -0.05)
    missing = np.column_stack([draws.uniform(n) < disease.missing_mrd for _ in range(3)])
    days = np.column_stack([infants.induction_ends, infants.judged, infants.judged])
    missing |= days > infants.left[:, None]
    missing[:, 2] |= failed
    return values, ~missing


def _by_group(values: Mapping[str, float], group: Labels) -> Floats:
    return np.array([values[str(name)] for name in group])
