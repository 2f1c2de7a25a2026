"""Conditions: a small language of comparisons in three-valued logic. Declared columns and levels only."""

from remission.cohort.conditions.condition import Condition, Explanation, read_condition
from remission.cohort.conditions.parse import parse
from remission.cohort.conditions.tokens import ConditionError

__all__ = ["Condition", "ConditionError", "Explanation", "parse", "read_condition"]
