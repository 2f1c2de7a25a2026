"""Rules, definitions and other texts kept as TOML: those that come with the program, and the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from remission.core.problems import InputError
from remission.core.suggest import did_you_mean


def bundled_texts(package: str, folder: str) -> Mapping[str, str]:
    """Texts of the TOML files in a folder of a package, by name without the ending, sorted.

    Examples
    --------
    >>> "mll10" in bundled_texts("remission.rules", "protocols")
    True
    """
    home = resources.files(package) / folder
    files = sorted(item.name for item in home.iterdir() if item.name.endswith(".toml"))
    return MappingProxyType(
        {name.removesuffix(".toml"): (home / name).read_text(encoding="utf-8") for name in files}
    )


def own_text(path: Path, said: str) -> str:
    """Read a file that a user wrote; `said` is what he calls it.

    Raises
    ------
    InputError
        If there is none, or it is not written in UTF-8.
    """
    if not path.is_file():
        raise InputError(f'there is no file "{said}"')
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not written in UTF-8") from error


def named_text(name: str, known: Mapping[str, str], folder: Path | None, what: str) -> tuple[str, str]:
    """Find a text of the program by its name, or one of the user's own by its path, which ends in .toml.

    Parameters
    ----------
    name : str
    known : mapping of str to str
        Texts of the program.
    folder : Path or None
        Where paths begin; None: the working folder.
    what : str
        What is looked for, in words: "protocol".

    Returns
    -------
    file : str
        The name, or that of the file, for problems.
    text : str

    Raises
    ------
    InputError
        If there is none.
    """
    if name in known:
        return name, known[name]
    if not name.endswith(".toml"):
        hint = did_you_mean(name, known) or f" There are {', '.join(known)}."
        raise InputError(f'there is no {what} "{name}".{hint}')
    path = (folder or Path()) / name
    return path.name, own_text(path, name)
