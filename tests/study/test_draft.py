"""First study files: always valid, never written over anything, and as far as possible ready to run."""

from __future__ import annotations

import tomllib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.cohort.sniff import Sniffed, sniff
from remission.core.problems import StudyProblems
from remission.study.draft import draft, write_draft
from remission.study.parts import read_parts
from remission.study.places import Places
from remission.study.prepare import check

DATED = """\
patient,age,sex,transplant_date,relapse_date,death_date,last_contact,acute_gvhd,acute_gvhd_date,ferritin
p1,61,F,2010-01-10,,2011-03-01,2011-03-01,1,2010-03-01,99999
p2,48,M,2010-05-02,2010-09-01,2010-12-24,2010-12-24,0,,812
p3,55,F,2011-02-14,,,2016-01-31,0,,410.5
p4,39,M,2011-08-30,,,2015-06-30,1,2011-09-20,93
"""
REGISTRY = """\
dcrid,age,intxsurv,dead,intxrel,rel,trm,d100agvhd24
1,61,12.5,1,12.5,0,1,99
2,48,6.2,1,3.1,1,0,1
3,55,50.1,0,50.1,0,0,0
4,39,44.4,0,44.4,0,0,0
"""


def raw_of(text: str) -> dict[str, object]:
    """What the draft says; it must be a study file without faults."""
    raw = tomllib.loads(text)
    assert read_parts(raw, Places.of(text, raw))[1] == ()
    return raw


def drafted(folder: Path, rows: str) -> Path:
    (folder / "patients.csv").write_text(rows, encoding="utf-8")
    write_draft(folder / "patients.csv", folder / "study.toml")
    return folder / "study.toml"


def test_a_dated_file_runs_as_drafted(tmp_path: Path) -> None:
    path = drafted(tmp_path, DATED)
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    assert raw["cohort"]["id"] == "patient"
    assert raw["cohort"]["time_zero"] == "transplant_date"
    assert raw["cohort"]["baseline"] == ["age", "sex", "ferritin"]
    assert raw["columns"]["acute_gvhd"] == {"kind": "yes/no", "known_at": "acute_gvhd_date"}
    assert raw["columns"]["ferritin"]["missing"] == [99999]
    assert raw["endpoints"]["os"] == {
        "definition": "overall-survival",
        "death": "death_date",
        "last": "last_contact",
    }
    assert raw["endpoints"]["relapse"] == {"definition": "relapse-incidence", "same_as": "pfs"}
    assert [entry["kind"] for entry in raw["analysis"]] == ["characteristics", "follow_up", "curves"]
    assert check(path) == ()


def test_a_date_is_drafted_with_its_yes_no(tmp_path: Path) -> None:
    """Otherwise a relapse coded "not known" would count as none."""
    lines = DATED.splitlines()
    rows = [f"{lines[0]},relapse", *(f"{line},{code}" for line, code in zip(lines[1:], "0119", strict=True))]
    rows[-1] += "9"
    path = drafted(
        tmp_path, "\n".join(rows).replace("p3,55,F,2011-02-14,,", "p3,55,F,2011-02-14,2012-01-01,")
    )
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    assert raw["endpoints"]["pfs"]["relapse"] == {"time": "relapse_date", "status": "relapse"}
    assert raw["columns"]["relapse"]["missing"] == [99]
    (problem,) = {problem.ids for problem in check(path)}
    assert problem == ("p4",)


def test_a_registry_file_runs_as_drafted(tmp_path: Path) -> None:
    path = drafted(tmp_path, REGISTRY)
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    assert "time_zero" not in raw["cohort"]
    assert raw["cohort"]["unit"] == "months"
    assert raw["columns"]["d100agvhd24"] == {"kind": "yes/no", "missing": [99], "known_at": "100 days"}
    assert raw["endpoints"]["relapse"] == {
        "definition": "relapse-incidence",
        "time": "intxrel",
        "relapse": "rel",
        "death_without_relapse": "trm",
    }
    assert check(path) == ()


def test_every_guess_is_marked(tmp_path: Path) -> None:
    text = drafted(tmp_path, DATED).read_text(encoding="utf-8")
    columns = text.split("[columns]")[1].split("[derived]")[0]
    entries = [line for line in columns.splitlines() if " = {" in line and not line.startswith("#")]
    assert len(entries) == 9
    assert all("# CONFIRM" in line for line in entries)


