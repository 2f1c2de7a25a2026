"""The catalogue of analyses, made from their records."""

from __future__ import annotations

from textwrap import wrap

from remission.study.keys import Key, keys_of
from remission.study.kinds import KINDS


def catalogue(*, verbose: bool = False, width: int = 100) -> str:
    """List the kinds of analysis, with their options when `verbose`.

    Parameters
    ----------
    verbose : bool
    width : int
        Longest line.

    Returns
    -------
    str
    """
    lines: list[str] = []
    for kind in KINDS.values():
        lines += [f"{kind.name}: {kind.title}"]
        lines += wrap(kind.summary, width, initial_indent="    ", subsequent_indent="    ")
        if verbose:
            for key in keys_of(kind.options):
                lines += _key(key, width)
            lines.append("")
    return "\n".join(lines).rstrip("\n")


def _key(key: Key, width: int) -> list[str]:
    """One option: what may stand, what holds otherwise, what it means."""
    otherwise = " (must be said)" if key.required else f" (unless said: {key.default})" if key.default else ""
    first = wrap(
        f"{key.name} = {key.value}{otherwise}", width, initial_indent="      ", subsequent_indent=" " * 10
    )
    return [*first, *wrap(key.meaning, width, initial_indent=" " * 10, subsequent_indent=" " * 10)]
