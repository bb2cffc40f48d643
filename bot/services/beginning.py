"""How a partnership begins, how each organization says OK, and how it starts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.errors import NotAllowed, NotPossible, Unclear
from bot.domain.open_days import after
from bot.domain.partnerships import (
    START_WITHOUT_AFTER,
    Entry,
    Participation,
    Partnership,
    State,
    Step,
    check_start_without,
    missing,
    readable,
    ready,
)
from bot.domain.people import Kind, Member, Person
from bot.domain.posts import Kind as Post
from bot.domain.schedules import local_day
from bot.domain.undo import Lasting, What
from bot.services import lasting, partnerships, schedules

if TYPE_CHECKING:
    from storage.store import Store


_LATE = timedelta(minutes=10)
"""An invitation to a partnership that is younger is the one that began it, told late."""


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


def begin(store: "Store", request: Begin, now: datetime) -> Partnership:
    """Begin a partnership, or go on with the one that was in this channel before."""
    if (receipt := store.deliveries.receipt(request.key)) is not None:
        return store.partnerships.by_id(receipt["partnership"])
    inviter = (
        None
        if request.inviter is None
        else store.people.met(request.installation_id, request.inviter, now).id
    )
    store.messages.resume_channel(request.installation_id, request.channel)
    known = store.partnerships.last_in_channel(request.installation_id, request.channel)
    if known is None:
        partnership = store.partnerships.add(
            request.installation_id, request.channel, request.name, request.zone, inviter, now
        )
        store.partnerships.record(partnership.id, Step.BEGAN, now, member=inviter)
        partnership = _greet(store, partnership, now)
    elif known.live:
        partnership = known
        if now - known.created_at > _LATE:
            partnerships.note(store, partnership, Step.RETURNED, now, member=inviter)
    elif was_archived(store, known):
        partnership = resume(store, known, request.channel, now)
        partnerships.note(store, partnership, Step.RETURNED, now, member=inviter)
    else:
        partnership = _again(store, known, request.channel, inviter, now)
    everybody = sorted(
        (store.people.met(request.installation_id, person, now) for person in request.present),
        key=lambda member: (member.organization is None or not member.organization.host, member.id),
    )
    for member in everybody:
        partnerships.see(store, partnership, member, now, announce=False)
    partnerships.refresh(store, partnership)
    store.deliveries.handled(request.key, now, {"partnership": partnership.id})
    return partnership


def agree(store: "Store", request: Press, now: datetime) -> partnerships.Acting:
    """Somebody says OK for their organization. The first who does becomes its lead.

    When nobody's OK is missing any more, the partnership starts.
    """
    partnership = partnerships.here(store, request.installation_id, request.channel)
    if store.deliveries.receipt(request.key) is not None:
        return partnerships.acting_in(store, partnership, request.person, now)
    member, participation = partnerships.visiting(store, partnership, request.person, now)
    if participation is None:
        raise partnerships.without(store, partnership, member)
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
        entry = partnerships.note(
            store, partnership, Step.OK, now, member=member.id, organization=organization
        )
    else:
        entry = store.partnerships.record(
            partnership.id, Step.OK, now, member=member.id, organization=organization
        )
    _remember(store, partnership, participation, member, request.key, entry, now, ok=True)
    partnership = start_if_ready(store, partnership, now)
    partnerships.look_again(store, partnership, now)
    partnerships.refresh(store, partnership)
    store.deliveries.handled(request.key, now, {"partnership": partnership.id})
    return partnerships.acting_in(store, partnership, request.person, now)


def not_now(store: "Store", request: Press, now: datetime) -> Partnership:
    """Somebody says that their organization does not agree for now. It can later."""
    partnership = partnerships.here(store, request.installation_id, request.channel)
    if store.deliveries.receipt(request.key) is not None:
        return partnership
    member, participation = partnerships.visiting(store, partnership, request.person, now)
    if participation is None:
        raise partnerships.without(store, partnership, member)
    if participation.agreed:
        raise NotPossible(
            _already(store, participation, member)
            + " If that should change, talk about it here in the channel."
        )
    if participation.not_now_at is None:
        store.partnerships.change_participation(participation.id, not_now_at=now)
        entry = store.partnerships.record(
            partnership.id,
            Step.NOT_NOW,
            now,
            member=member.id,
            organization=participation.organization.id,
        )
        _remember(store, partnership, participation, member, request.key, entry, now, ok=False)
        partnerships.refresh(store, partnership)
    store.deliveries.handled(request.key, now, {"partnership": partnership.id})
    return partnership


def ask(store: "Store", request: Question, now: datetime) -> Entry:
    """Put somebody's question into the thread of the welcome, for the one who can answer it."""
    partnership = partnerships.live(store, request.installation_id, request.partnership_id)
    if (receipt := store.deliveries.receipt(request.key)) is not None:
        return store.partnerships.entry(receipt["entry"])
    if not readable(request.text):
        raise Unclear("Please write your question, then send it again.")
    member, participation = partnerships.visiting(store, partnership, request.person, now)
    asked = partnerships.note(
        store,
        partnership,
        Step.QUESTION,
        now,
        member=member.id,
        organization=None if participation is None else participation.organization.id,
        detail={"text": request.text},
    )
    lasting.note(
        store,
        Lasting.QUESTION,
        key=request.key,
        member_id=member.id,
        partnership_id=partnership.id,
        now=now,
    )
    store.deliveries.handled(request.key, now, {"entry": asked.id})
    return asked


