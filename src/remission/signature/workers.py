"""The same work on many resamples, in parallel, each worker on one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from typing import Any, TypeVar

from remission.core.problems import InputError
from remission.core.progress import Progress

Task = TypeVar("Task")
Answer = TypeVar("Answer")

EXTRA = 'learning signatures needs scikit-learn and joblib. Install them: pip install "remission[signature]"'


def need_learning() -> None:
    """Refuse in plain words where the extra is not installed.

    Raises
    ------
    InputError
        With what to install.
    """
    if any(find_spec(name) is None for name in ("joblib", "sklearn")):
        raise InputError(EXTRA)


def spread(
    work: Callable[[Task], Answer],
    tasks: Sequence[Task],
    *,
    jobs: int = 1,
    what: str = "",
    progress: Progress | None = None,
) -> list[Answer]:
    """Answers of `work` for every task, in their order, whatever the number of workers.

    Every worker has its BLAS pinned to one thread: two that fight for the cores are slower than one.

    Parameters
    ----------
    work : callable
        A function of a module, or `functools.partial` of one; large arrays in it are shared, not copied.
    jobs : int
        Processes; 1 stays in this one, -1 takes all cores.
    progress : callable (what, done, total), optional
        Called as answers come.
    """
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    answers: list[Answer] = []

    def collect(found: Iterable[Any]) -> None:
        for answer in found:
            answers.append(answer)
            if progress is not None:
                progress(what, len(answers), len(tasks))

    if jobs == 1 or len(tasks) < 2:
        with threadpool_limits(1):
            collect(work(task) for task in tasks)
        return answers
    from joblib import Parallel, delayed, parallel_config  # noqa: PLC0415

    with parallel_config(backend="loky", n_jobs=jobs, inner_max_num_threads=1):
        collect(Parallel(return_as="generator", batch_size=1)(delayed(work)(task) for task in tasks))
    return answers
