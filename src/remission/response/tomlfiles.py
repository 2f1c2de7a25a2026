"""Rules and cut-offs kept as TOML beside the code, or given by the user."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from remission.core.problems import InputError, Problem, StudyProblems
from remission.core.suggest import did_you_mean

Declared = TypeVar("Declared", bound=BaseModel)


def bundled(folder: str) -> Mapping[str, str]:
    """Texts of the files that come with the program, by name."""
    place = resources.files("remission.response").joinpath(folder)
    return {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in sorted(place.iterdir(), key=lambda each: each.name)
        if entry.name.endswith(".toml")
    }


def declared(model: type[Declared], name: str | Path, folder: str, what: str) -> Declared:
    """Read a file by its bundled name or its path.

    Raises
    ------
    StudyProblems
        With everything in the file that is not understood.
    InputError
        If there is no such file.
    """
    texts = bundled(folder)
    if str(name) in texts:
        file, text = f"{name}.toml", texts[str(name)]
    elif str(name).endswith(".toml"):
        path = Path(name)
        if not path.is_file():
            raise InputError(f"there is no file {path}")
        try:
            file, text = path.name, path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(f"{path.name} is not written in UTF-8") from error
    else:
        hint = did_you_mean(str(name), texts)
        raise InputError(
            f'there are no {what} "{name}"; there are {", ".join(texts)}, or a .toml file of yours.{hint}'
        )
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise StudyProblems(
            [Problem(file, f"this is no TOML: {error}", "Correct the file there.")]
        ) from error
    except ValidationError as error:
        raise StudyProblems(
            Problem(
                f"{file}: {'.'.join(str(part) for part in fault['loc'])}",
                fault["msg"].removeprefix("Value error, "),
                "Look at a file that comes with the program for what stands where.",
            )
            for fault in error.errors()
        ) from error
