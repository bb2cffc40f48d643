"""Ways in to the history of a partnership."""

from bot.language import Said
from bot.services import history
from bot.views import history as views
from bot.views.ids import PartnershipButton, parts
from handlers.answer import Answer
from handlers.commitments.words import show
from handlers.partnerships import number
from handlers.presence import channel_meant, in_partnership
from handlers.setup import is_ephemeral
from handlers.visit import Visit


async def words(visit: Visit, said: Said) -> Answer:
    """``history``; ``history 3`` is that of one commitment."""
    if said.number is not None:
        return await show(visit, said)
    channel = await channel_meant(visit)
    page = await visit.house.db.read(history.of_channel, visit.installation.id, channel)
    return Answer(views.page(page))


async def press(visit: Visit) -> Answer:
    """[History], [Older], [Newer]: a page takes the place of the one before."""
    partnership, offset = (*parts(visit.value), "0")[:2]
    await in_partnership(visit, number(partnership))
    page = await visit.house.db.read(
        history.of_partnership, visit.installation.id, number(partnership), number(offset)
    )
    return Answer(views.page(page), replaces=offset != "0" and is_ephemeral(visit))


VERBS = {"history": words}
BUTTONS = {PartnershipButton.HISTORY: press, PartnershipButton.HISTORY_NEWER: press}
