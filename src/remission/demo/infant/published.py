"""The published figures the bundled trial is calibrated to, each to its rounding."""

from __future__ import annotations

from remission.demo.figures import Figure, rounded

FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        rounded("efs_low", "event-free survival at 3 years, low risk (15)", "93.3 %"),
        rounded("efs_low_se", "its standard error", "6.4 %"),
        rounded("efs_intermediate", "event-free survival at 3 years, intermediate risk (19)", "94.4 %"),
        rounded("efs_intermediate_se", "its standard error", "5.4 %"),
        rounded("efs_high", "event-free survival at 3 years, high risk (56)", "56.6 %"),
        rounded("efs_high_se", "its standard error", "6.8 %"),
        rounded("efs_rearranged", "event-free survival at 3 years, KMT2A rearranged (75)", "66.2 %"),
        rounded("efs_rearranged_se", "its standard error", "5.6 %"),
        rounded("os_rearranged", "overall survival at 3 years, KMT2A rearranged (75)", "83.9 %"),
        rounded("os_rearranged_se", "its standard error", "4.3 %"),
    )
}
