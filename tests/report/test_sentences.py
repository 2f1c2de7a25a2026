"""Words: every statement has them, and they name their numbers."""

from __future__ import annotations

import re

import pytest

from remission.report import say, say_method
from remission.report.methods import TOGETHER as METHODS_TOGETHER
from remission.report.methods import WORDS as METHOD_WORDS
from remission.report.sentences import TOGETHER, WORDS, in_brief, joined, say_all, title_of
from remission.report.words.guard import WHY
from remission.study.kinds.statements import FINDINGS, METHODS
from remission.study.results import Statement
from tests.report.ankl import guard_finding
from tests.report.statement_facts import ABOUT, FACTS, METHOD_FACTS


def test_every_name_has_words_and_every_word_a_name() -> None:
    assert set(WORDS) | set(TOGETHER) == set(FINDINGS) == set(FACTS)
    assert set(METHOD_WORDS) | set(METHODS_TOGETHER) == set(METHODS) == set(METHOD_FACTS)


@pytest.mark.parametrize("name", FINDINGS)
def test_findings_name_their_numbers(name: str) -> None:
    facts, wanted = FACTS[name]
    text = say(Statement(name, facts))
    for words in wanted:
        assert words in text, f"{words!r} is not in {text!r}"
    assert not re.search(r"None|\{|\}|nan|  ", text), text
    assert all(part.rstrip().endswith((".", "%")) for part in text.split("\n\n")), text


@pytest.mark.parametrize("name", METHODS)
def test_methods_name_what_ran(name: str) -> None:
    facts, wanted = METHOD_FACTS[name]
    text = say_method(Statement(name, {**facts, "references": ()}))
    assert wanted in text
    assert text.endswith(".")
    assert text[0].isupper()
    assert not re.search(r"None|\{|\}|  ", text), text


def test_unknown_names_are_refused() -> None:
    with pytest.raises(KeyError, match="no words"):
        say(Statement("invented"))
    with pytest.raises(KeyError, match="no words"):
        say_method(Statement("invented"))


def test_the_guard_explains_the_bias_and_the_remedy() -> None:
    text = say(guard_finding())
    assert WHY in text
    assert "landmark, 100 days after transplantation" in text
    assert "not about all who began" in text
    assert title_of(guard_finding()) == "Withheld: “Course” was not known at transplantation"


@pytest.mark.parametrize(
    ("remedy", "remedies", "reason", "wanted"),
    [
        (
            None,
            ("landmark", "time-dependent"),
            "known after the start",
            "What would answer the question: a landmark",
        ),
        (None, (), "date not recorded", "cannot form groups"),
        ("delayed entry", (), "known after the start", "not before"),
        ("time-dependent", (), "known after the landmark", "from then on"),
    ],
)
def test_the_guard_has_an_answer_for_every_remedy(
    remedy: str | None, remedies: tuple[str, ...], reason: str, wanted: str
) -> None:
    facts = {**guard_finding().facts, "remedy": remedy, "remedies": remedies, "reason": reason}
    assert wanted in say(Statement("guard_withheld", facts, "guard"))


@pytest.mark.parametrize("role", ["group", "filter", "adjust", "stratum", "else"])
def test_the_guard_names_what_was_asked(role: str) -> None:
    text = say(Statement("guard_withheld", {**guard_finding().facts, "role": role}, "guard"))
    assert text.startswith("The study asks to ")
    assert "“Course”" in text.split("\n\n")[0]


def test_one_kind_of_finding_is_said_once_for_several_endpoints() -> None:
    tails = [
        Statement("tail_unreliable", {**FACTS["tail_unreliable"][0], "endpoint_label": label})
        for label in ("Overall survival", "Relapse")
    ]
    said = say_all(tails)
    assert len(said) == 1
    assert said[0].count("plateau") == 1
    assert (
        "overall survival by Graft source, after 6.6 years in CB; relapse by Graft source, after" in said[0]
    )


@pytest.mark.parametrize("name", [name for name in FINDINGS if "endpoint_label" in FACTS[name][0]])
def test_findings_told_alike_of_several_endpoints_are_told_once(name: str) -> None:
    facts, wanted = FACTS[name]
    labels = ("Overall survival", "GVHD-free survival", "Relapse")
    (told,) = joined([Statement(name, {**facts, "endpoint_label": label}, "warning") for label in labels])
    together = "overall survival, GVHD-free survival and relapse"
    assert told.facts["endpoint_label"] == together
    for words in wanted:
        assert words.replace("overall survival", together) in say(told)


def test_findings_that_differ_in_more_than_the_endpoint_are_told_apart() -> None:
    facts = {**ABOUT, "groups": ({"group": "CB", "n": 12, "events": 3},), "below": 10}
    other = {**facts, "endpoint_label": "Relapse"}
    for change in (
        {"groups": ({"group": "CB", "n": 12, "events": 4},)},
        {"by_label": "Other grouping"},
        {"variant": "naive"},
    ):
        apart = (Statement("few_events", facts), Statement("few_events", {**other, **change}))
        assert joined(apart) == apart
    assert len(joined((Statement("few_events", facts), Statement("few_events", other, "warning")))) == 2


def test_findings_told_alike_in_brief_are_joined_where_only_that_is_told() -> None:
    facts, _ = FACTS["transplant_naive"]
    two = [
        Statement("transplant_naive", {**facts, "endpoint_label": label, "early_events": n}, "guard")
        for label, n in (("Overall survival", 9), ("Relapse", 4))
    ]
    assert len(joined(two)) == 2
    (brief,) = joined(two, told=in_brief)
    assert in_brief(brief).startswith("Overall survival and relapse: “Transplant” came after remission.")
    assert title_of(brief).endswith(": overall survival and relapse")


def test_counts_told_of_several_endpoints_at_once_are_those_of_each() -> None:
    for name in ("subgroups_multiplicity", "screen_multiplicity"):
        facts, _ = FACTS[name]
        two = [
            Statement(name, {**facts, "endpoint_label": label}) for label in ("Overall survival", "Relapse")
        ]
        (told,) = say_all(joined(two))
        assert ": for each endpoint, " in told
        assert "for each endpoint" not in say(two[0])


def test_what_all_findings_are_about_is_not_repeated() -> None:
    said = say_all([Statement("nobody_to_analyse", ABOUT), Statement("gray_needs_common_start", ABOUT)])
    assert said[0] == "No patient contributes, so there is nothing to show."
    assert said[1].startswith("Gray’s test needs")


def test_a_value_known_after_a_fixed_time_has_no_date_to_name() -> None:
    terms = ({"label": "MRD on day 29", "known_on": None},)
    text = say(Statement("counted_from_known", {**ABOUT, "terms": terms, "never": 0}))
    assert text.endswith("patients count only from the day the value was known: MRD on day 29.")


def test_patients_transplanted_on_a_day_not_known_are_missing_from_the_incidence() -> None:
    facts, _ = FACTS["indication_unknown"]
    assert "too low" not in say(Statement("indication_unknown", facts))
    text = say(Statement("indication_unknown", {**facts, "undated_in_incidence": 2}))
    assert "counts 2 patients with it on a day not known as without it, and is too low by them" in text


def test_the_caveats_name_what_was_looked_at_which_need_not_be_a_transplant() -> None:
    facts, _ = FACTS["transplant_caveats"]
    text = say(Statement("transplant_caveats", {**facts, "by_label": "Platelet recovery"}))
    assert "“Platelet recovery” was not allotted by chance" in text
    assert "Doctors transplant" not in text
    assert "what comes by itself comes more often to patients who do well" in text
