"""Scores over drugs: 1, 2 or 3 points for sensitive, intermediate and resistant, added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from remission.core.problems import InputError
from remission.response.classes import Classified

if TYPE_CHECKING:
    from remission.rules.scoring import Scored

POINTS = {"sensitive": 1, "intermediate": 2, "resistant": 3}
FOUR_DRUGS = ("prednisolone", "vincristine", "asparaginase", "daunorubicin")
_PVA = FOUR_DRUGS[:3]


def drug_score(classified: Classified, drugs: Sequence[str] = FOUR_DRUGS) -> pl.DataFrame:
    """Add the points of several drugs: 1 sensitive, 2 intermediate, 3 resistant.

    A class that is not known is not left out: the score is then the range that its possible classes leave (1
    to 3 where there is no passing curve). There are no published groups for the score of four drugs; none are
    made up.

    Parameters
    ----------
    classified : Classified
    drugs : sequence of str
        Their names in the data; upper and lower case are alike.

    Returns
    -------
    polars.DataFrame
        patient, value (null where open), lowest, highest, missing (drugs without a class).

    Raises
    ------
    InputError
        If a drug is not among the classes.
    """
    names = _names(classified, drugs)
    rows = []
    possible = {
        (patient, drug): words
        for patient, drug, words in classified.frame.select("patient", "drug", "possible").rows()
    }
    for patient in classified.frame["patient"].unique(maintain_order=True).to_list():
        points = []
        missing = []
        for drug in names:
            words = [word for word in (possible.get((patient, drug)) or "").split(", ") if word]
            given = [POINTS[word] for word in words] or list(POINTS.values())
            points.append((min(given), max(given)))
            if len(given) > 1:
                missing.append(drug)
        lowest, highest = sum(low for low, _ in points), sum(high for _, high in points)
        rows.append((patient, lowest if lowest == highest else None, lowest, highest, ", ".join(missing)))
    schema = {"patient": pl.String, "value": pl.Int64, "lowest": pl.Int64, "highest": pl.Int64}
    return pl.DataFrame(rows, schema={**schema, "missing": pl.String}, orient="row")


def pva_score(classified: Classified, drugs: Mapping[str, str] | None = None) -> Scored:
    """Score prednisolone, vincristine and asparaginase by the score `pva` of the library, with its groups.

    Parameters
    ----------
    classified : Classified
    drugs : mapping, optional
        Input of the score = name of the drug in the data, where it is another one.

    Returns
    -------
    Scored
        As from `score_patients`: value, or the range that a class that is not known leaves.

    References
    ----------
    Den Boer et al., J Clin Oncol 2003.
    """
    from remission.rules.scoring import score_patients  # noqa: PLC0415

    names = dict(zip(_PVA, _names(classified, [(drugs or {}).get(each, each) for each in _PVA]), strict=True))
    wide = classified.wide()
    table = {"id": wide["patient"], **{each: wide[name].fill_null("unknown") for each, name in names.items()}}
    return score_patients(pl.DataFrame(table), "pva", id="id")


def _names(classified: Classified, drugs: Sequence[str]) -> list[str]:
    """Names of drugs as the data write them."""
    present = {name.casefold(): name for name in classified.frame["drug"].unique(maintain_order=True)}
    absent = [drug for drug in drugs if drug.casefold() not in present]
    if absent:
        raise InputError(f"there are no classes for {', '.join(absent)}.")
    return [present[drug.casefold()] for drug in drugs]
