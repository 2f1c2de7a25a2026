"""Files to raw rows: encodings, separators, ragged rows, sheets, and the files of statistics programs."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pandas as pd
import polars as pl
import pyreadstat
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from remission.cohort.reading.delimited import read_delimited
from remission.cohort.reading.read import read_file
from remission.cohort.reading.records import find_records
from remission.cohort.reading.table import Table


def rows_of(data: bytes, **options: str) -> list[tuple[object, ...]]:
    table, problems = read_delimited(data, "x.csv", **options)
    assert table is not None, problems
    assert not problems
    return [tuple(table.frame.columns), *table.frame.rows()]


def complaint(data: bytes, **options: str) -> str:
    _, problems = read_delimited(data, "x.csv", **options)
    assert problems
    return " | ".join(map(str, problems))


def table_of(data: bytes, **options: str) -> Table:
    table, _ = read_delimited(data, "x.csv", **options)
    assert table is not None
    return table


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"id,age\n1,61\n2,48\n", [("id", "age"), ("1", "61"), ("2", "48")]),
        (b"id;age\r\n1;61,5\r\n", [("id", "age"), ("1", "61,5")]),
        (b"id\tage\n1\t61", [("id", "age"), ("1", "61")]),
        (b"id|age\n1|61\n", [("id", "age"), ("1", "61")]),
        (b"id,age\r1,61\r2,48", [("id", "age"), ("1", "61"), ("2", "48")]),
        (b" id , age \n1,61\n", [("id", "age"), ("1", "61")]),
        (b'id,note\n1,"a, b"\n2,"one\ntwo"\n', [("id", "note"), ("1", "a, b"), ("2", "one\ntwo")]),
        (b'id,note\n1,"5"" needle"\n', [("id", "note"), ("1", '5" needle')]),
        (b"\n\nid,age\n\n1,61\n   \n2,48\n\n", [("id", "age"), ("1", "61"), ("2", "48")]),
        (b"\xef\xbb\xbfid,age\n1,61\n", [("id", "age"), ("1", "61")]),
        (b"id,age,\n1,61,\n", [("id", "age", "(column 3)"), ("1", "61", None)]),
        ("id,graft\n1,臍帯血\n".encode(), [("id", "graft"), ("1", "臍帯血")]),
        ("氏名,移植\n山田,骨髄\n".encode("cp932"), [("氏名", "移植"), ("山田", "骨髄")]),
        ("id,名前\n1,さい\n2,ソ連\n".encode("cp932"), [("id", "名前"), ("1", "さい"), ("2", "ソ連")]),
        ("id,age\n1,61\n".encode("utf-16"), [("id", "age"), ("1", "61")]),
        (b"id\n1\n2\n", [("id",), ("1",), ("2",)]),
    ],
)  # fmt: skip
def test_a_text_file_is_read_as_text(data: bytes, rows: list[tuple[object, ...]]) -> None:
    assert rows_of(data) == rows


def test_a_western_encoding_is_not_guessed_but_can_be_said() -> None:
    data = "id,name\n1,Müller\n2,Andréa\n3,Jérôme\n4,Zoë\n".encode("cp1252")
    assert "row 2 has letters in another encoding" in complaint(data)
    assert rows_of(data, encoding="cp1252")[2] == ("2", "Andréa")


def test_what_was_decided_is_told() -> None:
    table = table_of("氏名;移植\n山田;骨髄\n".encode("cp932"))
    assert table.encoding == "CP932"
    assert table.notes == ("Read as CP932, values separated by semicolon.",)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b"\n  \n", "the file is empty"),
        (b"id,age\n", "a header but no rows"),
        (
            b"id,age\n1,61\n2\n3,48,x\n4,50\n",
            "2 rows have 1 to 3 values where the header names 2 columns (row 3, row 4)",
        ),
        (b"id,age\n1,61\n2,48,x\n", "1 row has 3 values where the header names 2 columns (row 3)"),
        (b"id,age\n1,61,0\n2,48,1\n", "every row has 3 values"),
        (b"id,age,age\n1,2,3\n", '2 columns are named "age"'),
        (b"id,age\n1,\x0061\n", "NUL bytes (first in row 2)"),
        (b'id,note\n1,a "b" c\n', "row 2 has a quotation mark"),
        (b'id,note\n1,"a\n2,b\n', "row 2 has a quotation mark"),
        (b'id,note\n1,x\n2,"a" b\n', "row 3 has a quotation mark"),
    ],
)
def test_a_broken_text_file_is_told(data: bytes, words: str) -> None:
    assert words in complaint(data)


def test_the_rows_beside_ragged_ones_are_still_there() -> None:
    table = table_of(b'id,age\n1,61\n2\n3,"4\n8"\n4,5,6\n5,50\n')
    assert table.frame["id"].to_list() == ["1", "3", "5"]
    assert table.rows.tolist() == [2, 4, 6]


def test_declared_encodings_are_checked() -> None:
    assert '"utf-9" is no encoding' in complaint(b"id\n1\n", encoding="utf-9")
    assert "row 2 cannot be read" in complaint("id\né\n".encode("cp1252"), encoding="utf-8")


CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\0", exclude_categories=("Cc",)), max_size=8
)


@given(
    st.lists(
        st.lists(st.one_of(CELL, st.just("a\nb"), st.just('"')), min_size=3, max_size=3),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_is_quoted_comes_back(cells: list[list[str]]) -> None:
    cells = [["x", *row] for row in cells]
    quoted = ["p,q,r,s", *(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells)]
    table, problems = read_delimited("\n".join(quoted).encode(), "x.csv", separator=",")
    assert not problems
    assert table is not None
    assert [[cell or "" for cell in row] for row in table.frame.rows()] == cells


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_records_know_their_number_of_values(widths: list[int]) -> None:
    text = "".join(",".join(["v"] * width) + "\n" for width in widths).encode()
    assert find_records(text, ",").values.tolist() == widths


def workbook(path: Path) -> Path:
    book = xlsxwriter.Workbook(path)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("patients")
    for column, name in enumerate(["patient", "transplant", "age", "graft"]):
        sheet.write(2, column, name)
    sheet.write_row(3, 0, [1, None, 27.9605263157895, "BM"])
    sheet.write_datetime(3, 1, dt.datetime(2012, 5, 3), day)  # noqa: DTZ001
    sheet.write_row(5, 0, ["007", "2012-06", 1 / 3, True])
    book.add_worksheet("codes")
    book.close()
    return path


def test_a_sheet_is_read_with_every_digit_and_its_row_numbers(tmp_path: Path) -> None:
    (table, problems), digest = read_file(workbook(tmp_path / "patients.xlsx"), sheet="patients")
    assert not problems
    assert table is not None
    assert table.frame.rows() == [
        ("1", "2012-05-03 00:00:00", "27.9605263157895", "BM"),
        ("007", "2012-06", "0.3333333333333333", "true"),
    ]
    assert table.rows.tolist() == [4, 6]
    assert digest == hashlib.sha256((tmp_path / "patients.xlsx").read_bytes()).hexdigest()


def test_sheets_must_be_named_when_there_are_several(tmp_path: Path) -> None:
    path = workbook(tmp_path / "patients.xlsx")
    assert 'one of "patients", "codes"' in str(read_file(path)[0][1][0])
    assert 'has no sheet "Patients"' in str(read_file(path, sheet="Patients")[0][1][0])
    assert 'the sheet "codes" is empty' in str(read_file(path, sheet="codes")[0][1][0])
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    assert "no Excel file that can be read" in str(read_file(tmp_path / "broken.xlsx")[0][1][0])


@pytest.fixture
def coded() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "patient": ["a", "b", "c"],
            "sex": [0.0, 1.0, 0.0],
            "transplant": [dt.date(2012, 5, 3), None, dt.date(2013, 1, 1)],
            "age": [1.5, None, 2.0],
        }
    )


def test_spss_and_stata_bring_their_labels(tmp_path: Path, coded: pd.DataFrame) -> None:
    labels = {"sex": {0: "female", 1: "male"}}
    pyreadstat.write_sav(
        coded, tmp_path / "p.sav", variable_value_labels=labels, column_labels={"age": "Age"}
    )
    pyreadstat.write_dta(
        coded, tmp_path / "p.dta", variable_value_labels=labels, column_labels=["", "", "", "Age"]
    )
    for name in ("p.sav", "p.dta"):
        (table, problems), _ = read_file(tmp_path / name)
        assert not problems
        assert table is not None
        assert table.frame["transplant"].to_list() == [dt.date(2012, 5, 3), None, dt.date(2013, 1, 1)]
        assert table.frame["age"].to_list() == [1.5, None, 2.0]
        assert table.value_labels["sex"] == {"0": "female", "1": "male"}
        assert table.labels == {"age": "Age"}


def test_sas_and_parquet_are_read(tmp_path: Path, coded: pd.DataFrame) -> None:
    pyreadstat.write_xport(coded.drop(columns="transplant"), tmp_path / "p.xpt")
    (table, problems), _ = read_file(tmp_path / "p.xpt")
    assert not problems
    assert table is not None
    assert table.frame["age"].to_list() == [1.5, None, 2.0]
    pl.DataFrame({"patient": [1, 2], "day": [dt.date(2012, 1, 1), None]}).write_parquet(
        tmp_path / "p.parquet"
    )
    (table, problems), _ = read_file(tmp_path / "p.parquet")
    assert table is not None
    assert table.frame["day"].to_list() == [dt.date(2012, 1, 1), None]


@pytest.mark.parametrize("name", ["p.sav", "p.dta", "p.parquet", "p.sas7bdat"])
def test_files_that_are_not_what_they_are_named_are_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"this is text\n" * 50)
    (table, problems), _ = read_file(tmp_path / name)
    assert table is None
    assert len(problems) == 1


def test_a_file_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "patients.csv").write_text("id\n1\n")
    assert 'There is "patients.csv"' in str(read_file(tmp_path / "patient.csv")[0][1][0])
    (tmp_path / "patients.docx").write_text("")
    assert 'files named ".docx" are not known' in str(read_file(tmp_path / "patients.docx")[0][1][0])


def test_empty_rows_below_the_data_are_passed_over_and_counted(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("id,age\n1,61\n,\n,\n")
    (table, problems), _ = read_file(tmp_path / "p.csv")
    assert table is not None
    assert not problems
    assert table.frame.height == 1
    assert "Empty rows passed over: 2." in table.notes
