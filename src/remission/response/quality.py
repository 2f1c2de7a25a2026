"""Rules that plates and curves must pass, as data; and their judgement in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field

from remission.cohort.declare import Declaration
from remission.response.tomlfiles import declared

Mark = Literal["checked", "derived", "memory", "unsure", "own"]


class Source(Declaration):
    """Where rules are from."""

    citation: str
    mark: Mark = "own"


class Limit(Declaration):
    """One limit, and how sure it is."""

    model_config = ConfigDict(allow_inf_nan=False)
    limit: float = Field(ge=0)
    mark: Mark = "own"
    words: str = ""


class ReplicateLimit(Limit):
    """A limit of the spread of replicates, judged where survival is high enough to have one."""

    from_survival: float = Field(25.0, ge=0)
    doses_allowed: int = Field(0, ge=0)


class QualityRules(Declaration):
    """What plates and curves must pass; an absent rule is not judged."""

    name: str
    title: str
    version: str
    notes: tuple[str, ...] = ()
    control_net_signal: Limit | None = None
    leukaemic_cells: Limit | None = None
    control_cv: Limit | None = None
    controls: Limit | None = None
    doses: Limit | None = None
    replicate_cv: ReplicateLimit | None = None
    source: tuple[Source, ...] = ()

    @property
    def limits(self) -> Mapping[str, Limit]:
        """The rules that are judged, by name."""
        names = (
            "control_net_signal",
            "leukaemic_cells",
            "control_cv",
            "controls",
            "doses",
            "replicate_cv",
        )
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


def quality_rules(name: str | Path | QualityRules = "mtt") -> QualityRules:
    """Look up quality rules: "mtt" or "counts", or the path of a TOML file of your own.

    Raises
    ------
    StudyProblems
        If the file is not understood.
    InputError
        If there is no such file.

    Examples
    --------
    >>> quality_rules("mtt").control_net_signal.limit
    0.05
    """
    if isinstance(name, QualityRules):
        return name
    return declared(QualityRules, name, "quality_rules", "set of quality rules")


def judge_plate(rules: QualityRules, plate: Mapping[str, Any]) -> tuple[str, ...]:
    """Say why the controls of a patient on a plate do not pass; nothing if they do.

    Parameters
    ----------
    rules : QualityRules
    plate : mapping
        controls, control_mean (net), control_cv, leukaemic.
    """
    reasons = []
    mean = plate["control_mean"]
    if mean <= 0:
        return (f"net control signal {mean:.3g} is not above the blanks",)
    least = rules.control_net_signal
    if least is not None and mean < least.limit:
        reasons.append(f"net control signal {mean:.3g} is below {least.limit:g}")
    if rules.controls is not None and plate["controls"] < rules.controls.limit:
        reasons.append(f"{plate['controls']} control wells, of {rules.controls.limit:g} needed")
    spread = plate["control_cv"]
    if rules.control_cv is not None and spread is not None and spread > rules.control_cv.limit:
        reasons.append(f"CV of the controls {spread:.0f} % is above {rules.control_cv.limit:g} %")
    cells = plate["leukaemic"]
    if rules.leukaemic_cells is not None and cells is not None and cells < rules.leukaemic_cells.limit:
        reasons.append(f"{cells:.0f} % leukaemic cells, below {rules.leukaemic_cells.limit:g} %")
    return tuple(reasons)


def judge_curve(rules: QualityRules, points: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Say why a curve does not pass.

    Parameters
    ----------
    rules : QualityRules
    points : sequence of mappings
        dose, wells, survival (mean), cv.
    """
    reasons = []
    if rules.doses is not None and len(points) < rules.doses.limit:
        reasons.append(
            f"{len(points)} dose{'s' if len(points) != 1 else ''}, of {rules.doses.limit:g} needed"
        )
    rule = rules.replicate_cv
    if rule is not None:
        wide = [
            point
            for point in points
            if point["cv"] is not None
            and point["survival"] >= rule.from_survival
            and point["cv"] > rule.limit
        ]
        if len(wide) > rule.doses_allowed:
            doses = ", ".join(f"{point['dose']:g}" for point in wide)
            reasons.append(f"CV of replicates above {rule.limit:g} % at the doses {doses}")
    return tuple(reasons)
