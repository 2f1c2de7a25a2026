"""The reference of the study file, made from the models.

`python -m remission.study.reference > docs/study-file.md` brings the page up to date.
"""

from __future__ import annotations

import sys

from pydantic import BaseModel

from remission.cohort.declare import (
    CohortDeclaration,
    ColumnDeclaration,
    DerivedDeclaration,
    ExcludeDeclaration,
)
from remission.cohort.endpoints.declare import EndpointDeclaration
from remission.cohort.endpoints.definition import definitions
from remission.study.keys import keys_of
from remission.study.kinds import KINDS
from remission.study.laboratory.declare import (
    ExpressionDeclaration,
    ResponseDeclaration,
    SignatureDeclaration,
)
from remission.study.spec import SCHEMA, StudyDeclaration, ValidationDeclaration

_BEFORE = f"""\
# The study file

A study file is a text in [TOML](https://toml.io), saved as UTF-8. It says which patients, what is known of
them and since when, what is counted, and what is done; the program does the rest. It holds no code.

The first line is `schema = {SCHEMA}`, the version of this format. Then come the tables below. Unknown keys
are problems, so a misspelling never passes silently. `remission check study.toml` tells every problem;
`remission schema --out study.schema.json` writes a schema with which editors check while one types.

This page is made from the program itself.
"""
_ANALYSES = """\
## [[analysis]]

One for each analysis, in the order of the report. `kind` says what is done; the other keys depend on it.
"""
_TABLES: dict[str, tuple[type[BaseModel], str]] = {
    "[study]": (StudyDeclaration, "What the study is called and asks, and how intervals are made."),
    "[cohort]": (CohortDeclaration, "Which file, who is who, when time starts, and who is in."),
    "[columns]": (
        ColumnDeclaration,
        """\
One entry for each column, under its name in the file (or another, with `column`):

    age = { kind = "number", unit = "years", label = "Age at transplantation" }

Names with letters other than a-z, digits, `_` and `-` stand in quotes: `"年齢" = { kind = "number" }`.""",
    ),
    "[derived]": (
        DerivedDeclaration,
        """\
Columns made from others, never by code. Each has one of `merge`, `recode`, `cut`, `convert`, `groups`,
`condition`, `days_between`, `protocol`, `score`. It is known when the last of what it is made from is.""",
    ),
    "[[exclude]]": (
        ExcludeDeclaration,
        "Patients left out by name. The flow diagram counts them with the reason.",
    ),
    "[endpoints]": (
        EndpointDeclaration,
        """\
One entry for each endpoint, under a short name of your own:

    os = { definition = "overall-survival", death = "death_date", last = "last_contact" }""",
    ),
    "[response]": (
        ResponseDeclaration,
        """\
How the cells of each patient took each drug: from plates, or from the table that `remission response`
writes. For each drug it adds the columns `<drug>_lc50` (where the LC50 is bracketed by tested doses) and
`<drug>_class` (sensitive, intermediate, resistant), known at time zero.""",
    ),
    "[expression]": (
        ExpressionDeclaration,
        "A matrix of genes (or proteins) by patients, under the ids of the cohort.",
    ),
    "[signature]": (
        SignatureDeclaration,
        """\
What is predicted from expression: resistance to drugs, a column, or the time to an endpoint; learned from
this cohort, or read from locked files. It adds the columns `signature_score` and `signature_group`, and for
drugs `<drug>_call`, known at time zero. In the cohort that taught it each patient is scored by models that
never saw that patient; everybody else by the locked file (docs/signatures.md).""",
    ),
    "[validation]": (
        ValidationDeclaration,
        """\
A second, independent cohort with a file of its own, read by the same [columns], [derived] and [endpoints].
Analyses that say `cohort = "validation"` are of it; all others are of the patients of [cohort].""",
    ),
}


def reference() -> str:
    """Write the reference of the study file as Markdown.

    Returns
    -------
    str
    """
    sections = [_BEFORE]
    sections += [
        f"## {heading}\n\n{words}\n\n{_keys(model)}\n" for heading, (model, words) in _TABLES.items()
    ]
    sections += [_definitions(), _ANALYSES]
    for kind in KINDS.values():
        sections.append(
            f'### kind = "{kind.name}"\n\n{kind.title}. {kind.summary}\n\n{_keys(kind.options)}\n'
        )
    return "\n".join(sections)


def _definitions() -> str:
    """Table of the endpoint definitions that come with the program."""
    rows = ["| definition | label | what it is |", "|---|---|---|"]
    for name, each in definitions().items():
        rows.append(f"| `{name}` | {_cell(each.label)} | {_cell(each.summary)} |")
    return "### Definitions of endpoints\n\n" + "\n".join(rows) + "\n"


def _keys(model: type[BaseModel]) -> str:
    """Table of the keys of a model."""
    rows = ["| key | value | unless said | meaning |", "|---|---|---|---|"]
    for key in keys_of(model):
        default = "must be said" if key.required else f"`{key.default}`" if key.default else ""
        rows.append(f"| `{key.name}` | {_cell(key.value)} | {_cell(default)} | {_cell(key.meaning)} |")
    return "\n".join(rows)


def _cell(text: str) -> str:
    """Text that stays within its cell."""
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.stdout.write(reference())
