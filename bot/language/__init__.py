"""What people may type: one table of verbs, dates in words, and what replies in a thread mean.

Pure: no clock, no storage, nothing of Slack but the form of its mentions. ``read`` turns a line
into a ``Said`` or raises ``Unclear`` with a question for the person; ``read_reply`` never raises.
"""

import re
from collections.abc import Collection
from datetime import datetime

from bot.domain.errors import Unclear
from bot.language.card_replies import read_card_reply
from bot.language.clean import clean
from bot.language.dates import read_date, today_in
from bot.language.line import Answers, Line, Verb, Where, Who, unquoted
from bot.language.replies import Meaning, Reply, read_reply
from bot.language.said import Said
from bot.language.undo import says_undo
from bot.language.verbs import VERBS, found, unknown

__all__ = [
    "VERBS",
    "Answers",
    "Meaning",
    "Reply",
    "Said",
    "Verb",
    "Where",
    "Who",
    "read",
    "read_card_reply",
    "read_date",
    "read_reply",
    "says_undo",
]

_BEFORE = re.compile(
    r"(?:[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|/[\w-]+(?=\s)"
    r"|(?:please|pls|hi|hey|hello)\b[\s,!.]*)*",
    re.IGNORECASE,
)
_NUMBER_FIRST = re.compile(
    r"(?:#|no\.\s?|№\s?)?(?P<number>[0-9]{1,9})(?:[\s,:.-]+(?P<rest>.*))?", re.DOTALL
)


def read(
    text: str,
    *,
    now: datetime,
    zone: str,
    labels: Collection[str] = (),
    number: int | None = None,
) -> Said:
    """What a line means, said at ``now`` by somebody in that zone.

    ``labels``: the programs known in that place. ``number``: the commitment that the place is
    about (a mention in the thread of its card), so that "done" alone is enough there. Raises
    ``Unclear``: a question, whose suggestion is the line ready to copy and mend.
    """
    typed = clean(text)
    line = unquoted(typed)
    before = _BEFORE.match(line)
    line = line[before.end() :] if before else line
    if line == "?":
        line = "help"
    match = found(line)
    if match is None and (turned := _NUMBER_FIRST.fullmatch(line)):
        line = _turned(turned)
        match = found(line)
    if not line:
        raise Unclear("What would you like to do? Say “help” to see what I understand.")
    if match is None:
        raise unknown(line)
    verb, _, rest = match
    today = today_in(now, zone)
    return verb.parser(Line(verb, line, rest, today, labels, number))


def _turned(line: re.Match[str]) -> str:
    """ "#12" means "show 12", and "#12 done: …" means "done 12: …"."""
    rest = (line["rest"] or "").strip()
    if not rest:
        return f"show {line['number']}"
    match = found(rest)
    return line.group() if match is None else f"{match[1]} #{line['number']} {match[2]}"
