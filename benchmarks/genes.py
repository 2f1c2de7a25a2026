"""Permutation tests of all genes of an array, beside an R loop over permutations as samr has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from data import SEED
from rows import Row, Took, faster
from workers import Bench

SAMPLES, RESISTANT = 173, 60
# Method, R's job, budget. R's ranks are ready before the loop, which then only sums: no budget there.
JOBS = (("welch", "genes_welch", 50.0), ("moderated", "genes_limma", 50.0), ("wilcoxon", "genes_ranks", None))
# R is timed at so many permutations: each takes as long as the last
R_AT = 100


def write_genes(folder: Path, genes: int) -> None:
    """Write a matrix of genes by samples, row by row, without differences."""
    folder.mkdir(parents=True, exist_ok=True)
    np.random.default_rng(SEED).normal(8, 1, (genes, SAMPLES)).tofile(folder / "genes.f64")
    (np.arange(SAMPLES) < RESISTANT).astype(np.int32).tofile(folder / "group.i32")
    np.zeros(SAMPLES, np.int32).tofile(folder / "cause.i32")


def rows(folder: Path, genes: int, permutations: int) -> Iterator[Row]:
    """Welch's t, moderated t and rank sum; per gene p, and the false discovery rate of all."""
    bench = Bench(folder / "genes")
    write_genes(bench.folder, genes)
    size = f"{genes:,} x {SAMPLES} x {permutations:,}"
    for method, job, at_least in JOBS:
        ours, theirs = bench.take_turns([f"ours: {method} {permutations}", f"R: {job} {R_AT}"], 1)
        scaled = theirs if theirs.absent else Took(theirs.seconds * permutations / R_AT)
        peer = f"R loop, {R_AT} permutations times {permutations / R_AT:g}"
        yield faster(f"permutation tests of genes, {method}", size, ours, peer, scaled, at_least)
    bench.stop()
