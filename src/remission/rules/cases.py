"""The worked cases inside a protocol or score: whether it gives what they say."""

from __future__ import annotations

from typing import Any

from remission.core.problems import InputError
from remission.rules.assignment import OUTSIDE
from remission.rules.declare import Case
from remission.rules.protocol import Protocol
from remission.rules.score import Score

NOT_DEFINED = "not defined"


def failures(ready: Protocol | Score) -> tuple[str, ...]:
    """Run the worked cases whose settings are in use; one sentence for each that gives something else.

    In a case `gives` is a group or a total; several possible ones as a list; "outside" where a protocol
    does not apply; "not defined" where a score has no value.
    """
    in_use = ready.inputs.terms.settings
    defaults = {name: setting.default for name, setting in ready.declared.settings.items()}
    return tuple(
        sentence
        for case in ready.declared.case
        if {**defaults, **case.settings} == in_use
        for sentence in _wrong(ready, case)
    )


def _wrong(ready: Protocol | Score, case: Case) -> list[str]:
    wrong = []
    for number, row in enumerate(case.rows, 1):
        values = {name: value for name, value in row.items() if name not in {"gives", "group"}}
        expected = row.get("gives")
        try:
            given, group = _given(ready, values)
        except InputError as error:
            given, group = f"a fault: {error}", None
        if given != expected:
            wrong.append(f'"{case.says}", patient {number}: {given} instead of {expected}')
        if "group" in row and row["group"] != group:
            wrong.append(f'"{case.says}", patient {number}: group {group} instead of {row["group"]}')
    return wrong


def _given(ready: Protocol | Score, values: dict[str, Any]) -> tuple[Any, str | None]:
    if isinstance(ready, Protocol):
        answer = ready.explain(values)
        short = ["outside" if group == OUTSIDE else group for group in answer.possible]
        return short[0] if len(short) == 1 else short, answer.group
    tally = ready.explain(values)
    if tally.undefined:
        return NOT_DEFINED, None
    perhaps = [NOT_DEFINED] if tally.maybe_undefined else []
    if tally.value is not None:
        return tally.value, tally.group
    return [tally.lowest, tally.highest, *perhaps], tally.group
