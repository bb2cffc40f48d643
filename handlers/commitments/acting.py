"""One act and its answer, the same by each door."""

from collections.abc import Callable
from typing import Any

from bot.domain.commitments import OPEN, Act, Commitment
from bot.domain.errors import NotAllowed, NotPossible
from bot.domain.people import Member
from bot.services import comings
from bot.services import commitments as services
from bot.services.comings import Went
from bot.services.commitments import Opened, Turn, Which
from bot.views import commitments as views
from handlers.answer import Answer
from handlers.commitments.finding import is_direct, members_of, today_of
from handlers.visit import Visit

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
    request = Turn(key or visit.key, visit.person, which, why)
    done: Commitment = await visit.house.db.run(service, request, *wishes, visit.now, **more)
    return done


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
    commitment, member = await visit.house.db.read(services.looked_at, which, visit.person)
    if commitment.place.channel is None:
        raise NotPossible("This partnership has ended here, so its commitments cannot change.")
    members = await members_of(visit, commitment.place.channel)
    gone = commitment.owner.user not in members
    if gone and commitment.away is None and commitment.state in OPEN:
        await _owner_is_gone(visit, commitment)
    elif act is None:
        return commitment, member
    found: tuple[Commitment, Member | None] = await visit.house.db.read(
        services.looked_at, which, visit.person, act, visit.now
    )
    return found


async def _owner_is_gone(visit: Visit, commitment: Commitment) -> None:
    """Slack says that the owner has left, and its word of that did not reach us: an account that
    was switched off, say.
    """
    went = Went(
        f"gone:{visit.key}",
        visit.installation.id,
        commitment.place.channel or "",
        commitment.owner.user,
    )
    await visit.house.db.run(comings.went, went, visit.now)


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
    """As ``opened``, for what others may do once the owner is gone: before somebody is refused,
    Slack is asked whether that is so.
    """
    try:
        return await opened(visit, which, act)
    except NotAllowed:
        await look_at(visit, which, act)
    return await opened(visit, which, act)
