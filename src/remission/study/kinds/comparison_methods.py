"""Sentences of the methods about comparisons: which tests, which adjustment, which differences."""

from __future__ import annotations

from collections.abc import Sequence

from remission.study.kinds.testing import CAUSE_SPECIFIC, Comparison
from remission.study.kinds.views import View
from remission.study.results import Fact, Output, Statement

_ADJUST = {"holm": "holm1979", "bh": "benjamini1995"}


def comparison_methods(
    view: View, tests: Comparison | None, outputs: Sequence[Output], *, rho: float
) -> list[Statement]:
    """Say how the groups of a view were compared."""
    found: list[Statement] = []
    if tests is not None:
        names = [test.name for test in (tests.main, *tests.beside)]
        found += named_tests(names, rho=rho)
        if view.stratum is not None and view.test_table is not view.table:
            found.append(Statement("stratified_tests", {"label": view.stratum.label}))
        notes = [test.note for test in tests.beside if test.name.startswith("permutation")]
        found += [
            Statement("permutation_test", {"how": note, "references": ("neuhaus1993", "heinze2003")})
            for note in notes
        ]
        if tests.pairs is not None:
            adjust = tests.pairs.adjust
            references = (_ADJUST[adjust],) if adjust in _ADJUST else ()
            found.append(Statement("pairwise_tests", {"adjust": adjust, "references": references}))
    done = {output.name for output in outputs}
    if "difference" in done:
        facts: dict[str, Fact] = {
            "crude": view.stratum is not None,
            "references": ("klein2007", "altman1995"),
        }
        found.append(Statement("differences_at_times", facts))
    if "restricted_means" in done:
        found.append(Statement("restricted_means", {"references": ("royston2013", "uno2014")}))
    return found


def named_tests(names: Sequence[str], *, rho: float) -> list[Statement]:
    """One sentence for each family of tests."""
    found: list[Statement] = []
    by_gray = any(name.startswith("Gray") for name in names)
    plain = [name for name in names if not name.startswith(("permutation", "Gray")) and "trend" not in name]
    cause_specific = [name for name in plain if name.startswith(CAUSE_SPECIFIC)]
    facts: dict[str, Fact] = {"rho": rho}
    if len(plain) > len(cause_specific):
        weighted = ("harrington1982",) if rho else ()
        found.append(
            Statement("logrank_test", {**facts, "references": ("mantel1966", "peto1972", *weighted)})
        )
    if by_gray:
        found.append(Statement("gray_test", {**facts, "references": ("gray1988",)}))
    if cause_specific:
        beside: dict[str, Fact] = {"beside_gray": by_gray, "references": ("iacobelli2013",)}
        found.append(Statement("cause_specific_logrank", beside))
    if any("trend" in name for name in names):
        found.append(Statement("trend_test", {"references": ("tarone1975",)}))
    return found
