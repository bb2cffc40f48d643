"""Who may do what in a partnership, who is seen there, and what is said in its thread."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.errors import NotAllowed
from bot.domain.partnerships import (
    Entry,
    NotInChannel,
    NotInvited,
    Participation,
    Partnership,
    State,
    Step,
    WithoutOrganization,
    same_name,
    takes_part,
)
from bot.domain.people import Kind, Member, Organization, Person
from bot.domain.posts import Kind as Post

if TYPE_CHECKING:
    from storage.store import Store


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody who may change things in a partnership."""

    partnership: Partnership
    member: Member
    participation: Participation


def channels_of(store: "Store", installation_id: int, person: Person) -> frozenset[str]:
    """The channels with a live partnership in which somebody was seen. Only looks."""
    member = store.people.by_key(installation_id, person.team, person.user)
    found = () if member is None else store.partnerships.of_member(member.id)
    return frozenset(each.channel for each in found if each.channel is not None)


def here(store: "Store", installation_id: int, channel: str | None) -> Partnership:
    """The live partnership of a channel.

    Raises NotInChannel: for a direct message, for a channel to which the bot was not invited, and
    for one from which it was removed.
    """
    if channel is None or channel.startswith("D"):
        raise NotInChannel(
            "This belongs to a channel that you share with your partners. "
            "Go to that channel and say it there."
        )
    partnership = store.partnerships.in_channel(installation_id, channel)
    if partnership is not None:
        return partnership
    if store.partnerships.last_in_channel(installation_id, channel) is not None:
        raise NotInChannel(
            "The partnership in this channel has ended, so I keep nothing new. "
            "Invite me to the channel again to go on where you stopped."
        )
    raise NotInvited


def live(store: "Store", installation_id: int, partnership_id: int) -> Partnership:
    """A partnership by its id, for what was opened in it before (a modal, say).

    Raises NotInChannel if it has ended since, or is another installation's.
    """
    partnership = store.partnerships.by_id(partnership_id)
    if partnership.installation_id != installation_id or not partnership.live:
        raise _ended()
    return partnership


def visiting(
    store: "Store", partnership: Partnership, person: Person, now: datetime
) -> tuple[Member, Participation | None]:
    """Somebody of the channel, whoever they are, and their organization's part if it has one.

    An organization that is seen here for the first time takes part from now on and is asked for
    its OK. The caller has checked with Slack that the person is in the channel. Raises
    NotInChannel if the partnership has ended.
    """
    if not partnership.live:
        raise _ended()
    if person.kind in {Kind.BOT, Kind.GONE}:
        raise NotAllowed("Only people can do this.")
    known = store.partnerships.known(partnership, person)
    if known is not None:
        return known
    member = store.people.met(partnership.installation_id, person, now)
    return member, see(store, partnership, member, now)


def acting(
    store: "Store", installation_id: int, person: Person, channel: str | None, now: datetime
) -> Acting:
    """Somebody who wants to change something in the partnership of a channel.

    The caller has checked with Slack that the person is in the channel. Raises NotInChannel,
    WithoutOrganization for a guest who has not said theirs, and NotAllowed for people of an
    organization that has not agreed although the partnership has started.
    """
    return acting_in(store, here(store, installation_id, channel), person, now)


def acting_in(store: "Store", partnership: Partnership, person: Person, now: datetime) -> Acting:
    """As ``acting``, where the partnership is known already."""
    member, participation = visiting(store, partnership, person, now)
    if participation is None:
        raise without(store, partnership, member)
    if not takes_part(partnership, participation):
        raise NotAllowed(
            "Your organization has not said OK yet, so I keep nothing of it. "
            "Press OK on my first message in the channel, then try again."
        )
    return Acting(partnership, member, participation)


def see(
    store: "Store",
    partnership: Partnership,
    member: Member,
    now: datetime,
    *,
    announce: bool = True,
) -> Participation | None:
    """Note that somebody is in the channel, and their organization with them.

    An organization that was expected under this name is this one from now on.
    """
    if member.kind in {Kind.BOT, Kind.GONE}:
        return None
    news = store.partnerships.seen(partnership.id, member.id, now)
    if member.organization is None:
        if news and announce:
            refresh(store, partnership)
        return None
    known = store.partnerships.participation(partnership.id, member.organization.id)
    if known is not None:
        return known
    made = _expected(store, partnership, member.organization) or participate(
        store, partnership, member.organization, now
    )
    if announce:
        note(
            store,
            partnership,
            Step.JOINED,
            now,
            member=member.id,
            organization=member.organization.id,
        )
        refresh(store, partnership)
    return made


def participate(
    store: "Store", partnership: Partnership, organization: Organization, now: datetime
) -> Participation:
    """An organization takes part from now on; its OK is waited for."""
    made = store.partnerships.participate(partnership.id, organization.id, now)
    look_again(store, partnership, now)
    return made


def look_again(store: "Store", partnership: Partnership, now: datetime) -> None:
    """Have the clock find out anew for whose OK is waited, and how long."""
    if partnership.state is State.BEGINNING:
        store.partnerships.change(partnership.id, look_at=now)


def note(
    store: "Store",
    partnership: Partnership,
    step: Step,
    now: datetime,
    *,
    member: int | None = None,
    organization: int | None = None,
    detail: dict[str, object] | None = None,
) -> Entry:
    """Write down what happened, and say it in the thread of the welcome."""
    entry = store.partnerships.record(
        partnership.id, step, now, member=member, organization=organization, detail=detail
    )
    if partnership.welcome_id is not None:
        _say(store, partnership.welcome_id, entry, now)
    return entry


def say_again(store: "Store", partnership: Partnership, entry: Entry, now: datetime) -> None:
    """Have a note brought up to date, since what it asked is settled."""
    if partnership.welcome_id is not None:
        store.messages.refresh(_say(store, partnership.welcome_id, entry, now))


def _say(store: "Store", welcome_id: int, entry: Entry, now: datetime) -> int:
    """The id of an entry's note, which is recorded the first time."""
    return store.messages.note(
        welcome_id,
        Post.WELCOME_NOTE,
        entry.id,
        now=now,
        once=f"partnership_history:{entry.id}",
    )


def refresh(store: "Store", partnership: Partnership) -> None:
    """Have the welcome brought up to date."""
    if partnership.welcome_id is not None:
        store.messages.refresh(partnership.welcome_id)


def _expected(
    store: "Store", partnership: Partnership, organization: Organization
) -> Participation | None:
    """The part that was kept for an organization of this name before anybody of it was here."""
    for each in store.partnerships.organizations(partnership.id):
        if (
            each.organization.team is None
            and same_name(each.organization.name, organization.name)
            and not store.people.of_organization(each.organization.id)
        ):
            store.partnerships.change_participation(each.id, organization_id=organization.id)
            return store.partnerships.participation(partnership.id, organization.id)
    return None


def without(
    store: "Store", partnership: Partnership, member: Member
) -> WithoutOrganization | NotAllowed:
    """What to tell a guest whose organization is not known yet."""
    waiting = store.partnerships.open_joining(partnership.id, member.id)
    if waiting is None:
        return WithoutOrganization(partnership.id)
    return NotAllowed(
        "I am waiting for somebody of the organization that you named to say that you are with "
        "them. The question is in the thread of my first message. Then try again."
    )


def _ended() -> NotInChannel:
    return NotInChannel(
        "This partnership has ended, so nothing was kept. "
        "Invite me to the channel again to go on where you stopped."
    )
