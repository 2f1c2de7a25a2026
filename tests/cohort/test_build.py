"""From a study's tables and a file to a cohort: kinds, known_at, inclusion, flow, notes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from remission.cohort.cohort import FlowStep
from remission.cohort.column import Baseline, KnownAfter, KnownLater, KnownOn
from remission.cohort.declare import (
    CohortDeclaration,
    ColumnDeclaration,
    Declaration,
    DerivedDeclaration,
    ExcludeDeclaration,
    ReasonedCondition,
)
from remission.core.clock import Duration
from tests.cohort.study import attempt, build, problems_of, with_file

HEADER = "patient,diagnosis,transplant_number,transplant_date,diagnosis_date,age,graft,response,cr_after,"
ROWS = f"""{HEADER}cr_after_date,mrd
a,ANKL,1,2012-05-03,2011-12-01,61,BM,CR,0,,neg
b,ANKL,1,2012-06-01,2012-01-15,48,PB,NE,1,2012-07-01,pos
b,ANKL,2,2013-06-01,2012-01-15,49,PB,PR,0,,x
c,AML,1,2012-07-01,2012-02-01,30,CB,PR,0,,neg
d,ANKL,1,2012-08-01,2012-03-01,,CB,no response,1,,neg
e,,1,2012-09-01,2012-04-01,20,CB,CR,0,,neg
f,ANKL,1,2012-09-01,2012-04-01,15,CB,CR,0,2012-12-01,
g,ANKL,1,2012-10-01,2012-04-01,25,CB,CR,0,,neg
"""
STUDY = """
[cohort]
file = "patients.csv"
id = "patient"
time_zero = "transplant_date"
time_zero_label = "transplantation"
missing = ["NE"]
baseline = ["diagnosis", "transplant_number", "diagnosis_date"]
include = [
  { condition = "transplant_number = 1", reason = "Not a first transplant" },
  "diagnosis = 'ANKL'",
  "age >= 18",
]
exclude = ["graft = 'bone marrow' and response = 'PR'"]
checks = ["diagnosis_date <= transplant_date"]

[columns]
age = { kind = "number", unit = "years", label = "Age at transplant", known_at = "baseline" }
response = { levels = ["CR", "PR", "no response"], ordered = true, known_at = "baseline" }
cr_after = { kind = "yes/no", known_at = "cr_after_date" }
mrd = { levels = ["neg", "pos"], known_at = "29 days" }

[columns.graft]
levels = ["bone marrow", "peripheral blood", "cord blood"]
codes = { BM = "bone marrow", PB = "peripheral blood", CB = "cord blood" }
known_at = "baseline"

[derived]
responder = { from = "response", merge = { "CR or PR" = ["CR", "PR"], "no response" = ["no response"] } }
waiting = { days_between = ["diagnosis_date", "transplant_date"], unit = "months" }
clean = { condition = "mrd = 'neg'" }

[derived.course.groups]
responders = "response in ['CR', 'PR']"
"CR afterwards" = "response = 'no response' and cr_after"

[[exclude]]
ids = ["g"]
reason = "Withdrew consent"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return with_file(tmp_path, ROWS)


def test_patients_are_included_in_order_and_everybody_is_counted(folder: Path) -> None:
    cohort = build(STUDY, folder)
    assert cohort.frame["patient"].to_list() == ["a", "b"]
    assert cohort.source.rows == 8
    assert cohort.flow == (
        FlowStep("Withdrew consent", 1, 7),
        FlowStep("Not a first transplant", 1, 6),
        FlowStep("diagnosis is not ANKL", 2, 4, unknown=1),
        FlowStep("Age at transplant is below 18 years", 2, 2, unknown=1),
        FlowStep("graft is bone marrow and response is PR", 0, 2),
    )


def test_an_excluding_condition_keeps_those_it_cannot_decide_and_says_so(folder: Path) -> None:
    text = STUDY.replace(
        "exclude = [\"graft = 'bone marrow' and response = 'PR'\"]", "exclude = [\"response = 'PR'\"]"
    )
    cohort = build(text, folder)
    assert cohort.frame["patient"].to_list() == ["a", "b"]
    assert "Kept although \"response = 'PR'\" cannot be decided: 1." in cohort.source.notes


