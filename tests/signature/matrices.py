"""Small simulated matrices for the tests of signatures."""

from __future__ import annotations

import numpy as np

from remission.expression.matrix import Expression


def matrix(genes: int, samples: int, *, planted: int = 0, shift: float = 0.0, seed: int = 1) -> Expression:
    """Standard normal noise around 8; the first third of the samples has more of the planted genes."""
    rng = np.random.default_rng(seed)
    values = rng.normal(8, 1, size=(genes, samples))
    values[:planted, : samples // 3] += shift
    return Expression(
        tuple(f"g{i}" for i in range(genes)),
        tuple(f"s{i}" for i in range(samples)),
        values,
        source=f"simulated {seed}",
    )


def classes(expression: Expression) -> dict[str, str]:
    """The first third is resistant."""
    third = len(expression.samples) // 3
    return {
        name: "resistant" if index < third else "sensitive" for index, name in enumerate(expression.samples)
    }
