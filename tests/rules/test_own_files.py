"""Files of one's own: every fault of a file at once, with the repair."""

from __future__ import annotations

from pathlib import Path

import pytest

from remission.core.problems import InputError, StudyProblems
from remission.rules.library import protocol, score
from remission.rules.make import make_protocol
from remission.rules.make_score import make_score

GOOD = """
name = "own"
title = "Own"
summary = "By MRD."
[groups]
low = "low"
high = "high"
[inputs.mrd]
kind = "number"
unit = "%"
label = "MRD"
meaning = "MRD."
plausible = [0, 100]
[inputs.cr]
kind = "yes/no"
label = "Remission"
meaning = "Remission."
[[rule]]
group = "low"
when = "cr and mrd < 0.01"
words = "remission, MRD below 0.01 %"
[[rule]]
group = "high"
when = "not cr or mrd >= 0.01"
words = "no remission, or MRD of 0.01 % or more"
[[case]]
says = "the limit"
rows = [ { cr = true, mrd = 0.01, gives = "high" }, { cr = true, gives = ["low", "high"] } ]
"""
SCORE = """
name = "own"
title = "Own"
summary = "Two items."
lowest = 0
highest = 3
[inputs.a]
kind = "yes/no"
label = "A"
meaning = "A."
[inputs.age]
kind = "number"
unit = "years"
label = "Age"
meaning = "Age."
[[item]]
name = "a"
label = "A"
tier = [ { points = 1, when = "a", words = "a" } ]
[[item]]
name = "age"
label = "Age"
tier = [
  { points = 2, when = "age >= 60", words = "60 or older" },
  { points = 1, when = "age >= 40", words = "40 to 59" },
]
[[case]]
says = "sum"
rows = [ { a = true, age = 60, gives = 3 }, { a = true, gives = [1, 3] } ]
"""

AGE = '[inputs.age]\nkind = "number"\nlabel = "Age"\nmeaning = "Age."\n'
BAND = '[[group]]\nname = "{}"\nlowest = {}\nhighest = {}\n'


def told(text: str) -> str:
    made, problems = make_protocol(text, "own.toml")
    assert (made is None) == bool(problems)
    return "\n".join(map(str, problems))


def told_of_score(text: str) -> str:
    made, problems = make_score(text, "own.toml")
    assert (made is None) == bool(problems)
    return "\n".join(map(str, problems))


def test_a_protocol_of_ones_own_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(GOOD, encoding="utf-8")
    own = protocol("own.toml", folder=tmp_path)
    assert own.explain(cr=True, mrd=0.0099).group == "low"
    assert own.explain(cr=False).group == "high"
    assert own.explain(mrd=0.5).group == "high"
    assert own.explain(cr=True).missing == ("mrd",)


def test_a_score_of_ones_own_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(SCORE, encoding="utf-8")
    assert score(tmp_path / "own.toml").explain(a=False, age=45).value == 1


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "not cr or mrd >= 0.01",
            "not cr or mrd > 0.01",
            "no rule holds for some patients, such as MRD 0.01 %, Remission: yes",
        ),
        (
            "not cr or mrd >= 0.01",
            "not cr or mrd >= 0.005",
            "rules 1 and 2 both hold for some patients, such as MRD 0.005 %, Remission: yes",
        ),
        ('cr and mrd < 0.01"', 'cr and mrd < 0 and mrd > 5"', "can never decide"),
        (
            'cr and mrd < 0.01"',
            'cr and mdr < 0.01"',
            'there is no input "mdr". Declare it under [inputs]. Did you mean "mrd"?',
        ),
        ('cr and mrd < 0.01"', 'cr and mrd is missing"', "a rule asks whether an input is missing"),
        ('cr and mrd < 0.01"', 'cr and mrd < "', "ends too early"),
        ('cr and mrd < 0.01"', 'mrd and mrd < 0.01"', "stands alone, but is no yes/no column"),
        ('group = "low"', 'group = "lov"', 'there is no group "lov"'),
        ('high = "high"', 'high = "high"\nmiddle = "middle"', 'no rule leads to "middle"'),
        ('kind = "yes/no"', 'kind = "category"', "a category has levels"),
        ("plausible = [0, 100]", "plausible = [100, 0]", "the range is empty"),
        ("plausible = [0, 100]", "plausibel = [0, 100]", "inputs.mrd.plausibel: this key is not known"),
        ('title = "Own"', "", "title: this key is missing"),
        (
            "[inputs.cr]",
            AGE + "[inputs.cr]",
            'no answer depends on "age"',
        ),
        (
            "[inputs.cr]",
            AGE + "only_checked = true\n[inputs.cr]",
            'no check reads "age"',
        ),
        (
            'meaning = "Remission."',
            'meaning = "Remission."\nsynonyms = ["MRD"]',
            'a column "MRD" would be both mrd and cr',
        ),
        ('meaning = "Remission."', 'meaning = "Remission."\neligible = "mrd < 5"', "it names another input"),
        (
            'meaning = "MRD."',
            'meaning = "MRD."\neligible = "mrd > 200"',
            "no value of it is eligible and plausible",
        ),
        (
            'meaning = "Remission."',
            'meaning = "Remission."\nvalues = { ja = "maybe" }',
            "which is no value of this input",
        ),
        ("[groups]", "[groups", "it cannot be read as TOML"),
    ],
)
def test_every_fault_of_a_protocol_is_told(old: str, new: str, fault: str) -> None:
    assert old in GOOD
    assert told(GOOD) == ""
    assert fault in told(GOOD.replace(old, new))


