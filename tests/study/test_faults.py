"""Wrong values in the tables of a study file: what is said, where, and what is suggested."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, StrictBool, StrictInt, StrictStr, field_validator

from remission.cohort.declare import Declaration
from remission.core.problems import Problem
from remission.study.faults import known_keys, read_table, without_faults
from remission.study.places import Places
from remission.study.prepare import check


class Inside(Declaration):
    time: str
    status: str
    event: StrictInt | StrictStr | None = None


class Table(Declaration):
    name: StrictStr
    unit: Literal["days", "years"] = "days"
    only: Literal["one"] | None = None
    flag: StrictBool = False
    count: int = Field(0, ge=1, le=9)
    share: float = Field(0.5, gt=0, lt=1)
    source: str | None = Field(None, alias="from")
    when: str | Inside | None = None
    many: dict[str, str | Inside] = Field(default_factory=dict)
    words: tuple[str, ...] = Field((), min_length=1)
    pair: tuple[float, float] | None = None
    mixed: tuple[str | Inside, ...] = ()

    @field_validator("name")
    @classmethod
    def no_slash(cls, value: str) -> str:
        if "/" in value:
            message = f'"{value}" holds a slash. Write it without'
            raise ValueError(message)
        return value


def faults(text: str, model: type[BaseModel] = Table) -> list[Problem]:
    raw = tomllib.loads(text)
    return list(read_table(model, raw["t"], ("t",), Places.of(text, raw))[1])


def test_a_good_table_is_read() -> None:
    raw = {"name": "a", "from": "b", "when": {"time": "t", "status": "s"}}
    table, problems = read_table(Table, raw, (), Places())
    assert table is not None
    assert (table.source, table.when, problems) == ("b", Inside(time="t", status="s"), ())


@pytest.mark.parametrize(
    ("line", "where", "message", "repair"),
    [
        ("nmae = 'x'", "t.nmae", 'unknown key "nmae"', 'Did you mean "name"? Known here: name, unit, only'),
        ("zzz = 1", "t.zzz", 'unknown key "zzz"', "Known here: name, unit"),
        ("unit = 'yeers'", "t.unit", '"yeers" is not known here', 'Did you mean "years"? Write one'),
        ("unit = 3", "t.unit", "3 is not known here", 'Write one of "days", "years".'),
        ("only = 'two'", "t.only", '"two" is not known here', 'Write "one".'),
        ("flag = 'yes'", "t.flag", '"yes" cannot stand here', "Write true or false."),
        ("flag = 1", "t.flag", "1 cannot stand here", "Write true or false."),
        ("count = 'many'", "t.count", '"many" cannot stand here', "Write a whole number."),
        ("count = 1.5", "t.count", "1.5 cannot stand here", "Write a whole number."),
        ("count = 0", "t.count", "0 is out of range", "Give a number of at least 1."),
        ("count = 10", "t.count", "10 is out of range", "Give a number of at most 9."),
        ("share = 0", "t.share", "0 is out of range", "Give a number above 0."),
        ("share = 1.0", "t.share", "1.0 is out of range", "Give a number below 1."),
        ("when = 3", "t.when", "3 cannot stand here", "Write text in quotes or a table in { }."),
        ("when = true", "t.when", "true cannot stand here", "Write text in quotes or a table in { }."),
        ("when = [1]", "t.when", "a list cannot stand here", "Write text in quotes or a table in { }."),
        ("when = { time = 't' }", "t.when.status", '"status" is missing', "Write status = ... in t.when."),
        ("many.x.time = 't'", "t.many.x.status", '"status" is missing', "Write status = ... in t.many.x."),
        ("words = 'x'", "t.words", '"x" cannot stand here', "Write a list in [ ]."),
        ("words = []", "t.words", '"words" is empty', "Fill it, or take the key out."),
        ("words = ['a', 2]", "t.words 2", "2 cannot stand here", "Write text in quotes."),
        ("pair = [1]", "t.pair", '"pair" has too few values', "Give all of them."),
        ("pair = [1, 2, 3]", "t.pair", '"pair" has too many values', "Give 2."),
        ("pair = [1, 'x']", "t.pair 2", '"x" cannot stand here', "Write a number."),
        ("mixed = ['a', { time = 't' }]", "t.mixed 2.status", '"status" is missing', "in t.mixed 2."),
        ("when = { time = 't', status = 's', event = 1.5 }", "t.when.event", "1.5 cannot stand here", ""),
    ],
)  # fmt: skip
def test_one_fault_is_one_problem(line: str, where: str, message: str, repair: str) -> None:
    name = "" if line.startswith("nmae") else "name = 'x'\n"
    text = f"[t]\n{name}# comment\n{line}\n"
    (problem,) = faults(text)
    assert (problem.where, problem.message) == (where, message)
    assert repair in problem.repair
    assert problem.line == text.count("\n", 0, text.index(line)) + 1


def test_a_misspelling_inside_an_alternative_is_told_once() -> None:
    (problem,) = faults("[t]\nname = 'x'\nwhen = { time = 't', statsu = 's' }\n")
    assert problem.where == "t.when.statsu"
    assert 'Did you mean "status"? Known here: time, status, event.' in problem.repair


def test_all_faults_are_told_in_their_order() -> None:
    found = faults("[t]\nunit = 1\nflag = 2\nzzz = 3\nwhen = { time = 4, status = 5 }\n")
    assert [problem.where for problem in found] == [
        "t.name",
        "t.unit",
        "t.flag",
        "t.when.time",
        "t.when.status",
        "t.zzz",
    ]


def test_own_words_of_a_validator_are_split_into_message_and_repair() -> None:
    (problem,) = faults("[t]\nname = 'a/b'\n")
    assert (problem.message, problem.repair) == ('"a/b" holds a slash', "Write it without")


def test_long_values_are_shortened() -> None:
    (problem,) = faults(f"[t]\nname = 'x'\nunit = '{'y' * 200}'\n")
    assert len(problem.message) < 90


def test_known_keys_are_those_written_in_the_file() -> None:
    assert known_keys(Table, ())[:4] == ("name", "unit", "only", "flag")
    assert "from" in known_keys(Table, ())
    assert known_keys(Table, ("many", "anything")) == ("time", "status", "event")
    assert known_keys(Table, ("mixed", 3)) == ("time", "status", "event")


@pytest.mark.parametrize(
    ("raw", "rest", "as_meant"),
    [
        ({"name": "x", "uint": "years"}, Table(name="x", unit="years"), True),
        ({"name": "x", "uint": "yeers"}, None, False),
        ({"name": "x", "unit": "days", "uint": "years"}, Table(name="x"), False),
        ({"name": "x", "unit": "yeers"}, Table(name="x"), False),
        ({"name": "x", "zzz": 1}, Table(name="x"), False),
        ({"name": "x", "words": ["a", 2]}, Table(name="x"), False),
        ({"name": "x", "when": {"time": "t"}}, Table(name="x"), False),
        (
            {"name": "x", "when": {"time": "t", "statsu": "s"}},
            Table(name="x", when=Inside(time="t", status="s")),
            True,
        ),
        ({"unit": "days"}, None, False),
    ],
)
def test_the_rest_of_a_faulty_table_can_be_read(
    raw: dict[str, Any], rest: Table | None, as_meant: bool
) -> None:
    with pytest.raises(ValueError, match="validation error") as caught:
        Table.model_validate(raw)
    found, meant = without_faults(Table, raw, caught.value)  # type: ignore[arg-type]
    assert found == rest
    assert meant == (as_meant and rest is not None)


def test_a_bad_cell_elsewhere_hides_no_fault_of_the_endpoint(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "id,age,dx,death,last\n"
        "1,forty,2010-01-01,2009-01-01,\n"
        "2,50,2010-01-01,,2011-01-01\n"
        "3,51,2010-01-01,2012-13-01,2009-01-01\n"
    )
    (tmp_path / "study.toml").write_text(
        'schema = 1\n[study]\ntitle = "t"\n[cohort]\nfile = "a.csv"\nid = "id"\ntime_zero = "dx"\n'
        '[columns]\nage = { kind = "number", known_at = "baseline" }\n'
        '[endpoints]\nos = { definition = "overall-survival", death = "death", last = "last" }\n'
        '[[analysis]]\nkind = "curves"\nendpoint = "os"\n'
    )
    told = check(tmp_path / "study.toml")
    of_one = [problem.where for problem in told if problem.ids == ("1",)]
    assert of_one == ["endpoints.os.death", "a.csv: age"]
    # Of the patient whose date of death cannot be read, nothing more can be said of the endpoint.
    assert [problem.where for problem in told if "3" in problem.ids] == ["a.csv: death"]
