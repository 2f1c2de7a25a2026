"""The document as a reader meets it: order, what stands beside what, and the naive never as the answer."""

from __future__ import annotations

from dataclasses import replace

from remission.report import Document, build
from remission.report.document import Callout, Figure, Heading, Paragraph, Summary, Table
from remission.report.methods import TOGETHER, say_method
from remission.report.words.guard import WHY, WHY_AGAIN
from remission.study.results import Analysis, Results, Statement
from tests.report import ankl
from tests.report.statement_facts import METHOD_FACTS


def chapters(document: Document) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1:
            found[block.text] = []
        else:
            found[list(found)[-1]].append(block)
    return found


def words(blocks: list[object]) -> str:
    said: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            said.append(block.text)
        if isinstance(block, Callout):
            said += [block.title, *[paragraph.text for paragraph in block.paragraphs]]
    return " ".join(said)


def test_the_chapters_are_those_of_a_registry_paper(document: Document) -> None:
    names = list(chapters(document))
    assert names[:2] == ["Summary", "Patients"]
    assert names[-4:] == [
        "Definitions of endpoints",
        "Statistical methods",
        "References",
        "Where the numbers come from",
    ]
    anchors = [block.anchor for block in document.blocks if isinstance(block, Heading)]
    assert len(anchors) == len(set(anchors))


def test_the_summary_has_the_numbers_a_reader_looks_for(document: Document) -> None:
    summary = next(block for block in document.blocks if isinstance(block, Summary))
    shown = {item.label: item.value for item in summary.items}
    assert shown["Patients"] == "59"
    assert shown["Median follow-up"] == "5.2 years"
    assert "Overall survival at 5 years" in shown
    assert not any("naive" in label for label in shown)


def test_patients_are_counted_in_words(document: Document) -> None:
    text = words(chapters(document)["Patients"])
    assert "66 rows; 59 patients were included" in text
    assert "4 (not a first transplant, 1 of them because it could not be decided)" in text
    assert "Relapse or progression: 58 patients, without 1 (relapse date unknown)" in text


def test_results_are_said_with_intervals_and_p(document: Document) -> None:
    outcome = words(chapters(document)["Outcome of all patients"])
    assert "Overall survival was" in outcome
    assert "The cumulative incidence of relapse or progression was" in outcome
    assert "Median overall survival was 0.62 years (95% CI 0.41 to not reached)." in outcome
    graft = words(chapters(document)["Survival by graft source"])
    assert "log-rank test, P = 0.046" in graft
    assert "−8.6 percentage points (95% CI −32.0 to 14.9)" in graft


def test_the_guard_speaks_before_the_numbers_and_the_naive_is_not_told_as_a_result(
    document: Document,
) -> None:
    blocks = chapters(document)["Survival by course"]
    first = blocks[0]
    assert isinstance(first, Callout)
    assert first.kind == "guard"
    paragraphs = " ".join(block.text for block in blocks if isinstance(block, Paragraph))
    assert "Among those at risk at the landmark of 100 days" in paragraphs
    assert "P = 0.62" in paragraphs
    assert "0.95" not in paragraphs
    figure = next(block for block in blocks if isinstance(block, Figure))
    assert "(B) naive comparison (biased)" in figure.caption
    table = next(block for block in blocks if isinstance(block, Table))
    assert any("naive comparison, biased" in row.cells[0] for row in table.rows)


def test_the_reasons_of_the_guard_are_told_in_full_once() -> None:
    results = ankl.results()
    course = results.analyses[3]
    document = build(replace(results, analyses=(course, replace(course, title="Again"))))
    assert words(chapters(document)["Survival by course"]).count(WHY) == 1
    again = words(chapters(document)["Again"])
    assert WHY not in again
    assert WHY_AGAIN in again


def test_endpoints_without_groups_share_a_figure(document: Document) -> None:
    figures = [block for block in chapters(document)["Outcome of all patients"] if isinstance(block, Figure)]
    assert figures[0].caption.startswith(
        "Outcome: (A) overall survival; (B) relapse or progression; (C) non-relapse"
    )
    assert figures[0].alt.startswith("Kaplan–Meier curve of overall survival: All patients")
    assert figures[1].name.endswith("stacked")


def test_findings_stand_with_what_they_concern() -> None:
    results = ankl.results()
    graft, course = results.analyses[2], results.analyses[3]
    late = Statement("groups_empty", {"label": "Course", "groups": ("x",)}, "warning")
    whole = Statement("nobody_alive", {"endpoint_label": "Overall survival"})
    both = Analysis(
        "two", "compare", "Two", (*graft.outputs, *course.outputs), (late, whole, *course.findings)
    )
    blocks = chapters(build(replace(results, analyses=(both,))))["Two"]
    heads = [block.text for block in blocks if isinstance(block, Heading)]
    assert heads == ["By Graft source", "By Course"]
    kinds = [block.kind if isinstance(block, Callout) else type(block).__name__ for block in blocks]
    second = next(place for place, block in enumerate(blocks) if getattr(block, "text", "") == "By Course")
    assert kinds.index("guard") > second
    assert kinds.index("warning") > second
    assert kinds[-1] == "note"


def test_methods_come_from_what_ran_each_once(document: Document) -> None:
    text = words(chapters(document)["Statistical methods"])
    assert text.count("Kaplan–Meier method with Greenwood") == 1
    assert "remission 0.1.0" in text
    assert "Gray" not in text


def test_long_methods_are_parted_where_another_analysis_begins() -> None:
    results = ankl.results()
    every = [Statement(name, facts) for name, (facts, _) in METHOD_FACTS.items() if name not in TOGETHER][:9]
    analyses = tuple(
        replace(results.analyses[0], name=str(number), methods=tuple(told))
        for number, told in enumerate((every[:4], every[:8], every[4:8], every[:1], every))
    )
    blocks = chapters(build(replace(results, analyses=analyses)))["Statistical methods"]
    parts = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert [sum(say_method(one) in part for one in every) for part in parts] == [8, 1]
    assert parts[-1].endswith("remission 0.1.0.")


def test_provenance_is_enough_to_repeat_the_run(results: Results, document: Document) -> None:
    (definitions,) = chapters(document)["Where the numbers come from"]
    text = " ".join(paragraph.text for _, paragraph in definitions.items)  # type: ignore[attr-defined]
    made = results.provenance
    for wanted in (made.data_sha256, made.study_sha256, str(made.seed), made.started, "numpy 2.4", "66 rows"):
        assert wanted in text


def test_simulated_data_are_called_so_everywhere(document: Document) -> None:
    assert "Simulated" in document.banner
    assert all("Simulated data." in table.notes for table in document.tables)
    assert all(figure.caption.endswith("Simulated data.") for figure in document.figures)
    real = build(ankl.results(simulated=False))
    assert real.banner == ""
    assert not any("imulated" in figure.caption for figure in real.figures)
    assert not any("imulated" in note for table in real.tables for note in table.notes)


def test_a_study_without_analyses_has_a_report() -> None:
    empty = replace(ankl.results(), analyses=(), endpoints=(), flow=())
    names = list(chapters(build(empty)))
    assert names == ["Summary", "Patients", "Statistical methods", "Where the numbers come from"]
