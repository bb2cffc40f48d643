"""Ways in to how the work is shared: asking, a lead's answer, and what is paid work."""

from bot.domain.commitments import Commitment
from bot.language import Said
from bot.services import shares as services
from bot.services.commitments import Which
from bot.services.shares import Answer as Decision
from bot.services.shares import Ask, Mark
from bot.views import shares as views
from bot.views.ids import SharesButton as Button
from handlers.answer import Answer, Audience
from handlers.commitments.acting import look_at
from handlers.partnerships import number
from handlers.presence import in_channel, in_partnership
from handlers.visit import Visit


async def words(visit: Visit, said: Said) -> Answer:
    """``shares``: the leads see it first."""
    channel = await in_channel(visit)
    request = Ask(visit.key, visit.installation.id, channel, visit.person)
    sent = await visit.house.db.run(services.ask, request, visit.now)
    return Answer(views.sent(sent.leads, sent.again), to=Audience.PERSON)


async def paid(visit: Visit, said: Said) -> Answer:
    """``paid 12``: it is paid work."""
    return await _mark(visit, said, True)


async def unpaid(visit: Visit, said: Said) -> Answer:
    """``unpaid 12``: it is volunteer work."""
    return await _mark(visit, said, False)


async def _mark(visit: Visit, said: Said, is_paid: bool) -> Answer:
    channel = await in_channel(visit)
    which = Which(visit.installation.id, channel=channel, number=said.number)
    return await _marked(visit, which, is_paid)


async def press_paid(visit: Visit) -> Answer:
    """[Paid work]"""
    return await _pressed(visit, True)


async def press_unpaid(visit: Visit) -> Answer:
    """[Unpaid work]"""
    return await _pressed(visit, False)


async def _pressed(visit: Visit, is_paid: bool) -> Answer:
    which = Which(visit.installation.id, commitment_id=number(visit.value))
    await look_at(visit, which)
    return await _marked(visit, which, is_paid)


async def _marked(visit: Visit, which: Which, is_paid: bool) -> Answer:
    request = Mark(visit.key, visit.installation.id, visit.person, which, is_paid)
    marked: Commitment = await visit.house.db.run(services.mark, request, visit.now)
    return Answer(views.marked(marked, is_paid), to=Audience.PERSON)


async def press_post(visit: Visit) -> Answer:
    """[Post it in the channel]"""
    return await _decide(visit, True)


async def press_keep(visit: Visit) -> Answer:
    """[Keep it to the leads]"""
    return await _decide(visit, False)


async def _decide(visit: Visit, yes: bool) -> Answer:
    share_id = number(visit.value)
    share = await visit.house.db.read(lambda store: store.shares.by_id(share_id))
    await in_partnership(visit, share.partnership_id)
    request = Decision(visit.key, visit.installation.id, visit.person, share_id, yes)
    after = await visit.house.db.run(services.answer, request, visit.now)
    return Answer(views.answered(yes, after.posted_at is not None))


VERBS = {"shares": words, "paid": paid, "unpaid": unpaid}
BUTTONS = {
    Button.POST: press_post,
    Button.KEEP: press_keep,
    Button.PAID: press_paid,
    Button.UNPAID: press_unpaid,
}
