"""Worker: our side. Reading the data is not timed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import remission as rm
from protocol import serve
from remission.regress.concordance import concordance
from remission.regress.cox import cox
from remission.regress.finegray import fine_gray
from remission.regress.proportionality import proportionality

CAUSES = {1: "relapse", 2: "NRM"}


class Cohort:
    """The columns of one data folder, read when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.columns: dict[str, Any] = {}
        self.fits: dict[str, Any] = {}

    def read(self, name: str) -> Any:
        if name not in self.columns:
            kind = np.float64 if name.endswith("f64") else np.int32
            self.columns[name] = np.fromfile(self.folder / name, dtype=kind)
        return self.columns[name]

    def patients(self, times: str) -> tuple[Any, Any, Any]:
        return self.read(f"{times}.f64"), self.read("cause.i32"), self.read("group.i32")

    def rows(self, times: str) -> tuple[Any, Any, Any]:
        time, cause = self.read(f"{times}.f64"), self.read("cause.i32")
        return time, cause, self.read("x.f64").reshape(len(time), -1)

    def fitted(self, times: str) -> Any:
        if times not in self.fits:
            time, cause, X = self.rows(times)
            self.fits[times] = cox(time, cause == 1, X)
        return self.fits[times]


def curves(cohort: Cohort, times: str) -> Callable[[], Any]:
    time, cause, group = cohort.patients(times)

    def run() -> None:
        table = rm.event_table(time, cause, causes=CAUSES, group=group)
        rm.kaplan_meier(table)
        rm.cumulative_incidence(table)
        rm.logrank(table)
        for name in CAUSES.values():  # cuminc tests every cause
            rm.gray(table, name)

    return run


def gray(cohort: Cohort, times: str) -> Callable[[], Any]:
    time, cause, group = cohort.patients(times)
    return lambda: rm.gray(rm.event_table(time, cause, causes=CAUSES, group=group), "relapse")


def fit_cox(cohort: Cohort, times: str) -> Callable[[], Any]:
    time, cause, X = cohort.rows(times)
    event = cause == 1
    return lambda: cox(time, event, X)


def fit_fine_gray(cohort: Cohort, times: str) -> Callable[[], Any]:
    time, cause, X = cohort.rows(times)
    return lambda: fine_gray(time, cause, X, "relapse", causes=CAUSES)


def harrell(cohort: Cohort, times: str) -> Callable[[], Any]:
    fit = cohort.fitted(times)
    return lambda: concordance(fit)


def zph(cohort: Cohort, times: str) -> Callable[[], Any]:
    fit = cohort.fitted(times)
    return lambda: proportionality(fit)


def genes(method: Any) -> Callable[[Cohort, str], Callable[[], Any]]:
    def job(cohort: Cohort, permutations: str) -> Callable[[], Any]:
        resistant = cohort.read("group.i32")
        values = cohort.read("genes.f64").reshape(-1, len(resistant))
        names = tuple(f"g{i}" for i in range(len(values))), tuple(f"s{j}" for j in range(len(resistant)))
        matrix = rm.Expression(*names, values)
        return lambda: rm.compare_groups(matrix, resistant.tolist(), method, permutations=int(permutations))

    return job


JOBS = {
    "curves": curves,
    "gray": gray,
    "cox": fit_cox,
    "finegray": fit_fine_gray,
    "concordance": harrell,
    "cox.zph": zph,
    "welch": genes("welch"),
    "moderated": genes("moderated"),
    "wilcoxon": genes("wilcoxon"),
}

if __name__ == "__main__":
    cohort = Cohort(Path(sys.argv[1]))
    serve(lambda job, times: JOBS[job](cohort, times))
