"""Models in the report: tables, forest plots, tests over time, elimination, answers side by side."""

from __future__ import annotations

from typing import Any

import pytest
from matplotlib.figure import Figure as Drawing

from remission.core.vocabulary import result_rows
from remission.report.document import Block, Figure, Table
from remission.report.figures.forest import lines_of, plot_forest
from remission.report.figures.forest_axis import axis_of, shown_ticks
from remission.report.figures.model_blocks import schoenfeld_figures
from remission.report.figures.schoenfeld import plot_schoenfeld, ratio_ticks
from remission.report.looks import look
from remission.report.model_narrative import model_sentences
from remission.report.section import Section
from remission.study.results import Analysis, Output

AGE = {"name": "age", "label": "Age", "kind": "number", "reference": None}
GRAFT = {
    "name": "graft",
    "label": "Graft",
    "kind": "category",
    "levels": ("CB", "PB", "BM"),
    "reference": "CB",
}
GVHD = {
    "name": "gvhd",
    "label": "GVHD",
    "kind": "yes/no",
    "levels": ("no", "yes"),
    "reference": "no",
    "time_dependent": True,
    "known_on": "GVHD date",
}
FACTS: dict[str, Any] = {
    "endpoint": "os",
    "endpoint_label": "Overall survival",
    "unit": "years",
    "time_zero": "transplantation",
    "model": "Cox",
    "method": "cox",
    "hazard": "hazard",
    "ties": "efron",
    "variance": "model",
    "estimator": "partial likelihood",
    "terms": (AGE, GRAFT, GVHD),
    "n": 52,
    "events": 33,
    "eligible": 59,
    "concordance": {"estimate": 0.68, "std_error": 0.05},
    "tests": ({"name": "likelihood ratio", "statistic": 14.2, "df": 4, "p": 0.0067},),
}


def ratio(
    term: str,
    level: str,
    estimate: float | None,
    low: float | None,
    high: float | None,
    p: float | None = None,
) -> dict[str, Any]:
    return {
        "term": term, "level": level, "measure": "hazard ratio", "estimate": estimate, "low": low,
        "high": high, "p": p, "at_risk": 20, "events": 11, "confidence": 0.95,
        "std_error": None if low is None else 0.3,
    }  # fmt: skip


ROWS: tuple[dict[str, Any], ...] = (
    {"term": "age", "measure": "term", "p": 0.03, "p_adjusted": 0.09, "at_risk": 59, "events": 39},
    ratio("age", "per 10 years", 1.23, 1.02, 1.49, 0.03),
    {"term": "graft", "measure": "term", "p": 0.041, "p_adjusted": 0.12, "at_risk": 59, "events": 39},
    ratio("graft", "CB", 1.0, None, None),
    ratio("graft", "PB", 1.55, 0.68, 3.5, 0.3),
    ratio("graft", "BM", 3.09, 1.25, 7.6, 0.014),
    {"term": "gvhd", "measure": "term", "p": 0.61, "p_adjusted": 0.61, "at_risk": 59, "events": 39},
    ratio("gvhd", "no", 1.0, None, None),
    ratio("gvhd", "yes", 1.21, 0.58, 2.49, 0.61),
)


def frame(rows: tuple[dict[str, Any], ...]) -> Any:
    names = {name for row in rows for name in row}
    return result_rows({name: [row.get(name) for row in rows] for name in names})


def output(
    name: str, variant: str = "multivariable", rows: tuple[dict[str, Any], ...] = ROWS, **more: Any
) -> Output:
    return Output(name, frame(rows), {**FACTS, **more}, variant)


def blocks(*outputs: Output) -> tuple[Block, ...]:
    return look(Section(Analysis("a", "model", "A", outputs), outputs, "a"))


def table(*outputs: Output) -> Table:
    (found,) = [block for block in blocks(*outputs) if isinstance(block, Table)]
    assert all(len(row.cells) == len(found.align) for row in found.rows)
    assert all(sum(cell.span for cell in line) == len(found.align) for line in found.header)
    return found


def rows_of(found: Table) -> dict[str, tuple[str, ...]]:
    return {row.cells[0]: row.cells[1:] for row in found.rows}


