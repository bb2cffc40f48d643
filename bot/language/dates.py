"""Dates in words: "friday", "end of month", "in 2 weeks", "30 Nov", "el viernes".

What is ambiguous, impossible or past is asked about, never guessed. Decided here and in the rules:

- A weekday alone is the next one; said on that very day it means a week later ("today" is shorter).
- "next friday" is the Friday of next week. Spanish and French "próximo", "prochain" mean the
  first one to come.
- "end of the week" is its Friday; said at the weekend it is asked about.
- A day and month without a year is this year's. If that is gone, it is next year's where that is
  the nearer of the two ("15 Jan" said in November), otherwise it is asked about.
- A date more than five years away is asked about, and so is a time of day: only days are kept.

The rules read what people mostly type; ``dateparser`` is asked about the rest (``other_dates``).
"""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.errors import Unclear
from bot.language.date_rules import asked_about, by_rule, day, typed
from bot.language.other_dates import asked
from bot.language.vocabulary import CLOSEST, WORDS, Token, tokens

LONGEST = 60
"""Characters of a date in words; a longer text is none."""

_MOST = 12  # tokens of a date in words
_FAR = 5 * 366  # days
_NOT_READ = "I could not read that date. Write it like “friday”, “30 Nov” or “in 2 weeks”."
_NO_TIMES = "I keep days, not times of day."


class Timed(Unclear):
    """A date with a time of day, which is not kept."""

    def __init__(self, sentence: str, *, time: str, suggestion: str | None) -> None:
        super().__init__(sentence, suggestion=suggestion)
        self.time = time
        """The words for the time of day."""


def read_date(text: str, *, now: datetime, zone: str) -> date:
    """The date that the words mean for somebody in that zone: today or later.

    "2 weeks" means in two weeks here. Raises ``Unclear`` with the question to ask, and as its
    suggestion a mended date where there is one.
    """
    today = today_in(now, zone)
    words = " ".join(text[: 2 * LONGEST].split())
    found = None if len(text) > 2 * LONGEST else attempt(_AROUND.sub("", words), today, bare=True)
    if found is None:
        raise Unclear(_NOT_READ)
    return found


_AROUND = re.compile(
    r"^\s*(?:(?:by|until|till|to|due|para|hasta|pour|avant)\s+)?|[\s?!.]+$", re.IGNORECASE
)


def today_in(now: datetime, zone: str) -> date:
    """The date on the wall in that zone. Raises ``ValueError`` for a naive ``now``."""
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime")
    try:
        return now.astimezone(ZoneInfo(zone)).date()
    except (KeyError, ValueError, OSError):  # as ZoneInfo refuses names
        raise Unclear("I do not know that time zone. Use a name like America/New_York.") from None


def attempt(words: str, today: date, *, bare: bool = False, vague: bool = True) -> date | None:
    """The date that the words as a whole mean; None where they are no try at a date.

    ``bare``: a length of time alone counts as from today. ``vague``: what is a time but no day
    ("next week", "december", "fryday") is asked about, and ``dateparser`` is heard; without it
    such words are None. Raises ``Unclear`` for a date that must be asked about.
    """
    if len(words) > LONGEST:
        return None
    pieces = tokens(words)
    if not pieces or len(pieces) > _MOST:
        return None
    said = " ".join(piece.means for piece in pieces)
    if "?" in said:
        return _with_unknown_words(words, pieces, today) if vague else None
    if any(piece.means in {"t", "uhour"} for piece in pieces):
        return _with_a_time(pieces, today, vague=vague)
    found = by_rule(said, today)
    if found is None and vague:
        found = asked_about(said, today, bare=bare)
        if found is None and _SPEAKS_OF_TIME.search(said):
            found = asked(words, said, today)
            if found is None:
                raise Unclear(_NOT_READ)
    return None if found is None else _checked(found, today)


_SPEAKS_OF_TIME = re.compile(r"\b(?:[wm]\d+|u[a-z]+|amb.*|imp|today|tomorrow|\+2)(?: |$)")


def _checked(found: date, today: date) -> date:
    if found < today:
        raise Unclear(f"{day(found, today)} is past. Which date do you mean?")
    if (found - today).days > _FAR:
        raise Unclear(f"{day(found, today)} is more than five years away. Which date do you mean?")
    return found


def _with_unknown_words(words: str, pieces: list[Token], today: date) -> date | None:
    """A slip of the fingers is asked about; the rest may be a date that only dateparser knows."""
    said = " ".join(piece.means for piece in pieces)
    unknown = [piece.text for piece in pieces if piece.means == "?"]
    if len(unknown) == 1 and len(pieces) <= 4 and (close := _closest(unknown[0])):
        mended = by_rule(said.replace("?", WORDS[close]), today)
        if mended is not None:
            mended = _checked(mended, today)
            raise Unclear(
                f"Did you mean “{close}”: {day(mended, today)}?", suggestion=typed(mended, today)
            )
    if len(unknown) <= 2 and _SPEAKS_OF_TIME.search(said) and any(map(str.isdigit, words)):
        found = asked(words, said, today)
        return None if found is None else _checked(found, today)
    return None


def _closest(word: str) -> str | None:
    if not 4 <= len(word) <= 12:
        return None
    from difflib import get_close_matches  # for slips only

    return next(iter(get_close_matches(word, CLOSEST, n=1, cutoff=0.75)), None)


def _with_a_time(pieces: list[Token], today: date, *, vague: bool) -> date | None:
    """A date with a time of day is asked about: the day is offered, the time is named."""
    said = _TIME.sub("", " ".join(piece.means for piece in pieces)).strip()
    time = " ".join(piece.text for piece in pieces if piece.means == "t")
    if not said:
        if vague:
            raise Timed(f"{_NO_TIMES} Which day do you mean?", time=time, suggestion=None)
        return None
    found = None if "uhour" in said else by_rule(said, today)
    if found is not None:
        found = _checked(found, today)
        raise Timed(
            f"{_NO_TIMES} Do you mean by {day(found, today)}?",
            time=time,
            suggestion=typed(found, today),
        )
    if vague and "uhour" in said:
        raise Unclear(f"{_NO_TIMES} Which day do you mean?")
    return None


_TIME = re.compile(r"(?:(?:^| )(?:at|n1|in|of|the|this))*(?:^| )t(?= |$)")
