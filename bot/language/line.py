"""One line on its way to a verb's parser, and what all parsers share."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.errors import Unclear
from bot.language.said import Said

if TYPE_CHECKING:
    from collections.abc import Callable

    Parser = Callable[["Line"], Said]


class Who(StrEnum):
    """Who may say it. The rules of the noun check it; ``help`` says it."""

    ANYONE = "anyone"
    MEMBER = "member"  # of one of the partnership's organizations
    OWNER = "owner"
    OTHER_SIDE = "other side"  # whoever was asked last: to accept, counter or decline terms
    EITHER_SIDE = "either side"  # the owner, or the organization that asked


class Where(StrEnum):
    """Where it makes sense."""

    CHANNEL = "channel"  # the shared channel of a partnership, its threads too
    ANYWHERE = "anywhere"


class Answers(StrEnum):
    """Where the answer to a mention goes. A refusal always goes to the person."""

    THREAD = "thread"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Verb:
    """One row of the table: it feeds the dispatch, ``help``, the README and the manifest."""

    name: str
    aliases: tuple[str, ...]
    """Other ways to say it, in lower case and without accents."""
    about: str
    """What it does, as a short phrase for ``help``."""
    usage: str
    """How to write it: words in capitals are to be replaced. No door in front."""
    example: str
    """A line that works."""
    parser: "Parser"
    who: Who
    where: Where
    answers: Answers


@dataclass(frozen=True, slots=True)
class Line:
    """What was typed, with its verb found."""

    verb: Verb
    typed: str
    """The whole line."""
    rest: str
    """What follows the verb."""
    today: date
    labels: Collection[str] = ()
    number: int | None = None
    """The commitment that the place is about (the thread of its card), if any."""

    def unclear(self, question: str, suggestion: str | None = None) -> Unclear:
        """A question about this line, with how to write it."""
        verb = self.verb
        return Unclear(
            f"{question} Write it like this: {verb.usage}. For example: {verb.example}",
            suggestion=suggestion or self.typed,
        )


LONGEST_NUMBER = 9
"""Digits of a commitment's number that fit every database."""

_LINKING = re.compile(r"(?:(?:with|for|to|on|commitment|number)\s+)*", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:(?P<mark>#|№|n[º°]\.?|nr?\.|no\.?(?=\s?[0-9]))\s*)?(?P<digits>[0-9]+)"
    r"(?!\w|[-/.][0-9]|:[0-9][0-9]|%)",
    re.IGNORECASE,
)
_BEFORE_REST = " \t\n\xa0,;:.!–—-"
_ENDS_A_NUMBER = re.compile(r"\s*(?:$|[,;:.!–—-]|(?:if|by|because|to|si)\b)", re.IGNORECASE)


def numbered(line: Line) -> tuple[int, str]:
    """The commitment's number and what follows it.

    In a thread that is about a commitment a number may be left out; a bare number that runs on
    into words ("stuck 3 mentors are missing") is then part of the words.
    """
    rest = line.rest
    after = _LINKING.match(rest)
    match = _NUMBER.match(rest, after.end() if after else 0)
    if match and line.number is not None and not match["mark"]:
        match = match if _ENDS_A_NUMBER.match(rest, match.end()) else None
    if match is None:
        if line.number is None:
            raise line.unclear("Which commitment? I need its number.")
        return line.number, rest
    if len(match["digits"]) > LONGEST_NUMBER:
        raise line.unclear("There is no commitment with so long a number.")
    return int(match["digits"]), rest[match.end() :].lstrip(_BEFORE_REST)


_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def says_something(words: str) -> bool:
    """Whether the words hold anything that a person could read, be it one emoji."""
    if _LETTER_OR_DIGIT.search(words):
        return True
    return any(unicodedata.category(letter)[0] == "S" for letter in words[:1000])


_QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "«": "»", "„": "“"}


def unquoted(words: str) -> str:
    """The words without one pair of quotes around all of them."""
    words = words.strip()
    while len(words) > 1 and _QUOTES.get(words[0]) == words[-1]:
        inner = words[1:-1]
        if words[0] in inner or words[-1] in inner:
            break
        words = inner.strip()
    return words
