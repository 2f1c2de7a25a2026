"""Findings about comparisons: what a large P does not show, small groups, several tests."""

from __future__ import annotations

from remission.core.wording import listing, sentence_case
from remission.report.format import count, limits, p_phrase, percent, plural
from remission.report.words.phrases import (
    Facts,
    about,
    about_each,
    between_groups,
    groups_counted,
    groups_named,
    items,
    names,
)

WRITTEN_OUT = 2


def fewer_than_two_groups(facts: Facts) -> str:
    """Nothing to compare."""
    only = groups_named(facts.get("groups"), facts)
    where = (
        f"all {plural(facts['n'], 'patient')} are in one group ({only})" if only else "no group has patients"
    )
    return f"{about(facts)}nothing to compare: {where}."


def test_not_computable(facts: Facts) -> str:
    """A test without an answer, with its reason."""
    return (
        f"{about(facts)}the {facts['test']} test could not be computed: {str(facts['reason']).rstrip('.')}."
    )


def gray_needs_common_start(facts: Facts) -> str:
    """Gray's test with delayed entry."""
    return (
        f"{about(facts)}Gray’s test needs patients who are all followed from the start. As patients come "
        "under observation late here, the hazards of this event are compared instead (log-rank)."
    )


def small_groups(facts: Facts) -> str:
    """Groups too small for large-sample tests."""
    listed = listing(groups_counted(facts))
    exact = (
        " A permutation test, which holds in small groups, is shown with it."
        if facts.get("permutation")
        else ""
    )
    return (
        f"{about(facts)}fewer than {count(facts['below'])} patients in {listed}; the P value of the usual "
        f"test is only approximate.{exact}"
    )


def not_significant(facts: Facts) -> str:
    """A large P value is not equivalence."""
    phrase = p_phrase(facts["p"])
    text = (
        f"{about(facts)}{phrase} does not show that the groups are alike; it only fails to show a difference."
    )
    differences = items(facts, "differences")
    if len(differences) > WRITTEN_OUT:
        widest = max(differences, key=lambda item: abs(float(item.get("estimate") or 0.0)))
        text += (
            f" The largest of the differences: {_difference(widest, facts)}. The others stand in their table."
        )
    elif differences:
        text += f" {sentence_case('; '.join(_difference(item, facts) for item in differences))}."
    if any(item.get("low") is not None for item in differences):
        text += " Whatever lies in the interval remains possible."
    return text


def _difference(item: Facts, facts: Facts) -> str:
    ends = limits(item.get("low"), item.get("high"))
    points = percent(item.get("estimate")).removesuffix("%")
    held = f", with limits from {ends.replace('–', ' to ')}" if ends else ""
    between = between_groups(item, facts, "minus")
    return f"at {item['level']} {between} was {points} percentage points{held}"


def multiplicity(facts: Facts) -> str:
    """Several tests in one study."""
    tests, level = facts["comparisons"], facts["level"]
    analyses = facts.get("analyses") or 1
    where = "in this analysis" if analyses == 1 else f"in {count(analyses)} analyses of this study together"
    return (
        f"{plural(tests, 'comparison')} were tested {where}; {count(facts['significant'])} had P below "
        f"{level}. If there were no differences at all, the chance of at least one such P would be about "
        f"{_chance(facts)} (for independent tests). P values are not adjusted for this: a single one just "
        f"below {level} is weak evidence."
    )


def restricted_mean_beyond_follow_up(facts: Facts) -> str:
    """A limit beyond follow-up."""
    return f"{about(facts)}no restricted mean up to {facts['until']}: not every group was followed that long."


def screen_multiplicity(facts: Facts) -> str:
    """Many variables looked at."""
    tests, found, level = facts["variables"], facts["significant"], facts["level"]
    text = (
        f"{about_each(facts)}{plural(tests, 'variable')} were tested and {count(found)} had P below {level}. "
        f"If none mattered, the chance of at least one such P would be about {_chance(facts)} "
        "(for independent tests)."
    )
    if facts.get("adjust") in (None, "none"):
        return f"{text} The P values are not adjusted for this."
    after = count(facts["significant_adjusted"])
    return f"{text} After adjustment for the number of variables {after} remained below {level}."


def _chance(facts: Facts) -> str:
    return f"{count(round(100 * float(facts['chance'])))}%"


def numbers_not_screened(facts: Facts) -> str:
    """Numbers without cut points."""
    listed = listing(names(facts, "variables"))
    return (
        f"Not looked at, because a number needs cut points fixed in advance: {listed}. Declare them under "
        "[derived]; a cut point chosen for the best P value means nothing."
    )


WORDS = {
    "fewer_than_two_groups": fewer_than_two_groups,
    "test_not_computable": test_not_computable,
    "gray_needs_common_start": gray_needs_common_start,
    "small_groups": small_groups,
    "not_significant": not_significant,
    "multiplicity": multiplicity,
    "screen_multiplicity": screen_multiplicity,
    "numbers_not_screened": numbers_not_screened,
    "restricted_mean_beyond_follow_up": restricted_mean_beyond_follow_up,
}
