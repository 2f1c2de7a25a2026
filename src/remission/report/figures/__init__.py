"""Figures: matplotlib Axes in, Axes out; and whole figures of a report, laid out in millimetres."""
