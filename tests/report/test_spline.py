"""The curve of a spline: what is drawn, and what a reader who cannot see it is told."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from matplotlib.figure import Figure

import remission as rm
from remission.report import build, document
from remission.report.figures.spline import plot_spline
from remission.study.results import Output, Results

STUDY = """
schema = 1
[study]
title = "A bend"
[cohort]
file = "patients.csv"
id = "patient"
unit = "years"
times_in = "days"
baseline = ["age"]
[columns]
age = { kind = "number", unit = "years", label = "Age" }
[endpoints]
os = { definition = "overall-survival", time = "days", status = "dead" }
[[analysis]]
kind = "model"
endpoint = "os"
terms = [{ column = "age", spline = 4 }]
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("spline")
    rng = np.random.default_rng(3)
    age = rng.uniform(1, 80, 400).round(1)
    time = rng.exponential(900 / np.exp(((age - 40) / 25) ** 2)).round() + 1
    frame = pl.DataFrame({"patient": range(400), "age": age, "days": time, "dead": [1] * 400})
    frame.write_csv(folder / "patients.csv")
    (folder / "study.toml").write_text(STUDY)
    return rm.run(folder / "study.toml")


def curve(results: Results) -> Output:
    (output,) = (o for o in results.analyses[0].outputs if o.name == "spline")
    return output


def test_the_curve_is_one_at_the_median_and_goes_through_the_knots_of_the_table(results: Results) -> None:
    output = curve(results)
    rows = output.rows
    at_median = rows.filter(pl.col("statistic") == output.facts["reference"])
    assert at_median["estimate"].to_list() == [1.0]
    assert at_median["std_error"].to_list() == [0.0]
    table = next(o for o in results.analyses[0].outputs if o.name == "model").rows
    knots = table.filter(pl.col("level").str.contains("against"))
    for level, ratio in knots.select("level", "estimate").iter_rows():
        x = float(level.split(" against ")[0])
        near = np.interp(x, rows["statistic"], rows["estimate"].log())
        assert near == pytest.approx(math.log(ratio), abs=0.02)


def test_a_true_u_shape_is_found(results: Results) -> None:
    rows = curve(results).rows
    ends, middle = rows["estimate"][[0, -1]], rows.filter(pl.col("statistic").is_between(35, 45))
    assert ends.min() > 2 * middle["estimate"].max()


def test_the_figure_is_in_the_report_with_words(results: Results) -> None:
    figures = [block for block in build(results).blocks if isinstance(block, document.Figure)]
    (figure,) = (each for each in figures if "spline" in each.name)
    assert "along age" in figure.caption
    assert "1 at" in figure.alt
    ax = plot_spline(Figure().add_subplot(), curve(results).rows, curve(results).facts)
    assert ax.get_xlabel() == "Age (years)"
    assert ax.get_ylabel() == "Hazard ratio"
