"""One act and its answer, the same by each door."""

from collections.abc import Callable
from typing import Any

from bot.domain.commitments import Act, Commitment
from bot.domain.errors import NotPossible
from bot.domain.people import Member
from bot.services import commitments as services
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
