"""The first page: the numbers a reader looks for, and who the patients were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from remission.cohort.cohort import FlowStep
from remission.core.wording import in_sentence, listing, sentence_case
from remission.report.document import Block, Heading, KeyNumber, Summary
from remission.report.figures.data import interval_name, unit_of
from remission.report.format import count, elapsed, percent, percent_styled, plural
from remission.report.section import NAIVE, by_of, endpoint_of, entry_words, landmark_of, style_of
from remission.study.results import EndpointSummary, Output, Results

MOST = 10


def summary(results: Results) -> list[Block]:
    """Key numbers: patients, follow-up, and estimates of all patients at the named times."""
    items = [KeyNumber("Patients", count(_included(results.flow, results.endpoints)), _events(results))]
    if results.validation is not None:
        second = results.validation
        number = count(_included(second.flow, second.endpoints))
        items.append(KeyNumber("Patients", number, in_sentence(second.label)))
    outputs = [output for analysis in results.analyses if not analysis.cohort for output in analysis.outputs]
    items += _follow_up(outputs)
    seen: set[tuple[str, str]] = set()
    for output in outputs:
        if output.name == "estimates" and _overall(output):
            for item in _estimates(output):
                if (item.label, item.detail) not in seen and len(items) < MOST:
                    seen.add((item.label, item.detail))
                    items.append(item)
    return [Heading(1, "Summary", "summary"), Summary(tuple(items))]


def _included(flow: Sequence[FlowStep], endpoints: Sequence[EndpointSummary]) -> int:
    return flow[-1].remaining if flow else max((each.n for each in endpoints), default=0)


def _events(results: Results) -> str:
    """The events of the first endpoint."""
    if not results.endpoints:
        return ""
    first = results.endpoints[0]
    happened = sum(first.events.values())
    return f"{in_sentence(first.label)}: {plural(happened, 'event')}" if first.events else ""


def _overall(output: Output) -> bool:
    plain = output.variant != NAIVE and by_of(output) is None and landmark_of(output) is None
    return plain and output.rows.height > 0


def _estimates(output: Output) -> list[KeyNumber]:
    """The last two named times: the first year or so, and the long run."""
    known = output.rows.filter(pl.col("estimate").is_not_null())
    ci = interval_name(output.rows)
    return [
        KeyNumber(
            f"{sentence_case(endpoint_of(output))} at {row['level']}",
            percent(row["estimate"]),
            ", ".join(part for part in (_ends(ci, row, style_of(output)), entry_words(output)) if part),
        )
        for row in known.tail(2).iter_rows(named=True)
    ]


def _ends(ci: str, row: dict[str, Any], style: str) -> str:
    """What stands in brackets behind an estimate in the style of the study."""
    told = percent_styled(row["estimate"], row["std_error"], (row["low"], row["high"]), style, ci)
    return told.partition(" (")[2].removesuffix(")")


def _follow_up(outputs: list[Output]) -> list[KeyNumber]:
    for output in outputs:
        if output.name != "follow_up":
            continue
        rows = output.rows.filter((pl.col("measure") == "median follow-up") & pl.col("group").is_null())
        if rows.height:
            unit = unit_of(output.rows, output.facts)
            return [KeyNumber("Median follow-up", elapsed(rows["estimate"][0], unit), "reverse Kaplan–Meier")]
    return []


def patients_in_words(flow: Sequence[FlowStep], endpoints: Sequence[EndpointSummary]) -> str:
    """Say how the patients of a cohort were chosen, and what each endpoint left out."""
    if not flow:
        return f"{plural(_included(flow, endpoints), 'patient')} were analysed."
    begin = flow[0].excluded + flow[0].remaining
    left = [step for step in flow if step.excluded]
    text = f"The file holds {plural(begin, 'row')}; {plural(flow[-1].remaining, 'patient')} were included."
    if left:
        text += f" Left out: {listing([_left(step) for step in left])}."
    same: dict[tuple[FlowStep, ...], list[EndpointSummary]] = {}
    for endpoint in endpoints:
        same.setdefault(tuple(step for step in endpoint.flow if step.excluded), []).append(endpoint)
    for steps, group in same.items():
        if steps:
            labels = sentence_case(listing([in_sentence(each.label) for each in group]))
            reasons = listing([_left(step) for step in steps])
            text += f" {labels}: {plural(group[0].n, 'patient')}, without {reasons}."
    return text


def _left(step: FlowStep) -> str:
    unknown = f", {count(step.unknown)} of them because it could not be decided" if step.unknown else ""
    return f"{count(step.excluded)} ({step.reason}{unknown})"
