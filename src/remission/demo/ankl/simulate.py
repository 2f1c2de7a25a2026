"""From the declared model to the bundled file: one deterministic function of the model and its seeds."""

from __future__ import annotations

from remission.demo.ankl.course import draw_early, draw_late, draw_survivors
from remission.demo.ankl.details import draw_background, draw_complications
from remission.demo.ankl.model import Model
from remission.demo.ankl.registry import COLUMNS, included_rows, other_rows, with_gaps
from remission.demo.draws import Draws
from remission.demo.rows import as_csv


def simulate(model: Model) -> bytes:
    """Simulate the registry file of a model, as UTF-8 CSV.

    The same model gives the same bytes on every machine. Five stages, each with its seed and each
    conditional on those before it: the late courses of those alive at 1 year; who they are; whose late
    course is whose; relapse, death and remission in the first year; everything else.

    Raises
    ------
    ValueError
        If the seeds contradict the fixed counts: too few patients without response live, free of
        progression, until remission can be seen. `remission.demo.ankl.calibrate` finds seeds that do not.

    Examples
    --------
    >>> from remission.demo.ankl.model import ANKL
    >>> simulate(ANKL).decode().count("SIM-")
    66
    """
    late = draw_late(model)
    course = draw_early(model, late, draw_survivors(model))
    if course is None:
        message = "with these seeds too few patients without response reach remission after transplantation"
        raise ValueError(message)
    draws = Draws(model.seeds.details)
    background = draw_background(model, course, draws)
    complications = draw_complications(model, course, draws)
    rows = with_gaps(included_rows(model, course, background, complications), draws)
    return as_csv(COLUMNS, [*rows, *other_rows(model, draws)], by="transplant_date")
