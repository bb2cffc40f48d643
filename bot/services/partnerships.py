"""How a partnership begins and starts, and who may do what in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.errors import NotAllowed, NotPossible, Unclear
from bot.domain.open_days import after
from bot.domain.partnerships import (
    START_WITHOUT_AFTER,
    Entry,
    NotInChannel,
    Participation,
    Partnership,
    State,
    Step,
    WithoutOrganization,
    check_start_without,
    missing,
    readable,
    ready,
    same_name,
    takes_part,
)
from bot.domain.people import Kind, Member, Organization, Person
from bot.domain.posts import Kind as Post
from bot.domain.schedules import local_day

if TYPE_CHECKING:
    from storage.store import Store


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody who may change things in a partnership."""

    partnership: Partnership
    member: Member
    participation: Participation


@dataclass(frozen=True, slots=True)
class Begin:
    """The bot was invited to a channel."""

    key: str
    installation_id: int
    channel: str
    name: str
    """The channel's."""
    zone: str
    """The host organization's."""
    inviter: Person | None
    present: tuple[Person, ...]
    """Everybody in the channel, as Slack says now."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button of the welcome was pressed."""

    key: str
    installation_id: int
    channel: str
    person: Person


@dataclass(frozen=True, slots=True)
class Question:
    """Something that somebody wants to know before saying OK."""

    key: str
    installation_id: int
    partnership_id: int
    person: Person
    text: str


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
    raise NotInChannel(
        "Invite me to this channel first: mention me here, and Slack offers to add me. "
        "Then say it again."
    )


def live(store: "Store", installation_id: int, partnership_id: int) -> Partnership:
    """A partnership by its id, for what was opened in it before (a modal, say).

    Raises NotInChannel if it has ended since, or is another installation's.
    """
    partnership = store.partnerships.by_id(partnership_id)
    if partnership.installation_id != installation_id or not partnership.live:
        raise NotInChannel(
            "This partnership has ended, so nothing was kept. "
            "Invite me to the channel again to go on where you stopped."
        )
    return partnership


def visiting(
    store: "Store", partnership: Partnership, person: Person, now: datetime
) -> tuple[Member, Participation | None]:
    """Somebody of the channel, whoever they are, and their organization's part if it has one.

    An organization that is seen here for the first time takes part from now on and is asked for
    its OK. The caller has checked with Slack that the person is in the channel.
    """
    member = store.people.met(partnership.installation_id, person, now)
    if member.kind in {Kind.BOT, Kind.GONE}:
        raise NotAllowed("Only people can do this.")
    known = see(store, partnership, member, now)
    return member, known


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
        raise _without(store, partnership, member)
    if not takes_part(partnership, participation):
        raise NotAllowed(
            "Your organization has not said OK yet, so I keep nothing of it. "
            "Press OK on my first message in the channel, then try again."
        )
    return Acting(partnership, member, participation)


def may_be_asked(store: "Store", partnership: Partnership, member: Member) -> bool:
    """Whether somebody's organization takes part, so that they may be asked and recorded."""
    if member.organization is None:
        return False
    return takes_part(
        partnership, store.partnerships.participation(partnership.id, member.organization.id)
    )


def begin(store: "Store", request: Begin, now: datetime) -> Partnership:
    """Begin a partnership, or go on with the one that was in this channel before."""
    if (receipt := store.deliveries.receipt(request.key)) is not None:
        return store.partnerships.by_id(receipt["partnership"])
    inviter = (
        None
        if request.inviter is None
        else store.people.met(request.installation_id, request.inviter, now).id
    )
    known = store.partnerships.last_in_channel(request.installation_id, request.channel)
    if known is None:
        partnership = store.partnerships.add(
            request.installation_id, request.channel, request.name, request.zone, inviter, now
        )
        store.partnerships.record(partnership.id, Step.BEGAN, now, member=inviter)
        partnership = _greet(store, partnership, now)
    elif known.live:
        partnership = known
        note(store, partnership, Step.RETURNED, now, member=inviter)
    else:
        partnership = _again(store, known, request.channel, inviter, now)
    everybody = sorted(
        (store.people.met(request.installation_id, person, now) for person in request.present),
        key=lambda member: (member.organization is None or not member.organization.host, member.id),
    )
    for member in everybody:
        see(store, partnership, member, now, announce=False)
    refresh(store, partnership)
    store.deliveries.handled(request.key, now, {"partnership": partnership.id})
    return partnership


