"""The figures of discriminating genes as blocks of a report: volcano, P values, means by class, overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Sheet

from remission.core.wording import sentence_case
from remission.report.document import Figure
from remission.report.figures.genes_heatmap import ROW, describe_group_heatmap, plot_group_heatmap
from remission.report.figures.genes_overlap import describe_gene_overlap, draw_gene_overlap
from remission.report.figures.genes_pvalues import plot_p_values
from remission.report.figures.genes_volcano import plot_volcano
from remission.report.figures.small_multiples import Small, small_figure
from remission.report.figures.style import DOUBLE, MIDDLE, PANEL, TINY, journal, place, sheet, text_width
from remission.report.format import count, percentage, plural
from remission.report.section import Section
from remission.report.words.phrases import items
from remission.study.results import Output

VOLCANO_HIGH, VOLCANO_HEAD, BARS_HIGH = 62.0, 8.0, 38.0
NAMES = 10  # genes named in a panel
PANELS_IN_A_FIGURE = 6
SCALE_WIDE, HEAD, GAP = 16.0, 11.0, 6.0


def _questions(output: Output) -> list[list[Mapping[str, Any]]]:
    """Questions that have rows, six to a figure."""
    there = set(output.rows["term"])
    found = [item for item in items(output.facts, "questions") if item["name"] in there]
    return [found[start : start + PANELS_IN_A_FIGURE] for start in range(0, len(found), PANELS_IN_A_FIGURE)]


def _title(item: Mapping[str, Any]) -> str:
    return sentence_case(str(item["label"]))


def volcano_figures(section: Section) -> tuple[Figure, ...]:
    """One panel per question."""
    found = []
    for output in section.named("volcano"):
        for part in _questions(output):
            panels = [Small(partial(_volcano, output=output, item=item), _title(item)) for item in part]
            rate = percentage(float(output.facts["fdr"]))  # type: ignore[arg-type]
            how = "permutation" if output.facts["found_by"] == "q" else "Benjamini–Hochberg"
            found.append(
                small_figure(
                    section,
                    name="genes-volcano",
                    caption="Difference and P of all genes. In colour: genes with a false discovery rate "
                    f"({how}) of at most {rate}; the first are named. Grey: the others, thinned where they "
                    "lie densely.",
                    alt=_volcano_words(output, part),
                    panels=panels,
                    height=VOLCANO_HIGH,
                    head=VOLCANO_HEAD,
                )
            )
    return tuple(found)


def _volcano(ax: Axes, *, output: Output, item: Mapping[str, Any]) -> Axes:
    by = str(output.facts["found_by"])
    rows = output.rows.filter(pl.col("term") == item["name"]).select(
        gene=pl.col("level").fill_null(""),
        difference="estimate",
        p="p",
        # a gene counts as found as the study counted it
        rate=pl.when(pl.col("state") == "found").then(pl.col("p_adjusted")).otherwise(1.0),
    )
    fdr = float(output.facts["fdr"])  # type: ignore[arg-type]
    groups = (str(item["reference"]), str(item["other"]))
    return plot_volcano(ax, rows.rename({"rate": by}), groups, level=fdr, by=by, labels=NAMES)


def _volcano_words(output: Output, part: Sequence[Mapping[str, Any]]) -> str:
    told = []
    for item in part:
        rows = output.rows.filter(pl.col("term") == item["name"])
        genes = plural(float(rows["at_risk"].sum()), "gene")
        first = ", ".join(rows["level"].drop_nulls().head(3))
        told.append(
            f"{item['label']}: {count(item['found'])} of {genes} found{f' ({first})' if first else ''}"
        )
    return f"Volcano plots. {'; '.join(told)}."


def p_figures(section: Section) -> tuple[Figure, ...]:
    """Histograms of all P values."""
    found = []
    for output in section.named("p_histogram"):
        for part in _questions(output):
            panels = [Small(partial(_p_values, output=output, item=item), _title(item)) for item in part]
            found.append(
                small_figure(
                    section,
                    name="genes-p-values",
                    caption="P values of all genes. Where no gene differs, the bars are level with the "
                    "broken line; a peak at the left says that genes differ, a slope or a hill that the P "
                    "values are not right.",
                    alt="; ".join(_p_words(output, item) for item in part) + ".",
                    panels=panels,
                    height=BARS_HIGH,
                )
            )
    return tuple(found)


def _p_values(ax: Axes, *, output: Output, item: Mapping[str, Any]) -> Axes:
    rows = output.rows.filter(pl.col("term") == item["name"])
    middles = ((rows["low"] + rows["high"]) / 2).to_numpy()
    return plot_p_values(ax, np.repeat(middles, rows["estimate"].to_numpy().astype(int)), item["pi0"])


def _p_words(output: Output, item: Mapping[str, Any]) -> str:
    rows = output.rows.filter(pl.col("term") == item["name"])
    total = float(rows["estimate"].sum())
    first = count(float(rows["estimate"][0]))
    of = f"{first} of {plural(total, 'gene')}"
    return f"{item['label']}: P below 0.05 in {of}, {count(total / 20, 0)} by chance"


def mean_figures(section: Section) -> tuple[Figure, ...]:
    """Mean z-scores of the first genes by class."""
    found = []
    for output in section.named("heat_map"):
        for part in _questions(output):
            none = [str(item["label"]) for item in part if not item["found"]]
            beside = f" {', '.join(none)}: none was found, so the first by P are shown." if none else ""
            adjusted = " Means are not adjusted." if output.facts["adjusted_for"] else ""
            found.append(
                Figure(
                    name="genes-means",
                    caption="Expression of the first genes: mean of the patients’ z-scores in each class. "
                    "Single patients are not shown, as results hold none; groups of fewer than three are "
                    f"left blank. The same patients chose these genes, so the contrast "
                    f"is the largest there is.{adjusted}"
                    f"{beside}",
                    alt=" ".join(
                        f"{sentence_case(str(item['label']))}. {describe_group_heatmap(_means(output, item))}"
                        for item in part
                    ),
                    draw=partial(_draw_means, output, part, section.mark),
                    width=DOUBLE if len(part) > 1 else MIDDLE,
                )
            )
    return tuple(found)


def _means(output: Output, item: Mapping[str, Any]) -> pl.DataFrame:
    return output.rows.filter(pl.col("term") == item["name"]).select(
        gene="level", group="group", mean="estimate"
    )


def _draw_means(output: Output, part: Sequence[Mapping[str, Any]], mark: str) -> Sheet:
    """Draw the maps two beside each other, on one scale."""
    frames = [_means(output, item) for item in part]
    most = max([abs(each) for frame in frames for each in frame["mean"].drop_nulls()], default=0.0)
    reach = max(0.5, float(np.ceil(2 * most) / 2))
    columns = min(2, len(part))
    each = (DOUBLE - SCALE_WIDE - GAP * (columns - 1)) / columns
    left = 3.0 + max(text_width(gene, TINY) for frame in frames for gene in frame["gene"])
    wide = min(each - left, 24.0 * max(frame["group"].n_unique() for frame in frames))
    heights = [frame["gene"].n_unique() * ROW for frame in frames]
    lines = [max(heights[start : start + columns]) for start in range(0, len(heights), columns)]
    with journal():
        whole = DOUBLE if columns > 1 else left + wide + SCALE_WIDE
        figure = sheet(whole, sum(lines) + len(lines) * (HEAD + 3.0), mark)
        for number, (item, frame) in enumerate(zip(part, frames, strict=True)):
            line, column = divmod(number, columns)
            top = sum(lines[:line]) + line * (HEAD + 3.0) + HEAD
            across = column * (each + GAP) + left
            ax = place(figure, across, top, wide, heights[number])
            scale = None if number else place(figure, whole - SCALE_WIDE + 3, top, 2.6, 36.0)
            plot_group_heatmap(ax, frame, reach=reach, scale=scale)
            lift = 1 + 6.0 / heights[number]
            ax.text(
                0,
                lift,
                _title(item),
                transform=ax.transAxes,
                fontsize=PANEL,
                weight="bold",
                parse_math=False,
            )
        return figure


def overlap_figures(section: Section) -> tuple[Figure, ...]:
    """Bars over combinations of lists."""
    found = []
    for output in section.named("gene_overlap"):
        rows = _overlap(output)
        found.append(
            Figure(
                name="genes-overlap",
                caption="Genes found for one drug only, or for several. Bars: genes in these lists and in no "
                "other; dots say which; genes of each list in brackets.",
                alt=describe_gene_overlap(rows),
                draw=partial(draw_gene_overlap, rows, section.mark),
                width=DOUBLE,
            )
        )
    return tuple(found)


def _overlap(output: Output) -> pl.DataFrame:
    """The rows as the figure takes them: measure, lists, n."""
    rows: list[tuple[str, list[str], int]] = []
    for row in output.rows.iter_rows(named=True):
        lists = [each for each in (row["term"], row["versus"]) if each is not None]
        rows.append((row["measure"], lists, int(row["estimate"])))
    rows += [
        ("exactly", [str(name) for name in item["lists"]], int(item["n"]))
        for item in items(output.facts, "combinations")
    ]
    names = ["measure", "lists", "n"]
    return pl.DataFrame(rows, schema=names, orient="row")
