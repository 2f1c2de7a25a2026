"""Leukaemia cohorts in, trustworthy printable results out.

>>> import remission as rm
>>> table = rm.event_table([5, 8, 12, 20], [True, False, True, False])
>>> curves = rm.kaplan_meier(table)

Everything loads when it is first used, so `import remission` is instant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from remission.assess.added import added_value
    from remission.assess.benefit import decision_curve, decision_curve_at
    from remission.assess.calibration import brier, calibration
    from remission.assess.cindex import c_index
    from remission.assess.dynamic import auc_at, brier_at
    from remission.assess.observed import calibration_at
    from remission.assess.optimism import optimism
    from remission.assess.roc import auc
    from remission.cohort.cohort import Cohort
    from remission.core.clock import Clock, Duration
    from remission.core.problems import InputError, Problem, StudyProblems
    from remission.estimate.curves import Curves
    from remission.estimate.difference import difference
    from remission.estimate.followup import follow_up
    from remission.estimate.gray import gray
    from remission.estimate.hazard import nelson_aalen
    from remission.estimate.incidence import cumulative_incidence
    from remission.estimate.logrank import logrank
    from remission.estimate.mean import restricted_mean
    from remission.estimate.pairwise import pairwise
    from remission.estimate.permutation import permutation_logrank
    from remission.estimate.survival import kaplan_meier
    from remission.estimate.trend import logrank_trend
    from remission.events.count import event_table
    from remission.events.cut import landmark
    from remission.events.frame import count_frame
    from remission.events.histories import Histories, histories
    from remission.events.merge import merge
    from remission.events.table import EventTable
    from remission.expression.compare import compare_groups
    from remission.expression.counts import compare_counts
    from remission.expression.enrichment import enrichment
    from remission.expression.filters import learn_filter
    from remission.expression.genesets import read_gene_sets
    from remission.expression.genetests import GeneTests
    from remission.expression.matching import match_samples
    from remission.expression.matrix import Expression
    from remission.expression.overlap import gene_overlap
    from remission.expression.read import read_expression
    from remission.expression.reference import learn_reference
    from remission.expression.scale import log2_of
    from remission.expression.zscores import z_scores
    from remission.publish import run
    from remission.regress.causespecific import cause_specific
    from remission.regress.concordance import concordance
    from remission.regress.covariates import design
    from remission.regress.cox import cox
    from remission.regress.episodes import split_episodes
    from remission.regress.finegray import fine_gray
    from remission.regress.firth import firth
    from remission.regress.fit import Fit
    from remission.regress.proportionality import proportionality
    from remission.regress.residuals import residuals, schoenfeld
    from remission.regress.standardise import adjusted_curves
    from remission.regress.status import mantel_byar, simon_makuch
    from remission.regress.subgroups import subgroups
    from remission.regress.terms import Category, Interaction, Numeric, Spline, spline
    from remission.regress.timevarying import log_time_interaction, piecewise
    from remission.response.classes import classify_lc50
    from remission.response.crossing import lc50
    from remission.response.crossresistance import cross_resistance, pooled_cross_resistance
    from remission.response.doseresponse import CurveOptions, dose_response
    from remission.response.intervals import Intervals, intervals
    from remission.response.pooling import pool
    from remission.response.rankcorrelation import rank_correlation
    from remission.response.read import read_wells
    from remission.response.responses import DoseResponses
    from remission.response.scores import drug_score, pva_score
    from remission.response.simulate import simulate_plates
    from remission.response.wells import Wells, convert_wells
    from remission.rules.library import protocol, score
    from remission.rules.scoring import score_patients
    from remission.rules.stratify import reclassify, stratify
    from remission.signature.combine import combine_scores
    from remission.signature.learn import learn_signature
    from remission.signature.locked import Signature, read_signature
    from remission.signature.transport import recalibrate
    from remission.signature.validate import validate_signature
    from remission.study.deviations import deviations
    from remission.study.prepare import check, read_cohort
    from remission.study.results import Results
    from remission.study.store import read_results

__version__ = "0.1.0"

_HOME = {
    "Category": "regress.terms",
    "Clock": "core.clock",
    "Cohort": "cohort.cohort",
    "CurveOptions": "response.doseresponse",
    "Curves": "estimate.curves",
    "DoseResponses": "response.responses",
    "Duration": "core.clock",
    "EventTable": "events.table",
    "Expression": "expression.matrix",
    "Fit": "regress.fit",
    "GeneTests": "expression.genetests",
    "Histories": "events.histories",
    "InputError": "core.problems",
    "Interaction": "regress.terms",
    "Intervals": "response.intervals",
    "Numeric": "regress.terms",
    "Problem": "core.problems",
    "Results": "study.results",
    "Signature": "signature.locked",
    "Spline": "regress.terms",
    "StudyProblems": "core.problems",
    "Wells": "response.wells",
    "added_value": "assess.added",
    "adjusted_curves": "regress.standardise",
    "auc": "assess.roc",
    "auc_at": "assess.dynamic",
    "brier": "assess.calibration",
    "brier_at": "assess.dynamic",
    "c_index": "assess.cindex",
    "calibration": "assess.calibration",
    "calibration_at": "assess.observed",
    "cause_specific": "regress.causespecific",
    "check": "study.prepare",
    "classify_lc50": "response.classes",
    "combine_scores": "signature.combine",
    "compare_counts": "expression.counts",
    "compare_groups": "expression.compare",
    "concordance": "regress.concordance",
    "convert_wells": "response.wells",
    "count_frame": "events.frame",
    "cox": "regress.cox",
    "cross_resistance": "response.crossresistance",
    "cumulative_incidence": "estimate.incidence",
    "decision_curve": "assess.benefit",
    "decision_curve_at": "assess.benefit",
    "design": "regress.covariates",
    "deviations": "study.deviations",
    "difference": "estimate.difference",
    "dose_response": "response.doseresponse",
    "drug_score": "response.scores",
    "enrichment": "expression.enrichment",
    "event_table": "events.count",
    "fine_gray": "regress.finegray",
    "firth": "regress.firth",
    "follow_up": "estimate.followup",
    "gene_overlap": "expression.overlap",
    "gray": "estimate.gray",
    "histories": "events.histories",
    "intervals": "response.intervals",
    "kaplan_meier": "estimate.survival",
    "landmark": "events.cut",
    "lc50": "response.crossing",
    "learn_filter": "expression.filters",
    "learn_reference": "expression.reference",
    "learn_signature": "signature.learn",
    "log2_of": "expression.scale",
    "log_time_interaction": "regress.timevarying",
    "logrank": "estimate.logrank",
    "logrank_trend": "estimate.trend",
    "mantel_byar": "regress.status",
    "match_samples": "expression.matching",
    "merge": "events.merge",
    "nelson_aalen": "estimate.hazard",
    "optimism": "assess.optimism",
    "pairwise": "estimate.pairwise",
    "permutation_logrank": "estimate.permutation",
    "piecewise": "regress.timevarying",
    "pool": "response.pooling",
    "pooled_cross_resistance": "response.crossresistance",
    "proportionality": "regress.proportionality",
    "protocol": "rules.library",
    "pva_score": "response.scores",
    "rank_correlation": "response.rankcorrelation",
    "read_cohort": "study.prepare",
    "read_expression": "expression.read",
    "read_gene_sets": "expression.genesets",
    "read_results": "study.store",
    "read_signature": "signature.locked",
    "read_wells": "response.read",
    "recalibrate": "signature.transport",
    "reclassify": "rules.stratify",
    "residuals": "regress.residuals",
    "restricted_mean": "estimate.mean",
    "run": "publish",
    "schoenfeld": "regress.residuals",
    "score": "rules.library",
    "score_patients": "rules.scoring",
    "simon_makuch": "regress.status",
    "simulate_plates": "response.simulate",
    "spline": "regress.terms",
    "split_episodes": "regress.episodes",
    "stratify": "rules.stratify",
    "subgroups": "regress.subgroups",
    "validate_signature": "signature.validate",
    "z_scores": "expression.zscores",
}

__all__ = [
    "Category",
    "Clock",
    "Cohort",
    "CurveOptions",
    "Curves",
    "DoseResponses",
    "Duration",
    "EventTable",
    "Expression",
    "Fit",
    "GeneTests",
    "Histories",
    "InputError",
    "Interaction",
    "Intervals",
    "Numeric",
    "Problem",
    "Results",
    "Signature",
    "Spline",
    "StudyProblems",
    "Wells",
    "__version__",
    "added_value",
    "adjusted_curves",
    "auc",
    "auc_at",
    "brier",
    "brier_at",
    "c_index",
    "calibration",
    "calibration_at",
    "cause_specific",
    "check",
    "classify_lc50",
    "combine_scores",
    "compare_counts",
    "compare_groups",
    "concordance",
    "convert_wells",
    "count_frame",
    "cox",
    "cross_resistance",
    "cumulative_incidence",
    "decision_curve",
    "decision_curve_at",
    "design",
    "deviations",
    "difference",
    "dose_response",
    "drug_score",
    "enrichment",
    "event_table",
    "fine_gray",
    "firth",
    "follow_up",
    "gene_overlap",
    "gray",
    "histories",
    "intervals",
    "kaplan_meier",
    "landmark",
    "lc50",
    "learn_filter",
    "learn_reference",
    "learn_signature",
    "log2_of",
    "log_time_interaction",
    "logrank",
    "logrank_trend",
    "mantel_byar",
    "match_samples",
    "merge",
    "nelson_aalen",
    "optimism",
    "pairwise",
    "permutation_logrank",
    "piecewise",
    "pool",
    "pooled_cross_resistance",
    "proportionality",
    "protocol",
    "pva_score",
    "rank_correlation",
    "read_cohort",
    "read_expression",
    "read_gene_sets",
    "read_results",
    "read_signature",
    "read_wells",
    "recalibrate",
    "reclassify",
    "residuals",
    "restricted_mean",
    "run",
    "schoenfeld",
    "score",
    "score_patients",
    "simon_makuch",
    "simulate_plates",
    "spline",
    "split_episodes",
    "stratify",
    "subgroups",
    "validate_signature",
    "z_scores",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _HOME:
        message = f"module 'remission' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415

    value = getattr(import_module(f"remission.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """All public names, loaded or not."""
    return sorted({*globals(), *__all__})
