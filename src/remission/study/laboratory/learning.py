"""Learning what [signature] of a study declares, without its other analyses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from remission.core.problems import Problem, StudyProblems
from remission.core.progress import Progress, silent
from remission.study.kinds import prediction
from remission.study.kinds.prediction_options import PredictionOptions
from remission.study.laboratory.signatures import Taught, file_name
from remission.study.prepare import prepare
from remission.study.results import Analysis
from remission.study.run import with_signatures
from remission.study.tables import to_csv


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """Signatures of a study, learned.

    Attributes
    ----------
    taught : Taught
    analysis : Analysis
        How well they predict, as `kind = "prediction"` says it.
    """

    taught: Taught
    analysis: Analysis

    def files(self) -> dict[str, bytes]:
        """What is written, by name: locked signatures, performance, genes, summary."""
        found = self.taught.files()
        outputs = {output.name: output.rows for output in self.analysis.outputs}
        for output, name in (("prediction", "performance.csv"), ("prediction_genes", "genes.csv")):
            rows = outputs[output]
            held = [column.name for column in rows if column.null_count() < rows.height]
            found[name] = to_csv(rows.select(held))
        found["summary.txt"] = f"{self.summary()}\n".encode()
        return found

    def summary(self) -> str:
        """Text for reading."""
        parts = [
            f"{learned.summary()}\n  Locked: {file_name(name)}.json, hash {learned.signature.hash}"
            for name, learned in self.taught.learned.items()
        ]
        return "\n\n".join([*parts, "Research use only. Not for decisions on patients."])


def learn(path: str | Path, *, data: str | Path | None = None, progress: Progress | None = None) -> Lesson:
    """Learn the signatures a study declares, from its first cohort.

    Parameters
    ----------
    path : str or Path
        The study file.
    data : str or Path, optional
        The file of patients, when it is not the one that [cohort] names.
    progress : callable, optional
        `progress(what, done, total)`.

    Raises
    ------
    StudyProblems
        With every problem of the study; if it declares no signature, or only locked ones.
    """
    tell = progress or silent
    tell("Reading and checking", 0, 1)
    prepared = prepare(path, data=data)
    declared = prepared.signature
    if declared is None or declared.locked:
        message = "the study has no signature" if declared is None else "the study reads locked signatures"
        repair = "Add a [signature] table that says what is learned; nothing is learned without one."
        raise StudyProblems(prepared.text.places.locate([Problem("signature", message, repair)]))
    # The second cohort stays: which genes it has decides what is learned, here as when the study is run.
    context = with_signatures(prepared, tell).context
    laboratory = context.laboratory
    if laboratory is None or laboratory.taught is None:
        raise AssertionError("learned before")
    return Lesson(laboratory.taught, prediction.run(context, PredictionOptions(), "signature learn"))
