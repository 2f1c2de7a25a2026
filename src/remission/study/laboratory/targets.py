"""What the signatures of a study predict, and what is known of each patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from remission.cohort.cohort import Cohort
from remission.cohort.outcome import Outcome
from remission.core.problems import InputError
from remission.expression.matrix import Expression
from remission.response.classes import Classified
from remission.response.cutoffs import CLASSES
from remission.signature.target import Task
from remission.study.laboratory.declare import SignatureDeclaration

SENSITIVE, _, RESISTANT = CLASSES


@dataclass(frozen=True, slots=True)
class Target:
    """What one signature predicts.

    Attributes
    ----------
    name : str
        A drug, a column or an endpoint.
    task : "class" or "survival"
    label : str
        For people.
    negative, positive : str
        Names of the classes; "" where there are none.
    of : "drug", "column" or "endpoint"
    """

    name: str
    task: Task
    label: str
    negative: str = ""
    positive: str = ""
    of: Literal["drug", "column", "endpoint"] = "drug"


def targets_of(
    declared: SignatureDeclaration,
    drugs: tuple[str, ...],
    cohort: Cohort,
    outcomes: Mapping[str, Outcome],
) -> tuple[Target, ...]:
    """What is to be predicted.

    Raises
    ------
    InputError
        If it is not there, or is not said in one way.
    """
    targets = _targets(declared, drugs, cohort, outcomes)
    lacking = [each.name for each in targets if each.name not in declared.locked]
    if declared.locked and lacking:
        raise InputError(
            f"locked names no file for {', '.join(lacking)}. Name one for each that is predicted."
        )
    return targets


def _targets(
    declared: SignatureDeclaration,
    drugs: tuple[str, ...],
    cohort: Cohort,
    outcomes: Mapping[str, Outcome],
) -> tuple[Target, ...]:
    """Drugs, a column, or an endpoint."""
    if sum([bool(declared.drugs), declared.column is not None, declared.endpoint is not None]) > 1:
        raise InputError("say one of drugs, column and endpoint. One study predicts one thing.")
    if declared.column is not None:
        return (_column_target(declared.column, declared.positive, cohort),)
    if declared.endpoint is not None:
        if declared.endpoint not in outcomes:
            raise InputError(f'there is no endpoint "{declared.endpoint}". Declare it under [endpoints].')
        return (Target(declared.endpoint, "survival", outcomes[declared.endpoint].label, of="endpoint"),)
    wanted = declared.drugs or tuple(declared.locked) or drugs
    absent = [drug for drug in wanted if drug not in drugs]
    if absent and not declared.locked:
        raise InputError(
            f"{', '.join(absent)} was not tested. [response] has {', '.join(drugs) or 'no drugs'}."
        )
    if not wanted:
        raise InputError("it does not say what is predicted. Add [response], or say column or endpoint.")
    return tuple(Target(drug, "class", drug, SENSITIVE, RESISTANT) for drug in wanted)


def _column_target(name: str, positive: str | None, cohort: Cohort) -> Target:
    if name not in cohort.columns:
        raise InputError(f'there is no column "{name}". Name one of the cohort.')
    column = cohort.columns[name]
    if column.kind == "yes/no":
        return Target(name, "class", column.title, "no", "yes", "column")
    if column.kind != "category":
        raise InputError(
            f"{name} is a {column.kind}. A signature predicts a yes/no or a level of a category."
        )
    if positive not in column.levels:
        raise InputError(f"say the level of {name} that is predicted. positive = one of {column.levels}.")
    others = [level for level in column.levels if level != positive]
    other = others[0] if len(others) == 1 else f"not {positive}"
    return Target(name, "class", column.title, other, positive, "column")


def groups_of(declared: SignatureDeclaration, targets: tuple[Target, ...]) -> tuple[str, ...]:
    """Names of the groups of the score, the lowest first."""
    if len(targets) > 1:
        return CLASSES if len(declared.groups_at) in {0, 2} else ("low", "high")
    only = targets[0]
    return (only.negative, only.positive) if only.task == "class" else ("low", "intermediate", "high")


def answers(
    target: Target,
    expression: Expression,
    classes: Classified | None,
    cohort: Cohort,
    outcomes: Mapping[str, Outcome],
) -> dict[str, object]:
    """What is known of each patient with expression."""
    here = set(expression.samples)
    if target.task == "survival":
        outcome = outcomes[target.name]
        ids = cohort.ids().to_list()
        return {
            ids[row]: (float(time), bool(event == outcome.cause))
            for row, time, event in zip(outcome.rows, outcome.time, outcome.event, strict=True)
            if ids[row] in here
        }
    if target.of == "column":
        values = dict(zip(cohort.ids().to_list(), cohort.frame[target.name].to_list(), strict=True))
        words = {True: "yes", False: "no", None: None}
        if cohort.columns[target.name].kind == "yes/no":
            return {one: words[value] for one, value in values.items() if one in here}
        return {
            one: None if value is None else target.positive if value == target.positive else target.negative
            for one, value in values.items()
            if one in here
        }
    if classes is None:
        raise InputError(f"{target.name} was not tested. Add [response].")
    rows = classes.frame.filter(classes.frame["drug"] == target.name)
    return {one: called for one, called in rows.select("patient", "class").rows() if one in here}
