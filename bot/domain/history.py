"""The history of a partnership, as its people read it: every row, the newest first."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.partnerships import Change, Entry, Partnership
from bot.domain.people import Member, Organization
from bot.domain.schedules import Entry as ScheduleEntry
from bot.domain.schedules import ScheduleKind

PAGE = 15
"""Rows of a page."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: to the partnership, or to what recurs in it."""

    entry: Entry | None = None
    schedule: ScheduleEntry | None = None
    kind: ScheduleKind | None = None
    """Of what recurs."""
    member: Member | None = None
    organization: Organization | None = None
    """As it was then."""
    change: Change | None = None
    """The setting that it is about."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the history."""

    partnership: Partnership
    events: tuple[Event, ...]
    """The newest first."""
    offset: int
    total: int
    people: Mapping[int, Member] = field(default_factory=dict)
    """Everybody whom the rows name, by id."""