def test_columns_are_typed(folder: Path) -> None:
    cohort = build(STUDY, folder)
    assert cohort.frame["transplant_date"].to_list() == [date(2012, 5, 3), date(2012, 6, 1)]
    assert cohort.frame["graft"].to_list() == ["bone marrow", "peripheral blood"]
    assert cohort.frame["response"].to_list() == ["CR", None]
    assert cohort.frame["cr_after"].to_list() == [False, True]
    assert cohort.days("cr_after_date").to_list() == [None, 30.0]
    assert cohort.frame["responder"].to_list() == ["CR or PR", None]
    assert cohort.frame["course"].to_list() == ["responders", None]
    assert cohort.frame["waiting"].to_list() == pytest.approx([154 / 30.4375, 138 / 30.4375])
    assert cohort.time_zero_label == "transplantation"
    assert list(cohort.derived) == ["responder", "waiting", "clean", "course"]
    assert set(cohort.frame.columns) == set(cohort.columns)
    assert cohort.columns["diagnosis"].levels == ("ANKL",)


def test_when_columns_were_known(folder: Path) -> None:
    known = {name: column.known_at for name, column in build(STUDY, folder).columns.items()}
    assert known == {
        "patient": Baseline(),
        "transplant_date": Baseline(),
        "diagnosis": Baseline(),
        "transplant_number": Baseline(),
        "diagnosis_date": Baseline(),
        "age": Baseline(),
        "graft": Baseline(),
        "response": Baseline(),
        "cr_after": KnownOn("cr_after_date"),
        "cr_after_date": None,
        "mrd": KnownAfter(Duration(29.0, "days")),
        "responder": Baseline(),
        "course": KnownOn("cr_after_date"),
        "waiting": Baseline(),
        "clean": KnownAfter(Duration(29.0, "days")),
    }


def test_derived_columns_inherit_nothing_when_nothing_is_declared(folder: Path) -> None:
    text = STUDY.replace(', known_at = "29 days"', "").replace(
        'known_at = "cr_after_date"', 'known_at = "after"'
    )
    columns = build(text, folder).columns
    assert columns["clean"].known_at is None
    assert columns["course"].known_at == KnownLater()


def test_a_derived_column_may_say_itself_when_it_was_known(folder: Path) -> None:
    text = STUDY.replace("mrd = 'neg'\" }", 'mrd = \'neg\'", known_at = "100 days" }')
    assert build(text, folder).columns["clean"].known_at == KnownAfter(Duration(100.0, "days"))
    text = STUDY.replace('"diagnosis_date"]\ninclude', '"diagnosis_date", "clean"]\ninclude')
    assert build(text, folder).columns["clean"].known_at == Baseline()


def test_bad_cells_of_patients_who_are_out_for_certain_do_not_matter(folder: Path) -> None:
    cohort = build(STUDY, folder)
    assert "Unreadable values passed over, of patients left out: 1." in cohort.source.notes


def test_bad_cells_that_could_decide_matter(folder: Path) -> None:
    with_file(folder, ROWS.replace("d,ANKL,1,2012-08-01,2012-03-01,,", "d,ANKL,1,2012-08-01,2012-03-01,old,"))
    (problem,) = problems_of(STUDY, folder)
    assert problem.startswith('patients.csv: age: "old" is no number (id d).')


def test_notes_hold_counts_and_no_ids(folder: Path) -> None:
    notes = build(STUDY.replace('  "age >= 18",\n', ""), folder).source.notes
    assert "Read as UTF-8, values separated by comma." in notes
    assert "diagnosis: read as category (AML, ANKL)." in notes
    assert "Cells with a code for not known: response 1." in notes
    assert "cr_after: yes without cr_after_date, so not known at any landmark: 1." in notes


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("cr_after", "known only on cr_after_date"),
        ("mrd = 'neg'", "known only 29 days after time zero"),
        ("cr_after_date is missing", "nobody says when that was known"),
        ("course = 'responders'", "known only on cr_after_date"),
    ],
)
def test_nobody_is_chosen_by_what_was_known_later(folder: Path, condition: str, words: str) -> None:
    text = STUDY.replace('  "age >= 18",', f'  "{condition}",')
    assert [words in problem for problem in problems_of(text, folder)] == [True]


