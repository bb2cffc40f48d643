"""Calendar files: the closed days in the text of an iCalendar file (RFC 5545).

It comes as the file itself, or as pasted text. Only whole days count; a meeting at ten closes
nobody. Of the text only what makes the days is kept: no places, people or descriptions, and of
events with a time of day nothing.
"""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import import_module
from itertools import islice
from typing import Any

from bot.domain.closed_days import LABEL_LIMIT, LONGEST
from bot.domain.errors import Unclear

LONGEST_TEXT = 40_000
"""Letters of a pasted calendar; Slack delivers no longer message."""

LONGEST_KEPT = 100_000
"""Letters of what makes the days, which is all that is kept of a file."""

MOST_EVENTS = 500
MOST_DAYS = 2000
"""Closed days in the years ahead that one file may have."""

BEGIN = "BEGIN:VCALENDAR"

_KEPT = re.compile(
    r"(?:BEGIN|END|UID|SUMMARY|DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|STATUS)"
    r"(?=[:;])",
    re.IGNORECASE,
)
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
"""Bytes at a file's beginning that tell how it is written."""

_TIMED = re.compile(r"DTSTART(?:;[^:]*)?:\d{8}T", re.IGNORECASE)
_MOVES = re.compile("RECURRENCE-ID[;:]", re.IGNORECASE)
_FENCE = "```"
"""What people put around text that they paste."""
_TOO_OFTEN = re.compile("FREQ=(?:SECOND|MINUTE|HOUR)LY|BY(?:SECOND|MINUTE|HOUR)=", re.IGNORECASE)
_COUNT = re.compile(r";?COUNT=(\d+)", re.IGNORECASE)
_UNTIL = re.compile(r"UNTIL=(\d{8})", re.IGNORECASE)
_FREQUENCY = re.compile(r"FREQ=(\w+)", re.IGNORECASE)
_STEP_DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 30, "YEARLY": 365}
_DAYS_A_STEP = 500
"""So many days are looked through in the time of one step from one date to the next."""
MOST_STEPS = 60_000
"""For all that recurs in one file, which takes a few seconds: a rule that never fits, or began
centuries ago, is stepped through to its end.
"""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Read:
    """What a calendar's text says."""

    text: str
    """What is kept of it, to work out later years from."""
    days: Mapping[date, str]
    """The closed days from a day on, with their names."""
    timed: int
    """Events with a time of day, which were left out."""


def read(text: str, since: date, until: date) -> Read:
    """The closed days of a calendar in that time; raises ``Unclear`` for what is none."""
    if len(text) > LONGEST_TEXT:
        raise Unclear("This calendar is too long for a message. Paste a part of its events.")
    kept, left_out = _reduced(text)
    if not kept and not left_out:
        raise Unclear(
            "I could not find a calendar in this. Open the .ics file as text, copy all of it, and "
            f"paste it after “closed”; it begins with {BEGIN}."
        )
    return _read(kept, left_out, since, until)


def read_file(data: bytes, since: date, until: date) -> Read:
    """The closed days of a calendar file, as ``read``; of how many bytes is for the caller."""
    if not data.strip():
        raise Unclear("This file is empty. Export the days off of your calendar again, as .ics.")
    text = _decoded(data)
    if text is None or BEGIN not in text.upper():
        raise Unclear(
            "This file is no calendar. Export the days off of your calendar as an .ics file, and "
            "choose that."
        )
    kept, left_out = _reduced(text)
    if not kept and not left_out:
        raise Unclear(
            "There are no events in this calendar. Export the days off of your calendar again, and "
            "choose that file."
        )
    return _read(kept, left_out, since, until)


def _decoded(data: bytes) -> str | None:
    """The text of a file, in whatever way it is written; None for what is no text."""
    for mark, way in _MARKS.items():
        if data.startswith(mark):
            return data.removeprefix(mark).decode(way, "replace").replace("\0", "")
    if b"\0" in data:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:  # older calendar programs on Windows
        return data.decode("cp1252", "replace")


def _read(kept: str, left_out: int, since: date, until: date) -> Read:
    days, timed = _days(kept, since, until) if kept else ({}, 0)
    if not days:
        raise Unclear(
            "I found no whole days from today on in this calendar. Days off stand in it as all-day "
            "events; events with a time of day close nobody."
        )
    if len(days) > MOST_DAYS:
        raise Unclear(
            "This calendar has more closed days than I can keep. Export only the holidays, please."
        )
    return Read(kept, days, timed + left_out)


def days_of(kept: str, since: date, until: date) -> dict[date, str]:
    """The closed days of what was kept of a calendar, for another time."""
    return _days(kept, since, until)[0]


def _reduced(text: str) -> tuple[str, int]:
    """The lines that make days, of events alone (empty if there are none), and how many events with
    a time of day were left out. Folded lines are joined.
    """
    bare = text.strip().removeprefix(_FENCE).removesuffix(_FENCE)
    lines = re.sub(r"\r?\n[ \t]", "", bare).splitlines()
    events: list[list[str]] = []
    event: list[str] | None = None
    depth = timed = 0
    for line in (each.strip() for each in lines):
        name = line.upper()
        if name == "BEGIN:VEVENT":
            event, depth = [line], 1
        elif event is not None and name.startswith("BEGIN:"):
            depth += 1  # an alarm, with properties of its own
        elif event is not None and name.startswith("END:"):
            depth -= 1
            if depth == 0:
                if _has_time(event):
                    timed += 1
                else:
                    events.append([*event, line])
                event = None
        elif event is not None and depth == 1 and _KEPT.match(line):
            event.append(line)
    if not events:
        return "", timed
    if len(events) > MOST_EVENTS:
        raise Unclear(
            f"This calendar has more than {MOST_EVENTS} all-day events. Export only the days off, "
            "please."
        )
    body = (line for event in events for line in event)
    kept = "\n".join((BEGIN, "VERSION:2.0", *body, "END:VCALENDAR"))
    if len(kept) > LONGEST_KEPT:
        raise Unclear(
            "There is more in this calendar than I can keep. Export only the days off, please."
        )
    return kept, timed


