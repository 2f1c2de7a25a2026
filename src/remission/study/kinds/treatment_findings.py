"""What must be said of treatment against protocol, and how it was counted."""

from __future__ import annotations

import numpy as np

from remission.study.kind import Context
from remission.study.kinds import treatment_indication as indication
from remission.study.kinds import treatment_phases as phases
from remission.study.kinds.treatment_followed import Followed
from remission.study.kinds.treatment_indication import as_delivered
from remission.study.kinds.treatment_options import TreatmentOptions
from remission.study.results import Fact, Statement

_UNKNOWN = (
    phases.CONDITION_UNKNOWN,
    phases.NOT_KNOWN,
    phases.UNDATED,
    phases.WINDOW_UNKNOWN,
    phases.UNPLACED,
)


def phase_findings(done: Followed) -> list[Statement]:
    """Whose phases are not known, and phases given after treatment had ended."""
    found: list[Statement] = []
    among = done.among.holds
    unknown: tuple[Fact, ...] = tuple(
        {"phase": each.phase.name, "what": what, "n": count}
        for each in done.phases
        for what in _UNKNOWN
        if (count := int((among & (each.status == what)).sum()))
    )
    if unknown:
        found.append(Statement("phases_unknown", {"phases": unknown, "total": int(among.sum())}))
    after: tuple[Fact, ...] = tuple(
        {"phase": each.phase.name, "n": count}
        for each in done.phases
        if (count := int((among & (each.status == phases.LATER)).sum()))
    )
    if after:
        found.append(Statement("phases_after_end", {"phases": after}))
    return found


def delivery_findings(context: Context, options: TreatmentOptions, done: Followed) -> list[Statement]:
    """Why the crude share is not the answer, and what is not known."""
    given = done.given
    if given is None:
        return []
    among = done.among.holds
    label = context.cohort.column(as_delivered(options.delivered or "").start).title
    wanted = among & (given.indicated == indication.YES)
    facts: dict[str, Fact] = {
        "label": label,
        "indicated": int(wanted.sum()),
        "delivered": int((wanted & (given.status == indication.IN_REMISSION)).sum()),
        "waiting": int((wanted & (given.status == indication.WAITING)).sum()),
        "judged": as_delivered(options.delivered or "").window is not None,
    }
    found = []
    if facts["indicated"]:
        found.append(Statement("delivered_crude", facts))
    unknown = {
        "indication": among & (given.indicated == indication.UNKNOWN),
        "given": among & (given.status == indication.NOT_RECORDED),
        "day": among & np.isin(given.status, (indication.DAY_UNKNOWN, indication.ORDER_UNKNOWN)),
    }
    counts: dict[str, Fact] = {what: int(rows.sum()) for what, rows in unknown.items()}
    if any(counts.values()):
        both = int((unknown["indication"] & given.delivered).sum())
        undated = int((wanted & (given.status == indication.DAY_UNKNOWN)).sum())
        more: dict[str, Fact] = {
            "label": label,
            **counts,
            "indication_delivered": both,
            "undated_in_incidence": undated if options.incidence is not None else 0,
        }
        found.append(Statement("indication_unknown", {**more, "total": int(among.sum())}))
    return found


def deviation_findings(done: Followed) -> list[Statement]:
    """How many patients deviate at all, and where their names are to be had."""
    facts: dict[str, Fact] = {"n": int(done.deviating.sum()), "total": int(done.among.holds.sum())}
    return [Statement("deviations_counted", facts)]


def treatment_methods(context: Context, options: TreatmentOptions) -> list[Statement]:
    """Say how phases and deliveries were counted."""
    label = context.outcomes[options.endpoint].label
    found = []
    if options.phases:
        windows = any(phase.window is not None for phase in options.phases)
        facts: dict[str, Fact] = {
            "endpoint_label": label,
            "windows": windows,
            "withdrawal": options.stopped is not None,
        }
        found.append(Statement("phases_method", facts))
    if options.indication is not None:
        facts = {"condition": options.indication, "endpoint_label": label, "references": ("putter2007",)}
        found.append(Statement("indication_method", facts))
    return found
