"""A locked signature: one readable file that scores the next patient, and cannot change unnoticed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from remission.core.atomic import write_atomically
from remission.core.problems import InputError, Problem, StudyProblems
from remission.expression.matrix import Expression
from remission.expression.reference import Reference
from remission.signature.schema import FORMAT, VERSION, File, hash_of
from remission.signature.scoring import Scores, score_all

if TYPE_CHECKING:
    from remission.signature.transport import Transport


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as its file holds it.

    Attributes
    ----------
    file : File
        Everything in it; see docs/signatures.md.
    """

    file: File

    @property
    def name(self) -> str:
        """Name of the signature."""
        return self.file.name

    @property
    def genes(self) -> tuple[str, ...]:
        """Genes with a weight."""
        return tuple(self.file.score.genes)

    @property
    def hash(self) -> str:
        """SHA-256 of the content."""
        return hash_of(self.file.model_dump(mode="json"))

    def score(self, expression: Expression) -> Scores:
        """Score patients; each gets the same numbers alone or among others, bit for bit.

        Raises
        ------
        InputError
            If the matrix is on another scale than the one learned on.
        StudyProblems
            If a patient has fewer of the genes than the contract of the file asks for.
        """
        return score_all(self.file, self.hash, expression)

    def transport(self, expression: Expression) -> Transport:
        """Compare another platform or hospital with the learning patients, before believing its scores.

        See `remission.signature.transport.transport`.
        """
        from remission.signature.transport import transport  # noqa: PLC0415 - it reads signatures

        return transport(self, expression)

    def save(self, path: str | Path) -> Path:
        """Write the file, whole or not at all.

        Raises
        ------
        InputError
            If there is no such folder.
        """
        target = Path(path)
        if not target.parent.is_dir():
            raise InputError(f"there is no folder {target.parent}")
        write_atomically(target, self.to_json().encode("utf-8"))
        return target

    def to_json(self) -> str:
        """The text of the file, its hash included."""
        content = self.file.model_dump(mode="json")
        content["hash"] = hash_of(content)
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    def __repr__(self) -> str:
        p, t = self.file.predicts, self.file.training
        genes = f"{len(self.genes)} genes, {t.model}, learned on {t.n} patients"
        return f"<signature {self.name}: {p.drug}, {genes}>"


def read_signature(path: str | Path) -> Signature:
    """Read a locked signature.

    Raises
    ------
    StudyProblems
        If it is not there, is no signature, was written by a newer version, was changed after it was locked,
        or does not hold what it must.

    Examples
    --------
    >>> read_signature("nowhere.json")
    Traceback (most recent call last):
    ...
    remission.core.problems.StudyProblems: nowhere.json: there is no such file. Check the name
    """
    source = Path(path)
    try:
        content = json.loads(source.read_text(encoding="utf-8"), parse_constant=_no_number)
    except FileNotFoundError:
        raise _refused(source, "there is no such file", "Check the name") from None
    except (ValueError, UnicodeDecodeError, RecursionError) as error:
        raise _refused(source, f"it is no JSON: {error}", "Take the file as it was written") from None
    return Signature(_checked(source, content))


def _checked(source: Path, content: Any) -> File:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _refused(source, "it is no signature of remission", "Take the file that learning wrote")
    version = content.get("version")
    if isinstance(version, int) and version > VERSION:
        raise _refused(
            source,
            f"it has version {version} of the format, and this program knows up to {VERSION}",
            "Update remission, then read it again",
        )
    if content.get("hash") != hash_of(content):
        raise _refused(
            source,
            "its content was changed after it was locked: the hash does not fit",
            "Take the original file; to change cut-offs or calibration, make a new one by recalibrating",
        )
    try:
        file = File.model_validate({key: value for key, value in content.items() if key != "hash"})
        reference = Reference.from_plain(file.reference)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _refused(source, f"{where}: {first['msg']}", "Take the file that learning wrote") from None
    except (InputError, TypeError, KeyError) as error:
        raise _refused(source, f"reference: {error}", "Take the file that learning wrote") from None
    unknown = {*file.score.genes, *file.committee.genes} - set(reference.genes)
    if unknown:
        raise _refused(source, "its genes and its reference do not fit together", "Take the original file")
    return file


def _refused(source: Path, message: str, repair: str) -> StudyProblems:
    return StudyProblems([Problem(source.name, message, repair)])


def _no_number(text: str) -> float:
    message = f"{text} is no number"
    raise ValueError(message)
