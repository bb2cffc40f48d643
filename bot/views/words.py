"""Words on their way out: safe in Slack's markup, short enough, and dates as people say them."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import regex

from bot.domain.people import Member

_BIDI = regex.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PILED_MARKS = regex.compile(r"(\p{M}{4})\p{M}+")  # more than four on one letter is vandalism
_GRAPHEME = regex.compile(r"\X")
_ELLIPSIS = "…"


def safe(text: str) -> str:
    """A person's text for a ``plain_text`` object: nothing that disturbs the words around it.

    Direction overrides and piled-up combining marks go; what is stored keeps them.
    """
    if text.isascii():  # most texts are, and there is nothing of the kind in them
        return text
    return _PILED_MARKS.sub(r"\1", _BIDI.sub("", text))


def cut(text: str, limit: int) -> str:
    """The text in at most ``limit`` UTF-16 units, cut at the border of a grapheme.

    Slack counts as JavaScript does, so an emoji outside the basic plane counts twice here.
    """
    if len(text) <= limit and units(text) <= limit:
        return text
    kept: list[str] = []
    room = limit - len(_ELLIPSIS)
    for match in _GRAPHEME.finditer(text):
        room -= units(match.group())
        if room < 0:
            break
        kept.append(match.group())
    return "".join(kept).rstrip() + _ELLIPSIS


_OPEN_AT_THE_END = regex.compile(r"(?:<[^<>]*|&[a-z]{0,4})$")


def cut_markup(mrkdwn: str, limit: int) -> str:
    """As ``cut``, for text in Slack's markup: no mention or entity is left half."""
    shown = cut(mrkdwn, limit)
    if shown == mrkdwn:
        return mrkdwn
    return _OPEN_AT_THE_END.sub("", shown.removesuffix(_ELLIPSIS)) + _ELLIPSIS


def units(text: str) -> int:
    """A text's length as Slack counts it: in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def escape(text: str, limit: int = 2000) -> str:
    """A person's text for mrkdwn: no mention, link or broadcast of theirs comes alive.

    ``& < >`` are Slack's only control characters
    (https://docs.slack.dev/messaging/formatting-message-text). The limit counts the text
    before escaping is applied to what remains, and holds for what results.
    """
    shown = cut(safe(text), limit)
    room = limit
    while True:
        escaped = cut(shown, room).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        excess = units(escaped) - limit
        if excess <= 0:
            return escaped
        room -= max(1, excess // 5)


def one_line(text: str, limit: int = 200) -> str:
    """Escaped, on one line, for lists and digests."""
    return escape(" ".join(text.split()), limit)


def plain(text: str, limit: int) -> str:
    """For ``plain_text`` objects (buttons, options, headers): safe, on one line, cut."""
    return cut(" ".join(safe(text).split()), limit)


def named(member: Member) -> str:
    """Somebody in running text: their mention and organization, for everybody alike."""
    if member.organization is None:
        return member.mention
    return f"{member.mention} ({escape(member.organization.name, 80)})"


def called(member: Member) -> str:
    """Somebody where a mention does not work (plain text): name and organization."""
    name = plain(member.name, 80)
    if member.organization is None:
        return name
    return f"{name} ({plain(member.organization.name, 80)})"


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(when: date, today: date | None = None) -> str:
    """A date as people say it: ``Mon, Nov 30``; with the year where it is not this one."""
    said = f"{_WEEKDAYS[when.weekday()]}, {_MONTHS[when.month - 1]} {when.day}"
    return said if today is None or when.year == today.year else f"{said}, {when.year}"


def due(when: date | None, today: date | None = None) -> str:
    """``by Mon, Nov 30``, or that there is no date yet."""
    return "no date yet" if when is None else f"by {day(when, today)}"


def moment(at: datetime, zone: str) -> str:
    """An instant on the wall clock of a zone: ``Tue, Nov 24 at 10:00``."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local.date())} at {local:%H:%M}"


def count(number: int, one: str, many: str | None = None) -> str:
    """``1 commitment``, ``3 commitments``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(parts: Iterable[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *before, final = list(parts) or [""]
    return f"{', '.join(before)} {last} {final}" if before else final
