"""The folder of results: every run complete in a folder of its own, and one pointer to the newest.

    results/
        runs/20260131T091500Z-1f0c9a2b/   one run: report, figures, tables, results.json
        latest -> runs/2026...            the pointer, replaced in one step
        report.html -> latest/report.html, and so on: made once, never touched again

A kill at any moment leaves the pointer on the old run or on the new one. What it leaves unfinished is cleaned
away by the next run. Where the system has no links, `latest.html` is the pointer and opens the newest report.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from remission.core.atomic import push_names, push_to_disk
from remission.core.problems import Problem, StudyProblems
from remission.study.claim import Claim

RUNS, LATEST, PAGE = "runs", "latest", "latest.html"
FACES = ("report.html", "report.docx", "results.json", "rows.csv", "rows.parquet", "figures", "tables")
ATTACHED = ("signatures", "genes")
"""Folders of attachments: linked where a run has them, unless something else has the name."""
_UNFINISHED, _LOCK = ".unfinished-", ".lock"
_MARK = "<!-- remission: opens the newest report -->"


def refuse_foreign(out: Path) -> None:
    """Make sure that results can be put into a folder without touching anything of others.

    Raises
    ------
    StudyProblems
        If it is a file, cannot be written, or holds things of others under names that results need.
    """
    problem = _not_ours(out)
    if problem is not None:
        raise StudyProblems([problem])


def publish(out: Path, name: str, write: Callable[[Path], None]) -> Path:
    """Write a run completely, then make it the newest.

    Parameters
    ----------
    out : Path
        The folder of results; made if it is not there.
    name : str
        Name of the run; a number is added if there is one of that name.
    write : callable
        Writes everything into the folder it is given.

    Returns
    -------
    Path
        The folder of the run.

    Raises
    ------
    StudyProblems
        If the folder holds things of others; nothing is written then.
    """
    refuse_foreign(out)
    runs = out / RUNS
    runs.mkdir(parents=True, exist_ok=True)
    clean(out)
    token = secrets.token_hex(6)
    unfinished = runs / f"{_UNFINISHED}{token}"
    lock = runs / f"{_UNFINISHED}{token}{_LOCK}"
    claim = Claim.take(lock)
    try:
        unfinished.mkdir()
        write(unfinished)
        push_to_disk(unfinished)
        run = _put(unfinished, runs, name)
        _point(out, run.name, token)
        push_names(runs)
        push_names(out)
        return run
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        if claim is not None:
            claim.release()
        lock.unlink(missing_ok=True)


def clean(out: Path) -> None:
    """Remove what killed runs left; runs still going on are not touched."""
    runs = out / RUNS
    for lock in runs.glob(f"{_UNFINISHED}*{_LOCK}"):
        claim = Claim.take(lock)
        if claim is None:
            continue
        token = lock.name.removeprefix(_UNFINISHED).removesuffix(_LOCK)
        shutil.rmtree(runs / f"{_UNFINISHED}{token}", ignore_errors=True)
        _pointer_beside(out, token).unlink(missing_ok=True)
        claim.release()


def newest(out: Path) -> Path | None:
    """Return the folder of the newest run, or None.

    Parameters
    ----------
    out : Path
        The folder of results.
    """
    pointer, page = out / LATEST, out / PAGE
    if pointer.is_symlink() and pointer.is_dir():
        return pointer.resolve()
    if page.is_file():
        words = page.read_text(encoding="utf-8").split("<!-- run: ", 1)
        run = out / RUNS / words[1].split(" -->", 1)[0] if len(words) == 2 else out
        return run if run.is_dir() and run != out else None
    return None


def _not_ours(out: Path) -> Problem | None:
    """Return what stands in the way of writing results into a folder."""
    where = str(out)
    if out.exists() and not out.is_dir():
        return Problem(where, "this is a file, not a folder", "Name a folder for the results (--out).")
    file = next((part for part in out.resolve().parents if part.exists() and not part.is_dir()), None)
    if file is not None:
        return Problem(where, f"{file.name} is a file, not a folder", "Name another folder (--out).")
    nearest = next(folder for folder in (out, *out.resolve().parents) if folder.is_dir())
    if not os.access(nearest, os.W_OK):
        return Problem(where, "you may not write here", "Name another folder for the results (--out).")
    wanted = {LATEST: RUNS, **dict.fromkeys(FACES, LATEST)}
    foreign = [name for name, first in wanted.items() if not _free_or_link(out / name, first)]
    if os.path.lexists(out / RUNS) and (not (out / RUNS).is_dir() or (out / RUNS).is_symlink()):
        foreign.append(RUNS)
    page = out / PAGE
    if os.path.lexists(page) and not (
        page.is_file() and _MARK in page.read_text(encoding="utf-8", errors="replace")
    ):
        foreign.append(PAGE)
    if not foreign:
        return None
    listed = ", ".join(foreign)
    message = f"this folder holds things that are not from here, under names the results need: {listed}"
    return Problem(where, message, "Name an empty folder for the results (--out), or move them away.")


def _free_or_link(path: Path, first: str) -> bool:
    """Whether there is nothing of that name, or a link made here: into the folder `first` beside it."""
    if not os.path.lexists(path):
        return True
    if not path.is_symlink():
        return False
    target = path.readlink()
    return not target.is_absolute() and target.parts[:1] == (first,) and len(target.parts) == 2


def _put(unfinished: Path, runs: Path, name: str) -> Path:
    """Give the finished run its name."""
    number = 1
    while True:
        run = runs / (name if number == 1 else f"{name}-{number}")
        try:
            if not run.exists():
                return unfinished.rename(run)
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise
        number += 1


def _point(out: Path, run: str, token: str) -> None:
    """Make a run the newest, in one step; the names that lead through the pointer are there before it."""
    beside = _pointer_beside(out, token)
    try:
        there = [name for name in ATTACHED if (out / RUNS / run / name).is_dir()]
        for face in (*FACES, *there):
            if not os.path.lexists(out / face):
                _link(out / face, Path(LATEST) / face)
        beside.symlink_to(Path(RUNS) / run, target_is_directory=True)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        _write_page(beside, run)
        beside.replace(out / PAGE)
        return
    beside.replace(out / LATEST)


def _link(path: Path, target: Path) -> None:
    """Make a link, unless another run just did."""
    try:
        path.symlink_to(target, target_is_directory=not target.suffix)
    except FileExistsError:
        return


def _write_page(path: Path, run: str) -> None:
    """Write the page that opens the newest report, where there are no links."""
    address = quote(f"{RUNS}/{run}/report.html")
    page = (
        f'<!doctype html>\n{_MARK}\n<!-- run: {run} -->\n<meta charset="utf-8">\n'
        f'<meta http-equiv="refresh" content="0; url={address}">\n<title>Newest report</title>\n'
        f'<a href="{address}">Newest report</a>\n'
    )
    path.write_text(page, encoding="utf-8")
    push_names(path)


def _pointer_beside(out: Path, token: str) -> Path:
    """Return the name a pointer has before it is put in place."""
    return out / f".{LATEST}-{token}"
