"""Columns that endpoints name and [columns] need not declare: what kind they must be."""

from __future__ import annotations

from collections.abc import Mapping

from remission.cohort.declare import ColumnDeclaration
from remission.cohort.endpoints.declare import EndpointDeclaration


def implied_columns(
    declarations: Mapping[str, EndpointDeclaration], *, dated: bool
) -> dict[str, ColumnDeclaration]:
    """What endpoints say about the columns they name. `dated`: the cohort has a date as time zero."""
    raise NotImplementedError
