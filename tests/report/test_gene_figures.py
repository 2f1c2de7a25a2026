"""Figures of genes: names that do not meet, counts that are those of the rows."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

import remission as rm
from remission.report.figures.genes_heatmap import (
    describe_group_heatmap,
    draw_gene_heatmap,
    draw_group_heatmap,
    plot_group_heatmap,
)
from remission.report.figures.genes_overlap import describe_gene_overlap, draw_gene_overlap, plot_gene_overlap
from remission.report.figures.genes_pvalues import describe_p_values, draw_p_values, plot_p_values
from remission.report.figures.genes_volcano import describe_volcano, draw_volcano, plot_volcano
from remission.report.figures.labels import label_points
from remission.report.figures.style import COLOURS, journal, place, sheet

GROUPS = ("sensitive", "resistant")


def axes() -> Axes:
    return place(sheet(120, 80), 12, 6, 100, 66)


def compared(planted: int = 12, genes: int = 300) -> pl.DataFrame:
    random = np.random.default_rng(7)
    values = random.normal(8, 1, (genes, 24))
    values[:planted, 12:] += np.where(np.arange(planted) % 2, 3.0, -3.0)[:, None]
    matrix = rm.Expression(tuple(f"GENE{i}" for i in range(genes)), tuple(f"s{j}" for j in range(24)), values)
    return rm.compare_groups(
        matrix, ["sensitive"] * 12 + ["resistant"] * 12, reference="sensitive", permutations=0
    ).rows()


def extents(ax: Axes) -> list[tuple[float, float, float, float]]:
    FigureCanvasAgg(ax.figure.figure).draw()  # type: ignore[no-untyped-call]
    inside = [text for text in ax.texts if text.get_text().startswith(("GENE", "n"))]
    return [tuple(text.get_window_extent().extents) for text in inside]  # type: ignore[misc]


@given(st.integers(0, 10_000), st.integers(2, 18))
def test_names_neither_meet_nor_leave_the_axes(seed: int, number: int) -> None:
    random = np.random.default_rng(seed)
    with journal():
        ax = axes()
        ax.set_xlim(-1, 1)
        ax.set_ylim(0, 1)
        x, y = random.uniform(-0.3, 0.3, number), random.uniform(0.2, 0.5, number)
        names = [f"n{'x' * int(random.integers(1, 9))}{i}" for i in range(number)]
        written = label_points(ax, x, y, names, np.column_stack([x, y]))
        boxes = extents(ax)
        frame = ax.get_window_extent().extents
    assert len(written) == len(boxes) > 0
    assert written[0] == names[0]
    for a, b in combinations(boxes, 2):
        across = min(a[2], b[2]) - max(a[0], b[0])
        down = min(a[3], b[3]) - max(a[1], b[1])
        assert across <= 1 or down <= 1.5, (a, b)  # pixels at 300 dpi
    for box in boxes:
        assert box[0] >= frame[0] - 3
        assert box[2] <= frame[2] + 3


def test_the_volcano_colours_what_was_found_and_names_the_first() -> None:
    rows = compared()
    found = rows.filter(pl.col("p_bh") <= 0.05)
    with journal():
        ax = plot_volcano(axes(), rows, GROUPS, labels=5)
    drawn = {line.get_color(): len(line.get_xdata()) for line in ax.lines if line.get_marker() == "o"}  # type: ignore[arg-type]
    assert drawn[COLOURS[0]] == found.filter(pl.col("difference") < 0).height == 6
    assert drawn[COLOURS[1]] == found.filter(pl.col("difference") >= 0).height == 6
    assert sum(drawn.values()) == rows.height
    named = {text.get_text() for text in ax.texts}
    assert set(rows.sort("p")["gene"].head(5)) <= named
    assert {"higher in sensitive", "higher in resistant", "FDR 5\u00a0%"} <= named
    assert describe_volcano(rows, GROUPS).startswith(
        "Difference and P of 300 genes: 6 higher in resistant and 6 in sensitive at a false discovery rate "
        "of 5%."
    )


def test_a_volcano_stands_without_findings_with_nulls_and_with_a_p_of_0() -> None:
    rows = pl.DataFrame(
        {
            "gene": ["A", "B", "C", "$D_1$"],
            "difference": [0.1, None, -2.0, 1.0],
            "p": [0.5, None, 0.0, 0.9],
            "p_bh": [0.9, None, 0.0, 0.95],
        }
    )
    with journal():
        ax = plot_volcano(axes(), rows, GROUPS)
        assert ax.get_ylim()[1] > 300
        nothing = plot_volcano(axes(), rows.head(1), GROUPS)
    assert not [line for line in nothing.lines if line.get_linestyle() == "--"]
    assert draw_volcano(rows, GROUPS, "Simulated data").get_size_inches()[0] > 0
    assert "0 higher in resistant and 0 in sensitive" in describe_volcano(rows.head(1), GROUPS)


def test_the_map_of_samples_has_a_bar_of_groups_and_the_unit() -> None:
    values = np.array([[1.0, -1.0, 3.5, np.nan], [0.0, 0.5, -0.5, 0.0]])
    figure = draw_gene_heatmap(values, ["MCL1", "BCL2"], ["R", "R", "S", "S"])
    ax, scale = figure.axes
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["MCL1", "BCL2"]
    (above,) = ax.child_axes
    assert [text.get_text() for text in above.texts] == ["R (n\u00a0=\u00a02)", "S (n\u00a0=\u00a02)"]
    assert [patch.get_width() for patch in above.patches] == [2, 2]  # type: ignore[attr-defined]
    assert "z-score" in scale.get_ylabel()
    image = ax.images[0]
    low, high = image.get_clim()
    assert -low == high == 2.5
    shades = image.to_rgba(image.get_array())  # type: ignore[arg-type]
    np.testing.assert_allclose(shades[0, 3], to_rgba("#e9ecef"), atol=0.01)  # missing is grey


def test_the_map_of_means_shows_groups_only() -> None:
    rows = pl.DataFrame(
        {"gene": ["A", "A", "B", "B"], "group": ["R", "S"] * 2, "mean": [0.9, -0.9, -0.2, None]}
    )
    with journal():
        ax = plot_group_heatmap(axes(), rows)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["R", "S"]
    assert ax.images[0].get_clim() == (-1.0, 1.0)
    assert ax.images[0].get_array().shape == (2, 2)  # type: ignore[union-attr]
    assert "2 genes by group; highest: 2 in R, 0 in S" in describe_group_heatmap(rows)
    assert isinstance(draw_group_heatmap(rows, "Simulated data"), Figure)


def test_bars_of_the_overlap_are_the_counts() -> None:
    found = rm.gene_overlap({"PRED": ["A", "B", "C"], "VCR": ["B", "C", "D"], "DNR": ["E"]}).rows()
    with journal():
        ax = plot_gene_overlap(axes(), found)
    bars = [bar.get_height() for bar in ax.patches]  # type: ignore[attr-defined]
    assert bars == found.filter(pl.col("measure") == "exactly")["n"].to_list() == [2, 1, 1, 1]
    (below,) = ax.child_axes
    names = [tick.get_text() for tick in below.get_yticklabels()]
    assert names == ["PRED (3)", "VCR (3)", "DNR (1)"]
    assert "PRED and VCR share 2. Different genes in all: 5." in describe_gene_overlap(found)
    assert isinstance(draw_gene_overlap(found), Figure)
    assert "no two share a gene" in describe_gene_overlap(rm.gene_overlap({"P": ["A"], "V": ["B"]}).rows())


def test_the_histogram_counts_known_p_and_says_what_chance_gives() -> None:
    p = [0.01, 0.02, 0.5, None, float("nan"), 1.0]
    with journal():
        ax = plot_p_values(axes(), p, 0.4)
    heights = [bar.get_height() for bar in ax.patches]  # type: ignore[attr-defined]
    assert (heights[0], heights[10], heights[19], sum(heights)) == (2, 1, 1, 4)
    assert ax.lines[0].get_ydata()[0] == pytest.approx(4 / 20)  # type: ignore[index]
    assert ax.lines[1].get_ydata()[0] == pytest.approx(0.4 * 4 / 20)  # type: ignore[index]
    assert describe_p_values(p) == "P of 4 genes: 2 are below 0.05; 0 would be if no gene differed."
    assert isinstance(draw_p_values(p), Figure)
