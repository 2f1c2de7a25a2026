"""From the text of a condition to words, numbers, texts, dates and signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from remission.core.problems import InputError

LONGEST = 2000
TokenKind = Literal["word", "column", "number", "date", "text", "sign", "end"]
_PATTERN = re.compile(
    r"""(?P<space>\s+)
    |(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w.]))
    |(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<word>[^\W\d][\w.]*)
    |'(?P<single>(?:[^']|'')*)'
    |"(?P<double>(?:[^"]|"")*)"
    |`(?P<column>(?:[^`]|``)+)`
    |(?P<sign><=|>=|!=|<>|==|≤|≥|≠|[=<>(),\[\]])""",
    re.VERBOSE,
)
_SAME_SIGN = {"<>": "!=", "==": "=", "≤": "<=", "≥": ">=", "≠": "!="}


class ConditionError(InputError):
    """A condition that cannot be read. `repair` says what to write."""

    def __init__(self, message: str, repair: str) -> None:
        self.message, self.repair = message, repair
        super().__init__(f"{message}. {repair}")


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a condition; `text` without quotation marks, `at` its first character, counted from 1."""

    kind: TokenKind
    text: str
    at: int


def tokenise(text: str) -> tuple[Token, ...]:
    """Cut a condition into tokens, the last of which is the end.

    Raises
    ------
    ConditionError
        If the text is too long or holds something that is no part of the language.

    Examples
    --------
    >>> [token.text for token in tokenise("age >= 18 and stage = 'IV'")]
    ['age', '>=', '18', 'and', 'stage', '=', 'IV', '']
    """
    if len(text) > LONGEST:
        message = f"a condition of {len(text)} characters is too long (at most {LONGEST})"
        raise ConditionError(message, "Divide it: name parts of it under [derived] and combine those.")
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        found = _PATTERN.match(text, position)
        if found is None:
            raise _unreadable(text, position)
        kind, at, position = found.lastgroup, position + 1, found.end()
        if kind == "space" or kind is None:
            continue
        tokens.append(_token(kind, found[kind], at))
    return (*tokens, Token("end", "", len(text) + 1))


def _token(kind: str, text: str, at: int) -> Token:
    match kind:
        case "single":
            return Token("text", text.replace("''", "'"), at)
        case "double":
            return Token("text", text.replace('""', '"'), at)
        case "column":
            return Token("column", text.replace("``", "`"), at)
        case "date":
            return Token("date", text, at)
        case "number":
            return Token("number", text, at)
        case "word":
            return Token("word", text, at)
        case _:
            return Token("sign", _SAME_SIGN.get(text, text), at)


def _unreadable(text: str, position: int) -> ConditionError:
    sign = text[position]
    if sign in "'\"`":
        message = f"the quotation mark {sign} at character {position + 1} is not closed"
        return ConditionError(message, f"Close it with another {sign}.")
    message = f'"{sign}" at character {position + 1} has no meaning in a condition'
    repair = "Write comparisons (=, !=, <, <=, >, >=, in [...], between, is missing) joined by and, or, not."
    return ConditionError(message, repair)
