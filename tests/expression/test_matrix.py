"""The matrix and its checks."""

from __future__ import annotations

import numpy as np
import pytest

from remission.core.problems import InputError
from remission.expression.matrix import Expression


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(InputError) as error:
        Expression(("A", "A", " "), ("1", "1"), np.array([[1.0, -2.0], [np.inf, 0.5], [1.0, 1.0]]), "counts")
    words = str(error.value)
    for part in (
        "genes given more than once: A",
        "1 of the genes have no name",
        "samples given more than once: 1",
        "1 values are infinite",
        "1 values are negative",
        "no whole numbers",
    ):
        assert part in words


def test_shape_and_scale_are_checked() -> None:
    with pytest.raises(InputError, match="2 genes and 1 samples"):
        Expression(("A", "B"), ("1",), np.zeros((1, 2)))
    with pytest.raises(InputError, match='no scale "tpm"'):
        Expression(("A",), ("1",), np.zeros((1, 1)), "tpm")  # type: ignore[arg-type]


def test_values_are_frozen_and_the_callers_own_are_not_touched() -> None:
    values = np.ones((1, 2))
    matrix = Expression(("A",), ("1", "2"), values)
    values[0, 0] = 5.0
    assert matrix.values[0, 0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        matrix.values[0, 0] = 3.0


def test_absent_and_repeated_names_are_told() -> None:
    matrix = Expression(("TP53", "MYC"), ("a", "b"), np.zeros((2, 2)))
    with pytest.raises(InputError, match=r'1 of the genes .* TP35\. Did you mean "TP53"'):
        matrix.genes_only(["TP35"])
    with pytest.raises(InputError, match="samples asked for more than once: a"):
        matrix.samples_only(["a", "a"])
    assert matrix.samples_only(["b", "a"]).samples == ("b", "a")
