"""Typing: what cells become, and what is said of those that cannot be what was declared."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.cohort.cells.column import FileRules, TypedColumn, type_column
from remission.cohort.cells.guess import guess
from remission.cohort.cells.layout import layout
from remission.cohort.declare import ColumnDeclaration
from remission.core.clock import Clock


def typed(values: list[Any], rules: FileRules | None = None, **declared: Any) -> TypedColumn:
    series = pl.Series("raw", values, strict=False)
    return type_column("x", ColumnDeclaration(**declared), series, rules or FileRules())


def good(values: list[Any], rules: FileRules | None = None, **declared: Any) -> list[Any]:
    column = typed(values, rules, **declared)
    assert not column.bad, column.bad
    assert not column.problems
    return column.values.to_list()


def bad(values: list[Any], rules: FileRules | None = None, **declared: Any) -> list[tuple[str, list[int]]]:
    column = typed(values, rules, **declared)
    assert not column.problems
    assert all(column.values[row] is None for cells in column.bad for row in cells.rows.tolist())
    return [(cells.message, cells.rows.tolist()) for cells in column.bad]


def declined(**declared: Any) -> list[str]:
    return [str(problem) for problem in typed(["1"], **declared).problems]


def test_numbers() -> None:
    assert good(["61", " 48.5 ", "", None, "-1e3", "+2", ".5"], kind="number") == [
        61,
        48.5,
        None,
        None,
        -1000,
        2,
        0.5,
    ]
    assert good(["61,5", "48"], kind="number", decimal=",") == [61.5, 48.0]
    assert good([61.5, float("nan"), None], kind="number") == [61.5, None, None]
    assert good([61, 48], kind="number") == [61.0, 48.0]
    assert good(["<0.01", "0.5"], kind="number", codes={"<0.01": 0.005}) == [0.005, 0.5]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("12,5", '"12,5" has a decimal comma'),
        ("NA", '"NA" is no number'),
        ("<0.01", '"<0.01" is a limit, not a number'),
        ("12 mg", '"12 mg" has words after the number'),
        ("12x", '"12x" has words after the number'),
        ("１２", '"１２" is written in full-width digits'),
        ("nan", '"nan" is no number'),
        ("inf", '"inf" is no number'),
        ("1e999", '"1e999" is no number'),
        ("1.2.3", '"1.2.3" is no number'),
    ],
)
def test_what_is_no_number_is_told_with_its_kind_of_fault(value: str, words: str) -> None:
    assert bad(["1", value, "2", value], kind="number") == [(words, [1, 3])]


def test_a_point_is_told_where_the_decimal_mark_is_a_comma() -> None:
    found = bad(["1,5", "1.500", "1.500,5"], kind="number", decimal=",")
    assert found[0] == ('"1.500" has a point, where the decimal mark is a comma', [1])
    assert found[1][1] == [2]


def test_bad_values_are_shown_five_at_a_time() -> None:
    (message, rows), *others = bad([f"word {n}" for n in range(9)], kind="number")
    assert others == []
    assert message == '"word 0", "word 1", "word 2", "word 3", "word 4" and 4 other values are no numbers'
    assert rows == list(range(9))


@pytest.mark.parametrize(
    ("limit", "stands_for"),
    [
        ("<0.01", "0.005"),
        ("<0.00001", "0.000005"),
        ("< 10", "5"),
        (">500", "500"),
        ("≥ 2,5", "2.5"),
        ("<1e-4", "0.00005"),
        ("< 1E-05", "0.000005"),
        (">1,000", "1000"),
        ("<0,005", "0.0025"),
        ("<.01", "0.005"),
        ("> ,5", "0.5"),
        ("<\N{MINUS SIGN}2", "..."),
        ("<10^-4", "..."),  # what cannot be read is left to be said
        ("<10-4", "..."),
        ("<LOQ", "..."),
    ],
)
def test_a_limit_is_told_with_a_number_beyond_it(limit: str, stands_for: str) -> None:
    (cells,) = typed([limit, "0.5"], kind="number").bad
    assert f'codes = {{ "{limit}" = {stands_for} }}' in cells.repair


def test_ranges_take_their_limits_in() -> None:
    assert good(["0", "100"], kind="number", range=[0, 100]) == [0, 100]
    assert bad(["-1", "50", "101"], kind="number", range=[0, 100]) == [
        ('"-1", "101" are outside 0 to 100', [0, 2])
    ]
    found = bad(["1989-12-31", "1990-01-01"], kind="date", range=["1990-01-01", "2000-01-01"])
    assert found == [('"1989-12-31" is outside 1990-01-01 to 2000-01-01', [0])]


@pytest.mark.parametrize("values", [["99", "99.0", "1"], [99, 99, 1], [99.0, 99.0, 1.0]])
@pytest.mark.parametrize("code", [99, "99", 99.0])
def test_missing_codes_match_however_they_are_written(values: list[Any], code: Any) -> None:
    column = typed(values, FileRules(missing=(code,)), kind="number")
    assert column.values.to_list() == [None, None, 1.0]
    assert column.coded_missing == 2


def test_a_column_may_have_missing_codes_of_its_own() -> None:
    rules = FileRules(missing=(99,))
    assert good(["99", "1"], rules, kind="number", missing=[]) == [99.0, 1.0]
    assert good(["NE", "1"], rules, kind="number", missing=["NE"]) == [None, 1.0]


def test_times_become_days_and_cibmtr_months_whole_days() -> None:
    rules = FileRules(times_in="months", clock=Clock("months", 30.4))
    column = typed(["27.9605263157895", "0.0328947368421053", "116.842105263158"], rules, kind="time")
    assert column.values.to_list() == [850.0, 1.0, 3552.0]
    assert (column.column.kind, column.column.unit, column.column.is_time) == ("number", "days", True)
    assert good(["2", "3.5"], rules, kind="time", unit="weeks") == [14.0, 24.5]
    assert good(["0.67"], FileRules(times_in="months"), kind="time") == [0.67 * 30.4375]


def test_categories() -> None:
    column = typed(["2", "1", "2.0", ""], codes={"1": "90-100", "2": "< 90"})
    assert column.values.to_list() == ["< 90", "90-100", "< 90", None]
    assert (column.column.kind, column.column.levels) == ("category", ("90-100", "< 90"))
    assert good(["BM", "cord blood"], levels=["cord blood", "bone marrow"], codes={"BM": "bone marrow"}) == [
        "bone marrow",
        "cord blood",
    ]
    assert typed(["stage 10", "stage 2"], kind="category").column.levels == ("stage 2", "stage 10")
    assert good([1.0, 2.0], levels=["1", "2"]) == ["1", "2"]


def test_levels_that_were_not_declared_are_told_one_by_one() -> None:
    column = typed(["CR", "Cr", "PR", "xx", "Cr"], levels=["CR", "PR"])
    found = [(cells.message, cells.rows.tolist()) for cells in column.bad]
    assert found == [('"Cr" is no declared level', [1, 4]), ('"xx" is no declared level', [3])]
    assert 'Did you mean "CR"?' in column.bad[0].repair
    assert bad(["1", "3"], codes={"1": "a"}) == [('"3" is no declared code or level', [1])]


def test_marks_for_unknown_do_not_become_levels_by_themselves() -> None:
    assert bad(["a", "NA", "a"], kind="category") == [('"NA" looks like "not known"', [1])]
    assert bad(["1", "2", "NA", "2", "1"]) == [('"NA" is no declared level', [2])]


def test_yes_no() -> None:
    assert good(["1", "0", "1.0", None], kind="yes/no") == [True, False, True, None]
    assert good(["Yes", "no", "Y", "n", "TRUE", "false"], kind="yes/no") == [True, False] * 3
    assert good([True, False, None], kind="yes/no") == [True, False, None]
    assert bad(["1", "2"], kind="yes/no") == [('"2" is neither yes nor no', [1])]
    assert bad(["1", "NA"], kind="yes/no") == [('"NA" is neither yes nor no', [1])]


def test_codes_turn_a_yes_no_round_and_then_stand_alone() -> None:
    assert good(["0", "1"], codes={"0": "yes", "1": "no"}) == [True, False]
    assert good(["0", "1"], kind="yes/no", codes={"0": True, "1": False}) == [True, False]
    assert bad(["yes", "1"], kind="yes/no", codes={"1": "no"}) == [('"yes" is neither yes nor no', [0])]


def test_the_files_own_value_labels_are_levels_where_they_name_every_value() -> None:
    labels = {"0": "female", "1": "male"}
    named = type_column("x", ColumnDeclaration(), pl.Series([0.0, 1.0]), FileRules(), value_labels=labels)
    assert named.values.to_list() == ["female", "male"]
    some = type_column(
        "x", ColumnDeclaration(), pl.Series([61.0, 48.5]), FileRules(), value_labels={"99": "missing"}
    )
    assert some.values.to_list() == [61.0, 48.5]
    trap = type_column(
        "x", ColumnDeclaration(), pl.Series([0, 1]), FileRules(), value_labels={"0": "Yes", "1": "No"}
    )
    assert trap.values.to_list() == [True, False]


DAY = date(2012, 5, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2012-05-03", "2012/05/03", "2012.5.3", "20120503", "2012-05-03 00:00:00", "2012-05-03T00:00",
        "03-May-2012", "3 may 2012", "03MAY2012", "2012年5月3日",
    ],
)  # fmt: skip
def test_dates_that_mean_one_day_need_no_format(text: str) -> None:
    assert good([text, None], kind="date") == [DAY, None]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("03/05/2012", "DD/MM/YYYY"),
        ("3/5/2012", "dd/mm/yyyy"),
        ("05/03/2012", "MM/DD/YYYY"),
        ("03.05.2012", "%d.%m.%Y"),
        ("2012-03-05", "YYYY-DD-MM"),
        ("2012-05-03", "DD/MM/YYYY"),
        ("3-May-2012", "DD-MMM-YYYY"),
        ("41032", "excel"),
        ("2012-05-03 00:00:00", "excel"),
    ],
)
def test_dates_are_read_as_declared(text: str, form: str) -> None:
    assert good([text], kind="date", format=form) == [DAY]
    assert good([text], FileRules(dates=form), kind="date") == [DAY]


def test_typed_dates_stay() -> None:
    assert good([DAY, None], kind="date") == [DAY, None]
    column = typed([datetime(2012, 5, 3), datetime(2012, 5, 3, 10, 30)], kind="date")  # noqa: DTZ001
    assert column.values.to_list() == [DAY, DAY]
    assert column.notes == ("x: dates whose time of day was left out: 1.",)


def test_day_and_month_are_never_guessed() -> None:
    assert bad(["03/05/2012", "04/06/2012"], kind="date") == [
        ('"03/05/2012", "04/06/2012" may be day/month or month/day', [0, 1])
    ]
    assert len(bad(["13/05/2012", "05/13/2012"], kind="date")[0][1]) == 2
    column = typed(["03/05/2012", "31/05/2012"], kind="date")
    assert column.values.to_list() == [DAY, date(2012, 5, 31)]
    assert column.notes == ("x: read as day/month/year; different dates that can be nothing else: 1.",)
    assert typed(["05/03/2012", "05/31/2012"], kind="date").values.to_list() == [DAY, date(2012, 5, 31)]


@pytest.mark.parametrize(
    ("text", "form", "words"),
    [
        ("2012-02-31", None, "is no day of the calendar"),
        ("2011-02-29", None, "is no day of the calendar"),
        ("2012-13-01", None, "is no day of the calendar"),
        ("31/02/2012", "DD/MM/YYYY", "is no day of the calendar"),
        ("0212-05-03", None, "has an impossible year"),
        ("03/05/12", None, "has a year of two digits"),
        ("41032", None, "looks like an Excel day number"),
        ("41032", "DD/MM/YYYY", "looks like an Excel day number"),
        ("soon", None, "is no date"),
        ("soon", "DD/MM/YYYY", "is not written as DD/MM/YYYY"),
        ("soon", "excel", "is no Excel day number"),
        ("2012-05", None, "has no day"),
        ("2012", None, "has no day and month"),
        ("2012-05-UN", None, "has no day"),
        ("UN/05/2012", "DD/MM/YYYY", "has no day"),
        ("05/2012", None, "has no day"),
    ],
)
def test_impossible_dates_are_told(text: str, form: str | None, words: str) -> None:
    assert bad([text], kind="date", format=form) == [(f'"{text}" {words}', [0])]


@pytest.mark.parametrize(
    ("how", "month", "year"),
    [
        ("first", date(2012, 2, 1), date(2012, 1, 1)),
        ("middle", date(2012, 2, 15), date(2012, 7, 1)),
        ("last", date(2012, 2, 29), date(2012, 12, 31)),
    ],
)
def test_partial_dates_are_completed_as_declared_and_counted(how: str, month: date, year: date) -> None:
    column = typed(
        ["2012-02", "02/2012", "2012-02-00", "2012", "2012-00-00", "2012-05-03"], kind="date", partial=how
    )
    assert column.values.to_list() == [month, month, month, year, year, DAY]
    assert [note[-3:] for note in column.notes] == [" 3.", " 2."]
    assert "dates without day, put on" in column.notes[0]
    assert "dates without day and month, put on" in column.notes[1]


def test_two_digit_years_need_a_range_that_tells_the_century() -> None:
    span = {"kind": "date", "format": "DD/MM/YY", "range": ["1930-01-01", "2024-12-31"]}
    assert good(["03/05/12", "03/05/55"], **span) == [DAY, date(1955, 5, 3)]
    assert bad(["03/05/28"], **span)[0][0] == '"03/05/28" has a year whose century is open'
    assert "leave the century open" in declined(kind="date", format="DD/MM/YY")[0]
    assert (
        "leave the century open"
        in declined(kind="date", format="DD/MM/YY", range=["1900-01-01", "2024-01-01"])[0]
    )


@given(
    st.dates(date(1850, 1, 1), date(2150, 12, 31)),
    st.sampled_from(["DD/MM/YYYY", "MM-DD-YYYY", "YYYYMMDD", "D.M.YYYY"]),
)
def test_every_day_survives_every_format(day: date, form: str) -> None:
    written = (
        (
            form.replace("YYYY", f"{day.year:04}")
            .replace("DD", f"{day.day:02}")
            .replace("MM", f"{day.month:02}")
        )
        .replace("D", str(day.day))
        .replace("M", str(day.month))
    )
    assert good([written], kind="date", format=form) == [day]


@given(st.integers(1, 70_000))
def test_excel_day_numbers_count_from_the_end_of_1899(number: int) -> None:
    expected = date(1899, 12, 30) + timedelta(days=number)
    assert good([str(number)], kind="date", format="excel") == [expected]


@pytest.mark.parametrize("text", ["DD/MM", "MM/YYYY", "DD/DD/YYYY", "DD/MM/YYYYY", "day", ""])
def test_formats_need_a_day_a_month_and_a_year(text: str) -> None:
    assert layout(text) is None
    assert "does not say how dates are written" in declined(kind="date", format=text)[0]


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"kind": "number", "levels": ["a"]}, "`levels` belongs to category"),
        ({"kind": "number", "ordered": True}, "`ordered` belongs to category"),
        ({"kind": "date", "codes": {"1": "a"}}, "`codes` belongs to"),
        ({"kind": "category", "range": [0, 1]}, "`range` belongs to number or time or date"),
        ({"kind": "number", "format": "DD/MM/YYYY"}, "`format` belongs to date"),
        ({"kind": "number", "partial": "first"}, "`partial` belongs to date"),
        ({"kind": "yes/no", "decimal": ","}, "`decimal` belongs to"),
        ({"kind": "category", "levels": ["a", "a"]}, 'the level "a" is named twice'),
        ({"kind": "category", "levels": ["cr"], "codes": {"1": "CR"}}, 'Did you mean "cr"?'),
        ({"kind": "yes/no", "codes": {"1": "maybe"}}, "not yes or no"),
        ({"kind": "number", "codes": {"1": "one"}}, "which is no number"),
        ({"kind": "number", "range": [2, 1]}, "begins after its end"),
        ({"kind": "number", "range": ["2000-01-01", "2001-01-01"]}, "has two numbers"),
        ({"kind": "date", "range": [0, 1]}, "has two dates"),
        ({"kind": "time", "unit": "cm"}, 'a time has no unit "cm"'),
    ],
)
def test_declarations_that_contradict_themselves_are_told(declared: dict[str, Any], words: str) -> None:
    assert any(words in problem for problem in declined(**declared))


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["0", "1", "1"], "yes/no"),
        (["yes", "NO"], "yes/no"),
        (["1", "1"], "number"),
        (["1", "2", "2", "1"], "category"),
        (["6", "8"], "number"),
        (["61.5", "48"], "number"),
        ([*map(str, range(1, 40)), "12x"], "number"),
        (["2008", "2009", "2010"], "number"),
        (["2012-05-03", "2013-01-01"], "date"),
        (["20120503", "20130101"], "date"),
        (["03/05/2012", "31/05/2012"], "date"),
        (["AML", "ALL", "AML", "ALL"], "category"),
        (["a long remark", "another", "a third", "a fourth", "a fifth"], "text"),
        (["61", "unknown", "48.5", "50"], "number"),
        ([None, None], "text"),
        (["NA"], "text"),
    ],
)
def test_kinds_are_guessed_from_the_look_of_the_values(values: list[str | None], kind: str) -> None:
    assert guess(pl.Series(values, dtype=pl.String)).kind == kind


def test_the_kind_that_was_guessed_is_told() -> None:
    assert typed(["61", "48.5"]).notes == ("x: read as number.",)
    assert typed(["1", "2", "1", "2"]).notes == ("x: read as category (1, 2).",)


def test_numbers_with_commas_are_not_silently_taken_for_text() -> None:
    """An undeclared column of ages written 45,5 must be told, not left out of Table 1 as text."""
    ages = pl.Series(["45,5", "61,25", "38", "1,450", "52,5", "29,75", "33,5", "70,1", "66", "41,2"])
    assert guess(ages).kind == "number"
    typed = type_column("age", ColumnDeclaration(), ages, FileRules())
    told = [(cells.message, cells.repair) for cells in typed.bad]
    assert any("decimal comma" in message and 'decimal = ","' in repair for message, repair in told)
