"""Facts for every statement the analyses may make, and words that must be in what is said."""

from __future__ import annotations

from typing import Any

from tests.report.ankl import guard_finding

ABOUT = {"endpoint": "os", "endpoint_label": "Overall survival", "by_label": "Graft source", "variant": ""}
FACTS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "before_start": (
        {**ABOUT, "times": ("100 days",), "start": 1.0, "unit": "years", "landmark": "12 months"},
        ("100 days", "12 months"),
    ),
    "beyond_follow_up": (
        {**ABOUT, "times": ({"group": "CB", "at": "5 years", "last": 4.26, "unit": "years"},)},
        ("5 years", "CB", "4.3 years"),
    ),
    "cause_of_death_in_the_living": ({"label": "Cause of death", "n": 2, "alive": 20}, ("2 patients", "20")),
    "death_without_cause": ({"label": "Cause of death", "n": 3, "deaths": 39}, ("3", "39 deaths")),
    "early_risk_set_small": ({**ABOUT, "groups": ("CB",), "below": 5}, ("five", "CB")),
    "events_at_time_zero": ({**ABOUT, "n": 2, "time_zero": "diagnosis"}, ("2 events", "diagnosis")),
    "few_at_risk": (
        {**ABOUT, "times": ({"group": "CB", "at": "5 years", "at_risk": 3},), "below": 5},
        ("five", "3 at 5 years in CB"),
    ),
    "few_events": (
        {**ABOUT, "groups": ({"group": "CB", "n": 12, "events": 3},), "below": 10},
        ("3 events among 12 patients in CB", "10"),
    ),
    "fewer_than_two_groups": ({**ABOUT, "groups": ("CB",), "n": 29}, ("29 patients", "CB")),
    "follow_up_incomplete": (
        {**ABOUT, "groups": ({"group": None, "completeness": 0.712},), "below": 0.8, "closed": "2020-12-31"},
        ("71.2%", "2020-12-31"),
    ),
    "gray_needs_common_start": (ABOUT, ("Gray",)),
    "group_unknown": ({"label": "Response", "n": 2, "total": 61}, ("2 of 61 patients",)),
    "groups_empty": ({"label": "Graft", "groups": ("BM", "PB")}, ("BM and PB",)),
    "guard_withheld": (
        dict(guard_finding().facts),
        ("Course", "transplantation", "100 days", "immortal-time"),
    ),
    "known_after_time_zero": (
        {
            "variables": ({"label": "Acute GVHD", "known_at": "on agvhd_date"},),
            "time_zero": "transplantation",
        },
        ("acute GVHD", "transplantation"),
    ),
    "landmark_patients": (
        {
            **ABOUT,
            "landmark": "12 months",
            "time_zero": "transplantation",
            "before": 59,
            "n": 21,
            "excluded": ({"reason": "death before", "n": 38},),
            "among_label": "PFS",
        },
        ("21 of 59", "12 months", "38", "PFS"),
    ),
    "median_not_reached": ({**ABOUT, "groups": ("CB", None)}, ("Median not reached", "in CB")),
    "much_missing": (
        {"variables": ({"label": "HLA", "missing": 8, "percent": 13.6},), "total": 59},
        ("8 of 59", "13.6%"),
    ),
    "multiplicity": (
        {"comparisons": 3, "significant": 1, "level": 0.05, "chance": 0.142625, "analyses": 2},
        ("3 comparisons", "2 analyses", "14%", "0.05"),
    ),
    "naive_shown": (
        {
            **ABOUT,
            "column_labels": ("Course",),
            "known_at": ("on cr_date",),
            "landmark": "100 days",
            "time_zero": "transplantation",
            "at": "5 years",
            "naive_p": 0.95,
            "right_p": 0.26,
            "naive": ({"group": "A", "n": 28, "events": 16, "estimate": 0.406},),
            "right": ({"group": "A", "n": 17, "events": 5, "estimate": 0.669},),
        },
        ("40.6%", "66.9%", "P = 0.95", "P = 0.26", "28 patients", "should not be quoted"),
    ),
    "no_events": ({**ABOUT, "groups": ("CB",), "everywhere": False}, ("nobody", "CB")),
    "nobody_alive": (ABOUT, ("overall survival",)),
    "nobody_to_analyse": (ABOUT, ("no patient",)),
    "not_significant": (
        {
            **ABOUT,
            "test": "log-rank",
            "p": 0.95,
            "measure": "survival",
            "differences": (
                {
                    "group": "A",
                    "versus": "B",
                    "level": "5 years",
                    "estimate": 0.086,
                    "low": -0.22,
                    "high": 0.392,
                },
            ),
        },
        ("P = 0.95", "8.6 percentage points", "−22.0 to 39.2", "does not show"),
    ),
    "numbers_not_screened": ({"variables": ("Age",)}, ("age", "cut point")),
    "only_some_patients": (
        {"conditions": ("age >= 18",), "n": 40, "excluded": 19, "unknown": 2},
        ("age >= 18", "40", "19", "2"),
    ),
    "restricted_mean_beyond_follow_up": ({**ABOUT, "until": "5 years"}, ("5 years",)),
    "screen_multiplicity": (
        {
            **ABOUT,
            "variables": 11,
            "significant": 2,
            "significant_adjusted": 0,
            "adjust": "holm",
            "level": 0.05,
            "chance": 0.431,
        },
        ("11 variables", "43%", "0 remained"),
    ),
    "small_groups": (
        {**ABOUT, "groups": ({"group": "BM", "n": 7},), "below": 10, "permutation": True},
        ("BM (7)", "10", "permutation"),
    ),
    "tail_unreliable": (
        {**ABOUT, "groups": ({"group": "CB", "after": 6.64, "unit": "years"},), "below": 5},
        ("6.6 years", "CB", "five"),
    ),
    "test_not_computable": (
        {**ABOUT, "test": "log-rank", "reason": "no events at all"},
        ("log-rank", "no events"),
    ),
}
METHOD_FACTS: dict[str, tuple[dict[str, Any], str]] = {
    "cause_specific_logrank": ({"beside_gray": True}, "competing events censored"),
    "characteristics_described": ({}, "median"),
    "characteristics_tested": ({"tests": ("Fisher exact",)}, "Fisher exact"),
    "completeness_method": ({"closed": "2020-12-31"}, "2020-12-31"),
    "cumulative_incidence": ({"variance": "aalen", "interval": "log-log", "confidence": 0.9}, "90%"),
    "delayed_entry": ({"endpoint_label": "overall survival"}, "overall survival"),
    "differences_at_times": ({}, "intervals"),
    "follow_up_method": ({"method": "reverse Kaplan-Meier"}, "reverse Kaplan–Meier"),
    "gray_test": ({"rho": 0.0}, "Gray"),
    "guard_method": ({}, "immortal-time"),
    "kaplan_meier": (
        {"interval": "log-log", "confidence": 0.95},
        "95% confidence intervals on the log-log scale",
    ),
    "landmark_method": (
        {"landmark": "100 days", "time_zero": "transplantation", "regrouped": True},
        "100 days",
    ),
    "logrank_test": ({"rho": 1.0}, "S^1"),
    "median_limits": ({}, "medians"),
    "pairwise_tests": ({"adjust": "holm"}, "Holm"),
    "permutation_test": ({"how": "all 252 assignments"}, "all 252 assignments"),
    "restricted_means": ({}, "areas"),
    "screen_method": ({"adjust": "bh"}, "Benjamini and Hochberg"),
    "standardised_differences": ({"groups": 3}, "largest"),
    "stratified_tests": ({"label": "Centre"}, "centre"),
    "time_unit": ({"unit": "years", "days_per_year": 365.25}, "365.25"),
    "trend_test": ({}, "trend"),
}
