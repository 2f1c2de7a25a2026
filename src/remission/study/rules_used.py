"""Which published protocols and scores made columns of a study, for the methods of its report."""

from __future__ import annotations

from remission.cohort.cohort import Cohort
from remission.rules.derived import Library
from remission.rules.library import marks_of
from remission.study.results import RuleUse

UNCHECKED = {"memory", "unsure"}


def rules_of(cohort: Cohort) -> tuple[RuleUse, ...]:
    """Protocols and scores of the derived columns, in the order they were made.

    Parameters
    ----------
    cohort : Cohort

    Returns
    -------
    tuple of RuleUse
        One per column.
    """
    library = cohort.rulebook
    if not isinstance(library, Library):
        return ()
    found = []
    for name, declared in cohort.derived.items():
        if declared.protocol is None and declared.score is None:
            continue
        rules = library.find(declared).declared
        found.append(
            RuleUse(
                label=cohort.column(name).title,
                kind="score" if declared.protocol is None else "protocol",
                title=rules.title,
                version=rules.version,
                citations=tuple(source.citation for source in rules.source),
                unchecked=bool(UNCHECKED & set(marks_of(rules))),
            )
        )
    return tuple(found)
