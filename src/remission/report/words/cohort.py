"""Findings about who was described and compared: missing values, unknown groups, selections."""

from __future__ import annotations

from collections.abc import Sequence

from remission.core.wording import in_sentence, listing, sentence_case
from remission.report.format import count, fixed, percent, plural
from remission.report.words.phrases import Facts, groups_named, in_group, items, known_words, names


def group_unknown(several: Sequence[Facts]) -> str:
    """Patients who are in no group: nobody knows which, or they meet no condition of any."""
    unknown = [facts for facts in several if not facts.get("by_conditions")]
    said = [_in_none(str(label), several) for label in dict.fromkeys(_labels_of_conditions(several))]
    if len(unknown) == 1:
        facts = unknown[0]
        said.append(
            f"{sentence_case(str(facts['label']))} was unknown in {count(facts['n'])} of "
            f"{plural(facts['total'], 'patient')}; they are in no group and are left out of the comparison."
        )
    elif unknown:
        listed = [f"{facts['label']} in {count(facts['n'])} of {count(facts['total'])}" for facts in unknown]
        said.append(f"Unknown, and so left out of the comparison: {listing(listed)} patients.")
    return " ".join(said)


def _labels_of_conditions(several: Sequence[Facts]) -> list[str]:
    return [str(facts["label"]) for facts in several if facts.get("by_conditions")]


def _in_none(label: str, several: Sequence[Facts]) -> str:
    """Say how many meet the condition of no group, each time they were counted."""
    mine = [facts for facts in several if facts.get("by_conditions") and str(facts["label"]) == label]
    counts = [f"{count(facts['n'])} of {count(facts['total'])}" for facts in mine]
    return (
        f"{sentence_case(label)}: {listing(counts)} patients belonged to none of the groups compared, as far "
        "as is known, and are left out of the comparison."
    )


def groups_empty(facts: Facts) -> str:
    """Levels without patients."""
    return f"{sentence_case(str(facts['label']))}: nobody was in {groups_named(facts['groups'], {})}."


def only_some_patients(facts: Facts) -> str:
    """A selection by conditions."""
    unknown = facts.get("unknown") or 0
    tail = f", of whom {count(unknown)} because the condition could not be decided" if unknown else ""
    where = listing([f"“{condition}”" for condition in names(facts, "conditions")])
    return (
        f"Only patients with {where}: {count(facts['n'])} are analysed here, "
        f"{count(facts['excluded'])} left out{tail}."
    )


def known_after_time_zero(facts: Facts) -> str:
    """Columns described although they were known only later."""
    zero = str(facts.get("time_zero") or "time zero")
    listed = listing(
        [
            f"{item['label']} ({known_words(item.get('known_at'), zero, item.get('known_on'))})"
            for item in items(facts, "variables")
        ]
    )
    return (
        f"Known only after {zero}, so described but not to be read as baseline: {listed}. "
        "Patients who died early had less chance to have it recorded."
    )


def much_missing(facts: Facts) -> str:
    """Columns with many missing values."""
    listed = [
        f"{item['label']} ({count(item['missing'])} of {count(facts['total'])}, {fixed(item['percent'], 1)}%)"
        for item in items(facts, "variables")
    ]
    return (
        f"Often missing: {listing(listed)}. Percentages are of those known; the unknown may differ from them."
    )


def cause_of_death_in_the_living(facts: Facts) -> str:
    """A contradiction in the file."""
    return (
        f"{sentence_case(str(facts['label']))} is recorded for {plural(facts['n'], 'patient')} who did not "
        f"die by the dates ({count(facts['alive'])} are alive); they are not counted here. Check the file."
    )


def death_without_cause(facts: Facts) -> str:
    """Deaths of unknown cause."""
    return (
        f"{sentence_case(str(facts['label']))} is unknown in {count(facts['n'])} of "
        f"{plural(facts['deaths'], 'death')}; they are shown as unknown."
    )


def follow_up_incomplete(facts: Facts) -> str:
    """Much follow-up lost."""
    listed = [f"{percent(item['completeness'])}{in_group(item, facts)}" for item in items(facts, "groups")]
    closed = f" until {facts['closed']}" if facts.get("closed") else ""
    return (
        f"Follow-up is incomplete: of the time that could have been observed{closed}, {listing(listed)} was. "
        "If those lost differ from those followed, every curve is off; try to update the last contacts."
    )


def nobody_alive(facts: Facts) -> str:
    """Follow-up without survivors."""
    label = in_sentence(str(facts.get("endpoint_label") or "the event"))
    return f"Every patient had an event of {label}, so there is no follow-up among survivors to describe."


WORDS = {
    "groups_empty": groups_empty,
    "only_some_patients": only_some_patients,
    "known_after_time_zero": known_after_time_zero,
    "much_missing": much_missing,
    "cause_of_death_in_the_living": cause_of_death_in_the_living,
    "death_without_cause": death_without_cause,
    "follow_up_incomplete": follow_up_incomplete,
    "nobody_alive": nobody_alive,
}

# Said of several variables in one sentence.
TOGETHER = {"group_unknown": group_unknown}
