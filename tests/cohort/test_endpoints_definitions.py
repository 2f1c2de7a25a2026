"""The definitions that come with the program, and definitions of a study's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from remission.cohort.endpoints.declare import EndpointDeclaration
from remission.cohort.endpoints.definition import BUILT_IN, definitions, parse_definition
from remission.cohort.endpoints.vectors import failures
from remission.core.problems import InputError
from tests.cohort.by_hand import build, cohort_of, told

NAMES = sorted(definitions())
OWN = """
name = "skin-toxicity"
label = "Skin toxicity"
summary = "Cumulative incidence of skin toxicity."
measure = "incidence"
cause = "skin toxicity"
events = ["skin"]
competing = ["death"]
[names]
death = "death without skin toxicity"
[needs]
dates = ["other.skin", "death", "last"]
[[test]]
says = "the first of the two"
declare = { other = { skin = "skin" }, death = "death", last = "last" }
rows = [ { skin = 5, last = 9, gives = "skin toxicity at 5" } ]
"""


def test_every_endpoint_of_the_field_is_there() -> None:
    assert NAMES == [
        "acute-gvhd",
        "chronic-gvhd",
        "disease-free-survival",
        "event-free-survival",
        "grfs",
        "grfs-ebmt",
        "neutrophil-recovery",
        "non-relapse-mortality",
        "overall-survival",
        "platelet-recovery",
        "progression-free-survival",
        "relapse-incidence",
        "second-malignancy",
        "transplant-in-remission",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_definition_gives_what_its_worked_cases_say(name: str) -> None:
    assert definitions()[name].test
    assert failures(definitions()[name]) == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_definition_names_its_sources_and_its_inputs(name: str) -> None:
    definition = definitions()[name]
    assert definition.source
    assert all(source.citation and source.mark in {"C", "M", "D"} for source in definition.source)
    words = {
        word for need in definition.needs.dates for word in need.replace("(", " ").replace(")", " ").split()
    }
    words |= set(definition.needs.ready_made)
    assert words - {"or", "and"} <= set(EndpointDeclaration.model_fields)
    assert definition.keys <= set(BUILT_IN)


@pytest.mark.parametrize("name", NAMES)
def test_a_competing_pair_is_never_a_survival(name: str) -> None:
    definition = definitions()[name]
    assert (definition.measure == "incidence") == bool(definition.competing)


def test_relapse_and_non_relapse_mortality_are_each_others_competitor() -> None:
    relapse, mortality = definitions()["relapse-incidence"], definitions()["non-relapse-mortality"]
    assert relapse.cause == mortality.called("relapse")
    assert mortality.cause == relapse.called("death")


def test_a_worked_case_that_is_wrong_is_told() -> None:
    wrong = parse_definition(OWN.replace("skin toxicity at 5", "skin toxicity at 6"), "own.toml")
    assert failures(wrong) == (
        '"the first of the two", case 1: skin toxicity at 5 instead of skin toxicity at 6',
    )


def test_a_study_may_bring_a_definition_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "skin.toml").write_text(OWN, encoding="utf-8")
    cohort = cohort_of({"rash": [10, None, None], "death": [50, 20, None], "last": [50, 20, 70]})
    entry = {"definition": "skin.toml", "other": {"skin": "rash"}, "death": "death", "last": "last"}
    outcomes, problems = build(cohort, {"skin": entry}, folder=tmp_path)
    assert problems == ()
    assert told(outcomes["skin"]) == [
        "1: skin toxicity at 10",
        "2: death without skin toxicity at 20",
        "3: censored at 70",
    ]
    assert outcomes["skin"].causes == ("skin toxicity", "death without skin toxicity")


def test_a_definition_of_its_own_must_pass_its_own_cases(tmp_path: Path) -> None:
    (tmp_path / "skin.toml").write_text(OWN.replace("at 5", "at 6"), encoding="utf-8")
    cohort = cohort_of({"rash": [10], "death": [50], "last": [50]})
    entry = {"definition": "skin.toml", "other": {"skin": "rash"}, "death": "death", "last": "last"}
    outcomes, problems = build(cohort, {"skin": entry}, folder=tmp_path)
    assert outcomes == {}
    assert "fails its own worked cases" in problems[0].message


def test_taking_a_name_of_the_programs_does_not_spare_the_cases(tmp_path: Path) -> None:
    text = OWN.replace("at 5", "at 6").replace("skin-toxicity", "overall-survival")
    (tmp_path / "skin.toml").write_text(text, encoding="utf-8")
    (tmp_path / "latin.toml").write_bytes(OWN.replace("Skin", "Peau lésée").encode("latin-1"))
    entry = {"other": {"skin": "rash"}, "death": "death", "last": "last"}
    _, problems = build(
        cohort_of({"rash": [10], "death": [50], "last": [50]}),
        {"a": {**entry, "definition": "skin.toml"}, "b": {**entry, "definition": "latin.toml"}},
        folder=tmp_path,
    )
    assert "fails its own worked cases" in problems[0].message
    assert "not written in UTF-8" in problems[1].message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OWN.replace('"incidence"', '"survival"'), "competing events"),
        (
            OWN.replace('death = "death without skin toxicity"', 'death = "skin toxicity"'),
            "names of their own",
        ),
        (OWN.replace('["death"]', '["skin"]'), "named more than once"),
        (OWN.replace("label", "lable"), "lable"),
        ("name =", "cannot be read as TOML"),
    ],
)
def test_a_definition_that_makes_no_sense_is_told(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_definition(text, "own.toml")


def test_an_unknown_definition_is_told_with_the_nearest(tmp_path: Path) -> None:
    cohort = cohort_of({"last": [1]})
    _, problems = build(
        cohort, {"os": {"definition": "overal-survival"}, "own": {"definition": "mine.toml"}}, folder=tmp_path
    )
    assert 'Did you mean "overall-survival"?' in problems[0].repair
    assert problems[0].where == "endpoints.os.definition"
    assert 'no file "mine.toml"' in problems[1].message


def test_the_page_on_endpoints_names_every_definition_and_every_key() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "endpoints.md").read_text(encoding="utf-8")
    keys = set(EndpointDeclaration.model_fields) | {'"time0"', '"at_evaluation"', '"eln_aml"', '"day-0"'}
    assert [name for name in NAMES if f"| `{name}`" not in page] == []
    assert sorted(key for key in keys if f"`{key}" not in page) == []
