"""Days on end: "22 Dec to 2 Jan", "next week", "until Friday", "for 2 weeks", "24-26 Dec"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.errors import Unclear
from bot.language.dates import attempt

_MOST_WORDS = 14
"""Words that days on end can take."""

_PIECE = re.compile(r"\S+")
_BETWEEN = re.compile(
    r"(?:\s+(?:to|until|till?|through|thru|and|hasta|al?|y|au|et|jusqu['’](?:au|a|à))\s+"
    r"|\s*[–—]\s*|\s+-\s+|(?<=\d)-(?=\d{1,2}\b(?!-))|(?<=[a-z])-(?=\d))",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?:from|between|on|since|starting|desde|del?|du|le|el)\s+(?:the\s+)?", re.IGNORECASE
)
_UNTIL = re.compile(r"(?:until|till?|through|thru|to|hasta|jusqu['’](?:au|a|à))\s+", re.IGNORECASE)
_FOR = re.compile(r"(?:^|\s+)(?:for|during|durante|por|pendant)\s+(?:the\s+)?", re.IGNORECASE)
_WEEK = re.compile(
    r"(?:all\s+)?(?:of\s+)?(?:(?P<this>this|esta|cette)\s+(?:week|semana|semaine)"
    r"|next\s+week|(?:la\s+)?(?:pr[oó]xima\s+semana|semana\s+que\s+viene)"
    r"|(?:la\s+)?semaine\s+prochaine)",
    re.IGNORECASE,
)
_BARE_DAY = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?")
_EDGES = " \t\n,;:.!()–—-"


@dataclass(frozen=True, slots=True)
class Span:
    """Days on end, both included, and the words that follow them."""

    first: date
    last: date
    rest: str


def span(words: str, today: date) -> Span | None:
    """The days that a text begins with; None where it begins with none.

    One day alone is a span of one; "until X" begins today; a week is Monday to Friday, this week
    from today on. Raises ``Unclear`` for a try at a date that must be asked about.
    """
    question: Unclear | None = None
    pieces = list(_PIECE.finditer(words))[:_MOST_WORDS]
    for count in range(len(pieces), 0, -1):
        head = words[pieces[0].start() : pieces[count - 1].end()].strip(_EDGES)
        try:
            found = _days(head, today)
        except Unclear as asked:
            question = question or asked
            continue
        if found is not None and question is None:
            return Span(*found, words[pieces[count - 1].end() :].strip(_EDGES))
    if question is not None:
        raise question
    return None


def _days(words: str, today: date) -> tuple[date, date] | None:
    """The days that the words mean as a whole."""
    if from_ := _FROM.match(words):
        words = words[from_.end() :]
    if week := _WEEK.fullmatch(words):
        monday = today - timedelta(days=today.weekday())
        if week["this"]:
            return today, max(today, monday + timedelta(days=4))
        return monday + timedelta(days=7), monday + timedelta(days=11)
    if until := _UNTIL.match(words):
        last = _day(words[until.end() :], today)
        return None if last is None else (today, last)
    for match in _FOR.finditer(words):
        length = _length(words[match.end() :], today)
        first = _day(words[: match.start()], today) if words[: match.start()].strip() else today
        if length is not None and first is not None:
            return first, first + length - timedelta(days=1)
    for left, right in _halves(words):
        if (both := _both(left, right, today)) is not None:
            return both
    day = _day(words, today)
    return None if day is None else (day, day)


def _halves(words: str) -> Iterator[tuple[str, str]]:
    for match in _BETWEEN.finditer(words):
        left, right = words[: match.start()], words[match.end() :]
        if left.strip() and right.strip():
            yield left, right


def _both(left: str, right: str, today: date) -> tuple[date, date] | None:
    """Two days; one of them may leave its month to the other: "24 to 26 Dec", "Dec 24 to 26"."""
    if bare := _BARE_DAY.fullmatch(left.strip()):
        last = _day(right, today)
        if last is None:
            return None
        return _same_month(last, bare), last
    first = _day(left, today)
    if first is None:
        return None
    if bare := _BARE_DAY.fullmatch(right.strip()):
        return first, _same_month(first, bare)
    try:
        last = _day(right, first)  # after the first: "22 Dec to 2 Jan", "Monday to Wednesday"
    except Unclear:
        last = _day(right, today)  # before the first, which is for the rule to refuse
    return None if last is None else (first, last)


def _same_month(other: date, bare: re.Match[str]) -> date:
    try:
        return other.replace(day=int(bare["day"]))
    except ValueError:
        raise Unclear("There is no such date. Which days do you mean?") from None


def _day(words: str, today: date) -> date | None:
    return attempt(words.strip(_EDGES), today, vague=False)


def _length(words: str, today: date) -> timedelta | None:
    """ "2 weeks", "a few days": from the day on which it begins."""
    end = attempt(words.strip(_EDGES), today, bare=True) if _LENGTH.fullmatch(words) else None
    return None if end is None or end == today else end - today


_LENGTH = re.compile(
    r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,3}|un[ae]?|dos|tres|deux|trois)"
    r"\s+(?:days?|weeks?|fortnights?|months?|d[ií]as?|semanas?|mes(?:es)?|jours?|semaines?|mois)",
    re.IGNORECASE,
)
