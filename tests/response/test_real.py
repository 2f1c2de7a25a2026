"""Drug response of others: published fits, a real plate, and 805 children."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import spearmanr

from remission.response.classes import classify_lc50
from remission.response.crossresistance import cross_resistance, pooled_cross_resistance
from remission.response.doseresponse import dose_response
from remission.response.normalised import from_normalised
from remission.response.rankcorrelation import rank_correlation
from remission.response.read import read_wells
from remission.response.responses import DoseResponses

PAIRS = {
    ("Prednisolone", "Dexamethasone"): 0.70,
    ("Mercaptopurine", "Thioguanine"): 0.62,
    ("Vincristine", "Daunorubicin"): 0.46,
}


@pytest.fixture(scope="module")
def ccle(shared_data: Path) -> tuple[DoseResponses, pl.DataFrame]:
    """1,788 curves of cell lines, and two published fits of them."""
    folder = shared_data / "drug_response" / "ccle_heme_dose_response"
    table = pl.read_csv(folder / "dose_response_long.csv.gz", schema_overrides={"sampleid": pl.String})
    found = dose_response(table, columns={"plate": "experiment"})
    fits = pl.read_csv(folder / "published_fits.csv", null_values=["NA"], infer_schema_length=None).select(
        pl.col("sampleid").cast(pl.String).alias("patient"),
        "drug",
        pl.col("ic50_published").cast(pl.Float64, strict=False),
        pl.col("ic50_recomputed").cast(pl.Float64, strict=False),
        "auc_published",
        "auc_recomputed",
    )
    return found, found.rows().join(fits, on=["patient", "drug"], how="left", maintain_order="left")


def rho(frame: pl.DataFrame, one: str, other: str) -> float:
    return float(spearmanr(frame[one], frame[other]).statistic)


def test_every_published_curve_is_fitted(ccle: tuple[DoseResponses, pl.DataFrame]) -> None:
    found, rows = ccle
    assert len(found.curves) == 1788
    assert all(curve.fit is not None for curve in found.curves)
    assert rows["ic50_published"].null_count() < 100
    counted = dict(rows["censoring"].value_counts().rows())
    assert counted == {"bracketed": 969, "right": 788, "left": 31}


@pytest.mark.parametrize("ours", ["lc50", "ic50"])
def test_ic50_agrees_with_published_fits_as_well_as_they_with_each_other(
    ccle: tuple[DoseResponses, pl.DataFrame], ours: str
) -> None:
    rows = ccle[1].filter(
        (pl.col("censoring") == "bracketed")
        & pl.col(ours).is_not_null()
        & pl.col("ic50_published").is_not_null()
        & pl.col("ic50_recomputed").is_finite()
    )
    assert rows.height > 930
    both = [rho(rows, ours, "ic50_published"), rho(rows, ours, "ic50_recomputed")]
    assert max(both) >= 0.95
    assert both[0] >= rho(rows, "ic50_published", "ic50_recomputed")
    assert both[1] >= 0.985


def test_ic50_reaches_the_agreement_of_the_published_fits_where_all_lie_in_the_range(
    ccle: tuple[DoseResponses, pl.DataFrame],
) -> None:
    """The published fit puts what it did not reach at 8 µM, which is a censored value and no number."""
    rows = ccle[1].filter(
        (pl.col("censoring") == "bracketed")
        & pl.col("ic50").is_not_null()
        & (pl.col("ic50_published") < 8)
        & pl.col("ic50_recomputed").is_finite()
    )
    assert rows.height > 900
    for ours in ("lc50", "ic50"):
        assert rho(rows, ours, "ic50_published") >= 0.908
        assert rho(rows, ours, "ic50_recomputed") >= 0.95


def test_areas_agree_with_published_fits(ccle: tuple[DoseResponses, pl.DataFrame]) -> None:
    rows = ccle[1].filter(pl.col("censoring") == "bracketed")
    for ours in ("auc", "auc_fitted"):
        best = max(-rho(rows, ours, "auc_published"), -rho(rows, ours, "auc_recomputed"))
        assert best >= 0.988
        assert float(np.corrcoef(rows[ours], -rows["auc_published"])[0, 1]) >= 0.988


@pytest.fixture(scope="module")
def plate(shared_data: Path) -> DoseResponses:
    """A 384-well plate of relapsed ALL: cells counted by imaging, DMSO controls, doses in nM."""
    table = pl.read_csv(shared_data / "drug_response" / "steffen_all_drp" / "plate_long.csv")
    role = {"column": "drug", "codes": {"DMSO": "control", "": "empty"}}
    wells = read_wells(table, columns={"role": role, "signal": "response"}, blanks="subtracted")
    return dose_response(wells, blanks="subtracted", quality="counts")


def test_a_real_plate_is_read_from_its_layout(plate: DoseResponses, shared_data: Path) -> None:
    rows = plate.rows()
    assert rows.height == 19
    assert rows["unit"].unique().to_list() == ["nM"]
    assert plate.plates.select("controls", "quality").row(0) == (12, "pass")
    assert rows["quality"].to_list().count("pass") >= 17
    table = pl.read_csv(shared_data / "drug_response" / "steffen_all_drp" / "plate_long.csv")
    control = table.filter(pl.col("drug") == "DMSO")["response"].mean()
    vincristine = (
        table.filter(pl.col("drug") == "Vincristine").group_by("concentration").agg(pl.col("response").mean())
    )
    by_hand = {dose: 100 * mean / control for dose, mean in vincristine.rows()}  # type: ignore[operator]
    points = plate.points().filter(pl.col("drug") == "Vincristine")
    assert dict(points.select("dose", "survival").rows()) == pytest.approx(by_hand)
    found = rows.filter(pl.col("drug") == "Vincristine").row(0, named=True)
    assert (found["low"], found["high"], found["censoring"]) == (1, 10, "bracketed")


def test_the_plate_lies_in_the_reference_cohort(plate: DoseResponses, shared_data: Path) -> None:
    """The cohort's areas are survival x five decades (0 to 5); its drugs are numbers, so ranges compare."""
    stats = pl.read_csv(shared_data / "drug_response" / "steffen_all_drp" / "cohort_stats.csv")
    areas = stats.filter(pl.col("metric") == "logAUC")
    five = plate.rows().filter((pl.col("highest_dose") / pl.col("lowest_dose")).round(0) == 1e5)
    ours = five["auc_fitted"].drop_nulls() * 5 / 100
    assert len(ours) >= 12
    assert ours.min() >= areas["min"].min()  # type: ignore[operator]
    assert ours.max() <= 1.1 * areas["max"].max()  # type: ignore[operator]
    assert areas["p25"].min() <= ours.median() <= areas["p75"].max()  # type: ignore[operator]
    doses = stats.filter(pl.col("metric") == "abs_logEC50")
    known = five["ic50"].drop_nulls().log10()
    assert ((known >= doses["min"].min()) & (known <= doses["max"].max())).all()


