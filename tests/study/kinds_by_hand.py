"""Cohorts, outcomes and contexts put together by hand, for the tests of the analysis kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from remission.cohort.cohort import Cohort, Source
from remission.cohort.column import Baseline, Column, KnownLater, KnownOn
from remission.cohort.outcome import Outcome
from remission.core.clock import Clock
from remission.study.kind import Context, Kind
from remission.study.results import Analysis, Output, Statement

BASELINE = Baseline()


def cohort_of(
    data: Mapping[str, Sequence[Any]],
    columns: Sequence[Column],
    *,
    clock: Clock | None = None,
    time_zero: str | None = None,
) -> Cohort:
    """A cohort from plain lists; ids are 1, 2, ... unless given."""
    size = len(next(iter(data.values())))
    values = {"id": [str(number + 1) for number in range(size)], **data}
    types = {
        "number": pl.Float64,
        "category": pl.String,
        "yes/no": pl.Boolean,
        "date": pl.Date,
        "text": pl.String,
    }
    declared = {"id": Column("id", "text", known_at=BASELINE), **{column.name: column for column in columns}}
    frame = pl.DataFrame(
        [pl.Series(name, values[name], dtype=types[column.kind]) for name, column in declared.items()]
    )
    source = Source("by-hand.csv", "0" * 64, size)
    return Cohort(
        frame, declared, "id", time_zero, clock or Clock(), source, time_zero_label="transplantation"
    )


def outcome_of(
    time: Sequence[float],
    event: Sequence[str | None],
    *,
    endpoint: str = "os",
    label: str = "Overall survival",
    causes: Sequence[str] = ("death",),
    measure: str | None = None,
    entry: Sequence[float] | None = None,
    rows: Sequence[int] | None = None,
) -> Outcome:
    """An outcome in days from the cohort's time zero."""
    size = len(time)
    return Outcome(
        endpoint=endpoint,
        label=label,
        measure=measure or ("survival" if len(causes) == 1 else "incidence"),  # type: ignore[arg-type]
        cause=causes[0],
        causes=tuple(causes),
        rows=np.arange(size, dtype=np.int64) if rows is None else np.asarray(rows, dtype=np.int64),
        time=np.asarray(time, dtype=float),
        event=np.array(list(event), dtype=object),
        entry=None if entry is None else np.asarray(entry, dtype=float),
        time_zero="transplantation",
        starts_at_cohort_zero=True,
        flow=(),
        definition="by hand",
        offset=np.zeros(size),
    )


def context_of(cohort: Cohort, *outcomes: Outcome, **changes: Any) -> Context:
    """A context with the usual settings."""
    settings = {"confidence": 0.95, "interval": "log-log", "variance": "aalen", "seed": 1, **changes}
    return Context(cohort=cohort, outcomes={outcome.endpoint: outcome for outcome in outcomes}, **settings)


def run(kind: Kind, context: Context, **options: Any) -> Analysis:
    """Check, then run; a problem is a failure."""
    chosen = kind.options(**options)
    assert kind.check(context, chosen, "analysis[1]") == ()
    return kind.run(context, chosen, "it")


def problems(kind: Kind, context: Context, **options: Any) -> list[str]:
    """Problems as they are printed."""
    return [str(problem) for problem in kind.check(context, kind.options(**options), "analysis[1]")]


def outputs(analysis: Analysis, name: str, variant: str = "", **facts: Any) -> list[Output]:
    """Outputs by name, variant and facts."""
    return [
        output
        for output in analysis.outputs
        if output.name == name
        and output.variant == variant
        and all(output.facts[key] == value for key, value in facts.items())
    ]


def output(analysis: Analysis, name: str, variant: str = "", **facts: Any) -> Output:
    """The one output of that name."""
    (found,) = outputs(analysis, name, variant, **facts)
    return found


def finding(analysis: Analysis, name: str) -> Statement:
    """The one finding of that name."""
    (found,) = [statement for statement in analysis.findings if statement.name == name]
    return found


def named(analysis: Analysis) -> set[str]:
    """Names of all findings."""
    return {statement.name for statement in analysis.findings}


def value(frame: pl.DataFrame, column: str, **where: Any) -> Any:
    """One cell: `column` of the one row with these values (None: null)."""
    for name, wanted in where.items():
        frame = frame.filter(pl.col(name).is_null() if wanted is None else pl.col(name) == wanted)
    (found,) = frame[column].to_list()
    return found


def bmt(data: Path) -> Context:
    """Klein and Moeschberger's 137 transplants: OS, DFS, relapse and NRM; acute GVHD known on its day."""
    rows = pl.read_csv(data / "transplant" / "bmt.csv")
    levels = ("ALL", "AML low risk", "AML high risk")
    columns = [
        Column("group", "category", "Disease group", levels=levels, known_at=BASELINE),
        Column("age", "number", "Age", unit="years", known_at=BASELINE),
        Column("fab", "yes/no", "FAB M4 or M5", known_at=BASELINE),
        Column("hospital", "category", "Hospital", levels=("1", "2", "3", "4"), known_at=BASELINE),
        Column("agvhd_day", "number", "Day of acute GVHD", known_at=KnownLater(), is_time=True),
        Column("agvhd", "yes/no", "Acute GVHD", known_at=KnownOn("agvhd_day")),
    ]
    values = {
        "group": rows["disease_group"].to_list(),
        "age": rows["recipient_age"].to_list(),
        "fab": rows["fab_4_5"].cast(pl.Boolean).to_list(),
        "hospital": rows["hospital"].cast(pl.String).to_list(),
        "agvhd_day": rows["acute_gvhd_days"].to_list(),
        "agvhd": rows["acute_gvhd"].cast(pl.Boolean).to_list(),
    }
    cohort = cohort_of(values, columns, clock=Clock("days", 365 / 12))
    died = ["death" if dead else None for dead in rows["death"]]
    failed = ["relapse or death" if event else None for event in rows["relapse_or_death"]]
    first = [
        "relapse" if relapse else "death without relapse" if event else None
        for relapse, event in zip(rows["relapse"], rows["relapse_or_death"], strict=True)
    ]
    causes = ("relapse", "death without relapse")
    os_days, rfs_days = rows["os_days"].to_list(), rows["rfs_days"].to_list()
    return context_of(
        cohort,
        outcome_of(os_days, died),
        outcome_of(
            rfs_days, failed, endpoint="dfs", label="Disease-free survival", causes=("relapse or death",)
        ),
        outcome_of(rfs_days, first, endpoint="relapse", label="Relapse", causes=causes),
        outcome_of(rfs_days, first, endpoint="nrm", label="Non-relapse mortality", causes=causes[::-1]),
    )
