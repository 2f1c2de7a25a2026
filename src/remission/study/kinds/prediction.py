"""`kind = "prediction"`: how well signatures predict, out of fold or in patients they never saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from remission.core.problems import InputError
from remission.core.wording import listing
from remission.study.kind import Context, Kind
from remission.study.kinds.choosing import chosen_patients, nobody
from remission.study.kinds.planted import planted_genes
from remission.study.kinds.prediction_findings import One, prediction_findings
from remission.study.kinds.prediction_judged import beside, judged
from remission.study.kinds.prediction_options import PredictionOptions, check
from remission.study.kinds.prediction_rows import (
    calibration_records,
    gene_records,
    null_records,
    performance,
    transport_records,
    truth_records,
)
from remission.study.kinds.rows import Record, rows_from
from remission.study.laboratory.read import Laboratory
from remission.study.laboratory.signatures import Taught
from remission.study.laboratory.targets import SENSITIVE, Target
from remission.study.results import Analysis, Fact, Output, Statement


def run(context: Context, options: PredictionOptions, name: str) -> Analysis:
    """Judge every signature; in other patients nothing is fitted."""
    laboratory, taught = _taught(context)
    chosen = chosen_patients(context, options.where)
    title = options.title or _title(taught)
    if chosen.refused:
        return Analysis(name, KIND.name, title, (), chosen.findings)
    planted = planted_genes(context, options.truth)
    among = set(chosen.ids) if options.where else None
    matrix = laboratory.expression
    if among is not None and matrix is not None and among.isdisjoint(matrix.samples):
        return Analysis(name, KIND.name, title, (), (*chosen.findings, nobody()))
    targets = [each for each in taught.targets if not options.signature or each.name in options.signature]
    found = [_one(context, laboratory, taught, each, planted, among) for each in targets]
    facts: dict[str, Fact] = {
        "predictions": found[0].found.predictions,
        "expression": laboratory.label,
        "targets": tuple(_facts(taught, each) for each in targets),
        "shown": options.genes,
        "confidence": context.confidence,
        "truth": options.truth is not None,
    }
    outputs = _outputs(laboratory, taught, found, planted, facts, name, second=context.first is not None)
    drugs = any(each.task == "class" and each.negative == SENSITIVE for each in targets)
    findings = [*chosen.findings, *prediction_findings(found, drugs=drugs)]
    methods = _methods(taught, targets, judged=any(one.judged is not None for one in found))
    return Analysis(name, KIND.name, title, tuple(outputs), tuple(findings), methods)


def _taught(context: Context) -> tuple[Laboratory, Taught]:
    laboratory = context.laboratory
    if laboratory is None or laboratory.taught is None:
        raise InputError("the signatures were not learned. Add [signature].")
    return laboratory, laboratory.taught


def _one(
    context: Context,
    laboratory: Laboratory,
    taught: Taught,
    target: Target,
    planted: dict[str, tuple[str, ...]],
    among: set[str] | None,
) -> One:
    """Everything of one signature."""
    found = beside(context, taught, target, among)
    signature = taught.signatures[target.name]
    learned = taught.learned.get(target.name)
    moved = None
    if learned is None and laboratory.expression is not None:
        matrix = laboratory.expression
        if among is not None:
            matrix = matrix.samples_only([sample for sample in matrix.samples if sample in among])
        moved = signature.transport(matrix)
    counts = None
    if target.name in planted and context.first is None:
        sown, locked = set(planted[target.name]), set(signature.genes)
        counts = {"planted": len(sown), "found": len(sown & locked), "locked": len(locked)}
    return One(found, judged(found, context.confidence), learned, moved, counts)


def _outputs(
    laboratory: Laboratory,
    taught: Taught,
    found: Sequence[One],
    planted: dict[str, tuple[str, ...]],
    facts: dict[str, Fact],
    name: str,
    *,
    second: bool,
) -> list[Output]:
    """Every table and figure that has rows; `second`: of the validation cohort."""
    genes = () if laboratory.expression is None else laboratory.expression.genes

    def rows_of(made: Callable[[One], Sequence[Record]]) -> list[Record]:
        return [record for one in found for record in made(one)]

    def locked(one: One) -> int:
        return len(taught.signatures[one.found.target.name].genes)

    def truth(one: One) -> list[Record]:
        target = one.found.target.name
        if target not in planted:
            return []
        return truth_records(target, taught.signatures[target], planted[target], genes)

    def listed(one: One) -> list[Record]:
        target = one.found.target.name
        stable = None if one.learned is None else one.learned.stability
        return gene_records(target, taught.signatures[target], stable, planted.get(target))

    def null(one: One) -> list[Record]:
        made = None if one.learned is None else one.learned.null
        return [] if made is None else null_records(one.found.target.name, made)

    def moved(one: One) -> list[Record]:
        return [] if one.moved is None else transport_records(one.found.target.name, one.moved)

    made = {
        "prediction": rows_of(lambda one: performance(one.found, one.judged, one.learned, locked(one))),
        "prediction_calibration": rows_of(
            lambda one: [] if one.judged is None else calibration_records(one.found, one.judged)
        ),
        "prediction_null": rows_of(null),
        # a list of genes is of the signature, and told where it was learned
        "prediction_genes": [] if second else rows_of(listed),
        "prediction_truth": [] if second else rows_of(truth),
        "prediction_transport": rows_of(moved),
    }
    return [
        Output(output, rows_from(records, analysis=name), facts)
        for output, records in made.items()
        if records
    ]


def _facts(taught: Taught, target: Target) -> dict[str, Fact]:
    """What tables and figures say of a signature beside its numbers."""
    file = taught.signatures[target.name].file
    training, learned = file.training, taught.learned.get(target.name)
    return {
        "name": target.name,
        "label": target.label,
        "task": target.task,
        "positive": target.positive,
        "negative": target.negative,
        "signature": file.name,
        "hash": taught.signatures[target.name].hash,
        "model": training.model,
        "folds": training.folds,
        "repeats": training.repeats,
        "permutations": file.performance.permutations,
        "permuted_repeats": None if learned is None or learned.null is None else learned.null.repeats,
        "cutoff": file.cutoffs.probability,
        "learned_on": training.n,
    }


def _title(taught: Taught) -> str:
    labels = listing([each.label for each in taught.targets])
    how = "Prediction" if taught.out_of_fold else "Prediction by locked signatures"
    return f"{how}: {labels}"


def _methods(taught: Taught, targets: Sequence[Target], *, judged: bool) -> tuple[Statement, ...]:
    file = taught.signatures[targets[0].name].file
    training = file.training
    told: dict[str, Fact] = {
        "model": training.model,
        "scale": str(file.reference["kind"]),
        "sizes": tuple(training.sizes),
        "folds": training.folds,
        "repeats": training.repeats,
        "inner_folds": training.inner_folds,
        "permutations": file.performance.permutations,
        "task": targets[0].task,
    }
    if taught.out_of_fold:
        permuted = ("phipson2010",) if file.performance.permutations else ()
        told |= {"references": ("ambroise2002", "simon2003", "varma2006", *permuted)}
        methods = [
            Statement("signature_learned", told),
            Statement("stability_method", {"references": ("nogueira2018",)}),
        ]
    else:
        methods = [Statement("signature_applied", {})]
    if not judged:
        return tuple(methods)
    survival = targets[0].task == "survival"
    keys = ("harrell1996",) if survival else ("delong1988", "clopper1934", "brier1950", "cox1958")
    return (*methods, Statement("prediction_judged", {"task": targets[0].task, "references": keys}))


KIND = Kind(
    name="prediction",
    title="How well signatures predict",
    summary="Out-of-fold discrimination, calibration, permutation test and stability of the signatures of "
    "[signature], with their genes; in the validation cohort, the locked signatures as they are.",
    options=PredictionOptions,
    check=check,
    run=run,
    outputs=(
        "prediction",
        "prediction_calibration",
        "prediction_null",
        "prediction_genes",
        "prediction_truth",
        "prediction_transport",
    ),
)
