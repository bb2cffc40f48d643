"""A commitment, its terms and its history, as values."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.commitments.life import Event, State
from bot.domain.people import Member, Organization


class Audience(StrEnum):
    """Who may know that somebody is stuck."""

    OWNER = "owner"
    ORGANIZATION = "organization"
    EVERYONE = "everyone"


class Away(StrEnum):
    """Why an owner may not act any more, so that others may hand over or drop what is theirs."""

    LEFT = "left"  # the channel
    OFF = "off"  # the account is switched off in Slack
    MOVED = "moved"  # is with another organization now


@dataclass(frozen=True, slots=True)
class Terms:
    """What is to be done, and when: one version of it."""

    version: int
    what: str
    """As written: never cut, never escaped."""
    due: date | None
    """A day on the owner's calendar; None means no date yet."""
    condition: str | None = None
    """The words after "yes, if"."""
    label: str | None = None
    """What it is for, as typed after "for"."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Terms that wait for an answer, and who put them forward."""

    terms: Terms
    by: Member
    owner: Member | None = None
    """Who is asked to take it over; None if it stays with its owner."""


@dataclass(frozen=True, slots=True)
class Risk:
    """The owner is stuck."""

    since: datetime
    audience: Audience
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a commitment belongs."""

    installation_id: int
    partnership_id: int
    name: str
    """Of the partnership, which is its channel's."""
    zone: str
    channel: str | None
    """None once the partnership has no channel any more."""
    live: bool = True
    """Whether the partnership goes on."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """What one person will do by a date. Organizations are those of the time it was written."""

    id: int
    place: Place
    number: int
    """``#12``: counted within its partnership."""
    state: State
    owner: Member
    proposer: Member
    terms: Terms
    """Those in force: the agreed ones or, before that, those the owner was asked for."""
    created_at: datetime
    offer: Offer | None = None
    """Terms that wait for an answer, in the states that have any besides those asked first."""
    risk: Risk | None = None
    closed_at: datetime | None = None
    card_id: int | None = None
    """The message that shows it."""
    last_version: int = 1
    """Of the terms that were ever put forward."""
    away: Away | None = field(default=None, compare=False)
    """Set where the owner cannot act any more, as far as we know."""
    lead_id: int | None = field(default=None, compare=False)
    """The member who leads the owner's organization here, if they can act; else nobody does."""
    history_id: int | None = field(default=None, compare=False)
    """Of what an act returns: the row of the history that it wrote; None if it wrote none."""

    @property
    def own(self) -> bool:
        """Whether it is the owner's own promise, which nobody asked for."""
        return self.owner.id == self.proposer.id

    @property
    def asking(self) -> Organization | None:
        """The organization that asked; None for one's own promise."""
        return None if self.own else self.proposer.organization

    @property
    def at_issue(self) -> Terms:
        """The terms that wait for an answer, else those in force. Buttons carry their version."""
        return self.terms if self.offer is None else self.offer.terms


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the history."""

    id: int
    commitment_id: int
    event: Event
    by: Member | None
    """With the organization as it was then; None if nobody did it."""
    at: datetime
    terms: Terms | None
    """The version that it is about."""
    why: str | None
    audience: Audience
    owner: Member | None = None
    """Who owned it, or was to own it, by those terms."""


@dataclass(frozen=True, slots=True)
class Card:
    """A commitment as everybody in the channel sees it."""

    commitment: Commitment
    today: date
    """In the partnership's zone."""
    missing: str | None = None
    """What is missing of what was done, where it is open again for that."""
    withdrawn: bool = False
    """Whether it ended before it ever counted, by who wrote it down."""


@dataclass(frozen=True, slots=True)
class Note:
    """One row of the history, with what it is about."""

    entry: Entry
    commitment: Commitment
    today: date


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, as its viewer may see it."""

    commitments: tuple[Commitment, ...]
    offset: int
    total: int
    viewer: Member | None
    """None: somebody whom we have not met yet, who can own nothing."""
    label: str | None = None
    """If it holds only what is for that."""
    hidden: int = 0
    """How many are in channels that I could not look at just now."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a digest says of commitments, as everybody may see it; each the soonest first."""

    needs_decision: tuple[Commitment, ...]
    needs_help: tuple[Commitment, ...]
    """At risk, for everybody to see."""
    overdue: tuple[Commitment, ...]
    due_soon: tuple[Commitment, ...]
    done: tuple[Commitment, ...]
