"""`kind = "restratify"`: migration with what remains open, and the concordance of ordered groups, paired."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.cohort.column import Column
from remission.core.clock import Clock
from remission.report.compose import build
from remission.report.sentences import say
from remission.rules.stratify import reclassify
from remission.study.kind import Context
from remission.study.kinds.restratify import KIND
from remission.study.results import Results
from remission.study.run import run as run_study
from tests.study.kinds_by_hand import (
    BASELINE,
    cohort_of,
    context_of,
    finding,
    named,
    outcome_of,
    output,
    outputs,
    problems,
    run,
)

LOW_HIGH = ("low", "high")
THREE = ("I", "II", "III")


def two_orders(
    one: Sequence[str | None], other: Sequence[str | None], time: Sequence[float], dead: Sequence[bool]
) -> Context:
    columns = [
        Column("one", "category", "First", levels=LOW_HIGH, ordered=True, known_at=BASELINE),
        Column("other", "category", "Second", levels=THREE, ordered=True, known_at=BASELINE),
        Column("loose", "category", "Loose", levels=("a", "b"), known_at=BASELINE),
    ]
    data = {"one": list(one), "other": list(other), "loose": ["a"] * len(one)}
    event = ["death" if died else None for died in dead]
    return context_of(cohort_of(data, columns, clock=Clock("years")), outcome_of(time, event))


def random_orders(size: int = 90, seed: int = 3) -> Context:
    rng = np.random.default_rng(seed)
    one = rng.choice([*LOW_HIGH, None], size, p=[0.5, 0.4, 0.1])
    other = rng.choice([*THREE, None], size, p=[0.4, 0.3, 0.25, 0.05])
    time = np.ceil(rng.exponential(900, size) / 40) * 40
    return two_orders(one.tolist(), other.tolist(), time.tolist(), (rng.random(size) < 0.7).tolist())


def by_pairs(rank: Sequence[int], time: Sequence[float], dead: Sequence[bool]) -> tuple[float, np.ndarray]:
    """Harrell's C and the leave-one-out derivative of each patient, pair by pair."""
    size = len(rank)
    good, comparable = np.zeros(size), np.zeros(size)
    for i in range(size):
        for j in range(size):
            first = dead[i] and (time[i] < time[j] or (time[i] == time[j] and not dead[j]))
            if i != j and first:
                score = 1.0 if rank[i] > rank[j] else 0.5 if rank[i] == rank[j] else 0.0
                good[[i, j]] += score
                comparable[[i, j]] += 1
    c = good.sum() / comparable.sum()
    return c, (good - c * comparable) / (comparable.sum() / 2)


def test_concordance_and_its_difference_are_those_of_the_pairs() -> None:
    context = random_orders()
    found = output(run(KIND, context, endpoint="os", by=["one", "other"], at="2 years"), "discrimination")
    frame, outcome = context.cohort.frame, context.outcomes["os"]
    known = (frame["one"].is_not_null() & frame["other"].is_not_null()).to_numpy()
    time, dead = outcome.time[known], (outcome.event == "death")[known]
    ranks = {
        name: [levels.index(value) for value in frame[name].filter(pl.Series(known))]
        for name, levels in (("one", LOW_HIGH), ("other", THREE))
    }
    rows = {(row["measure"], row["term"]): row for row in found.rows.iter_rows(named=True)}
    influence = {}
    for name, rank in ranks.items():
        c, influence[name] = by_pairs(rank, time.tolist(), dead.tolist())
        row = rows["concordance", name]
        assert row["estimate"] == pytest.approx(c, rel=1e-12)
        assert row["std_error"] == pytest.approx(float(np.sqrt((influence[name] ** 2).sum())), rel=1e-9)
        assert (row["at_risk"], row["events"]) == (known.sum(), dead.sum())
    apart = rows["difference of concordance", "other"]
    both = rows["concordance", "other"]["estimate"] - rows["concordance", "one"]["estimate"]
    error = float(np.sqrt(((influence["other"] - influence["one"]) ** 2).sum()))
    assert apart["estimate"] == pytest.approx(both)
    assert apart["std_error"] == pytest.approx(error, rel=1e-9)
    assert apart["low"] == pytest.approx(both - 1.959963984540054 * error)


