"""The first look at a file: proposals a person can correct."""

from __future__ import annotations

from pathlib import Path

import pytest

from remission.cohort.names import dated_by, known_by_day, may_be_later, role, unit
from remission.cohort.sniff import Proposal, Sniffed, sniff_file
from tests.cohort.study import with_file

HEADER = "upn,transplant_date,death_date,last_contact,age,wbc,graft,kps,cr_after,cr_after_date"
ROWS = f"""{HEADER},relapse,d100_gvhd,birth
1,2012-05-03,,2015-01-01,61,3.5,BM,1,0,,0,1,03/04/1950
2,2012-06-01,2013-01-01,2013-01-01,48,4.5,PB,2,1,2012-07-01,1,0,04/05/1951
3,2012-07-01,,2015-01-01,30,999,BM,99,0,,0,NA,01/02/1990
4,2012-08-01,,2015-01-01,15,7.25,PB,1,0,,0,1,01/02/2000
"""


@pytest.fixture
def seen(tmp_path: Path) -> Sniffed:
    sniffed, problems = sniff_file(with_file(tmp_path, ROWS) / "patients.csv")
    assert sniffed is not None
    assert not problems
    return sniffed


def test_ids_and_the_time_zero_are_proposed(seen: Sniffed) -> None:
    assert (seen.file, seen.rows, seen.id, seen.time_zero) == ("patients.csv", 4, "upn", "transplant_date")
    assert seen.encoding == "UTF-8"


def test_every_column_gets_a_proposal(seen: Sniffed) -> None:
    found = {
        each.name: (each.kind, each.unit, each.levels, each.missing, each.known_at) for each in seen.proposals
    }
    assert found == {
        "upn": ("text", "", (), (), None),
        "transplant_date": ("date", "", (), (), None),
        "death_date": ("date", "", (), (), None),
        "last_contact": ("date", "", (), (), None),
        "age": ("number", "years", (), (), "baseline"),
        "wbc": ("number", "×10⁹/L", (), ("999",), "baseline"),
        "graft": ("category", "", ("BM", "PB"), (), "baseline"),
        "kps": ("number", "", (), ("99",), "baseline"),
        "cr_after": ("yes/no", "", (), (), "cr_after_date"),
        "cr_after_date": ("date", "", (), (), None),
        "relapse": ("yes/no", "", (), (), "after"),
        "d100_gvhd": ("yes/no", "", (), ("NA",), "100 days"),
        "birth": ("date", "", (), (), "baseline"),
    }


def test_dates_whose_order_is_open_are_marked(seen: Sniffed) -> None:
    assert {each.name: each.format for each in seen.proposals if each.format} == {"birth": "DD/MM/YYYY"}


def test_codes_suspected_twice_are_proposed_for_the_whole_file(tmp_path: Path) -> None:
    folder = with_file(tmp_path, "a,b\n1,2\n2,1\n99,99\n1,2\n2,1\n")
    sniffed, _ = sniff_file(folder / "patients.csv")
    assert sniffed is not None
    assert sniffed.missing == ("99",)
    assert sniffed.id == "row number"


def test_among_words_only_what_can_be_nothing_else_is_taken_for_not_known(tmp_path: Path) -> None:
    rows = """id,cause,response,cgvhd,mixed
1,infection,CR,none,A
2,99,NR,extensive,99
3,GVHD,NE,none,3
"""
    sniffed, _ = sniff_file(with_file(tmp_path, rows) / "patients.csv")
    assert sniffed is not None
    found = {each.name: (each.levels, each.missing) for each in sniffed.proposals[1:]}
    assert found == {
        "cause": (("GVHD", "infection"), ("99",)),
        "response": (("CR", "NR"), ("NE",)),  # NR may be "no response"
        "cgvhd": (("extensive", "none"), ()),
        "mixed": ((), ()),  # 3 is no code, so 99 may be none either
    }


def test_problems_of_reading_come_beside_what_could_be_seen(tmp_path: Path) -> None:
    sniffed, problems = sniff_file(with_file(tmp_path, "id,age\n1,61\n2\n") / "patients.csv")
    assert sniffed is not None
    assert "1 row has 1 values" in problems[0].message
    assert sniff_file(tmp_path / "absent.csv")[0] is None


def test_names_suggest() -> None:
    roles = [role(name) for name in ("dcrid", "TransplantDate", "date of birth", "intxsurv", "dead", "sex")]
    assert roles == ["id", "time zero", "birth", "survival time", "death", ""]
    units = [unit(name) for name in ("Recipientage", "wait_days", "intxsurv", "sex")]
    assert units == ["years", "days", "months", ""]
    later = [may_be_later(name) for name in ("cgvhd", "gvhdgpmod", "prior_relapse", "TRM", "graft")]
    assert later == [True, False, False, True, False]
    assert known_by_day("d100agvhd24") == 100
    assert known_by_day("age") is None
    assert dated_by("cgvhd", ["intxagvhd"]) is None


def of(sniffed: Sniffed, name: str) -> Proposal:
    return next(each for each in sniffed.proposals if each.name == name)


def test_ck1901_is_understood_at_first_sight(shared_data: Path) -> None:
    sniffed, problems = sniff_file(shared_data / "cibmtr" / "CK1901.csv")
    assert sniffed is not None
    assert not problems
    assert sniffed.id == "dcrid"
    assert set(sniffed.missing) >= {"99", "NA"}
    assert (of(sniffed, "intxsurv").kind, of(sniffed, "intxsurv").unit) == ("time", "months")
    assert of(sniffed, "agvhd").known_at == "intxagvhd"
    assert of(sniffed, "d100agvhd24").known_at == "100 days"
    assert of(sniffed, "karnofcat").known_at == "baseline"


def test_the_childrens_sentinel_is_found(shared_data: Path) -> None:
    sniffed, _ = sniff_file(shared_data / "transplant" / "bone_marrow_children.csv")
    assert sniffed is not None
    assert "1000000" in sniffed.missing
    assert of(sniffed, "PLTrecovery").missing == ("1000000",)


TRIAL_HEADER = "patient,birth_date,diagnosis,diagnosis_date,registration_date,blasts_day8,mrd,mrd_date"
TRIAL = f"""{TRIAL_HEADER},transplant,transplant_date
1,2011-01-03,ALL,2012-01-01,2012-01-03,17,0.01,2012-04-01,0,
2,2011-02-03,ALL,2012-02-01,2012-02-03,3000,0.1,2012-05-01,1,2012-08-01
3,2011-03-03,MPAL,2012-03-01,2012-03-03,2,0.001,2012-06-01,0,
"""


def test_time_starts_when_it_does_for_everybody_and_what_has_a_date_is_known_on_it(tmp_path: Path) -> None:
    seen, problems = sniff_file(with_file(tmp_path, TRIAL) / "patients.csv")
    assert (problems, seen is not None) == ((), True)
    assert seen is not None
    assert seen.time_zero == "registration_date"
    known = {each.name: each.known_at for each in seen.proposals}
    assert known["diagnosis"] == "baseline"
    assert known["blasts_day8"] == "8 days"
    assert known["mrd"] == "mrd_date"
    assert known["transplant"] == "transplant_date"
