"""Facts for every statement the analyses may make, and words that must be in what is said."""

from __future__ import annotations

from typing import Any

from tests.report.ankl import guard_finding

ABOUT = {"endpoint": "os", "endpoint_label": "Overall survival", "by_label": "Graft source", "variant": ""}
FACTS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "events_per_variable": (
        {**ABOUT, "events": 35, "coefficients": 8, "per": 4.375, "below": 10, "firth": True},
        ("35 events for 8 coefficients", "4.4", "fewer than 10", "Firth"),
    ),
    "nothing_added_shown": (
        {**ABOUT, "variant": "refitted", "p": 0.31},
        ("models refitted here", "P = 0.31", "no proof"),
    ),
    "optimism_not_computed": (
        {**ABOUT, "reason": "the model could not be fitted in 150 of 200 resamples"},
        ("150 of 200 resamples", "too good"),
    ),
    "score_is_locked": (
        {**ABOUT, "score_label": "Signature score", "second": True},
        ("signature score", "never saw", "first cohort"),
    ),
    "score_out_of_fold": (
        {**ABOUT, "score_label": "Signature score", "same_endpoint": True},
        ("out of fold", "this very endpoint", "optimism of choosing", "other patients"),
    ),
    "risks_not_predicted": (
        {**ABOUT, "reasons": ("Fine-Gray did not converge.",)},
        ("Fine-Gray did not converge",),
    ),
    "risks_not_judged": (
        {**ABOUT, "variant": "applied", "at": "5 years", "reason": "Nobody is followed until then."},
        ("models of the first cohort", "at 5 years", "nobody is followed"),
    ),
    "levels_not_seen": (
        {**ABOUT, "levels": ({"label": "Subtype", "level": "BCR::ABL1", "n": 3},)},
        ("Subtype BCR::ABL1 (3 patients)", "left out"),
    ),
    "no_better_than_chance": (
        {
            "targets": (
                {
                    "label": "Vincristine",
                    "measure": "area under the ROC curve",
                    "estimate": 0.52,
                    "low": 0.41,
                    "high": 0.63,
                    "p": 0.38,
                },
                {
                    "label": "Prednisolone",
                    "measure": "area under the ROC curve",
                    "estimate": 0.5,
                    "low": None,
                    "high": None,
                    "p": None,
                },
            )
        },
        ("no better than chance", "vincristine 0.52 (0.41–0.63), P = 0.38", "prednisolone 0.50", "may find"),
    ),
    "no_better_than_larger_class": (
        {"targets": ({"label": "Vincristine", "accuracy": 0.61, "larger": 0.65},)},
        ("vincristine 61.0% against 65.0%",),
    ),
    "predictions_not_calibrated": (
        {
            "targets": (
                {
                    "label": "Vincristine",
                    "predictions": "new patients",
                    "off": ({"measure": "calibration slope", "estimate": 0.41, "low": 0.12, "high": 0.7},),
                },
            )
        },
        ("calibration slope 0.41 (0.12–0.70)", "too extreme", "Recalibrate"),
    ),
    "genes_unstable": (
        {"targets": ({"label": "Vincristine", "nogueira": 0.21, "lists": 50},), "below": 0.4},
        ("vincristine 0.21", "below 0.4", "no evidence"),
    ),
    "few_to_learn_from": (
        {"targets": ({"label": "Vincristine", "name": "resistant", "n": 12},), "below": 20},
        ("vincristine 12 resistant", "fewer than 20"),
    ),
    "few_permutations": (
        {"targets": ({"label": "Vincristine", "n": 20, "least": 1 / 21},)},
        ("20 permutations", "below 0.048"),
    ),
    "not_permuted": ({"targets": ({"label": "Vincristine"},)}, ("vincristine", "permutations = 200")),
    "signature_moved": (
        {"targets": ({"label": "vincristine", "warnings": ("3 genes are shifted",)},)},
        ("Vincristine: 3 genes are shifted", "platform or the patients"),
    ),
    "not_judged_there": (
        {"targets": ({"label": "Vincristine", "n": 1},)},
        ("vincristine", "applied and not judged"),
    ),
    "nothing_to_judge_by": (
        {"targets": ({"label": "Vincristine", "of": "drug"},)},
        ("No drug tests", "vincristine", "nothing to judge the signature against"),
    ),
    "others_predicted": (
        {
            "targets": (
                {
                    "label": "Vincristine",
                    "predictions": "out of fold",
                    "answers": ({"answer": "intermediate", "n": 63}, {"answer": "", "n": 18}),
                },
            )
        },
        ("vincristine (63 intermediate, 18 not known)", "not learned from", "two extremes"),
    ),
    "planted_genes": (
        {"targets": ({"label": "Vincristine", "planted": 40, "found": 26, "locked": 31},)},
        ("vincristine 26 of 40, in a list of 31 genes", "simulated"),
    ),
    "limits_of_predictions": (
        {"predictions": "out of fold"},
        ("predictions taken as given", "true uncertainty is larger"),
    ),
    "research_only": ({"drugs": True}, ("Research use only", "not a patient who responds")),
    "before_start": (
        {**ABOUT, "times": ("100 days",), "start": 1.0, "unit": "years", "landmark": "12 months"},
        ("100 days", "12 months"),
    ),
    "beyond_follow_up": (
        {**ABOUT, "times": ({"group": "CB", "at": "5 years", "last": 4.26, "unit": "years"},)},
        ("5 years", "CB", "4.3 years"),
    ),
    "historical_controls": (
        {
            "trials": ({"trial": "MLL03", "years": ""}, {"trial": "MLL-10", "years": "2011-2015"}),
            "accrual_from": "2016-02-01",
            "accrual_to": "2019-05-03",
            "difference": True,
        },
        ("MLL03 and MLL-10 (2011-2015)", "2016 to 2019", "no P value", "chance"),
    ),
    "other_time_zero": (
        {
            **ABOUT,
            "time_zero": "diagnosis",
            "others": ({"trial": "JSHCT", "population": "all", "n": 132, "what": "transplantation"},),
            "unsaid": ({"trial": "AALL0631", "population": "chemotherapy", "n": 54, "what": ""},),
        },
        ("diagnosis", "JSHCT", "transplantation", "AALL0631", "not known"),
    ),
    "published_patients_selected": (
        {
            **ABOUT,
            "results": ({"trial": "JSHCT", "population": "all", "n": 132, "what": "alive at transplant"},),
        },
        ("JSHCT", "alive at transplant", "Early deaths"),
    ),
    "published_from_memory": (
        {**ABOUT, "results": ({"trial": "Interfant-06", "population": "high risk", "n": None, "what": ""},)},
        ("FROM MEMORY", "Interfant-06 (high risk)"),
    ),
    "published_error_too_small": (
        {**ABOUT, "results": ({"trial": "Ours", "population": "all", "n": 75, "what": ""},)},
        ("Ours (all)", "75", "smaller"),
    ),
    "published_without_error": (
        {**ABOUT, "results": ({"trial": "Interfant-99", "population": "all infants", "n": 482, "what": ""},)},
        ("Interfant-99", "standard error"),
    ),
    "eras_are_historical": (
        {
            "by_label": "Trial",
            "by": "trial",
            "eras": (
                {"group": "MLL03", "begun": ("2004-02-01", "2009-01-01")},
                {"group": "MLL-10", "begun": None},
            ),
            "adjusted": True,
        },
        ("MLL03, begun 2004–2009", "MLL-10", "Adjustment"),
    ),
    "eras_follow_up": (
        {
            **ABOUT,
            "eras": (
                {"group": "MLL03", "n": 62, "longest": 8.2, "begun": None},
                {"group": "MLL-10", "n": 75, "longest": 4.1, "begun": None},
            ),
            "shortest": "MLL-10",
            "until": 4.1,
            "said": None,
            "unit": "years",
        },
        ("MLL03 8.2 (62 patients)", "ended at 4.1 years", "that of MLL-10 ends"),
    ),
    "undecided_left_out": (
        {
            **ABOUT,
            "total": 90,
            "compared": 83,
            "protocols": (
                {"label": "MLL-10", "n": 7, "possible": ({"group": "open: low or high", "n": 7},)},
                {"label": "Interfant-06", "n": 0, "possible": ()},
            ),
        },
        ("MLL-10 does not decide 7 patients (7 open: low or high)", "83 of 90 patients"),
    ),
    "groups_are_treatments": (
        {"labels": ("MLL-10", "Interfant-06")},
        ("MLL-10 and Interfant-06", "treated more"),
    ),
    "plain_limits_refused": (
        {**ABOUT, "times": ({"group": "IR", "at": "3 years", "low": 0.838, "high": 1.05},)},
        ("3 years", "IR", "83.8–105.0%", "Log-log"),
    ),
    "cause_of_death_in_the_living": ({"label": "Cause of death", "n": 2, "alive": 20}, ("2 patients", "20")),
    "delivered_crude": (
        {"label": "Transplant", "indicated": 55, "delivered": 34, "waiting": 2, "judged": False},
        ("34 of 55 patients", "2 were still waiting", "names no window"),
    ),
    "deviations_counted": ({"n": 12, "total": 90}, ("12 of 90 patients", "remission deviations")),
    "indication_unknown": (
        {
            "label": "Transplant",
            "indication": 4,
            "indication_delivered": 1,
            "given": 2,
            "day": 3,
            "total": 90,
        },
        ("transplant was indicated in 4, 1 of whom had it", "in 2", "in 3", "90 patients"),
    ),
    "phases_after_end": (
        {"phases": ({"phase": "consolidation", "n": 3},)},
        ("consolidation in 3 patients", "not counted as eligible"),
    ),
    "phases_unknown": (
        {
            "phases": (
                {"phase": "induction", "what": "not known whether started", "n": 2},
                {"phase": "induction", "what": "condition not known", "n": 1},
            ),
            "total": 90,
        },
        ("90 patients", "whether it was started (2)", "whether it was meant for them (1)"),
    ),
    "death_without_cause": ({"label": "Cause of death", "n": 3, "deaths": 39}, ("3", "39 deaths")),
    "early_risk_set_small": ({**ABOUT, "groups": ("CB",), "below": 5}, ("five", "CB")),
    "events_at_time_zero": ({**ABOUT, "n": 2, "time_zero": "diagnosis"}, ("2 events", "diagnosis")),
    "first_event_not_told": ({**ABOUT, "n": 3, "events": 20}, ("20 first events", "3 have nothing")),
    "first_events_on_day_0": (
        {
            **ABOUT,
            "n": 3,
            "events": ({"event": "treatment failure", "n": 2}, {"event": "death", "n": 1}),
            "time_zero": "diagnosis",
            "rule": "Patients whose treatment failed have the event on day 0 (rule time0).",
        },
        ("3 first events", "treatment failure 2 and death 1", "rule time0"),
    ),
    "split_without_event": (
        {**ABOUT, "label": "Site of relapse", "event": "relapse", "n": 2},
        ("Site of relapse", "2 patients", "was not relapse"),
    ),
    "mrd_after_event": ({"points": ({"point": "TP2", "n": 3},)}, ("3 at “TP2”",)),
    "mrd_clearance_interval": ({"below": 0.0001}, ("10⁻⁴", "interval of sampling")),
    "mrd_without_endpoint": ({"n": 3, "total": 265}, ("3 patients of 265",)),
    "reasons_not_told": ({"points": ("Day 33", "Week 12"), "endpoint": False}, ("Day 33", "`endpoint`")),
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
        ("Acute GVHD", "transplantation"),
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
    "median_not_reached": ({**ABOUT, "groups": ("CB", None)}, ("Median not reached", "CB")),
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
    "numbers_not_screened": ({"variables": ("Age",)}, ("Age", "cut point")),
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
    "adjusted_needs_common_start": (ABOUT, ("no adjusted curves",)),
    "counted_from_known": (
        {**ABOUT, "terms": ({"label": "MRD", "known_on": "MRD date"},), "never": 2},
        ("MRD date", "2 patients"),
    ),
    "effect_changes": (
        {**ABOUT, "label": "Conditioning", "cuts": ("100 days",), "p": 0.012, "changes": True},
        ("Conditioning", "100 days", "P = 0.012", "differs"),
    ),
    "eliminated": (
        {**ABOUT, "above": 0.05, "removed": ("Sex",), "kept": ("Age",), "steps": 1},
        ("took out Sex", "0.05", "kept Age"),
    ),
    "few_events_per_variable": (
        {**ABOUT, "events": 39, "coefficients": 8, "per": 4.875, "below": 10, "variant": "multivariable"},
        ("39 events", "8 coefficients", "4.9", "multivariable"),
    ),
    "model_not_fitted": (
        {**ABOUT, "variant": "univariable", "term_label": "Sex", "reason": "one level only."},
        ("Sex", "one level only."),
    ),
    "monotone_likelihood": (
        {**ABOUT, "terms": ("Graft",), "firth": True, "variant": "", "fine_gray": False},
        ("Graft", "Firth"),
    ),
    "no_incidence_by_status": (ABOUT, ("current status",)),
    "nonproportional": (
        {**ABOUT, "terms": ({"label": "Age", "p": 0.003},), "global_p": 0.02, "below": 0.05, "variant": ""},
        ("Age (P = 0.0030)", "P = 0.020"),
    ),
    "not_converged": ({**ABOUT, "variant": "", "reason": "no progress"}, ("no progress",)),
    "not_identifiable": (
        {**ABOUT, "empty": ({"label": "Donor", "level": "related", "groups": ("CB",)},)},
        ("Donor, related (CB)",),
    ),
    "patients_left_out": (
        {
            **ABOUT,
            "eligible": 59,
            "n": 52,
            "terms": ({"label": "HLA", "missing": 7},),
            "variant": "multivariable",
        },
        ("7 of 59 patients", "HLA 7", "52"),
    ),
    "proportionality_not_tested": ({**ABOUT, "reason": "too few events"}, ("too few events",)),
    "remedies_compared": (
        {
            **ABOUT,
            "column_label": "Acute GVHD",
            "known_on": "GVHD date",
            "analyses": (
                {
                    "level": "naive",
                    "differs": "future",
                    "n": 59,
                    "events": 39,
                    "group": "yes",
                    "versus": "no",
                    "estimate": 0.55,
                    "low": 0.3,
                    "high": 1.01,
                    "p": 0.046,
                },
                {
                    "level": "landmark at 100 days",
                    "differs": "from_landmark",
                    "n": 33,
                    "events": 16,
                    "group": "yes",
                    "versus": "no",
                    "estimate": None,
                    "low": None,
                    "high": None,
                    "p": None,
                },
            ),
        },
        ("0.55 (0.30–1.01)", "P = 0.046", "biased", "Landmark at 100 days", "33 patients", "no ratio"),
    ),
    "subgroups_multiplicity": (
        {**ABOUT, "subgroups": 8, "tests": 4, "significant": 1, "level": 0.05, "chance": 0.185},
        ("8 subgroups", "4 interactions", "1 had", "18%"),
    ),
    "subgroups_not_estimated": (
        {**ABOUT, "subgroups": ({"label": "Sex", "level": "male", "reason": "no events."},)},
        ("Sex, male (no events)",),
    ),
    "terms_time_dependent": (
        {**ABOUT, "terms": ({"label": "Acute GVHD", "known_on": "GVHD date", "switched": 25},)},
        ("Acute GVHD", "GVHD date", "25 patients"),
    ),
    "wide_limits": (
        {
            **ABOUT,
            "ratios": ({"label": "Graft", "level": "CB", "low": 0.2, "high": 31.0},),
            "factor": 50,
            "variant": "multivariable",
        },
        ("Graft, CB (0.20–31.00)",),
    ),
}

