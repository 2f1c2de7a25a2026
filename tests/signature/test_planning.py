"""What is refused before learning is asked of the same settings as learning itself."""

from __future__ import annotations

import inspect

from remission.signature.learn import learn_signature
from remission.signature.planning import plan_learning


def test_what_is_not_said_means_the_same_before_and_in_learning() -> None:
    planned, learned = (inspect.signature(each).parameters for each in (plan_learning, learn_signature))
    assert set(planned) <= set(learned)
    assert {name: each.default for name, each in planned.items()} == {
        name: learned[name].default for name in planned
    }
