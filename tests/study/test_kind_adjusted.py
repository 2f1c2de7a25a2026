"""`kind = "adjusted"` and `kind = "subgroups"`: standardised curves and effects in subgroups."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from remission.cohort.column import Column, KnownLater, KnownOn
from remission.regress.covariates import design
from remission.regress.cox import cox
from remission.regress.standardise import adjusted_curves
from remission.regress.terms import Category, Numeric, Term
from remission.report.sentences import say
from remission.study.kind import Context
from remission.study.kinds import adjusted, subgroups
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
    value,
)

CAUSES = ("relapse", "death without relapse")


def made(size: int = 200, *, entry: bool = False, empty: bool = False) -> Context:
    """Arm B has the sicker patients and no effect of its own."""
    draw = np.random.default_rng(11)
    sick = draw.random(size) < 0.5
    arm = np.where(draw.random(size) < np.where(sick, 0.8, 0.2), "B", "A")
    if empty:
        arm = np.where(sick, "B", arm)
    time = np.ceil(draw.exponential(np.where(sick, 200, 800))) + 1
    died = draw.random(size) < 0.8
    site = draw.choice(["x", "y"], size)
    day = draw.integers(1, 300, size).astype(float)
    columns = [
        Column("arm", "category", "Arm", levels=("A", "B"), known_at=BASELINE),
        Column("state", "category", "State", levels=("well", "sick"), known_at=BASELINE),
        Column("age", "number", "Age", unit="years", known_at=BASELINE),
        Column("site", "category", "Site", levels=("x", "y", "z"), known_at=BASELINE),
        Column("day", "number", "Day", known_at=KnownLater(), is_time=True),
        Column("later", "yes/no", "Later", known_at=KnownOn("day")),
        Column("gap", "category", "Gap", levels=("a", "b"), known_at=BASELINE),
    ]
    data = {
        "arm": list(arm),
        "state": ["sick" if flag else "well" for flag in sick],
        "age": list(draw.normal(50, 10, size)),
        "site": list(site),
        "day": list(day),
        "later": [bool(x) for x in draw.random(size) < 0.5],
        "gap": [None if x < 0.1 else "a" if x < 0.5 else "b" for x in draw.random(size)],
    }
    names = ["death" if flag else None for flag in died]
    kinds = [str(draw.choice(CAUSES)) if flag else None for flag in died]
    begun = list(np.minimum(draw.integers(0, 3, size), time - 1)) if entry else None
    return context_of(
        cohort_of(data, columns),
        outcome_of(list(time), names, entry=begun),
        outcome_of(list(time), kinds, endpoint="relapse", label="Relapse", causes=CAUSES),
    )


def test_adjusted_survival_is_the_standardised_one() -> None:
    context = made()
    analysis = run(
        adjusted.KIND, context, endpoint="os", by="arm", adjust=["state", "age"], at=["200 days", "1 year"]
    )
    frame = {name: np.array(context.cohort.frame[name].to_list(), dtype=object) for name in ("arm", "state")}
    frame["age"] = context.cohort.frame["age"].to_numpy()
    outcome = context.outcomes["os"]
    terms: list[Term] = [Category("arm", ("A", "B")), Category("state", ("well", "sick")), Numeric("age")]
    fit = cox(outcome.time, outcome.event == "death", design(terms, frame))
    wanted = adjusted_curves(fit, frame, "arm", [200.0, 365.25], groups=["A", "B"])
    rows = output(analysis, "estimates", "adjusted").rows
    assert rows["estimate"].to_list() == pytest.approx(wanted.estimate.ravel().tolist())
    assert rows["low"].to_list() == pytest.approx(wanted.rows()["low"].to_list())
    assert rows["level"].to_list() == ["200 days", "1 year"] * 2
    apart = output(analysis, "difference", "adjusted").rows
    assert apart["p"].to_list() == pytest.approx(wanted.differences()["p"].to_list())


def test_adjusting_takes_away_what_the_sicker_patients_make() -> None:
    analysis = run(adjusted.KIND, made(), endpoint="os", by="arm", adjust=["state"], at="1 year")
    crude = value(output(analysis, "difference", "crude").rows, "estimate")
    fair = value(output(analysis, "difference", "adjusted").rows, "estimate")
    assert crude < -0.1
    assert abs(fair) < abs(crude) / 2
    drawn = output(analysis, "curves", "adjusted")
    assert drawn.facts["adjusted_for"] == ("State",)
    assert drawn.facts["ticks"] == output(analysis, "curves", "crude").facts["ticks"]
    for group in ("A", "B"):
        line = drawn.rows.filter(pl.col("group") == group)
        assert (line["time"][0], line["estimate"][0]) == (0.0, 1.0)
        assert (line["estimate"].diff().drop_nulls() <= 0).all()
    assert output(analysis, "model", "multivariable").facts["n"] == 200


def test_incidence_is_adjusted_by_a_fine_gray_model() -> None:
    analysis = run(adjusted.KIND, made(), endpoint="relapse", by="arm", adjust=["state"], at="1 year")
    assert output(analysis, "model", "multivariable").facts["model"] == "Fine-Gray"
    drawn = output(analysis, "curves", "adjusted").rows
    assert drawn["estimate"][0] == 0.0
    assert drawn["estimate"].is_between(0, 1).all()


def test_levels_that_a_group_lacks_are_named() -> None:
    analysis = run(adjusted.KIND, made(empty=True), endpoint="os", by="arm", adjust=["state"], at="1 year")
    said = finding(analysis, "not_identifiable").facts
    assert said["empty"] == ({"label": "State", "level": "sick", "groups": ("A",)},)


def test_late_entrants_cannot_be_standardised() -> None:
    analysis = run(adjusted.KIND, made(entry=True), endpoint="os", by="arm", adjust=["state"])
    assert not analysis.outputs
    assert named(analysis) == {"adjusted_needs_common_start"}


def test_the_guard_refuses_what_is_known_later() -> None:
    context = made()
    grouped = run(adjusted.KIND, context, endpoint="os", by="later", adjust=["state"])
    assert not grouped.outputs
    assert finding(grouped, "guard_withheld").facts["role"] == "group"
    terms = run(adjusted.KIND, context, endpoint="os", by="arm", adjust=["state", "later"], at="1 year")
    assert finding(terms, "guard_withheld").facts["role"] == "adjust"
    assert output(terms, "curves", "adjusted").facts["adjusted_for"] == ("State",)
    helped = run(
        adjusted.KIND, context, endpoint="os", by="later", adjust=["state"], landmark="100 days", at="1 year"
    )
    drawn = output(helped, "curves", "adjusted")
    assert drawn.facts["landmark"] == "100 days"
    assert drawn.rows["time"].to_numpy().min() == pytest.approx(100 / 365.25)


def test_problems_of_adjusted_curves() -> None:
    told = "\n".join(
        problems(
            adjusted.KIND, made(), endpoint="x", by="age", adjust=["agee", "site"], stratum="site", at="z"
        )
    )
    for words in (
        'there is no endpoint "x"',
        '"age" is a column of numbers',
        'there is no column "agee"',
        '"site" is group or stratum already',
        '"z" is not a length of time',
    ):
        assert words in told
    assert len(told.splitlines()) == 5


def test_effects_in_subgroups_and_their_interactions() -> None:
    context = made()
    analysis = run(
        subgroups.KIND,
        context,
        endpoint="os",
        effect="arm",
        by=["state", "site", "gap"],
        adjust=["age", "state"],
    )
    forest = output(analysis, "forest")
    rows = forest.rows
    effects = rows.filter(pl.col("measure") == "hazard ratio")
    assert effects["term"].to_list() == [None, "state", "state", "site", "site", "gap", "gap"]
    assert effects["group"].unique().to_list() == ["B"]
    outcome = context.outcomes["os"]
    frame = context.cohort.frame
    well = (frame["state"] == "well").to_numpy()
    x = {"arm": (frame["arm"] == "B").to_numpy()[well] * 1.0, "age": frame["age"].to_numpy()[well]}
    fit = cox(outcome.time[well], (outcome.event == "death")[well], x)
    ratio = value(effects, "estimate", term="state", level="well")
    assert np.log(ratio) == pytest.approx(float(fit.coefficients[0]), rel=1e-8)
    tests = rows.filter(pl.col("measure") == "interaction")
    assert tests["term"].to_list() == ["state", "site", "gap"]
    assert (tests["p_adjusted"] >= tests["p"]).all()
    facts: Any = forest.facts
    everybody = [each for each in facts["arms"] if each["term"] is None]
    assert sum(each["n"] for each in everybody) == facts["n"] == 200
    assert finding(analysis, "subgroups_multiplicity").facts["tests"] == 3
    # A large P for interaction is no evidence that subgroups are alike, here as in the effect of transplant.
    assert tests["p"].max() >= 0.05
    assert finding(analysis, "no_interaction_shown").severity == "warning"


def test_a_subgroup_without_events_has_no_ratio() -> None:
    columns = [
        Column("arm", "category", "Arm", levels=("A", "B"), known_at=BASELINE),
        Column("part", "category", "Part", levels=("p", "q"), known_at=BASELINE),
    ]
    data = {"arm": ["A", "B"] * 10, "part": ["p"] * 14 + ["q"] * 6}
    died = ["death"] * 14 + [None] * 6
    context = context_of(cohort_of(data, columns), outcome_of([float(x + 1) for x in range(20)], died))
    analysis = run(subgroups.KIND, context, endpoint="os", effect="arm", by="part")
    said: Any = finding(analysis, "subgroups_not_estimated").facts
    assert [each["level"] for each in said["subgroups"]] == ["q"]
    rows = output(analysis, "forest").rows
    assert value(rows, "estimate", level="q") is None


def test_a_column_that_makes_no_subgroups_leaves_the_others_alone() -> None:
    columns = [
        Column(name, "category", name.title(), levels=("p", "q"), known_at=BASELINE)
        for name in ("arm", "part", "unknown", "alike")
    ]
    data = {
        "arm": ["p", "q"] * 10,
        "part": ["p"] * 10 + ["q"] * 10,
        "unknown": [None] * 20,
        "alike": ["q"] * 20,
    }
    died = outcome_of([float(x + 1) for x in range(20)], ["death"] * 20)
    context = context_of(cohort_of(data, columns), died)
    analysis = run(subgroups.KIND, context, endpoint="os", effect="arm", by=["unknown", "part", "alike"])
    assert set(output(analysis, "forest").rows["term"].drop_nulls()) == {"part"}
    told = say(finding(analysis, "subgroups_not_estimated"))
    assert "Unknown (it is known of nobody); Alike (all of whom it is known are q)" in told
    alone = run(subgroups.KIND, context, endpoint="os", effect="arm", by="unknown")
    assert output(alone, "forest").rows["term"].to_list() == [None]
    assert "subgroup_method" in {each.name for each in analysis.methods}
    assert "subgroup_method" not in {each.name for each in alone.methods}, "no interaction was tested"


def test_a_number_as_the_effect() -> None:
    effect = {"column": "age", "per": 10}
    analysis = run(subgroups.KIND, made(), endpoint="relapse", effect=effect, by="arm")
    facts = output(analysis, "forest").facts
    assert (facts["per"], facts["group"], facts["hazard"]) == ("per 10 years", None, "cause-specific hazard")
    assert facts["arms"] == ()


def test_subgroups_are_guarded() -> None:
    context = made()
    effect = run(subgroups.KIND, context, endpoint="os", effect="later", by="arm")
    assert not effect.outputs
    assert finding(effect, "guard_withheld").facts["role"] == "effect"
    by = run(subgroups.KIND, context, endpoint="os", effect="arm", by=["later", "state"])
    assert finding(by, "guard_withheld").facts["role"] == "group"
    assert set(output(by, "forest").rows["term"].drop_nulls()) == {"state"}
    helped = run(subgroups.KIND, context, endpoint="os", effect="later", by="arm", landmark="50 days")
    assert output(helped, "forest").facts["landmark"] == "50 days"
    assert not outputs(effect, "forest")


def test_problems_of_subgroups() -> None:
    told = "\n".join(
        problems(subgroups.KIND, made(), endpoint="os", effect="site", by=["site", "age"], adjust=["site"])
    )
    for words in (
        '"site" has 3 levels',
        '"site" is the effect itself',
        '"age" is a column of numbers',
    ):
        assert words in told
    (none,) = problems(subgroups.KIND, made(), endpoint="os", effect="arm", by=[])
    assert "no column makes subgroups" in none
