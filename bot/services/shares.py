"""How the work is shared: counted when somebody asks, shown to the leads, posted if all agree."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.domain import commitments as commitment_rules
from bot.domain import shares as rules
from bot.domain.commitments import Commitment, Side
from bot.domain.errors import NotAllowed
from bot.domain.partnerships import Participation, Partnership, Step, takes_part
from bot.domain.people import Kind as PersonKind
from bot.domain.people import Member, Person
from bot.domain.posts import Kind as Post
from bot.domain.schedules import instant, local_day
from bot.domain.shares import AGAIN_DAYS, Marked, Share, Shown, quarter
from bot.domain.undo import Lasting, Undoable, What, built_on
from bot.services import commitments, held, lasting, partnerships
from bot.services.commitments import Which

if TYPE_CHECKING:
    from storage.store import Store


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody wants to know how the work is shared."""

    key: str
    installation_id: int
    channel: str
    person: Person


@dataclass(frozen=True, slots=True)
class Answer:
    """A lead says whether it is posted."""

    key: str
    installation_id: int
    person: Person
    share_id: int
    yes: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """An owner says whether a commitment is paid work."""

    key: str
    installation_id: int
    person: Person
    which: Which
    paid: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """Whom the figures were sent to."""

    leads: tuple[Member, ...]
    again: bool = False
    """Whether they had them already, so that nothing was sent now."""


def ask(store: "Store", request: Ask, now: datetime) -> Sent:
    """Count, and show it to those who decide; once a week at most."""
    acting = partnerships.acting(
        store, request.installation_id, request.person, request.channel, now
    )
    partnership = acting.partnership
    parts = _taking_part(store, partnership)
    leads = tuple(each for part in parts for each in _deciders(store, partnership, part))
    last = store.shares.latest(partnership.id)
    if last is not None and now - last.at < timedelta(days=AGAIN_DAYS):
        return Sent(leads, again=store.deliveries.receipt(request.key) is None)
    today = local_day(now, partnership.zone)
    since = quarter(today)
    counted = store.shares.counted(
        partnership.id,
        [each.organization.id for each in parts],
        instant(since, time(), partnership.zone),
    )
    organization = acting.member.organization
    share = store.shares.add(
        partnership.id,
        acting.member.id,
        None if organization is None else organization.id,
        since,
        counted,
        now,
    )
    store.partnerships.record(
        partnership.id,
        Step.SHARES_ASKED,
        now,
        member=acting.member.id,
        organization=None if organization is None else organization.id,
    )
    _tell(store, partnership, share, leads, now, asked=acting.member)
    lasting.note(
        store,
        Lasting.SHARES_ASKED,
        key=request.key,
        member_id=acting.member.id,
        partnership_id=partnership.id,
        now=now,
    )
    store.deliveries.handled(request.key, now, {"share": share.id})
    return Sent(leads)


def answer(store: "Store", request: Answer, now: datetime) -> Share:
    """An organization's lead wants it posted, or kept among the leads. With the last yes it goes
    to the channel.
    """
    share = store.shares.by_id(request.share_id)
    partnership = partnerships.live(store, request.installation_id, share.partnership_id)
    if store.deliveries.receipt(request.key) is not None:
        return share
    acting = partnerships.acting_in(store, partnership, request.person, now)
    organization = acting.participation.organization.id
    deciders = [each.id for each in _deciders(store, partnership, acting.participation)]
    rules.check_answer(share, organization, deciders, acting.member.id)
    store.shares.answer(share.id, organization, acting.member.id, request.yes, now)
    share = _of_now(store, partnership, store.shares.by_id(share.id))
    if share.agreed and partnership.channel is not None:
        message = store.messages.post(
            partnership.installation_id,
            partnership.channel,
            Post.SHARES,
            share.id,
            now=now,
            once=f"share:{share.id}",
        )
        store.shares.posted(share.id, message, now)
        store.partnerships.record(
            partnership.id,
            Step.SHARES_POSTED,
            now,
            member=acting.member.id,
            organization=organization,
        )
    for part in _taking_part(store, partnership):
        _tell(store, partnership, share, _deciders(store, partnership, part), now)
    lasting.note(
        store,
        Lasting.SHARES_ANSWERED,
        key=request.key,
        member_id=acting.member.id,
        partnership_id=partnership.id,
        now=now,
    )
    store.deliveries.handled(request.key, now, {"share": share.id})
    return store.shares.by_id(share.id)


