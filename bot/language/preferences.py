"""What somebody can say about their own settings, and about when to be reminded."""

import re
from datetime import date, time

from bot.domain.errors import Unclear
from bot.domain.preferences import Hours, Notice
from bot.language.dates import attempt
from bot.language.line import Line, numbered, says_something
from bot.language.said import Said
from bot.language.vocabulary import fold

HERE = "here"
"""The channel in which it is said."""

_CHANNEL = re.compile(
    r"(?:\b(?:in|of|for|from)\s+)?(?:<#(?P<id>[CG][A-Z0-9]+)(?:\|[^>]*)?>|#(?P<name>[^\s#,;]{1,80})"
    r"|(?P<here>\b(?:here|this channel)\b))",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"^[\s,;:.]*(?:until|till?|to|through|for|hasta|jusqu['’](?:au|a|à)?)\s+", re.I)
_FOR_ME = re.compile(r"\b(?:me|my|mine|reminders?)\b|^(?:un)?mute|^snooze", re.IGNORECASE)

_TIME = (
    r"(?:(?P<hour{0}>[0-9]{{1,2}})(?:[:.h](?P<minute{0}>[0-9]{{2}}))?\s?(?:(?P<half{0}>[ap])\.?m\b\.?)?"
    r"(?:\s?o'?clock|\s?h\b)?|(?P<word{0}>noon|midday|midnight))"
)
_HOURS = re.compile(
    rf"(?:at|from|between)?\s*{_TIME.format(1)}\s*(?:to|and|until|till?|[-–—])\s*{_TIME.format(2)}",
    re.IGNORECASE,
)
_PARTS = {
    "morning": Hours(time(9), time(12)),
    "afternoon": Hours(time(13), time(17)),
    "evening": Hours(time(18), time(21)),
}
_PART = re.compile(r"(?:in the |every |at )?(?P<part>morning|afternoon|evening)s?")
_ZONE = re.compile(
    r"(?:in|on)\s+(?:the\s+)?(?P<zone>[a-z][\w+-]*(?:[/ ][\w+-]+){0,3}?)(?:\s+time)?"
)
_OF = re.compile(r"(?:of|about)\s+(?=#|№|no\b|[0-9])", re.IGNORECASE)
_ON = re.compile(r"^(?:again\b[\s,]*)?(?:(?:on|until|till?|not before|from|at)\s+)?", re.IGNORECASE)

_SWITCH = re.compile(
    r"(?:(?P<no>no)\s+)?(?:my\s+)?(?:reminders?|nudges?)"
    r"(?:\s+(?P<switch>on|off))?(?:\s+(?:for|of|about)\s+(?P<kind>.+))?"
)
_KINDS = {  # the first that fits
    Notice.LEAD: re.compile(r"\b(?:lead|colleagues?)\b"),
    Notice.CHECKIN: re.compile(r"\b(?:check-?ins?|check ins?|nudges?)\b"),
    Notice.ANSWER: re.compile(r"\b(?:answers?|wait\w*|questions?|asked)\b"),
    Notice.OVERDUE: re.compile(r"\b(?:overdue|late|past|missed)\b"),
    Notice.LATER: re.compile(r"\b(?:later|weekly|week|coming|ahead|before)\b"),
    Notice.DUE: re.compile(r"\b(?:due|day|today)\b"),
}
_WHICH = (
    "Which reminders? There are those for later, due, overdue, answers, check-ins, and for what "
    "you lead."
)
_WHEN = "For example: remind me from 18:00 to 21:00."


def settings(line: Line) -> Said:
    """``settings``, ``reminders off [for KIND]``, ``no nudges``: a kind is told in ``what``; empty
    means all of them.
    """
    words = fold(line.typed).strip(" .!?")
    match = _SWITCH.fullmatch(words)
    if match is None or not (match["no"] or match["switch"]):
        if words.startswith("no ") or re.search(r"\b(?:on|off)\b", words):
            raise line.unclear(_WHICH, "reminders off for check-ins")
        return Said(line.verb.name)
    kind = _kind(match["kind"] or ("check-ins" if "nudge" in words else ""))
    if kind is None:
        raise line.unclear(_WHICH, "reminders off for check-ins")
    on = match["switch"] == "on" and match["no"] is None
    return Said(line.verb.name, sub="on" if on else "off", what=kind)


