"""Time remission beside its peers in one run: python benchmarks/run.py [--quick]. Writes RESULTS.md."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cold
import curves
import genes
import models
import ondisk
from data import write_cohort
from rows import Row, markdown, plain
from workers import HERE, Bench

PARTS = ("cold", "curves", "cox", "finegray", "ondisk", "genes")
ABOUT = """# Benchmarks

Written by `make bench`; `python benchmarks/run.py --quick` prints the same table for small data in minutes.
Medians of {repeats} repetitions (3 of the regressions, 1 where a peer takes most of a minute), ours and
peers in turns, in one run on one machine: {machine}. Others may have been at work on it,
so the ratios count, not the seconds.

* Reading the data is not timed, nor is the first run of anything; all data are simulated (`data.py`).
* Memory is the peak of a process of its own, less what it had after its imports: it includes the data.
* On one machine BLAS may use two threads: ours does not let it, as it gains nothing and loses where a core
  is busy.
* R's crr with its variance is timed at {sizes} patients and extrapolated by the power of n between
  the last two.
* Decoding, the peer of counting on disk, is a sum of each column of files already in the page cache.
* The R loop over permutations of gene tests is timed at 100 of them and multiplied: each takes as long as
  the last. It computes a statistic of all genes at once, as samr does.
* Peers that are not installed are said to be absent. To have comprisk, install it into an environment of
  its own and name its interpreter: `--comprisk python`, or `REMISSION_COMPRISK=python make bench`.

"""


def main() -> None:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a tenth of the patients, 1% of the rows on disk"
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="nothing is written")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument(
        "--comprisk",
        metavar="PYTHON",
        default=os.environ.get("REMISSION_COMPRISK"),
        help="interpreter of an environment of its own that has comprisk",
    )
    options = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory(prefix="remission-bench-") as name:
        for row in _rows(options, Path(name)):
            print(plain([row]).splitlines()[1], flush=True)
            found.append(row)
    print("\n" + plain(found))
    if not options.quick and set(options.only) == set(PARTS):
        about = ABOUT.format(
            repeats=options.repeats, machine=_machine(), sizes=", ".join(map(str, models.CRR_SIZES))
        )
        (HERE / "RESULTS.md").write_text(about + markdown(found) + "\n", encoding="utf-8")


def _rows(options: argparse.Namespace, folder: Path) -> Iterator[Row]:
    n, on_disk = (100_000, 1_000_000) if options.quick else (1_000_000, 100_000_000)
    bench = Bench(folder / "cohort", options.comprisk)
    if {"curves", "cox", "finegray"} & set(options.only):
        write_cohort(bench.folder, n)
    parts = {
        "cold": lambda: cold.rows(options.repeats),
        "curves": lambda: curves.rows(bench, n, options.repeats, slow=not options.quick),
        "cox": lambda: models.cox(bench, n, min(options.repeats, 3), slow=not options.quick),
        "finegray": lambda: models.fine_gray(bench, folder, n, options.repeats, slow=not options.quick),
        "ondisk": lambda: ondisk.rows(folder, on_disk),
        "genes": lambda: genes.rows(folder, *((2_000, 1_000) if options.quick else (22_000, 10_000))),
    }
    try:
        for part in PARTS:
            if part in options.only:
                yield from parts[part]()
                bench.stop()
    finally:
        bench.stop()


def _machine() -> str:
    """Describe the class of machine, in words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{os.cpu_count()} virtual cores, {memory:.0f} GB of memory, {sys.platform}, Python {version}"


if __name__ == "__main__":
    main()