FACTS |= {
    "remedy_not_possible": (
        {
            **ABOUT,
            "by_label": None,
            "remedy": "delayed entry",
            "column_label": "Acute GVHD",
            "known_at": "on day",
            "known_on": "day of GVHD",
            "reason": "known after the start",
            "remedies": ("landmark", "time-dependent"),
            "time_zero": "transplantation",
        },
        ("“delayed entry” was asked for “Acute GVHD”", "day of GVHD", "`landmark` or `time-dependent`"),
    ),
    "transplant_naive": (
        {
            **ABOUT,
            "by_label": "Transplant",
            "time_zero": "remission",
            "naive": {"estimate": 0.31, "low": 0.2, "high": 0.5, "p": 0.001},
            "moving": {"estimate": 0.95, "low": 0.6, "high": 1.4, "p": 0.8},
            "transplanted": 30,
            "never": 45,
            "years_before": 12.25,
            "years_after": 60.0,
            "years_never": 80.0,
            "events_never": 20,
            "events_after": 9,
            "median_wait": 142.5,
            "longest_wait": 300.0,
            "early_events": 7,
            "events_by_last": 15,
            "too_late": 1,
        },
        ("12.2 patient-years", "17.0%", "7 events", "142.5 days", "0.31 (0.20–0.50)", "0.95", "immortal"),
    ),
    "waiting_time_found": (
        {**ABOUT, "by_label": "Transplant", "median": 142.5, "q1": 100.0, "q3": 180.0, "n": 30}
        | {"time_zero": "remission"},
        ("142.5 days", "100 and 180", "30 patients"),
    ),
    "transplant_way": (
        {**ABOUT, "way": "landmark", "at": ("100 days", "200 days")},
        ("landmark at 100 days and 200 days looks only at patients still at risk",),
    ),
    "ways_not_declared": ({**ABOUT, "ways": ("landmark", "waiting time")}, ("landmark", "never picks")),
    "transplant_not_estimated": (
        {**ABOUT, "ways": ({"level": "naive", "reason": "no events"},)},
        ("naive (no events)",),
    ),
    "transplanted_too_late": ({**ABOUT, "by_label": "Transplant", "n": 4}, ("4 patients", "without it")),
    "donor_compared": (
        {
            **ABOUT,
            "by_label": "Transplant",
            "groups": (
                {"level": "yes", "n": 20, "transplanted": 17},
                {"level": "no", "n": 30, "transplanted": 2},
            ),
        },
        ("17 of 20 patients with a donor", "2 of 30 patients without"),
    ),
    "transplant_caveats": (
        {**ABOUT, "by_label": "Transplant", "adjusted_for": ("Age",), "donor": False},
        ("fit enough", "Age", "donor"),
    ),
    "ratios_cause_specific": (ABOUT, ("as events compete", "cause-specific hazard", "all causes")),
    "transplant_periods": (
        {
            **ABOUT,
            "by_label": "Transplant",
            "reason": "",
            "p": 0.21,
            "changes": False,
            "periods": (
                {"level": "up to 100 days after", "n": 9, "events": 2}
                | {"estimate": 2.1, "low": 1.1, "high": 4.0, "p": 0.03},
            ),
        },
        ("up to 100 days after hazard ratio 2.10", "P = 0.21", "does not mean that there is none"),
    ),
    "no_interaction_shown": (ABOUT, ("not the same as no difference",)),
    "subgroups_by_firth": ({**ABOUT, "subgroups": ("CNS, yes",)}, ("CNS, yes", "Firth")),
    "risk_is_treatment": (
        {
            **ABOUT,
            "by_label": "Transplant",
            "risk_label": "Risk group",
            "only": "HR",
            "groups": (
                {"level": "IR", "n": 19, "transplanted": 1},
                {"level": "HR", "n": 56, "transplanted": 41},
            ),
            "share": 0.05,
            "patients": 5,
            "left": 15,
        },
        ("IR 1 of 19", "HR 41 of 56", "15 patients", "not a comparison"),
    ),
}
METHOD_FACTS: dict[str, tuple[dict[str, Any], str]] = {
    "signature_learned": (
        {
            "model": "elastic net",
            "scale": "quantile",
            "sizes": (10, 30),
            "folds": 10,
            "repeats": 3,
            "inner_folds": 5,
            "permutations": 200,
            "task": "class",
        },
        "Everything was inside the folds",
    ),
    "signature_applied": ({}, "no gene, weight, cut-off or calibration was changed"),
    "stability_method": ({}, "Nogueira"),
    "prediction_judged": ({"task": "class"}, "DeLong"),
    "added_value_method": (
        {"competing": True, "firth": True, "resamples": 200},
        "penalised likelihood ratio",
    ),
    "net_benefit_method": ({"competing": False, "resamples": 0}, "one minus Kaplan–Meier"),
    "phases_method": (
        {"endpoint_label": "event-free survival", "windows": True, "withdrawal": True},
        "no event of event-free survival, no withdrawal",
    ),
    "indication_method": (
        {"condition": "risk = 'HR'", "endpoint_label": "event-free survival"},
        "risk = 'HR'",
    ),
    "first_events_method": ({}, "crude"),
    "mrd_clearance_method": ({"below": 0.0001, "confidence": 0.95}, "10⁻⁴"),
    "mrd_fall_method": ({}, "lower bound"),
    "mrd_method": ({"methods": ("flow cytometry",), "limits": (0.0001,)}, "flow cytometry"),
    "response_method": ({}, "Clopper–Pearson"),
    "response_tests": ({"tests": ("Fisher exact", "Cochran-Armitage trend")}, "Cochran–Armitage"),
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
    "stratified_tests": ({"label": "Centre"}, "Centre"),
    "time_unit": ({"unit": "years", "days_per_year": 365.25}, "365.25"),
    "trend_test": ({}, "trend"),
    "benchmark_method": (
        {"limits": True, "errors": True, "difference": "log-log"},
        "recovered from the log-log",
    ),
    "eras_method": ({"restricted": True}, "common length"),
    "restratify_method": ({}, "paired influences"),
    "clustered_variance": ({"label": "Centre"}, "Centre"),
    "complete_cases": ({}, "known"),
    "concordance_method": ({}, "concordance"),
    "cox_model": ({"ties": "efron", "hazard": "cause-specific hazard"}, "Efron"),
    "delayed_entry_remedy": ({}, "delayed entry"),
    "elimination_method": ({"above": 0.05}, "0.05"),
    "fine_gray_model": ({"variant": "crr", "ties": "breslow", "variance": "sandwich"}, "crr"),
    "firth_method": ({}, "Firth"),
    "mantel_byar_test": ({}, "Mantel–Byar"),
    "proportionality_method": ({"transform": "km"}, "Schoenfeld"),
    "simon_makuch_curves": ({"start": "30 days"}, "30 days"),
    "spline_terms": ({"terms": ({"label": "Age", "knots": (20.0, 40.0, 60.0)},)}, "20, 40, 60"),
    "standardisation_method": ({"model": "Cox", "adjusted_for": ("Age", "Sex")}, "Age and Sex"),
    "stratified_model": ({"label": "Disease"}, "Disease"),
    "subgroup_method": ({"adjusted_for": ("Age",)}, "Age"),
    "time_dependent_terms": ({"labels": ("Acute GVHD",)}, "Acute GVHD"),
    "time_varying_effect": ({"label": "Age", "cuts": ("100 days",)}, "100 days"),
    "univariable_models": ({"adjust": "holm"}, "Holm"),
}
METHOD_FACTS |= {
    "waiting_time_method": ({"at": "100 days"}, "from 100 days on"),
    "transplant_periods_method": ({"cuts": ("100 days", "1 year")}, "100 days and 1 year"),
    "donor_method": ({}, "intention to treat"),
}
FACTS |= {
    "cells_are_not_patients": ({}, ("plate", "not the response of a patient")),
    "lc50_cutoffs": (
        {"method": "cut-offs dcog, version 1, by value", "mark": "unsure"},
        ("dcog, version 1", "EXAMPLE"),
    ),
    "lc50_beyond_doses": (
        {"drugs": ({"drug": "prednisolone", "n": 90, "total": 162},)},
        ("prednisolone (90 of 162)", "extrapolated"),
    ),
    "lc50_without_class": (
        {
            "drugs": (
                {"drug": "prednisolone", "n": 2, "failed": 4},
                {"drug": "vincristine", "n": 0, "failed": 3},
            )
        },
        ("prednisolone 2 because", "4 because", "vincristine 3 because"),
    ),
    "drug_scores_open": (
        {"scores": ({"score": "PVA score", "n": 39, "total": 173},)},
        ("PVA score in 39 of 173 patients",),
    ),
    "cross_resistance_few": (
        {"pairs": ({"pair": "asparaginase and vincristine", "n": 15},), "below": 20},
        ("Fewer than 20", "asparaginase and vincristine (15)"),
    ),
    "lc50_small_groups": (
        {"by_label": "Subtype", "groups": ({"group": "BCR::ABL1", "n": 8},), "below": 10},
        ("fewer than 10", "BCR::ABL1 (8)", "permutations"),
    ),
    "lc50_not_compared": ({"by_label": "Subtype", "drugs": ("vincristine",)}, ("vincristine", "Subtype")),
}
METHOD_FACTS |= {
    "lc50_method": ({"method": "median of 40 patients"}, "order statistics"),
    "lc50_test_method": ({"permutation": True}, "permutations of the patients"),
    "cross_resistance_method": ({"statistic": "kendall", "confidence": 0.95}, "95% jackknife limits"),
    "drug_scores_method": ({"scores": ("pva", "four drugs")}, "daunorubicin"),
}
FACTS |= {
    "batch_confounded": (
        {
            "label": "Array batch",
            "questions": ({"question": "prednisolone", "batches": 1, "n": 7, "p": 0.002},),
        },
        ("Array batch", "prednisolone (1 batch with 7 patients of one group only, P = 0.0020)"),
    ),
    "gene_sets_not_tested": (
        {"question": "vincristine", "reason": "no set has 5 to 500 tested genes."},
        ("vincristine", "no set has 5 to 500 tested genes."),
    ),
    "genes_are_associations": ({"adjusted_for": ("Subtype",)}, ("associations", "adjusted for Subtype")),
    "genes_chance": (
        {
            "questions": ({"question": "prednisolone", "tested": 12000, "below": 709, "found": 47},),
            "fdr": 0.05,
            "by": "q",
        },
        ("12,000 tests", "709 (about 600 by chance)", "47 found (about 2.4 false)"),
    ),
    "genes_groups_differ": (
        {"differences": ({"question": "asparaginase", "label": "Subtype", "p": 0.0024},), "below": 0.01},
        ("asparaginase: Subtype (P = 0.0024)", "adjust_for"),
    ),
    "genes_not_compared": (
        {"questions": ({"question": "vincristine", "groups": "2 resistant"},)},
        ("vincristine (2 resistant)",),
    ),
    "genes_notes": (
        {"question": "vincristine", "notes": ("3 of 9 genes not tested: all values equal.",)},
        ("Vincristine: 3 of 9 genes",),
    ),
    "genes_small_groups": (
        {"groups": ({"question": "vincristine", "group": "resistant", "n": 6},), "below": 10},
        ("Fewer than 10", "vincristine, resistant (6)"),
    ),
}
METHOD_FACTS |= {
    "gene_sets_method": ({"set_test": "rank"}, "rank-sum test over genes"),
    "genes_method": (
        {
            "method": "moderated",
            "permutations": 1000,
            "adjusted_for": ("Subtype",),
            "batch_label": None,
            "fdr": 0.05,
            "drugs": True,
            "scale": (),
        },
        "relabelled 1,000 times",
    ),
}
