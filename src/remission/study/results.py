"""What a study computed: frozen, without patient rows, with one vocabulary and full provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from remission.cohort.cohort import FlowStep

if TYPE_CHECKING:
    import polars as pl

Fact = str | int | float | bool | None | tuple["Fact", ...] | Mapping[str, "Fact"]
Severity = Literal["note", "warning", "guard"]


@dataclass(frozen=True, slots=True)
class Statement:
    """Something to be said in words, looked up by name on floor 4: a finding, or a methods sentence."""

    name: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    severity: Severity = "note"


@dataclass(frozen=True, slots=True, eq=False)
class Output:
    """One table of numbers and what its look needs.

    `variant` tells apart outputs of one name: "" the answer, "naive" the biased analysis shown on request,
    "landmark" the remedy the guard ran.
    """

    name: str
    rows: pl.DataFrame
    facts: Mapping[str, Fact] = field(default_factory=dict)
    variant: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """One [[analysis]] of the study file, done; `cohort` names the second cohort where it is of that.

    `attachments` are files too large for results, by name (tables of all genes): they go with `Results`, and
    are not read back. The fact `files` of an output may name them.
    """

    name: str
    kind: str
    title: str
    outputs: tuple[Output, ...]
    findings: tuple[Statement, ...] = ()
    methods: tuple[Statement, ...] = ()
    cohort: str = ""
    attachments: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers come from: hashes, versions, seed, when; enough to repeat the run.

    `files` are further files that were read, each with the SHA-256 of its bytes.
    """

    data: str
    data_sha256: str
    data_rows: int
    study: str
    study_sha256: str
    versions: Mapping[str, str]
    seed: int
    started: str
    notes: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class EndpointSummary:
    """An endpoint as it was used: definition in words, how many contributed, its own exclusions."""

    name: str
    label: str
    definition: str
    n: int
    events: Mapping[str, int]
    flow: tuple[FlowStep, ...]


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A protocol or score by which a column of the study was made.

    `kind` is "protocol" or "score"; `unchecked` says that some of it is from memory of the source.
    """

    label: str
    kind: str
    title: str
    version: str
    citations: tuple[str, ...] = ()
    unchecked: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class OtherCohort:
    """A second cohort of the study: its file, who was left out, and its endpoints."""

    label: str
    data: str
    data_sha256: str
    data_rows: int
    flow: tuple[FlowStep, ...]
    endpoints: tuple[EndpointSummary, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """All analyses of a study. No patient rows.

    `flow` begins with all rows of the file (nobody excluded) and ends with the included patients.
    `attachments` are files that go with the results, by name (locked signatures); they are written beside
    results.json, not in it.
    """

    title: str
    question: str
    simulated: bool
    flow: tuple[FlowStep, ...]
    endpoints: tuple[EndpointSummary, ...]
    analyses: tuple[Analysis, ...]
    provenance: Provenance
    authors: tuple[str, ...] = ()
    validation: OtherCohort | None = None
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    rules: tuple[RuleUse, ...] = ()

    def rows(self) -> pl.DataFrame:
        """Every result row of every analysis, in the columns of `remission.core.vocabulary`."""
        import polars as pl  # noqa: PLC0415

        from remission.core.vocabulary import result_rows  # noqa: PLC0415

        frames = [output.rows for analysis in self.analyses for output in analysis.outputs]
        return pl.concat(frames) if frames else result_rows({}).clear()
