"""A laboratory put together by hand beside a cohort, for the tests of the kinds that read one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from remission.expression.matrix import Expression
from remission.response.classes import classify_lc50
from remission.response.cutoffs import Cutoffs, DrugCutoff
from remission.study.kind import Context
from remission.study.laboratory.read import Laboratory

CUTS = Cutoffs(
    name="by hand",
    title="Cut-offs by hand",
    version="1",
    drug={
        drug: DrugCutoff(unit="µg/mL", sensitive="<= 1", resistant=">= 10")
        for drug in ("prednisolone", "vincristine", "asparaginase", "daunorubicin")
    },
)
Said = float | str | None
"""An LC50: a number, "< 0.1", "> 100", "failed", or None (not tested)."""


def lc50_rows(drugs: Mapping[str, Sequence[Said]], ids: Sequence[str]) -> pl.DataFrame:
    """Rows as a study has them."""
    rows = [
        (one, drug, "µg/mL", *_ends(said))
        for drug, values in drugs.items()
        for one, said in zip(ids, values, strict=True)
        if said is not None
    ]
    numbers = dict.fromkeys(("lc50", "low", "high"), pl.Float64)
    texts = dict.fromkeys(("patient", "drug", "unit"), pl.String)
    return pl.DataFrame(rows, schema={**texts, **numbers, "censoring": pl.String}, orient="row")


def _ends(said: float | str) -> tuple[float | None, float | None, float | None, str]:
    if isinstance(said, float):
        return said, said / 2, said * 2, "bracketed"
    if said == "failed":
        return None, None, None, "failed"
    bound = float(said[1:])
    return (None, 0.0, bound, "left") if said[0] == "<" else (None, bound, None, "right")


def with_laboratory(
    context: Context,
    drugs: Mapping[str, Sequence[Said]] | None = None,
    genes: Mapping[str, Sequence[float]] | None = None,
    *,
    by: Any = CUTS,
    samples: Sequence[str] | None = None,
    scale: Any = "log2",
) -> Context:
    """A context with drug response, expression or both."""
    ids = [str(one) for one in context.cohort.ids()]
    made = Laboratory(label="Gene expression")
    if drugs is not None:
        rows = lc50_rows(drugs, ids)
        made = replace(made, drugs=tuple(drugs), lc50=rows, classes=classify_lc50(rows, by))
    if genes is not None:
        values = np.array(list(genes.values()), dtype=float)
        made = replace(made, expression=Expression(tuple(genes), tuple(samples or ids), values, scale))
    return replace(context, laboratory=made)
