"""What the endpoints mean, and where the numbers come from: enough to repeat the run."""

from __future__ import annotations

from remission.core.wording import listing, sentence_case
from remission.report.document import Block, Definitions, Heading, Paragraph
from remission.report.format import count, plural
from remission.study.results import EndpointSummary, OtherCohort, Results


def endpoint_definitions(results: Results) -> list[Block]:
    """Every endpoint as it was used."""
    if not results.endpoints:
        return []
    items = tuple((sentence_case(each.label), Paragraph.of(_definition(each))) for each in results.endpoints)
    return [Heading(1, "Definitions of endpoints", "endpoints"), Definitions(items)]


def _definition(endpoint: EndpointSummary) -> str:
    events = [f"{name} {count(number)}" for name, number in endpoint.events.items()]
    happened = f"; events: {listing(events)}" if events else ""
    text = endpoint.definition.rstrip()
    if text and not text.endswith("."):
        text += "."
    return f"{text} {plural(endpoint.n, 'patient')}{happened}.".strip()


def provenance(results: Results) -> list[Block]:
    """Files with their fingerprints, versions, seed, and what was decided on reading."""
    made = results.provenance
    versions = ", ".join(f"{name} {version}" for name, version in made.versions.items())
    items = [
        ("Data", f"{made.data}, {plural(made.data_rows, 'row')}, SHA-256 {made.data_sha256}"),
        ("Study file", f"{made.study}, SHA-256 {made.study_sha256}"),
        ("Started", made.started),
        ("Random seed", str(made.seed)),
        ("Software", versions),
    ]
    items += [
        ("Excluded", f"{step.reason}: {count(step.excluded)}") for step in results.flow if step.excluded
    ]
    items += _excluded(results.endpoints)
    items += [("Note", note) for note in made.notes]
    items += [("Further file", f"{name}, SHA-256 {digest}") for name, digest in made.files.items()]
    if results.validation is not None:
        items += _second(results.validation)
    return [
        Heading(1, "Where the numbers come from", "provenance"),
        Definitions(tuple((name, Paragraph.of(text)) for name, text in items)),
    ]


def _second(cohort: OtherCohort) -> list[tuple[str, str]]:
    """The file of the second cohort, and what was decided on reading it."""
    label = sentence_case(cohort.label)
    text = f"{cohort.data}, {plural(cohort.data_rows, 'row')}, SHA-256 {cohort.data_sha256}"
    left = [(f"{label}: excluded", f"{step.reason}: {count(step.excluded)}") for step in cohort.flow]
    return [
        (label, text),
        *[item for item, step in zip(left, cohort.flow, strict=True) if step.excluded],
        *[(f"{label}: {name[0].lower()}{name[1:]}", words) for name, words in _excluded(cohort.endpoints)],
        *[(f"{label}: note", note) for note in cohort.notes],
    ]


def _excluded(endpoints: tuple[EndpointSummary, ...]) -> list[tuple[str, str]]:
    """Whom each endpoint left out."""
    return [
        (f"Excluded for {each.label}", f"{step.reason}: {count(step.excluded)}")
        for each in endpoints
        for step in each.flow
        if step.excluded
    ]