def mark(store: "Store", request: Mark, now: datetime) -> Commitment:
    """The owner says that a commitment is paid work, or is not.

    Raises ``NotAllowed`` for everybody else.
    """
    commitment = commitments.find(store, request.which)
    partnership = partnerships.live(store, request.installation_id, commitment.place.partnership_id)
    member = partnerships.acting_in(store, partnership, request.person, now).member
    _check_marking(commitment, member)
    held = store.shares.paid(commitment.id)
    if held is request.paid or store.deliveries.receipt(request.key) is not None:
        return commitment
    store.undo.remember(
        What.PAY,
        commitment.id,
        key=request.key,
        member_id=member.id,
        partnership_id=partnership.id,
        now=now,
        before={"paid": held},
    )
    store.shares.mark(commitment.id, request.paid, member.id, now)
    store.deliveries.handled(request.key, now, {"commitment": commitment.id})
    return commitment


def take_back(store: "Store", deed: Undoable, by: Member, now: datetime) -> Marked:
    """It is marked as before. Raises OutOfDate where it was marked anew since, NotAllowed once it
    is somebody else's.
    """
    more = store.undo.did_more(deed)
    if more is not None:
        instead = "Say “paid” or “unpaid” with its number instead."
        raise built_on(store.people.by_id(more), by, instead)
    commitment = store.commitments.by_id(deed.subject)
    partnerships.live(store, commitment.place.installation_id, commitment.place.partnership_id)
    _check_marking(commitment, by)
    paid: bool | None = (deed.before or {})["paid"]
    store.shares.mark(commitment.id, paid, by.id, now)
    store.undo.taken_back(deed.id, now, own_entry=None, back_entry=None)
    return Marked(commitment_rules.seen_by(commitment, by), paid)


def _check_marking(commitment: Commitment, member: Member) -> None:
    if commitment_rules.side_of(commitment, member) not in {Side.OWNER, Side.PROMISER}:
        raise NotAllowed(
            f"Only {commitment.owner.mention} can say whether #{commitment.number} is paid work."
        )


def shown(store: "Store", share_id: int, now: datetime) -> Shown | None:
    """For the leads' message and, once all have said so, for the channel's."""
    share = store.shares.by_id(share_id)
    partnership = store.partnerships.by_id(share.partnership_id)
    if not partnership.live:
        return None
    return Shown(_of_now(store, partnership, share), partnership.name, partnership.zone)


def _of_now(store: "Store", partnership: Partnership, share: Share) -> Share:
    """Without the figures of organizations that have left since."""
    here = {each.organization.id for each in _taking_part(store, partnership)}
    parts = tuple(each for each in share.parts if each.organization_id in here)
    return replace(share, parts=parts)


def _taking_part(store: "Store", partnership: Partnership) -> tuple[Participation, ...]:
    parts = store.partnerships.organizations(partnership.id)
    return tuple(each for each in parts if takes_part(partnership, each))


def _deciders(store: "Store", partnership: Partnership, part: Participation) -> tuple[Member, ...]:
    """An organization's lead; where that is not in the channel, everybody of it who is."""
    there = tuple(
        each
        for each in store.partnerships.members(partnership.id)
        if each.organization is not None
        and each.organization.id == part.organization.id
        and each.kind in {PersonKind.FULL, PersonKind.GUEST}
    )
    lead = tuple(each for each in there if each.id == part.lead)
    return lead or there


def _tell(
    store: "Store",
    partnership: Partnership,
    share: Share,
    leads: tuple[Member, ...],
    now: datetime,
    *,
    asked: Member | None = None,
) -> None:
    """Show it to leads: at once to the one who asked, to the others in their hours. Who has it
    sees how it stands now.
    """
    once = f"share:{share.id}"
    new: list[int] = []
    for each in leads:
        name = f"{once}:{each.id}"
        if (message := store.held.said(name)) is not None:
            store.messages.refresh(message)
        elif asked is not None and each.id == asked.id:
            store.messages.direct(
                partnership.installation_id,
                each.id,
                Post.SHARES_TOLD,
                share.id,
                now=now,
                once=name,
                about=partnership.channel,
            )
        else:
            new.append(each.id)
    held.tell(
        store,
        partnership.installation_id,
        new,
        Post.SHARES_TOLD,
        share.id,
        now=now,
        about=partnership.channel,
        once=once,
    )
