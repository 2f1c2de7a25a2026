"""Published results: what ships, limits from standard errors and back, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.core.problems import InputError
from remission.study.published.declare import OwnResult
from remission.study.published.errors import (
    binomial_error,
    error_from_limits,
    limits_from_error,
    too_small,
)
from remission.study.published.results import (
    Published,
    published,
    result_problems,
    trial_results,
    trial_texts,
)


def one(name: str, endpoint: str) -> Published:
    """The one result of a population and endpoint."""
    (found,) = [each for each in trial_results(name)[0] if each.endpoint == endpoint]
    return found


def percents(*shares: float | None) -> tuple[float, ...]:
    return tuple(round(100 * share, 1) for share in shares if share is not None)


@pytest.mark.parametrize(
    ("name", "endpoint", "low", "high"),
    [
        ("mll10/rearranged", "event-free-survival", 54.0, 75.9),
        ("mll10/rearranged", "overall-survival", 73.3, 90.6),
        ("mll10/intermediate", "event-free-survival", 66.8, 99.2),
    ],
)
def test_log_log_limits_of_mll10(name: str, endpoint: str, low: float, high: float) -> None:
    found = one(name, endpoint)
    assert percents(found.low, found.high) == (low, high)
    assert found.published == ("standard error",)


def test_limits_of_66_2_on_three_scales() -> None:
    assert percents(*(limits_from_error(0.662, 0.056, 0.95, "plain") or ())) == (55.2, 77.2)
    assert percents(*(limits_from_error(0.662, 0.056, 0.95, "log") or ())) == (56.1, 78.1)
    assert percents(*(limits_from_error(0.662, 0.056, 0.95, "log-log") or ())) == (54.0, 75.9)


def test_plain_limits_beyond_100_are_refused() -> None:
    assert limits_from_error(0.944, 0.054, 0.95, "plain") is None
    assert percents(*(limits_from_error(0.839, 0.043, 0.95, "plain") or ())) == (75.5, 92.3)


@pytest.mark.parametrize(
    ("estimate", "n", "error"),
    [(0.662, 75, 5.46), (0.839, 75, 4.24), (14 / 15, 15, 6.44), (17 / 18, 18, 5.40)],
)
def test_binomial_errors_of_mll10(estimate: float, n: int, error: float) -> None:
    assert round(100 * binomial_error(estimate, n), 2) == error


def test_the_75_are_the_weighted_sum_of_their_groups() -> None:
    parts = [one(f"mll10/{key}", "event-free-survival") for key in ("intermediate", "high")]
    whole = one("mll10/rearranged", "event-free-survival")
    assert sum(each.n or 0 for each in parts) == whole.n
    mean = sum((each.n or 0) * each.estimate for each in parts) / (whole.n or 1)
    assert round(100 * mean, 1) == 66.2


def test_the_published_interval_of_mll03_is_log_log() -> None:
    found = one("mll03/rearranged", "event-free-survival")
    assert percents(found.low, found.estimate, found.high) == (30.7, 43.2, 55.1)
    assert found.published == ("limits",)
    # the standard error that was computed back gives the published limits again
    assert found.std_error is not None
    assert percents(*(limits_from_error(0.432, found.std_error, 0.95) or ())) == (30.7, 55.1)
    assert round(100 * found.std_error, 2) == 6.32
    assert not too_small(0.432, found.std_error, 62)


def test_plain_limits_that_were_cut_at_100_give_the_error_of_their_lower_half() -> None:
    found = one("mll96-98/germline", "event-free-survival")
    assert percents(found.low, found.high) == (86.9, 100.0)
    assert found.std_error == pytest.approx((0.955 - 0.869) / 1.959963984540054)
    assert found.std_error == pytest.approx(binomial_error(21 / 22, 22), abs=0.001)


def test_rearranged_and_germline_make_up_all_infants_of_mll96_98() -> None:
    parts = [one(f"mll96-98/{key}", "event-free-survival") for key in ("rearranged", "germline")]
    whole = one("mll96-98/all", "event-free-survival")
    mean = sum((each.n or 0) * each.estimate for each in parts) / (whole.n or 1)
    assert sum(each.n or 0 for each in parts) == whole.n
    assert mean == pytest.approx(whole.estimate, abs=0.005)


@pytest.mark.parametrize("name", trial_texts())
def test_everything_that_ships_can_be_and_is_marked(name: str) -> None:
    results, problems = trial_results(name)
    assert problems == ()
    for result in results:
        assert result.mark in ("checked", "derived", "memory")
        assert result.error_mark in ("checked", "derived", "memory")
        assert result.source
        assert not result.unlikely
        if result.low is not None and result.high is not None:
            assert 0 <= result.low <= result.estimate <= result.high <= 1


@given(
    estimate=st.floats(0.02, 0.98),
    error=st.floats(0.001, 0.15),
    level=st.sampled_from([0.8, 0.9, 0.95, 0.99]),
)
def test_a_standard_error_survives_the_way_to_limits_and_back(
    estimate: float, error: float, level: float
) -> None:
    ends = limits_from_error(estimate, error, level)
    assert ends is not None
    low, high = ends
    if low > 1e-12 and high < 1 - 1e-12:
        assert error_from_limits(estimate, low, high, level) == pytest.approx(error, rel=1e-6)


def own(**changes: object) -> OwnResult:
    said = {
        "trial": "Ours",
        "population": "all",
        "n": 75,
        "endpoint": "efs",
        "time": "3 years",
        "estimate": 66.2,
        "standard_error": 5.6,
        "source": "A journal",
    }
    return OwnResult.model_validate({**said, **changes})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"time": "three years"}, "not a length of time"),
        ({"low": 50.0}, "only one limit"),
        ({"low": 70.0, "high": 80.0}, "does not lie between"),
        ({"estimate": 0.662}, "looks like a share"),
    ],
)
def test_numbers_that_cannot_be_are_told(changes: dict[str, object], words: str) -> None:
    (problem,) = result_problems(own(**changes), "analysis 1.results 1")
    assert words in problem.message
    assert problem.repair


def test_a_mistyped_error_is_noticed() -> None:
    assert published("Ours", own(standard_error=0.56)).unlikely
    assert not published("Ours", own()).unlikely


def test_both_numbers_are_kept_where_both_were_published() -> None:
    found = published("Ours", own(low=54.0, high=75.0))
    assert found.published == ("standard error", "limits")
    assert (found.std_error, found.low, found.high) == (0.056, 0.54, 0.75)


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    text = """
trial = "Ours"
years = "2001-2005"

