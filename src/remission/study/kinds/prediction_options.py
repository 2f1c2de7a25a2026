"""Options of `kind = "prediction"`, and their check."""

from __future__ import annotations

from pydantic import Field, StrictInt, StrictStr

from remission.core.problems import InputError, Problem, problem_of
from remission.core.suggest import did_you_mean
from remission.study.kind import Context
from remission.study.kinds.checks import where_problems
from remission.study.kinds.laboratory_checks import expression_problems, refused_signature
from remission.study.kinds.options import OneOrMore, Options
from remission.study.kinds.planted import planted_genes

NO_SIGNATURE = "Add a [signature] table: it says what is learned, or names locked files."


class PredictionOptions(Options):
    """Options of how well signatures predict."""

    signature: OneOrMore = Field(
        (),
        description="Only these signatures, named by what they predict (a drug); all of [signature] unless "
        "said.",
    )
    genes: StrictInt = Field(
        20,
        ge=0,
        le=200,
        description="How many genes of each signature the report prints, the heaviest first; all are in the "
        "results and in the locked file.",
    )
    truth: StrictStr | None = Field(
        None,
        description="For simulated studies: a CSV with the columns drug and gene of what was planted; the "
        "report counts what was found and what was missed.",
    )


def check(context: Context, options: PredictionOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    problems = [
        *signature_problems(context, where),
        *where_problems(context.cohort, options.where, f"{where}.where"),
    ]
    twice = [name for name in dict.fromkeys(options.signature) if options.signature.count(name) > 1]
    problems += [Problem(f"{where}.signature", f'"{name}" is named twice', "Name it once.") for name in twice]
    if not problems:
        names = target_names(context)
        problems += [
            Problem(
                f"{where}.signature",
                f'there is no signature of "{name}"',
                f"Use one of {', '.join(names)}.{did_you_mean(name, names)}",
            )
            for name in options.signature
            if name not in names
        ]
    if options.where and options.cohort is None:
        message = "the signatures are judged in all patients they were learned from"
        repair = 'Leave `where` out (it is for cohort = "validation"), or exclude patients under [[exclude]].'
        problems.append(Problem(f"{where}.where", message, repair))
    try:
        planted_genes(context, options.truth)
    except InputError as error:
        problems.append(problem_of(error, f"{where}.truth", "Correct the file."))
    return tuple(problems)


def signature_problems(context: Context, where: str) -> tuple[Problem, ...]:
    """Find that the study has no signatures, or that these patients have no expression."""
    lacking = expression_problems(context, where)
    if not any(name in context.cohort.columns for name in ("signature_score", "signature_group")):
        if lacking and context.first is not None:
            return lacking
        none = (Problem(where, "the study has no signature", NO_SIGNATURE),)
        return refused_signature(context, where) or none
    return lacking


def target_names(context: Context) -> tuple[str, ...]:
    """What the signatures of the study predict."""
    return () if context.laboratory is None else context.laboratory.targets
