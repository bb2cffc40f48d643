"""Ways in to the digest: a preview, all of it, and its schedule."""

from bot.domain.schedules import ScheduleKind
from bot.language import Said
from bot.services import digest as services
from bot.views import digest as views
from bot.views.ids import DigestButton as Button
from bot.views.ids import parts
from handlers import schedules
from handlers.answer import Answer, Audience
from handlers.partnerships import number
from handlers.presence import in_channel, in_partnership
from handlers.visit import Visit


async def words(visit: Visit, said: Said) -> Answer:
    """``digest [preview | pause [until DATE] | resume | skip | schedule RHYTHM]``."""
    if said.sub == "preview":
        return await _preview(visit, await in_channel(visit))
    return await schedules.steer(visit, said, ScheduleKind.DIGEST)


async def press_preview(visit: Visit) -> Answer:
    """[Preview]"""
    return await _preview(visit, await in_partnership(visit, number(visit.value)))


async def press_all(visit: Visit) -> Answer:
    """[Show all]"""
    partnership, occurrence = (*parts(visit.value), "")[:2]
    partnership_id, occurrence_id = number(partnership), number(occurrence)
    await in_partnership(visit, partnership_id)
    found = await visit.house.db.read(
        services.whole, visit.installation.id, partnership_id, occurrence_id, visit.now
    )
    return Answer(views.whole(found))


async def _preview(visit: Visit, channel: str) -> Answer:
    found = await visit.house.db.read(services.preview, visit.installation.id, channel, visit.now)
    return Answer(views.preview(found), to=Audience.PERSON)


VERBS = {"digest": words}
BUTTONS = {Button.PREVIEW: press_preview, Button.ALL: press_all}
