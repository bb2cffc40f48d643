"""What is known of commitments: one, a channel's, a person's, and how each is shown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain import commitments as rules
from bot.domain.commitments import (
    AGREED,
    UNANSWERED,
    Act,
    Audience,
    Card,
    Commitment,
    Event,
    Facts,
    Note,
    Page,
    Side,
    State,
)
from bot.domain.errors import NotAllowed, NotFound, Unclear
from bot.domain.people import Kind as PersonKind
from bot.domain.people import Member, Person
from bot.services import partnerships

if TYPE_CHECKING:
    from storage.store import Store
from bot.services.commitments.requests import Which

NEAR = timedelta(days=14)
"""A check-in speaks of what is due within this time (product: *Check-ins*, every two weeks)."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a form about a commitment is made of."""

    commitment: Commitment
    side: Side
    """Of whoever opens it."""
    people: tuple[Member, ...]
    """In the channel, as far as we know."""

    @property
    def alone(self) -> bool:
        """Whether we know of nobody else of the owner's organization there."""
        owner = self.commitment.owner
        return not any(
            one.id != owner.id
            and one.organization is not None
            and owner.organization is not None
            and one.organization.id == owner.organization.id
            for one in self.people
        )


def find(store: "Store", which: Which) -> Commitment:
    """The commitment that is meant; raises ``NotFound``, whatever there may be elsewhere."""
    if which.commitment_id is not None:
        found = store.commitments.find(which.commitment_id)
        if found is None or found.place.installation_id != which.installation_id:
            raise NotFound("I cannot find this commitment any more.")
        return found
    if which.channel is None or which.number is None:
        raise Unclear("Which one do you mean? Please name its number, like #12.")
    found = store.commitments.in_channel(which.installation_id, which.channel, which.number)
    if found is None:
        partnerships.here(store, which.installation_id, which.channel)
        raise NotFound(f"There is no #{which.number} in this channel.")
    return found


def looked_at(
    store: "Store",
    which: Which,
    person: Person,
    act: Act | None = None,
    now: datetime | None = None,
) -> tuple[Commitment, Member | None]:
    """The commitment as this person may see it, and who they are to us.

    With an act, refuses what they could not do anyway: before a form is opened for it. ``now``
    is for what may be done for some time only.
    """
    commitment = find(store, which)
    member = store.people.by_key(which.installation_id, person.team, person.user)
    if act is not None:
        today = None if now is None else _card(commitment, now).today
        me = member or _stranger(person)
        rules.step(commitment, me, act, version=which.version, today=today)
    return rules.seen_by(commitment, member), member


def opened(
    store: "Store",
    which: Which,
    person: Person,
    act: Act,
    now: datetime,
    *,
    there: str | None = None,
) -> Opened:
    """What a form about a commitment shows, in one reading and without asking Slack.

    ``there`` is the channel in which the person pressed a button. Elsewhere it is for those who
    were seen in the commitment's channel; Slack is asked when the form is sent. Raises
    ``NotAllowed`` and what ``looked_at`` raises.
    """
    commitment, member = looked_at(store, which, person, act, now)
    people = known_here(store, commitment.place.partnership_id)
    if commitment.place.channel != there:
        check_known(people, person)
    side = rules.side_of(find(store, which), member or _stranger(person))
    return Opened(commitment, side, people)


def known_here(store: "Store", partnership_id: int) -> tuple[Member, ...]:
    """The people who were seen in a partnership's channel and have not left, as far as we know."""
    return tuple(
        member
        for member in store.partnerships.members(partnership_id)
        if member.kind in {PersonKind.FULL, PersonKind.GUEST}
    )


def check_known(people: Iterable[Member], person: Person) -> None:
    """Raises ``NotAllowed`` for somebody who was not seen among these people."""
    if (person.team, person.user) not in {(member.team, member.user) for member in people}:
        raise NotAllowed("Only people who are in the channel can do this. Join it, then try again.")


def people_of(
    store: "Store", installation_id: int, channel: str, person: Person, *, there: str | None = None
) -> tuple[Member, ...]:
    """Who can be asked in a channel, for a form: as ``opened`` knows them."""
    people = known_here(store, partnerships.here(store, installation_id, channel).id)
    if channel != there:
        check_known(people, person)
    return people


def history(
    store: "Store", which: Which, person: Person, now: datetime
) -> tuple[Card, Member | None, tuple[Note, ...]]:
    """One commitment with what happened to it, as this person may see it."""
    full = find(store, which)
    member = store.people.by_key(which.installation_id, person.team, person.user)
    card = _whole_card(store, rules.seen_by(full, member), now)
    notes = tuple(
        Note(entry, card.commitment, card.today)
        for entry in store.commitments.entries(full.id)
        if rules.may_read(entry, member)
    )
    return card, member, notes


def here(
    store: "Store",
    installation_id: int,
    channel: str,
    person: Person,
    *,
    label: str | None = None,
    offset: int = 0,
    limit: int = 20,
) -> Page:
    """What is open in this channel, by date, of all organizations; a page of it.

    With a label only what is for that.
    """
    partnership = partnerships.here(store, installation_id, channel)
    viewer = store.people.by_key(installation_id, person.team, person.user)
    found = store.commitments.open_of(partnership.id, label=label, limit=limit, offset=offset)
    return Page(
        commitments=tuple(rules.seen_by(commitment, viewer) for commitment in found),
        offset=offset,
        total=store.commitments.count_open(partnership.id, label=label),
        viewer=viewer,
        label=label,
    )