def test_inputs_are_not_compared_with_one_another() -> None:
    text = GOOD.replace("cr and mrd < 0.01", "cr and mrd < mrd2").replace(
        "[inputs.cr]", '[inputs.mrd2]\nkind = "number"\nlabel = "MRD 2"\nmeaning = "MRD."\n[inputs.cr]'
    )
    assert "two inputs are compared with one another (mrd < mrd2)" in told(text)


def test_all_faults_come_at_once() -> None:
    text = GOOD.replace("cr and mrd", "cr and mdr").replace('group = "high"', 'group = "hihg"')
    assert 'no input "mdr"' in told(text)
    assert 'no group "hihg"' in told(text)


def test_in_an_ordered_protocol_the_first_rule_that_holds_decides() -> None:
    text = GOOD.replace("not cr or mrd >= 0.01", "mrd < 50").replace(
        'summary = "By MRD."', 'summary = "s"\nordered = true'
    )
    text = text.replace("[[case]]", '[[rule]]\ngroup = "high"\nwords = "everybody else"\n[[case]]')
    made, problems = make_protocol(text, "own.toml")
    assert problems == ()
    assert made is not None
    assert made.explain(cr=True, mrd=0.001).group == "low"
    assert made.explain(mrd=0.02).group == "high"
    assert made.explain(mrd=0.001).possible == ("low", "high")
    last = made.explain(cr=False)
    assert last.group == "high"
    assert len(last.rules) == 2, "which of its two rules fired depends on the MRD"


def test_a_rule_that_takes_everybody_must_be_last() -> None:
    text = GOOD.replace('when = "cr and mrd < 0.01"\n', "")
    assert "no later rule can hold" in told(text)


def test_a_wrong_worked_case_stops_a_file_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        GOOD.replace('mrd = 0.01, gives = "high"', 'mrd = 0.01, gives = "low"')
    )
    with pytest.raises(StudyProblems, match='"the limit", patient 1: high instead of low'):
        protocol("own.toml", folder=tmp_path)


def test_what_is_unsure_must_be_confirmed(tmp_path: Path) -> None:
    text = GOOD.replace('words = "remission, MRD below 0.01 %"', 'words = "x"\nmark = "unsure"')
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(InputError, match="nobody could check against a source"):
        protocol("own.toml", folder=tmp_path)
    confirmed = protocol("own.toml", folder=tmp_path, confirm=True)
    assert confirmed.explain(cr=True, mrd=0).assumed == (
        "rule unsure: an example, to be confirmed by the user",
    )


@pytest.mark.parametrize(
    ("settings", "fault"),
    [({"sixmonths": 180}, 'Did you mean "six_months"'), ({"six_months": True}, "is a number, not True")],
)
def test_a_wrong_setting_is_told(settings: dict[str, float], fault: str) -> None:
    with pytest.raises(StudyProblems, match=fault):
        protocol("interfant06", settings=settings)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("highest = 3", "highest = 4", "the total can be 0 to 3, but lowest and highest say 0 to 4"),
        (
            '{ points = 1, when = "age >= 40"',
            '{ points = 5, when = "age >= 40"',
            "its tiers do not begin with most points",
        ),
        ('when = "age >= 40"', 'when = "age >= 70"', '"40 to 59" can never count'),
        ('when = "a"', 'when = "b"', 'there is no input "b"'),
        ('name = "age"\nlabel', 'name = "a"\nlabel', "two items have this name"),
        (
            "[[case]]",
            '[[group]]\nname = "low"\nlowest = 0\nhighest = 2\n[[case]]',
            "the total 3 is in no group",
        ),
        (
            "[[case]]",
            BAND.format("x", 0, 3) + BAND.format("y", 3, 3) + "[[case]]",
            "the total 3 is in x and y",
        ),
        ("lowest = 0\n", 'lowest = 0\nincludes = "nothing"\n', 'there is no score "nothing"'),
    ],
)
def test_every_fault_of_a_score_is_told(old: str, new: str, fault: str) -> None:
    assert old in SCORE
    assert told_of_score(SCORE) == ""
    assert fault in told_of_score(SCORE.replace(old, new, 1))


def test_a_setting_of_yes_or_no_is_told_in_words() -> None:
    setting = '[settings.strict]\ndefault = false\nlabel = "Strict"\nmeaning = "Open."\n'
    text = GOOD.replace("[inputs.mrd]", f"{setting}[inputs.mrd]")
    text = text.replace("mrd < 0.01", "(mrd < 0.01 or (mrd < 0.05 and not strict))")
    text = text.replace("mrd >= 0.01", "(mrd >= 0.01 and (mrd >= 0.05 or strict))")
    made, problems = make_protocol(text, "own.toml", {"strict": True})
    assert problems == ()
    assert made is not None
    assert made.explain(cr=True, mrd=0).assumed == ("Strict set to yes",)


def test_absent_files_and_other_encodings_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        protocol("none.toml", folder=tmp_path)
    (tmp_path / "own.toml").write_bytes(GOOD.replace("Own", "Ö").encode("cp1252"))
    with pytest.raises(InputError, match="not written in UTF-8"):
        protocol("own.toml", folder=tmp_path)
