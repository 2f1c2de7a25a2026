"""All ways of counting in one table: their rows, why the naive one is wrong, and what each does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from remission.core.clock import Clock, Duration, parse_duration
from remission.estimate.logrank import logrank
from remission.study.kinds.model_fit import Recipe
from remission.study.kinds.model_forest import ratio_axis
from remission.study.kinds.model_terms import ModelTerm
from remission.study.kinds.risk_rows import RiskRows
from remission.study.kinds.rows import Record, rows_from
from remission.study.kinds.statuses import as_outcome
from remission.study.kinds.transplant_fits import Effect, Way, effect_of, transplant_term
from remission.study.kinds.transplant_options import MEDIAN_WAIT
from remission.study.kinds.transplant_patients import (
    NO,
    YES,
    Patients,
    statuses_of,
)
from remission.study.kinds.transplant_ways import landmark_rows, moving_rows, naive_rows, waiting_rows
from remission.study.results import Fact, Output

WITHOUT_RATIO = "Mantel-Byar"


@dataclass(frozen=True, slots=True, eq=False)
class Counting:
    """One endpoint and how it shall be counted.

    Attributes
    ----------
    found : Patients
    adjust : tuple of ModelTerm
    recipe : Recipe
    clock : Clock
    landmarks : tuple of str
        As written, "median waiting time" among them.
    waiting : str or None
    risk, donor : str or None
        Columns known at the start.
    """

    found: Patients
    adjust: tuple[ModelTerm, ...]
    recipe: Recipe
    clock: Clock
    landmarks: tuple[str, ...]
    waiting: str | None
    risk: str | None
    donor: str | None

    @property
    def waiting_time(self) -> str | None:
        """The waiting time asked for; the median where a landmark is it, and nothing else is said."""
        return self.waiting or (MEDIAN_WAIT if MEDIAN_WAIT in self.landmarks else None)

    @property
    def asks_median(self) -> bool:
        """Whether the median waiting time of the transplanted is used."""
        return MEDIAN_WAIT in (*self.landmarks, self.waiting)

    def time(self, text: str) -> tuple[str, float]:
        """A time as printed, and in days; the median is NaN where nobody was transplanted."""
        if text != MEDIAN_WAIT:
            return text, self.clock.days(parse_duration(text))
        days = self.found.median_wait
        return f"{Duration(round(days, 1), 'days')} (median wait)", days


def every_way(counting: Counting) -> list[Effect]:
    """Count in every way that was asked for, plain first, then adjusted."""
    found, recipe = counting.found, counting.recipe
    term = transplant_term(found)
    moving = moving_rows(found)
    effects = [effect_of("naive", naive_rows(found), [term], recipe, recipe.confidence)]
    effects += _both(counting, "time-dependent", moving)
    if counting.risk is not None:
        within = replace(recipe, stratum=counting.risk)
        others = [each for each in counting.adjust if counting.risk not in each.columns]
        comparable = np.isin(moving.columns[counting.risk], _with_both(found, counting.risk))
        effects += _both(counting, "within risk", moving.only(comparable), within, others)
    for text in counting.landmarks:
        written, days = counting.time(text)
        if np.isfinite(days):
            effects += _both(counting, "landmark", landmark_rows(found, days), at=written)
    if counting.waiting_time is not None:
        written, days = counting.time(counting.waiting_time)
        if np.isfinite(days):
            effects += _both(counting, "waiting time", waiting_rows(found, days), at=written)
    if counting.donor is not None:
        effects += _both(counting, "donor", _donor_rows(found, counting.donor), without=(counting.donor,))
    return effects


def _with_both(found: Patients, risk: str) -> NDArray[np.object_]:
    """Risk groups with patients transplanted and patients never transplanted: the only ones to learn from."""
    values = found.columns[risk]
    both = [
        level
        for level in dict.fromkeys(value for value in values if value is not None)
        if found.ever[values == level].any() and not found.ever[values == level].all()
    ]
    return np.array(both, dtype=object)


def _donor_rows(found: Patients, donor: str) -> RiskRows:
    """Donor against no donor from the start, whoever was transplanted."""
    rows = naive_rows(found)
    return replace(rows, columns={**rows.columns, found.by: rows.columns[donor]})


def _both(
    counting: Counting,
    way: Way,
    rows: RiskRows,
    recipe: Recipe | None = None,
    others: Sequence[ModelTerm] | None = None,
    *,
    at: str | None = None,
    without: Sequence[str] = (),
) -> list[Effect]:
    """Plain, and adjusted where there is something to adjust for."""
    used, term = recipe or counting.recipe, transplant_term(counting.found)
    adjust = [
        each
        for each in (counting.adjust if others is None else others)
        if not set(each.columns) & set(without)
    ]
    found = [effect_of(way, rows, [term], used, used.confidence, at=at)]
    if adjust:
        found.append(effect_of(way, rows, [term, *adjust], used, used.confidence, at=at))
    return found


def mantel_byar_record(counting: Counting) -> tuple[Record, dict[str, Fact]] | None:
    """Row and facts of the Mantel-Byar test; None where only one status has patients."""
    rows = moving_rows(counting.found)
    status = rows.columns[counting.found.by]
    levels = tuple(level for level in (NO, YES) if bool((status == level).any()))
    if len(levels) < 2:
        return None
    competing = len(counting.found.outcome.causes) > 1
    table = as_outcome(rows).table(group=list(status), levels=levels)
    test = logrank(table, cause=counting.recipe.cause if competing else None)
    counts = {"at_risk": rows.patients(), "events": rows.events(counting.recipe.cause)}
    known = {"statistic": test.statistic, "df": test.df, "p": test.p} if test.computable else {}
    effect = Effect("Mantel-Byar", adjusted=False, at=None, rows=rows, model=None, ratios=None)
    record = {"level": effect.level, "measure": WITHOUT_RATIO, **counts, **known}
    place = {YES: levels.index(YES), NO: levels.index(NO)}
    expected = {
        f"{word}_expected": float(test.expected[place[side]]) for side, word in ((YES, "yes"), (NO, "no"))
    }
    return record, {**effect.facts(counting.found.by, counting.recipe.cause), **expected}


def ways_output(counting: Counting, effects: Sequence[Effect], facts: dict[str, Fact]) -> Output:
    """The table and forest of all ways; the test after the plain time-dependent ratio it belongs to."""
    found, recipe = counting.found, counting.recipe
    tested = mantel_byar_record(counting)
    records: list[Record] = []
    listed: list[Fact] = []
    for effect in effects:
        records.append(effect.record(found.by, recipe.cause, recipe.confidence))
        listed.append(effect.facts(found.by, recipe.cause))
        if effect.way == "time-dependent" and not effect.adjusted and tested is not None:
            records.append(tested[0])
            listed.append(tested[1])
    rows = rows_from(records)
    more: dict[str, Fact] = {
        **facts,
        "ways": tuple(listed),
        "adjusted_for": tuple(term.label for term in counting.adjust),
        "groups": (NO, YES),
        "donor_label": counting.donor,
        **ratio_axis(rows),
    }
    return Output("transplant_effect", rows, more)


def person_time_output(counting: Counting, facts: dict[str, Fact]) -> Output:
    """Time at risk and events by status, in the display unit; the rate is per year."""
    year = counting.clock.days_per_year
    records: list[Record] = [
        {
            "measure": "person-time",
            "group": status.name,
            "at_risk": status.patients,
            "events": status.events,
            "time": status.days / year,
            "unit": "years",
            "estimate": status.events / (status.days / year) if status.days > 0 else None,
        }
        for status in statuses_of(counting.found)
    ]
    return Output("transplant_time", rows_from(records), facts)
