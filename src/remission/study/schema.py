"""The JSON schema of the study file, for editors that check and complete while one types."""

from __future__ import annotations

import json
from typing import Any

from remission.study.kind import Kind
from remission.study.kinds import KINDS
from remission.study.spec import StudyFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def study_schema() -> dict[str, Any]:
    """Make the schema from the models of the tables and the options of every kind of analysis.

    Returns
    -------
    dict
        JSON Schema, draft 2020-12.
    """
    schema = StudyFile.model_json_schema()
    tables = schema.setdefault("$defs", {})
    references = []
    for kind in KINDS.values():
        options = _options(kind)
        tables.update(options.pop("$defs", {}))
        tables[f"analysis-{kind.name}"] = options
        references.append({"$ref": f"#/$defs/analysis-{kind.name}"})
    schema["properties"]["analysis"]["items"] = {"oneOf": references}
    return {"$schema": DIALECT, **schema, "title": "remission study file"}


def schema_text() -> str:
    """Return the schema as text, ready to be saved as study.schema.json."""
    return json.dumps(study_schema(), ensure_ascii=False, indent=2) + "\n"


def _options(kind: Kind) -> dict[str, Any]:
    """Return the schema of one kind of analysis, its `kind` included."""
    schema = kind.options.model_json_schema()
    named = {"const": kind.name, "description": kind.summary}
    schema["properties"] = {"kind": named, **schema.get("properties", {})}
    schema["required"] = ["kind", *schema.get("required", [])]
    return {**schema, "title": kind.title, "description": kind.summary}