def test_no_value_of_a_patient_stands_in_a_comment(tmp_path: Path) -> None:
    rows = [line.split(",") for line in DATED.splitlines()]
    header, *patients = [[*row, "note" if not number else f"met{number}"] for number, row in enumerate(rows)]
    text = drafted(tmp_path, "\n".join(",".join(row) for row in [header, *patients])).read_text(
        encoding="utf-8"
    )
    columns = text.split("[columns]")[1].split("[derived]")[0]
    assert not any(
        cell in columns for row in patients for cell in row if "-" in cell or cell.startswith("met")
    )
    assert "4 of 4 known, 39 to 61" in columns
    assert "transplant_date" in columns
    assert "4 of 4 known, 2010 to 2011" in columns
    assert "3 of 4 known, 93 to 812" in columns  # ferritin without its code for not known
    assert "such as" not in columns


def test_a_file_without_dates_or_times_still_gets_a_study(tmp_path: Path) -> None:
    path = drafted(tmp_path, "name,colour\na,red\nb,blue\n")
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    assert "endpoints" not in raw
    assert raw["cohort"]["id"] == "row number"
    assert check(path) == ()


def test_the_data_are_named_from_the_study(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "studies").mkdir()
    (tmp_path / "data" / "patients.csv").write_text(DATED)
    out = tmp_path / "studies" / "first.toml"
    write_draft(tmp_path / "data" / "patients.csv", out)
    assert tomllib.loads(out.read_text(encoding="utf-8"))["cohort"]["file"] == "../data/patients.csv"
    assert check(out) == ()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = drafted(tmp_path, DATED)
    path.write_text("mine")
    with pytest.raises(StudyProblems, match="--force"):
        write_draft(tmp_path / "patients.csv", path)
    assert path.read_text() == "mine"
    write_draft(tmp_path / "patients.csv", path, replace=True)
    assert check(path) == ()


@pytest.mark.parametrize("name", ["folder", "patients.csv/x", "not/there.toml"])
def test_places_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "patients.csv").write_text(DATED)
    (tmp_path / "folder").mkdir()
    with pytest.raises(StudyProblems):
        write_draft(tmp_path / "patients.csv", tmp_path / name, replace=True)
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "patients.csv"}


def test_data_that_cannot_be_read_write_nothing(tmp_path: Path) -> None:
    with pytest.raises(StudyProblems):
        write_draft(tmp_path / "absent.csv", tmp_path / "study.toml")
    assert list(tmp_path.iterdir()) == []


_CELLS = st.one_of(
    st.none(),
    st.sampled_from(["", "99", "NA", "1", "0", "2012-05-31", "31/05/2012", "3,5", "-1", "yes"]),
    st.text(max_size=6),
)
_NAMES = st.one_of(
    st.sampled_from(
        ["id", "age", "transplant_date", "death_date", "last_contact", "relapse_date", "dead", "rel"]
    ),
    st.sampled_from(
        ["intxsurv", "intxrel", "trm", "年齢", "a.b", 'say "x"', "back\\slash", "new\nline", "#", "\x7f"]
    ),
    st.text(max_size=5),
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_draft_is_always_a_study_file_without_faults(data: st.DataObject) -> None:
    names = data.draw(st.lists(_NAMES, min_size=1, max_size=6, unique=True))
    rows = data.draw(st.integers(1, 5))
    columns = {name: data.draw(st.lists(_CELLS, min_size=rows, max_size=rows)) for name in names}
    seen = sniff(pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)))
    text = draft(seen, data.draw(_NAMES), sheet=data.draw(st.none() | _NAMES))
    raw = raw_of(text)
    named = set(raw.get("columns", {}))  # type: ignore[call-overload]
    assert named == set(names) - {seen.id}


def test_labels_of_the_file_itself_are_kept() -> None:
    frame = pl.DataFrame({"graft": ["1", "2", "1"]})
    seen: Sniffed = sniff(
        frame, labels={"graft": "Graft source"}, value_labels={"graft": {"1": "BM", "2": "PB"}}
    )
    raw = raw_of(draft(seen, "x.sav"))
    assert raw["columns"] == {
        "graft": {"kind": "category", "label": "Graft source", "codes": {"1": "BM", "2": "PB"}}
    }


def test_real_registries_get_drafts_without_faults(shared_data: Path, tmp_path: Path) -> None:
    for number, name in enumerate(
        ["cibmtr/CK1901.csv", "transplant/bmt.csv", "transplant/bone_marrow_children.csv"]
    ):
        out = tmp_path / f"{number}.toml"
        write_draft(shared_data / name, out)
        raw = raw_of(out.read_text(encoding="utf-8"))
        assert raw["endpoints"]["os"]["definition"] == "overall-survival"  # type: ignore[index]