def start_without(store: "Store", request: Press, now: datetime) -> Partnership:
    """Start although somebody has not answered: they are neither asked nor recorded."""
    partnership = partnerships.here(store, request.installation_id, request.channel)
    if store.deliveries.receipt(request.key) is not None:
        return partnership
    member, participation = partnerships.visiting(store, partnership, request.person, now)
    if participation is None:
        raise partnerships.without(store, partnership, member)
    if partnership.started:
        raise NotPossible("It has started already. There is nothing more to do.")
    if not participation.agreed:
        raise NotAllowed("Say OK for your own organization first, then start without the others.")
    check_start_without(
        store.partnerships.organizations(partnership.id),
        waited_enough(store, partnership, START_WITHOUT_AFTER, now),
    )
    partnership = _start(store, partnership, Step.STARTED_WITHOUT, now, member=member.id)
    partnerships.refresh(store, partnership)
    lasting.note(
        store,
        Lasting.STARTED_WITHOUT,
        key=request.key,
        member_id=member.id,
        partnership_id=partnership.id,
        now=now,
    )
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
        return today >= after(local_day(waits_since(store, partnership), partnership.zone), days)
    return all(
        today
        >= after(
            local_day(each.joined_at, partnership.zone), days, (calendars[each.organization.id],)
        )
        for each in waiting
    )


def _start(
    store: "Store", partnership: Partnership, step: Step, now: datetime, member: int | None = None
) -> Partnership:
    started = store.partnerships.change(
        partnership.id, state=State.STARTED, started_at=now, look_at=None
    )
    schedules.begin(store, started, now)
    partnerships.note(store, started, step, now, member=member)
    for entry in store.partnerships.history(started.id, Step.MAY_START):  # it offers that no more
        partnerships.say_again(store, started, entry, now)
    return started


def waits_since(store: "Store", partnership: Partnership) -> datetime:
    """When each organization was asked for its OK: at the invitation that holds now."""
    began = store.partnerships.history(partnership.id, Step.BEGAN, Step.RETURNED)
    return began[-1].at if began else partnership.created_at


def was_archived(store: "Store", ended: Partnership) -> bool:
    """Whether it ended only because its channel was archived, which withdraws nobody's OK."""
    ends = store.partnerships.history(ended.id, Step.ARCHIVED, Step.REMOVED)
    return bool(ends) and ends[-1].step is Step.ARCHIVED


def resume(store: "Store", ended: Partnership, channel: str, now: datetime) -> Partnership:
    """Go on after the channel was archived, as if nothing had been."""
    store.partnerships.settle(ended.id, channel, now)
    started = ended.started_at is not None
    partnership = store.partnerships.change(
        ended.id,
        state=State.STARTED if started else State.BEGINNING,
        ended_at=None,
        look_at=None if started else now,
    )
    if started:
        schedules.begin(store, partnership, now)
    return partnership


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
        look_at=now,
        invited_by=inviter or ended.invited_by,
    )
    store.partnerships.record(partnership.id, Step.RETURNED, now, member=inviter)
    return _greet(store, partnership, now)


def _remember(
    store: "Store",
    partnership: Partnership,
    before: Participation,
    member: Member,
    key: str,
    entry: Entry,
    now: datetime,
    *,
    ok: bool,
) -> None:
    """Note an OK, or a "not now", so that it can be taken back."""
    not_now = before.not_now_at
    store.undo.remember(
        What.OK,
        before.id,
        key=key,
        member_id=member.id,
        partnership_id=partnership.id,
        now=now,
        entry=entry.id - 1,
        before={
            "organization": before.organization.id,
            "lead": before.lead,
            "not_now": None if not_now is None else not_now.isoformat(),
            "started": partnership.started,
            "set": {
                "ok_by": member.id if ok else None,
                "lead": before.lead or member.id if ok else before.lead,
            },
        },
    )


def _already(store: "Store", participation: Participation, member: Member) -> str:
    if participation.ok_by == member.id:
        return "You have said OK for your organization already. There is nothing more to do."
    if participation.ok_by is None:
        return "Your organization has said OK already. There is nothing more to do."
    who = store.people.by_id(participation.ok_by).mention
    return f"{who} has said OK for your organization already. There is nothing more to do."
