"""Cells to values: text to numbers, levels, answers and dates; what cannot be is told with its rows."""
