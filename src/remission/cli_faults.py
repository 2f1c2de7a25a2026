"""What the system refuses to read or write, in plain words with the repair."""

from __future__ import annotations

import errno
from pathlib import Path

_PLAIN = {
    errno.EISDIR: "it is a folder, where a file is needed. Name a file",
    errno.EEXIST: "there is something else of that name. Name another place",
    errno.EACCES: "you may not read or write it. Name another place, or ask for the right to",
    errno.EPERM: "you may not read or write it. Name another place, or ask for the right to",
    errno.EROFS: "nothing can be written on that disk. Name another place",
    errno.ENAMETOOLONG: "its name is too long. Name a shorter one",
    errno.EINVAL: "the system does not allow this name. Name another",
    errno.ELOOP: "its links lead in a circle. Name another place",
}


def in_words(error: OSError | MemoryError) -> str:
    """Say what failed and what to do about it.

    Parameters
    ----------
    error : OSError or MemoryError

    Returns
    -------
    str
        Sentences, without the system's number of the fault where there are words for it.

    Examples
    --------
    >>> in_words(NotADirectoryError(20, "Not a directory", "no-such-folder/groups.csv"))
    '"no-such-folder" is not a folder. Name another place.'
    """
    if isinstance(error, MemoryError):
        return "The memory of this computer is too small for it. Close other programs, and try again."
    if error.errno == errno.ENOSPC:
        return f"The disk is full ({error.strerror}). Make room, and try again."
    if isinstance(error.filename, str | bytes):
        path = Path(error.filename.decode() if isinstance(error.filename, bytes) else error.filename)
        if error.errno == errno.ENOTDIR:
            file = next((each for each in path.parents if each.is_file()), path.parent)
            said = "is a file, not a folder" if file.is_file() else "is not a folder"
            return f'"{file}" {said}. Name another place.'
        if error.errno == errno.ENOENT:
            if path.parent.is_dir():
                return f'There is no "{path}". Correct its name.'
            return f'There is no folder "{path.parent}". Make it, or name another place.'
        if error.errno in _PLAIN:
            return f'"{path}" cannot be used: {_PLAIN[error.errno]}.'
    return f"The disk, the network or the memory failed: {error}."
