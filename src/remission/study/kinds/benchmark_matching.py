"""Which published results concern an endpoint of the study."""

from __future__ import annotations

from collections.abc import Sequence

from remission.cohort.outcome import Outcome
from remission.core.clock import parse_duration
from remission.core.problems import InputError, Problem, problem_of
from remission.study.kind import Context
from remission.study.kinds.benchmark_options import BenchmarkOptions
from remission.study.published.results import Published, published, result_problems, trial_results


def found_results(
    context: Context, options: BenchmarkOptions, where: str
) -> tuple[tuple[Published, ...], tuple[Problem, ...]]:
    """Every result the options name, in their order, and what is wrong with them."""
    results: list[Published] = []
    problems: list[Problem] = []
    for name in options.published:
        try:
            read, wrong = trial_results(name, folder=context.folder, level=context.confidence)
        except InputError as error:
            otherwise = "docs/benchmarks.md lists the trials; a file of your own ends in .toml."
            problems.append(problem_of(error, f"{where}.published", otherwise))
            continue
        results += read
        problems += wrong
    for number, own in enumerate(options.results, 1):
        wrong = tuple(result_problems(own, f"{where}.results {number}"))
        problems += wrong
        results += [] if wrong else [published(own.trial, own, level=context.confidence)]
    return tuple(dict.fromkeys(results)), tuple(problems)


def concerning(
    outcome: Outcome, results: Sequence[Published], options: BenchmarkOptions, context: Context
) -> tuple[Published, ...]:
    """Results of one endpoint at the times asked for, by time and then in their order."""
    clock = context.cohort.clock
    wanted = {clock.days(parse_duration(text)) for text in options.at}
    meant = _meant(outcome, options)
    chosen = [
        (days, result)
        for result in results
        if result.endpoint in meant
        and ((days := clock.days(parse_duration(result.time))) in wanted or not wanted)
    ]
    return tuple(result for _, result in sorted(chosen, key=lambda each: each[0]))


def _meant(outcome: Outcome, options: BenchmarkOptions) -> set[str]:
    """Names an endpoint may have in published results: its own, that of its definition, and what was said."""
    said = options.means.get(outcome.endpoint)
    names = {outcome.endpoint, said or outcome.definition_name or outcome.label.lower().replace(" ", "-")}
    return names - {""}
