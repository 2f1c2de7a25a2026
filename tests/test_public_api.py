"""The public names: all there, lazy, and the same for people, type checkers and editors."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import remission

SOURCE = Path(remission.__file__)
HEAVY = (
    "numpy",
    "polars",
    "scipy",
    "matplotlib",
    "docx",
    "pydantic",
    "typer",
    "narwhals",
    "rich",
    "jinja2",
    "tomllib",
)


def for_type_checkers() -> dict[str, str]:
    """Names imported under TYPE_CHECKING, and from where."""
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    return {
        alias.name: str(node.module).removeprefix("remission.")
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_what_type_checkers_see_is_what_runs() -> None:
    static = for_type_checkers()
    static.pop("Any", None)
    assert static == remission._HOME
    assert {*static, "__version__"} == set(remission.__all__)
    assert list(remission.__all__) == sorted(remission.__all__, key=lambda name: (name.islower(), name))


@pytest.mark.parametrize("name", remission.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    thing = getattr(remission, name)
    assert name in dir(remission)
    if callable(thing):
        assert thing.__doc__
        assert thing.__module__ == f"remission.{remission._HOME[name]}"


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'kaplan_mayer'"):
        remission.kaplan_mayer  # noqa: B018


def test_importing_loads_nothing() -> None:
    code = f"import sys, remission; print([name for name in {HEAVY} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_the_command_line_loads_no_data_frames_until_asked() -> None:
    heavy = ("numpy", "polars", "scipy", "matplotlib", "docx", "pydantic", "jinja2")
    code = f"import sys, remission.cli; print([name for name in {heavy} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_importing_takes_no_time() -> None:
    """The budget is 0.3 s; the best of three is taken because the machine may be busy."""
    code = "import time; start = time.perf_counter(); import remission; print(time.perf_counter() - start)"
    best = min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    )
    assert best < 0.3


def test_the_first_curve_does_not_load_the_study_or_the_report() -> None:
    heavy = ("matplotlib", "docx", "pydantic", "typer", "remission.study.spec")
    code = (
        "import sys, remission as rm\n"
        "rm.kaplan_meier(rm.event_table([5, 8, 12], [True, False, True]))\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
