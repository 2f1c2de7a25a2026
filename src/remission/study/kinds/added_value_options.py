"""Options of `kind = "added_value"`, and their check."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt, StrictStr

from remission.cohort.guard import undeclared
from remission.core.problems import Problem
from remission.core.suggest import did_you_mean
from remission.study.kind import Context
from remission.study.kinds.checks import endpoint_problems, time_problems, where_problems
from remission.study.kinds.laboratory_checks import refused_signature
from remission.study.kinds.model_terms import TermEntry, TermTable, term_problems
from remission.study.kinds.options import OneOrMore, Options

SCORE = "signature_score"
Threshold = Annotated[float, Field(gt=0, lt=1)]


class AddedValueOptions(Options):
    """Options of what a score adds to known factors."""

    endpoint: StrictStr = Field(description="The endpoint; where events compete, its own event.")
    score: StrictStr = Field(
        SCORE,
        description="The score that is judged, a number known at time zero; ratios are per standard "
        "deviation of it.",
    )
    beyond: tuple[TermEntry, ...] = Field(
        description='The known factors, columns or tables as in models: ["age", "subtype", '
        '{ column = "white_cells", spline = 3 }].'
    )
    at: OneOrMore = Field(
        (),
        description='Times for calibration and net benefit: "5 years". Without them only concordance, tests '
        "and ratios are given.",
    )
    bootstrap: StrictInt = Field(
        200, ge=0, le=10_000, description="Resamples for optimism and for limits of net benefit; 0 for none."
    )
    thresholds: tuple[Threshold, ...] = Field(
        (0.1, 0.2, 0.3),
        description="Predicted risks from which one would treat, for which net benefits are printed; choose "
        "them from what treatment costs a patient, before looking.",
    )


def check(context: Context, options: AddedValueOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    cohort = context.cohort
    problems = [
        *endpoint_problems(context, [options.endpoint], f"{where}.endpoint"),
        *term_problems(cohort, options.beyond, f"{where}.beyond"),
        *time_problems(options.at, f"{where}.at"),
        *where_problems(cohort, options.where, f"{where}.where"),
        *_score_problems(context, options, f"{where}.score"),
    ]
    outcome = context.outcomes.get(options.endpoint)
    if outcome is not None and outcome.entry is not None:
        message = f'in "{options.endpoint}" patients come under observation late'
        repair = "Name an endpoint that everybody is followed for from time zero."
        problems.append(Problem(f"{where}.endpoint", message, repair))
    if 0 < options.bootstrap < 20:
        message = f"{options.bootstrap} resamples are too few for limits"
        problems.append(Problem(f"{where}.bootstrap", message, "Take 200 or more, or 0 for none."))
    if list(options.thresholds) != sorted(set(options.thresholds)):
        repair = "Write them from the smallest to the largest, each once: thresholds = [0.1, 0.2]."
        problems.append(Problem(f"{where}.thresholds", "thresholds rise", repair))
    return tuple(problems)


def _score_problems(context: Context, options: AddedValueOptions, where: str) -> list[Problem]:
    """A score that is not there, no number, or a factor as well."""
    cohort, name = context.cohort, options.score
    if name not in cohort.columns:
        refused = refused_signature(context, where) if name == SCORE else ()
        if refused:
            return list(refused)
        repair = (
            "Add a [signature] table, or name a column of the cohort as score."
            if name == SCORE
            else f"Declare it under [columns].{did_you_mean(name, cohort.columns)}"
        )
        return [Problem(where, f'there is no column "{name}"', repair)]
    problems = []
    late = undeclared(cohort, name, where)
    problems += [] if late is None else [late]
    if cohort.columns[name].kind != "number":
        message = f'"{name}" is no number'
        problems.append(Problem(where, message, "Name the score itself; its groups belong into compare."))
    factors = [entry.column if isinstance(entry, TermTable) else entry for entry in options.beyond]
    if name in factors:
        message = f'"{name}" is among the known factors'
        problems.append(Problem(where, message, "Take it out of `beyond`."))
    return problems
