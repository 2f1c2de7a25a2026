"""The ready study files on the real cohorts: no problems, and numbers as in R (tests/oracles/studies.R)."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from remission.core.problems import Problem
from remission.study.prepare import check
from remission.study.results import Analysis, Output, Results
from remission.study.run import run

STUDIES = Path(__file__).resolve().parents[1] / "studies"
FILES = {
    "CK1901": "cibmtr/CK1901.csv",
    "LK1901": "cibmtr/LK1901.csv",
    "HS1502": "cibmtr/HS1502.csv",
    "HS1802": "cibmtr/HS1802.csv",
    "RT1802": "cibmtr/RT1802.csv",
    "bmt": "transplant/bmt.csv",
    "bmtcrr": "transplant/bmtcrr.csv",
    "bone_marrow_children": "transplant/bone_marrow_children.csv",
    "tall_aall0434": "signature/tall_aall0434/clinical.csv",
}
Run = Callable[[str], Results]


@pytest.fixture(scope="session")
def study(shared_data: Path) -> Run:
    """Run a study on its real file, once."""
    return cache(lambda name: run(STUDIES / f"{name}.toml", data=shared_data / FILES[name]))


def near(value: float, reference: float) -> bool:
    return abs(value - reference) <= 1e-8 * max(abs(reference), 1e-6)


def outputs(results: Results, kind: str, name: str, endpoint: str, **facts: object) -> list[Output]:
    """Tables of this kind and endpoint whose facts are these."""
    return [
        output
        for analysis in results.analyses
        if analysis.kind == kind
        for output in analysis.outputs
        if output.name == name
        and output.facts.get("endpoint") == endpoint
        and all(output.facts.get(key) == value for key, value in facts.items())
    ]


def analysis(results: Results, kind: str) -> Analysis:
    return next(each for each in results.analyses if each.kind == kind)


def estimate(results: Results, endpoint: str, level: str) -> tuple[float, ...]:
    """Estimate, standard error and limits at a named time, all patients."""
    (output,) = outputs(results, "curves", "estimates", endpoint)
    (row,) = output.rows.filter(output.rows["level"] == level).iter_rows(named=True)
    return row["estimate"], row["std_error"], row["low"], row["high"]


def compared(
    results: Results, endpoint: str, by: str, measure: str, title: str | None = None
) -> tuple[float, float]:
    """Statistic and P of a comparison."""
    found = [
        row
        for output in outputs(results, "compare", "test", endpoint, by=by)
        if output.variant != "naive"
        and (title is None or output.rows["analysis"][0] in titled(results, title))
        for row in output.rows.iter_rows(named=True)
        if row["measure"] == measure and row["group"] is None
    ]
    assert found, (endpoint, by, measure)
    return found[0]["statistic"], found[0]["p"]


def titled(results: Results, title: str) -> set[str]:
    return {each.name for each in results.analyses if each.title == title}


@pytest.mark.parametrize("name", FILES)
def test_a_study_file_has_no_problems(name: str, shared_data: Path) -> None:
    problems: tuple[Problem, ...] = check(STUDIES / f"{name}.toml", data=shared_data / FILES[name])
    assert problems == ()


@pytest.mark.parametrize("name", FILES)
def test_a_study_runs_without_patient_rows(name: str, study: Run) -> None:
    results = study(name)
    assert results.analyses
    assert all(each.outputs for each in results.analyses)
    ids = {"dcrid", "pseudocrid", "dummycrid", "pseudoid", "row number"}
    assert not ids & set(results.rows().columns)


def test_every_study_file_is_held_against_its_cohort() -> None:
    own_definitions = {"platelet-recovery-40", "platelet-recovery-50", "time-to-treatment"}
    signatures = {"cll_mofa", "tall_aall0434_signature", "archer"}  # test_studies_signatures.py
    assert {path.stem for path in STUDIES.glob("*.toml")} == set(FILES) | own_definitions | signatures


SURVIVAL = {  # estimate, standard error, log-log limits
    ("CK1901", "os", "4 years"): (
        0.2969480570199696,
        0.03405681934212754,
        0.2319719654992795,
        0.3645864006271597,
    ),
    ("CK1901", "dfs", "4 years"): (
        0.2485591420790029,
        0.03207351201569848,
        0.1883572805677933,
        0.3132327258040932,
    ),
    ("LK1901", "os", "5 years"): (
        0.507129596614873,
        0.0462850297537768,
        0.4132721374266805,
        0.5934932750506332,
    ),
    ("LK1901", "dfs", "5 years"): (
        0.4428984062565041,
        0.04435495539803559,
        0.3547388130209112,
        0.5272962217043808,
    ),
    ("bmt", "os", "2 years"): (
        0.4637983406628285,
        0.04280949462196289,
        0.3782168311570117,
        0.5449191091838799,
    ),
    ("bmtcrr", "efs", "24 months"): (
        0.2780280699403768,
        0.03403526252857986,
        0.2135412008384865,
        0.3460243404456323,
    ),
    ("bone_marrow_children", "os", "3 years"): (
        0.5419380532931061,
        0.03716525542949849,
        0.4663118458253006,
        0.6114536491340059,
    ),
    ("tall_aall0434", "efs", "5 years"): (
        0.9129445343600884,
        0.01774496811095678,
        0.8707671471673266,
        0.941813853117958,
    ),
    ("tall_aall0434", "os", "5 years"): (
        0.9557534945534434,
        0.01305067173676753,
        0.9214998840580821,
        0.9752595452169817,
    ),
    ("HS1802", "os", "5 years"): (
        0.6573782120876032,
        0.006686915139260002,
        0.644091770720769,
        0.6703031804316056,
    ),
    ("HS1502", "os", "5 years"): (
        0.6222819390182739,
        0.008087111059267217,
        0.6062094250698369,
        0.6379072972780577,
    ),
    ("HS1502", "dfs", "5 years"): (
        0.4619941940189169,
        0.01131803632011098,
        0.4396647283862573,
        0.4840100228881014,
    ),
    ("RT1802", "os", "2 years"): (
        0.5712414987753702,
        0.004080208421240668,
        0.5632007565248855,
        0.5791942692320325,
    ),
    ("RT1802", "pfs", "2 years"): (
        0.4546943835526842,
        0.00412026745498884,
        0.4466000423188044,
        0.4627501779615776,
    ),
}

INCIDENCE = {  # estimate, standard error (cmprsk)
    ("CK1901", "relapse", "4 years"): (0.4271114189478611, 0.03481412377465404),
    ("CK1901", "trm", "4 years"): (0.3243294389731357, 0.03279032822678398),
    ("LK1901", "relapse", "5 years"): (0.3300154462185721, 0.04180609282471256),
    ("LK1901", "nrm", "5 years"): (0.2270861475249241, 0.03557972613119701),
    ("bmt", "relapse", "2 years"): (0.3011985221230963, 0.03956619240772683),
    ("bmt", "nrm", "2 years"): (0.2789402541227359, 0.03865852359759642),
    ("bmtcrr", "relapse", "24 months"): (0.3019812159919015, 0.03490379668867143),
    ("bmtcrr", "trm", "24 months"): (0.4199907140677223, 0.03743356091226574),
    ("bone_marrow_children", "agvhd", "100 days"): (0.2139037433155079, 0.03007488300380913),
    ("HS1502", "relapse", "5 years"): (0.3263996012831146, 0.0105893549909519),
    ("HS1502", "nrm", "5 years"): (0.2116062046979677, 0.009244409165696039),
    ("HS1802", "relapse", "5 years"): (0.1998383944067316, 0.005550752519286211),
    ("HS1802", "nrm", "5 years"): (0.1969882170735717, 0.005571345432681429),
    ("RT1802", "relapse", "2 years"): (0.3456963672830446, 0.003907350046479346),
    ("RT1802", "nrm", "2 years"): (0.1996092491642709, 0.003264969364426511),
}

TESTS = {  # statistic, P
    ("CK1901", "os", "conditioning", "log-rank"): (9.502869272350567, 0.002051508444326625),
    ("CK1901", "os", "over_60", "log-rank"): (3.258056459567665, 0.07107331836082664),
    ("CK1901", "os", "gvhd_by_day_100", "log-rank"): (4.959079713161582, 0.0259540163400819),
    ("CK1901", "relapse", "conditioning", "Gray"): (1.189200951214466, 0.2754907931538776),
    ("CK1901", "trm", "conditioning", "Gray"): (11.83491035622237, 0.0005813049700924555),
    ("LK1901", "os", "over_60", "log-rank"): (14.95326608975324, 0.0001102071270133542),
    ("bmt", "os", "disease_group", "log-rank"): (15.2197635970401, 0.000495530427445756),
    ("bmt", "relapse", "disease_group", "Gray"): (11.92288204859176, 0.002576196933567476),
    ("bmt", "nrm", "disease_group", "Gray"): (0.1374107832700587, 0.9336016864330005),
    ("bmt", "dfs", "acute_gvhd", "log-rank"): (0.00359054877945465, 0.9522184045767805),
    ("bmtcrr", "relapse", "disease", "Gray"): (2.86233251371104, 0.09067592498985289),
    ("bmtcrr", "trm", "disease", "Gray"): (0.4481279362379804, 0.5032253108290544),
    ("bmtcrr", "relapse", "phase", "Gray"): (14.3585497139294, 0.002455587687840266),
    ("bmtcrr", "trm", "phase", "Gray"): (0.5894389259814068, 0.8988457767328182),
    ("tall_aall0434", "efs", "mrd_group", "log-rank"): (0.03951639753160602, 0.9804357152130769),
    ("bone_marrow_children", "os", "age_group", "log-rank"): (3.892780076803613, 0.04849408763569518),
    ("bone_marrow_children", "os", "severe_gvhd", "log-rank"): (1.471979687918668, 0.225033603134999),
    ("bone_marrow_children", "agvhd", "source", "Gray"): (0.009587927541727602, 0.9219974358616365),
    ("HS1502", "os", "age_group", "log-rank"): (21.27113052914997, 2.404543807166215e-05),
    ("HS1502", "relapse", "age_group", "Gray"): (22.94841931318681, 1.039475031572312e-05),
    ("HS1502", "nrm", "age_group", "Gray"): (32.02019979784198, 1.114043013394905e-07),
    ("HS1802", "os", "race", "log-rank"): (13.90294582202065, 0.00304028121527326),
    ("HS1802", "relapse", "race", "cause-specific log-rank"): (3.861911434380674, 0.2767664562513003),
    ("HS1802", "nrm", "race", "cause-specific log-rank"): (13.94189248914065, 0.002985323502411862),
    ("RT1802", "os", "bmi", "log-rank"): (0.3430662990391877, 0.8423723433186814),
    ("RT1802", "relapse", "bmi", "Gray"): (1.167823954291492, 0.5577123355909019),
    ("RT1802", "nrm", "bmi", "Gray"): (2.521487736754187, 0.2834431036985487),
}


@pytest.mark.parametrize("key", SURVIVAL, ids=" ".join)
def test_survival_is_as_in_r(key: tuple[str, str, str], study: Run) -> None:
    name, endpoint, level = key
    found = estimate(study(name), endpoint, level)
    assert all(near(ours, r) for ours, r in zip(found, SURVIVAL[key], strict=True)), found


@pytest.mark.parametrize("key", INCIDENCE, ids=" ".join)
def test_incidence_is_as_in_r(key: tuple[str, str, str], study: Run) -> None:
    name, endpoint, level = key
    found = estimate(study(name), endpoint, level)[:2]
    assert all(near(ours, r) for ours, r in zip(found, INCIDENCE[key], strict=True)), found


@pytest.mark.parametrize("key", TESTS, ids=" ".join)
def test_comparisons_are_as_in_r(key: tuple[str, str, str, str], study: Run) -> None:
    name, *which = key
    found = compared(study(name), *which)
    assert all(near(ours, r) for ours, r in zip(found, TESTS[key], strict=True)), found


def test_stratified_tests_are_as_in_r(study: Run) -> None:
    within = "Disease-free survival by disease group within hospitals"
    found = compared(study("bmt"), "dfs", "disease_group", "log-rank", within)
    assert near(found[0], 10.78324732860279)
    assert near(found[1], 0.004554572232565396)
    found = compared(study("bmtcrr"), "efs", "phase", "log-rank", "By phase within disease")
    assert near(found[0], 26.37219347056418)
    assert near(found[1], 7.970463598168938e-06)


def test_published_figures_are_met(study: Run) -> None:
    # Murthy 2022, on 266 patients of whom 241 are here; at 4 years.
    published = {"os": 0.300, "dfs": 0.257, "relapse": 0.419, "trm": 0.324}
    for endpoint, value in published.items():
        assert estimate(study("CK1901"), endpoint, "4 years")[0] == pytest.approx(value, abs=0.01)
    assert round(estimate(study("LK1901"), "os", "5 years")[0], 3) == 0.507


@pytest.mark.parametrize(
    ("name", "endpoint", "n", "excluded"),
    [
        ("CK1901", "os", 241, []),
        ("CK1901", "relapse", 239, [2]),
        ("LK1901", "relapse", 154, [1]),
        ("bmt", "cgvhd", 136, [1]),
        ("tall_aall0434", "efs", 262, [3]),
        ("bone_marrow_children", "platelet_recovery", 185, [2]),
        ("HS1502", "os", 3749, []),
        ("HS1502", "relapse", 1996, [1753]),
        ("HS1802", "os", 5473, []),
        ("RT1802", "os", 15900, [3]),
        ("RT1802", "relapse", 15602, [287, 14]),
    ],
)
def test_repairs_are_counted(name: str, endpoint: str, n: int, excluded: list[int], study: Run) -> None:
    (summary,) = [each for each in study(name).endpoints if each.name == endpoint]
    assert summary.n == n
    assert [step.excluded for step in summary.flow] == excluded


@pytest.mark.parametrize(
    ("name", "endpoint", "by", "n"),
    [
        ("CK1901", "os", "gvhd_by_day_100", 198),
        ("bmt", "dfs", "acute_gvhd", 113),
        ("bone_marrow_children", "os", "severe_gvhd", 155),
    ],
)
def test_the_guard_starts_at_the_landmark(name: str, endpoint: str, by: str, n: int, study: Run) -> None:
    found = outputs(study(name), "compare", "test", endpoint, by=by, landmark="100 days")
    assert [output.variant for output in found] == ["landmark"]
    assert found[0].rows["at_risk"][0] == n
    guarded = [
        finding
        for each in study(name).analyses
        for finding in each.findings
        if finding.name == "guard_withheld" and finding.facts["column"] == by
    ]
    assert {finding.facts["remedy"] for finding in guarded} == {"landmark"}


def test_first_events_of_the_transplants_are_those_of_the_file(study: Run) -> None:
    (output,) = analysis(study("bmt"), "first_events").outputs
    counts = output.rows.filter((output.rows["measure"] == "count") & output.rows["group"].is_null())
    found = dict(zip(counts["term"], counts["estimate"], strict=True))
    assert found == {"relapse": 42, "death": 41, "event-free": 54}
    groups = output.rows.filter((output.rows["measure"] == "count") & output.rows["group"].is_not_null())
    assert groups["estimate"].sum() == 137


def test_mrd_of_day_29_is_counted_as_in_r(study: Run) -> None:
    (output,) = analysis(study("tall_aall0434"), "mrd").outputs
    rows = output.rows.filter((output.rows["measure"] == "at or above") & output.rows["group"].is_null())
    assert rows["level"].to_list() == ["0.0001", "0.001", "0.01"]
    assert rows["events"].to_list() == [93, 70, 32]
    assert set(rows["at_risk"]) == {265}
    limits = [(0.2935508541053173, 0.4117124249743223), (0.2120877730806566, 0.3215742088227725)]
    limits += [(0.08408112941676307, 0.1661763162639917)]
    for (low, high), ours in zip(limits, rows.iter_rows(named=True), strict=True):
        assert near(ours["low"], low)
        assert near(ours["high"], high)


def test_mrd_of_day_29_tells_outcome_from_day_29_only(study: Run) -> None:
    """The landmark and delayed entry are one analysis where everybody's MRD is of one day; 261 are there."""
    results = study("tall_aall0434")
    landmark, entry = (
        output.rows
        for variant in ("landmark", "delayed entry")
        for output in outputs(results, "compare", "test", "efs", by="mrd_group")
        if output.variant == variant
    )
    for name in ("statistic", "p", "at_risk", "events"):
        assert landmark[name][0] == pytest.approx(entry[name][0], rel=1e-12)
    assert landmark["at_risk"].to_list()[:4] == [261, 169, 22, 70]
    (model,) = [
        output
        for output in analysis(results, "model").outputs
        if output.name == "model" and output.variant == "multivariable"
    ]
    ratios = model.rows.filter(model.rows["std_error"].is_not_null())["estimate"].log().to_list()
    reference = [-0.09871214148217194, 0.0698050368908424, -0.05165898920294699]
    reference += [0.991711834329831, -0.07753100055091391]
    for ours, theirs in zip(ratios, reference, strict=True):
        assert near(ours, theirs)


