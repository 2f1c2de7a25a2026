"""Does transplant help, and whom: why the naive comparison is wrong, what each way of counting does."""

from __future__ import annotations

from typing import Any

from remission.core.wording import in_sentence, listing
from remission.report.format import count, fixed, p_phrase, percent, plural
from remission.report.ratios import hazard_words
from remission.report.words.phrases import Facts, about, items, names

WAYS = {
    "naive": "compares patients who ever had it with those who never had it, from the first day; biased, "
    "because nobody can die before it and still be counted as having had it",
    "time-dependent": "counts each patient without it until the day of it, and with it from then on; it uses "
    "everybody, and does not look into the future",
    "within risk": "is time-dependent too, and compares only patients of the same risk group with each "
    "other, in the groups that have patients with and without it",
    "landmark": "looks only at patients still at risk at that time, as they were by then; it leaves out "
    "earlier events, and who has it later stays where he was",
    "waiting time": "counts patients with it from the day of it, and patients who never had it from that "
    "time on if they were still at risk; those with an event before are left out. Unlike the landmark it "
    "uses what happened later to decide who never had it, so it still leans a little towards it",
    "donor": "compares patients by whether they had a donor at the start, whatever was done then (intention "
    "to treat); the effect comes out smaller where not all with a donor had the transplant",
}
NOT_RUN = {
    "landmark": "no landmark analysis (`landmark` names no time)",
    "waiting time": "no analysis adjusted for waiting time (`waiting_time` names no time)",
}


def way_name(item: Facts) -> str:
    """Name a way of counting in tables and figures.

    Examples
    --------
    >>> way_name({"way": "landmark", "at": "100 days", "adjusted": True})
    'Landmark at 100 days, adjusted'
    """
    name = {
        "naive": "Naive (biased)",
        "Mantel-Byar": "Mantel–Byar test",
        "time-dependent": "Time-dependent Cox",
        "within risk": "Time-dependent, within risk groups",
        "landmark": f"Landmark at {item.get('at')}",
        "waiting time": f"Waiting time, from {item.get('at')}",
        "donor": "Donor against no donor",
    }[str(item["way"])]
    return f"{name}, adjusted" if item.get("adjusted") else name


def transplant_naive(facts: Facts) -> str:
    """How much immortal time the naive comparison gives away."""
    label = facts["by_label"]
    before, after = float(facts["years_before"]), float(facts["years_after"])
    share = before / (before + after) if before + after > 0 else 0.0
    first = (
        f"“{label}” came after {facts['time_zero']}. Comparing those who ever had it "
        f"({plural(facts['transplanted'], 'patient')}) with those who never had it ({count(facts['never'])}) "
        "from the first day is biased: whoever had it had to stay free of events until then (immortal time), "
        "and whoever had an event early is counted against not having it."
    )
    second = (
        f"Here {_years(before)} before it ({percent(share)} of the time of those who had it) would be "
        "credited to it, in which nobody could have an event. "
        f"{plural(facts['early_events'], 'event')} of those who never had it fell before the median waiting "
        f"time of {_days(facts['median_wait'])}, and {count(facts['events_by_last'])} before the longest one "
        f"({_days(facts['longest_wait'])}): these patients may simply not have lived event-free long enough."
    )
    moving = _ratio(facts["moving"])
    third = f"Naive: {_ratio(facts['naive'])}. Counted as it happened (time-dependent): {moving}."
    last = "The naive number is shown, marked as biased, only to say by how much it misleads."
    return "\n\n".join((f"{about(_plain(facts))}{first}", second, third, last))


def naive_title(facts: Facts) -> str:
    """Heading of the naive comparison."""
    return f"Biased comparison, shown as such: {in_sentence(str(facts.get('endpoint_label') or ''))}"