def mine(store: "Store", installation_id: int, person: Person) -> Page:
    """What this person owns and is not closed, in all their partnerships, by date."""
    viewer = store.people.by_key(installation_id, person.team, person.user)
    found = () if viewer is None else store.commitments.mine(viewer.id)
    return Page(found, 0, len(found), viewer)


def waiting(store: "Store", installation_id: int, person: Person) -> Page:
    """What waits for this person's answer, in all their partnerships, by date."""
    viewer = store.people.by_key(installation_id, person.team, person.user)
    found = () if viewer is None else store.commitments.waiting(viewer)
    seen = tuple(rules.seen_by(commitment, viewer) for commitment in found)
    return Page(seen, 0, len(seen), viewer)


def numbered(
    store: "Store", installation_id: int, person: Person, number: int
) -> tuple[Commitment, ...]:
    """``#12`` of each partnership in which this person has a part in that commitment.

    For direct messages, where the number alone may mean several.
    """
    viewer = store.people.by_key(installation_id, person.team, person.user)
    if viewer is None:
        return ()
    found = store.commitments.numbered_for(viewer, number)
    return tuple(rules.seen_by(commitment, viewer) for commitment in found)


def near(
    store: "Store", partnership_id: int, today: date, within: timedelta = NEAR
) -> tuple[Commitment, ...]:
    """What is agreed and due soon, or overdue, as everybody may see it."""
    found = store.commitments.near(partnership_id, today + within)
    return tuple(rules.seen_by(commitment, None) for commitment in found)


def facts(
    store: "Store",
    partnership_id: int,
    *,
    today: date,
    until: date,
    since: datetime,
    viewer: Member | None = None,
) -> Facts:
    """What a digest says of commitments: one query, however many there are.

    ``until`` is the last day of "this week", ``since`` the moment of the digest before. With a
    viewer it is what that person may see; without one what everybody may.
    """
    found = [
        rules.seen_by(commitment, viewer)
        for commitment in store.commitments.open_or_closed_since(partnership_id, since)
    ]

    def those(test: Callable[[Commitment], bool]) -> tuple[Commitment, ...]:
        return tuple(commitment for commitment in found if test(commitment))

    return Facts(
        needs_decision=those(lambda one: one.state in UNANSWERED),
        needs_help=those(lambda one: one.state in rules.AGREED and one.risk is not None),
        overdue=those(lambda one: rules.overdue(one, today)),
        due_soon=those(
            lambda one: (
                one.state in rules.AGREED
                and one.terms.due is not None
                and today <= one.terms.due <= until
            )
        ),
        done=those(lambda one: one.state is State.DONE),
    )


def present(
    store: "Store", installation_id: int, channel: str, users: Iterable[str]
) -> tuple[Member, ...]:
    """Who of these users can be asked in this channel: people that we have met there."""
    partnership = partnerships.here(store, installation_id, channel)
    here = frozenset(users)
    return tuple(
        member
        for member in store.partnerships.members(partnership.id)
        if member.user in here and member.kind in {PersonKind.FULL, PersonKind.GUEST}
    )


def colleagues(store: "Store", member: Member, users: Iterable[str]) -> tuple[Member, ...]:
    """Others of this member's organization among these users, whom we have met."""
    if member.organization is None:
        return ()
    here = frozenset(users)
    return tuple(
        other
        for other in store.people.of_organization(member.organization.id)
        if other.id != member.id and other.user in here and other.kind is not PersonKind.GONE
    )


def shown(store: "Store", commitment_id: int, now: datetime) -> Card | None:
    """A commitment for its card."""
    found = store.commitments.find(commitment_id)
    return None if found is None else _whole_card(store, rules.seen_by(found, None), now)


def _whole_card(store: "Store", commitment: Commitment, now: datetime) -> Card:
    """A card with what only its history tells, in the states in which there may be any."""
    card = _card(commitment, now)
    if commitment.state in AGREED:
        return replace(card, missing=store.commitments.missing(commitment.id))
    if commitment.state is State.DROPPED:
        return replace(card, withdrawn=store.commitments.withdrawn(commitment.id))
    return card


def note_shown(store: "Store", entry_id: int, now: datetime) -> Note | None:
    """A row of the history for the card's thread; None if it is not for everybody."""
    note = _note(store, entry_id, now)
    return note if note is not None and note.entry.audience is Audience.EVERYONE else None


def told(store: "Store", entry_id: int, now: datetime) -> Note | None:
    """A row of the history for the owner's colleagues; None once it is not theirs to know, the
    owner is not stuck any more, or says something else of it since.
    """
    note = _note(store, entry_id, now)
    if note is None or note.entry.audience is not Audience.ORGANIZATION:
        return None
    if note.entry.event is Event.STUCK:
        commitment = store.commitments.find(note.commitment.id)
        risk = None if commitment is None else commitment.risk
        if risk is None or (risk.audience, risk.why) != (note.entry.audience, note.entry.why):
            return None
    return note


def _note(store: "Store", entry_id: int, now: datetime) -> Note | None:
    entry = store.commitments.entry(entry_id)
    if entry is None:
        return None
    commitment = store.commitments.find(entry.commitment_id)
    if commitment is None:
        return None
    card = _card(rules.seen_by(commitment, None), now)
    return Note(entry, card.commitment, card.today)


def _card(commitment: Commitment, now: datetime) -> Card:
    return Card(commitment, now.astimezone(ZoneInfo(commitment.place.zone)).date())


def _stranger(person: Person) -> Member:
    return Member(0, person.team, person.user, person.name, person.kind, None, person.zone)
