"""Learn a signature: everything inside nested, repeated cross-validation, then on everybody, and lock."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.assess.calibration import brier, calibration
from remission.assess.cindex import c_index
from remission.assess.classified import classified
from remission.assess.measured import COVERS, Measured
from remission.assess.roc import auc
from remission.core.limits import critical
from remission.core.problems import InputError
from remission.core.progress import Progress
from remission.expression.matrix import Expression
from remission.expression.reference import Kind
from remission.signature import schema
from remission.signature.learned import Learned, Null
from remission.signature.lock import Contract, calibrated, committee, lock, measure_record
from remission.signature.locked import Signature
from remission.signature.models import ModelName
from remission.signature.nested import OutOfFold, null, out_of_fold, rank_correlation, statistic
from remission.signature.pipeline import fit
from remission.signature.planning import plan_learning
from remission.signature.scale import scaler
from remission.signature.stability import stability
from remission.signature.strength import Select
from remission.signature.target import Censored, Target, Task
from remission.signature.workers import spread

Floats = NDArray[np.float64]
FINAL = 3
MEASURES = {
    "class": "area under the ROC curve",
    "value": "rank correlation",
    "survival": "concordance index",
}


def learn_signature(  # noqa: PLR0913 - one name for each thing a study may say
    expression: Expression,
    response: Any,
    *,
    drug: str,
    task: Task = "class",
    model: ModelName = "elastic net",
    select: Select = "sam",
    sizes: tuple[int, ...] = (10, 30, 100),
    reference: Kind = "quantile",
    positive: str = "resistant",
    negative: str = "sensitive",
    censored: Censored = "exclude",
    unit: str = "",
    folds: int = 10,
    repeats: int = 5,
    inner_folds: int = 5,
    permutations: int = 100,
    permutation_repeats: int = 1,
    least_known: float = 0.8,
    cutoff: float | None = None,
    groups: tuple[float, ...] = (),
    least_weight: float = 0.9,
    least_count: float = 0.8,
    least_reference: float = 0.5,
    name: str | None = None,
    seed: int = 1,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Learned:
    """Learn, judge honestly, and lock.

    For each of `repeats` divisions into `folds` stratified folds, and each fold: the reference scale, the
    filter, the ranking and choice of genes, their standardising, and the tuning (number of genes and
    penalty, by `inner_folds` folds of their own) see the other folds only; the model then predicts the fold.
    Out-of-fold predictions are averaged over repeats. (Averages of several models are a little better than
    one model; `by_repeat` shows what single ones reach.) The final model repeats it all on everybody.

    Parameters
    ----------
    expression : Expression
        Genes by samples; missing values allowed.
    response : mapping or frame
        See `read_target`: what is known of each sample. Who is neither class (intermediate), or censored, is
        not learned from but predicted.
    drug : str
        What is predicted, for the reader.
    task : "class", "value" or "survival"
    model : str
        "elastic net", "shrunken centroids" or "linear svm" (class); "elastic net" or "linear svm" (value);
        "mean z" (any): the mean of the strongest genes, each turned.
    select : "sam" or "welch"
        Ranking of genes for classes.
    sizes : tuple of int
        Numbers of genes among which tuning chooses.
    reference : str
        Frozen scale: "quantile", "rank", "none", or "ratio" for counts.
    permutations, permutation_repeats : int
        Times the whole is repeated with the answers dealt out anew, and the repeats of each; 0 = no P value.
    least_known : float
        Share of the learning samples in which a gene must be known.
    cutoff : float, optional
        Probability from which the class is called; the default is its share among those learned from.
    groups : tuple of float
        Cut-offs of a value or survival score, locked into the file (survival: tertiles by default).
    least_weight, least_count, least_reference : float
        Coverage, in weight, genes, and genes of the scale, below which the file refuses to score a patient.
    seed : int
        The same seed gives the same answer for any number of `jobs`.
    jobs : int
        Processes; -1 takes all cores.
    progress : callable (what, done, total), optional

    Returns
    -------
    Learned

    Raises
    ------
    InputError
        Unknown choices, shares outside 0 to 1, too few patients, names that do not match, or the extra
        `signature` not installed.

    References
    ----------
    Ambroise and McLachlan, PNAS 2002; Simon et al., JNCI 2003; Varma and Simon, BMC Bioinformatics 2006;
    Phipson and Smyth, Stat Appl Genet Mol Biol 2010 (P of permutations).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> values = rng.normal(8, 1, size=(50, 40))
    >>> values[0, :20] += 3
    >>> names = tuple(f"s{i}" for i in range(40))
    >>> matrix = Expression(tuple(f"g{i}" for i in range(50)), names, values)
    >>> classes = {name: "resistant" if i < 20 else "sensitive" for i, name in enumerate(names)}
    >>> found = learn_signature(matrix, classes, drug="prednisolone", model="shrunken centroids",
    ...                         folds=5, repeats=2, permutations=9)
    >>> found.main.estimate > 0.8, "g0" in found.signature.genes, found.null.p
    (True, True, 0.1)
    """
    target, plan = plan_learning(
        expression,
        response,
        task=task,
        model=model,
        select=select,
        sizes=sizes,
        reference=reference,
        positive=positive,
        negative=negative,
        censored=censored,
        folds=folds,
        repeats=repeats,
        inner_folds=inner_folds,
        permutations=permutations,
        permutation_repeats=permutation_repeats,
        least_known=least_known,
    )
    contract = Contract(
        name or f"{drug} {model}", drug, unit, cutoff, least_weight, least_count, least_reference, groups
    )
    ready = scaler(expression, reference)
    how: dict[str, Any] = {"folds": folds, "seed": seed, "jobs": jobs, "progress": progress}
    outside = out_of_fold(ready, target, plan, repeats=repeats, **how)
    tested = None
    if permutations:
        found = null(ready, target, plan, repeats=permutation_repeats, permutations=permutations, **how)
        tested = _tested(outside, target, found, permutation_repeats)
    here = target.learned
    matrix = ready.matrix(here)
    final = spread(lambda rng: fit(matrix, here, target, plan, rng), [np.random.default_rng([seed, FINAL])])[
        0
    ]
    if not len(final.genes):
        raise InputError("no gene has a weight in the final model, so there is nothing to lock")
    members = spread(lambda crew: committee(matrix, target, plan, crew, seed), [final])[0]
    judged = _judge(outside, target, cutoff, seed)
    stable = stability(outside.genes, expression.genes)
    notes = (*expression.notes, *target.notes, *_warned(target, outside))
    measures = [each for each in judged.values() if isinstance(each, Measured)]
    if judged["classes"] is not None:
        measures.append(judged["classes"].accuracy)
    performance = schema.Performance(
        measures=[measure_record(each) for each in measures],
        residual=judged["error"].estimate if judged["error"] is not None else None,
        p=tested.p if tested is not None else None,
        permutations=permutations,
        stability=stable.nogueira if np.isfinite(stable.nogueira) else None,
        covers=COVERS["out of fold"],
    )
    file = lock(
        expression,
        reference,
        matrix,
        target,
        plan,
        final,
        members,
        outside.scores,
        performance,
        contract,
        (folds, repeats, seed),
        notes,
    )
    return Learned(
        drug,
        task,
        model,
        expression.samples,
        target,
        outside.scores.mean(axis=0),
        outside.probabilities.mean(axis=0),
        np.array([statistic(row[None, :], target) for row in outside.scores]),
        null=tested,
        stability=stable,
        signature=Signature(file),
        notes=notes,
        **judged,
    )


def _tested(outside: OutOfFold, target: Target, values: Floats, repeats: int) -> Null:
    observed = statistic(outside.scores[:repeats], target)
    beaten = int((values >= observed - 1e-12).sum())
    return Null(MEASURES[target.task], observed, values, (beaten + 1) / (len(values) + 1), repeats)


def _judge(outside: OutOfFold, target: Target, cutoff: float | None, seed: int) -> dict[str, Any]:
    """Measures of the averaged out-of-fold predictions."""
    here = target.learned
    y, score = target.y[here], outside.scores.mean(axis=0)[here]
    none: dict[str, Any] = {"classes": None, "brier": None, "calibration": None, "error": None}
    if target.task == "survival":
        return {**none, "main": c_index(score, y, target.event[here], predictions="out of fold")}
    if target.task == "value":
        return {**none, **_value_measures(score, y, seed)}
    truth, chance = y == 1, outside.probabilities.mean(axis=0)[here]
    called = chance >= (y.mean() if cutoff is None else cutoff)
    return {
        **none,
        "main": auc(score, truth, predictions="out of fold"),
        "classes": classified(called, truth, predictions="out of fold"),
        "brier": brier(chance, truth, predictions="out of fold"),
        "calibration": calibration(chance, truth, predictions="out of fold"),
    }


def _value_measures(score: Floats, y: Floats, seed: int) -> dict[str, Measured]:
    """Rank correlation (Fisher's z, variance 1.06/(n - 3)) and root mean squared error (bootstrap)."""
    n, covers = len(y), COVERS["out of fold"]
    r = rank_correlation(score, y)
    error = (1.06 / (n - 3)) ** 0.5
    reach = critical(0.95) * error
    low, high = np.tanh(np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12)) + np.array([-reach, reach]))
    squares = (score - y) ** 2
    draw = np.random.default_rng([seed, FINAL, 1]).integers(0, n, (1000, n))
    again = np.sqrt(squares[draw].mean(axis=1))
    bounds = np.quantile(again, (0.025, 0.975))
    off = float(np.sqrt(squares.mean()))
    main = Measured("rank correlation", r, error, float(low), float(high), 0.95, n, 0, "Fisher's z", covers)
    root = Measured(
        "root mean squared error",
        off,
        float(again.std()),
        float(bounds[0]),
        float(bounds[1]),
        0.95,
        n,
        0,
        "bootstrap",
        covers,
    )
    return {"main": main, "error": root}


def _warned(target: Target, outside: OutOfFold) -> tuple[str, ...]:
    here = target.learned
    if target.task == "class" and calibrated(outside.scores[:, here], target.y[here]).slope == 0:
        return (
            "out of fold the score told nothing of the class: every probability is the share of the class",
        )
    reached = statistic(outside.scores, target)
    useless = 0.0 if target.task == "value" else 0.5
    if reached <= useless:
        return ("out of fold the score did not predict better than chance",)
    return ()
