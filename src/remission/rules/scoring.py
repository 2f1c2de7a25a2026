"""The score of every patient of a cohort."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from remission.core.problems import Problem, StudyProblems
from remission.rules.answers import answer_all
from remission.rules.library import ready_from
from remission.rules.library import score as find_score
from remission.rules.match import ColumnsSaid, unused
from remission.rules.patients import Rows, rows_of
from remission.rules.reading import Settings
from remission.rules.score import Score
from remission.rules.tally import Tally
from remission.rules.values import Values, read_values


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Values of one score.

    Attributes
    ----------
    score : Score
    frame : polars.DataFrame
        One row for each patient, in the order of the data: id, value (null where it is open or not defined),
        lowest, highest, group, possible, counted, not_computed, missing, undefined, perhaps_undefined, note.
    values : Values
        The inputs as they were read.
    """

    score: Score
    frame: pl.DataFrame
    values: Values

    def rows(self) -> pl.DataFrame:
        """The table of patients."""
        return self.frame

    def counts(self) -> pl.DataFrame:
        """How many patients have each value: value (as text; "not settled", "not defined"), n."""
        named = (
            pl.when(pl.col("value").is_not_null())
            .then(pl.col("value").cast(pl.String))
            .when(pl.col("undefined") != "")
            .then(pl.lit("not defined"))
            .otherwise(pl.lit("not settled"))
        )
        counted = self.frame.select(named.alias("value"), pl.col("value").alias("number"))
        return (
            counted.group_by("value", "number")
            .agg(pl.len().cast(pl.Int64).alias("n"))
            .sort("number", "value", nulls_last=True)
            .select("value", "n")
        )

    def explain(self, id: str) -> Tally:  # noqa: A002 - the field's word
        """Explain the value of one patient.

        Raises
        ------
        InputError
            If there is no such patient.
        """
        return self.score.tally(self.values.of_patient(self.frame["id"], id))


def score_patients(
    data: Any,
    score: str | Path | Score,
    *,
    columns: ColumnsSaid | None = None,
    settings: Settings | None = None,
    confirm: bool = False,
    id: str | None = None,  # noqa: A002 - the field's word
) -> Scored:
    """Score every patient; what is missing or not done is not zero, so the value may be a range.

    Parameters
    ----------
    data, columns, settings, confirm, id
        As in `stratify`.
    score : str, Path or Score
        A name that `remission protocols` lists, or the path of a TOML file of your own.

    Returns
    -------
    Scored

    Raises
    ------
    StudyProblems
        With everything in the data that cannot be.
    InputError
        If there is no such score or column.

    Examples
    --------
    >>> drugs = {"prednisolone": ["sensitive"], "vincristine": ["sensitive"], "asparaginase": ["not done"]}
    >>> score_patients(drugs, "pva").frame.select("value", "lowest", "highest").rows()
    [(None, 3, 5)]
    """
    ready = ready_from(score, Score, find_score, settings, confirm=confirm)
    scored, problems = score_rows(rows_of(data, id=id), ready, columns or {})
    problems = (*unused(columns or {}, [ready.inputs.declared]), *problems)
    if problems:
        raise StudyProblems(problems)
    return scored


def score_rows(rows: Rows, score: Score, columns: ColumnsSaid) -> tuple[Scored, tuple[Problem, ...]]:
    """Score rows, and every problem beside them: with problems, the values must not be used."""
    values, problems = read_values(rows, score.inputs, score.declared.check, columns)
    answers = answer_all(score.inputs, values, score.tally)
    text, whole = pl.String(), pl.Int64()
    frame = pl.DataFrame(
        [
            rows.ids.alias("id"),
            answers.column("value", lambda tally: tally.value, whole),
            answers.column("lowest", lambda tally: tally.lowest, whole),
            answers.column("highest", lambda tally: tally.highest, whole),
            answers.column("group", lambda tally: tally.group, text),
            answers.column("possible", lambda tally: ", ".join(tally.possible), text),
            answers.column("counted", lambda tally: "; ".join(map(str, tally.counted)), text),
            answers.column("not_computed", lambda tally: "; ".join(map(str, tally.open)), text),
            answers.column("missing", lambda tally: ", ".join(tally.missing), text),
            answers.column("undefined", lambda tally: tally.undefined, text),
            answers.column("perhaps_undefined", lambda tally: tally.maybe_undefined, text),
            answers.column("note", lambda tally: "; ".join(tally.assumed), text),
        ]
    )
    return Scored(score, frame, values), problems