def test_univariable_and_multivariable_stand_side_by_side() -> None:
    single = dict.fromkeys(("n", "events", "eligible", "concordance", "tests"))
    found = table(output("model", "univariable", adjust="holm", **single), output("model"))
    assert [cell.text for cell in found.header[0]] == [
        "",
        "Univariable",
        "Multivariable (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}52)",
    ]
    rows = rows_of(found)
    assert rows["Age, per 10 years"] == (
        "20",
        "11",
        "1.23 (1.02–1.49)",
        "0.030",
        "0.090",
        "1.23 (1.02–1.49)",
        "0.030",
    )
    assert rows["Graft"] == ("59", "39", "", "0.041", "0.12", "", "0.041")
    assert rows["CB"] == ("20", "11", "1 (reference)", "", "", "1 (reference)", "")
    assert rows["BM"][2:] == ("3.09 (1.25–7.60)", "0.014", "", "3.09 (1.25–7.60)", "0.014")
    # A term with one ratio has its P where the ratio is, once.
    assert rows["GVHD (time-dependent)"][2:] == ("", "", "", "", "")
    assert rows["yes"][3:5] == ("0.61", "0.61")
    notes = " ".join(found.notes)
    for words in (
        "52 of 59 patients",
        "33 events",
        "Efron",
        "Holm",
        "0.68 (SE 0.05)",
        "GVHD date",
        "Wald test of all",
    ):
        assert words in notes


@pytest.mark.parametrize(
    ("facts", "caption", "short", "note"),
    [
        ({"hazard": "cause-specific hazard", "method": "cause-specific", "cause": "death without relapse"},
         "Cause-specific Cox regression of death without relapse", "csHR", "competing events censored"),
        ({"model": "Fine-Gray", "hazard": "subdistribution hazard", "fine_gray_variant": "crr"},
         "Fine–Gray regression of overall survival", "sHR", "cmprsk’s crr"),
        ({"estimator": "Firth", "stratum_label": "Centre"}, "Cox regression", "HR", "Firth’s penalty"),
    ],
)  # fmt: skip
def test_ratios_are_named_for_what_they_are(
    facts: dict[str, Any], caption: str, short: str, note: str
) -> None:
    found = table(output("model", **facts))
    assert found.caption.startswith(caption)
    assert found.header[-1][3].text == f"{short} (95%\N{NO-BREAK SPACE}CI)"
    assert note in found.notes[0]
    if facts.get("stratum_label"):
        assert "stratified by Centre" in found.notes[0]


def test_forest_axis_is_logarithmic_and_clips_with_arrows() -> None:
    far = (*ROWS, ratio("gvhd", "always", 2.0, 0.001, 900.0, 0.7))
    ax = plot_forest(Drawing(figsize=(3, 3)).add_subplot(), frame(far), FACTS)
    assert ax.get_xscale() == "log"
    low, high = ax.get_xlim()
    assert (low, high) == axis_of(lines_of(frame(far), FACTS), FACTS)
    assert low >= 0.1
    assert high <= 20
    markers = [str(line.get_marker()) for line in ax.lines]
    assert markers.count("<") == 1
    assert markers.count(">") == 1
    # Two open squares for the two references, five ratios.
    assert markers.count("s") == 7


