"""What a signature file holds: strict, versioned, checked by its own hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator

FORMAT, VERSION = "remission signature", 1
MIDDLE, FAR = (0.1, 0.9), 0.975
"""Quantiles of the learning patients by which others are told apart."""
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Strict(BaseModel):
    """Nothing unknown, nothing converted, nothing changed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Predicts(Strict):
    """What the score is of."""

    drug: str
    task: Literal["class", "value", "survival"]
    positive: str
    negative: str
    unit: str


class Weights(Strict):
    """The score: intercept + sum of weight × (value - centre) / spread over genes."""

    genes: list[str]
    weights: list[FiniteFloat]
    centre: list[FiniteFloat]
    spread: list[Positive]
    lowest: list[FiniteFloat]
    highest: list[FiniteFloat]
    intercept: FiniteFloat

    @model_validator(mode="after")
    def _fit_together(self) -> Weights:
        lengths = {len(getattr(self, name)) for name in type(self).model_fields if name != "intercept"}
        if len(lengths) > 1 or len(set(self.genes)) < len(self.genes):
            message = "one weight, centre, spread, lowest and highest value per gene, each gene once"
            raise ValueError(message)
        return self


class Committee(Strict):
    """Refits on four fifths of the patients: their spread tells how sure a score is."""

    genes: list[str]
    centre: list[FiniteFloat]
    spread: list[Positive]
    weights: list[list[FiniteFloat]]
    intercepts: list[FiniteFloat]
    factor: Positive

    @model_validator(mode="after")
    def _fit_together(self) -> Committee:
        widths = {len(row) for row in self.weights} | {len(self.centre), len(self.spread)}
        if widths != {len(self.genes)} or len(self.weights) != len(self.intercepts):
            message = "one weight per gene of the committee and one intercept per member"
            raise ValueError(message)
        return self


class Missing(Strict):
    """When a patient is scored in spite of missing genes."""

    least_weight: Share
    least_count: Share
    least_reference: Share
    imputation: Literal["mean of the learning patients"]

    def satisfied(self, weight: float, count: float, reference: float) -> bool:
        """Whether this coverage, of weight, genes and genes of the scale, is enough."""
        return weight >= self.least_weight and count >= self.least_count and reference >= self.least_reference


class Calibrated(Strict):
    """From score to probability: log odds = intercept + slope × score."""

    intercept: FiniteFloat
    slope: FiniteFloat
    variance: list[list[FiniteFloat]]
    learned_on: str


class CutOffs(Strict):
    """Calls of a class from this probability on; groups of a score from these values on."""

    probability: Share | None
    groups: list[FiniteFloat]
    names: list[str]

    @model_validator(mode="after")
    def _fit_together(self) -> CutOffs:
        if len(self.names) != len(self.groups) + 1 or sorted(set(self.groups)) != self.groups:
            message = "cut-offs rise, and there is one name more than cut-offs"
            raise ValueError(message)
        return self


class Seen(Strict):
    """What the learning patients looked like: of their out-of-fold scores and of their distances."""

    score_quantiles: list[FiniteFloat]
    distance_quantiles: list[FiniteFloat]
    quantiles: list[Share]

    @model_validator(mode="after")
    def _fit_together(self) -> Seen:
        lengths = {len(self.score_quantiles), len(self.distance_quantiles), len(self.quantiles)}
        if len(lengths) > 1 or not {*MIDDLE, 0.5, FAR} <= set(self.quantiles):
            message = (
                f"one score and one distance per quantile, among them {MIDDLE[0]}, 0.5, {MIDDLE[1]}, {FAR}"
            )
            raise ValueError(message)
        return self

    def score_at(self, quantile: float) -> float:
        """Out-of-fold score below which this share of the learning patients lay."""
        return self.score_quantiles[self.quantiles.index(quantile)]

    @property
    def score_spread(self) -> float:
        """Standard deviation of the scores, by their middle 80 %: over that of a standard normal variable."""
        low, high = (self.score_at(quantile) for quantile in MIDDLE)
        return (high - low) / 2.5631031310892007

    @property
    def far(self) -> float:
        """Distance beyond which 2.5 % of the learning patients lay."""
        return self.distance_quantiles[self.quantiles.index(FAR)]


class Measure(Strict):
    """One measure of performance."""

    measure: str
    estimate: float | None
    low: float | None
    high: float | None
    n: int


class Performance(Strict):
    """Out of fold, on the learning patients, before locking."""

    measures: list[Measure]
    residual: float | None
    p: float | None
    permutations: int
    stability: float | None
    covers: str


class Training(Strict):
    """Where the signature comes from."""

    n: int
    events: int
    expression_hash: str
    response_hash: str
    source: str
    scale: str
    model: str
    setting: str
    setting_value: float
    size: int
    sizes: list[int]
    select: str
    folds: int
    repeats: int
    inner_folds: int
    seed: int
    created: str
    software: dict[str, str]
    notes: list[str]


class Parent(Strict):
    """The file this one was recalibrated from, and on whom."""

    hash: str
    n: int
    source: str
    created: str


class File(Strict):
    """A signature file."""

    format: Literal["remission signature"]
    version: Literal[1]
    name: str
    use: str
    predicts: Predicts
    score: Weights
    committee: Committee
    reference: dict[str, Any]
    missing: Missing
    calibration: Calibrated | None
    cutoffs: CutOffs
    seen: Seen
    performance: Performance
    training: Training
    parent: Parent | None


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one way to write a content: sorted keys, no blanks, shortest numbers, UTF-8; without its hash."""
    kept = {key: value for key, value in content.items() if key != "hash"}
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def hash_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical text, in hexadecimal.

    Examples
    --------
    >>> hash_of({"b": 1, "a": 2.5, "hash": "x"}) == hash_of({"a": 2.5, "b": 1})
    True
    """
    return hashlib.sha256(canonical(content)).hexdigest()
