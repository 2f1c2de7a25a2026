"""Results of an invented cohort of 59 transplants, put together by hand: what the report is tested on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from remission.cohort.cohort import FlowStep
from remission.core.vocabulary import result_rows
from remission.study.results import (
    Analysis,
    EndpointSummary,
    Output,
    Provenance,
    Results,
    Statement,
)
from tests.report.ankl_tables import GRAFTS, causes, follow_up, screen
from tests.report.curves_by_hand import YEAR, at, at_risk, curve

TICKS = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
TIMES = {"100 days": 100 / YEAR, "1 year": 1.0, "5 years": 5.0}
COURSES = ("CR or PR at transplant", "induction failure, CR afterwards")
LABELS = {
    "os": "Overall survival",
    "relapse": "Relapse or progression",
    "nrm": "Non-relapse mortality",
}


class Cohort:
    """Invented times and events, always the same."""

    def __init__(self) -> None:
        draw = np.random.default_rng(7)
        size = 59
        cured = draw.random(size) < 0.34
        relapse = np.where(cured, 1e9, draw.exponential(160, size))
        mortality = draw.exponential(1900, size)
        follow_up = draw.uniform(400, 3600, size)
        first = np.minimum(np.minimum(relapse, mortality), follow_up)
        self.pfs = np.ceil(first)
        pairs = zip(relapse, mortality, follow_up, strict=True)
        self.first = [
            "relapse" if one <= min(two, end) else "non-relapse death" if two <= end else None
            for one, two, end in pairs
        ]
        death = np.minimum(relapse + draw.exponential(120, size), mortality)
        self.os = np.ceil(np.minimum(death, follow_up))
        self.dead = ["death" if one < two else None for one, two in zip(death, follow_up, strict=True)]
        self.graft = np.array([GRAFTS[0]] * 12 + [GRAFTS[1]] * 18 + [GRAFTS[2]] * 29)
        self.course = np.where(draw.random(size) < 0.5, COURSES[0], COURSES[1])


def facts(endpoint: str, **more: Any) -> dict[str, Any]:
    """Facts of a curve and what belongs to it."""
    return {
        "endpoint": endpoint,
        "endpoint_label": LABELS[endpoint],
        "measure": "survival" if endpoint == "os" else "incidence",
        "cause": {"os": "death", "relapse": "relapse", "nrm": "non-relapse death"}[endpoint],
        "unit": "years",
        "time_zero": "transplantation",
        "by": None,
        "by_label": None,
        "groups": (),
        "landmark": None,
        "axis": "time zero",
        "until": 5.0,
        "ticks": TICKS,
        "p_text_test": None,
        "p": None,
        "reliable_until": {"": 4.2},
        **more,
    }


def _overall(cohort: Cohort, endpoint: str) -> list[Output]:
    known = facts(endpoint)
    if endpoint == "os":
        rows, risk = curve(cohort.os, cohort.dead, "death"), at_risk(cohort.os, TICKS)
    else:
        named = {"incidence": True, "endpoint": endpoint}
        rows, risk = curve(cohort.pfs, cohort.first, known["cause"], **named), at_risk(cohort.pfs, TICKS)
    outputs = [
        Output("curves", rows, known),
        Output("at_risk", risk, known),
        Output("estimates", at(rows, TIMES), known),
    ]
    if endpoint == "os":
        median = {"measure": "median", "estimate": 0.62, "low": 0.41, "high": None, "unit": "years"}
        outputs.append(Output("medians", result_rows({**median, "confidence": 0.95}), known))
    return outputs


def _stack(cohort: Cohort) -> Output:
    parts = [
        curve(cohort.pfs, cohort.first, cause, incidence=True, endpoint=endpoint)
        for endpoint, cause in (("relapse", "relapse"), ("nrm", "non-relapse death"))
    ]
    rest = parts[0].with_columns(
        estimate=1 - parts[0]["estimate"] - parts[1]["estimate"],
        measure=pl.lit("event-free"),
        cause=pl.lit(None, dtype=pl.String),
    )
    labels = {"relapse": LABELS["relapse"], "non-relapse death": LABELS["nrm"]}
    known = {"endpoint_labels": labels, "unit": "years", "time_zero": "transplantation"}
    return Output("stack", pl.concat([*parts, rest]), {**known, "until": 5.0, "ticks": TICKS})


def _grouped(
    cohort: Cohort,
    groups: Sequence[str],
    of: np.ndarray,
    *,
    by: str,
    label: str,
    start: float = 0.0,
    axis: str = "time zero",
    variant: str = "",
    p: float = 0.0461,
) -> list[Output]:
    """Curves by group, with everything a comparison hands over."""
    begin = start * YEAR
    shift = start if axis == "time zero" else 0.0
    rows, risk, named = [], [], []
    for group in groups:
        keep = (of == group) & (cohort.os > begin)
        time = cohort.os[keep] - begin
        dead = [event for event, kept in zip(cohort.dead, keep, strict=True) if kept]
        rows.append(curve(time, dead, "death", start=shift, group=group))
        risk.append(at_risk(time, TICKS, start=shift, group=group))
        named.append(at(rows[-1], {"5 years": 5.0}))
    known = facts(
        "os",
        by=by,
        by_label=label,
        groups=tuple(groups),
        p_text_test="log-rank",
        p=p,
        axis=axis,
        landmark="100 days" if start else None,
        reliable_until={group: 2.0 + number for number, group in enumerate(groups)},
    )
    sizes = [float(((of == group) & (cohort.os > begin)).sum()) for group in groups]
    tests = {
        "measure": "log-rank",
        "group": [*groups, None],
        "at_risk": [*sizes, None],
        "events": [*[size // 2 for size in sizes], None],
        "estimate": [*[size / 2 + 0.4 for size in sizes], None],
        "statistic": [*[None] * len(groups), 3.98],
        "df": [*[None] * len(groups), len(groups) - 1],
        "p": [*[None] * len(groups), p],
    }
    gap = {"measure": "difference", "group": groups[0], "versus": groups[-1], "time": 5.0, "level": "5 years"}
    size = {"estimate": -0.086, "std_error": 0.12, "low": -0.32, "high": 0.149, "confidence": 0.95, "p": 0.47}
    return [
        Output("curves", pl.concat(rows), known, variant),
        Output("at_risk", pl.concat(risk), known, variant),
        Output("estimates", pl.concat(named), known, variant),
        Output("test", result_rows(tests), known, variant),
        Output("difference", result_rows({**gap, **size}), known, variant),
    ]


def characteristics(cohort: Cohort) -> Analysis:
    """Table 1 by graft source."""
    records: list[dict[str, Any]] = []
    parts = [(None, np.ones(59, dtype=bool)), *[(graft, cohort.graft == graft) for graft in GRAFTS]]
    age = np.random.default_rng(1).integers(16, 67, 59).astype(float)
    sex = np.random.default_rng(2).random(59) < 0.45
    for group, mask in parts:
        cuts = {"median": np.median(age[mask]), "min": age[mask].min(), "max": age[mask].max()}
        records += [
            {"term": "age", "group": group, "measure": name, "estimate": cut} for name, cut in cuts.items()
        ]
        for level, chosen in (("female", sex), ("male", ~sex)):
            count = float((chosen & mask).sum())
            same = {"term": "sex", "group": group, "level": level}
            records.append({**same, "measure": "count", "estimate": count})
            records.append({**same, "measure": "percent", "estimate": 100 * count / mask.sum()})
        for name in ("age", "sex"):
            missing = 2.0 if name == "sex" and group in (None, GRAFTS[2]) else 0.0
            records.append({"term": name, "group": group, "measure": "missing", "estimate": missing})
    records += [
        {"term": "age", "measure": "test", "scale": "Kruskal-Wallis", "statistic": 2.1, "df": 2, "p": 0.35},
        {"term": "sex", "measure": "test", "scale": "Fisher exact", "p": 0.0496},
        {"term": "age", "measure": "smd", "estimate": 0.214},
        {"term": "sex", "measure": "smd", "estimate": 0.087},
    ]
    names = dict.fromkeys(name for record in records for name in record)
    rows = result_rows({name: [record.get(name) for record in records] for name in names})
    known = {
        "by": "graft",
        "by_label": "Graft source",
        "groups": GRAFTS,
        "sizes": {graft: int((cohort.graft == graft).sum()) for graft in GRAFTS},
        "total": 59,
        "variables": (
            {"name": "age", "label": "Age at transplant", "kind": "number", "unit": "years", "missing": 0},
            {"name": "sex", "label": "Sex", "kind": "category", "levels": ("female", "male"), "missing": 2},
        ),
    }
    methods = (
        Statement("characteristics_described"),
        Statement("characteristics_tested", {"tests": ("Fisher exact",), "references": ("freeman1951",)}),
        Statement("standardised_differences", {"groups": 3, "references": ("austin2009", "yang2012")}),
    )
    finding = Statement("group_unknown", {"label": "Graft source", "n": 2, "total": 61})
    return Analysis(
        "characteristics",
        "characteristics",
        "Patient characteristics by graft source",
        (Output("characteristics", rows, known),),
        (finding,),
        methods,
    )


def guard_finding() -> Statement:
    """The guard's answer to a grouping known only later."""
    return Statement(
        "guard_withheld",
        {
            "role": "group",
            "column": "course",
            "column_label": "Course",
            "known_at": "on cr_after_date",
            "endpoint": "os",
            "endpoint_label": "Overall survival",
            "by_label": "Course",
            "time_zero": "transplantation",
            "reason": "known after the start",
            "remedy": "landmark",
            "remedies": ("landmark", "time-dependent"),
            "landmark": "100 days",
        },
        "guard",
    )