@pytest.mark.parametrize(("deaths", "limited"), [(1, False), (4, False), (5, True)])
def test_concordance_of_few_events_has_no_standard_error(deaths: int, limited: bool) -> None:
    dead = [number < deaths for number in range(20)]
    context = two_orders(["low", "high"] * 10, ["I", "III", "II", "I"] * 5, list(range(30, 50)), dead)
    rows = output(run(KIND, context, endpoint="os", by=["one", "other"]), "discrimination").rows
    told = rows.filter(pl.col("measure").is_in(["concordance", "difference of concordance"]))
    assert told["estimate"].null_count() == 0
    for name in ("std_error", "low", "high"):
        assert told[name].is_not_null().all() == limited
        assert told[name].is_null().all() == (not limited)
    apart = told.filter(pl.col("measure") == "difference of concordance")
    assert apart["p"].is_null().all() == (not limited)


def test_a_protocol_against_itself_has_no_difference() -> None:
    context = random_orders()
    frame = context.cohort.frame.with_columns(pl.col("one").alias("same"))
    columns = {**context.cohort.columns, "same": Column("same", "category", levels=LOW_HIGH, ordered=True)}
    columns["same"] = Column("same", "category", levels=LOW_HIGH, ordered=True, known_at=BASELINE)
    cohort = type(context.cohort)(frame, columns, "id", None, context.cohort.clock, context.cohort.source)
    done = run(KIND, context_of(cohort, context.outcomes["os"]), endpoint="os", by=["one", "same"])
    rows = output(done, "discrimination").rows
    apart = rows.filter(rows["measure"] == "difference of concordance").row(0, named=True)
    assert (apart["estimate"], apart["std_error"], apart["p"]) == (0.0, 0.0, None)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15)
def test_the_migration_counts_everybody_once(seed: int) -> None:
    context = random_orders(60, seed)
    moves = output(run(KIND, context, endpoint="os", by=["one", "other"], at="1 year"), "migration").rows
    assert moves["at_risk"].sum() == 60
    assert moves["events"].sum() == (context.outcomes["os"].event == "death").sum()
    for row in moves.iter_rows(named=True):
        here = context.cohort.frame.filter(
            pl.col("one").fill_null("not decided").eq(row["group"])
            & pl.col("other").fill_null("not decided").eq(row["versus"])
        )
        assert here.height == row["at_risk"]
        assert (row["estimate"] is None) == (row["at_risk"] < 10)


def test_undecided_patients_are_left_out_of_the_comparison_and_counted() -> None:
    context = random_orders()
    done = run(KIND, context, endpoint="os", by=["one", "other"], at="2 years")
    told = finding(done, "undecided_left_out").facts
    unknown = context.cohort.frame.select(pl.col("one", "other").is_null())
    assert told["compared"] == 90 - unknown.filter(pl.any_horizontal("one", "other")).height
    assert [item["n"] for item in told["protocols"]] == [unknown["one"].sum(), unknown["other"].sum()]  # type: ignore[union-attr,index]
    tests = outputs(done, "test")
    assert [each.facts["by"] for each in tests] == ["one", "other"]
    assert {each.rows["at_risk"][0] for each in tests} == {float(told["compared"])}  # type: ignore[arg-type]
    assert "group_unknown" not in named(done)
    assert "groups_are_treatments" in named(done)


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (["one"], "two protocols or more"),
        (["one", "loose"], 'the levels of "loose" have no order'),
        (["one", "nowhere"], 'there is no column "nowhere"'),
    ],
)
def test_problems_are_told(by: list[str], words: str) -> None:
    told = problems(KIND, random_orders(), endpoint="os", by=by)
    assert any(words in text for text in told), told


STUDY = """
schema = 1
[study]
title = "Infants"
[cohort]
file = "infants.csv"
id = "id"
time_zero_label = "diagnosis"
times_in = "years"
baseline = ["kmt2a", "age", "cns", "wbc", "ppr"]
[columns]
kmt2a = { kind = "category", levels = ["germline", "rearranged"] }
age = { kind = "number", unit = "days" }
cns = { kind = "yes/no" }
wbc = { kind = "number" }
ppr = { kind = "category", levels = ["good", "poor"] }
[derived]
mll10 = { protocol = "mll10", inputs = { kmt2a = "kmt2a", age_days = "age", cns = "cns" } }
interfant = { protocol = "interfant06", inputs = { kmt2a = "kmt2a", age_days = "age", wbc = "wbc", \
prednisone = "ppr" } }
[endpoints]
os = { definition = "overall-survival", time = "time", status = "dead" }
[[analysis]]
kind = "restratify"
endpoint = "os"
by = ["mll10", "interfant"]
at = "1 year"
"""