def agree(store: "Store", request: Press, now: datetime) -> Acting:
    """Somebody says OK for their organization. The first who does becomes its lead.

    When nobody's OK is missing any more, the partnership starts.
    """
    partnership = here(store, request.installation_id, request.channel)
    if store.deliveries.receipt(request.key) is not None:
        return acting_in(store, partnership, request.person, now)
    member, participation = visiting(store, partnership, request.person, now)
    if participation is None:
        raise _without(store, partnership, member)
    if participation.agreed:
        raise NotPossible(_already(store, participation, member))
    store.partnerships.change_participation(
        participation.id,
        ok_at=now,
        ok_by=member.id,
        lead_id=participation.lead or member.id,
        not_now_at=None,
    )
    organization = participation.organization.id
    if partnership.started:  # the card shows who agreed before; who comes later is told
        note(store, partnership, Step.OK, now, member=member.id, organization=organization)
    else:
        store.partnerships.record(
            partnership.id, Step.OK, now, member=member.id, organization=organization
        )
    partnership = start_if_ready(store, partnership, now)
    refresh(store, partnership)
    store.deliveries.handled(request.key, now, {"partnership": partnership.id})
    return acting_in(store, partnership, request.person, now)


def not_now(store: "Store", request: Press, now: datetime) -> Partnership:
    """Somebody says that their organization does not agree for now. It can later."""
    partnership = here(store, request.installation_id, request.channel)
    if store.deliveries.receipt(request.key) is not None:
        return partnership
    member, participation = visiting(store, partnership, request.person, now)
    if participation is None:
        raise _without(store, partnership, member)
    if participation.agreed:
        raise NotPossible(
            _already(store, participation, member)
            + " If that should change, talk about it here in the channel."
        )
    if participation.not_now_at is None:
        store.partnerships.change_participation(participation.id, not_now_at=now)
        store.partnerships.record(
            partnership.id,
            Step.NOT_NOW,
            now,
            member=member.id,
            organization=participation.organization.id,
        )
        refresh(store, partnership)
    store.deliveries.handled(request.key, now, {"partnership": partnership.id})
    return partnership


def ask(store: "Store", request: Question, now: datetime) -> Entry:
    """Put somebody's question into the thread of the welcome, for the one who can answer it."""
    partnership = live(store, request.installation_id, request.partnership_id)
    if (receipt := store.deliveries.receipt(request.key)) is not None:
        return store.partnerships.entry(receipt["entry"])
    if not readable(request.text):
        raise Unclear("Please write your question, then send it again.")
    member, participation = visiting(store, partnership, request.person, now)
    asked = note(
        store,
        partnership,
        Step.QUESTION,
        now,
        member=member.id,
        organization=None if participation is None else participation.organization.id,
        detail={"text": request.text},
    )
    store.deliveries.handled(request.key, now, {"entry": asked.id})
    return asked


def start_without(store: "Store", request: Press, now: datetime) -> Partnership:
    """Start although somebody has not answered: they are neither asked nor recorded."""
    partnership = here(store, request.installation_id, request.channel)
    if store.deliveries.receipt(request.key) is not None:
        return partnership
    member, participation = visiting(store, partnership, request.person, now)
    if participation is None:
        raise _without(store, partnership, member)
    if partnership.started:
        raise NotPossible("It has started already. There is nothing more to do.")
    if not participation.agreed:
        raise NotAllowed("Say OK for your own organization first, then start without the others.")
    check_start_without(
        store.partnerships.organizations(partnership.id),
        waited_enough(store, partnership, START_WITHOUT_AFTER, now),
    )
    partnership = _start(store, partnership, Step.STARTED_WITHOUT, now, member=member.id)
    refresh(store, partnership)
    store.deliveries.handled(request.key, now, {"partnership": partnership.id})
    return partnership


