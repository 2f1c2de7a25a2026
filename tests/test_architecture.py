"""The house rules, executed: floors, file length, no evaluation of code, no careless imports."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "remission"
MODULES = sorted(SOURCE.rglob("*.py"))
FLOORS: dict[str, int] = {
    "core": 0,
    "events": 10,
    "cohort": 11,
    "rules": 12,
    "estimate": 20,
    "regress": 21,
    "assess": 23,
    "signature": 25,
    "expression": 22,
    "response": 20,
    "study": 30,
    "report": 40,
    "publish": 49,
    "demo": 50,
    "cli_faults": 50,
    "cli_files": 50,
    "cli_matrix": 50,
    "cli_patients": 50,
    "cli_response": 50,
    "cli_rules": 50,
    "cli_signature": 50,
    "cli_signature_page": 50,
    "cli_telling": 50,
    "cli": 51,
    "__init__": 60,
    "__main__": 60,
}
MIGHT = {
    "core": (),
    "events": ("core",),
    "cohort": ("core", "events"),
    "rules": ("core", "cohort"),
    "estimate": ("core", "events"),
    "regress": ("core", "events", "estimate"),
    "assess": ("core", "events", "estimate", "regress"),
    "signature": ("core", "events", "estimate", "expression", "regress", "assess"),
    "expression": ("core", "cohort"),
    "response": ("core", "cohort", "rules"),
    "study": (
        "core",
        "events",
        "cohort",
        "rules",
        "estimate",
        "regress",
        "response",
        "expression",
        "signature",
        "assess",
    ),
    "report": ("core", "cohort", "study"),
    "demo": ("core", "events", "estimate", "regress", "study"),
}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_MODULES = {"pickle", "shelve", "marshal", "dill", "cloudpickle", "joblib"}
FROM_JOBLIB = {"Parallel", "delayed", "parallel_config"}  # workers; joblib.load would unpickle
LINES_AT_MOST = 400
NAMES_THAT_SAY_NOTHING = {"utils.py", "util.py", "helpers.py", "common.py", "misc.py"}


def room(path: Path) -> str:
    """Top folder, or module, below the package."""
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Rooms of the package that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "remission" and len(parts) > 1 and parts[1] in FLOORS:
                found.add(parts[1])
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_imports_only_from_below(path: Path) -> None:
    here = room(path)
    above = {name for name in imports(path) if name != here and FLOORS[name] > FLOORS[here]}
    assert not above, f"{path.name} on floor {here} imports from above: {sorted(above)}"
    if here in MIGHT:
        beside = imports(path) - {here, *MIGHT[here]}
        assert not beside, f"{path.name}: {here} has no business with {sorted(beside)}"


def test_every_room_has_a_floor() -> None:
    assert {room(path) for path in MODULES} <= set(FLOORS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_file_holds_one_idea(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LINES_AT_MOST, f"{lines} lines: is there more than one idea in it?"
    assert path.name not in NAMES_THAT_SAY_NOTHING


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_nothing_is_evaluated_or_unpickled(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in FORBIDDEN_CALLS, f"line {node.lineno}: {node.func.id}"
        if isinstance(node, ast.Import):
            assert not {alias.name.split(".")[0] for alias in node.names} & FORBIDDEN_MODULES
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "joblib" and {alias.name for alias in node.names} <= FROM_JOBLIB:
                continue
            assert node.module.split(".")[0] not in FORBIDDEN_MODULES


def test_import_loads_nothing_heavy() -> None:
    heavy = [
        "polars",
        "pandas",
        "scipy",
        "matplotlib",
        "docx",
        "pydantic",
        "typer",
        "narwhals",
        "rich",
        "jinja2",
    ]
    code = f"import sys, remission; print([name for name in {heavy} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
