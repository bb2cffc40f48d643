"""Rhythms in words: "every second Tuesday at 10:00", "the last Friday of each month at 15:30".

"every second Tuesday" is every two weeks; "the second Tuesday of the month" is monthly. A weekday
or a time that is missing, and an hour that may mean morning or evening, are asked about.
"""

import re
from datetime import time

from bot.domain.errors import Unclear
from bot.domain.rhythm import Frequency, Rhythm
from bot.language.vocabulary import fold, tokens

LONGEST = 100
"""Characters of a rhythm in words."""

_HOW = "For example: every second Tuesday at 10:00, or the first Monday of each month at 9:30."
_KNOWN = "I know every week, every two weeks, every month and every quarter."


def read_rhythm(text: str) -> Rhythm:
    """The rhythm that the words mean. Raises ``Unclear`` with the question to ask."""
    if len(text) > LONGEST:
        raise Unclear(f"How often? {_HOW}")
    at, words = _time(_PLURAL.sub(r"\1", fold(text)))
    words = " ".join(_SYNONYMS.get(word, word) for word in words.split())
    pieces = [token for token in tokens(words) if token.means not in {"the", "of", "in", "n1"}]
    if any(piece.means == "?" for piece in pieces):
        raise Unclear(f"I did not understand all of that rhythm. {_HOW}")
    weekdays = {int(piece.means[1:]) for piece in pieces if _WEEKDAY.fullmatch(piece.means)}
    if len(weekdays) != 1:
        question = "On one weekday only, please." if weekdays else "On which weekday?"
        raise Unclear(f"{question} {_HOW}")
    frequency, nth = _how_often(" ".join(piece.means for piece in pieces))
    if at is None:
        raise Unclear(f"At what time? {_HOW}", suggestion=f"{text.strip()} at 10:00")
    return Rhythm(frequency, weekdays.pop(), at, nth)


_WEEKDAY = re.compile(r"w\d")
_PLURAL = re.compile(
    r"\b((?:mon|tues|wednes|thurs|fri|satur|sun)day|sabado|domingo|(?:lun|mar|mercre|jeu|vendre"
    r"|same)di|dimanche)s\b"
)
_SYNONYMS = {
    "weekly": "every week",
    "biweekly": "every 2 weeks",
    "bi-weekly": "every 2 weeks",
    "fortnightly": "every 2 weeks",
    "fortnight": "2 weeks",
    "monthly": "every month",
    "quarterly": "every quarter",
    "semanal": "every week",
    "quincenal": "every 2 weeks",
    "mensual": "every month",
    "trimestral": "every quarter",
    "hebdomadaire": "every week",
    "mensuel": "every month",
    "trimestriel": "every quarter",
}


def _how_often(said: str) -> tuple[Frequency, int | None]:
    period = next((unit for unit in ("uquarter", "umonth") if unit in said), None)
    if period == "umonth" and re.search(r"n3 umonth", said):
        period, said = "uquarter", said.replace("n3 umonth", "uquarter")
    if period is not None:
        if re.search(rf"n\d+ {period}|other {period}|o2 {period}|uday", said):
            raise Unclear(f"{_KNOWN} {_HOW}")
        frequency = Frequency.QUARTERLY if period == "uquarter" else Frequency.MONTHLY
        return frequency, _which(said, period)
    if re.search(r"uday|n(?!2\b)\d+ uweek|o[^2] uweek|uyear", said):
        raise Unclear(f"{_KNOWN} {_HOW}")
    if re.search(r"every (?:other|o2|n2)\b|every .*n2 uweek", said):
        return Frequency.BIWEEKLY, None
    if "every" in said and not re.search(r"\bo\d|last|n\d", said):
        return Frequency.WEEKLY, None
    raise Unclear(f"How often? {_HOW}")


def _which(said: str, period: str) -> int:
    """Which weekday of the month: said right before it."""
    match = re.search(r"(?:[on](?P<nth>[1-4])|(?P<last>last)) w\d", said)
    if match is None:
        of = "quarter" if period == "uquarter" else "month"
        raise Unclear(f"Which of the {of}: the first, second, third, fourth or last? {_HOW}")
    return -1 if match["last"] else int(match["nth"])


_TIME = re.compile(
    r"(?:\b(?:at|a|a las?|a l[ae]) |@ ?)?(?<![\w:.])(?:"
    r"(?P<hour>[0-9]{1,2})(?:[:.h](?P<minute>[0-9]{2})(?: ?(?P<half>[ap])\.?m\b\.?)?"
    r"| ?(?P<half2>[ap])\.?m\b\.?| ?h\b| ?o'?clock\b)(?![\w:])"
    r"|(?P<noon>noon|midday|mediodia|midi)\b)"
    r"|(?:\b(?:at|a|a las?|a l[ae]) |@ ?)(?P<bare>[0-9]{1,2})(?![\w:./-])"
)


def _time(folded: str) -> tuple[time | None, str]:
    """The time of day, and the words without it."""
    match = _TIME.search(folded)
    if match is None:
        return None, folded
    rest = f"{folded[: match.start()]} {folded[match.end() :]}"
    if _TIME.search(rest):
        raise Unclear(f"One time of day only, please. {_HOW}")
    if match["noon"]:
        return time(12), rest
    typed = match["hour"] or match["bare"]
    hour, minute = int(typed), int(match["minute"] or 0)
    half = match["half"] or match["half2"]
    if hour > 23 or minute > 59 or (half and not 1 <= hour <= 12):
        raise Unclear(f"There is no such time of day. {_HOW}")
    if half:
        return time(hour % 12 + (12 if half == "p" else 0), minute), rest
    if (hour < 7 and not typed.startswith("0")) or (match["bare"] and hour == 7):
        raise Unclear(f"In the morning or in the evening? Write it like 9:00 or 15:00. {_HOW}")
    return time(hour, minute), rest
