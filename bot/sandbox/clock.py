"""The sandbox's calendar, which may be moved, and the message timestamps made from it."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Calendar(Protocol):
    """Says what day and time it is in the sandbox (an aware datetime, UTC)."""

    def now(self) -> datetime: ...


class SystemCalendar:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class Timestamps:
    """Mints message timestamps (``ts``): unique and ever growing, whatever the calendar does.

    A calendar that stands still, or is set back, yields the last timestamp plus a microsecond.
    """

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._last = 0

    def next(self) -> str:
        now = self._calendar.now()
        if now.tzinfo is None:
            raise ValueError("The sandbox's calendar must give aware datetimes.")
        self._last = max((now - _EPOCH) // _MICROSECOND, self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


def time_of(ts: str) -> datetime:
    """The instant that a message timestamp stands for."""
    seconds, _, micros = ts.partition(".")
    return _EPOCH + timedelta(seconds=int(seconds), microseconds=int(micros or 0))


def iso(moment: datetime) -> str:
    """UTC in the form that the page reads: ``2026-11-16T15:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
