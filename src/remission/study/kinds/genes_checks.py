"""Every problem of the options of discriminating genes."""

from __future__ import annotations

from pathlib import Path

from remission.cohort.cohort import Cohort
from remission.core.problems import InputError, Problem, StudyProblems, problem_of
from remission.expression.genesets import GeneSets, read_gene_sets
from remission.study.kind import Context
from remission.study.kinds.checks import column_problems, grouping_problems, where_problems
from remission.study.kinds.choosing import chosen_patients
from remission.study.kinds.genes_options import GenesOptions
from remission.study.kinds.genes_questions import FEWEST, questions, too_small
from remission.study.kinds.grouping import levels_of
from remission.study.kinds.laboratory_checks import expression_problems, response_problems
from remission.study.kinds.planted import planted_genes
from remission.study.kinds.withheld import known_at_baseline


def check(context: Context, options: GenesOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    cohort = context.cohort
    asked = _column_problems(cohort, options, where)
    if options.column is None:
        asked = response_problems(context, options.drugs, where)
    measured = expression_problems(context, where)
    conditions = where_problems(cohort, options.where, f"{where}.where")
    problems = [*measured, *asked, *conditions, *_adjusting(cohort, options, where)]
    if options.column is not None and options.drugs:
        repair = "Take one of them out; two analyses may stand in one study."
        problems.append(Problem(f"{where}.column", "drugs and a column are both named", repair))
    if not (measured or asked or conditions):
        problems += _sizes(context, options, where)
    return (*problems, *_file_problems(context, options, where))


def _column_problems(cohort: Cohort, options: GenesOptions, where: str) -> tuple[Problem, ...]:
    if options.column is None:
        return ()
    place = f"{where}.column"
    problems = grouping_problems(cohort, [options.column], place)
    if problems:
        return problems
    levels = levels_of(cohort.column(options.column))
    if len(levels) == 2:
        return ()
    message = f'"{options.column}" has {len(levels)} levels, and two groups are compared'
    repair = "Make a column of two levels of it under [derived] (merge), and name that."
    return (Problem(place, message, repair),)


def _adjusting(cohort: Cohort, options: GenesOptions, where: str) -> list[Problem]:
    """Covariates and batch: there, known at time zero, and taken by the method."""
    place = f"{where}.adjust_for"
    problems = list(column_problems(cohort, options.adjust_for, place))
    for name in dict.fromkeys(options.adjust_for):
        if name not in cohort.columns:
            continue
        if cohort.column(name).kind not in ("number", "category", "yes/no"):
            repair = "Use a number, a category or a yes/no."
            problems.append(Problem(place, f'"{name}" is a {cohort.column(name).kind}', repair))
        elif not known_at_baseline(cohort, name):
            repair = "Adjust for what was known at time zero."
            problems.append(Problem(place, f'"{name}" was not known at time zero', repair))
        if name in (options.column, options.batch):
            repair = "Name it once: what is compared, or what is adjusted for."
            problems.append(Problem(place, f'"{name}" is also what is compared, or the batch', repair))
    if options.adjust_for and options.method != "moderated":
        message = f'"{options.method}" takes no covariates'
        problems.append(Problem(place, message, 'Write method = "moderated", or take adjust_for out.'))
    if options.batch is not None:
        problems += grouping_problems(cohort, [options.batch], f"{where}.batch")
        if options.method == "welch":
            repair = 'Write method = "moderated" or "wilcoxon", or take the batch out.'
            problems.append(Problem(f"{where}.batch", '"welch" takes no batch', repair))
        if options.batch == options.column:
            problems.append(
                Problem(f"{where}.batch", "the batch is also what is compared", "Name another column.")
            )
    return problems


def _sizes(context: Context, options: GenesOptions, where: str) -> list[Problem]:
    """Groups too small to compare: of any drug that is named, or of all where none is."""
    chosen = chosen_patients(context, options.where)
    if chosen.refused:
        return []
    asked = questions(context, options.drugs, options.column, chosen)
    small = [each for each in asked if too_small(each)]
    named = bool(options.drugs) or options.column is not None
    if not small or (not named and len(small) < len(asked)):
        return []
    place = f"{where}.column" if options.column is not None else f"{where}.drugs"
    repair = f"Each group needs {FEWEST} patients with expression. Leave it out, or look at `where`."
    return [
        Problem(place, f'"{each.name}" has only {" and ".join(too_small(each))} with expression', repair)
        for each in small
    ]


def _file_problems(context: Context, options: GenesOptions, where: str) -> list[Problem]:
    problems: list[Problem] = []
    for name, read in (
        ("sets", lambda: gene_sets(context, options)),
        ("truth", lambda: planted_genes(context, options.truth)),
    ):
        try:
            read()
        except StudyProblems as error:
            problems += error.problems
        except InputError as error:
            problems.append(problem_of(error, f"{where}.{name}", "Correct the file."))
    return problems


def gene_sets(context: Context, options: GenesOptions) -> GeneSets | None:
    """Read the sets of genes, where there are any."""
    return None if options.sets is None else read_gene_sets((context.folder or Path()) / options.sets)
