"""Gene expression with planted genes: which there are, and one matrix per cohort."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.demo.draws import Draws, Floats
from remission.demo.drug.model import Model
from remission.demo.drug.patients import Children


@dataclass(frozen=True, slots=True, eq=False)
class Genes:
    """What each gene is, arrays (genes,) or (genes, ...): one draw for both cohorts.

    `planted` holds the slope on the programme of each drug (genes, drugs), 0 where nothing was planted;
    `subtype` the shift in each subtype (genes, subtypes); `module` the loading on one common factor,
    numbered by `factor`.
    """

    names: tuple[str, ...]
    level: Floats
    noise: Floats
    planted: Floats
    subtype: Floats
    module: Floats
    factor: NDArray[np.intp]


def draw_genes(model: Model, draws: Draws) -> Genes:
    """Draw what each gene is; the planted ones are scattered among all."""
    n = model.genes
    low, high = model.noise
    level = np.clip(model.level[0] + model.level[1] * draws.normal(n), 3.5, 13.5)
    noise = draws.between(low, high, n)
    order = draws.order(n)
    planted = np.zeros((n, len(model.drugs)))
    used = 0
    for d, drug in enumerate(model.drugs):
        # One gene of each drug is that of the drug before it, so that four are shared.
        mine = order[used : used + drug.genes - 1]
        shared = order[used - 1] if used else order[sum(each.genes - 1 for each in model.drugs) - 1]
        chosen = np.append(mine, shared)
        sign = np.where(draws.uniform(len(chosen)) < 0.5, -1.0, 1.0)
        planted[chosen, d] = sign * draws.between(*model.strength, len(chosen))
        used += drug.genes - 1
    subtype = np.zeros((n, len(model.subtypes)))
    for s in range(len(model.subtypes)):
        chosen = order[used : used + model.subtype_genes]
        subtype[chosen, s] = draws.between(0.8, 2.5, len(chosen)) * np.where(
            draws.uniform(len(chosen)) < 0.5, -1.0, 1.0
        )
        used += model.subtype_genes
    in_module = draws.uniform(n) < model.module_share
    module = np.where(in_module, draws.between(-0.8, 0.8, n), 0.0)
    factor = (draws.uniform(n) * model.modules).astype(np.intp)
    names = tuple(f"SIM{number:05d}" for number in range(1, n + 1))
    return Genes(names, level, noise, planted, subtype, module, factor)


def express(model: Model, genes: Genes, children: Children, draws: Draws) -> Floats:
    """Expression in log2 units (genes, patients): what the planted genes tell, modules, and noise."""
    n = len(children.ids)
    factors = np.vstack([draws.normal(n) for _ in range(model.modules)])
    apart = np.vstack([draws.normal(n) for _ in model.drugs])
    programme = model.told * children.resistance.T + np.sqrt(1 - model.told**2) * apart
    told = genes.planted @ programme + genes.module[:, None] * factors[genes.factor]
    for s, name in enumerate(model.subtypes):
        told += np.outer(genes.subtype[:, s], children.subtype == name)
    noise = np.vstack([draws.normal(n) for _ in range(len(genes.names))])
    return np.asarray(genes.level[:, None] + genes.noise[:, None] * (told + noise))


def on_another_platform(
    model: Model, genes: Genes, values: Floats, draws: Draws
) -> tuple[tuple[str, ...], Floats]:
    """The same genes on another array: some are absent, each reads at its own level and stretch."""
    n = len(genes.names)
    shift = model.platform_shift * draws.normal(n)
    stretch = draws.between(*model.platform_stretch, n)
    there = draws.uniform(n) >= model.absent_in_validation
    moved = genes.level[:, None] + shift[:, None] + stretch[:, None] * (values - genes.level[:, None])
    kept = np.flatnonzero(there)
    return tuple(genes.names[i] for i in kept), moved[kept]


def planted_csv(model: Model, genes: Genes) -> bytes:
    """The truth, to be held against what is found: drug, gene, slope."""
    lines = ["drug,gene,slope"]
    for d, drug in enumerate(model.drugs):
        slopes = genes.planted[:, d]
        lines += [f"{drug.name},{genes.names[i]},{slopes[i]:.3f}" for i in np.flatnonzero(slopes)]
    return ("\n".join(lines) + "\n").encode("utf-8")
