"""What can be said about days off: one's own, and those of one's organization."""

import re
from datetime import date

from bot.domain.errors import Unclear
from bot.language.clean import unescaped
from bot.language.dates import attempt
from bot.language.line import Line, says_something, unquoted
from bot.language.said import Said
from bot.language.spans import span

_HOLIDAYS = re.compile(
    r"(?:on\s+)?(?:the\s+)?(?:public\s+|bank\s+|national\s+)?holidays?(?:\s+(?:of|in|for)|\s*:)?\s*"
    r"(?:the\s+(?=[^\W\d_]))?",
    re.IGNORECASE,
)
_FILE = re.compile(r"(?:[^\n]{0,40}?)(?:BEGIN:)?VCALENDAR\b", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:to|until|till?|through|hasta|jusqu)\b", re.IGNORECASE)
_REMARK = re.compile(r"(?:for|because(?: of)?|due to|as|:)\s+", re.IGNORECASE)


def away(line: Line) -> Said:
    """``away 22 Dec to 2 Jan``, ``away next week``; alone it lists. Words that follow are dropped:
    no reason is kept.
    """
    if not says_something(line.rest):
        return Said(line.verb.name)
    found = _span(line)
    if found is None:
        raise line.unclear("From when to when are you away?")
    first, last, _ = found
    return Said(line.verb.name, sub="add", due=first, until=last)


def back(line: Line) -> Said:
    """``back``, ``back on 28 Dec``: the first day on which one is there again."""
    words = re.sub(r"^(?:again|on|from)\s+|^again$", "", line.rest.strip(" .!"), flags=re.I)
    if not says_something(words):
        return Said(line.verb.name)
    try:
        day = attempt(words, line.today)
    except Unclear as question:
        mended = f"back on {question.suggestion}" if question.suggestion else line.typed
        raise Unclear(str(question), suggestion=mended) from None
    if day is None:
        raise line.unclear("On which day are you back?")
    return Said(line.verb.name, due=day)


def closed(line: Line) -> Said:
    """``closed 24 Dec to 2 Jan winter break``, ``closed holidays of Germany, Berlin``, ``closed``
    with the text of a calendar file; alone it lists.
    """
    if not says_something(line.rest):
        return Said(line.verb.name)
    if _FILE.match(line.rest[:100]):
        return Said(line.verb.name, sub="file", what=line.typed)
    for words in (line.rest, line.typed):  # "closed holidays of …", "holidays of …"
        if match := _HOLIDAYS.match(words):
            return Said(line.verb.name, sub="holidays", what=unescaped(words[match.end() :]))
    found = _span(line)
    if found is None:
        raise line.unclear("On which days are you closed?")
    first, last, rest = found
    remark = _REMARK.match(rest)
    label = unquoted(rest[remark.end() :] if remark else rest)
    return Said(line.verb.name, sub="add", due=first, until=last, what=unescaped(label))


def opened(line: Line) -> Said:
    """``open 12 Oct``: open on days on which one would be closed."""
    found = _span(line)
    if found is None:
        raise line.unclear("On which days are you open after all?")
    first, last, _ = found
    return Said(line.verb.name, due=first, until=last)


def history(line: Line) -> Said:
    """``history``, ``history 3``: of the partnership, or of one commitment."""
    found = re.fullmatch(r"#?\s?([0-9]{1,9})", line.rest.strip(" .!"))
    return Said(line.verb.name, number=int(found[1]) if found else None)


def alone(line: Line) -> Said:
    """``our organization``: what follows says nothing more."""
    return Said(line.verb.name)


def _span(line: Line) -> tuple[date, date, str] | None:
    head = line.typed[: len(line.typed) - len(line.rest)]
    try:
        found = span(line.rest, line.today)
    except Unclear as question:
        mended = f"{head}{question.suggestion}" if question.suggestion else line.typed
        raise Unclear(str(question), suggestion=mended) from None
    if found is not None and _GOES_ON.match(found.rest):
        raise line.unclear(f"I could not read the last day in “{line.rest[:60]}”.")
    return None if found is None else (found.first, found.last, found.rest)