def test_forest_of_subgroups_has_arms_and_interactions() -> None:
    rows = (
        {**ratio("", "", 1.9, 1.0, 3.5, 0.04), "term": None, "level": None},
        ratio("sex", "female", 4.7, 1.3, 16.0, 0.02),
        ratio("sex", "male", None, None, None),
        {"term": "sex", "measure": "interaction", "statistic": 1.1, "df": 1, "p": 0.37, "p_adjusted": 0.74},
    )
    arms = tuple(
        {"term": term, "level": level, "group": group, "n": 20, "events": number}
        for term, level in ((None, None), ("sex", "female"), ("sex", "male"))
        for number, group in enumerate(("MAC", "RIC"))
    )
    facts = {
        **FACTS, "effect": "conditioning", "effect_label": "Conditioning", "group": "RIC", "versus": "MAC",
        "columns": ({"name": "sex", "label": "Sex"},), "arms": arms, "adjust": "holm",
        "adjusted_for": ("Age",),
    }  # fmt: skip
    lines = lines_of(frame(rows), facts)
    assert [line.text for line in lines] == ["All patients", "Sex", "female", "male"]
    assert lines[0].counts == ("1/20", "0/20")
    assert (lines[1].p, lines[1].p_adjusted) == ("0.37", "0.74")
    assert lines[3].ratio == "not estimable"
    (figure,) = blocks(Output("forest", frame(rows), facts, ""))
    assert isinstance(figure, Figure)
    assert "Adjusted for Age" in figure.caption
    assert "P for interaction" in figure.caption
    assert "female 4.70 (1.30–16.0)" in figure.alt
    figure.draw()


def test_labels_of_ticks_stay_apart() -> None:
    assert shown_ticks(0.5, 2.0, 44.0) == [0.5, 1.0, 2.0]
    assert shown_ticks(0.01, 100.0, 44.0) == [0.01, 0.1, 1.0, 10.0, 100.0]
    assert 1.0 in ratio_ticks(-0.1, 0.1, 38.0)
    assert len(ratio_ticks(-0.1, 0.1, 38.0)) > 2


def residuals() -> tuple[dict[str, Any], ...]:
    points = [
        {"measure": "scaled residual", "time": 0.1 * step, "statistic": 0.05 * step, "estimate": value}
        for step, value in enumerate((0.5, -0.4, 9.0, 0.1), start=1)
    ]
    smooth = [
        {
            "measure": "smooth",
            "time": 0.1,
            "statistic": 0.05 * step,
            "estimate": 0.2,
            "low": -0.5,
            "high": 0.9,
        }
        for step in range(1, 5)
    ]
    constant = [{"measure": "coefficient", "estimate": 0.2, "p": 0.41}]
    return tuple(
        {"term": "age", "level": "per 10 years", "confidence": 0.95, **row}
        for row in (*points, *smooth, *constant)
    )


def test_residuals_are_drawn_as_ratios_over_time() -> None:
    (figure,) = blocks(output("schoenfeld", rows=residuals(), events=4, shown=4, transform="km"))
    assert isinstance(figure, Figure)
    assert "triangles" in figure.caption
    sheet = figure.draw()
    assert any("Age: per 10 years (P" in text.get_text() for text in sheet.texts)
    ax = plot_schoenfeld(Drawing(figsize=(3, 2)).add_subplot(), frame(residuals()), FACTS)
    assert ax.get_ylabel() == "Hazard ratio"
    assert ax.get_xlabel() == "Years after transplantation"
    assert "1" in [label.get_text() for label in ax.get_yticklabels()]


def test_of_many_coefficients_those_that_change_most_plainly_are_drawn() -> None:
    p_values = [0.9, 0.04, *[0.5] * 9, 0.001, 0.8, 0.6]
    rows = tuple(
        {**row, "term": f"t{number}", **({"p": p} if row["measure"] == "coefficient" else {})}
        for number, p in enumerate(p_values)
        for row in residuals()
    )
    (figure,) = blocks(output("schoenfeld", rows=rows, events=4, shown=4, transform="km"))
    assert isinstance(figure, Figure)
    assert "The 12 of 14 coefficients with the smallest P" in figure.caption
    titles = [text.get_text() for text in figure.draw().texts]
    drawn = [number for number in range(14) if any(title.startswith(f"T{number}:") for title in titles)]
    assert drawn == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13]


@pytest.mark.parametrize(("p", "drawn"), [(0.2, False), (0.01, True)])
def test_a_model_behind_adjusted_curves_shows_residuals_where_a_ratio_changes(p: float, drawn: bool) -> None:
    tests = ({"term": "age", "measure": "proportional hazards", "statistic": 1.0, "df": 1, "p": p},)
    model = (
        output("proportionality", rows=tests, transform="km", below=0.05),
        output("schoenfeld", rows=residuals(), events=4, shown=4, transform="km", below=0.05),
    )
    curve = {"measure": "survival", "group": "CB", "time": 0.0, "estimate": 1.0, "at_risk": 5}
    adjusted = output("curves", "adjusted", rows=(curve,))

    def residual_figures(*outputs: Output) -> tuple[Figure, ...]:
        return schoenfeld_figures(Section(Analysis("a", "adjusted", "A", outputs), outputs, "a"))

    assert len(residual_figures(adjusted, *model)) == drawn
    assert len(residual_figures(*model)) == 1


