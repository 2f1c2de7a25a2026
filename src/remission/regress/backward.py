"""Backward elimination with its whole path on record: offered because papers ask for it, never silent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from remission.core.problems import InputError
from remission.regress.fit import Fit, Test
from remission.regress.terms import Interaction, Term
from remission.regress.termtests import term_tests


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One model of the path: every term's test, and the term left out next (empty at the end)."""

    tests: tuple[Test, ...]
    removed: str


@dataclass(frozen=True, slots=True, eq=False)
class Elimination:
    """The path from the full model to the last one.

    The last model's limits and p-values ignore that it was chosen by looking: they are too good.
    """

    steps: tuple[Step, ...]
    fit: Fit | None


def backward_elimination(
    fit_terms: Callable[[Sequence[Term]], Fit],
    terms: Sequence[Term],
    *,
    above: float = 0.05,
    keep: Sequence[str] = (),
) -> Elimination:
    """Leave out the term with the largest Wald p above `above`, refit, and go on until none is left above it.

    Parameters
    ----------
    fit_terms : callable
        Fits a model of some terms on the same patients throughout.
    terms : sequence of Term
        Of the full model. A term that stands in a product stays while the product does.
    above : float
        Terms with p greater than this are left out.
    keep : sequence of str
        Terms that stay whatever their p.

    Raises
    ------
    InputError
        If `above` is no probability, or a term to keep is not in the model.
    """
    if not 0 < above < 1:
        raise InputError(f"above is a p-value between 0 and 1, not {above}")
    unknown = set(keep) - {term.name for term in terms}
    if unknown:
        raise InputError(f"not in the model: {', '.join(sorted(unknown))}")
    left = list(terms)
    steps: list[Step] = []
    while left:
        fit = fit_terms(left)
        tests = term_tests(fit)
        held = {*keep}
        for term in left:
            if isinstance(term, Interaction):
                held |= {term.first.name, term.second.name}
        candidates = [test for test in tests if test.name not in held and not test.p <= above]
        if not candidates:
            steps.append(Step(tests, ""))
            return Elimination(tuple(steps), fit)
        worst = max(candidates, key=lambda test: test.p)
        steps.append(Step(tests, worst.name))
        left = [term for term in left if term.name != worst.name]
    return Elimination(tuple(steps), None)