def _kind(words: str) -> str | None:
    """The notice that somebody names; empty for all of them, None for what is none."""
    if not words or words in {"all", "everything", "all of them"}:
        return ""
    for notice, known in _KINDS.items():
        if known.search(words):
            return notice.value
    return None


def remind(line: Line) -> Said:
    """``remind me [from HOUR to HOUR | in ZONE | of NUMBER on DATE]``; alone: what holds."""
    snoozed = re.match(r"(?:snooze|later)\b", line.typed, re.IGNORECASE)
    rest = line.rest.strip(" .!?")
    if snoozed or _OF.match(rest):
        return _later(line, _OF.sub("", rest, count=1))
    if not says_something(rest):
        return Said(line.verb.name)
    words = fold(rest)
    if match := _PART.fullmatch(words):
        return Said(line.verb.name, hours=_PARTS[match["part"]])
    if match := _HOURS.fullmatch(words):
        return Said(line.verb.name, hours=_hours(match, line))
    if match := _ZONE.fullmatch(words):
        return Said(line.verb.name, zone=match["zone"])
    raise line.unclear("When shall I remind you?")


def _hours(match: re.Match[str], line: Line) -> Hours:
    try:
        return Hours(_at(match, 1, match["half2"]), _at(match, 2, None))
    except Unclear as question:
        raise Unclear(f"{question} {_WHEN}", suggestion=line.typed) from None


def _at(match: re.Match[str], side: int, same_half: str | None) -> time:
    """A time of day; "6 to 9 pm" means both in the evening."""
    if word := match[f"word{side}"]:
        return time() if word == "midnight" else time(12)
    typed = match[f"hour{side}"]
    hour, minute = int(typed), int(match[f"minute{side}"] or 0)
    half = match[f"half{side}"] or (same_half if hour < 12 else None)
    if side == 2 and hour == 24 and not minute:
        return time()
    if hour > 23 or minute > 59 or (half and not 1 <= hour <= 12):
        raise Unclear("There is no such time of day.")
    if half:
        return time(hour % 12 + (12 if half == "p" else 0), minute)
    if hour < 7 and match[f"minute{side}"] is None and not typed.startswith("0"):
        raise Unclear("In the morning or in the evening?")
    return time(hour, minute)


def _later(line: Line, rest: str) -> Said:
    """``remind me of 12 on 4 Dec``"""
    number, words = numbered(Line(line.verb, line.typed, rest, line.today, (), line.number))
    words = _ON.sub("", words)
    if not says_something(words):
        raise line.unclear("When shall I remind you of it again?")
    return Said(line.verb.name, sub="later", number=number, until=_date(line, words))


def pause(line: Line) -> Said:
    """``pause for me [in #CHANNEL] [until DATE]``"""
    if not _FOR_ME.search(line.typed):
        raise line.unclear(
            "Only for you, or for everybody here? For everybody, say “checkin pause” or “digest "
            "pause”.",
            f"pause for me {line.rest}".strip(),
        )
    spot, words = _spot(line.rest)
    words = _UNTIL.sub("", words).strip(" .!?,;")
    until = _date(line, words) if says_something(words) else None
    return Said(line.verb.name, spot=spot, until=until)


def resume(line: Line) -> Said:
    """``resume for me [in #CHANNEL]``"""
    if not _FOR_ME.search(line.typed):
        raise line.unclear(
            "Only for you, or for everybody here? For everybody, say “checkin resume” or “digest "
            "resume”.",
            f"resume for me {line.rest}".strip(),
        )
    spot, words = _spot(line.rest)
    if says_something(words):
        raise line.unclear("Of which channel?", "resume for me")
    return Said(line.verb.name, spot=spot)


def _spot(words: str) -> tuple[str | None, str]:
    """The channel that is named, and the words without it."""
    match = _CHANNEL.search(words)
    if match is None:
        return None, words
    rest = f"{words[: match.start()]} {words[match.end() :]}".strip()
    return (HERE if match["here"] else match["id"] or match["name"]), rest


def _date(line: Line, words: str) -> date:
    try:
        found = attempt(words, line.today, bare=True)
    except Unclear as question:
        raise Unclear(str(question), suggestion=line.typed) from None
    if found is None:
        raise line.unclear("Until which day?")
    return found