def test_eras_are_compared_over_a_common_follow_up_as_in_r(study: Run) -> None:
    (test,) = outputs(study("HS1502"), "eras", "test", "os", by="period")
    main = test.rows.row(0, named=True)
    assert near(main["statistic"], 0.07474470169643609)
    assert near(main["p"], 0.7845497706296657)
    told = [each for each in analysis(study("HS1502"), "eras").findings if each.name == "eras_follow_up"]
    by_endpoint = {each.facts["endpoint"]: each.facts for each in told}
    assert near(float(by_endpoint["os"]["until"]), 3126 / (12 * 30.4))  # type: ignore[arg-type]


def test_concordance_of_two_risk_columns_is_as_in_r(study: Run) -> None:
    # survival::concordance of two fits: its covariance gives the standard error of the difference
    (found,) = outputs(study("RT1802"), "restratify", "discrimination", "os")
    rows = {(row["measure"], row["term"]): row for row in found.rows.iter_rows(named=True)}
    comorbidity, risk = rows["concordance", "comorbidity"], rows["concordance", "risk"]
    assert (comorbidity["at_risk"], comorbidity["events"]) == (14611, 6643)
    assert near(comorbidity["estimate"], 0.5591859873271283)
    assert near(comorbidity["std_error"], 0.003658306924885683)
    assert near(risk["estimate"], 0.5789886515353805)
    assert near(risk["std_error"], 0.003285310342200598)
    apart = rows["difference of concordance", "risk"]
    assert near(apart["estimate"], 0.01980266420825216)
    assert near(apart["std_error"], 0.00470560570335518)
    assert near(rows["log-rank", "comorbidity"]["statistic"], 311.6272900974953)
    assert near(rows["log-rank", "risk"]["statistic"], 644.617274531611)
    (moves,) = outputs(study("RT1802"), "restratify", "migration", "os")
    cells = {(row["group"], row["versus"]): row["at_risk"] for row in moves.rows.iter_rows(named=True)}
    assert cells["0", "low"] == 394
    assert cells["5 or more", "very high"] == 116
    assert sum(cells.values()) == 15900