def start_if_ready(store: "Store", partnership: Partnership, now: datetime) -> Partnership:
    """Start the partnership if nothing holds it back any more."""
    if partnership.state is not State.BEGINNING:
        return partnership
    participations = store.partnerships.organizations(partnership.id)
    if not ready(participations, len(guests_without(store, partnership))):
        return partnership
    return _start(store, partnership, Step.STARTED, now)


def guests_without(store: "Store", partnership: Partnership) -> tuple[Member, ...]:
    """Guests in the channel who have not said which organization they are with."""
    return tuple(
        each
        for each in store.partnerships.members(partnership.id)
        if each.kind is Kind.GUEST and each.organization is None
    )


def waited_enough(store: "Store", partnership: Partnership, days: int, now: datetime) -> bool:
    """Whether everybody whose OK is missing has had so many open days, counted by their own."""
    today = local_day(now, partnership.zone)
    waiting = missing(store.partnerships.organizations(partnership.id))
    calendars = store.partnerships.workdays(each.organization.id for each in waiting)
    if not waiting:  # only guests without an organization hold it back
        return today >= after(local_day(partnership.created_at, partnership.zone), days)
    return all(
        today
        >= after(
            local_day(each.joined_at, partnership.zone), days, (calendars[each.organization.id],)
        )
        for each in waiting
    )


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
    made = _expected(store, partnership, member.organization) or store.partnerships.participate(
        partnership.id, member.organization.id, now
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
        store.messages.note(
            partnership.welcome_id,
            Post.WELCOME_NOTE,
            entry.id,
            now=now,
            once=f"partnership_history:{entry.id}",
        )
    return entry


def refresh(store: "Store", partnership: Partnership) -> None:
    """Have the welcome brought up to date."""
    if partnership.welcome_id is not None:
        store.messages.refresh(partnership.welcome_id)


def _start(
    store: "Store", partnership: Partnership, step: Step, now: datetime, member: int | None = None
) -> Partnership:
    started = store.partnerships.change(partnership.id, state=State.STARTED, started_at=now)
    note(store, started, step, now, member=member)
    return started


def _greet(store: "Store", partnership: Partnership, now: datetime) -> Partnership:
    """Post the welcome, which is also where OK is said."""
    if partnership.channel is None:
        return partnership
    began = store.partnerships.history(partnership.id, Step.BEGAN, Step.RETURNED)
    welcome = store.messages.post(
        partnership.installation_id,
        partnership.channel,
        Post.WELCOME,
        partnership.id,
        now=now,
        once=f"welcome:{partnership.id}:{len(began)}",
    )
    return store.partnerships.change(partnership.id, welcome_id=welcome)


def _again(
    store: "Store", ended: Partnership, channel: str, inviter: int | None, now: datetime
) -> Partnership:
    """Go on after the bot was removed: what was agreed is still there, each OK is asked anew."""
    store.partnerships.settle(ended.id, channel, now)
    for each in store.partnerships.organizations(ended.id):
        store.partnerships.change_participation(
            each.id, ok_at=None, ok_by=None, not_now_at=None, joined_at=now
        )
    partnership = store.partnerships.change(
        ended.id,
        state=State.BEGINNING,
        ended_at=None,
        started_at=None,
        invited_by=inviter or ended.invited_by,
    )
    store.partnerships.record(partnership.id, Step.RETURNED, now, member=inviter)
    return _greet(store, partnership, now)


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


def _without(
    store: "Store", partnership: Partnership, member: Member
) -> WithoutOrganization | NotAllowed:
    waiting = store.partnerships.open_joining(partnership.id, member.id)
    if waiting is None:
        return WithoutOrganization(partnership.id)
    return NotAllowed(
        "I am waiting for somebody of the organization that you named to say that you are with "
        "them. The question is in the thread of my first message. Then try again."
    )


def _already(store: "Store", participation: Participation, member: Member) -> str:
    if participation.ok_by == member.id:
        return "You have said OK for your organization already. There is nothing more to do."
    if participation.ok_by is None:
        return "Your organization has said OK already. There is nothing more to do."
    who = store.people.by_id(participation.ok_by).mention
    return f"{who} has said OK for your organization already. There is nothing more to do."
