"""From the declared model to the bundled file: one deterministic function of the model and its seeds."""

from __future__ import annotations

from remission.demo.draws import Draws
from remission.demo.infant.course import draw_courses, draw_survival
from remission.demo.infant.details import draw_details
from remission.demo.infant.file import COLUMNS, infant_rows, other_rows
from remission.demo.infant.infants import draw_infants
from remission.demo.infant.model import Model
from remission.demo.rows import as_csv


def simulate(model: Model) -> bytes:
    """Simulate the trial's file of a model, as UTF-8 CSV.

    The same model gives the same bytes on every machine. Six stages, each with its seed and each conditional
    on those before it: the infants and their answer to treatment; the course of each of the three risk groups
    up to the first event; death after it; everything else.

    Examples
    --------
    >>> from remission.demo.infant.model import INFANT
    >>> simulate(INFANT).decode().count("SIM-")
    94
    """
    course = draw_courses(model, draw_infants(model))
    survival = draw_survival(model, course)
    details = draw_details(model, course, survival)
    rows = infant_rows(model, course, survival, details)
    others = other_rows(model, Draws(model.seeds.details + 1))
    return as_csv(COLUMNS, [*rows, *others], by="registration_date")
