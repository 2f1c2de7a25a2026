"""From readings to survival: blanks subtracted, controls made 100 %, replicates averaged."""

from __future__ import annotations

import polars as pl

from remission.response.quality import QualityRules, judge_plate
from remission.response.wells import Wells

PLATE_COLUMNS = {
    "plate": pl.String,
    "patient": pl.String,
    "blanks": pl.Int64,
    "blank_mean": pl.Float64,
    "controls": pl.Int64,
    "control_mean": pl.Float64,
    "control_sd": pl.Float64,
    "control_cv": pl.Float64,
    "leukaemic": pl.Float64,
    "quality": pl.String,
    "reasons": pl.String,
}


def plate_table(wells: Wells, rules: QualityRules, *, blanks: str = "wells") -> pl.DataFrame:
    """Controls of every patient on every plate, net of blanks, with what the rules say of them.

    Controls and blanks without a patient serve all of their plate; a patient's own controls go before them.
    CV is the standard deviation (n - 1) of the control readings over their net mean, per cent.

    Returns
    -------
    polars.DataFrame
        `PLATE_COLUMNS`; empty where survival was given.
    """
    if wells.measured == "survival":
        return pl.DataFrame(schema=PLATE_COLUMNS)
    frame = wells.frame
    pairs = frame.filter(pl.col("role") == "treated").select("plate", "patient").unique(maintain_order=True)
    blank = _summary(frame.filter(pl.col("role") == "blank"), ["plate"], "blank")
    controls = frame.filter(pl.col("role") == "control")
    own = _summary(controls.filter(pl.col("patient").is_not_null()), ["plate", "patient"], "own")
    shared = _summary(controls.filter(pl.col("patient").is_null()), ["plate"], "shared")
    cells = frame.group_by("plate", "patient").agg(pl.col("leukaemic").mean())
    common = cells.filter(pl.col("patient").is_null()).select("plate", common=pl.col("leukaemic"))
    made = (
        pairs.join(blank, on="plate", how="left", maintain_order="left")
        .join(own, on=["plate", "patient"], how="left", maintain_order="left")
        .join(shared, on="plate", how="left", maintain_order="left")
        .join(cells, on=["plate", "patient"], how="left", maintain_order="left")
        .join(common, on="plate", how="left", maintain_order="left")
        .with_columns(leukaemic=pl.coalesce("leukaemic", "common"))
    )
    empty = pl.lit(0.0) if blanks == "subtracted" else pl.col("blank_mean")
    made = made.with_columns(
        controls=pl.coalesce("own_n", "shared_n"),
        control_sd=pl.when(pl.col("own_n").is_not_null()).then("own_sd").otherwise("shared_sd"),
        control_mean=pl.coalesce("own_mean", "shared_mean") - empty,
        blanks=pl.lit(0, pl.Int64) if blanks == "subtracted" else pl.col("blank_n"),
        blank_mean=empty,
    ).with_columns(
        control_cv=pl.when(pl.col("control_mean") > 0).then(
            100 * pl.col("control_sd") / pl.col("control_mean")
        )
    )
    reasons = [judge_plate(rules, plate) for plate in made.iter_rows(named=True)]
    return made.with_columns(
        pl.Series("quality", ["fail" if each else "pass" for each in reasons], dtype=pl.String),
        pl.Series("reasons", ["; ".join(each) for each in reasons], dtype=pl.String),
    ).select(pl.col(name).cast(dtype) for name, dtype in PLATE_COLUMNS.items())


def survival_table(wells: Wells, plates: pl.DataFrame) -> pl.DataFrame:
    """Survival of every treated well: LCS % = (reading - blank) / net control x 100, not cut at 0 or 100.

    Returns
    -------
    polars.DataFrame
        patient, drug, unit, plate, well, dose, reading, survival (null where the control is not above the
        blanks), plate_quality, plate_reasons.
    """
    treated = wells.frame.filter(pl.col("role") == "treated")
    kept = ("patient", "drug", "unit", "plate", "well", "dose", "reading")
    if wells.measured == "survival":
        return treated.select(
            *kept,
            survival=pl.col("reading"),
            plate_quality=pl.lit("pass"),
            plate_reasons=pl.lit(""),
        )
    with_controls = treated.join(
        plates.select(
            "plate",
            "patient",
            "blank_mean",
            "control_mean",
            plate_quality="quality",
            plate_reasons="reasons",
        ),
        on=["plate", "patient"],
        how="left",
        maintain_order="left",
    )
    net = pl.col("reading") - pl.col("blank_mean")
    return with_controls.select(
        *kept,
        survival=pl.when(pl.col("control_mean") > 0).then(100 * net / pl.col("control_mean")),
        plate_quality="plate_quality",
        plate_reasons="plate_reasons",
    )


def points_table(survival: pl.DataFrame) -> pl.DataFrame:
    """Mean, standard deviation (n - 1) and CV of the replicates of every dose.

    Returns
    -------
    polars.DataFrame
        patient, drug, unit, dose, wells, survival, sd, cv (per cent; null with one well or a mean not above
        0).
    """
    return (
        survival.filter(pl.col("survival").is_not_null())
        .group_by("patient", "drug", "unit", "dose", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("wells"),
            pl.col("survival").sort().mean(),
            pl.col("survival").std().alias("sd"),
        )
        .with_columns(
            cv=pl.when((pl.col("survival") > 0) & (pl.col("wells") > 1)).then(
                100 * pl.col("sd") / pl.col("survival")
            )
        )
        .sort("patient", "drug", "dose", maintain_order=True)
    )


def _summary(frame: pl.DataFrame, keys: list[str], name: str) -> pl.DataFrame:
    return frame.group_by(keys).agg(
        pl.len().cast(pl.Int64).alias(f"{name}_n"),
        pl.col("reading").sort().mean().alias(f"{name}_mean"),
        pl.col("reading").sort().std().alias(f"{name}_sd"),
    )
