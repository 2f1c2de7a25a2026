"""The guard's words: why a comparison by what is known only later is withheld, and what stands instead."""

from __future__ import annotations

from remission.core.wording import in_sentence, listing
from remission.report.words.phrases import Facts, items, known_words

REMEDIES = {
    "landmark": "a landmark analysis (write `landmark` with a time fixed in advance)",
    "time-dependent": "the variable as a time-dependent covariate",
    "delayed entry": "delayed entry (each patient counts from the day the answer was known)",
}

# The heart of the matter, for somebody who has never heard the word.
WHY = (
    "To be counted in a group that is defined by something later, a patient must first live long enough "
    "for it to happen. One who died in the third week never had the chance, and so is counted in another "
    "group, or nowhere. The group defined by what came later holds, by construction, no early deaths: its "
    "curve would lie higher even if what defines it had no effect whatever. This is immortal-time "
    "(guarantee-time) bias. More patients do not cure it, and no P value survives it: a small one is no "
    "evidence of benefit, and a large one is no evidence that groups are alike. The result is therefore "
    "not given as an answer."
)

WHY_AGAIN = "Counted from the start, it would be biased by immortal time, as explained above."


def guard_withheld(facts: Facts) -> str:
    """Explain immortal-time bias in the words of the ward, and what was done instead."""
    return "\n\n".join([_asked(facts), WHY, _instead(facts)])


def _zero(facts: Facts) -> str:
    return str(facts.get("time_zero") or "time zero")


def _label(facts: Facts) -> str:
    return str(facts.get("column_label") or facts.get("column") or "this variable")


def _asked(facts: Facts) -> str:
    endpoint = in_sentence(str(facts.get("endpoint_label") or ""))
    task = {
        "group": f"The study asks to compare {endpoint or 'patients'} by “{_label(facts)}”.",
        "filter": f"The study asks to choose the patients by “{_label(facts)}”.",
        "stratum": f"The study asks to compare {endpoint or 'patients'} within levels of “{_label(facts)}”.",
        "term": f"The study asks to enter “{_label(facts)}” in a model of {endpoint or 'the endpoint'}.",
        "effect": f"The study asks for the effect of “{_label(facts)}” on {endpoint or 'the endpoint'}.",
        "adjust": f"The study asks to adjust {endpoint or 'the result'} for “{_label(facts)}”.",
    }.get(str(facts.get("role")), f"The study asks to use “{_label(facts)}”.")
    zero = _zero(facts)
    known = known_words(facts.get("known_at"), zero, facts.get("known_on"))
    if facts.get("reason") == "date not recorded":
        return f"{task} When it became known was not recorded, only that it was after {zero}."
    if facts.get("reason") == "known after the landmark":
        return f"{task} But it became known only after the landmark ({known})."
    return f"{task} But the clock starts at {zero}, and it became known {known}."


def _instead(facts: Facts) -> str:
    ran = items(facts, "ran")
    if not ran and facts.get("remedy"):
        ran = [{"remedy": facts["remedy"]}]
    if ran:
        told = [_remedy(each, facts) for each in ran]
        return " ".join([f"Instead, {told[0]}", *[f"Also, {text}" for text in told[1:]]])
    if facts.get("role") == "term":
        return "It is left out of the model."
    ways = [REMEDIES.get(str(name), str(name)) for name in facts.get("remedies") or ()]
    if ways:
        return f"Nothing was computed in its place. What would answer the question: {listing(ways, 'or')}."
    return "Nothing was computed in its place: it may be described, but it cannot form groups from the start."


def _remedy(ran: Facts, facts: Facts) -> str:
    """Say what runs in place of the naive analysis, and of whom it speaks."""
    if ran.get("remedy") == "delayed entry":
        return "each patient counts from the day on which the answer was known, and not before."
    if ran.get("remedy") == "time-dependent":
        return "each patient counts as without it until the day it happened, and with it from then on."
    landmark = ran.get("landmark") or facts.get("landmark")
    return (
        f"the clock starts at a landmark, {landmark} after {_zero(facts)}, which the study fixed in advance. "
        "Those still at risk on that day are compared by what was known of them on that day; what happened "
        "later moves nobody to another group. The answer is about patients who reached the landmark, not "
        "about all who began."
    )


def guard_title(facts: Facts) -> str:
    """Heading of the guard's explanation."""
    return f"Withheld: “{_label(facts)}” was not known at {_zero(facts)}"