def test_cross_resistance_of_805_children(shared_data: Path) -> None:
    folder = shared_data / "drug_response" / "stjude_lc50"
    observed = pl.read_csv(folder / "lc50_observed.csv")
    for (one, other), published in PAIRS.items():
        found = rank_correlation(
            from_normalised(observed[one].to_list()),
            from_normalised(observed[other].to_list()),
            statistic="spearman",
        )
        assert round(found.estimate, 2) == pytest.approx(published, abs=0.0051)
        assert found.low < published < found.high


def test_ten_imputations_are_pooled(shared_data: Path) -> None:
    """Over imputed values the correlations are weaker: what was imputed knows less of the other drug."""
    table = pl.read_csv(shared_data / "drug_response" / "stjude_lc50" / "lc50_imputed_long.csv.gz")
    for (one, other), published in PAIRS.items():
        sets = [
            {drug: from_normalised(part[drug].to_list()) for drug in (one, other)}
            for _, part in table.group_by(".imp", maintain_order=True)
        ]
        assert len(sets) == 10
        found = pooled_cross_resistance(sets, statistic="spearman").pairs[one, other]
        single = [
            cross_resistance(each, statistic="spearman").pairs[one, other].estimate for each in sets[:2]
        ]
        assert found.n == 805
        assert abs(found.estimate - float(np.mean(single))) < 0.05
        assert 0.8 * published < found.estimate < published
        assert found.low < found.estimate < found.high


def test_classes_of_805_children(shared_data: Path) -> None:
    observed = pl.read_csv(shared_data / "drug_response" / "stjude_lc50" / "lc50_observed.csv")
    parts = []
    for drug in ("Prednisolone", "Vincristine", "Asparaginase", "Daunorubicin"):
        x = from_normalised(observed[drug].to_list())
        side = np.where(x.exact, "bracketed", np.where(np.isinf(x.low), "left", "right"))
        side = np.where(x.known, side, "failed")
        parts.append(
            pl.DataFrame(
                {
                    "patient": observed["subject_id"],
                    "lc50": np.where(x.exact, x.low, np.nan),
                    "low": x.low,
                    "high": x.high,
                    "censoring": side.astype(str),
                }
            ).with_columns(
                pl.col("lc50").fill_nan(None),
                drug=pl.lit(drug),
                unit=pl.lit(""),
            )
        )
    made = classify_lc50(pl.concat(parts), "tertiles")
    for drug in made.frame["drug"].unique().to_list():
        part = made.frame.filter((pl.col("drug") == drug) & (pl.col("possible") != ""))
        n = part.height
        counted = dict(part["class"].value_counts().rows())
        assert n == observed[drug].drop_nulls().len()
        assert n - counted.get(None, 0) >= 0.9 * n
        assert counted["sensitive"] >= n // 3
