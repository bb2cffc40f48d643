"""Ways in to the digest: a preview, all of it, one for one's own organization, its schedule."""

from collections.abc import Mapping

from bot.domain.commitments import Commitment
from bot.domain.digest import unquoted
from bot.domain.schedules import ScheduleKind
from bot.language import Said
from bot.services import digest as services
from bot.services import partnerships
from bot.views import digest as views
from bot.views.ids import DigestButton as Button
from bot.views.ids import parts
from handlers import schedules
from handlers.answer import Answer, Audience
from handlers.links import among, cards
from handlers.partnerships import number
from handlers.presence import in_channel, in_partnership, readable_channels
from handlers.visit import Door, Visit
from storage.store import Store


async def words(visit: Visit, said: Said) -> Answer:
    """``digest [preview | internal | all | pause … | resume | skip | schedule RHYTHM]``.

    In a direct message there is no channel: it is all of the person's partnerships, or the one
    for their organization where they have just one.
    """
    direct = visit.private
    if said.sub == "all" or (direct and said.sub in {"internal", "preview"}):
        return await _across(visit, internal=said.sub == "internal")
    if said.sub == "internal":
        channel = await in_channel(visit)
        partnership = await visit.house.db.read(_partnership, visit.installation.id, channel)
        return await _internal(visit, partnership)
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
    return Answer(views.whole(found, await _linked(visit, found.commitments)))


async def press_internal(visit: Visit) -> Answer:
    """[For my organization]"""
    partnership_id = number(visit.value)
    await in_partnership(visit, partnership_id)
    return await _internal(visit, partnership_id)


async def _internal(visit: Visit, partnership_id: int) -> Answer:
    found = await visit.house.db.run(
        services.internal, visit.installation.id, partnership_id, visit.person, visit.now
    )
    links = await _linked(visit, found.commitments)
    return Answer(views.internal(found, links), to=Audience.PERSON)


async def _linked(visit: Visit, found: tuple[Commitment, ...]) -> Mapping[int, str]:
    return among(await cards(visit, found), found)


async def _across(visit: Visit, *, internal: bool = False) -> Answer:
    found = await visit.house.db.read(
        services.across, visit.installation.id, visit.person, visit.now
    )
    readable = await readable_channels(visit, frozenset(each.channel for each in found))
    kept = [each for each in found if each.channel in readable]
    if internal and len(kept) == 1:
        return await _internal(visit, kept[0].partnership_id)
    links = await cards(visit, [one for each in kept for one in each.commitments])
    by_partnership = {each.partnership_id: among(links, each.commitments) for each in kept}
    return Answer(views.across(kept, by_partnership, internal=internal), to=Audience.PERSON)


def _partnership(store: Store, installation_id: int, channel: str) -> int:
    return partnerships.here(store, installation_id, channel).id


async def _preview(visit: Visit, channel: str) -> Answer:
    found = await visit.house.db.read(services.preview, visit.installation.id, channel, visit.now)
    if visit.door in {Door.MENTION, Door.DIRECT}:  # that answer is a message that stays
        found = unquoted(found)
    return Answer(views.preview(found), to=Audience.PERSON)


VERBS = {"digest": words}
BUTTONS = {
    Button.PREVIEW: press_preview,
    Button.ALL: press_all,
    Button.INTERNAL: press_internal,
}
