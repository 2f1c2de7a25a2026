"""Rules and cut-offs kept as TOML beside the code, or given by the user."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from remission.core.problems import InputError, Problem, StudyProblems
from remission.core.suggest import did_you_mean
from remission.core.texts import bundled_texts, own_text

Declared = TypeVar("Declared", bound=BaseModel)


def declared(model: type[Declared], name: str | Path, folder: str, what: str) -> Declared:
    """Read a file by its bundled name or its path.

    Raises
    ------
    StudyProblems
        With everything in the file that is not understood.
    InputError
        If there is no such file.
    """
    texts = bundled_texts("remission.response", folder)
    if str(name) in texts:
        file, text = f"{name}.toml", texts[str(name)]
    elif str(name).endswith(".toml"):
        file, text = Path(name).name, own_text(Path(name), str(name))
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
