"""Tables of many columns: nothing is cut off, and no number breaks in the middle."""

from __future__ import annotations

from remission.report.document import Document, HeaderCell, Row, Table
from remission.report.figures.style import text_width
from remission.report.html import render
from remission.report.word import TEXT_WIDTH
from remission.report.word_tables import FIRST, PADDING, SIZE, _parted, _widths

HEADS = (
    "",
    *[f"Group {number} (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}1,234)" for number in range(5)],
    "SMD",
    "P",
)
LABEL = "Time from diagnosis to transplantation, months, median (range)"
CELLS = (LABEL, *["53.3 (18.0–83.4)"] * 5, "0.67", "<0.001\N{NO-BREAK SPACE}(a)")
WIDE = Table(
    "wide",
    "Patient characteristics",
    (tuple(HeaderCell(head) for head in HEADS),),
    (Row(CELLS), Row(("peripheral blood", *["4,138 (75.6)"] * 5, "", ""), "level")),
    ("left", *["right"] * 7),
)


def test_columns_of_a_full_page_hold_their_longest_word_and_the_first_stays_readable() -> None:
    widths = _widths(WIDE, TEXT_WIDTH)
    assert sum(widths) <= TEXT_WIDTH + 0.01
    assert widths[0] >= FIRST - 4.0
    for width, cell in zip(widths[1:], CELLS[1:], strict=True):
        longest = max(text_width(word, SIZE) for word in cell.split(" "))
        assert width >= longest + PADDING - 0.01, cell


def test_a_range_that_does_not_fit_breaks_before_its_bracket() -> None:
    assert _parted("53.3 (18.0–83.4)", 20.0) == "53.3\n(18.0–83.4)"
    assert _parted("53.3 (18.0–83.4)", 40.0) == "53.3 (18.0–83.4)"
    assert _parted("4,138 (75.6)", 5.0) == "4,138 (75.6)"


def test_wide_tables_are_set_smaller_on_the_page_and_their_ranges_do_not_break() -> None:
    page = render(Document("Study", "", (WIDE,)), {})
    assert '<figure class="table wide"' in page
    assert "53.3 (18.0–\N{WORD JOINER}83.4)" in page


def test_the_name_of_a_variable_stands_on_one_line_where_there_is_room() -> None:
    heads = (HeaderCell(""), HeaderCell("All patients"))
    name = "Performance status (Karnofsky)"
    rows = (Row((name, "241"), "variable"), Row(("90-100", "137"), "level"))
    table = Table("one", "Patients", (heads,), rows, ("left", "right"))
    assert _widths(table, TEXT_WIDTH)[0] >= text_width(name, SIZE) + PADDING


def test_columns_of_words_give_way_before_those_of_numbers() -> None:
    ratio, words = "1.13 (0.65–1.94)", "Groups by what happened later, which is biased by immortal time " * 2
    heads = tuple(HeaderCell(head) for head in ("", "HR (95% CI)", "What is compared"))
    table = Table(
        "two", "Ways", (heads,), (Row(("Naive (biased)", ratio, words)),), ("left", "right", "left")
    )
    widths = _widths(table, 120.0)
    assert sum(widths) <= 120.01
    assert widths[1] >= text_width(ratio, SIZE) + PADDING - 0.01
