"""A mark that a running program holds and a dead one does not: tells leavings from work in progress."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # held by somebody, or a disk without locks: take nobody for dead
            return False
        return True


class Claim:
    """A lock file held by this process; the system lets go of it when the process ends, however it ends."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self._handle = handle

    @classmethod
    def take(cls, path: Path) -> Claim | None:
        """Make or take over the lock file; None if a living process holds it."""
        while True:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            if not _try_lock(handle):
                os.close(handle)
                return None
            if _is_file(path, handle):
                return cls(path, handle)
            os.close(handle)  # somebody cleaned it away between the two steps

    def release(self) -> None:
        """Remove the lock file and let go."""
        if sys.platform == "win32":
            os.close(self._handle)
            self.path.unlink(missing_ok=True)
        else:
            self.path.unlink(missing_ok=True)
            os.close(self._handle)


def _is_file(path: Path, handle: int) -> bool:
    """Whether the open file is still the one of that name."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False
