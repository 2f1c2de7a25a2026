"""The slow and certain way: every completion of what is not known, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from hypothesis import strategies as st

from remission.rules.assignment import OUTSIDE
from remission.rules.book import Inputs
from remission.rules.protocol import Protocol


def completions(inputs: Inputs, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every way the unknown inputs may be, as conditions read them."""
    names = list(inputs.partitions)
    choices = [
        [values[name]] if values.get(name) is not None else list(inputs.partitions[name].samples)
        for name in names
    ]
    for chosen in product(*choices):
        yield {
            **dict.fromkeys(inputs.declared),
            **dict(zip(names, chosen, strict=True)),
            **inputs.terms.settings,
        }


def group_of(protocol: Protocol, row: Mapping[str, Any]) -> str:
    """The group of a patient of whom everything is known: the first rule that holds."""
    for rule, condition in zip(protocol.declared.rule, protocol.conditions, strict=True):
        if condition is None or condition.answer(row) is True:
            return rule.group or OUTSIDE
    raise AssertionError(f"no rule holds for {row}")


def possible_groups(protocol: Protocol, values: Mapping[str, Any]) -> set[str]:
    return {group_of(protocol, row) for row in completions(protocol.inputs, values)}


def patients(inputs: Inputs, *, complete: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    """Patients of the protocol: a value of every cell, or nothing."""
    parts = {
        name: st.sampled_from([*partition.samples, *([] if complete else [None])])
        for name, partition in inputs.partitions.items()
    }
    return st.fixed_dictionaries(parts)
