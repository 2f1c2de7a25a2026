"""Bundled cohorts: simulated by declared models, with a ready study file each."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from remission.core.atomic import write_atomically
from remission.core.problems import InputError
from remission.core.suggest import did_you_mean

STUDY = "study.toml"
_BUNDLED = ("ankl", "infant", "drug")


def names() -> tuple[str, ...]:
    """Names of the bundled cohorts.

    Examples
    --------
    >>> names()
    ('ankl', 'infant', 'drug')
    """
    return _BUNDLED


def write(name: str, folder: str | Path) -> Path:
    """Write a bundled cohort and its study file into a folder.

    Each file appears whole or not at all. Files written before are left as they are, and nothing else is
    overwritten.

    Parameters
    ----------
    name : str
        One of `names()`.
    folder : str or Path
        Made if it does not exist.

    Returns
    -------
    Path
        The study file, ready for `remission run`; the data are beside it.

    Raises
    ------
    InputError
        If there is no such cohort, or the folder holds other files under the names needed; nothing is
        written then.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> write("ankl", mkdtemp()).name
    'study.toml'
    """
    if name not in _BUNDLED:
        hint = did_you_mean(name, _BUNDLED)
        raise InputError(f'there is no bundled cohort "{name}". There is {", ".join(_BUNDLED)}.{hint}')
    place = Path(folder)
    if place.exists() and not place.is_dir():
        raise InputError(f"{place} is a file, not a folder. Name a folder for the bundled cohort.")
    contents = _drug() if name == "drug" else _stored(name)
    foreign = [file for file, content in contents.items() if not _free(place / file, content)]
    if foreign:
        raise InputError(
            f"{place} already holds {' and '.join(foreign)} with other contents. "
            "Name another folder, or move them away."
        )
    place.mkdir(parents=True, exist_ok=True)
    for file, content in contents.items():
        if not (place / file).exists():
            write_atomically(place / file, content)
    return place / STUDY


def _stored(name: str) -> dict[str, bytes]:
    """Files that come with the program."""
    bundled = resources.files(__name__)
    return {
        f"{name}.csv": (bundled / f"{name}.csv").read_bytes(),
        STUDY: (bundled / f"{name}.toml").read_bytes(),
    }


def _drug() -> dict[str, bytes]:
    """Files that are simulated when they are wanted: a matrix of 12,000 genes is too large to come along."""
    from remission.demo.drug.model import Model  # noqa: PLC0415 - loaded when first needed
    from remission.demo.drug.simulate import simulate  # noqa: PLC0415

    bundled = resources.files(__name__) / "drug"
    declared = {name: (bundled / name).read_bytes() for name in (STUDY, "cutoffs.toml")}
    return {**declared, **simulate(Model())}


def _free(path: Path, content: bytes) -> bool:
    """Whether a file of this name is absent, or ours already."""
    return not path.exists() or (path.is_file() and path.read_bytes() == content)
