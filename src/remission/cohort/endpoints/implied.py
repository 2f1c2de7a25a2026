"""Columns that endpoints name and [columns] need not declare: what kind they must be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from remission.cohort.declare import ColumnDeclaration
from remission.cohort.endpoints.declare import EndpointDeclaration, Happening, When
from remission.core.clock import parse_duration
from remission.core.problems import InputError

Role = Literal["moment", "time", "yes/no", "as it looks"]
_WHEN = (
    "death",
    "relapse",
    "progression",
    "failure",
    "acute_gvhd",
    "chronic_gvhd",
    "recovery",
    "second_malignancy",
    "graft_failure",
    "second_transplant",
    "transplant",
)


def implied_columns(
    declarations: Mapping[str, EndpointDeclaration], *, dated: bool
) -> dict[str, ColumnDeclaration]:
    """What kind each column must be that an endpoint names; an entry under [columns] goes before.

    Parameters
    ----------
    declarations : mapping of str to EndpointDeclaration
    dated : bool
        Whether the cohort has a date as its time zero: then single events have dates, else times.

    Examples
    --------
    >>> os = EndpointDeclaration(definition="overall-survival", time="intxsurv", status="dead")
    >>> {name: column.kind for name, column in implied_columns({"os": os}, dated=False).items()}
    {'intxsurv': 'time', 'dead': 'yes/no'}
    """
    implied: dict[str, ColumnDeclaration] = {}
    for declaration in declarations.values():
        for name, role in named_columns(declaration):
            match role:
                case "moment":
                    column = ColumnDeclaration(kind="date" if dated else "time")
                case "as it looks":
                    column = ColumnDeclaration()
                case _:
                    column = ColumnDeclaration(kind=role)
            if name not in implied or implied[name].kind is None:
                implied[name] = column
    return implied


def named_columns(declaration: EndpointDeclaration) -> Iterator[tuple[str, Role]]:
    """Every column an endpoint names, and what it must be."""
    flag: Role = "yes/no" if declaration.event is None else "as it looks"
    at = (declaration.censor_at,) if isinstance(declaration.censor_at, str) else declaration.censor_at
    lengths = (declaration.evaluation, declaration.entry)
    plain: list[tuple[str | None, Role]] = [
        (declaration.time, "time"),
        (declaration.status, flag),
        (declaration.death_without_relapse, flag),
        (declaration.death_without_event, flag),
        (declaration.last, "moment"),
        (declaration.time_zero, "moment"),
        *((name, "moment") for name in at),
        *((text, "moment") for text in lengths if not _is_duration(text)),
        (declaration.remission, "as it looks"),
    ]
    yield from ((name, role) for name, role in plain if name is not None)
    told: list[When | None] = [getattr(declaration, key) for key in _WHEN]
    for item in (*told, *declaration.other.values()):
        if isinstance(item, Happening):
            yield item.time, "moment"
            yield item.status, "yes/no" if item.event is None else "as it looks"
        elif item is not None:
            yield item, "moment" if declaration.time is None else flag


def _is_duration(text: str | None) -> bool:
    if text is None:
        return False
    try:
        parse_duration(text)
    except InputError:
        return False
    return True
