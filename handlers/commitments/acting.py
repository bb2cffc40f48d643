"""One act and its answer, the same by each door."""

from collections.abc import Callable
from typing import Any

from bot.domain import commitments as rules
from bot.domain.commitments import OPEN, Act, Commitment
from bot.domain.errors import BotError, NotAllowed, NotPossible
from bot.domain.people import Kind, Member
from bot.services import comings
from bot.services import commitments as services
from bot.services.comings import Went
from bot.services.commitments import Opened, Turn, Which
from bot.views import commitments as views
from handlers.answer import Answer
from handlers.commitments.finding import is_direct, members_of, today_of
from handlers.visit import Visit
from storage.store import Store

Service = Callable[..., Commitment]


async def carry_out(
    visit: Visit,
    which: Which,
    service: Service,
    *wishes: Any,
    why: str | None = None,
    key: str | None = None,
    **more: Any,
) -> Commitment:
    """Do it, in one transaction; returns it as those may see it who read the answer. Before
    somebody is refused, Slack is asked whether the owner is still there, since others may act once
    they are not.
    """
    request = Turn(key or visit.key, visit.person, which, why)

    def act(store: Store) -> Commitment:
        done = service(store, request, *wishes, visit.now, **more)
        if done.risk is None or service is services.report_stuck:  # they said who may know
            return done
        person = visit.person
        known = store.people.by_key(which.installation_id, person.team, person.user)
        return rules.seen_by(done, None if visit.overheard else known)

    try:
        return await visit.house.db.run(act)
    except NotAllowed:
        if not await owner_is_found_gone(visit, which):
            raise
        return await visit.house.db.run(act)


async def list_page(visit: Visit, channel: str, label: str | None, offset: int) -> Answer:
    if not is_direct(channel):
        await members_of(visit, channel)
    page = await visit.house.db.read(
        services.here,
        visit.installation.id,
        channel,
        visit.person,
        label=label,
        offset=offset,
        limit=views.PAGE,
    )
    return Answer(views.here(page, channel, today_of(visit)))


async def show_one(visit: Visit, which: Which, piece: int = 0) -> Answer:
    await look_at(visit, which)
    card, member, notes = await visit.house.db.read(
        services.history, which, visit.person, visit.now
    )
    return Answer(views.shown(card, member, notes, piece=piece))


async def look_at(
    visit: Visit, which: Which, act: Act | None = None
) -> tuple[Commitment, Member | None]:
    """The commitment, which is for members of its channel only, as Slack says now."""
    commitment, member = await visit.house.db.read(
        services.looked_at, which, visit.person, act, visit.now
    )
    if commitment.place.channel is None:
        raise NotPossible("This partnership has ended here, so its commitments cannot change.")
    await members_of(visit, commitment.place.channel)
    return commitment, member


async def opened(visit: Visit, which: Which, act: Act) -> Opened:
    """What a form shows. A button's trigger lives three seconds, so Slack is asked nothing before
    the form is open; it is asked who is in the channel when the form is sent.
    """
    found = await visit.house.db.read(
        services.opened, which, visit.person, act, visit.now, there=visit.channel
    )
    if found.commitment.place.channel is None:
        raise NotPossible("This partnership has ended here, so its commitments cannot change.")
    return found


async def opened_by_whom_it_may(visit: Visit, which: Which, act: Act) -> Opened:
    """As ``opened``, for what others may do once the owner is gone."""
    try:
        return await opened(visit, which, act)
    except NotAllowed:
        if not await owner_is_found_gone(visit, which):
            raise
    return await opened(visit, which, act)


async def owner_is_found_gone(visit: Visit, which: Which) -> bool:
    """Whether Slack says that the owner has left or was switched off, and we had not heard of it.

    It is noted then, and told in the threads of their cards. False where Slack does not answer.
    """
    commitment, _ = await visit.house.db.read(services.looked_at, which, visit.person)
    owner, channel = commitment.owner, commitment.place.channel
    if channel is None or commitment.away is not None or commitment.state not in OPEN:
        return False
    directory, here = visit.house.directory, visit.installation
    try:
        members = await members_of(visit, channel)
        person = await directory.person(here, owner.user, patience=visit.patience)
    except BotError:
        return False
    if person.kind is Kind.GONE:
        await visit.house.db.run(services.owner_switched_off, here.id, person, visit.now)
        return True
    if owner.user in members:
        return False
    went = Went(f"gone:{visit.key}", here.id, channel, owner.user)
    await visit.house.db.run(comings.went, went, visit.now)
    return True
