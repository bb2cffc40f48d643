"""What people say about commitments, after the command or a mention."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.domain.commitments import Audience, Commitment
from bot.domain.errors import BotError
from bot.language import Said
from bot.services import commitments as services
from bot.services.commitments import Propose, Which, Wish
from bot.views import commitments as views
from bot.views.blocks import Message
from handlers.answer import Answer
from handlers.commitments.acting import Service, carry_out, list_page, look_at, show_one
from handlers.commitments.buttons import press_mine, press_waiting
from handlers.commitments.due_days import with_clash, with_days_off
from handlers.commitments.finding import (
    in_its_thread,
    is_alone,
    is_direct,
    meant_by,
    members_here,
    members_of,
    owner_meant,
    today_of,
)
from handlers.placing import placed
from handlers.presence import channel_meant
from handlers.visit import Door, Visit
from handlers.wording import readable


async def commit(visit: Visit, said: Said) -> Answer:
    """``commit [@someone] WHAT by DATE [for PROGRAM]``."""
    if is_direct(visit.channel or ""):
        where = await placed(visit)
        if isinstance(where, Answer):
            return where
        visit = where
    try:
        here = await members_here(visit)
        owner = visit.person if said.owner is None else await owner_meant(visit, said.owner, here)
        made = await visit.house.db.quick(
            services.proposed,
            Propose(
                key=visit.key,
                installation_id=visit.installation.id,
                channel=visit.channel or "",
                by=visit.person,
                owner=owner,
                what=await readable(visit, said.what),
                due=said.due,
                label=said.label,
            ),
            visit.now,
        )
    except BotError as refused:
        refused.suggestion = refused.suggestion or visit.text
        raise
    words = views.receipt(made.commitment, today_of(visit), change=said.due is not None)
    answer = Answer(words, receipt=made.receipt)
    return await with_clash(visit, made.commitment, made.clash, answer)


async def listing(visit: Visit, said: Said) -> Answer:
    """``list [for PROGRAM]``."""
    return await list_page(visit, await channel_meant(visit), said.label, 0)


async def mine(visit: Visit, said: Said) -> Answer:
    """``mine``."""
    return await press_mine(visit)


async def waiting(visit: Visit, said: Said) -> Answer:
    """``waiting``."""
    return await press_waiting(visit)


async def show(visit: Visit, said: Said) -> Answer:
    """``show 12``."""
    return await show_one(visit, await meant_by(visit, said))


async def accept(visit: Visit, said: Said) -> Answer:
    """``yes 12``, ``yes 12 if travel is paid``."""
    if said.condition is None:
        return await _said(visit, said, services.accept)
    return await _said(visit, said, services.accept_if, await readable(visit, said.condition))


async def counter(visit: Visit, said: Said) -> Answer:
    """``another 12 by 4 Dec``, ``change 12 WHAT by DATE``."""
    what = await readable(visit, said.what)
    wish = Wish(what=what or None, due=said.due, no_date=said.no_date, label=said.label)
    return await _said(visit, said, services.change, wish, change=said.due is not None)


async def decline(visit: Visit, said: Said) -> Answer:
    """``no 12 because …``."""
    return await _said(visit, said, services.decline)


async def keep(visit: Visit, said: Said) -> Answer:
    """``keep 12``."""
    return await _said(visit, said, services.keep)


async def hand(visit: Visit, said: Said) -> Answer:
    """``hand over 12 to @SOMEONE because …``."""
    which = await meant_by(visit, said)
    commitment, _ = await look_at(visit, which)
    here = await members_of(visit, commitment.place.channel)
    to = await owner_meant(visit, said.owner or "", here, commitment.place.channel)
    return await _said(visit, said, services.hand_over, to, which=which)


async def reopen(visit: Visit, said: Said) -> Answer:
    """``reopen 12: the list of names``."""
    why = await readable(visit, said.because or "")
    return await _said(
        visit, said, services.reopen, receipt=lambda done: views.opened_again(done, why)
    )


async def done(visit: Visit, said: Said) -> Answer:
    """``done 12``."""
    return await _said(visit, replace(said, because=said.what or None), services.report_done)


async def drop(visit: Visit, said: Said) -> Answer:
    """``drop 12 because …``."""
    return await _said(visit, said, services.drop)


async def unstuck(visit: Visit, said: Said) -> Answer:
    """``unstuck 12``."""
    return await _said(
        visit,
        replace(said, because=said.what or None),
        services.report_on_track,
        receipt=views.on_track_again,
    )


async def stuck(visit: Visit, said: Said) -> Answer:
    """``stuck 12: …``. Where everybody could read it, it is told; elsewhere it is asked who may."""
    which = await meant_by(visit, said)
    public = visit.door is Door.MENTION
    before, _ = await look_at(visit, which)
    commitment = await carry_out(
        visit,
        which,
        services.report_stuck,
        Audience.EVERYONE if public else Audience.OWNER,
        why=await readable(visit, said.because or ""),
    )
    if public:
        told = Answer(views.risk_noted(commitment))
        return Answer() if await in_its_thread(visit, commitment) else told
    alone = await is_alone(visit, commitment)
    others_knew = before.risk is not None and before.risk.audience is not Audience.OWNER
    return Answer(views.who_may_know(commitment, alone=alone, others_knew=others_knew))


async def _said(
    visit: Visit,
    said: Said,
    service: Service,
    *wishes: Any,
    change: bool = False,
    which: Which | None = None,
    receipt: Callable[[Commitment], Message] | None = None,
) -> Answer:
    """One act by words. In the card's own thread its note there is the answer."""
    which = which or await meant_by(visit, said)
    why = await readable(visit, said.because or "")
    commitment = await carry_out(visit, which, service, *wishes, why=why)
    told = views.receipt(commitment, today_of(visit), change=change)
    answer = Answer(told if receipt is None else receipt(commitment))
    if await in_its_thread(visit, commitment):
        answer = Answer()
    if change or service is services.accept:
        return await with_days_off(visit, commitment, answer)
    return answer