def test_causes_of_death_are_of_the_dead(study: Run) -> None:
    (output,) = analysis(study("CK1901"), "causes_of_death").outputs
    counts = output.rows.filter(output.rows["measure"] == "count")
    found = dict(zip(counts["level"], counts["estimate"], strict=True))
    assert sum(found.values()) == 158
    assert found["primary disease"] == 85
    assert found["GVHD"] == 20


def test_the_inverted_codes_of_the_childrens_file_are_read_right(study: Run) -> None:
    (summary,) = [each for each in study("bone_marrow_children").endpoints if each.name == "agvhd"]
    assert summary.events["acute GVHD"] == 40


# R: coxph on rows made by tmerge (Efron ties); log ratio, standard error.
PLATELETS = {
    "naive": (-1.67290099545, 0.28838570179),
    "time-dependent Cox model": (-1.275762149819, 0.327595977905),
    "time-dependent Cox model, adjusted": (-1.058280725526, 0.331995722658),
    "landmark at 30 days": (-1.161757025394, 0.246233456671),
    "waiting time of 18 days (median wait)": (-1.422800036496, 0.322752786058),
}


def test_platelet_recovery_in_the_place_of_a_transplant(study: Run) -> None:
    (found,) = outputs(study("bmt"), "transplant_effect", "transplant_effect", "dfs")
    for level, (log, error) in PLATELETS.items():
        (row,) = found.rows.filter(found.rows["level"] == level).iter_rows(named=True)
        assert near(math.log(row["estimate"]), log)
        assert near(row["std_error"], error)
    (naive,) = [
        each
        for each in analysis(study("bmt"), "transplant_effect").findings
        if each.name == "transplant_naive" and each.facts["endpoint_label"] == "Disease-free survival"
    ]
    assert naive.facts["years_before"] == pytest.approx(2643 / 365)