[[result]]
key = "all"
population = "all"
endpoint = "efs"
time = "3 years"
estimate = 50
source = "A journal"
"""
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    (found,), problems = trial_results("ours.toml", folder=tmp_path)
    assert problems == ()
    assert (found.trial, found.years, found.std_error, found.mark) == ("Ours", "2001-2005", None, "own")
    (tmp_path / "ours.toml").write_text(text.replace("estimate = 50", "estimate = 500"), encoding="utf-8")
    results, problems = trial_results("ours.toml", folder=tmp_path)
    assert results == ()
    assert "ours.toml" in problems[0].where


@pytest.mark.parametrize("name", ["mll11", "mll10/hih", "not-there.toml"])
def test_what_is_not_there_is_told(name: str) -> None:
    with pytest.raises(InputError, match=r"there is no|has no population"):
        trial_results(name)


def test_the_page_lists_everything_that_ships() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    for name in trial_texts():
        for result in trial_results(name)[0]:
            mark = {"checked": "checked", "memory": "FROM MEMORY"}[result.mark]
            start = f"| `{name}/{result.key}` | {result.trial}: {result.population} | {result.n or '–'} "
            lines = [line for line in page.splitlines() if line.startswith(start)]
            wanted = f"| {result.endpoint} | {result.time} | {100 * result.estimate:.1f} |"
            assert any(
                wanted in line and line.rstrip("| ").split("| ")[-1].startswith(mark) for line in lines
            )
