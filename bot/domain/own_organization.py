"""One organization in one partnership, as its own people see and change it."""

from dataclasses import dataclass
from datetime import date

from bot.domain.closed_days import Named
from bot.domain.partnerships import Partnership
from bot.domain.people import Member, Organization

SPONSOR_LIMIT = 120
"""Letters of the line that says who inside backs this."""


@dataclass(frozen=True, slots=True)
class Own:
    """What an organization says of itself."""

    partnership: Partnership
    organization: Organization
    lead: Member | None
    sponsor: str
    zone: str | None
    weekdays: frozenset[int]
    people: tuple[Member, ...]
    """Of it, seen in the channel: any of them can be its lead."""
    days: tuple[Named, ...]
    """Its next closed days."""
    today: date
    changed: frozenset[str] = frozenset()
    """What was set just now: ``lead``, ``sponsor``, ``zone``, ``weekdays``."""
