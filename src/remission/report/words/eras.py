"""Words about eras: why they are no randomised groups, and over which follow-up they were compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from remission.core.wording import listing, sentence_case
from remission.report.format import elapsed, plural, time_number
from remission.report.words.phrases import Facts, about, group_told, items


def eras_are_historical(facts: Facts) -> str:
    """Eras differ in more than in treatment."""
    eras = listing([_named(each) for each in items(facts, "eras")])
    adjusted = (
        " Adjustment can remove differences in what was recorded at the start, and nothing else."
        if facts.get("adjusted")
        else " No adjustment was made."
    )
    return (
        f"Eras ({eras}) are historical groups: nobody was randomised between them. Diagnostics, eligibility, "
        "supportive care, salvage treatment, MRD methods and reporting changed with treatment, so a "
        f"difference between eras is not the effect of one of these changes.{adjusted}"
    )


def _named(item: Mapping[str, Any]) -> str:
    begun = item.get("begun")
    if not begun:
        return str(item["group"])
    first, last = (str(day)[:4] for day in begun)
    years = first if first == last else f"{first}–{last}"
    return (
        str(item["group"])
        if years.replace("–", "-") in str(item["group"]).replace("–", "-")
        else (f"{item['group']}, begun {years}")
    )


def eras_follow_up(facts: Facts) -> str:
    """Over how long eras were compared."""
    unit = str(facts["unit"])
    spans = listing(
        [
            group_told(
                item["group"], facts, f"{time_number(item['longest'], unit)} ({plural(item['n'], 'patient')})"
            )
            for item in items(facts, "eras")
        ]
    )
    text = f"{about(facts)}longest follow-up in {unit}: {spans}."
    if facts.get("until") is None:
        return f"{text} Follow-up was not cut; late times rest on the eras followed longer."
    end = facts.get("said") or elapsed(float(facts["until"]), unit)
    why = "as the study says" if facts.get("said") else f"where that of {facts['shortest']} ends"
    return sentence_case(
        f"{text} Everybody's follow-up was ended at {end}, {why}: what happened later in older eras is not "
        "counted."
    )


def eras_method(facts: Facts) -> str:
    """How eras were compared."""
    if not facts.get("restricted"):
        return "Eras were compared over all of their follow-up."
    return (
        "Eras were compared over a common length of follow-up, at the end of which everybody still "
        "followed was censored."
    )


WORDS = {"eras_are_historical": eras_are_historical, "eras_follow_up": eras_follow_up}
METHODS = {"eras_method": eras_method}
