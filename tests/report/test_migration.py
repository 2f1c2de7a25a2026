"""Patients between two protocols: nothing stands outside the figure."""

from __future__ import annotations

import pytest

from remission.core.vocabulary import result_rows
from remission.report.figures.migration import draw_migration

GROUPS = ("low", "intermediate or not decided for want of MRD", "high")


@pytest.mark.parametrize(
    "label", ["Risk", "Risk group (Interfant-06)", "Risk group of the trial as assigned at day 33"]
)
def test_all_words_are_inside(label: str) -> None:
    rows = result_rows({"group": GROUPS, "versus": GROUPS, "at_risk": [15, 18, 1234]})
    named = {"from_label": label, "to_label": label, "from_open": (), "to_open": ()}
    figure = draw_migration(rows, {**named, "from_groups": GROUPS, "to_groups": GROUPS})
    (ax,) = figure.axes
    assert {text.get_text().replace("\n", " ") for text in ax.texts} >= {label, "low (15)", "high (1,234)"}
    for text in ax.texts:
        box = text.get_window_extent()
        assert box.x0 >= 1, "bold letters may be wider than measured"
        assert box.x1 <= figure.bbox.x1 - 1
        assert box.y1 <= figure.bbox.y1