def _has_time(event: Iterable[str]) -> bool:
    """Whether an event has a time of day. One that moves a single day of another stays all the
    same: that day is not closed any more.
    """
    lines = list(event)
    return any(_TIMED.match(each) for each in lines) and not any(map(_MOVES.match, lines))


def _days(kept: str, since: date, until: date) -> tuple[dict[date, str], int]:
    icalendar: Any = import_module("icalendar")
    try:
        events = list(icalendar.Calendar.from_ical(kept).walk("VEVENT"))
        moved = {
            (str(event.get("UID", "")), _plain(event["RECURRENCE-ID"].dt))
            for event in events
            if "RECURRENCE-ID" in event
        }
        found: dict[date, str] = {}
        timed = 0
        _check_steps(events, until)
        for event in events:
            span = _span(event)
            if span is None:
                timed += 1
                continue
            if str(event.get("STATUS", "")).upper() == "CANCELLED":
                continue
            label = " ".join(str(event.get("SUMMARY", "")).split())[:LABEL_LIMIT] or "closed"
            first, length = span
            for start in _starts(event, first, since - length, until, moved):
                for n in range(length.days):
                    if since <= (day := start + n * _DAY) <= until:
                        found.setdefault(day, label)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, IndexError) as error:
        raise Unclear(
            "I could not read this calendar. Export it again as an .ics file, and give me all of "
            "it: the file, or its text."
        ) from error
    return dict(sorted(found.items())), timed


def _check_steps(events: Iterable[Any], until: date) -> None:
    """Refuse what would take minutes to look through; raises ``Unclear``."""
    steps = 0
    for event in events:
        if "RRULE" in event:
            rules = event["RRULE"]
            days = max(0, (until - _plain(event["DTSTART"].dt)).days)
            for rule in rules if isinstance(rules, list) else [rules]:
                often = _FREQUENCY.search(rule.to_ical().decode())
                each = _STEP_DAYS.get(often[1].upper(), 1) if often else 1
                steps += days // each + days // _DAYS_A_STEP
    if steps > MOST_STEPS:
        raise Unclear(
            "Too much in this calendar repeats for me to look through. Export the coming years "
            "alone, or fewer events."
        )


def _span(event: Any) -> tuple[date, timedelta] | None:
    """The first day and how many there are; None for an event with a time of day."""
    start = event["DTSTART"].dt
    if isinstance(start, datetime):
        return None
    if "DTEND" in event:
        length = _plain(event["DTEND"].dt) - start
    elif "DURATION" in event:
        length = timedelta(days=event["DURATION"].dt.days)
    else:
        length = _DAY
    return start, min(max(length, _DAY), LONGEST)


def _starts(
    event: Any, first: date, since: date, until: date, moved: set[tuple[str, date]]
) -> Iterator[date]:
    """Each day in that time on which it begins, without those that were left out or moved."""
    uid = str(event.get("UID", ""))
    is_moved = "RECURRENCE-ID" in event
    left_out = set(_listed(event, "EXDATE"))
    if not is_moved:
        left_out |= {day for of, day in moved if of == uid}
    days = {first, *_listed(event, "RDATE")}
    if "RRULE" in event and not is_moved:
        rules = event["RRULE"]
        rrule: Any = import_module("dateutil.rrule")
        begin = datetime(first.year, first.month, first.day)  # noqa: DTZ001  # a day, no instant
        for rule in rules if isinstance(rules, list) else [rules]:
            words = _naive(rule.to_ical().decode())
            if _TOO_OFTEN.search(words):
                raise Unclear(
                    "An all-day event in this calendar repeats several times a day. Take it out, "
                    "or make it repeat daily."
                )
            count = _COUNT.search(words)
            repeated = rrule.rrulestr(_COUNT.sub("", words), dtstart=begin)
            late = datetime(until.year, until.month, until.day)  # noqa: DTZ001
            early = datetime(since.year, since.month, since.day)  # noqa: DTZ001
            # With an end of our own, so that a rule that never fits comes to one.
            last = _UNTIL.search(words)
            ends = late if last is None else min(late, _midnight(last[1]))
            counted = islice(repeated.replace(until=ends), None if count is None else int(count[1]))
            days |= {each.date() for each in counted if each >= early}
    yield from sorted(day for day in days if since <= day <= until and day not in left_out)


def _midnight(digits: str) -> datetime:
    """``20261224`` as the recurrence library has it."""
    day = date.fromisoformat(digits)
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  # a day, no instant


def _naive(rule: str) -> str:
    """A rule of whole days, whose end some programs write as an instant in UTC."""
    return re.sub(r"(UNTIL=\d{8})T\d{6}Z?", r"\1", rule, flags=re.IGNORECASE)


def _listed(event: Any, name: str) -> Iterator[date]:
    """The days of a property that may stand once, several times, and with several values."""
    values = event.get(name, ())
    for value in values if isinstance(values, list) else [values] if values else ():
        for each in value.dts:
            yield _plain(each.dt)


def _plain(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value
