"""From tokens to a tree, by recursive descent.

either     = both, { "or", both }
both       = opposite, { "and", opposite }
opposite   = "not", opposite | "(", either, ")" | leaf
leaf       = column, [ operator, value | ["not"] "in" "[" value, { "," value } "]"
                     | ["not"] "between" value "and" value | "is" ["not"] "missing" ]
value      = number [unit of time] | 'text' | date | yes | no | column
"""

from __future__ import annotations

from datetime import date

from remission.cohort.conditions.tokens import ConditionError, Token, tokenise
from remission.cohort.conditions.tree import (
    KEYWORDS,
    OPERATORS,
    AllOf,
    Among,
    Answer,
    AnyOf,
    Between,
    Comparison,
    Day,
    Holds,
    Leaf,
    Missing,
    Name,
    Node,
    Not,
    Number,
    Text,
    Value,
)
from remission.core.clock import UNITS, Unit

DEEPEST = 50
_ANSWERS = {"yes": True, "true": True, "no": False, "false": False}
_UNIT_WORDS: dict[str, Unit] = {word: unit for unit in UNITS for word in (unit, unit[:-1])}


def parse(text: str) -> Node:
    """Read a condition. `str` of the tree is the condition again, in one way of writing it.

    Parameters
    ----------
    text : str
        Such as `age >= 18 and (response in ['CR', 'PR'] or cr_after)`.

    Raises
    ------
    ConditionError
        If it cannot be read; its message says where, and what to write.

    Examples
    --------
    >>> str(parse("age>=18 AND not(response = 'CR')"))
    "age >= 18 and not (response = 'CR')"
    """
    reader = _Reader(tokenise(text))
    if reader.at_end:
        raise ConditionError("the condition is empty", 'Write one, such as "age >= 18", or remove it.')
    node = reader.either()
    if not reader.at_end:
        raise reader.stop('"and", "or" or the end')
    return node


class _Reader:
    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.index = 0
        self.depth = 0

    @property
    def here(self) -> Token:
        return self.tokens[self.index]

    @property
    def at_end(self) -> bool:
        return self.here.kind == "end"

    def step(self) -> Token:
        self.index += 1
        return self.tokens[self.index - 1]

    def sees(self, *words: str) -> bool:
        """Whether the next token is one of these words or signs."""
        return self.here.kind in {"word", "sign"} and self.here.text.casefold() in words

    def take(self, *words: str) -> bool:
        """Step over one of these words or signs, if it is next."""
        if self.sees(*words):
            self.step()
            return True
        return False

    def need(self, word: str) -> None:
        if not self.take(word):
            raise self.stop(f'"{word}"')

    def stop(self, expected: str) -> ConditionError:
        found = (
            "ends too early"
            if self.here.kind == "end"
            else f'has "{self.here.text}" at character {self.here.at}'
        )
        message = f"the condition {found}, where {expected} was expected"
        return ConditionError(message, "Correct the condition.")

    def either(self) -> Node:
        terms = [self.both()]
        while self.take("or"):
            terms.append(self.both())
        return terms[0] if len(terms) == 1 else AnyOf(tuple(terms))

    def both(self) -> Node:
        terms = [self.opposite()]
        while self.take("and"):
            terms.append(self.opposite())
        return terms[0] if len(terms) == 1 else AllOf(tuple(terms))

    def opposite(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            message = f"the condition is nested more than {DEEPEST} deep"
            raise ConditionError(message, "Name parts of it under [derived] and combine those.")
        node: Node
        if self.take("not"):
            node = Not(self.opposite())
        elif self.take("("):
            node = self.either()
            self.need(")")
        else:
            node = self.leaf()
        self.depth -= 1
        return node

    def leaf(self) -> Leaf:
        column = self.column()
        if self.take("is"):
            negated = self.take("not")
            self.need("missing")
            return Missing(column, negated)
        if self.sees("not", "in", "between"):
            return self.membership(column)
        for operator in OPERATORS:
            if self.take(operator):
                leaf = Comparison(column, operator, self.value())
                if self.sees(*OPERATORS):
                    message = f"the condition has two comparisons in a row at character {self.here.at}"
                    raise ConditionError(
                        message, 'Write "between 18 and 65", or two comparisons joined by "and".'
                    )
                return leaf
        return Holds(column)

    def membership(self, column: Name) -> Leaf:
        negated = self.take("not")
        if self.take("between"):
            low = self.value()
            self.need("and")
            return Between(column, low, self.value(), negated)
        self.need("in")
        self.need("[")
        values = [self.value()]
        while self.take(","):
            values.append(self.value())
        self.need("]")
        return Among(column, tuple(values), negated)

    def column(self) -> Name:
        token = self.here
        if token.kind == "column" or (token.kind == "word" and token.text.casefold() not in KEYWORDS):
            return Name(self.step().text)
        if token.kind in {"number", "date", "text"}:
            message = f'a comparison begins with the value "{token.text}" at character {token.at}'
            raise ConditionError(message, 'Write the column first: "age >= 18", not "18 <= age".')
        raise self.stop("a column")

    def value(self) -> Value:
        token = self.here
        if token.kind == "number":
            return self.number()
        if token.kind == "text":
            return Text(self.step().text)
        if token.kind == "date":
            return self.day()
        if token.kind == "word" and token.text.casefold() in _ANSWERS:
            return Answer(_ANSWERS[self.step().text.casefold()])
        if token.kind == "column" or (token.kind == "word" and token.text.casefold() not in KEYWORDS):
            return Name(self.step().text)
        raise self.stop("a number, a text in quotation marks, a date, yes, no or a column")

    def number(self) -> Number:
        token = self.step()
        value = float(token.text)
        if value in {float("inf"), float("-inf")}:
            raise ConditionError(f"{token.text} is too large a number", "Write a smaller one.")
        if self.here.kind == "word" and self.here.text.casefold() in _UNIT_WORDS:
            return Number(value, _UNIT_WORDS[self.step().text.casefold()])
        return Number(value)

    def day(self) -> Day:
        token = self.step()
        try:
            return Day(date.fromisoformat(token.text))
        except ValueError:
            message = f"{token.text} is no day of the calendar"
            raise ConditionError(message, "Correct the date (year-month-day).") from None
