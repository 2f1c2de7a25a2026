"""The moderated t against limma, Welch's t and the rank sum against R's own tests, to 1e-8."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from remission.expression.compare import compare_groups
from remission.expression.linear import fit_group
from tests.expression.made import answers_of, matrix_of, samples_of
from tests.oracles.read import agree, number

CASES = ("plain", "ties", "alike", "steady", "adjusted", "missing", "missing_adjusted")
CLASSIC = ("plain", "ties", "alike", "adjusted", "missing")


def covariates_of(columns: dict[str, list[str]]) -> dict[str, Any] | None:
    if "age" not in columns:
        return None
    return {"age": [float(age) for age in columns["age"]], "sex": columns["sex"], "batch": columns["batch"]}


@pytest.mark.parametrize("name", CASES)
def test_moderated_t_is_limmas(name: str) -> None:
    columns, answers = samples_of(name), answers_of(name)["moderated"]
    tests = compare_groups(
        matrix_of(name), columns["group"], covariates=covariates_of(columns), permutations=0
    )
    agree(tests.difference, answers["coefficient"])
    agree(tests.prior_df, answers["df_prior"][0])
    agree(tests.prior_variance, answers["s2_prior"][0])
    error = np.sqrt([number(x) for x in answers["s2_post"]]) * [number(x) for x in answers["unscaled"]]
    agree(tests.std_error, error)
    agree(tests.statistic, answers["t"])
    agree(tests.df, answers["df_total"])
    agree(tests.p, answers["p"], floor=1e-12)
    agree(tests.p_bh, answers["p_bh"], floor=1e-12)


def test_batches_are_columns_like_any_other() -> None:
    columns, answers = samples_of("adjusted"), answers_of("adjusted")["moderated"]
    rest = covariates_of(columns) or {}
    batch = rest.pop("batch")
    tests = compare_groups(
        matrix_of("adjusted"), columns["group"], covariates=rest, batch=batch, permutations=0
    )
    agree(tests.statistic, answers["t"])
    agree(tests.prior_df, answers["df_prior"][0])


@pytest.mark.parametrize("name", CASES)
def test_residual_variance_and_df_are_limmas(name: str) -> None:
    columns, answers = samples_of(name), answers_of(name)["moderated"]
    labels = np.array([float(group) for group in columns["group"]])
    others = [np.ones(len(labels))]
    if "age" in columns:
        others.append(np.array([float(age) for age in columns["age"]]))
        others.append(np.array([float(sex == "M") for sex in columns["sex"]]))
        others += [np.array([float(batch == level) for batch in columns["batch"]]) for level in "bc"]
    fit = fit_group(matrix_of(name).values, labels, np.column_stack(others))
    agree(np.sqrt(fit.variance), answers["sigma"])
    agree(fit.df, answers["df_residual"])


@pytest.mark.parametrize("name", CLASSIC)
def test_welch_and_rank_sum_are_rs(name: str) -> None:
    group, answers = samples_of(name)["group"], answers_of(name)["classic"]
    welch = compare_groups(matrix_of(name), group, "welch", permutations=0)
    agree(welch.statistic, answers["welch_t"])
    agree(welch.df, answers["welch_df"])
    agree(welch.p, answers["welch_p"], floor=1e-12)
    ranks = compare_groups(matrix_of(name), group, "wilcoxon", permutations=0)
    agree(ranks.p, answers["wilcoxon_p"], floor=1e-12)


def test_genes_steady_within_both_groups_have_no_welch_t() -> None:
    group, answers = samples_of("steady")["group"], answers_of("steady")["classic"]
    welch = compare_groups(matrix_of("steady"), group, "welch", permutations=0)
    assert np.isnan(welch.statistic[2])
    assert answers["welch_t"][2] == "NA"
    varying = np.arange(len(welch.genes)) > 3
    agree(welch.statistic, answers["welch_t"], where=varying)
