"""Counting, curves and tests of groups, beside R and comprisk."""

from __future__ import annotations

from collections.abc import Iterator

from data import TIMES
from rows import Row, Took, faster
from workers import Bench

BUDGETS = {"days": 10.0, "months": 10.0, "real": 3.0}
ALL = "event table, KM, Aalen-Johansen with errors, log-rank, Gray; 3 groups"
GRAY = "event table and Gray's test alone"
BEST_OF_R = "R (the faster of survfit and prodlim, survdiff, cuminc)"


def rows(bench: Bench, n: int, repeats: int, *, slow: bool) -> Iterator[Row]:
    """Time everything a registry report of curves needs, then Gray's test alone.

    R's side is the sum of survfit (or prodlim, if faster), survdiff, and cuminc, which gives incidence with
    its error and Gray's test. R's multi-state survfit is timed once, apart: it takes far longer than cuminc.
    """
    size = f"{n:,}"
    for times, words in TIMES.items():
        calls = ("survfit_km", "prodlim_km", "survdiff", "cuminc")
        jobs = [f"ours: curves {times}", *(f"R: {call} {times}" for call in calls)]
        ours, *theirs = bench.take_turns(jobs, repeats)
        yield faster(f"{ALL}; {words}", size, ours, BEST_OF_R, _fastest(*theirs), BUDGETS[times])
    for times in ("days", "real"):
        jobs = [f"ours: gray {times}", f"comprisk: gray {times}", f"R: cuminc {times}"]
        # comprisk needs most of a minute for real-valued times
        ours, comprisk, cuminc = bench.take_turns(jobs, repeats if times == "days" else 1)
        yield faster(f"{GRAY}; {TIMES[times]}", size, ours, "comprisk", comprisk, 2.0)
        yield faster(f"{GRAY}; {TIMES[times]}", size, ours, "R cuminc", cuminc)
    if slow:
        ours, survfit = bench.take_turns(["ours: curves days", "R: survfit_aj days"], 1)
        yield faster(f"{ALL}; whole days", size, ours, "R survfit, Aalen-Johansen alone", survfit)


def _fastest(survfit: Took, prodlim: Took, survdiff: Took, cuminc: Took) -> Took:
    """Sum of what must be run, with the faster of the two Kaplan-Meiers."""
    needed = (survfit, survdiff, cuminc)
    for took in needed:
        if took.absent:
            return took
    kaplan_meier = survfit.seconds if prodlim.absent else min(survfit.seconds, prodlim.seconds)
    return Took(kaplan_meier + survdiff.seconds + cuminc.seconds)
