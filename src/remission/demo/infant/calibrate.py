"""Find the seeds: stage by stage, the first realisation of the model that meets the published figures.

`python -m remission.demo.infant.calibrate` repeats the search (about a minute) and prints the seeds that
`model.py` holds. Each stage only needs the stages before it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import numpy as np

from remission.demo.draws import NEVER, YEAR, Flags, Floats
from remission.demo.infant.course import Course, draw_course, draw_courses, draw_survival, joined
from remission.demo.infant.infants import Infants, draw_infants
from remission.demo.infant.model import INFANT, Model, Seeds
from remission.demo.infant.published import FIGURES
from remission.demo.search import first, fitting, survival_and_error
from remission.estimate.logrank import logrank
from remission.events.count import event_table
from remission.regress.cox import cox
from remission.regress.fit import Fit

THREE_YEARS = 3 * YEAR
LANDMARK = 120
"""Day from which infants are compared by MRD: by then it is known in nearly all."""
MOST = {
    "infants": 10_000,
    "low": 10_000,
    "intermediate": 10_000,
    "high": 400_000,
    "survival": 100_000,
}
SIGNIFICANT, NO_EFFECT = 0.05, 0.1
POSITIVE, MEASURED, POOR_RESPONSE = range(23, 31), range(62, 72), range(13, 22)
LOST_EARLY = (1, 3)
DEATHS_IN_REMISSION, SECOND_MALIGNANCIES, TRANSPLANTS = (2, 3), (1,), range(32, 41)
TRANSPLANT_RATIO = (0.6, 1.0)
"""Where the hazard ratio of events after transplantation may be found, the true one of relapse being 0.7."""


def calibrate(model: Model) -> Model:
    """Search the seeds of a model.

    Raises
    ------
    LookupError
        If none is found.
    """
    for with_infants in fitting(model, "infants", infants_fit, most=MOST["infants"]):
        infants = draw_infants(with_infants)
        for with_low in first(with_infants, "low", group_fits("low", infants), MOST):
            for with_both in first(with_low, "intermediate", group_fits("intermediate", infants), MOST):
                for with_all in first(with_both, "high", high_fits(with_both, infants), MOST):
                    for with_survival in first(with_all, "survival", survival_fits(with_all, infants), MOST):
                        return with_survival
    message = "no seed meets the published figures; the model's rates do not suit them"
    raise LookupError(message)


def infants_fit(model: Model) -> bool:
    """Usual shares of MRD and of poor response with KMT2A rearranged; and how many are lost early."""
    infants = draw_infants(model).of("intermediate", "high")
    lost = infants.group[~infants.followed_on]
    return (
        (int((lost == "intermediate").sum()), int((lost == "high").sum())) == LOST_EARLY
        and int((infants.positive & infants.measured[:, 1]).sum()) in POSITIVE
        and int(infants.measured[:, 1].sum()) in MEASURED
        and int((infants.blasts >= 1000).sum()) in POOR_RESPONSE
    )


def group_fits(group: str, infants: Infants) -> Callable[[Model], bool]:
    """Whether event-free survival of one risk group is as published."""
    chosen = infants.of(group)

    def fits(model: Model) -> bool:
        course = draw_course(model, chosen, getattr(model.seeds, group))
        return (
            int(course.event.sum()) == 1
            and bool((course.relapse < NEVER).any())
            and (group == "low" or _one_of_each(course))
            and _followed_for_three_years(course)
            and _as_published(f"efs_{group}", course.event_free, course.event)
        )

    return fits


def high_fits(model: Model, infants: Infants) -> Callable[[Model], bool]:
    """Whether the high-risk group is as published, and with it all infants with KMT2A rearranged.

    Also that MRD and sex are found to matter, as in the paper, nothing else is by chance, and transplantation
    does not seem to do what it does not.
    """
    chosen = infants.of("high")
    rearranged = infants.of("intermediate", "high")
    other = draw_course(model, infants.of("intermediate"), model.seeds.intermediate)

    def fits(candidate: Model) -> bool:
        course = draw_course(candidate, chosen, candidate.seeds.high)
        if not _as_published("efs_high", course.event_free, course.event):
            return False
        both = joined([other, course], rearranged)
        return (
            _as_published("efs_rearranged", both.event_free, both.event)
            and int((course.death < NEVER).sum()) in DEATHS_IN_REMISSION
            and int((course.malignancy < NEVER).sum()) in SECOND_MALIGNANCIES
            and int((course.transplant < NEVER).sum()) in TRANSPLANTS
            and bool((_p_values(by_mrd_and_sex(both))[:2] < SIGNIFICANT).all())
            and all(_p(course, group) >= NO_EFFECT for group in _without_effect(chosen))
            and all(p >= NO_EFFECT for p in _interactions_with_mrd(both))
            and TRANSPLANT_RATIO[0] <= transplant_ratio(course) <= TRANSPLANT_RATIO[1]
            and not _transplant_differs(course)
        )

    return fits


def survival_fits(model: Model, infants: Infants) -> Callable[[Model], bool]:
    """Whether overall survival of those with KMT2A rearranged is as published."""
    course = draw_courses(model, infants)
    rearranged = infants.group != "low"

    def fits(candidate: Model) -> bool:
        survival = draw_survival(candidate, course)
        return _as_published("os_rearranged", survival.exit[rearranged], survival.died[rearranged])

    return fits


def by_mrd_and_sex(course: Course) -> Fit:
    """Event-free survival from day 120 by MRD at TP2, sex and risk group: a Cox model, in this order."""
    infants = course.infants
    return _from_landmark(
        course, {"mrd": infants.positive, "female": infants.female, "high": infants.group == "high"}
    )


def _from_landmark(course: Course, terms: dict[str, Flags]) -> Fit:
    """A Cox model from day 120 on of infants whose MRD at TP2 is known by then."""
    kept = _in_models(course)
    chosen = {name: values[kept].astype(float) for name, values in terms.items()}
    return cox(course.event_free[kept], course.event[kept], chosen)


def _one_of_each(course: Course) -> bool:
    """Whether the event is in the models, and somebody was transplanted although it was not meant."""
    return bool(_in_models(course)[course.event].all()) and bool((course.transplant < NEVER).any())


def _in_models(course: Course) -> Flags:
    """Event-free and followed at day 120, with MRD at TP2 known by then."""
    infants = course.infants
    known = infants.measured[:, 1] & (infants.judged <= LANDMARK)
    return np.asarray(known & (course.event_free > LANDMARK))


def _interactions_with_mrd(course: Course) -> Iterator[float]:
    """Whether the effect of MRD seems to differ by what it does not differ by: P values."""
    infants = course.infants
    seen = course.event & _in_models(course)
    for group in (infants.female, *_without_effect(infants)[:-2]):
        cells = [mrd & side for mrd in (infants.positive, ~infants.positive) for side in (group, ~group)]
        terms = {"mrd": infants.positive, "group": group, "both": cells[0]}
        estimable = all((cell & seen).any() for cell in cells)
        yield _p_values(_from_landmark(course, terms))[2] if estimable else 0.0


def transplant_ratio(course: Course) -> float:
    """Hazard ratio of an event after transplantation in first remission, as time-dependent."""
    return float(np.exp(_by_transplant(course).coefficients[0]))


def _by_transplant(course: Course, group: Flags | None = None) -> Fit:
    """A Cox model of events from remission on by transplantation, perhaps differing between strata."""
    remission = np.where(course.infants.failed, NEVER, course.infants.judged)
    kept = course.event_free > remission
    start, day, stop = remission[kept], course.transplant[kept], course.event_free[kept]
    event, moved = course.event[kept], day < stop
    after = np.concatenate([np.zeros(len(start)), np.ones(int(moved.sum()))])
    origin = np.concatenate([start, start[moved]])
    entry = np.concatenate([start, day[moved]]) - origin
    exit_ = np.concatenate([np.where(moved, day, stop), stop[moved]]) - origin
    happened = np.concatenate([event & ~moved, event[moved]])
    if group is None:
        return cox(exit_, happened, {"transplant": after}, entry=entry)
    among = np.concatenate([group[kept], group[kept][moved]])
    terms = {"transplant": after, "both": after * among}
    return cox(exit_, happened, terms, entry=entry, stratum=np.where(among, "yes", "no"))


def _transplant_differs(course: Course) -> bool:
    """Whether the effect of transplantation seems to differ by sex or age, by which it does not."""
    groups = (course.infants.female, course.infants.age < 90)
    return any(_p_values(_by_transplant(course, group))[1] < NO_EFFECT for group in groups)


def _followed_for_three_years(course: Course) -> bool:
    """Whether only infants who left were lost before: the published figures leave no room for others."""
    seen = course.event | (course.followed > THREE_YEARS)
    return bool(seen[course.infants.followed_on].all())


def _as_published(name: str, exit_: Floats, event: Flags) -> bool:
    """Whether an estimate at 3 years and its standard error round to what was published."""
    value, error = survival_and_error(exit_, event, THREE_YEARS)
    return FIGURES[name].holds(value) and FIGURES[f"{name}_se"].holds(error)


def _p_values(fit: Fit) -> Floats:
    """Wald tests of the coefficients."""
    return np.array([float(p) for p in fit.rows()["p"]])


def _p(course: Course, group: Flags) -> float:
    return logrank(event_table(course.event_free, course.event, group=np.where(group, "yes", "no"))).p


def _without_effect(infants: Infants) -> tuple[Flags, ...]:
    """Split infants by what has no effect of its own."""
    return (
        infants.age < 90,
        infants.cns,
        infants.wbc >= 300,
        infants.blasts >= 1000,
        np.asarray(infants.partner == "AFF1"),
    )


def main() -> None:
    """Print the seeds."""
    seeds: Seeds = calibrate(INFANT).seeds
    sys.stdout.write(f"{seeds}\n")


if __name__ == "__main__":
    main()
