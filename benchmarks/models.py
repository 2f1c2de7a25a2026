"""Cox and Fine-Gray regression, beside R's coxph and crr, and their memory."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from data import COVARIATES, TIMES, write_cohort
from rows import Row, Took, faster, memory, within
from workers import Bench

COX_BUDGETS = {"days": (8.0, 3.0), "real": (3.0, 6.0)}
AFTER_A_FIT = {"concordance": "Harrell's concordance with its error", "cox.zph": "proportionality tests"}
FINE_GRAY = "Fine-Gray with crr's full sandwich"
CRR_SIZES = (2000, 4000)
CRR_AT = 10_000
SECONDS = 10.0  # what "seconds" means for 10^6 x 20


def cox(bench: Bench, n: int, repeats: int, *, slow: bool) -> Iterator[Row]:
    """Cox with Efron's ties, its memory, and what one asks of the fit."""
    size = f"{n:,} x {COVARIATES}"
    for times, (at_least, at_most) in COX_BUDGETS.items():
        work = f"Cox, Efron ties, {TIMES[times]}"
        ours, theirs = bench.take_turns([f"ours: cox {times}", f"R: coxph {times}"], repeats)
        yield faster(work, size, ours, "R coxph", theirs, at_least)
        yield memory(f"{work}: memory", size, bench.peak(f"cox {times}"), _data(n), at_most if slow else None)
    for call, work in AFTER_A_FIT.items():
        jobs = [f"ours: {call} days", *([f"R: {call} days"] if slow else [])]
        took = [*bench.take_turns(jobs, 1), Took(absent="timed in the full run only")]
        yield faster(f"{work} of that fit, whole days", size, took[0], f"R {call}", took[1])


def fine_gray(bench: Bench, folder: Path, n: int, repeats: int, *, slow: bool) -> Iterator[Row]:
    """Fine-Gray at 10^4 against crr, then at n with memory."""
    small = Bench(folder / "ten thousand")
    write_cohort(small.folder, CRR_AT)
    (ours,) = small.take_turns(["ours: finegray days"], repeats)
    label, theirs = ("R crr, run once", small.once("R: crr days")) if slow else _crr_from_smaller(folder)
    small.stop()
    yield faster(f"{FINE_GRAY}, whole days", f"{CRR_AT:,} x {COVARIATES}", ours, label, theirs, 1000.0)
    size = f"{n:,} x {COVARIATES}"
    for times in ("days", "real"):
        work = f"{FINE_GRAY}, {TIMES[times]}"
        ours, fast = bench.take_turns([f"ours: finegray {times}", f"R: fastCrr {times}"], min(repeats, 3))
        yield within(work, size, ours, SECONDS)
        yield faster(work, size, ours, "R fastCrr without variance", fast)
        yield memory(f"{work}: memory", size, bench.peak(f"finegray {times}"), _data(n), None)


def _crr_from_smaller(folder: Path) -> tuple[str, Took]:
    """Seconds of crr at 10^4, where it takes a minute or two, by the power of n between two smaller sizes."""
    seconds: dict[int, float] = {}
    for size in CRR_SIZES:
        bench = Bench(folder / f"crr{size}")
        write_cohort(bench.folder, size)
        took = bench.once("R: crr days")
        bench.stop()
        if took.absent:
            return "R crr", took
        seconds[size] = took.seconds
    before, last = CRR_SIZES
    power = math.log(seconds[last] / seconds[before]) / math.log(last / before)
    measured = ", ".join(f"{took:.2g} s at {size:,}" for size, took in seconds.items())
    label = f"R crr, extrapolated as n^{power:.1f} from {measured}"
    return label, Took(seconds[last] * (CRR_AT / last) ** power)


def _data(n: int) -> float:
    """Megabytes of the covariates."""
    return 8 * n * COVARIATES / 2**20