def test_proportionality_has_every_term_and_the_global_test() -> None:
    rows = (
        {"term": "age", "measure": "proportional hazards", "statistic": 0.12, "df": 1, "p": 0.73},
        {"term": None, "measure": "proportional hazards", "statistic": 6.9, "df": 4, "p": 0.141},
    )
    found = table(output("proportionality", rows=rows, transform="km"))
    assert [row.cells for row in found.rows] == [
        ("Age", "0.12", "1", "0.73"),
        ("All terms together", "6.90", "4", "0.14"),
    ]
    assert "does not show that it stays the same" in found.notes[1]


def test_elimination_shows_every_step_and_warns() -> None:
    rows = tuple(
        {
            "term": term,
            "level": step,
            "measure": "removed" if gone else "kept",
            "p": p,
            "statistic": 1.0,
            "df": 1,
        }
        for step, term, p, gone in (
            ("1", "age", 0.62, True),
            ("1", "graft", 0.04, False),
            ("2", "graft", 0.031, False),
        )
    )
    found = table(output("elimination", "", rows, above=0.05, keep=("Graft",), steps=2))
    assert rows_of(found) == {"Age": ("0.62\N{NO-BREAK SPACE}†", ""), "Graft": ("0.040", "0.031")}
    assert "Kept whatever their P: Graft" in " ".join(found.notes)
    assert "too good" in found.notes[-1]


def test_a_model_after_elimination_stands_behind_its_path() -> None:
    path = output(
        "elimination", "", ({"term": "age", "level": "1", "measure": "kept", "p": 0.02},), above=0.05
    )
    names = [
        block.name
        for block in blocks(output("model"), output("model", "eliminated"), path)
        if isinstance(block, Table)
    ]
    assert names == ["a-multivariable", "a-elimination", "a-eliminated"]


def test_answers_stand_side_by_side_with_the_reason() -> None:
    rows = (
        {**ratio("", "naive", 0.55, 0.3, 1.01, 0.046), "term": None, "group": "yes", "versus": "no"},
        {"level": "landmark at 100 days", "measure": "hazard ratio", "at_risk": 33, "events": 0},
    )
    analyses = (
        {"level": "naive", "analysis": "naive", "differs": "future", "test": "log-rank"},
        {
            "level": "landmark at 100 days",
            "analysis": "landmark",
            "differs": "from_landmark",
            "test": "Mantel-Byar",
        },
    )
    found = table(
        output("side_by_side", "", rows, by="gvhd", by_label="GVHD", analyses=analyses, known_on="GVHD date")
    )
    first, second = found.rows
    assert first.cells[0].startswith("Naive")
    assert first.cells[3:5] == ("0.55 (0.30–1.01)", "0.046")
    assert "biased" in first.cells[5]
    assert second.cells[3] == "–"
    notes = " ".join(found.notes)
    assert "log-rank test or Mantel–Byar test" in notes
    assert "should not be quoted" in notes


def test_the_model_of_a_comparison_is_not_told_twice() -> None:
    beside = output("side_by_side", "", ({"level": "naive", "measure": "hazard ratio"},), analyses=())
    names = [
        block.name for block in blocks(output("model", "time-dependent"), beside) if isinstance(block, Table)
    ]
    assert names == ["a-side-by-side"]


def test_ratios_are_said_whatever_their_p() -> None:
    (said,) = model_sentences(output("model"))
    assert "1.23 (95% CI 1.02–1.49; P = 0.030) for Age (per 10 years)" in said
    assert "1.55 (0.68–3.50; P = 0.30) for Graft (PB against CB)" in said
    assert model_sentences(output("model", "univariable")) == []
