"""Groups and scores as derived columns of a study file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

import remission as rm
from remission.cohort.as_known import as_known
from remission.cohort.column import Baseline, Column, KnownAfter
from remission.cohort.declare import DerivedDeclaration
from remission.cohort.derive.derive import derive
from remission.core.clock import Clock
from remission.core.problems import StudyProblems
from remission.rules.declare import InputDeclaration
from remission.rules.taken import other_unit
from tests.rules.test_own_files import GOOD

DATA = """pid,dx,kmt2a,age,cns,mrd,cr
1,2012-01-01,germline,100,no,0,yes
2,2012-01-01,rearranged,179,no,0.01,yes
3,2012-01-01,rearranged,180,no,0.001,yes
4,2012-01-01,rearranged,181,,,no
5,2012-01-01,,300,yes,,yes
"""
STUDY = """schema = 1
[study]
title = "x"
[cohort]
file = "data.csv"
id = "pid"
time_zero = "dx"
baseline = ["kmt2a", "cns", "cr"]
[columns]
age = { kind = "number", unit = "days", known_at = "baseline" }
mrd = { kind = "number", unit = "%", known_at = "33 days" }
[derived]
risk = { protocol = "mll10", inputs = { kmt2a = "kmt2a", age_days = "age", cns = "cns" } }
response = { protocol = "own.toml", inputs = { cr = "cr", mrd = "mrd" }, label = "Response" }
"""


def cohort(tmp_path: Path, study: str = STUDY, data: str = DATA) -> rm.Cohort:
    (tmp_path / "data.csv").write_text(data, encoding="utf-8")
    (tmp_path / "own.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "study.toml").write_text(study, encoding="utf-8")
    return rm.read_cohort(tmp_path / "study.toml")


def test_a_group_is_a_column_in_the_order_of_the_protocol(tmp_path: Path) -> None:
    made = cohort(tmp_path)
    assert made.frame["risk"].to_list() == ["low", "high", "intermediate", None, None]
    assert made.columns["risk"].levels == ("low", "intermediate", "high")
    assert made.columns["risk"].label == "JPLSG MLL-10: risk groups of infant ALL"
    assert made.frame["response"].to_list() == ["low", "high", "low", "high", None]
    assert "risk: by mll10, version 1 (checked against the source)." in made.source.notes


def test_patients_outside_the_protocol_have_no_group(tmp_path: Path) -> None:
    made = cohort(tmp_path, STUDY, DATA.replace("germline,100,", "germline,365,"))
    assert made.frame["risk"].to_list()[0] is None


def test_it_agrees_with_stratifying_the_cohort(tmp_path: Path) -> None:
    made = cohort(tmp_path)
    found = rm.stratify(made, "mll10", columns={"age_days": "age"})
    assert found.rows()["group"].to_list() == made.frame["risk"].to_list()


def test_it_is_known_when_the_last_of_its_inputs_is(tmp_path: Path) -> None:
    made = cohort(tmp_path)
    assert made.columns["risk"].known_at == Baseline()
    when = made.columns["response"].known_at
    assert isinstance(when, KnownAfter)
    assert str(when.duration) == "33 days"


def test_at_a_landmark_it_is_made_again_from_what_was_known(tmp_path: Path) -> None:
    made = cohort(tmp_path)
    rows = np.arange(5)
    early = as_known(made, rows, np.full(5, 10.0), ["response"])["response"].to_list()
    assert early == [None, None, None, "high", None], "no remission is high risk without any MRD"
    late = as_known(made, rows, np.full(5, 33.0), ["response"])["response"].to_list()
    assert late == made.frame["response"].to_list()


def test_a_score_is_a_number_where_it_is_settled(tmp_path: Path) -> None:
    study = (
        STUDY
        + 'pva = { score = "pva", inputs = { prednisolone = "p", vincristine = "v", asparaginase = "a" } }\n'
    )
    study = study.replace('"cr"]', '"cr", "p", "v", "a"]')
    more = ["p,v,a", *["sensitive,resistant,"] * 4, "resistant,sensitive,intermediate"]
    data = "\n".join(f"{line},{drugs}" for line, drugs in zip(DATA.split(), more, strict=True))
    made = cohort(tmp_path, study, data)
    assert made.frame["pva"].to_list() == [None] * 4 + [6.0]
    assert made.columns["pva"].kind == "number"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"mll10"', '"mll11"', 'Did you mean "mll10"'),
        (', cns = "cns" }', " }", "mll10 also asks for cns"),
        ('cns = "cns"', 'cns = "cnss"', 'there is no declared column "cnss"'),
        ('cns = "cns"', 'cnz = "cns", cns = ""', 'mll10 has no input "cnz"'),
        ('kmt2a = "kmt2a"', 'kmt2a = "cns"', 'of "cns" is no value of KMT2A'),
        ('kmt2a = "kmt2a"', 'kmt2a = "mrd"', '"mrd" is a number, and KMT2A is a category'),
        ('age_days = "age"', 'age_days = "cr"', '"cr" is a yes/no, and Age at diagnosis is a number'),
        ('unit = "days"', 'unit = "months"', '"age" is in months, and Age at diagnosis is needed in days'),
        ('unit = "days", ', "", 'the unit of "age" is not declared'),
        ('protocol = "own.toml"', 'protocol = "none.toml"', 'there is no file "none.toml"'),
        ('protocol = "own.toml"', 'protocol = "none.toml"', "ends in .toml and lies beside the study file"),
        ('"mll10", inputs', '"mll10", settings = { x = 1 }, inputs', 'there is no setting "x"'),
        ('protocol = "mll10"', 'condition = "cns"', "condition does not use `inputs`"),
    ],
)
def test_faults_are_problems_of_the_study_file(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in STUDY
    with pytest.raises(StudyProblems) as error:
        cohort(tmp_path, STUDY.replace(old, new))
    assert told in str(error.value)


def test_an_age_in_days_serves_a_protocol_that_asks_for_years(tmp_path: Path) -> None:
    asked = STUDY.replace('"mll10", inputs', '"nci-rome", inputs').replace(
        STUDY[STUDY.index("inputs = {") : STUDY.index("}", STUDY.index("inputs = {")) + 1],
        'inputs = { age_years = "age", wbc = "", lineage = "" }',
    )
    with pytest.raises(StudyProblems, match="is needed in years") as error:
        cohort(tmp_path, asked)
    made = '{ from = "age", convert = "years" }'
    assert made in str(error.value)
    told = asked.replace('= "age",', '= "age_years",').replace("[derived]", f"[derived]\nage_years = {made}")
    found = cohort(tmp_path, told)
    assert found.columns["age_years"].unit == "years"


def test_the_column_to_make_is_named_in_a_unit_that_convert_knows() -> None:
    asked = InputDeclaration(kind="number", label="Age", unit="Year", meaning="Age")
    problem = other_unit(asked, Column("age", "number", unit=" Days "), "here")
    assert problem is not None
    assert '{ from = "age", convert = "years" }' in problem.repair
    declared = {"x": DerivedDeclaration(source="age", convert="years")}
    frame = pl.DataFrame({"age": [365.25]})
    columns = {"age": Column("age", "number", unit=" Days ")}
    assert derive(frame, columns, declared, Clock()).frame["x"].to_list() == [1.0]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2012-01-01,germline,100,", "2012-01-01,germline,-3,", "cannot be outside 0 to 36525 days (id 1)"),
        ("germline,100,", "germline,100.5,", "is a whole number, and here it is not (id 1)"),
    ],
)
def test_impossible_values_are_problems_of_the_data(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(StudyProblems) as error:
        cohort(tmp_path, STUDY, DATA.replace(old, new))
    assert told in str(error.value)


def test_ages_that_look_like_months_are_a_problem(tmp_path: Path) -> None:
    data = DATA.replace(",100,", ",3,").replace(",179,", ",5,").replace(",180,", ",6,")
    data = data.replace(",181,", ",6,").replace(",300,", ",10,")
    with pytest.raises(StudyProblems, match="age_days looks like months, not days"):
        cohort(tmp_path, STUDY, data)


def test_contradictions_are_problems_of_the_data(tmp_path: Path) -> None:
    study = STUDY.replace('cns = "cns" }', 'cns = "cns", kmt2a_partner = "partner" }')
    study = study.replace("[derived]", 'partner = { kind = "category", known_at = "baseline" }\n[derived]')
    lines = zip(DATA.split(), ["partner", "AF4", "AF9", "ENL", "other", ""], strict=True)
    with pytest.raises(StudyProblems, match=r"but a fusion partner is named \(id 1\)"):
        cohort(tmp_path, study, "\n".join(f"{line},{partner}" for line, partner in lines))


def test_a_name_written_wrongly_is_answered_with_the_one_meant(tmp_path: Path) -> None:
    with pytest.raises(StudyProblems) as error:
        cohort(tmp_path, STUDY.replace('"mll10"', '"mll11"'))
    assert 'there is no protocol "mll11". Did you mean "mll10"? `remission protocols`' in str(error.value)
