"""The published figures the bundled cohort is calibrated to, and how near each must come."""

from __future__ import annotations

from remission.demo.figures import Figure

UNREACHABLE = (
    "With 20 of 59 alive at 1 year and nobody lost before, no order of later deaths gives 37.3 % of 29 "
    "patients and 16.2 % of 30: the nearest are 37.2 (or 37.4) and 16.0 %."
)

FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        Figure("os_1_year", "overall survival at 1 year", "33.9 %", 0.3385, 0.3395),
        Figure("os_5_years", "overall survival at 5 years", "27.3 %", 0.2725, 0.2735),
        Figure("relapse_1_year", "relapse or progression at 1 year", "55.5 %", 0.5545, 0.5555),
        Figure("nrm_1_year", "non-relapse mortality at 1 year", "12.1 %", 0.1205, 0.1215),
        Figure("response_p", "survival of responders and others, log-rank P", "0.046", 0.0455, 0.0465),
        Figure("responders_5_years", "overall survival of responders at 5 years", "40.6 %", 0.4055, 0.4065),
        Figure(
            "remission_after_failure_5_years",
            "overall survival at 5 years of induction failures in remission after transplantation",
            "32.0 %",
            0.3195,
            0.3205,
        ),
        Figure("course_p", "survival of these two groups, log-rank P (biased)", "0.95", 0.945, 0.955),
        Figure(
            "cord_blood_5_years",
            "overall survival at 5 years after cord blood",
            "37.3 %",
            0.3715,
            0.3745,
            UNREACHABLE,
        ),
        Figure(
            "other_grafts_5_years",
            "overall survival at 5 years after other grafts",
            "16.2 %",
            0.1595,
            0.1645,
            UNREACHABLE,
        ),
        Figure("cord_blood_p", "survival of these two groups, log-rank P", "0.04", 0.035, 0.045),
        Figure(
            "event_free_5_years",
            "overall survival 5 years from transplantation of those event-free at 12 months",
            "85.2 %",
            0.8515,
            0.8525,
        ),
        Figure("median_age", "median age", "37", 36.5, 37.5),
        Figure("men", "share of men", "68 %", 0.675, 0.685),
    )
}
