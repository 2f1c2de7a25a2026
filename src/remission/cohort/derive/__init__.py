"""Derived columns: merged levels, cut points, groups, conditions, date differences. Declared, never code."""
