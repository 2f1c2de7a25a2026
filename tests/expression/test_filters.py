"""Filters look at no group, and keep what they were learned to keep."""

from __future__ import annotations

import numpy as np
import pytest

from remission.core.problems import InputError
from remission.expression.filters import learn_filter
from remission.expression.matrix import Expression
from tests.expression.made import drawn


def test_each_step_by_hand() -> None:
    values = np.array(
        [[1.0, 9.0, 9.0, 9.0], [9.0, 2.0, 1.0, 1.0], [5.0, np.nan, np.nan, 5.0], [6.0, 6.1, 6.0, 6.1]]
    )
    matrix = Expression(("A", "B", "C", "D"), tuple("1234"), values)
    assert learn_filter(matrix, above=4.0, in_share=0.75).genes == ("A", "D")
    assert learn_filter(matrix, above=4.0, in_share=0.5).genes == ("A", "C", "D")
    assert learn_filter(matrix, known_share=0.75).genes == ("A", "B", "D")
    assert learn_filter(matrix, most_variable=2).genes == ("A", "B")
    assert learn_filter(matrix, most_variable=2, never=["A"]).genes == ("B", "D")
    assert learn_filter(matrix, never=["A", "B"]).apply(matrix).genes == ("C", "D")


def test_learned_on_some_samples_it_is_the_same_for_others() -> None:
    matrix = drawn(2, genes=50, samples=20)
    chosen = learn_filter(matrix.samples_only(matrix.samples[:10]), most_variable=7)
    rest = chosen.apply(matrix.samples_only(matrix.samples[10:]))
    assert rest.genes == chosen.genes
    assert rest.notes[-1].startswith("Genes kept: 7 of 50")


def test_what_is_wrong_is_said() -> None:
    matrix = drawn(2)
    with pytest.raises(InputError, match="in_share is a share, 0 to 1; got 20; most_variable is at least 1"):
        learn_filter(matrix, above=1.0, in_share=20, most_variable=0)
    with pytest.raises(InputError, match="leaves no gene"):
        learn_filter(matrix, above=1000.0)
