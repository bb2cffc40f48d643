"""Taking back what one has just said or done."""

import re

from bot.language.line import Line, numbered, says_something
from bot.language.said import Said
from bot.language.vocabulary import fold

SPELLINGS = (
    "take back",
    "take it back",
    "take that back",
    "i take it back",
    "i take that back",
    "oops",
    "deshacer",
    "annuler",
)
"""Other ways to say "undo": lower case, no accents."""

_SAID = re.compile(rf"(?:{'|'.join(('undo', *SPELLINGS))})[\s!.]*", re.IGNORECASE)


def taking_back(line: Line) -> Said:
    """``undo``: what one did last; ``undo 12``: what one did last with that."""
    if not says_something(line.rest):
        return Said(line.verb.name, number=line.number)
    number, rest = numbered(line)
    if says_something(rest):
        raise line.unclear("What shall I take back?")
    return Said(line.verb.name, number=number)


def says_undo(text: str) -> bool:
    """Whether a reply says this and nothing else."""
    return _SAID.fullmatch(fold(text[:60]).strip()) is not None