def waiting_time_found(facts: Facts) -> str:
    """The median waiting time."""
    return (
        f"{about(_plain(facts))}the median waiting time of the {plural(facts['n'], 'patient')} with "
        f"“{facts['by_label']}” was {_days(facts['median'])} from {facts['time_zero']} (quartiles "
        f"{_number(facts['q1'])} and {_number(facts['q3'])}). As the study asks, it is used as a time to "
        "count from; a time fixed before looking at the data would be better."
    )


def transplant_way(facts: Facts) -> str:
    """What one way of counting does, and why it differs from the others."""
    way, at = str(facts["way"]), listing(names(facts, "at"))
    name = {
        "naive": "the naive comparison",
        "time-dependent": "the time-dependent analysis (Mantel–Byar test, Cox model)",
        "within risk": "the analysis within risk groups",
        "landmark": f"the landmark at {at}",
        "waiting time": f"the analysis adjusted for waiting time, from {at},",
        "donor": "donor against no donor",
    }[way]
    return f"{about(_plain(facts))}{name} {WAYS[way]}."


def ways_not_declared(facts: Facts) -> str:
    """Ways that did not run."""
    listed = listing([NOT_RUN[way] for way in names(facts, "ways")])
    return f"{about(_plain(facts))}{listed}. The program never picks a time by itself."


def transplant_not_estimated(facts: Facts) -> str:
    """Ways without a ratio."""
    listed = [f"{item['level']} ({item['reason']})" for item in items(facts, "ways")]
    return f"{about(_plain(facts))}not estimable: {'; '.join(listed)}."


def transplanted_too_late(facts: Facts) -> str:
    """Transplants after the end of follow-up for the endpoint."""
    return (
        f"{about(_plain(facts))}{plural(facts['n'], 'patient')} had “{facts['by_label']}” only on or after "
        "the day this endpoint ended for them (after relapse, for example). It cannot have changed what had "
        "happened, and they count as without it."
    )


def donor_compared(facts: Facts) -> str:
    """Who with and without a donor was transplanted."""
    told = {str(item["level"]): item for item in items(facts, "groups")}
    parts = [
        f"{count(told[level]['transplanted'])} of {plural(told[level]['n'], 'patient')} {words}"
        for level, words in (("yes", "with a donor"), ("no", "without"))
    ]
    return (
        f"{about(_plain(facts))}“{facts['by_label']}” was given to {listing(parts)}. Donor against no donor "
        "compares by what was available at the start, so neither waiting nor fitness decides; what it "
        "shows is the effect of having a donor, not of the transplant itself."
    )


def transplant_caveats(facts: Facts) -> str:
    """What no way of counting can repair."""
    adjusted = names(facts, "adjusted_for")
    done = (
        f"Adjusting for {listing(adjusted)} helps only as far as these tell it"
        if adjusted
        else ("Nothing was adjusted for")
    )
    parts = [
        (
            f"{about(_plain(facts))}“{facts['by_label']}” was not allotted by chance, and those who have it "
            "differ in other ways from those who do not. A treatment is given to patients at higher risk "
            "(which makes it look worse) among those still free of events and fit enough for it (which makes "
            "it look better); what comes by itself comes more often to patients who do well. "
            f"{done}; counting time rightly does not repair this."
        )
    ]
    if not facts.get("donor"):
        parts.append(
            "For a transplant, comparing by whether a donor was available (`donor`) avoids this choice, "
            "where it is known."
        )
    return " ".join(parts)


def ratios_cause_specific(facts: Facts) -> str:
    """One cause is half of the answer."""
    return (
        f"{about(_plain(facts))}as events compete, ratios are of the cause-specific hazard: fewer events of "
        "one cause may be bought with more of another, so look at all causes together."
    )


