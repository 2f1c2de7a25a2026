"""Every protocol and score of the program: its worked cases, its sources, and each limit from both sides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remission.core.problems import InputError
from remission.rules.cases import failures
from remission.rules.library import marks_of, protocol, protocol_texts, score, score_texts

PROTOCOLS = sorted(protocol_texts())
SCORES = sorted(score_texts())
FROM_MEMORY = {"aall0631", "cog-aall08b1", "hct-ci-age", "keystone-agvhd", "kps-ecog", "nci-rome"}


def ready(name: str, **more: Any) -> Any:
    return protocol(name, **more) if name in PROTOCOLS else score(name, **more)


def test_the_library() -> None:
    assert PROTOCOLS == [
        "aall0631",
        "aieop-bfm-all-2009",
        "cns-status",
        "cns-status-detail",
        "cog-aall08b1",
        "hct-ci-hepatic",
        "hct-ci-pulmonary",
        "interfant06",
        "interfant99",
        "keystone-agvhd",
        "kps-ecog",
        "magic-agvhd",
        "mll10",
        "nci-rome",
        "prednisone-response",
    ]
    assert SCORES == ["ebmt", "hct-ci", "hct-ci-age", "pva"]


@pytest.mark.parametrize("name", [*PROTOCOLS, *SCORES])
def test_it_gives_what_its_worked_cases_say_under_every_setting_they_name(name: str) -> None:
    made = ready(name)
    assert made.declared.case
    for case in made.declared.case:
        assert failures(ready(name, settings=case.settings)) == ()


def test_the_documentation_names_everything_that_ships() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "protocols.md").read_text(encoding="utf-8")
    assert [name for name in (*PROTOCOLS, *SCORES) if f"| `{name}` |" not in page] == []


@pytest.mark.parametrize("name", [*PROTOCOLS, *SCORES])
def test_it_names_its_sources_and_says_what_is_from_memory(name: str) -> None:
    declared = ready(name).declared
    assert declared.name == name
    assert declared.source
    marks = marks_of(declared)
    assert not {"unsure", "own"} & set(marks), "nothing unsure is a default"
    assert ("memory" in marks) == (name in FROM_MEMORY)


@pytest.mark.parametrize("name", [*PROTOCOLS, *SCORES])
def test_every_number_is_known_on_both_sides_of_its_limits(name: str) -> None:
    made = ready(name)
    for partition in made.inputs.partitions.values():
        for limit in partition.limits:
            if limit in partition.samples:
                below, above = partition.code(limit - 1e-6), partition.code(limit + 1e-6)
                assert partition.code(limit) not in {below, above}


@pytest.mark.parametrize(
    ("name", "known", "varied", "answers"),
    [
        (
            "mll10",
            {"kmt2a": "rearranged", "cns": False},
            "age_days",
            {0: "high", 179: "high", 180: "intermediate", 181: "intermediate", 364: "intermediate"},
        ),
        ("mll10", {"kmt2a": "rearranged", "cns": True}, "age_days", {179: "high", 180: "high", 181: "high"}),
        (
            "interfant06",
            {"kmt2a": "rearranged", "age_days": 100, "prednisone": "good"},
            "wbc",
            {299: "medium", 299.999: "medium", 300: "high", 301: "high"},
        ),
        (
            "interfant06",
            {"kmt2a": "rearranged", "wbc": 300, "prednisone": "good"},
            "age_days",
            {182: "high", 183: "medium", 184: "medium"},
        ),
        (
            "aall0631",
            {"kmt2a": "rearranged"},
            "age_days",
            {89: "high", 90: "intermediate", 91: "intermediate"},
        ),
        (
            "nci-rome",
            {"lineage": "B", "wbc": 49.99},
            "age_years",
            {1: "standard", 9.99: "standard", 10: "high"},
        ),
        ("nci-rome", {"lineage": "B", "age_years": 5}, "wbc", {49.99: "standard", 50: "high", 51: "high"}),
        ("prednisone-response", {}, "blasts_d8", {999: "good", 1000: "poor", 1001: "poor"}),
        (
            "aieop-bfm-all-2009",
            {
                "hr_factor": False,
                "lineage": "T",
                "pcr_marker": True,
                "flow_mrd_d15_percent": 1,
                "pcr_mrd_d33_fraction": 0,
            },
            "pcr_mrd_d78_fraction",
            {0: "standard", 1e-5: "medium", 4.9e-4: "medium", 5e-4: "high"},
        ),
        (
            "aieop-bfm-all-2009",
            {
                "hr_factor": False,
                "lineage": "B",
                "pcr_marker": True,
                "flow_mrd_d15_percent": 1,
                "pcr_mrd_d78_fraction": 1e-4,
            },
            "pcr_mrd_d33_fraction",
            {0: "medium", 4.9e-4: "medium", 5e-4: "high"},
        ),
        (
            "aieop-bfm-all-2009",
            {"hr_factor": False, "pcr_marker": False},
            "flow_mrd_d15_percent",
            {0.099: "standard", 0.1: "medium", 9.99: "medium", 10: "high"},
        ),
        (
            "cog-aall08b1",
            {"unfavourable": False, "nci": "standard", "genetics": "favourable", "mrd_d29_percent": 0},
            "mrd_d8_percent",
            {0.0099: "low", 0.01: "average", 0.011: "average"},
        ),
        (
            "cog-aall08b1",
            {"unfavourable": False, "nci": "standard", "genetics": "neutral", "mrd_d8_percent": 0},
            "mrd_d29_percent",
            {0.0099: "average", 0.01: "very high"},
        ),
        (
            "cog-aall08b1",
            {"unfavourable": False, "nci": "high", "mrd_d29_percent": 0},
            "age_years",
            {12.99: "high", 13: "very high"},
        ),
        (
            "cns-status",
            {"clinical_cns": False, "csf_blasts": True, "csf_rbc": 9},
            "csf_wbc",
            {4: "CNS2", 4.9: "CNS2", 5: "CNS3"},
        ),
        (
            "cns-status",
            {"clinical_cns": False, "csf_blasts": True, "csf_wbc": 5, "csf_ratio_high": False},
            "csf_rbc",
            {9: "CNS3", 10: "CNS2", 11: "CNS2"},
        ),
        (
            "cns-status-detail",
            {"clinical_cns": False, "csf_blasts": True, "csf_wbc": 4},
            "csf_rbc",
            {9: "CNS2a", 10: "CNS2b"},
        ),
        (
            "hct-ci-pulmonary",
            {"fev1": 90, "dyspnoea": "none", "oxygen": False},
            "dlco",
            {65: "severe", 65.5: "moderate", 66: "moderate", 80: "moderate", 80.5: "none"},
        ),
        (
            "hct-ci-hepatic",
            {"cirrhosis": False, "chronic_hepatitis": False, "transaminases_uln": 1},
            "bilirubin_uln",
            {1: "none", 1.01: "mild", 1.5: "mild", 1.51: "moderate to severe"},
        ),
    ],
)
def test_limits_from_both_sides(
    name: str, known: dict[str, Any], varied: str, answers: dict[float, str]
) -> None:
    made = protocol(name)
    assert {value: made.explain({**known, varied: value}).group for value in answers} == answers
    assert set(answers.values()) >= set(made.explain(known).possible) - {"outside the protocol"}


@pytest.mark.parametrize("name", PROTOCOLS)
def test_without_any_input_nothing_is_decided_and_everything_is_possible(name: str) -> None:
    answer = protocol(name).explain()
    assert answer.group is None
    assert set(protocol(name).groups) <= set(answer.possible)
    assert answer.missing


def test_interfant_high_risk_is_younger_and_not_older_than_six_months() -> None:
    interfant = protocol("interfant06")
    known: dict[str, Any] = {"kmt2a": "rearranged", "wbc": 900, "prednisone": "poor"}
    assert interfant.explain(known, age_days=30).group == "high"
    assert interfant.explain(known, age_days=330).group == "medium"


def test_six_months_are_a_setting_and_a_changed_one_is_printed() -> None:
    shorter = protocol("interfant06", settings={"six_months": 180})
    known: dict[str, Any] = {"kmt2a": "rearranged", "wbc": 900, "age_days": 181}
    assert protocol("interfant06").explain(known).group == "high"
    answer = shorter.explain(known)
    assert answer.group == "medium"
    assert answer.assumed == ("Six months set to 180 days",)


def test_an_answer_names_rule_reason_and_mark() -> None:
    answer = protocol("mll10").explain(kmt2a="rearranged", age_days=100, cns=True)
    assert answer.rules == ("KMT2A rearranged, and younger than 180 days or CNS leukaemia",)
    assert answer.because == (
        "KMT2A is rearranged",
        "Age at diagnosis is below 180 days",
        "CNS leukaemia: yes",
    )
    assert protocol("nci-rome").explain(lineage="B", age_years=12).assumed == (
        "rule from memory of the primary paper: compare before use",
    )


@pytest.mark.parametrize(
    ("name", "known", "because"),
    [
        (
            "mll10",
            {"kmt2a": "rearranged", "age_days": 200, "cns": False},
            ("KMT2A is rearranged", "Age at diagnosis is at least 180 days", "CNS leukaemia: no"),
        ),
        (
            "interfant06",
            {"kmt2a": "rearranged", "age_days": 183, "wbc": 900},
            ("KMT2A is rearranged", "Age at diagnosis is at least 183 days"),
        ),
        (
            "interfant06",
            {"kmt2a": "rearranged", "age_days": 100, "wbc": 10, "prednisone": "good"},
            ("KMT2A is rearranged", "White cells is below 300 x 10^9/L", "Prednisone response is not poor"),
        ),
    ],
)
def test_the_reason_of_a_rule_that_denies_says_what_is_so(
    name: str, known: dict[str, Any], because: tuple[str, ...]
) -> None:
    assert protocol(name).explain(known).because == because


def test_an_open_answer_names_what_is_missing_and_what_could_have_decided() -> None:
    answer = protocol("mll10").explain(kmt2a="rearranged")
    assert answer.possible == ("intermediate", "high")
    assert answer.missing == ("age_days", "cns")
    assert answer.would_decide == (("age_days",), ("cns",))
    nothing = protocol("interfant06").explain(kmt2a="rearranged", age_days=60)
    assert nothing.would_decide == (("wbc",), ("prednisone",))
    assert "would have decided: wbc, or prednisone" in str(nothing)


def test_a_patient_of_another_population_is_outside_with_the_reason() -> None:
    answer = protocol("mll10").explain(kmt2a="germline", age_days=365)
    assert answer.group is None
    assert answer.possible == ("outside the protocol",)
    assert answer.outside == "Age at diagnosis is at least 365 days"


def test_acute_leukaemia_in_cr1_reaches_4_and_cord_blood_has_no_ebmt_score() -> None:
    ebmt = score("ebmt")
    best = ebmt.explain(disease="acute leukaemia", status="CR1", donor="unrelated")
    assert (best.lowest, best.highest) == (1, 4)
    cord = ebmt.explain(disease="ALL", status="CR1", donor="cord blood")
    assert cord.value is None
    assert cord.lowest is None
    assert cord.undefined.startswith("no published category")
    flagged = score("ebmt", settings={"alternative_donor_as_unrelated": True})
    counted = flagged.explain(
        age_years=30, disease="ALL", status="CR1", donor="haplo", donor_sex="F", recipient_sex="M"
    )
    assert counted.value == 3
    assert counted.assumed == (
        "Cord blood, haploidentical and other related donors counted as unrelated: yes",
    )


def test_hct_ci_counts_the_higher_degree_only_and_not_done_is_not_zero() -> None:
    index = score("hct-ci")
    no = {name: False for name, each in index.inputs.declared.items() if each.kind == "yes/no"}
    full = index.explain({**no, "hepatic": "moderate to severe", "pulmonary": "severe"})
    assert full.value == 6
    assert full.group == "high"
    assert [item.name for item in full.counted] == ["hepatic", "pulmonary"]
    open_ = index.explain({**no, "diabetes": True, "hepatic": "none", "pulmonary": "not done"})
    assert (open_.value, open_.lowest, open_.highest, open_.group) == (None, 1, 4, None)
    assert open_.possible == ("intermediate", "high")
    assert [item.name for item in open_.open] == ["pulmonary"]
    assert open_.missing == ("pulmonary",)
    settled = index.explain({**no, "heart_valve": True, "hepatic": "none"})
    assert settled.value is None
    assert settled.group == "high"


def test_impossible_values_are_refused_all_at_once() -> None:
    with pytest.raises(InputError) as error:
        protocol("mll10").explain(kmt2a="weird", age_days=-5, cnss=True)
    assert 'no input "cnss". Did you mean "cns"?' in str(error.value)
    assert "none of germline, rearranged" in str(error.value)
    assert "not between 0 and 36525" in str(error.value)
    with pytest.raises(InputError, match="not a whole number"):
        protocol("mll10").explain(age_days=5.5)


def test_an_unknown_name_is_refused_with_a_suggestion() -> None:
    with pytest.raises(InputError, match='Did you mean "interfant06"'):
        protocol("interfant6")
