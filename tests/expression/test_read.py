"""Reading matrices: which way they stand, scales, names, and everything that is wrong at once."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from remission.core.problems import InputError, StudyProblems
from remission.expression.matching import match_samples
from remission.expression.matrix import Expression
from remission.expression.probes import one_row_each, read_annotation, to_genes
from remission.expression.read import read_expression
from remission.expression.scale import log2_of, recognise_scale
from remission.expression.symbols import spoiled

VALUES = np.array([[7.1, 8.2, 6.4], [5.0, np.nan, 4.4], [11.0, 10.5, 9.9]])
GENES, SAMPLES = ("MCL1", "BCL2", "TP53"), ("p1", "p2", "p3")


def text(separator: str = ",", head: str = "gene", *, turned: bool = False) -> str:
    values = VALUES.T if turned else VALUES
    rows, columns = (SAMPLES, GENES) if turned else (GENES, SAMPLES)
    lines = [separator.join((head, *columns))]
    lines += [
        separator.join((name, *("" if np.isnan(x) else f"{x}" for x in row)))
        for name, row in zip(rows, values, strict=True)
    ]
    return "\n".join(lines) + "\n"


def written(folder: Path, content: str | bytes, name: str = "m.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (text(), "m.csv"),
        (text("\t"), "m.tsv"),
        (text(";"), "m.csv"),
        (gzip.compress(text().encode(), mtime=0), "m.csv.gz"),
        ("\ufeff" + text(), "m.csv"),
        (text().replace("\n", "\r\n"), "m.csv"),
        (text(head="Patient ID", turned=True), "m.csv"),
        (text("\t").partition("\t")[2], "from-r.txt"),
    ],
    ids=["commas", "tabs", "semicolons", "compressed", "marked", "windows", "turned", "from R"],
)
def test_the_same_matrix_from_any_text(tmp_path: Path, content: str | bytes, name: str) -> None:
    rows = "genes" if name == "from-r.txt" else None
    matrix = read_expression(written(tmp_path, content, name), rows=rows)
    assert matrix.genes == GENES
    assert matrix.samples == SAMPLES
    np.testing.assert_array_equal(matrix.values, VALUES)
    assert matrix.scale == "log2"


def test_which_way_is_told_and_asked_where_it_cannot_be_known(tmp_path: Path) -> None:
    assert "rows" in read_expression(written(tmp_path, text())).notes[0]
    neither = "x,a,b\nc,1,2\nd,3,4\n"
    with pytest.raises(InputError, match="which way"):
        read_expression(written(tmp_path, neither))
    assert read_expression(written(tmp_path, neither), rows="samples").samples == ("c", "d")


def test_decimal_commas_are_a_problem_until_they_are_said(tmp_path: Path) -> None:
    file = written(tmp_path, text(";").replace(".", ","))
    with pytest.raises(StudyProblems, match="no numbers") as told:
        read_expression(file)
    assert "MCL1, p1" in str(told.value)
    np.testing.assert_array_equal(read_expression(file, decimal=",").values, VALUES)


def test_everything_wrong_with_the_names_is_told_at_once(tmp_path: Path) -> None:
    content = "gene,p1,p2,p2\n1-Mar,1,2,3\n2001-09-02,4,5,6\n,1,1,1\n"
    with pytest.raises(StudyProblems) as told:
        read_expression(written(tmp_path, content))
    words = str(told.value)
    assert "1-Mar (was MARCH1)" in words
    assert "2001-09-02 (was SEPT2)" in words
    assert "twice" in words
    assert "no name" in words
    assert len(told.value.problems) == 3


def test_numbers_of_days_are_entrez_numbers_among_numbers() -> None:
    assert spoiled(["43891", "TP53", "MYC"]) == {"43891": ""}
    assert spoiled(["43891", "7157", "4609"]) == {}


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([[0.1, 15.0]], "log2"),
        ([[-3.0, 8.0]], "log2"),
        ([[0, 1500]], "counts"),
        ([[0.5, 1500.2]], "intensity"),
    ],
)
def test_scales_are_recognised(values: list[list[float]], scale: str) -> None:
    assert recognise_scale(np.array(values, dtype=float))[0] == scale


def test_mixed_scales_are_told_with_the_samples(tmp_path: Path) -> None:
    content = "gene,p1,p2,p3\nMCL1,7.1,8.2,400.5\nBCL2,5.0,6.0,31.5\n"
    with pytest.raises(StudyProblems) as told:
        read_expression(written(tmp_path, content), scale="intensity")
    assert told.value.problems[0].ids == ("p3",)


def test_values_that_do_not_fit_a_scale_that_was_said(tmp_path: Path) -> None:
    content = "gene,p1,p2\nMCL1,-7.1,8.2\nBCL2,5.0,6.5\n"
    with pytest.raises(StudyProblems) as told:
        read_expression(written(tmp_path, content), scale="counts")
    assert len(told.value.problems) == 2
    with pytest.raises(InputError, match="negative"):
        read_expression(written(tmp_path, "gene,p1\nMCL1,-7\nBCL2,5000\n"))


def test_logarithms_are_not_as_large_as_intensities(tmp_path: Path) -> None:
    content = "gene,p1,p2\nMCL1,710,820\nBCL2,5.0,6.5\n"
    assert read_expression(written(tmp_path, content)).scale == "intensity"
    with pytest.raises(StudyProblems, match="2 values are above 40, up to 820") as told:
        read_expression(written(tmp_path, content), scale="log2")
    assert "MCL1" in told.value.problems[0].message


def test_cells_and_names_are_told_together(tmp_path: Path) -> None:
    with pytest.raises(StudyProblems) as told:
        read_expression(written(tmp_path, "gene,p1,p2\nMCL1,x,8.2\n1-Mar,5.0,6.5\n"))
    assert len(told.value.problems) == 2


def test_files_without_values_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is empty"):
        read_expression(written(tmp_path, ""))
    with pytest.raises(InputError, match="no values"):
        read_expression(written(tmp_path, "gene,p1,p2\n"), scale="log2")


def test_genes_in_several_rows_need_a_rule(tmp_path: Path) -> None:
    file = written(tmp_path, "gene,p1,p2\nMCL1,1,2\nBCL2,5,6\nMCL1,3,\n")
    with pytest.raises(InputError, match="several rows"):
        read_expression(file)
    mean = read_expression(file, duplicates="mean")
    assert mean.genes == ("MCL1", "BCL2")
    np.testing.assert_array_equal(mean.values[0], [2.0, 2.0])
    highest = read_expression(file, duplicates="highest mean")
    np.testing.assert_array_equal(highest.values[0], [3.0, np.nan])
    widest = one_row_each(["a", "a"], np.array([[5.0, 5.1], [1.0, 4.0]]), "widest")[1]
    np.testing.assert_array_equal(widest, [[1.0, 4.0]])


def test_probes_become_genes_by_an_annotation(tmp_path: Path) -> None:
    matrix = written(tmp_path, "ID_REF,p1,p2\n1_at,7,8\n2_at,9,9\n3_at,1,2\n4_at,5,5\n")
    table = written(tmp_path, "probe,gene\n1_at,MCL1\n2_at,MCL1\n3_at,A /// B\n4_at,BCL2\n", "a.csv")
    made = read_expression(matrix, annotation=table)
    assert made.genes == ("MCL1", "BCL2")
    np.testing.assert_array_equal(made.values, [[9.0, 9.0], [5.0, 5.0]])
    assert any("3 of 4 probes" in note for note in made.notes)
    assert not any("rule: mean" in note for note in made.notes)
    twice = written(tmp_path, "ID_REF,p1,p2\n1_at,7,8\n1_at,9,9\n4_at,5,5\n", "twice.csv")
    doubled = read_expression(twice, annotation=table)
    np.testing.assert_array_equal(doubled.values, [[8.0, 8.5], [5.0, 5.0]])
    assert "Names that stood in several rows: 1; rule: mean." in doubled.notes
    with pytest.raises(InputError, match="another platform"):
        to_genes(made, {"x_at": "MCL1"})


@pytest.mark.parametrize(
    "content",
    [
        "probe\tgene\n1_at\tMCL1\n4_at\tBCL2\n",
        "probe,gene\n1_at,MCL1\n4_at,BCL2\n",
        "#GPL96\n#a, b, c\nID;Gene Symbol;title\n1_at;MCL1;d\u00e9riv\u00e9\n4_at;BCL2;x\n".encode("cp1252"),
    ],
    ids=["tabs", "commas", "semicolons, Western letters"],
)
def test_annotations_as_they_come(tmp_path: Path, content: str | bytes) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "a.txt").write_bytes(data)
    assert read_annotation(tmp_path / "a.txt") == {"1_at": "MCL1", "4_at": "BCL2"}
    (tmp_path / "gz.txt").write_bytes(gzip.compress(data, mtime=0))
    assert read_annotation(tmp_path / "gz.txt") == {"1_at": "MCL1", "4_at": "BCL2"}


def test_annotations_that_are_no_table_are_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="as many cells"):
        read_annotation(written(tmp_path, "probe,gene\n1_at,MCL1,BCL2\n", "a.csv"))
    with pytest.raises(InputError, match="cannot be read as a table"):
        read_annotation(written(tmp_path, "# nothing\n", "a.csv"))
    with pytest.raises(InputError, match="no file"):
        read_annotation(tmp_path / "absent.csv")


SERIES = """!Series_title\t"A study"
!Series_platform_id\t"GPL96"
!Sample_title\t"child 1"\t"child 2"
!Sample_geo_accession\t"GSM1"\t"GSM2"
!series_matrix_table_begin
"ID_REF"\t"GSM1"\t"GSM2"
"1007_s_at"\t7.5\t8.25
"1053_at"\tnull\t6
!series_matrix_table_end
"""


def test_a_geo_series_matrix(tmp_path: Path) -> None:
    file = written(tmp_path, gzip.compress(SERIES.encode(), mtime=0), "GSE1_series_matrix.txt.gz")
    matrix = read_expression(file)
    assert matrix.samples == ("GSM1", "GSM2")
    assert matrix.genes == ("1007_s_at", "1053_at")
    np.testing.assert_array_equal(matrix.values, [[7.5, 8.25], [np.nan, 6.0]])
    assert "GPL96" in matrix.notes[0]
    assert read_expression(file, names="title").samples == ("child 1", "child 2")
    broken = written(tmp_path, SERIES.replace("!series_matrix_table_end", ""), "broken.txt")
    with pytest.raises(InputError, match="not complete"):
        read_expression(broken)
    ragged = written(tmp_path, SERIES.replace("7.5\t", "7.5\t7.5\t"), "ragged.txt")
    with pytest.raises(InputError, match=r"ragged\.txt.*as many cells"):
        read_expression(ragged)


def test_infinite_cells_are_no_numbers(tmp_path: Path) -> None:
    with pytest.raises(StudyProblems, match=r'2 cells are no numbers: "-Inf" \(MCL1, p2\), "inf"'):
        read_expression(written(tmp_path, "gene,p1,p2\nMCL1,7,-Inf\nBCL2,inf,6\n"))


def test_h5ad(tmp_path: Path) -> None:
    import anndata  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    stored = anndata.AnnData(
        np.nan_to_num(VALUES.T), obs=pd.DataFrame(index=SAMPLES), var=pd.DataFrame(index=GENES)
    )
    stored.write_h5ad(tmp_path / "m.h5ad")
    matrix = read_expression(tmp_path / "m.h5ad")
    assert matrix.genes == GENES
    np.testing.assert_allclose(matrix.values, np.nan_to_num(VALUES), rtol=1e-6)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "gene\n",
        "gene,p1\nMCL1,1,2,3\n",
        gzip.compress(b"gene,p1\nA,1\n", mtime=0)[:20],
        b"\x00\x01\x02\xff" * 50,
    ],
    ids=["empty", "no samples", "ragged", "cut off", "binary"],
)
def test_what_is_no_matrix_is_said_plainly(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises((InputError, StudyProblems)):
        read_expression(written(tmp_path, content, "m.csv"))
    with pytest.raises(InputError, match="no file"):
        read_expression(tmp_path / "absent.csv")


def test_intensities_go_on_the_log2_scale_and_counts_do_not() -> None:
    raw = Expression(("g",), ("a", "b"), np.array([[0.0, 7.0]]), "intensity")
    np.testing.assert_array_equal(log2_of(raw).values, [[0.0, 3.0]])
    assert log2_of(log2_of(raw)).values is not None
    with pytest.raises(InputError, match="depth"):
        log2_of(Expression(("g",), ("a",), np.array([[3.0]]), "counts"))
    with pytest.raises(InputError, match="above 0"):
        log2_of(raw, 0.0)


def matrix(*samples: str) -> Expression:
    return Expression(("g",), samples, np.arange(float(len(samples)))[None, :], source="m.csv")


def test_samples_are_matched_letter_for_letter_in_the_order_of_the_cohort() -> None:
    matched, problems = match_samples(matrix("c", "a", "x"), ["a", "b", "c"])
    assert matched.samples == ("a", "c")
    assert problems == ()


@pytest.mark.parametrize("name", ["p-01", "P1", "X1", "p 1", "P_001"])
def test_names_that_are_nearly_alike_are_told_and_never_matched(name: str) -> None:
    wanted = "1" if name == "X1" else "p.1"
    matched, (problem,) = match_samples(matrix(name, "q9"), [wanted, "q9"])
    assert matched.samples == ("q9",)
    assert problem.ids == (wanted,)
    assert name in problem.message


def test_a_matrix_that_stands_the_other_way_is_recognised() -> None:
    turned = Expression(("p1", "p2"), ("MCL1", "BCL2"), np.ones((2, 2)))
    (problem,) = match_samples(turned, ["p1", "p2"])[1]
    assert 'rows = "samples"' in problem.repair
    (problem,) = match_samples(matrix("q1"), ["p2"])[1]
    assert "no sample is a patient" in problem.message
