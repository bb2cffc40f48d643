"""The weekly digest: what to decide, who needs help, what is due, done, heard, and what is next.

It is short on purpose: ten lines at most, and nothing at all when there is nothing to tell, but
for a sign of life once a month.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.checkins import Occurrence, Quote
from bot.domain.commitments import Commitment, Side, waits_for
from bot.domain.people import Member, Organization

AHEAD = timedelta(days=7)
"""What is due within this stands under "due this week": it is the time to the next digest."""

SIGN_OF_LIFE = timedelta(days=28)
"""After so long a silence it says that it is still there."""

LINES = 10
"""Lines at most, title and small print included (product: *Weekly digest*)."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What a digest tells."""

    partnership_id: int
    name: str
    """Of the partnership."""
    channel: str | None
    zone: str
    today: date
    rhythm: str
    """In words."""
    occurrence_id: int = 0
    """0 for a preview."""
    told_on: date | None = None
    """The day of the digest before that people saw: what was overdue then, it told."""
    decide: tuple[Commitment, ...] = ()
    stuck: tuple[Commitment, ...] = ()
    """At risk, for everybody to see, however far their date is."""
    due: tuple[Commitment, ...] = ()
    """Overdue ones first; none of those that stand under ``stuck``."""
    done: tuple[Commitment, ...] = ()
    heard: tuple[Quote, ...] = ()
    heard_there: bool = False
    """Whether something was heard that is not quoted here, since the message stays while what it
    quotes may be taken back."""
    missed: tuple[Occurrence, ...] = ()
    """Posts on schedule that did not go out since the digest before."""
    next_checkin: datetime | None = None
    next_digest: datetime | None = None
    set_by: Member | None = None
    quiet_since: datetime | None = None
    """With nothing to tell: when the last one was posted, if that is long ago."""
    renewed_at: datetime | None = None
    """When it was brought up to date, since a reply that it told was changed or taken back."""

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        """All that it speaks of."""
        return (*self.decide, *self.stuck, *self.due, *self.done)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (
            self.decide
            or self.stuck
            or self.due
            or self.done
            or self.heard
            or self.heard_there
            or self.missed
        )


@dataclass(frozen=True, slots=True)
class Internal:
    """What one organization should know of a partnership, as one of its people may see it."""

    partnership_id: int
    name: str
    channel: str
    organization: Organization
    viewer: Member
    today: date
    answer: tuple[Commitment, ...] = ()
    """Waits for an answer of theirs."""
    awaited: tuple[Commitment, ...] = ()
    """They wait for the others' answer."""
    stuck: tuple[Commitment, ...] = ()
    """At risk: for everybody to know, or for their organization alone."""
    late: tuple[Commitment, ...] = ()
    """Theirs, past its date."""
    due: tuple[Commitment, ...] = ()
    """Theirs, due this week."""
    asked: tuple[Commitment, ...] = ()
    """What they asked of others and is past its date, or due this week."""
    next_checkin: datetime | None = None
    zone: str = "UTC"

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        """All that it speaks of."""
        return (
            *self.answer,
            *self.awaited,
            *self.stuck,
            *self.late,
            *self.due,
            *self.asked,
        )

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (
            self.answer or self.awaited or self.stuck or self.late or self.due or self.asked
        )


def unquoted(value: Digest) -> Digest:
    """For a message that stays and is not brought up to date: without what people said."""
    return replace(value, heard=(), heard_there=bool(value.heard))


def concerns(commitment: Commitment, organization: Organization) -> bool:
    """Whether it is an organization's own, asked for by it, or offered to one of its people."""
    offered = None if commitment.offer is None else commitment.offer.owner
    held = [commitment.owner.organization, commitment.asking]
    held.append(None if offered is None else offered.organization)
    return any(each is not None and each.id == organization.id for each in held)


def is_for(commitment: Commitment, organization: Organization) -> bool:
    """Whether an answer of this organization is awaited."""
    side = waits_for(commitment)
    if side is Side.ASKING:
        asked = commitment.asking
    elif side is Side.NEXT and commitment.offer is not None and commitment.offer.owner is not None:
        asked = commitment.offer.owner.organization
    else:
        asked = commitment.owner.organization
    return asked is not None and asked.id == organization.id


def allot(sizes: Sequence[int], lines: int) -> tuple[int, ...]:
    """How many lines each part gets: one each as far as they go, then in turn, the first first."""
    given = [0] * len(sizes)
    while lines > 0:
        wanting = [part for part, size in enumerate(sizes) if given[part] < size]
        if not wanting:
            break
        for part in wanting[:lines]:
            given[part] += 1
        lines -= len(wanting[:lines])
    return tuple(given)