def transplant_periods(facts: Facts) -> str:
    """The effect early and late after transplant."""
    if facts.get("reason"):
        return f"{about(_plain(facts))}no effect by time since “{facts['by_label']}”: {facts['reason']}."
    parts = [f"{item['level']} {_ratio(item, with_p=False)}" for item in items(facts, "periods")]
    p = facts.get("p")
    verdict = ""
    if p is not None:
        shown = (
            "the effect changes with the time since"
            if facts.get("changes")
            else (
                "a change of the effect with the time since was not shown, which does not mean that there "
                "is none"
            )
        )
        verdict = f" Test that it is the same throughout: {p_phrase(p)}; {shown}."
    return (
        f"{about(_plain(facts))}effect of “{facts['by_label']}” by the time since, against being without it: "
        f"{'; '.join(parts)}.{verdict}"
    )


def no_interaction_shown(facts: Facts) -> str:
    """Absence of evidence."""
    return (
        f"{about(_plain(facts))}where the P for interaction is not small, a difference between subgroups was "
        "not shown. That is not the same as no difference, or as no effect in a subgroup: the numbers are "
        "small, and the intervals say what remains possible."
    )


def subgroups_by_firth(facts: Facts) -> str:
    """Subgroups where one side had no events."""
    listed = listing(names(facts, "subgroups"))
    return (
        f"{about(_plain(facts))}no finite ratio by the usual method in {listed} (one side had no events, or "
        "all the first ones); these were estimated with Firth’s penalty, and say little."
    )


def risk_is_treatment(facts: Facts) -> str:
    """Risk group and treatment are one."""
    label, only = facts["risk_label"], str(facts["only"])
    listed = [
        f"{item['level']} {count(item['transplanted'])} of {count(item['n'])}"
        for item in items(facts, "groups")
    ]
    rule = (
        f"at most {percent(facts['share'])} of the group, or fewer than {count(facts['patients'])} patients"
    )
    first = (
        f"“{facts['by_label']}” was given (almost) only in “{only}” ({label}): {listing(listed)}. Risk "
        f"group and treatment are then the same thing. Comparing “{only}” with the other risk groups is "
        "not a comparison of transplant with no transplant."
    )
    left = int(facts["left"])
    second = (
        f"What can be compared is “{only}” with itself: {plural(left, 'patient')} there never had it. All "
        f"ratios, curves and subgroups here are therefore of the patients of “{only}” only."
        if left
        else f"In “{only}” nobody was left without it, so its effect cannot be estimated from these patients."
    )
    third = f"(Almost) none means {rule}."
    return "\n\n".join((first, second, third))


def risk_title(facts: Facts) -> str:
    """Heading of the design flag."""
    return f"Risk group is treatment: {facts.get('risk_label')} and {facts.get('by_label')}"


def _plain(facts: Facts) -> dict[str, Any]:
    """The facts without the grouping: the endpoint is enough to say what is meant."""
    return {"endpoint_label": facts.get("endpoint_label")}


def _ratio(item: Facts, *, with_p: bool = True) -> str:
    known = with_p and item.get("estimate") is not None and item.get("p") is not None
    return hazard_words(item) + (f"; {p_phrase(item['p'])}" if known else "")


def _years(years: float) -> str:
    return f"{fixed(years, 1)} patient-years"


def _days(days: float) -> str:
    return f"{_number(days)} days"


def _number(value: float) -> str:
    return count(value) if float(value).is_integer() else fixed(value, 1)


WORDS = {
    "transplant_naive": transplant_naive,
    "waiting_time_found": waiting_time_found,
    "transplant_way": transplant_way,
    "ways_not_declared": ways_not_declared,
    "transplant_not_estimated": transplant_not_estimated,
    "transplanted_too_late": transplanted_too_late,
    "donor_compared": donor_compared,
    "transplant_caveats": transplant_caveats,
    "ratios_cause_specific": ratios_cause_specific,
    "transplant_periods": transplant_periods,
    "no_interaction_shown": no_interaction_shown,
    "subgroups_by_firth": subgroups_by_firth,
    "risk_is_treatment": risk_is_treatment,
}
TITLES = {"transplant_naive": naive_title, "risk_is_treatment": risk_title}
