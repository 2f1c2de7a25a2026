"""Figures: units on every axis, pale tails, aligned numbers at risk, no code in labels, the same bytes."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import polars as pl
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Sheet

from remission.cohort.cohort import FlowStep
from remission.core.problems import InputError
from remission.core.vocabulary import result_rows
from remission.report import (
    Document,
    journal,
    plot_curves,
    plot_flow,
    plot_risk_table,
    plot_screen,
    plot_stack,
)
from remission.report.document import Figure
from remission.report.figures.curves import FINEST, TICKS_AT_MOST
from remission.report.figures.panels import Panel, draw_panels
from remission.report.figures.save import inlined, save
from remission.report.figures.style import DOUBLE, text_width, wrapped
from remission.study.results import EndpointSummary, Results


def axes() -> Axes:
    return Sheet(figsize=(4, 3)).add_axes((0.2, 0.2, 0.7, 0.7))


def curve_rows(**more: Any) -> pl.DataFrame:
    columns: dict[str, Any] = {
        "measure": "survival",
        "endpoint": "os",
        "time": [0.0, 1.0, 2.0, 4.0],
        "estimate": [1.0, 0.8, 0.8, 0.4],
        "low": [None, 0.6, 0.6, 0.1],
        "high": [None, 0.9, 0.9, 0.7],
        "censored": [0.0, 0.0, 3.0, 3.0],
        "at_risk": [10.0, 10.0, 8.0, 2.0],
        "unit": "years",
        "confidence": 0.95,
    }
    return result_rows({**columns, **more})


def test_every_figure_has_alternative_text_and_units(document: Document) -> None:
    assert len(document.figures) >= 6
    for figure in document.figures:
        assert len(figure.alt) > 40, figure.name
        assert figure.caption.endswith("Simulated data.")
        sheet = figure.draw()
        assert sheet.get_size_inches()[0] * 25.4 == pytest.approx(figure.width)
        for ax in sheet.axes:
            if ax.axison:
                assert re.search(r"years|Years", ax.get_xlabel()) or "(%)" in ax.get_xlabel(), figure.name
                assert "(%)" in ax.get_ylabel() or not ax.get_yticks().size, figure.name


def test_curves_are_in_per_cent_steps_to_the_end() -> None:
    ax = plot_curves(axes(), curve_rows(), {"axis": "time zero", "until": 5.0, "ticks": (0.0, 2.5, 5.0)})
    line = ax.lines[0]
    assert line.get_drawstyle() == "steps-post"
    assert list(line.get_xdata()) == [0.0, 1.0, 2.0, 4.0, 4.0]
    assert list(line.get_ydata()) == pytest.approx([100.0, 80.0, 80.0, 40.0, 40.0])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0", "2.5", "5"]
    assert ax.get_xlabel() == "Years after time zero"
    assert ax.get_ylabel() == "Survival\N{NO-BREAK SPACE}(%)"


def test_a_censor_tick_stands_where_the_count_rises() -> None:
    ax = plot_curves(axes(), curve_rows(), {"axis": "time zero"})
    ticks = next(line for line in ax.lines if line.get_marker() == "|")
    assert list(ticks.get_xdata()) == [2.0]
    assert list(ticks.get_ydata()) == pytest.approx([80.0])


def test_the_unreliable_tail_is_pale() -> None:
    ax = plot_curves(axes(), curve_rows(), {"axis": "time zero", "reliable_until": {"": 2.0}})
    solid, pale = ax.lines[0], ax.lines[1]
    assert max(solid.get_xdata()) == 2.0
    assert min(pale.get_xdata()) == 2.0
    assert pale.get_alpha() is not None
    assert pale.get_alpha() < 0.6
    assert pale.get_linewidth() < solid.get_linewidth()


def test_groups_differ_in_colour_and_dash() -> None:
    rows = pl.concat([curve_rows(group=name) for name in ("a", "b", "c")])
    facts = {"axis": "time zero", "groups": ("c", "a", "b"), "p_text_test": "Gray", "p": 0.0461}
    ax = plot_curves(axes(), rows, facts)
    lines = [line for line in ax.lines if line.get_drawstyle() == "steps-post"]
    assert len({line.get_color() for line in lines}) == 3
    assert len({str(line._unscaled_dash_pattern) for line in lines}) == 3
    texts = [text.get_text() for text in ax.texts]
    assert texts == ["c", "a", "b", "Gray’s test P\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}0.046"]
    assert not ax.collections, "three bands would hide each other"


def test_a_yes_or_no_says_of_what() -> None:
    rows = pl.concat([curve_rows(group=name) for name in ("no", "yes")])
    ax = plot_curves(axes(), rows, {"axis": "time zero", "by_label": "Acute GVHD"})
    assert [text.get_text() for text in ax.texts] == ["Acute GVHD: no", "Acute GVHD: yes"]


def test_the_key_stays_off_the_curves() -> None:
    falling = pl.concat([curve_rows(group=name) for name in ("one", "two")])
    high = falling.with_columns(estimate=pl.lit(0.97))
    top = plot_curves(axes(), falling, {"axis": "time zero"}).texts[0].get_position()[1]
    low = plot_curves(axes(), high, {"axis": "time zero"}).texts[0].get_position()[1]
    assert top > 0.9
    assert low < 0.8


def test_the_time_before_the_landmark_is_marked() -> None:
    rows = curve_rows(time=[1.0, 2.0, 3.0, 4.0])
    before = plot_curves(axes(), rows, {"axis": "time zero", "landmark": "12 months"})
    assert [text.get_text() for text in before.texts] == ["before the landmark"]
    after = plot_curves(axes(), rows, {"axis": "landmark", "landmark": "12 months"})
    assert after.get_xlabel() == "Years after the landmark"
    assert not after.texts


def test_late_entrants_have_no_invented_start() -> None:
    rows = curve_rows(time=[1.0, 2.0, 3.0, 4.0])
    late = plot_curves(axes(), rows, {"axis": "time zero", "landmark": None})
    assert min(late.lines[-2].get_xdata()) == 1.0
    assert [text.get_text() for text in late.texts] == ["not observed"]
    chosen = plot_curves(axes(), rows, {"axis": "time zero", "landmark": None, "start": "12 months"})
    assert [text.get_text() for text in chosen.texts] == ["not shown"]
    plain = plot_curves(axes(), rows)
    assert min(plain.lines[0].get_xdata()) == 0.0


def test_rows_of_several_causes_are_refused() -> None:
    rows = pl.concat([curve_rows(cause="relapse"), curve_rows(cause="death")])
    with pytest.raises(InputError, match="several values of cause"):
        plot_curves(axes(), rows)


def test_long_curves_are_thinned_but_keep_their_ends() -> None:
    size = 20_000
    time = np.linspace(0, 10, size)
    rows = result_rows(
        {
            "measure": "survival",
            "time": time,
            "estimate": np.linspace(1, 0.2, size),
            "censored": np.arange(size, dtype=float),
            "unit": "years",
        }
    )
    ax = plot_curves(axes(), rows, {"axis": "time zero"})
    line, ticks = ax.lines[0], ax.lines[1]
    assert len(line.get_xdata()) <= FINEST + 2
    assert line.get_ydata()[-1] == pytest.approx(20.0)
    assert len(ticks.get_xdata()) == 0
    assert size > TICKS_AT_MOST


def test_numbers_at_risk_stand_under_their_ticks() -> None:
    rows = result_rows(
        {
            "time": [0.0, 1.0, 2.0] * 2,
            "group": ["a"] * 3 + ["b"] * 3,
            "at_risk": [9, 5, 0, 1200, 3, None],
            "unit": "years",
        }
    )
    ax = plot_risk_table(axes(), rows, {"ticks": (0.0, 1.0, 2.0), "until": 2.0})
    placed = [
        (text.get_position()[0], text.get_text())
        for text in ax.texts
        if re.match(r"^[\d,]+$", text.get_text())
    ]
    assert placed == [(0.0, "9"), (1.0, "5"), (2.0, "0"), (0.0, "1,200"), (1.0, "3")]
    assert ax.get_xlim() == plot_curves(axes(), curve_rows(), {"until": 2.0, "ticks": (0, 1, 2)}).get_xlim()


def test_the_stack_fills_a_hundred() -> None:
    rows = result_rows(
        {
            "measure": ["incidence"] * 4 + ["event-free"] * 2,
            "cause": ["relapse", "relapse", "NRM", "NRM", None, None],
            "time": [0.0, 1.0] * 3,
            "estimate": [0.0, 0.555, 0.0, 0.121, 1.0, 0.324],
            "unit": "years",
        }
    )
    facts = {"endpoint_labels": {"NRM": "Non-relapse mortality", "relapse": "Relapse"}, "until": 1.0}
    ax = plot_stack(axes(), rows, facts)
    joined = [text.get_text().replace("\n", " ") for text in ax.texts]
    assert joined == ["Event-free 32.4%", "Relapse 55.5%", "Non-relapse mortality 12.1%"]
    assert ax.get_ylim() == (0, 100)
    heights = [text.get_position()[1] for text in ax.texts]
    assert heights == sorted(heights, reverse=True)


def test_the_stack_needs_causes_on_common_times() -> None:
    with pytest.raises(InputError, match="name no cause"):
        plot_stack(axes(), result_rows({"measure": "event-free", "time": 0.0, "estimate": 1.0}))
    rows = result_rows({"cause": ["a", "a", "b"], "time": [0.0, 1.0, 0.0], "estimate": [0.0, 0.1, 0.0]})
    with pytest.raises(InputError, match="other times"):
        plot_stack(axes(), rows)


def test_the_flow_diagram_counts() -> None:
    flow = [
        FlowStep("Rows in the file", 0, 66),
        FlowStep("no consent", 4, 62, 1),
        FlowStep("second transplant", 3, 59),
    ]
    own = (FlowStep("no relapse date", 1, 58),)
    endpoints = [EndpointSummary("os", "OS", "", 59, {}, ()), EndpointSummary("pfs", "PFS", "", 58, {}, own)]
    texts = [text.get_text() for text in plot_flow(axes(), flow, endpoints).texts]
    words = " ".join(" ".join(texts).split())
    for wanted in (
        "(n = 66)",
        "Excluded (n = 7)",
        "No consent (n = 4, of whom 1 unknown)",
        "(n = 59)",
        "PFS (n = 58)",
    ):
        assert wanted in words
    assert "PFS" not in " ".join(text.get_text() for text in plot_flow(axes(), flow, endpoints[:1]).texts)


def test_the_screen_shows_every_level() -> None:
    rows = result_rows(
        {
            "term": ["sex", "sex", "sex"],
            "level": [None, "female", "male"],
            "at_risk": [59, 25, 34],
            "events": [43, 18, 25],
            "estimate": [None, 0.3, None],
            "low": [None, 0.15, None],
            "high": [None, 0.5, None],
            "p": [0.046, None, None],
            "p_adjusted": [0.3, None, None],
            "confidence": 0.9,
        }
    )
    facts = {
        "variables": ({"name": "sex", "label": "Sex"},),
        "adjust": "holm",
        "endpoint_label": "OS",
        "at": "5 years",
    }
    ax = plot_screen(axes(), rows, facts)
    texts = [text.get_text() for text in ax.texts]
    for wanted in ("Sex", "0.046", "0.30", "female", "30.0% (15.0–50.0)", "–", "P adj.", "% (90% CI)"):
        assert wanted in texts
    assert ax.get_xlabel() == "OS at 5 years\N{NO-BREAK SPACE}(%)"


def test_labels_are_text_and_never_mathematics_or_markup() -> None:
    label = "$x^2$ <script>alert(1)</script> & \\frac"
    rows = pl.concat([curve_rows(group=name) for name in (label, "b")])
    facts = {"axis": "time zero", "endpoint_label": label, "time_zero": label, "p_text_test": None}
    panel = Panel(rows, rows.filter(pl.col("time") <= 1), facts, label)
    drawing = save(Figure("x", "", "", lambda: draw_panels([panel, panel], label), DOUBLE))
    assert "script" not in drawing.svg
    assert "<!--" not in drawing.svg


def test_labels_in_any_script_do_not_stop_the_report() -> None:
    rows = pl.concat([curve_rows(group=name) for name in ("急性GVHD", "b")])
    panel = Panel(rows, rows, {"axis": "time zero", "endpoint_label": "全生存"}, "")
    assert save(Figure("x", "", "", lambda: draw_panels([panel]), 120.0)).png.startswith(b"\x89PNG")


def test_drawings_are_the_same_every_time(document: Document) -> None:
    figure = document.figures[-2]
    one, two = save(figure), save(figure)
    assert one == two
    assert b"/CreationDate" not in one.pdf
    assert b"/FontFile2" in one.pdf, "fonts are embedded as TrueType, so that text stays text"
    assert "dc:date" not in one.svg


def test_names_in_an_inlined_drawing_are_its_own(document: Document) -> None:
    drawing = save(document.figures[1])
    inside = inlined(drawing.svg, "figure2")
    names = re.findall(r'\bid="([^"]+)"', inside)
    assert len(names) == len(set(names))
    assert all(name.startswith("figure2-") for name in names)
    used = set(re.findall(r'href="#([^"]+)"', inside)) | set(re.findall(r"url\(#([^)]+)\)", inside))
    assert used <= set(names)
    opening = inside[: inside.index(">")]
    assert "viewBox" in opening
    assert " width=" not in opening
    assert " height=" not in opening


def test_simulated_figures_say_so_on_the_figure(results: Results, document: Document) -> None:
    for figure in document.figures:
        with journal():
            marks = [text.get_text() for text in figure.draw().texts]
        assert "Simulated data" in marks, figure.name


def test_text_is_measured_and_wrapped() -> None:
    assert text_width("", 7) == 0
    assert text_width("mm", 7) == pytest.approx(2 * text_width("m", 7), rel=0.05)
    lines = wrapped("one two three four", text_width("one two", 7) + 0.1, 7)
    assert lines == ["one two", "three", "four"]
    assert wrapped("a\N{NO-BREAK SPACE}b c", 0.1, 7) == ["a\N{NO-BREAK SPACE}b", "c"]