def infants(folder: Path) -> tuple[Results, pl.DataFrame]:
    rng = np.random.default_rng(11)
    size = 80
    frame = pl.DataFrame(
        {
            "id": [f"p{number}" for number in range(size)],
            "kmt2a": rng.choice(["germline", "rearranged"], size, p=[0.2, 0.8]),
            "age": rng.integers(1, 364, size),
            "cns": rng.choice(["yes", "no", ""], size, p=[0.2, 0.65, 0.15]),
            "wbc": [None if rng.random() < 0.1 else int(rng.integers(1, 600)) for _ in range(size)],
            "ppr": rng.choice(["good", "poor", ""], size, p=[0.7, 0.2, 0.1]),
            "time": rng.uniform(0.1, 5, size).round(3),
            "dead": rng.integers(0, 2, size),
        },
        strict=False,
    )
    frame.write_csv(folder / "infants.csv")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return run_study(folder / "study.toml"), frame


def test_protocols_of_the_library_migrate_as_reclassify_says(tmp_path: Path) -> None:
    results, frame = infants(tmp_path)
    (done,) = results.analyses
    moves = output(done, "migration").rows.filter(pl.col("at_risk") > 0)
    columns = {"age_days": "age", "prednisone": "ppr"}
    blanks = frame.with_columns(pl.col("cns", "ppr").replace("", None))
    expected = reclassify(blanks, "mll10", "interfant06", columns=columns).rows()
    found: dict[tuple[str, str], int] = {}
    for row in moves.iter_rows(named=True):
        key = tuple(
            "not decided" if name.startswith("open") else name for name in (row["group"], row["versus"])
        )
        found[key] = found.get(key, 0) + int(row["at_risk"])  # type: ignore[index,arg-type]
    assert found == {(row["before"], row["after"]): row["n"] for row in expected.iter_rows(named=True)}
    assert output(done, "migration").facts["from_open"] == ("open: intermediate or high",)


def test_the_report_shows_who_moves_and_how_well_each_orders(tmp_path: Path) -> None:
    results, _ = infants(tmp_path)
    document = build(results)
    captions = [table.caption for table in document.tables]
    assert any(caption.startswith("Patients by") for caption in captions)
    assert any(caption.startswith("Discrimination of the protocols") for caption in captions)
    (figure,) = [each for each in document.figures if each.caption.startswith("The same patients by")]
    assert "Grey: not decided" in figure.caption
    figure.draw()
    cross = next(table for table in document.tables if table.caption.startswith("Patients by"))
    assert cross.rows[-1].cells[-1] == "80"
    said = say(finding(results.analyses[0], "undecided_left_out"))
    assert "intermediate or high" in said


def test_competing_events_are_censored_for_the_order() -> None:
    context = random_orders()
    base = context.outcomes["os"]
    events: list[Any] = [
        None if event is None else ("relapse" if number % 2 else "death without relapse")
        for number, event in enumerate(base.event)
    ]
    causes = ("relapse", "death without relapse")
    relapse = outcome_of(base.time.tolist(), events, endpoint="rel", label="Relapse", causes=causes)
    done = run(KIND, context_of(context.cohort, relapse), endpoint="rel", by=["one", "other"], at="2 years")
    rows = output(done, "discrimination").rows.filter(pl.col("measure") == "concordance")
    frame = context.cohort.frame
    known = (frame["one"].is_not_null() & frame["other"].is_not_null()).to_numpy()
    rank = [LOW_HIGH.index(value) for value in frame["one"].filter(pl.Series(known))]
    happened = np.array([event == "relapse" for event in events])[known]
    c, _ = by_pairs(rank, base.time[known].tolist(), happened.tolist())
    assert rows["estimate"][0] == pytest.approx(c, rel=1e-12)
