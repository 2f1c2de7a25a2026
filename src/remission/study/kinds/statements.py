"""Names of everything the analyses say in words; floor 4 owns the words.

The facts of each are listed in docs/architecture.md.

FINDINGS stand with an analysis's results, METHODS make the methods paragraph.
"""

from __future__ import annotations

FINDINGS: tuple[str, ...] = (
    "beyond_follow_up",
    "before_start",
    "cause_of_death_in_the_living",
    "death_without_cause",
    "early_risk_set_small",
    "events_at_time_zero",
    "few_at_risk",
    "few_events",
    "fewer_than_two_groups",
    "follow_up_incomplete",
    "gray_needs_common_start",
    "group_unknown",
    "groups_empty",
    "guard_withheld",
    "known_after_time_zero",
    "landmark_patients",
    "median_not_reached",
    "much_missing",
    "multiplicity",
    "naive_shown",
    "no_events",
    "nobody_alive",
    "nobody_to_analyse",
    "not_significant",
    "numbers_not_screened",
    "only_some_patients",
    "restricted_mean_beyond_follow_up",
    "screen_multiplicity",
    "small_groups",
    "tail_unreliable",
    "test_not_computable",
)
METHODS: tuple[str, ...] = (
    "cause_specific_logrank",
    "characteristics_described",
    "characteristics_tested",
    "completeness_method",
    "cumulative_incidence",
    "delayed_entry",
    "differences_at_times",
    "follow_up_method",
    "gray_test",
    "guard_method",
    "kaplan_meier",
    "landmark_method",
    "logrank_test",
    "median_limits",
    "pairwise_tests",
    "permutation_test",
    "restricted_means",
    "screen_method",
    "standardised_differences",
    "stratified_tests",
    "time_unit",
    "trend_test",
)
NAMES: tuple[str, ...] = FINDINGS + METHODS
