"""Declarations that do not fit their definition: told before any row is read."""

from __future__ import annotations

from remission.cohort.endpoints.ask import Ask
from remission.cohort.endpoints.definition import BUILT_IN
from remission.cohort.endpoints.sources import DEATH_FIRST, codes, failure_is_judged, wanted
from remission.core.problems import Problem
from remission.core.suggest import did_you_mean

_SWITCHES = {
    "time0": "day 0",
    "at_evaluation": "the day it was declared",
    "eln_aml": "day 0 (ELN, by a landmark)",
}


def misuse(ask: Ask) -> list[Problem]:
    """Tell everything that does not fit the definition."""
    return [*_competing(ask), *_unused(ask), *_rule(ask), *_follow_up(ask), *_status(ask)]


def _competing(ask: Ask) -> list[Problem]:
    allowed = ask.definition.may_compete
    wrong = [key for key in ask.declaration.competing if key not in allowed]
    if not wrong:
        return []
    message = f"{', '.join(wrong)} cannot be added to what competes with {ask.label}"
    named = f"It may be {', '.join(allowed)}." if allowed else "Its definition says all that competes."
    return [ask.problem("competing", message, f"{named}{did_you_mean(wrong[0], allowed)}")]


def _unused(ask: Ask) -> list[Problem]:
    """Events that the endpoint declares itself, and its definition has no use for."""
    used, definition = set(wanted(ask)), ask.definition
    spelled = {"progression": "relapse"}
    extra = [
        key for key in (*BUILT_IN, "progression") if key in ask.own and spelled.get(key, key) not in used
    ]
    extra += [key for key in ask.declaration.other if "other" in ask.own and key not in used]
    extra += [key for key in codes(ask) if "event" in ask.own and key not in used]
    problems = []
    for key in dict.fromkeys(extra):
        message = f"{definition.name} has no use for {definition.in_words(key)}"
        repair = "Leave it out."
        if key in definition.may_compete:
            repair = f'Leave it out, or say competing = ["{key}"] if it is to compete.'
        problems.append(ask.problem(key, message, repair))
    if "grade" in ask.own and not {"acute_gvhd", "chronic_gvhd"} & set(definition.events):
        problems.append(ask.problem("grade", f"{definition.name} has no grade", "Leave it out."))
    if "death_without_relapse" in ask.own and "relapse" not in definition.keys:
        message = f"{definition.name} does not tell death without relapse from other deaths"
        problems.append(ask.problem("death_without_relapse", message, "Say death, or death_without_event."))
    problems += _two_deaths(ask)
    if "death_without_event" in ask.own and "death" not in definition.competing:
        message = f"death does not compete in {definition.name}"
        problems.append(ask.problem("death_without_event", message, "Say death."))
    return problems


def _two_deaths(ask: Ask) -> list[Problem]:
    told = [key for key in ("death", *DEATH_FIRST) if getattr(ask.declaration, key) is not None]
    if len(told) < 2:
        return []
    return [ask.problem(told[-1], f"death is told twice, by {' and '.join(told)}", "Say one of them.")]


def _rule(ask: Ask) -> list[Problem]:
    definition, declared = ask.definition, ask.declaration
    problems = []
    if "rule" in ask.own and declared.rule not in definition.rules:
        repair = "Leave it out." if not definition.rules else f"Choose among {', '.join(definition.rules)}."
        problems.append(ask.problem("rule", f"{definition.name} has no rule {declared.rule}", repair))
    if "never_cr" in ask.own and not definition.never_cr:
        message = f"{definition.name} has no rule for patients never in remission"
        problems.append(ask.problem("never_cr", message, "Leave it out."))
    if declared.rule == "eln_aml" and declared.failure is not None and definition.rules:
        message = "the rule eln_aml goes by remission and the day of its evaluation, not by declared failure"
        problems.append(
            ask.problem("failure", message, "Say remission and evaluation, or choose rule = time0.")
        )
    if "evaluation" in ask.own and not (
        failure_is_judged(ask) or (definition.never_cr and declared.never_cr == "day-0")
    ):
        message = "the day of evaluation is not used"
        repair = "Leave it out, or say what is judged on it: remission (and no failure)."
        problems.append(ask.problem("evaluation", message, repair))
    return problems


def _follow_up(ask: Ask) -> list[Problem]:
    if ask.definition.always_followed and "censor_at" in ask.own:
        message = f"{ask.label} follows everybody until death or last contact"
        repair = "Leave out censor_at: a relapse or second transplant does not end follow-up of survival."
        return [ask.problem("censor_at", message, repair)]
    return []


def _status(ask: Ask) -> list[Problem]:
    declared, problems = ask.declaration, []
    if declared.event is not None and declared.time is None:
        problems.append(
            ask.problem("event", "event belongs to ready-made time and status columns", "Say time.")
        )
    if declared.censored and declared.status is None:
        problems.append(ask.problem("censored", "censored belongs to a status column", "Say status."))
    if isinstance(declared.event, dict) and declared.status is None:
        problems.append(ask.problem("event", "the codes of events belong to a status column", "Say status."))
    return problems


def never_cr_missing(ask: Ask) -> Problem:
    """Say that patients never in remission need a rule."""
    message = f"{ask.label} depends on how patients never in remission are counted"
    repair = (
        'Say never_cr = "first-recorded-progression" (from the day progression was recorded; right also when '
        'all were in remission) or "day-0" (with remission = the column that tells it).'
    )
    return ask.problem("never_cr", message, repair)


def rule_missing(ask: Ask) -> Problem:
    """Say that treatment failure needs a rule."""
    choices = ", ".join(f'"{rule}" ({_SWITCHES[rule]})' for rule in ask.definition.rules)
    message = "event-free survival depends on when treatment failure counts as an event"
    return ask.problem("rule", message, f"Say rule = {choices}.")
