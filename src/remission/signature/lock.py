"""From everything learned to the file: final model, committee, calibration, and where it comes from."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

import numpy as np
from numpy.typing import NDArray

from remission.assess.logistic import expit
from remission.assess.measured import Measured
from remission.core.problems import InputError
from remission.expression.matrix import Expression
from remission.expression.reference import Kind, learn_reference
from remission.signature import schema
from remission.signature.folds import fold_of
from remission.signature.pipeline import Fitted, Plan, platt, refit
from remission.signature.target import Target

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
USE = "Research use only. Not for decisions on patients."
QUANTILES = (0.0, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 1.0)
MEMBERS, PARTS, COMMITTEE = 5, 5, 2


@dataclass(frozen=True, slots=True)
class Contract:
    """What a user may set of the file.

    Attributes
    ----------
    name, drug, unit : str
    cutoff : float or None
        Probability from which the class is called; None takes the share of the class.
    least_weight, least_count, least_reference : float
        Coverage below which a patient is not scored.
    groups : tuple of float
        Cut-offs of the score for groups; for survival the tertiles of the out-of-fold scores if empty.

    Raises
    ------
    InputError
        For shares outside 0 to 1, and cut-offs that do not rise.
    """

    name: str
    drug: str
    unit: str
    cutoff: float | None
    least_weight: float
    least_count: float
    least_reference: float
    groups: tuple[float, ...]

    def __post_init__(self) -> None:
        shares = {
            "cutoff": self.cutoff,
            "least_weight": self.least_weight,
            "least_count": self.least_count,
            "least_reference": self.least_reference,
        }
        wrong = [
            f"{name} is a share, 0 to 1; it is {share:g}"
            for name, share in shares.items()
            if share is not None and not 0 <= share <= 1
        ]
        if not all(map(math.isfinite, self.groups)) or list(self.groups) != sorted(set(self.groups)):
            wrong.append(
                f"groups are cut-offs that rise; they are {', '.join(f'{x:g}' for x in self.groups)}"
            )
        if wrong:
            raise InputError("; ".join(wrong))


def committee(matrix: Floats, target: Target, plan: Plan, final: Fitted, seed: int) -> list[Fitted]:
    """Refits on four fifths of the patients, each fifth left out once, five times over."""
    here = target.learned
    members = []
    for repeat in range(MEMBERS):
        fold = fold_of(target.stratum, PARTS, np.random.default_rng([seed, COMMITTEE, repeat]))
        for k in range(PARTS):
            rows = here[fold[here] != k]
            members.append(refit(matrix, rows, target, plan, final.size, final.setting))
    return members


def committee_record(
    members: Sequence[Fitted], matrix: Floats, here: Ints, genes: Sequence[str]
) -> schema.Committee:
    """Members on one set of genes with one standardising, so that the file is short."""
    union = np.array(sorted({int(gene) for one in members for gene in one.genes}), dtype=np.intp)
    part = matrix[np.ix_(here, union)]
    centre, spread = np.nanmean(part, axis=0), np.nanstd(part, axis=0, ddof=1)
    place = {int(gene): index for index, gene in enumerate(union)}
    weights = np.zeros((len(members), len(union)))
    intercepts = []
    for row, one in zip(weights, members, strict=True):
        at = [place[int(gene)] for gene in one.genes]
        row[at] = one.weights * spread[at] / one.spread
        intercepts.append(one.intercept + float(one.weights @ ((centre[at] - one.centre) / one.spread)))
    return schema.Committee(
        genes=[genes[index] for index in union],
        centre=centre.tolist(),
        spread=spread.tolist(),
        weights=weights.tolist(),
        intercepts=intercepts,
        factor=math.sqrt(PARTS - 1),
    )


def calibrated(scores: Floats, y: Floats) -> schema.Calibrated:
    """Map from score to probability, from out-of-fold scores of all repeats, each patient counting once."""
    repeats = len(scores)
    stacked, truth = scores.ravel(), np.tile(y, repeats)
    weight = np.full(len(stacked), 1 / repeats)
    b = platt(stacked, truth, weight)
    chance = expit(b[0] + b[1] * stacked)
    columns = np.column_stack([np.ones(len(stacked)), stacked])
    if b[1] == 0:
        columns = columns[:, :1]
    information = (columns * (weight * chance * (1 - chance))[:, None]).T @ columns
    variance = np.zeros((2, 2))
    size = columns.shape[1]
    variance[:size, :size] = np.linalg.inv(information)
    return schema.Calibrated(
        intercept=float(b[0]),
        slope=float(b[1]),
        variance=variance.tolist(),
        learned_on=f"out-of-fold scores of {len(y)} learning patients, {repeats} repeats",
    )


def lock(
    expression: Expression,
    kind: Kind,
    matrix: Floats,
    target: Target,
    plan: Plan,
    final: Fitted,
    members: Sequence[Fitted],
    outside: Floats,
    performance: schema.Performance,
    contract: Contract,
    run: tuple[int, int, int],
    notes: tuple[str, ...],
) -> schema.File:
    """Put everything into the record of the file; `run` = folds, repeats, seed."""
    here = target.learned
    crew = committee_record(members, matrix, here, expression.genes)
    names = [expression.genes[index] for index in final.genes]
    learning = expression.samples_only([expression.samples[index] for index in here])
    if kind == "none":
        wanted = {*names, *crew.genes}
        learning = learning.genes_only([name for name in expression.genes if name in wanted])
    reference = learn_reference(learning, kind)
    own = matrix[np.ix_(here, final.genes)]
    z = (own - final.centre) / final.spread
    distance = np.sqrt(np.nanmean(z**2, axis=1))
    calibration = calibrated(outside[:, here], target.y[here]) if target.task == "class" else None
    averaged = outside.mean(axis=0)[here]
    return schema.File(
        format="remission signature",
        version=1,
        name=contract.name,
        use=USE,
        predicts=schema.Predicts(
            drug=contract.drug,
            task=target.task,
            positive=target.positive,
            negative=target.negative,
            unit=contract.unit,
        ),
        score=schema.Weights(
            genes=names,
            weights=final.weights.tolist(),
            centre=final.centre.tolist(),
            spread=final.spread.tolist(),
            lowest=np.nanmin(own, axis=0).tolist(),
            highest=np.nanmax(own, axis=0).tolist(),
            intercept=final.intercept,
        ),
        committee=crew,
        reference=reference.to_plain(),
        missing=schema.Missing(
            least_weight=contract.least_weight,
            least_count=contract.least_count,
            least_reference=contract.least_reference,
            imputation="mean of the learning patients",
        ),
        calibration=calibration,
        cutoffs=_cutoffs(target, contract, averaged),
        seen=schema.Seen(
            score_quantiles=np.quantile(averaged, QUANTILES[1:-1]).tolist(),
            distance_quantiles=np.quantile(distance, QUANTILES[1:-1]).tolist(),
            quantiles=list(QUANTILES[1:-1]),
        ),
        performance=performance,
        training=_training(expression, target, plan, final, run, notes),
        parent=None,
    )


def measure_record(found: Measured) -> schema.Measure:
    """One measure for the file."""
    return schema.Measure(
        measure=found.measure,
        estimate=_finite(found.estimate),
        low=_finite(found.low),
        high=_finite(found.high),
        n=found.n,
    )


def content_hash(names: Sequence[str], values: Floats) -> str:
    """SHA-256 of names and numbers, so that the learning data can be recognised.

    Examples
    --------
    >>> content_hash(["a"], np.array([1.0])) == content_hash(["a"], np.array([1.0]))
    True
    """
    digest = hashlib.sha256("\n".join(names).encode("utf-8"))
    digest.update(np.ascontiguousarray(values, dtype="<f8").tobytes())
    return digest.hexdigest()


def software() -> dict[str, str]:
    """Versions of what the numbers depend on."""
    found = {}
    for name in ("remission", "numpy", "scipy", "scikit-learn"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def today() -> str:
    """Date of today, UTC."""
    return datetime.now(UTC).date().isoformat()


def _cutoffs(target: Target, contract: Contract, averaged: Floats) -> schema.CutOffs:
    if target.task == "class":
        share = float(target.y[target.learned].mean())
        cutoff = share if contract.cutoff is None else contract.cutoff
        return schema.CutOffs(probability=cutoff, groups=[], names=["all"])
    groups = list(contract.groups)
    if target.task == "survival" and not groups:
        groups = sorted(set(np.quantile(averaged, (1 / 3, 2 / 3)).tolist()))
    names = {0: ["all"], 1: ["low", "high"], 2: ["low", "intermediate", "high"]}.get(
        len(groups), [f"group {index + 1}" for index in range(len(groups) + 1)]
    )
    return schema.CutOffs(probability=None, groups=groups, names=names)


def _training(
    expression: Expression,
    target: Target,
    plan: Plan,
    final: Fitted,
    run: tuple[int, int, int],
    notes: tuple[str, ...],
) -> schema.Training:
    here = target.learned
    folds, repeats, seed = run
    events = target.event[here].sum() if target.task == "survival" else (target.y[here] == 1).sum()
    answers = np.column_stack([target.y[here], target.event[here]])
    return schema.Training(
        n=len(here),
        events=int(events) if target.task != "value" else 0,
        expression_hash=content_hash([*expression.genes, *expression.samples], expression.values),
        response_hash=content_hash([expression.samples[index] for index in here], answers),
        source=expression.source,
        scale=expression.scale,
        model=plan.model.name,
        setting=plan.model.setting,
        setting_value=final.setting,
        size=final.size,
        sizes=list(plan.sizes),
        select=plan.select,
        folds=folds,
        repeats=repeats,
        inner_folds=plan.inner,
        seed=seed,
        created=today(),
        software=software(),
        notes=list(notes),
    )


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
