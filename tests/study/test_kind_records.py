"""The records of the kinds: options described, outputs declared, statements named, results plain."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import remission.study.kinds as package
from remission.cohort.column import Column, KnownAfter, KnownOn
from remission.core.clock import Clock, Duration
from remission.core.vocabulary import COLUMNS, result_rows
from remission.study.kind import Context, Kind
from remission.study.kinds import KINDS, statements
from remission.study.kinds.multiplicity import across_study
from remission.study.laboratory.declare import SignatureDeclaration
from remission.study.laboratory.prepare import with_signatures
from remission.study.results import Analysis, Output
from tests.study.kinds_by_hand import BASELINE, cohort_of, context_of, named, outcome_of, run
from tests.study.laboratory_by_hand import with_laboratory

FOLDER = Path(package.__file__).parent
RELAPSE = ("relapse", "death without relapse")
RESPONSES = ("CR", "CRi", "PR", "not done")
DESIGNS: dict[str, dict[str, Any]] = {
    "characteristics": {"by": "arm"},
    "follow_up": {"by": "arm"},
    "curves": {"endpoint": ["os", "relapse", "nrm"], "by": "gvhd", "landmark": "50 days", "naive": "show"},
    "compare": {
        "endpoint": ["os", "relapse"],
        "by": ["risk", "gvhd"],
        "landmark": ["50 days", "100 days"],
        "remedy": "time-dependent",
        "naive": "show",
        "restricted_mean": "1 year",
    },
    "landmark": {"endpoint": "os", "landmark": "50 days", "among": "event-free by pfs", "versus": "rest"},
    "screen": {"endpoint": "os"},
    "subgroups": {"endpoint": ["os", "relapse"], "effect": "arm", "by": "risk"},
    "transplant_effect": {
        "endpoint": ["os", "relapse"],
        "by": "gvhd",
        "adjust": ["arm"],
        "risk": "arm",
        "landmark": ["50 days", "median waiting time"],
        "early": "100 days",
    },
    "adjusted": {"endpoint": ["os", "relapse"], "by": "arm", "adjust": ["risk"]},
    "model": {
        "endpoint": ["os", "relapse"],
        "terms": ["arm", "risk", "gvhd"],
        "univariable": True,
        "eliminate": {"backward": 0.3},
        "time_varying": {"column": "arm", "cuts": "300 days"},
    },
    "treatment": {
        "endpoint": "pfs",
        "phases": [
            {"name": "induction", "start": "start", "window": ["0 days", "50 days"]},
            {"name": "graft", "start": "graft", "window": ["10 days", "40 days"], "from": "induction"},
        ],
        "indication": "risk = 'high'",
        "delivered": {"start": "graft", "window": ["10 days", "90 days"]},
        "incidence": "relapse",
        "by": "arm",
    },
    "causes_of_death": {"column": "cause"},
    "benchmark": {
        "endpoint": ["os", "relapse"],
        "by": "arm",
        "difference": True,
        "results": [
            {
                "trial": "One",
                "population": "all",
                "n": 40,
                "endpoint": "os",
                "time": "1 year",
                "estimate": 60.0,
                "standard_error": 7.7,
                "source": "A journal",
                "selected": "in remission",
            },
            {
                "trial": "Two",
                "population": "all",
                "endpoint": "relapse",
                "time": "1 year",
                "estimate": 30.0,
                "low": 20.0,
                "high": 41.0,
                "time_zero": "diagnosis",
                "source": "A journal",
            },
        ],
    },
    "eras": {"endpoint": ["os", "relapse"], "by": "arm", "adjust": ["risk"], "restricted_mean": "1 year"},
    "restratify": {"endpoint": ["os", "relapse"], "by": ["risk", "class"]},
    "drug_response": {"by": "arm"},
    "genes": {"permutations": 50, "fdr": 0.5, "top": 5},
    "added_value": {
        "endpoint": "relapse",
        "score": "day",
        "beyond": ["risk"],
        "at": ["100 days", "1 year"],
        "bootstrap": 20,
    },
    "first_events": {"endpoint": "relapse", "by": "arm", "split": {"death without relapse": "cause"}},
    "response": {
        "endpoint": "relapse",
        "by": "risk",
        "points": [
            {"column": "course_1", "good": ["CR", "CRi"], "not_evaluated": "not done"},
            {"column": "gvhd", "due": "100 days"},
        ],
    },
    "mrd": {
        "endpoint": "relapse",
        "by": "arm",
        "unit": "percent",
        "limit": "0.01 %",
        "points": [{"column": "mrd_1"}, {"column": "mrd_2", "method": "PCR"}],
    },
    "prediction": {},
}


def study() -> Context:
    size = 40
    columns = [
        Column("arm", "category", "Arm", levels=("A", "B"), known_at=BASELINE),
        Column("risk", "category", "Risk", levels=("low", "middle", "high"), ordered=True, known_at=BASELINE),
        Column("class", "category", "Class", levels=("1", "2"), ordered=True, known_at=BASELINE),
        Column("day", "number", "Day of GVHD", known_at=BASELINE, is_time=True),
        Column("gvhd", "yes/no", "Acute GVHD", known_at=KnownOn("day")),
        Column("cause", "category", "Cause of death", levels=("leukaemia", "GVHD"), known_at=KnownOn("day")),
        Column("start", "number", "Day of induction", is_time=True),
        Column("graft", "number", "Day of transplant", is_time=True),
        Column(
            "course_1", "category", "Course 1", levels=RESPONSES, known_at=KnownAfter(Duration(35, "days"))
        ),
        Column("mrd_1", "number", "MRD 1", known_at=KnownAfter(Duration(35, "days"))),
        Column("mrd_2", "number", "MRD 2", known_at=KnownAfter(Duration(80, "days"))),
    ]
    data = {
        "arm": ["A", "B"] * 20,
        "risk": ["low", "middle", "high", "low"] * 10,
        "class": ["1", "1", "2", "2", None] * 8,
        "day": [30.0, 80.0] * 20,
        "gvhd": [True, False, True, True] * 10,
        "cause": ["leukaemia", None, "GVHD", None] * 10,
        "start": [None] * 4 + [0.0, 5.0, 60.0, 3.0] * 9,
        "graft": [None] * 8 + [45.0, None, 60.0, 30.0] * 8,
        "course_1": ["CR", "PR", "CRi", "not done", None] * 8,
        "mrd_1": [None, 0.5, 0.0, 3.0, 0.005] * 8,
        "mrd_2": [0.02, 0.0, None, 0.4] * 10,
    }
    days = [20.0 * (number + 1) for number in range(size)]
    died = [["death", None, "death", "death"][number % 4] for number in range(size)]
    first = [["relapse", None, "relapse", "death without relapse"][number % 4] for number in range(size)]
    pfs_days = [day - 10 if event == "relapse" else day for day, event in zip(days, first, strict=True)]
    failed = ["relapse or death" if event else None for event in first]
    context = context_of(
        cohort_of(data, columns, clock=Clock("months")),
        outcome_of(days, died),
        outcome_of(
            pfs_days, failed, endpoint="pfs", label="Progression-free survival", causes=("relapse or death",)
        ),
        outcome_of(pfs_days, first, endpoint="relapse", label="Relapse", causes=RELAPSE),
        outcome_of(pfs_days, first, endpoint="nrm", label="Non-relapse mortality", causes=RELAPSE[::-1]),
    )
    drugs = {
        "prednisolone": [0.5, "< 0.1", 20.0, "> 100"] * 10,
        "vincristine": [0.2, 3.0, 30.0, "failed", None, 8.0, "> 5", 12.0] * 5,
    }
    random = np.random.default_rng(1)
    genes = {f"G{number}": random.normal(size=size).tolist() for number in range(30)}
    return with_laboratory(context, drugs, genes)


def study_of(kind: Kind) -> Context:
    """The study, and for what judges signatures the same with one learned from its genes."""
    if kind.name != "prediction":
        return study()
    declared = SignatureDeclaration(
        column="arm",
        positive="B",
        model="shrunken centroids",
        sizes=(5,),
        folds=3,
        repeats=2,
        inner_folds=2,
        permutations=3,
        jobs=1,
    )
    return with_signatures(study(), declared, FOLDER)


def said_in(tree: ast.AST) -> set[str]:
    """First arguments of Statement(...)."""
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Statement"
        and isinstance(node.args[0], ast.Constant)
    }


def plain(value: Any) -> bool:
    """Whether a fact is a plain JSON value."""
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and plain(item) for key, item in value.items())
    if isinstance(value, tuple):
        return all(plain(item) for item in value)
    return value is None or type(value) in (str, int, float, bool)


def alike(one: Any, other: Any) -> bool:
    """Equal but for rounding."""
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(alike(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, rel=1e-8, abs=1e-10)
    return bool(one == other)


def test_every_statement_has_a_name_in_the_list() -> None:
    used = set().union(
        *(said_in(ast.parse(path.read_text(encoding="utf-8"))) for path in FOLDER.glob("*.py"))
    )
    assert used <= set(statements.NAMES)
    assert len(set(statements.NAMES)) == len(statements.NAMES)


def test_the_architecture_page_lists_every_statement_and_output() -> None:
    page = (FOLDER.parents[3] / "docs" / "architecture.md").read_text(encoding="utf-8")
    missing = [name for name in statements.NAMES if f"`{name}`" not in page]
    assert not missing
    outputs = {name for kind in KINDS.values() for name in kind.outputs}
    assert not [name for name in outputs if f"| `{name}` |" not in page]


def test_a_study_loads_the_methods_of_its_own_analyses_only() -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom remission import demo\n"
        "from remission.study.prepare import prepare\n"
        "prepare(Path(demo.__file__).with_name('ankl.toml'))\n"
        "rooms = {name.split('.')[1] for name in sys.modules if name.startswith('remission.')}\n"
        "print(sorted(rooms & {'assess', 'expression', 'regress', 'response', 'signature'}))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "['regress']"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_records_are_complete(kind: Kind) -> None:
    assert KINDS[kind.name] is kind
    assert kind.summary.endswith(".")
    schema = kind.options.model_json_schema()
    assert schema["additionalProperties"] is False
    undescribed = [name for name, option in schema["properties"].items() if not option.get("description")]
    assert not undescribed
    json.dumps(schema)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_what_a_run_hands_over(kind: Kind) -> None:
    analysis = run(kind, study_of(kind), **DESIGNS[kind.name])
    assert (analysis.name, analysis.kind) == ("it", kind.name)
    assert analysis.outputs
    assert {each.name for each in analysis.outputs} <= set(kind.outputs)
    for each in analysis.outputs:
        assert each.rows.columns == list(COLUMNS)
        assert each.rows.schema == result_rows({}).schema
        assert set(each.rows["analysis"]) == {"it"}
        assert plain(dict(each.facts)), each.facts
        for column in ("estimate", "low", "high", "p", "std_error"):
            assert not each.rows[column].is_nan().any()
            assert not each.rows[column].is_infinite().any()
        assert each.rows["p"].drop_nulls().is_between(0, 1).all()
    for said in (*analysis.findings, *analysis.methods):
        assert plain(dict(said.facts)), said
        assert said.name in (statements.FINDINGS if said in analysis.findings else statements.METHODS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_same_study_gives_the_same_results(kind: Kind) -> None:
    first, second = (run(kind, study_of(kind), **DESIGNS[kind.name]) for _ in range(2))
    assert first.findings == second.findings
    assert first.methods == second.methods
    for one, other in zip(first.outputs, second.outputs, strict=True):
        assert one.rows.equals(other.rows)
        assert one.facts == other.facts


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_order_of_the_patients_does_not_matter(kind: Kind) -> None:
    context = study_of(kind)
    order = list(range(40))[::-1]
    cohort = cohort_of(
        {name: context.cohort.frame[name].gather(order).to_list() for name in context.cohort.columns},
        [column for name, column in context.cohort.columns.items() if name != "id"],
        clock=context.cohort.clock,
    )
    turned = context_of(
        cohort,
        *[
            outcome_of(
                each.time[order],
                each.event[order],
                endpoint=each.endpoint,
                label=each.label,
                causes=each.causes,
            )
            for each in context.outcomes.values()
        ],
        laboratory=context.laboratory,
    )
    first, second = run(kind, context, **DESIGNS[kind.name]), run(kind, turned, **DESIGNS[kind.name])
    assert alike(
        [dict(each.facts) for each in first.findings], [dict(each.facts) for each in second.findings]
    )
    assert [each.name for each in first.findings] == [each.name for each in second.findings]
    for one, other in zip(first.outputs, second.outputs, strict=True):
        assert alike(dict(one.facts), dict(other.facts))
        numbers = [name for name, dtype in one.rows.schema.items() if dtype == pl.Float64]
        ours, theirs = (each.rows.select(numbers).fill_null(-9).to_numpy() for each in (one, other))
        assert np.allclose(ours, theirs, rtol=1e-8, atol=1e-9)


def compared(*p: float | None, variant: str) -> Analysis:
    made = tuple(
        Output("test", result_rows({"p": [float("nan") if value is None else value]}), {}, variant)
        for value in p
    )
    return Analysis("a", "compare", "A", made)


def test_comparisons_are_counted_over_the_study() -> None:
    nothing = Analysis("c", "curves", "C", ())
    analyses = across_study(
        [
            compared(0.01, 0.2, variant=""),
            nothing,
            compared(0.03, None, variant="landmark"),
            compared(0.5, variant="naive"),
            nothing,
        ]
    )
    assert [named(each) for each in analyses] == [set(), set(), {"multiplicity"}, set(), set()]
    facts = analyses[2].findings[0].facts
    assert (facts["comparisons"], facts["analyses"], facts["significant"]) == (3, 2, 2)
    alone = [compared(0.01, variant=""), nothing]
    assert across_study(alone) == tuple(alone)
