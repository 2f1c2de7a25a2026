"""The name somebody probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_ALMOST = 0.8  # share of like letters of a plural, or of a slip of the finger


def nearest(word: str, among: Iterable[str]) -> str | None:
    """Return the most similar of some names, upper and lower case being alike; None when nothing is similar.

    The only name that holds all words of the one given goes before names with like letters, but not before
    one that differs by a letter or two.

    Examples
    --------
    >>> nearest("relapse_dat", ["relapse_date", "death_date"])
    'relapse_date'
    >>> nearest("age", ["lineage", "age_years"])
    'age_years'
    >>> nearest("set", ["sets", "set_test"])
    'sets'
    >>> nearest("kps", ["sex", "age"]) is None
    True
    """
    by_key: dict[str, str] = {}
    for name in among:
        by_key.setdefault(_key(name), name)
    key, words = _key(word), _words(word)
    holding = [name for name in by_key.values() if words and words <= _words(name)]
    if len(holding) == 1 and not difflib.get_close_matches(key, by_key, n=1, cutoff=_ALMOST):
        return holding[0]
    found = difflib.get_close_matches(key, by_key, n=1, cutoff=0.6)
    return by_key[found[0]] if found else None


def did_you_mean(word: str, among: Iterable[str]) -> str:
    """Return ` Did you mean "..."?`, or nothing.

    Examples
    --------
    >>> did_you_mean("Relapse", ["relapse"])
    ' Did you mean "relapse"?'
    """
    found = nearest(word, among)
    return "" if found is None else f' Did you mean "{found}"?'


def _key(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum()) or name.casefold()


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", name.casefold()))
