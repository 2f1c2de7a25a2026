"""The encoding of a text file: UTF-8 and Japanese CP932 are recognised, nothing else is guessed."""

from __future__ import annotations

import codecs

from remission.core.problems import Problem

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_JAPANESE_LEADS = range(0x81, 0xA0)


def as_utf8(data: bytes, file: str, declared: str | None) -> tuple[bytes | None, str, tuple[Problem, ...]]:
    """Decode a text file and return it as UTF-8 without a byte order mark.

    Parameters
    ----------
    data : bytes
    file : str
        Its name, for problems.
    declared : str or None
        Encoding from the study file.

    Returns
    -------
    text : bytes or None
        None if it cannot be decoded.
    encoding : str
        In words: "UTF-8", "UTF-8 with byte order mark", "CP932".
    problems : tuple of Problem
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], name, f"{name.upper()} with byte order mark", file)
    if declared is not None:
        return _declared(data, declared, file)
    if b"\0" in data:
        row = data.count(b"\n", 0, data.index(b"\0")) + 1
        repair = 'Save it again as CSV UTF-8, or say encoding = "utf-16-le" if it is "Unicode text".'
        return (
            None,
            "",
            (Problem(file, f"the file has NUL bytes (first in row {row}), which no text has", repair),),
        )
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _japanese(data, file, error)
    return data, "UTF-8", ()


def _declared(data: bytes, declared: str, file: str) -> tuple[bytes | None, str, tuple[Problem, ...]]:
    try:
        name = codecs.lookup(declared).name
        "".encode(name)
    except LookupError:
        repair = 'Write "utf-8", "cp932", "cp1252" or another name of an encoding.'
        return None, "", (Problem("cohort.encoding", f'"{declared}" is no encoding', repair),)
    return _decoded(data, name, name.upper(), file)


def _decoded(data: bytes, name: str, shown: str, file: str) -> tuple[bytes | None, str, tuple[Problem, ...]]:
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        repair = "Save the file again as CSV UTF-8, or correct `encoding`."
        return None, shown, (Problem(file, f"the file is not {shown}: row {row} cannot be read", repair),)
    return text.encode("utf-8"), shown, ()


def _japanese(
    data: bytes, file: str, error: UnicodeDecodeError
) -> tuple[bytes | None, str, tuple[Problem, ...]]:
    """CP932, if it decodes and most of its two-byte letters begin as common Japanese does.

    Western text in CP1252 often decodes as CP932 too (as rare kanji), but does not use the bytes 81 to 9F.
    """
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        text = ""
    wide = [letter for letter in text if ord(letter) > 0x7F and not "｡" <= letter <= "ﾟ"]
    common = sum(letter.encode("cp932")[0] in _JAPANESE_LEADS for letter in wide)
    if wide and 2 * common > len(wide):
        return text.encode("utf-8"), "CP932", ()
    row = data.count(b"\n", 0, error.start) + 1
    repair = (
        'Save it as CSV UTF-8, or say how it is written: encoding = "cp1252" (Western) or "cp932" (Japanese).'
    )
    return (
        None,
        "",
        (Problem(file, f"the file is not UTF-8: row {row} has letters in another encoding", repair),),
    )