def test_ids_need_be_unique_among_the_included_only(folder: Path) -> None:
    text = STUDY.replace(
        '  { condition = "transplant_number = 1", reason = "Not a first transplant" },\n', ""
    )
    (bad_cell, doubled) = problems_of(text, folder)
    assert "one patient has more than one included row (id b)" in doubled
    assert '"x" is no declared level (id b)' in bad_cell


def test_patients_without_ids_go_by_their_row(tmp_path: Path) -> None:
    folder = with_file(tmp_path, "age\n61\nold\n48\n")
    text = '[cohort]\nfile = "patients.csv"\nid = "row number"\n[columns]\nage = { kind = "number" }\n'
    assert problems_of(text, folder)[0].startswith('patients.csv: age: "old" is no number (id 3).')
    cohort = build(text + '[[exclude]]\nids = [3]\nreason = "No age"\n', folder)
    assert cohort.id == "row number"
    assert cohort.frame["row number"].to_list() == ["2", "4"]


def test_excluded_ids_match_however_they_are_written(tmp_path: Path) -> None:
    folder = with_file(tmp_path, "id,age\n1,61\n2,48\n003,50\n")
    text = '[cohort]\nfile = "patients.csv"\nid = "id"\nbaseline = ["age"]\n'
    text += '[[exclude]]\nids = [1, "3"]\nreason = "Withdrew consent"\n'
    assert build(text, folder).frame["id"].to_list() == ["2"]


def test_times_are_days_in_the_clock_of_the_study(tmp_path: Path) -> None:
    folder = with_file(tmp_path, "id,intxsurv,dead\n1,1.0,1\n2,2.5,0\n")
    text = '[cohort]\nfile = "patients.csv"\nid = "id"\nunit = "years"\n'
    text += 'times_in = "months"\ndays_per_year = 364.8\n'
    implied = {"intxsurv": ColumnDeclaration(kind="time"), "dead": ColumnDeclaration(kind="yes/no")}
    cohort = build(text, folder, implied)
    assert cohort.frame["intxsurv"].to_list() == pytest.approx([30.4, 76.0])
    assert cohort.columns["intxsurv"].is_time
    assert cohort.clock.days_per_month == pytest.approx(30.4)
    assert cohort.time_zero is None


def test_columns_under_columns_go_before_implied_ones(tmp_path: Path) -> None:
    folder = with_file(tmp_path, "id,status\n1,1\n2,0\n3,2\n")
    text = (
        '[cohort]\nfile = "patients.csv"\nid = "id"\n'
        '[columns]\nstatus = { codes = { 0 = "alive", 1 = "relapse", 2 = "death" } }\n'
    )
    cohort = build(text, folder, {"status": ColumnDeclaration(kind="yes/no")})
    assert cohort.frame["status"].to_list() == ["relapse", "alive", "death"]


def test_a_column_of_the_file_may_go_by_another_name(tmp_path: Path) -> None:
    folder = with_file(tmp_path, "id,karnofcat\n1,1\n2,2\n")
    text = (
        '[cohort]\nfile = "patients.csv"\nid = "id"\nbaseline = ["kps"]\n'
        '[columns.kps]\ncolumn = "karnofcat"\nlabel = "Karnofsky"\ncodes = { 1 = "90-100", 2 = "< 90" }\n'
    )
    column = build(text, folder).columns["kps"]
    assert (column.title, column.levels, column.known_at) == (
        "Karnofsky",
        ("90-100", "< 90"),
        Baseline(),
    )


def test_nothing_is_built_while_there_is_a_problem(folder: Path) -> None:
    cohort, problems = attempt(STUDY.replace('"patients.csv"', '"patient.csv"'), folder)
    assert cohort is None
    assert 'There is "patients.csv".' in problems[0].repair


def declarations() -> list[type[Declaration]]:
    return [CohortDeclaration, ColumnDeclaration, DerivedDeclaration, ExcludeDeclaration, ReasonedCondition]


@pytest.mark.parametrize("model", declarations(), ids=lambda model: model.__name__)
def test_every_word_of_the_study_file_is_described(model: type[Declaration]) -> None:
    assert model.model_fields
    for name, field in model.model_fields.items():
        assert field.description, name
        assert field.description.endswith((".", "]")), name
    assert model.model_json_schema()["additionalProperties"] is False
