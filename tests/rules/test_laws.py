"""Laws of every protocol and score, held against every completion of what is not known."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.rules.answers import answer_all, codes_of
from remission.rules.assignment import OUTSIDE
from remission.rules.diagram import Leaf
from remission.rules.library import protocol, protocol_texts, score, score_texts
from remission.rules.protocol import Protocol
from remission.rules.reading import read_rule
from remission.rules.score import Score
from remission.rules.values import Values
from tests.rules.brute import completions, group_of, patients, possible_groups

PROTOCOLS = sorted(protocol_texts())
SCORES = sorted(score_texts())
SMALL = ["ebmt", "pva"]
TYPES = {"number": pl.Float64(), "category": pl.String(), "yes/no": pl.Boolean()}


@cache
def made(name: str) -> Protocol:
    return protocol(name)


@cache
def made_score(name: str) -> Score:
    return score(name)


def total_of(ready: Score, row: dict[str, Any]) -> int | str:
    """Points of a patient of whom everything is known, by the text of the items."""

    def holds(text: str) -> bool:
        condition, problems = read_rule(text, ready.inputs.terms, "here")
        assert condition is not None
        assert not problems
        return condition.answer(row) is True

    for each in ready.declared.undefined:
        if holds(each.when):
            return each.words
    return sum(
        next((tier.points for tier in item.tier if holds(tier.when)), 0) for item in ready.declared.item
    )


@pytest.mark.parametrize("name", PROTOCOLS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_possible_is_exactly_what_the_completions_give(name: str, data: st.DataObject) -> None:
    ready = made(name)
    values = data.draw(patients(ready.inputs))
    answer = ready.explain(values)
    expected = possible_groups(ready, values)
    assert set(answer.possible) == expected
    assert answer.group == (next(iter(expected)) if len(expected) == 1 and expected != {OUTSIDE} else None)


@pytest.mark.parametrize("name", PROTOCOLS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_more_information_never_changes_a_decided_answer(name: str, data: st.DataObject) -> None:
    ready = made(name)
    whole = data.draw(patients(ready.inputs, complete=True))
    hidden = data.draw(st.sets(st.sampled_from(sorted(whole))))
    less = ready.explain({key: value for key, value in whole.items() if key not in hidden})
    more = ready.explain(whole)
    assert set(more.possible) <= set(less.possible)
    assert more.decided
    if less.decided:
        assert more.possible == less.possible
        assert less.missing == ()


@pytest.mark.parametrize("name", PROTOCOLS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_missing_is_exactly_what_the_answer_depends_on(name: str, data: st.DataObject) -> None:
    """Knowing all that is named decides; each named input can change the answer with the others known."""
    ready = made(name)
    values = data.draw(patients(ready.inputs))
    answer = ready.explain(values)
    rows = list(completions(ready.inputs, values))
    by_rest: dict[str, dict[tuple[Any, ...], set[str]]] = {each: {} for each in ready.inputs.partitions}
    for row in rows:
        for each in ready.inputs.partitions:
            rest = tuple(row[other] for other in ready.inputs.partitions if other != each)
            by_rest[each].setdefault(rest, set()).add(group_of(ready, row))
    depends = {each for each, rests in by_rest.items() if any(len(groups) > 1 for groups in rests.values())}
    assert set(answer.missing) == depends


@pytest.mark.parametrize("name", PROTOCOLS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_what_would_have_decided_could_have_and_nothing_smaller(name: str, data: st.DataObject) -> None:
    ready = made(name)
    values = data.draw(patients(ready.inputs))
    answer = ready.explain(values)
    assert bool(answer.would_decide) == (not answer.decided)
    for names in answer.would_decide[:3]:
        found = [
            ready.explain({**values, **{each: row[each] for each in names}}).decided
            for row in completions(ready.inputs, values)
        ]
        assert any(found)
    if answer.would_decide and len(answer.would_decide[0]) > 1:
        for each in answer.missing:
            samples = ready.inputs.partitions[each].samples
            assert not any(ready.explain({**values, each: sample}).decided for sample in samples)


@pytest.mark.parametrize("name", PROTOCOLS)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_cohort_and_its_patients_get_the_same_answers(name: str, data: st.DataObject) -> None:
    ready = made(name)
    rows = data.draw(st.lists(patients(ready.inputs), min_size=1, max_size=12))
    frame = pl.DataFrame(
        {
            each: pl.Series(each, [row.get(each) for row in rows], TYPES[declared.kind])
            for each, declared in ready.inputs.declared.items()
        }
    )
    one_by_one = [ready.explain(row) for row in rows]
    answers = answer_all(ready.inputs, Values(frame, {}, ()), ready.assign)
    assert [answers.of_pattern[at] for at in answers.pattern] == one_by_one
    decided = ready.by_group.decide(codes_of(ready.inputs, frame))
    for position, answer in zip(decided, one_by_one, strict=True):
        part = ready.by_group.parts[position] if position >= 0 else None
        assert (part.value if isinstance(part, Leaf) else None) == (
            answer.possible[0] if answer.decided else None
        )


@pytest.mark.parametrize("name", SMALL)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_score_is_the_range_of_its_completions(name: str, data: st.DataObject) -> None:
    ready = made_score(name)
    whole = data.draw(patients(ready.inputs, complete=True))
    hidden = data.draw(st.sets(st.sampled_from(sorted(whole)), max_size=3))
    values = {key: (None if key in hidden else value) for key, value in whole.items()}
    totals = {total_of(ready, row) for row in completions(ready.inputs, values)}
    points = sorted(total for total in totals if isinstance(total, int))
    tally = ready.explain(values)
    assert (tally.lowest, tally.highest) == ((points[0], points[-1]) if points else (None, None))
    assert bool(tally.undefined or tally.maybe_undefined) == (len(points) < len(totals))
    assert tally.value == (points[0] if len(totals) == 1 and points else None)


@pytest.mark.parametrize("name", SCORES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_more_information_only_narrows_a_score(name: str, data: st.DataObject) -> None:
    ready = made_score(name)
    whole = data.draw(patients(ready.inputs, complete=True))
    hidden = data.draw(st.sets(st.sampled_from(sorted(whole))))
    less = ready.explain({key: value for key, value in whole.items() if key not in hidden})
    more = ready.explain(whole)
    assert more.decided
    assert more.missing == ()
    total = total_of(ready, ready.inputs.row(whole))
    assert (more.value if more.value is not None else more.undefined) == total
    if more.value is not None:
        assert less.lowest is not None
        assert less.highest is not None
        assert less.lowest <= more.value <= less.highest
        assert sum(item.points or 0 for item in more.items) == more.value
    if less.value is not None:
        assert more.value == less.value
    if less.group is not None:
        assert more.group == less.group


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_the_order_of_the_patients_and_of_the_columns_does_not_matter(data: st.DataObject) -> None:
    ready = made("mll10")
    rows = data.draw(st.lists(patients(ready.inputs), min_size=1, max_size=8))
    order = data.draw(st.permutations(range(len(rows))))
    frame = pl.DataFrame(
        [{"kmt2a_partner": None, **row} for row in rows],
        schema={"kmt2a_partner": pl.String, "kmt2a": pl.String, "age_days": pl.Float64, "cns": pl.Boolean},
    )
    codes = ready.by_group.decide(codes_of(ready.inputs, frame))
    turned = ready.by_group.decide(codes_of(ready.inputs, frame[list(order)].select(sorted(frame.columns))))
    assert np.array_equal(codes[list(order)], turned)
