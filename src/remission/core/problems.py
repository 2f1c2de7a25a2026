"""What is wrong with the input, told completely and with the repair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

IDS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that must be repaired before anything is computed.

    Attributes
    ----------
    where : str
        Key path of the study file (`columns.age.levels`) or `file: column`.
    message : str
        What is wrong, in words a clinician would use.
    repair : str
        What to do about it, as an instruction.
    ids : tuple of str
        Patients (or file rows, as "row 17") concerned; empty when the problem is not about rows.
    line : int or None
        Line of the study file, counted from 1.

    Examples
    --------
    >>> print(Problem("ankl.csv: relapse_date", "before transplant_date", "Correct the dates.", ("12", "40")))
    ankl.csv: relapse_date: before transplant_date (ids 12, 40). Correct the dates.
    """

    where: str
    message: str
    repair: str
    ids: tuple[str, ...] = ()
    line: int | None = None

    def __str__(self) -> str:
        place = f"line {self.line}, {self.where}" if self.line is not None else self.where
        return f"{place}: {self.message}{shown_ids(self.ids)}. {self.repair}"


def shown_ids(ids: tuple[str, ...]) -> str:
    """` (ids 1, 2, 3 and 9 more)`, ` (row 17)`, or nothing."""
    if not ids:
        return ""
    named = all(name.startswith(("row ", "plate ")) for name in ids)
    word = "" if named else "id " if len(ids) == 1 else "ids "
    return f" ({word}{shown(ids)})"


def shown(names: Sequence[str], most: int = IDS_SHOWN) -> str:
    """The first names, and how many more.

    Examples
    --------
    >>> shown(["TP53", "MYC"]), shown(["TP53", "MYC", "MCL1"], 1)
    ('TP53, MYC', 'TP53 and 2 more')
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


class StudyProblems(Exception):  # noqa: N818 - the word of the field, not "Error": a study with problems is ordinary
    """Every problem found in a study and its data, at once. Nothing was computed or written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InputError(ValueError):
    """A wrong argument of a Python call; the message says which, why, and the mend."""


def problem_of(error: InputError, where: str, otherwise: str) -> Problem:
    """What a call refused, as a problem of the study: its first sentence, and the rest as the repair.

    Parameters
    ----------
    error : InputError
    where : str
        Key path of the study file.
    otherwise : str
        The repair, where the error says none.

    Examples
    --------
    >>> print(problem_of(InputError("no drug was tested. Add [response]."), "signature", "Correct it."))
    signature: no drug was tested. Add [response].
    >>> print(problem_of(InputError("no drug was tested"), "signature", "Correct it."))
    signature: no drug was tested. Correct it.
    """
    message, _, repair = str(error).partition(". ")
    return Problem(where, message.rstrip("."), repair or otherwise)
