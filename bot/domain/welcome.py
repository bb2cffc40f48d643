"""What the first message of a partnership, its thread and its setup show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.domain.changes import KEEP_DAYS
from bot.domain.partnerships import (
    Asked,
    Change,
    Entry,
    Participation,
    Partnership,
    Setting,
)
from bot.domain.people import Member, Organization
from bot.domain.rhythm import Rhythm


@dataclass(frozen=True, slots=True)
class Line:
    """Where one organization stands."""

    organization: Organization
    agreed: bool
    ok_by: Member | None
    lead: Member | None
    not_now: bool
    expected: bool
    """Whether nobody of it is here yet."""
    sponsor: str | None = None
    """Who inside backs this, as its own people say."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """The first message of a partnership, as it stands."""

    partnership: Partnership
    host: str
    """The name of the organization that runs the app."""
    lines: tuple[Line, ...]
    guests: tuple[Member, ...]
    """Those who have not said which organization they are with."""
    checkin: Rhythm
    digest: Rhythm
    may_start_without: bool
    keep_days: int = KEEP_DAYS
    """How long texts of replies are kept."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Where a change stands that needs everyone's OK."""

    said_ok: tuple[Organization, ...]
    waiting: tuple[Organization, ...]


@dataclass(frozen=True, slots=True)
class Noted:
    """One thing that happened, with everybody whom it is about."""

    entry: Entry
    partnership: Partnership
    today: date
    """By the partnership's calendar."""
    host: str
    checkin: Rhythm
    digest: Rhythm
    waiting: tuple[Organization, ...]
    """Those whose OK is missing now."""
    member: Member | None = None
    organization: Organization | None = None
    by: Member | None = None
    """A second person: who confirmed or refused."""
    answers: Member | None = None
    """Who can answer a question: the host organization's lead, else the one who invited."""
    joining: Asked | None = None
    change: Change | None = None
    consent: Consent | None = None
    """Of a change that needs everyone's OK."""
    ended_by: Member | None = None
    """Who objected to that change, or took it back."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """How a partnership is set up, and what came of a change."""

    partnership: Partnership
    checkin: Rhythm
    digest: Rhythm
    participations: tuple[Participation, ...]
    expected: tuple[str, ...]
    """Names of organizations of which nobody is here yet."""
    announced: tuple[Change, ...] = ()
    """What begins later, or waits for everyone's OK."""
    consents: Mapping[int, Consent] = field(default_factory=dict)
    """By change, of those that need everyone's OK."""
    keep_days: int = KEEP_DAYS
    """How long texts of replies are kept."""
    reaction: bool = False
    """Whether a reaction on a message offers to record it."""
    version: int = 0
    """Grows with each change of a setting, so that an old form is recognized."""
    changed: frozenset[Setting] = field(default_factory=frozenset)
    """What was set at once, just now."""
