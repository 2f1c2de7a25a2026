"""Options of `kind = "drug_response"`, and their check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field, StrictBool, StrictStr

from remission.core.problems import Problem
from remission.response.cutoffs import cutoffs
from remission.response.scores import FOUR_DRUGS
from remission.study.kind import Context
from remission.study.kinds.checks import grouping_problems, where_problems
from remission.study.kinds.laboratory_checks import response_problems
from remission.study.kinds.options import Options

ScoreName = Literal["pva", "four drugs"]
NEEDED: Mapping[ScoreName, tuple[str, ...]] = {"pva": FOUR_DRUGS[:3], "four drugs": FOUR_DRUGS}


class DrugResponseOptions(Options):
    """Options of drug response."""

    drugs: tuple[StrictStr, ...] = Field(
        (), description="Drugs of [response], in this order; all of them unless said."
    )
    by: StrictStr | None = Field(
        None,
        description="Column known at time zero whose groups are compared, drug by drug: a genetic subtype.",
    )
    scores: tuple[ScoreName, ...] | None = Field(
        None,
        description='Scores over drugs: "pva" (prednisolone, vincristine, asparaginase) and "four drugs" '
        "(with daunorubicin); those whose drugs were tested, unless said. [] for none.",
    )
    cross: StrictBool = Field(default=True, description="Whether resistance to each two drugs is correlated.")
    correlation: Literal["kendall", "spearman"] = Field(
        "kendall",
        description='Rank correlation of each two drugs. "kendall" counts only pairs of patients whose order '
        'is certain; in "spearman" values beyond a tested dose share a rank.',
    )


def check(context: Context, options: DrugResponseOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    cohort, laboratory = context.cohort, context.laboratory
    problems = [
        *response_problems(context, options.drugs, where),
        *grouping_problems(cohort, [options.by] if options.by else [], f"{where}.by"),
        *where_problems(cohort, options.where, f"{where}.where"),
    ]
    drugs = () if laboratory is None else options.drugs or laboratory.drugs
    for score in options.scores or () if drugs else ():
        absent = [drug for drug in NEEDED[score] if drug not in drug_names(drugs)]
        if absent:
            message = f'the score "{score}" needs {", ".join(absent)}, which was not tested'
            problems.append(Problem(f"{where}.scores", message, "Take the score out, or test the drug."))
    return tuple(problems)


def drug_names(drugs: Sequence[str]) -> dict[str, str]:
    """Names of the four drugs of the scores in the data, synonyms included; those not tested are left out.

    Examples
    --------
    >>> drug_names(["Vincristine", "L-asparaginase", "cytarabine"])
    {'vincristine': 'Vincristine', 'asparaginase': 'L-asparaginase'}
    """
    known = cutoffs("dcog", confirm=True)  # only for its synonyms: no cut-off of it is used here
    named = {known.name_of(drug): drug for drug in drugs}
    return {drug: named[drug] for drug in FOUR_DRUGS if drug in named}
