"""The page of one patient: what locked signatures say, and what speaks against believing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import log

from remission.core.wording import listing, sentence_case
from remission.report.document import (
    Block,
    Callout,
    Definitions,
    Document,
    Figure,
    HeaderCell,
    Heading,
    Paragraph,
    Row,
    Run,
    Table,
    numbered,
)
from remission.report.figures.reference_score import draw_reference_score
from remission.report.figures.style import MIDDLE
from remission.report.format import (
    ABSENT,
    count,
    fixed,
    interval,
    limits,
    p_phrase,
    plural,
    predicted_percent,
)
from remission.study.laboratory.patient import About, Known, Prediction

BANNER = "Research use only. Not for treatment decisions."
SHOWN = 12


@dataclass(frozen=True, slots=True)
class PatientPage:
    """Everything the page shows.

    Attributes
    ----------
    patient : str
    predictions : tuple of Prediction
    matrix, matrix_hash : str
        Name and SHA-256 of the file of expression.
    scale : str
    scale_said : bool
        Whether somebody said the scale, or it was taken to be that of the signatures.
    program : str
        Version of remission.
    """

    patient: str
    predictions: tuple[Prediction, ...]
    matrix: str
    matrix_hash: str
    scale: str
    scale_said: bool
    program: str
    reading: tuple[str, ...] = ()
    chosen_among: bool = False


def build_patient_page(page: PatientPage) -> Document:
    """Lay out the page of one patient."""
    blocks: list[Block] = [_caution(page), _overview(page)]
    for number, each in enumerate(page.predictions, start=1):
        blocks += _drug(each, number)
    blocks += [Heading(1, "Where this comes from", "provenance"), _provenance(page)]
    subtitle = "What locked signatures of gene expression predict"
    return numbered(Document(f"Patient {page.patient}", subtitle, tuple(blocks), banner=BANNER))


def _caution(page: PatientPage) -> Callout:
    cells = any(each.about.negative == "sensitive" for each in page.predictions)
    meant = (
        "What is predicted is whether leukaemic cells would survive a drug in a plate. Cells that are "
        "sensitive there are not a patient who responds, and cells that are resistant are not one who does "
        "not: dose, metabolism, the marrow and the other drugs are not in the plate. "
        if cells
        else ""
    )
    return Callout(
        "warning",
        "What this page is not for",
        (
            Paragraph.of(
                f"{meant}No treatment may be chosen, changed or left out because of this page. A prediction "
                "is as good as the patients it was learned from are like this one, which numbers cannot tell "
                "in full."
            ),
        ),
    )


def _overview(page: PatientPage) -> Table:
    heads = ("", "Probability", "95% limits", "Called", "Out of fold", "Genes there")
    return Table(
        name="overview",
        caption="Predictions",
        header=(tuple(HeaderCell(head) for head in heads),),
        rows=tuple(_line(each) for each in page.predictions),
        align=("left", "right", "right", "left", "left", "right"),
        notes=(
            f"Probability: of {_classes(page)}.",
            "Limits hold the uncertainty of the weights and of the map from score to probability;",
            "they do not hold another platform, laboratory or kind of patient.",
            "Out of fold: area under the ROC curve (or concordance index) in the patients learned from,",
            "each predicted by models that never saw that patient; chance is 0.50.",
        ),
    )


def _classes(page: PatientPage) -> str:
    names = dict.fromkeys(each.about.positive for each in page.predictions if each.about.task == "class")
    return listing([f"“{name}”" for name in names], "or") or "a class"


def _line(each: Prediction) -> Row:
    name, main = sentence_case(each.about.drug), _main(each.about)
    if each.found is None:
        return Row((name, ABSENT, ABSENT, "not predicted", main, ABSENT))
    found = each.found
    chance = predicted_percent(found.probability)
    ends = limits(_known(found.low), _known(found.high), scale=100, decimals=0)
    call = f"{found.call}, unsure" if found.unsure else found.call or ABSENT
    there = f"{count(each.about.genes - len(found.missing))} of {count(each.about.genes)}"
    return Row((name, chance, f"{ends}%" if ends and chance != ABSENT else ABSENT, call, main, there))


def _main(about: About) -> str:
    main = about.main
    if main is None:
        return ABSENT
    return interval(main.estimate, main.low, main.high)


def _drug(each: Prediction, number: int) -> list[Block]:
    """All of one signature."""
    about = each.about
    blocks: list[Block] = [Heading(1, sentence_case(about.drug), f"drug-{number}")]
    if each.found is None:
        refused = Paragraph.of(each.refused)
        return [*blocks, Callout("guard", "Not predicted: too few of the genes are there", (refused,))]
    blocks += [_says(each), _figure(each, number)]
    warned = _warnings(each)
    if warned:
        blocks.append(Callout("warning", "Read with care", tuple(Paragraph.of(text) for text in warned)))
    return [*blocks, Definitions(tuple((term, Paragraph.of(text)) for term, text in _details(each)))]


def _says(each: Prediction) -> Paragraph:
    """The prediction in words."""
    about, found = each.about, each.found
    if found is None:
        raise AssertionError("refused before")
    if about.task != "class":
        text = f"Score {fixed(found.score, 2)}" + (f", group {found.call}." if found.call else ".")
        return Paragraph((Run(text, "strong"), Run(f" It lies {_place(each)}.")))
    ends = limits(_known(found.low), _known(found.high), scale=100, decimals=0)
    chance = f"{predicted_percent(found.probability)} (95% limits {ends}%)"
    first = f"Predicted probability of {about.positive}: {chance}."
    called = f" Called {found.call}"
    if about.cutoff is not None:
        called += f", as {about.positive} is called from {_share(about.cutoff)} on"
    called += "."
    doubt = " The limits hold that cut-off: the other call is as well possible." if found.unsure else ""
    return Paragraph((Run(first, "strong"), Run(f"{called}{doubt} The score lies {_place(each)}.")))


def _place(each: Prediction) -> str:
    """Where the score lies among those learned from."""
    low, high = each.place
    if low == 0:
        return f"among the lowest {fixed(100 * high, 1).removesuffix('.0')}% of the patients learned from"
    if high == 1:
        share = fixed(100 * (1 - low), 1).removesuffix(".0")
        return f"among the highest {share}% of the patients learned from"
    ends = [fixed(100 * share, 1).removesuffix(".0") for share in (low, high)]
    return f"above {ends[0]} to {ends[1]}% of the patients learned from"


def _figure(each: Prediction, number: int) -> Figure:
    about, found = each.about, each.found
    if found is None:
        raise AssertionError("refused before")
    cuts, words = _cuts(each)
    return Figure(
        name=f"{number:02d}-reference",
        caption=f"Score of this patient (diamond) among the {plural(about.learned_on, 'patient')} learned "
        "from, each of these predicted out of fold: middle 95%, 80% and 50% (bands) and median (line)."
        + (f" Broken line: {words}." if words else ""),
        alt=f"Score {fixed(found.score, 2)}, {_place(each)}.",
        draw=partial(
            draw_reference_score, found.score, about.quantiles, about.scores, cuts=cuts, cut_words=words
        ),
        width=MIDDLE,
    )


def _cuts(each: Prediction) -> tuple[tuple[float, ...], str]:
    """Scores at which calls or groups begin, and words for them."""
    about = each.about
    if about.groups:
        return about.groups, "groups begin"
    if about.cutoff is None or about.map is None or about.map[1] <= 0 or not 0 < about.cutoff < 1:
        return (), ""
    intercept, slope = about.map
    return (
        (log(about.cutoff / (1 - about.cutoff)) - intercept) / slope,
    ), f"called {about.positive} from here"


def _warnings(each: Prediction) -> list[str]:
    about, found = each.about, each.found
    said = [f"{sentence_case(text)}." for text in (found.warnings if found is not None else ())]
    main = about.main
    if main is None:
        said.append("How good this signature was out of fold is not in its file.")
    elif main.low is None or main.low <= about.chance:
        said.append(
            "Out of fold this signature did no better than chance could: its prediction says nothing of this "
            "patient."
        )
    return said


def _details(each: Prediction) -> list[tuple[str, str]]:
    about, found = each.about, each.found
    if found is None:
        return []
    whole = _share(found.coverage_reference)
    there = (
        f"{_share(found.coverage_count)} of its {plural(about.genes, 'gene')}, "
        f"{_share(found.coverage_weight)} of their weight, {whole} of the genes its scale is made of "
        f"(needed: {_share(about.least_count)}, {_share(about.least_weight)} and "
        f"{_share(about.least_reference)})."
    )
    ordered = sorted(about.measures, key=lambda known: known != about.main)
    measures = "; ".join(_measure(known) for known in ordered)
    tested = (
        f"; {p_phrase(about.p)} ({plural(about.permutations, 'permutation')} of the whole pipeline)"
        if about.p is not None
        else "; not tested by permutation"
    )
    stable = "" if about.stability is None else f"; stability of the genes {fixed(about.stability, 2)}"
    learned = (
        f"{plural(about.learned_on, 'patient')}"
        + (f" ({count(about.events)} {about.positive})" if about.task == "class" else "")
        + (f" from {about.source}" if about.source else "")
        + f"; {about.model}, {about.repeats} × {about.folds} folds, {about.created}, "
        + f"remission {about.program}."
    )
    details = [
        ("Coverage", there),
        ("Missing genes", _named(found.missing, "none") + _imputed(found.missing)),
        (
            "Genes outside the range of the patients learned from",
            _named(found.outside, "none"),
        ),
        (
            "Distance from those learned from",
            f"{fixed(found.distance, 2)} (about 1 is usual; 97.5% of them lie below {fixed(each.far, 2)}).",
        ),
        ("How good it was out of fold", f"{sentence_case(measures)}{tested}{stable}."),
        ("Learned on", learned),
    ]
    if about.recalibrated:
        details.append(("Recalibrated on", f"{about.recalibrated}."))
    details.append(("Signature", f"{about.name}, file version {about.version}, SHA-256 {about.hash}."))
    if about.notes:
        details.append(("Notes of the file", f"{'; '.join(note.rstrip('.') for note in about.notes)}."))
    return details


def _measure(known: Known) -> str:
    return f"{known.measure} {interval(known.estimate, known.low, known.high)}"


def _imputed(missing: Sequence[str]) -> str:
    return " Each was taken as the mean of the patients learned from." if missing else ""


def _named(genes: Sequence[str], none: str) -> str:
    if not genes:
        return f"{sentence_case(none)}."
    shown = list(genes[:SHOWN])
    more = f" and {count(len(genes) - SHOWN)} more" if len(genes) > SHOWN else ""
    return f"{', '.join(shown) if more else listing(shown)}{more}."


def _provenance(page: PatientPage) -> Definitions:
    said = "" if page.scale_said else ", taken to be that of the signatures, as nobody said it"
    alone = "the numbers would be the same among any other patients. Nothing was fitted."
    if page.chosen_among:
        alone = (
            "nothing was fitted. But of genes in several rows, the row was chosen by the values of all "
            "patients of the matrix, so that the numbers may differ among others."
        )
    read = [("Read", Paragraph.of(" ".join(page.reading)))] if page.reading else []
    return Definitions(
        (
            ("Expression", Paragraph.of(f"{page.matrix}, SHA-256 {page.matrix_hash}.")),
            *read,
            ("Scale", Paragraph.of(f"{page.scale}{said}.")),
            (
                "Method",
                Paragraph.of(f"The patient was put on the frozen scale of each signature alone: {alone}"),
            ),
            ("Software", Paragraph.of(f"remission {page.program}.")),
        )
    )


def _share(share: float) -> str:
    return f"{fixed(100 * share, 0)}%"


def _known(value: float) -> float | None:
    return None if value != value else value  # noqa: PLR0124 - NaN
