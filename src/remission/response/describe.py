"""How curves were made, in words for a methods section."""

from __future__ import annotations

from remission.response.classes import Classified
from remission.response.crossing import LC50
from remission.response.responses import DoseResponses

_PIETERS = (
    "Pieters R, et al. In vitro drug sensitivity of cells from children with leukemia using the MTT assay "
    "with improved culture conditions. Blood 1990;76:2327-36."
)
_BROWN = (
    "Brown BW, Hollander M, Korwar RM. Nonparametric tests of independence for censored data, with "
    "applications to heart transplant studies. In: Reliability and Biometry. SIAM 1974:327-54."
)
_SIGNAL = (
    "Leukaemic-cell survival is the net reading of the treated wells over the mean net reading of the "
    "control wells of the same plate, times 100; net is less the mean of the blank wells. Replicates are "
    "averaged. Survival is cut neither at 0 nor at 100%."
)
_GIVEN = "Survival was given in per cent of the control and taken as it is. Replicates are averaged."
_FIT = (
    "Beside it a four-parameter logistic curve is fitted to the wells by least squares. Its limits are from "
    "the t distribution on log dose and do not hold the error of the controls, which all wells of a plate "
    "share. The area is the mean survival over the tested log doses."
)
_CROSS = (
    "Cross-resistance is Kendall's tau over pairs of patients of whom it is certain which LC50 is the "
    "higher; uncertain pairs count as ties, which pulls it towards 0. Limits are by jackknife on Fisher's z."
)
_SURE = {"memory": " (from memory of the source)", "own": " (a convention)", "unsure": " (an example)"}


def methods_of(found: DoseResponses, classes: Classified | None, cross: bool) -> tuple[str, ...]:  # noqa: FBT001
    """Say how survival, LC50, fits, quality, classes and cross-resistance were computed."""
    told = [_SIGNAL if found.wells.measured == "signal" else _GIVEN]
    example = next((curve.lc50 for curve in found.curves if curve.lc50 is not None), None)
    if example is not None:
        told.append(_reading_of(example))
    told.append(_FIT)
    rules = found.quality
    listed = "; ".join(
        f"{limit.words or name}: {limit.limit:g}{_SURE.get(limit.mark, '')}"
        for name, limit in rules.limits.items()
    )
    told.append(f"Quality rules {rules.name}, version {rules.version}: {listed}.")
    told += list(rules.notes)
    if classes is not None and classes.frame.height:
        method = classes.frame["method"][0]
        told.append(f"Classes: {method}. A censored LC50 has a class only if all it may be lies in it.")
    if cross:
        told.append(_CROSS)
    return tuple(told)


def _reading_of(example: LC50) -> str:
    """How the lethal concentration was read."""
    name = f"LC{100 - example.at:g}"
    dose = "log dose" if example.scale == "log" else "dose"
    return (
        f"The {name} is the dose with {example.at:g}% survival, interpolated linearly on {dose} between the "
        f"two doses around the {example.rule} crossing. Where survival stays above {example.at:g}% at the "
        f"highest dose, or is below it at the lowest, the {name} lies beyond the tested doses; "
        "nothing is extrapolated."
    )


def references_of(found: DoseResponses) -> tuple[str, ...]:
    """Sources, each once."""
    own = tuple(source.citation for source in found.quality.source)
    return tuple(dict.fromkeys((*own, _PIETERS, _BROWN)))