def results(*, simulated: bool = True, title: str = "Allogeneic transplantation for ANKL") -> Results:
    """All of it."""
    cohort = Cohort()
    tail = Statement(
        "tail_unreliable",
        {
            "endpoint": "os",
            "endpoint_label": "Overall survival",
            "by_label": None,
            "variant": "",
            "groups": ({"group": None, "after": 4.2, "unit": "years"},),
            "below": 5,
        },
    )
    survival = Statement(
        "kaplan_meier",
        {"interval": "log-log", "confidence": 0.95, "references": ("kaplan1958", "greenwood1926")},
    )
    outcome = Analysis(
        "outcome",
        "curves",
        "Outcome of all patients",
        (*_overall(cohort, "os"), *_overall(cohort, "relapse"), *_overall(cohort, "nrm"), _stack(cohort)),
        (tail,),
        (survival,),
    )
    graft = Analysis(
        "graft",
        "compare",
        "Survival by graft source",
        tuple(_grouped(cohort, GRAFTS, cohort.graft, by="graft", label="Graft source")),
    )
    late = {"by": "course", "label": "Course"}
    hundred = 100 / YEAR
    course = Analysis(
        "course",
        "compare",
        "Survival by course",
        (
            *_grouped(cohort, COURSES, cohort.course, **late, start=hundred, variant="landmark", p=0.62),
            *_grouped(cohort, COURSES, cohort.course, **late, variant="naive", p=0.95),
        ),
        (guard_finding(),),
        (survival,),
    )
    return Results(
        title=title,
        question="Who survives, and do response before transplant and graft source matter?",
        simulated=simulated,
        flow=(
            FlowStep("Rows in the file", 0, 66),
            FlowStep("not ANKL", 3, 63),
            FlowStep("not a first transplant", 4, 59, 1),
        ),
        endpoints=(
            EndpointSummary("os", "Overall survival", "Death from any cause.", 59, {"death": 39}, ()),
            EndpointSummary(
                "relapse",
                "Relapse or progression",
                "Relapse; death without it competes.",
                58,
                {"relapse": 31, "non-relapse death": 7},
                (FlowStep("relapse date unknown", 1, 58),),
            ),
        ),
        analyses=(characteristics(cohort), outcome, graft, course, follow_up(), causes(), screen()),
        provenance=Provenance(
            data="ankl.csv",
            data_sha256="a" * 64,
            data_rows=66,
            study="ankl.toml",
            study_sha256="b" * 64,
            versions={"remission": "0.1.0", "numpy": "2.4"},
            seed=20210201,
            started="2026-01-02T03:04:05Z",
            notes=("performance: 99 read as missing",),
        ),
    )
