"""Figures and the report of drug response."""

from __future__ import annotations

import math

import polars as pl
import pytest
from matplotlib.figure import Figure

from remission.report.figures.cross_resistance import plot_cross_resistance
from remission.report.figures.dose_response import CurvePanel, draw_dose_responses, plot_dose_response
from remission.report.figures.lc50_distribution import plot_lc50_distribution
from remission.report.figures.plate_map import can_draw, plate_size, plot_plate
from remission.report.figures.style import journal

POINTS = pl.DataFrame({"dose": [0.1, 1.0, 10.0], "survival": [95.0, 60.0, 10.0], "sd": [2.0, None, 1.0]})
ROW = {
    "drug": "vincristine",
    "unit": "µg/mL",
    "lc50": 1.6,
    "low": 1.0,
    "high": 10.0,
    "censoring": "bracketed",
    "shown": "1.6 µg/mL",
    "at": 50.0,
    "quality": "pass",
    "reasons": "",
}


def panel(**said: object) -> CurvePanel:
    wells = POINTS.select("dose", "survival")
    return CurvePanel({**ROW, **said}, POINTS, wells, wells.clear())


def texts(figure: Figure) -> str:
    return " ".join(text.get_text() for ax in figure.axes for text in ax.texts)


def test_a_known_lc50_stands_in_its_band() -> None:
    with journal():
        ax = plot_dose_response(Figure().add_subplot(), panel())
    assert ax.get_xlabel() == "Dose (µg/mL)"
    assert ax.get_xscale() == "log"
    assert any(line.get_marker() == "D" and list(line.get_xdata()) == [1.6] for line in ax.lines)
    assert "LC50 1.6 µg/mL (1 to 10)" in texts(ax.figure)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("censoring", "low", "high", "shown"),
    [("left", 0.0, 0.1, "< 0.1 µg/mL"), ("right", 10.0, None, "> 10 µg/mL")],
)
def test_what_lies_beyond_has_no_diamond(censoring: str, low: float, high: float | None, shown: str) -> None:
    made = panel(censoring=censoring, lc50=None, low=low, high=high, shown=shown)
    ax = plot_dose_response(Figure().add_subplot(), made)
    assert not any(line.get_marker() == "D" for line in ax.lines)
    assert shown in texts(ax.figure)  # type: ignore[arg-type]


def test_a_failed_curve_says_why_and_has_no_lc50() -> None:
    made = panel(quality="fail", censoring="failed", lc50=None, low=None, high=None, reasons="too few cells")
    figure = draw_dose_responses("Patient A", [made, panel()])
    assert "Not used: too few cells" in texts(figure)
    assert not any(line.get_marker() == "D" for line in figure.axes[0].lines)


def test_a_plate_has_one_square_per_well() -> None:
    wells = pl.DataFrame(
        {"well": ["A1", "A2", "H12"], "role": ["blank", "control", "treated"], "reading": [0.05, 1.0, 0.4]}
    )
    ax = plot_plate(Figure().add_subplot(), wells)
    assert plate_size(wells) == (8, 12)
    assert plate_size(pl.DataFrame({"well": ["I1"]})) == (16, 24)
    assert len(ax.patches) == 3
    assert sorted(text.get_text() for text in ax.texts) == ["B", "C"]
    assert can_draw(wells)
    assert not can_draw(pl.DataFrame({"well": [""]}))


def test_censored_ends_are_triangles_at_the_tested_doses() -> None:
    rows = pl.DataFrame(
        {
            "drug": ["v"] * 4,
            "unit": ["µM"] * 4,
            "lc50": [None, 1.0, None, None],
            "low": [0.0, 0.5, 10.0, None],
            "high": [0.1, 2.0, None, None],
            "censoring": ["left", "bracketed", "right", "failed"],
        }
    )
    ax = plot_lc50_distribution(Figure().add_subplot(), rows, (0.2, 5.0))
    marks = {line.get_marker(): list(line.get_xdata()) for line in ax.lines if line.get_marker() != "None"}
    assert marks == {"<": [0.1], "o": [1.0], ">": [10.0]}


def test_the_matrix_prints_estimates_limits_and_patients() -> None:
    rows = pl.DataFrame(
        {
            "term": ["p", "p", "v"],
            "versus": ["v", "a", "a"],
            "estimate": [0.5, -0.25, math.nan],
            "low": [0.25, -0.5, None],
            "high": [0.75, 0.1, None],
            "at_risk": [20.0, 19.0, 3.0],
        }
    )
    figure = Figure(figsize=(6, 6))
    plot_cross_resistance(figure.add_subplot(), rows, ["p", "v", "a"])
    told = texts(figure)
    assert "0.50" in told
    assert "−0.25" in told
    assert "0.25 to 0.75" in told
    assert "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}19" in told
    assert "nan" not in told
