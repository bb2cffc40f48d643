"""What can be said about the partnership, one's organization, and the bot itself."""

import re

from bot.language.clean import unescaped
from bot.language.line import Line, says_something, unquoted
from bot.language.said import Said

_PURPOSE = re.compile(r"(?:the\s+)?(?:purpose|goal)\s*(?:is\b|:|=)?\s*(?:to\s+)?", re.IGNORECASE)
LONGEST_NAME = 80
"""Characters of an organization's name."""


def setup(line: Line) -> Said:
    """``setup [PURPOSE]``."""
    purpose = unquoted(_PURPOSE.sub("", line.rest, count=1) if line.rest else "")
    return Said(line.verb.name, what=unescaped(purpose) if says_something(purpose) else "")


def organization(line: Line) -> Said:
    """``with ORGANIZATION``: how a guest says where they belong."""
    name = unescaped(unquoted(" ".join(line.rest.split()).rstrip(".!")))
    if not says_something(name):
        raise line.unclear("Which organization are you with?")
    if len(name) > LONGEST_NAME:
        raise line.unclear(f"A name of at most {LONGEST_NAME} characters, please.")
    return Said(line.verb.name, what=name)


def joining(line: Line) -> Said:
    """``join``: OK for one's organization. It stands alone, so that nothing is taken for it."""
    if says_something(line.rest):
        raise line.unclear("Do you want to say OK for your organization?")
    return Said(line.verb.name)


def helping(line: Line) -> Said:
    """``help [VERB]``; ``sub`` is the verb's name as in the table, if it is one."""
    from bot.language.verbs import named  # the table names this parser

    found = named(line.rest)
    return Said(line.verb.name, sub=found.name if found else None)
