"""The whole way: a study file in, results and report out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from remission.core.progress import Progress

if TYPE_CHECKING:
    from remission.study.results import Results


def run(
    path: str | Path,
    out: str | Path | None = None,
    *,
    data: str | Path | None = None,
    progress: Progress | None = None,
) -> Results:
    """Run a study; with `out`, also write the report, figures, tables and results there.

    Parameters
    ----------
    path : str or Path
        The study file.
    out : str or Path, optional
        Folder for the results. Every run gets a folder of its own in it, and one pointer is put on the newest
        when it is complete, so that a reader sees the old results or the new, never a mixture.
    data : str or Path, optional
        The file of patients, when it is not the one that [cohort] names.
    progress : callable, optional
        `progress(what, done, total)`.

    Returns
    -------
    Results
        Frozen, without patient rows.

    Raises
    ------
    StudyProblems
        With every problem of file, data, endpoints, analyses and folder; nothing was computed or written.
    """
    from remission.study.folder import publish, refuse_foreign  # noqa: PLC0415 - loaded when first needed
    from remission.study.run import run as run_study  # noqa: PLC0415

    if out is None:
        return run_study(path, data=data, progress=progress)
    folder = Path(out)
    refuse_foreign(folder)
    results = run_study(path, data=data, progress=progress)

    def write(place: Path) -> None:
        from remission.report import write as write_report  # noqa: PLC0415
        from remission.study.store import write_results  # noqa: PLC0415

        write_results(results, place)
        write_report(results, place, progress=progress)

    publish(folder, run_name(results), write)
    return results


def run_name(results: Results) -> str:
    """Name a run by when it was and what it read: `20260131T091500Z-1f0c9a2b`.

    Runs of one study file on the same data end alike.
    """
    import hashlib  # noqa: PLC0415

    came_from = results.provenance
    what = hashlib.sha256(f"{came_from.study_sha256}{came_from.data_sha256}".encode()).hexdigest()[:8]
    return f"{came_from.started.replace('-', '').replace(':', '')}-{what}"
