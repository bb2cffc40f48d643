"""Buttons about commitments."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.domain.commitments import Act, Audience, Commitment, Side
from bot.services import commitments as services
from bot.views import commitments as views
from bot.views import ids, preferences
from bot.views.blocks import Modal
from handlers.answer import Answer
from handlers.commitments.acting import (
    Service,
    carry_out,
    list_page,
    look_at,
    opened,
    opened_by_whom_it_may,
    show_one,
)
from handlers.commitments.due_days import with_days_off
from handlers.commitments.finding import (
    by_organization,
    members_of,
    readable_page,
    today_of,
    which_of,
    whole_number,
)
from handlers.visit import Visit


async def press_yes(visit: Visit) -> Answer:
    """*Yes*, *Agree*, *Take it over*."""
    return await _pressed(visit, services.accept)


async def press_keep(visit: Visit) -> Answer:
    """*Keep what was agreed*, *Take it back*."""
    return await _pressed(visit, services.keep)


async def press_done(visit: Visit) -> Answer:
    """*Done*."""
    return await _pressed(visit, services.report_done)


async def press_on_track(visit: Visit) -> Answer:
    """*On track again*."""
    which = which_of(visit)
    await look_at(visit, which)
    return Answer(views.on_track_again(await carry_out(visit, which, services.report_on_track)))


async def press_yes_if(visit: Visit) -> Answer:
    """*Yes, if…*"""
    return await _form(visit, Act.CONDITION, views.yes_if_form)


async def press_change(visit: Visit) -> Answer:
    """*Another date*, *Change*."""
    return await _form(visit, Act.CHANGE, views.change_form)


async def press_no(visit: Visit) -> Answer:
    """*No*."""
    return await _form(visit, Act.DECLINE, views.no_form)


async def press_drop(visit: Visit) -> Answer:
    """*Drop*."""
    found = await opened_by_whom_it_may(visit, which_of(visit), Act.DROP)
    must = found.side not in {Side.OWNER, Side.PROMISER}
    return Answer(modal=views.drop_form(found.commitment, today_of(visit), must=must))


async def press_hand_over(visit: Visit) -> Answer:
    """*Hand over*."""
    found = await opened_by_whom_it_may(visit, which_of(visit), Act.HAND_OVER)
    people = by_organization(found.people)
    return Answer(modal=views.hand_over_form(found.commitment, today_of(visit), people))


async def press_missing(visit: Visit) -> Answer:
    """*Something is missing*."""
    found = await opened(visit, which_of(visit), Act.REOPEN)
    must = found.side is Side.ASKING
    return Answer(modal=views.missing_form(found.commitment, today_of(visit), must=must))


async def press_stuck(visit: Visit) -> Answer:
    """*I'm stuck*."""
    found = await opened(visit, which_of(visit), Act.STUCK)
    return Answer(modal=views.stuck_form(found.commitment, today_of(visit), alone=found.alone))


async def press_tell_colleague(visit: Visit) -> Answer:
    """*Only my colleague*."""
    return await _tell(visit, Audience.ORGANIZATION)


async def press_tell_everyone(visit: Visit) -> Answer:
    """*Everyone here*."""
    return await _tell(visit, Audience.EVERYONE)


async def press_tell_nobody(visit: Visit) -> Answer:
    """*Nobody yet*."""
    return await _tell(visit, Audience.OWNER)


async def press_show(visit: Visit) -> Answer:
    """*History*, *Read on*."""
    _, _, *piece = (*ids.parts(visit.value), "")
    return await show_one(
        visit, which_of(visit), whole_number(piece[0]) if piece and piece[0] else 0
    )


async def press_list(visit: Visit) -> Answer:
    """The open commitments of a channel."""
    return await list_page(visit, visit.value or visit.channel or "", None, 0)


async def press_page(visit: Visit) -> Answer:
    """*Earlier*, *And 5 more*: the other page takes this one's place."""
    channel, _, page = visit.value.partition(":")
    offset, _, label = page.partition(":")
    answer = await list_page(visit, channel, label or None, whole_number(offset))
    return replace(answer, replaces=True)


async def press_mine(visit: Visit) -> Answer:
    """What is one's own, in all channels, with the way to what waits and to one's settings."""
    db, who = visit.house.db, (visit.installation.id, visit.person)
    page = await readable_page(visit, await db.read(services.mine, *who))
    asked = await readable_page(visit, await db.read(services.waiting, *who))
    return Answer(preferences.beside(views.mine(page, today_of(visit)), asked.total))


async def press_waiting(visit: Visit) -> Answer:
    """What waits for one's answer, in all channels."""
    page = await visit.house.db.read(services.waiting, visit.installation.id, visit.person)
    return Answer(views.waiting(await readable_page(visit, page), today_of(visit)))


async def press_new(visit: Visit) -> Answer:
    """*New commitment*: a form with the people of the channel."""
    channel = visit.value or visit.channel or ""
    people = await visit.house.db.read(
        services.people_of, visit.installation.id, channel, visit.person, there=visit.channel
    )
    return Answer(modal=views.new_form(channel, by_organization(people), visit.person))


async def _pressed(visit: Visit, service: Service) -> Answer:
    which = which_of(visit)
    await look_at(visit, which)
    commitment = await carry_out(visit, which, service)
    answer = Answer(views.receipt(commitment, today_of(visit)))
    if service is services.accept:  # who says yes may be away by then
        return await with_days_off(visit, commitment, answer)
    return answer


async def _form(visit: Visit, act: Act, form: Callable[[Commitment, date], Modal]) -> Answer:
    """Open a form, unless its act would be refused."""
    found = await opened(visit, which_of(visit), act)
    return Answer(modal=form(found.commitment, today_of(visit)))


async def _tell(visit: Visit, audience: Audience) -> Answer:
    which = which_of(visit)
    commitment, _ = await look_at(visit, which, Act.STUCK)
    here = await members_of(visit, commitment.place.channel)
    told = await carry_out(visit, which, services.report_stuck, audience, here=here, keeps_why=True)
    return Answer(views.risk_noted(told), replaces=True)
