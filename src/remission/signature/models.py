"""The models a signature may have: each gives linear scores along a grid of settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.signature.centroids import centroid_path
from remission.signature.elasticnet import linear_path, logistic_path
from remission.signature.target import Task

Floats = NDArray[np.float64]
ModelName = Literal["elastic net", "shrunken centroids", "linear svm", "mean z"]
Path = Callable[[Floats, Floats, Floats], Floats]
MIXING = 0.5
SHARES = (0.7, 0.5, 0.35, 0.25, 0.18, 0.12, 0.08, 0.05, 0.03)
THRESHOLDS = (0.8, 0.65, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0)
COSTS = (0.0001, 0.001, 0.01, 0.1)


@dataclass(frozen=True, slots=True)
class Model:
    """A model for one task.

    Attributes
    ----------
    name : str
    settings : tuple of float
        The grid, from the simplest.
    setting : str
        What it is.
    path : callable (x, y, strength) -> array (p + 1, settings)
        Weights of standardised genes, then the intercept. `strength` is the signed statistic of each gene.
    criterion : "deviance", "area", "error" or "concordance"
        By which inner folds choose.
    """

    name: ModelName
    settings: tuple[float, ...]
    setting: str
    path: Path
    criterion: Literal["deviance", "area", "error", "concordance"]


def model_of(name: str, task: Task) -> Model:
    """The model of a name for a task.

    Raises
    ------
    InputError
        If there is none; those there are, are told.
    """
    if task not in MODELS or name not in MODELS[task]:
        there = ", ".join(f'"{each}"' for each in MODELS.get(task, {}))
        raise InputError(f'for the task "{task}" the model must be one of {there}; it is {name!r}')
    return MODELS[task][name]


def _net(x: Floats, y: Floats, _: Floats) -> Floats:
    return logistic_path(x, y, SHARES, MIXING)


def _line(x: Floats, y: Floats, _: Floats) -> Floats:
    return linear_path(x, y, SHARES, MIXING)


def _centroids(x: Floats, y: Floats, _: Floats) -> Floats:
    return centroid_path(x, y, THRESHOLDS)


def _svm(x: Floats, y: Floats, _: Floats) -> Floats:
    """Maximal margin, both classes of the same weight."""
    from sklearn.svm import SVC  # noqa: PLC0415

    fits = [SVC(kernel="linear", C=cost, class_weight="balanced").fit(x, y) for cost in COSTS]
    return np.column_stack([np.append(fit.coef_[0], fit.intercept_[0]) for fit in fits])


def _svr(x: Floats, y: Floats, _: Floats) -> Floats:
    """Support vector regression of the standardised value."""
    from sklearn.svm import SVR  # noqa: PLC0415

    spread = float(y.std()) or 1.0
    fits = [SVR(kernel="linear", C=cost).fit(x, (y - y.mean()) / spread) for cost in COSTS]
    columns = [np.append(fit.coef_[0], fit.intercept_[0]) * spread for fit in fits]
    answer = np.column_stack(columns)
    answer[-1] += y.mean()
    return answer


def _mean_z(x: Floats, _: Floats, strength: Floats) -> Floats:
    """Mean of the genes, each turned so that more means more of the target."""
    return np.append(np.sign(strength) / x.shape[1], 0.0)[:, None]


def _mean_z_value(x: Floats, y: Floats, strength: Floats) -> Floats:
    """The same, put on the scale of the value by a straight line."""
    turned = np.sign(strength) / x.shape[1]
    mean = x @ turned
    around = mean - mean.mean()
    slope = float(around @ (y - y.mean())) / max(float(around @ around), 1e-12)
    return np.append(slope * turned, y.mean() - slope * mean.mean())[:, None]


_ONE = (0.0,)
MODELS: Mapping[str, Mapping[str, Model]] = {
    "class": {
        "elastic net": Model("elastic net", SHARES, "share of the largest penalty", _net, "deviance"),
        "shrunken centroids": Model(
            "shrunken centroids", THRESHOLDS, "share of the largest threshold", _centroids, "area"
        ),
        "linear svm": Model("linear svm", COSTS, "cost", _svm, "area"),
        "mean z": Model("mean z", _ONE, "none", _mean_z, "area"),
    },
    "value": {
        "elastic net": Model("elastic net", SHARES, "share of the largest penalty", _line, "error"),
        "linear svm": Model("linear svm", COSTS, "cost", _svr, "error"),
        "mean z": Model("mean z", _ONE, "none", _mean_z_value, "error"),
    },
    "survival": {"mean z": Model("mean z", _ONE, "none", _mean_z, "concordance")},
}
