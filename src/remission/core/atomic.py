"""Writing files so that a kill at any moment leaves the old content or the new, never a part."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Write beside, push to disk, then put in place in one step."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def push_to_disk(folder: Path) -> None:
    """Make sure that a folder and all in it survive a power cut."""
    for root, _, files in os.walk(folder):
        for name in files:
            push_names(Path(root) / name)
        push_names(Path(root))


def push_names(path: Path) -> None:
    """Push one file, or the names in one folder, to disk; where folders cannot be opened the system does."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:  # a folder on Windows
        return
    try:
        os.fsync(handle)
    except OSError:  # a file system without it
        return
    finally:
        os.close(handle)
