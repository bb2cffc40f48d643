"""How the work is shared: for each organization what is open and done, and what of it is paid.

There is no ranking, of people or of organizations: it is counted by organization and told in the
order of their names. The leads see it first, and it stands in the channel only once a lead of each
organization has said so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.commitments import Commitment
from bot.domain.errors import NotAllowed, OutOfDate
from bot.domain.people import Member

AGAIN_DAYS = 7
"""So many days after somebody asked, the leads are not asked anew."""


@dataclass(frozen=True, slots=True)
class Part:
    """The share of one organization."""

    organization_id: int
    name: str
    open: int = 0
    """Agreed, and neither done nor dropped."""
    done: int = 0
    """Since the day from which it is counted."""
    paid: int = 0
    """Of both together, as far as the owners said so."""
    unpaid: int = 0

    @property
    def total(self) -> int:
        """Open and done."""
        return self.open + self.done


@dataclass(frozen=True, slots=True)
class Said:
    """What an organization's lead said to posting it."""

    organization_id: int
    member: int
    yes: bool


@dataclass(frozen=True, slots=True)
class Share:
    """What the leads are shown."""

    id: int
    partnership_id: int
    asked_by: Member
    """With the organization as it was then."""
    at: datetime
    since: date
    parts: tuple[Part, ...]
    """By the organizations' names."""
    said: tuple[Said, ...] = ()
    posted_at: datetime | None = None
    message_id: int | None = None

    def answer_of(self, organization_id: int) -> bool | None:
        """What an organization said; None before it said anything."""
        return next(
            (each.yes for each in self.said if each.organization_id == organization_id), None
        )

    @property
    def agreed(self) -> bool:
        """Whether each organization wants it posted."""
        return bool(self.parts) and all(self.answer_of(each.organization_id) for each in self.parts)


@dataclass(frozen=True, slots=True)
class Shown:
    """How the work is shared, as it is shown to the leads or, once posted, to everybody."""

    share: Share
    name: str
    """Of the partnership."""
    zone: str


def quarter(today: date) -> date:
    """The first day of the quarter: what is done since then counts."""
    return date(today.year, today.month - (today.month - 1) % 3, 1)


def in_order(parts: Iterable[Part]) -> tuple[Part, ...]:
    """By name, so that nobody is first for having done more."""
    return tuple(sorted(parts, key=lambda each: (each.name.casefold(), each.organization_id)))


@dataclass(frozen=True, slots=True)
class Marked:
    """A commitment, and whether its owner has said that it is paid work."""

    commitment: Commitment
    paid: bool | None
    """None: they have not said."""


def check_answer(share: Share, organization_id: int, deciders: Iterable[int], member: int) -> None:
    """Whether somebody may say for their organization whether it is posted.

    Raises ``NotAllowed`` for everybody but those who decide, ``OutOfDate`` once it is posted.
    """
    if all(each.organization_id != organization_id for each in share.parts):
        raise NotAllowed(
            "Your organization was not part of this yet when it was counted. "
            "Ask for it anew: mention me in the channel with: shares."
        )
    if member not in set(deciders):
        raise NotAllowed("Your organization's lead decides this.")
    if share.posted_at is not None:
        raise OutOfDate("It stands in the channel already.")


def to_json(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """Figures as they are kept."""
    return [
        {
            "organization": each.organization_id,
            "name": each.name,
            "open": each.open,
            "done": each.done,
            "paid": each.paid,
            "unpaid": each.unpaid,
        }
        for each in parts
    ]


def from_json(value: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    """Figures as they were kept."""
    return tuple(
        Part(
            int(each["organization"]),
            str(each["name"]),
            int(each["open"]),
            int(each["done"]),
            int(each["paid"]),
            int(each["unpaid"]),
        )
        for each in value
    )
