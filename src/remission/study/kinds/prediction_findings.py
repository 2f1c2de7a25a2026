"""What a reader must know before believing a prediction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from remission.signature.learned import Learned
from remission.signature.transport import Transport
from remission.study.kinds.prediction_judged import Beside, Judged
from remission.study.results import Fact, Statement

UNSTABLE = 0.4
FEW = 20
SIGNIFICANT = 0.05
CHANCE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class One:
    """One signature and all that was found of it in one cohort."""

    found: Beside
    judged: Judged | None
    learned: Learned | None = None
    moved: Transport | None = None
    planted: Mapping[str, int] | None = None


def prediction_findings(all_of_them: Sequence[One], *, drugs: bool) -> list[Statement]:
    """Everything to be said, each kind once for all signatures."""
    lists: dict[str, list[Fact]] = {}
    for one in all_of_them:
        for name, facts in _of(one):
            lists.setdefault(name, []).append({"label": one.found.target.label, **facts})
    known = [each.judged.main for each in all_of_them if each.judged is not None]
    found = [
        Statement("no_better_than_chance", {"targets": _all(lists, "chance")}, "warning"),
        Statement("no_better_than_larger_class", {"targets": _all(lists, "larger")}, "warning"),
        Statement("predictions_not_calibrated", {"targets": _all(lists, "calibration")}, "warning"),
        Statement("genes_unstable", {"targets": _all(lists, "unstable"), "below": UNSTABLE}, "warning"),
        Statement("few_to_learn_from", {"targets": _all(lists, "few"), "below": FEW}, "warning"),
        Statement("few_permutations", {"targets": _all(lists, "permutations")}, "warning"),
        Statement("not_permuted", {"targets": _all(lists, "not permuted")}, "warning"),
        Statement("signature_moved", {"targets": _all(lists, "moved")}, "warning"),
        Statement("not_judged_there", {"targets": _all(lists, "not judged")}),
        Statement("nothing_to_judge_by", {"targets": _all(lists, "untested")}),
        Statement("others_predicted", {"targets": _all(lists, "others")}),
        Statement("planted_genes", {"targets": _all(lists, "planted")}),
    ]
    told = [each for each in found if each.facts["targets"]]
    if known:
        among = {one.found.predictions for one in all_of_them}
        same = "same patients" in among
        basis: Fact = "same patients" if same else all_of_them[0].found.predictions
        told.append(Statement("limits_of_predictions", {"predictions": basis}, "warning" if same else "note"))
    told.append(Statement("research_only", {"drugs": drugs}, "warning"))
    return told


def _all(lists: Mapping[str, list[Fact]], name: str) -> tuple[Fact, ...]:
    return tuple(lists.get(name, ()))


def _of(one: One) -> list[tuple[str, dict[str, Fact]]]:
    """Findings of one signature, by name."""
    said: list[tuple[str, dict[str, Fact]]] = []
    told, learned = one.judged, one.learned
    if one.found.untested:
        said.append(("untested", {"of": one.found.target.of}))
    elif told is None:
        said.append(("not judged", {"n": int(one.found.known.sum())}))
    else:
        said += _of_measures(one, told)
    if learned is not None:
        said += _of_learning(one, learned)
    if one.found.others and told is not None:
        answers: tuple[Fact, ...] = tuple({"answer": name, "n": n} for name, n in one.found.others.items())
        said.append(("others", {"answers": answers, "predictions": one.found.predictions}))
    if one.moved is not None and one.moved.warnings:
        said.append(("moved", {"warnings": one.moved.warnings}))
    if one.planted is not None:
        said.append(("planted", dict(one.planted)))
    return said


def _of_measures(one: One, told: Judged) -> list[tuple[str, dict[str, Fact]]]:
    main = told.main
    said: list[tuple[str, dict[str, Fact]]] = []
    null = None if one.learned is None else one.learned.null
    p = null.p if null is not None and 1 / (len(null.values) + 1) < SIGNIFICANT else None
    if not main.low > CHANCE or (p is not None and p >= SIGNIFICANT):
        numbers: dict[str, Fact] = {
            "measure": main.measure,
            "estimate": main.estimate,
            "low": _finite(main.low),
            "high": _finite(main.high),
            "p": p,
        }
        said.append(("chance", numbers))
    if told.classes is not None and told.classes.accuracy.estimate <= told.classes.no_information:
        c = told.classes
        said.append(("larger", {"accuracy": c.accuracy.estimate, "larger": c.no_information}))
    if told.calibration is not None:
        slope, large = told.calibration.slope, told.calibration.intercept
        off: list[Fact] = [
            {"measure": each.measure, "estimate": each.estimate, "low": each.low, "high": each.high}
            for each, right in ((large, 0.0), (slope, 1.0))
            if np.isfinite([each.low, each.high]).all() and not each.low <= right <= each.high
        ]
        if off:
            said.append(("calibration", {"off": tuple(off), "predictions": one.found.predictions}))
    return said


def _of_learning(one: One, learned: Learned) -> list[tuple[str, dict[str, Fact]]]:
    said: list[tuple[str, dict[str, Fact]]] = []
    stable = learned.stability.nogueira
    if np.isfinite(stable) and stable < UNSTABLE:
        said.append(("unstable", {"nogueira": stable, "lists": learned.stability.lists}))
    if one.found.target.task == "class":
        sizes = {
            name: one.found.size(positive=positive)
            for name, positive in ((one.found.target.positive, True), (one.found.target.negative, False))
        }
        smaller = min(sizes, key=lambda name: sizes[name])
        if sizes[smaller] < FEW:
            said.append(("few", {"name": smaller, "n": sizes[smaller]}))
    elif int(one.found.event.sum()) < FEW:
        said.append(("few", {"name": "event", "n": int(one.found.event.sum())}))
    if learned.null is None:
        said.append(("not permuted", {}))
    elif len(learned.null.values) < 99:
        n = len(learned.null.values)
        said.append(("permutations", {"n": n, "least": 1 / (n + 1)}))
    return said


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
