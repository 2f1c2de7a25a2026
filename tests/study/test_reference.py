"""The schema, the reference and the catalogue are made from the models, and agree with what is read."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from remission.study.catalogue import catalogue
from remission.study.keys import keys_of
from remission.study.kinds import KINDS
from remission.study.parts import read_parts
from remission.study.places import Places
from remission.study.reference import reference
from remission.study.schema import schema_text, study_schema
from remission.study.spec import StudyFile

ROOT = Path(__file__).resolve().parents[2]
STUDIES = sorted(
    [*(ROOT / "studies").glob("[A-Zb]*.toml"), ROOT / "src" / "remission" / "demo" / "ankl.toml"]
)


def as_json(value: Any) -> Any:
    """TOML as a JSON schema sees it: dates are text."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def test_the_committed_reference_is_current() -> None:
    committed = (ROOT / "docs" / "study-file.md").read_text(encoding="utf-8")
    assert committed == reference(), "python -m remission.study.reference > docs/study-file.md"


def test_the_reference_has_every_key_of_every_table() -> None:
    text = reference()
    for kind in KINDS.values():
        section = text.split(f'### kind = "{kind.name}"')[1].split("\n### ")[0]
        assert kind.summary in section
        for key in keys_of(kind.options):
            assert f"| `{key.name}` |" in section
            assert key.meaning, f"{kind.name}.{key.name} has no description"


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(study_schema())
    assert json.loads(schema_text()) == study_schema()


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_good_studies_agree_with_the_schema(path: Path) -> None:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(as_json(raw), study_schema())


@pytest.mark.parametrize(
    "name", ["unknown-keys", "wrong-values", "unknown-kinds", "wrong-shapes", "faulty-endpoints"]
)
def test_faults_are_seen_by_the_schema_too(name: str) -> None:
    raw = tomllib.loads((ROOT / "tests" / "study" / "broken" / f"{name}.toml").read_text(encoding="utf-8"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_json(raw), study_schema())


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_every_key_that_is_written_is_known(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    parts, problems = read_parts(raw, Places.of(text, raw))
    assert problems == ()
    assert [planned.kind.name for planned in parts.analyses] == [entry["kind"] for entry in raw["analysis"]]
    assert not parts.faulty


def test_the_catalogue_lists_every_kind_and_on_request_every_option() -> None:
    short, long = catalogue(), catalogue(verbose=True, width=80)
    for kind in KINDS.values():
        assert f"{kind.name}: {kind.title}" in short
        assert all(f"      {key.name} = " in long for key in keys_of(kind.options))
    assert max(map(len, long.splitlines())) <= 80


def test_keys_say_what_must_be_said_and_what_holds_otherwise() -> None:
    keys = {key.name: key for key in keys_of(StudyFile)}
    assert keys["schema"].value == "1"
    assert keys["schema"].required
    assert keys["columns"].value.startswith("{ name = { column = text (or left out), ")
    assert not keys["columns"].required
