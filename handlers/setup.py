"""Ways in to the setup of a partnership."""

from bot.domain.partnerships import chosen_rhythm
from bot.domain.welcome import Arranged
from bot.language import Said
from bot.language.clean import clean
from bot.services import setup
from bot.services.setup import Objection, SetUp
from bot.views import partnerships as partnership_views
from bot.views import setup as views
from bot.views.ids import PartnershipButton, PartnershipField, PartnershipForm, parts
from handlers.answer import Answer
from handlers.partnerships import number
from handlers.presence import in_channel, in_partnership
from handlers.visit import Door, Visit


async def words(visit: Visit, said: Said) -> Answer:
    """``setup`` shows how it is, ``setup PURPOSE`` sets the purpose."""
    channel = await in_channel(visit)
    shown = await visit.house.db.read(setup.shown, visit.installation.id, channel)
    if not said.what:
        if visit.door is Door.COMMAND:
            return Answer(modal=views.form(shown))
        return Answer(views.summary(shown))
    request = SetUp(
        visit.key, visit.installation.id, shown.partnership.id, visit.person, purpose=said.what
    )
    arranged = await visit.house.db.run(setup.set_up, request, visit.now)
    return Answer(views.saved(arranged, _new(arranged, shown)))


async def button(visit: Visit) -> Answer:
    """[Set up] or [Change]: the form."""
    shown = await visit.house.db.read(setup.opened, visit.installation.id, number(visit.value))
    return Answer(modal=views.form(shown))


async def sent(visit: Visit) -> Answer:
    """The form, sent."""
    partnership, version = (*parts(visit.value), "")[:2]
    partnership_id = number(partnership)
    channel = await in_partnership(visit, partnership_id)
    before = await visit.house.db.read(setup.shown, visit.installation.id, channel)
    fields = visit.fields

    def text(field: PartnershipField) -> str:
        return clean(fields.get(field) or "")

    request = SetUp(
        key=visit.key,
        installation_id=visit.installation.id,
        partnership_id=partnership_id,
        person=visit.person,
        purpose=text(PartnershipField.PURPOSE),
        expected=tuple(text(PartnershipField.EXPECTED).splitlines()),
        checkin=chosen_rhythm(
            text(PartnershipField.CHECKIN_OFTEN),
            text(PartnershipField.CHECKIN_DAY),
            text(PartnershipField.CHECKIN_AT),
        ),
        digest=chosen_rhythm(
            text(PartnershipField.DIGEST_OFTEN),
            text(PartnershipField.DIGEST_DAY),
            text(PartnershipField.DIGEST_AT),
        ),
        zone=text(PartnershipField.ZONE) or None,
        version=number(version),
    )
    arranged = await visit.house.db.run(setup.set_up, request, visit.now)
    return Answer(views.saved(arranged, _new(arranged, before)))


async def object_(visit: Visit) -> Answer:
    """[Object] to an announced change."""
    channel = await in_channel(visit)
    request = Objection(
        visit.key, visit.installation.id, channel, visit.person, number(visit.value)
    )
    await visit.house.db.run(setup.object_to, request, visit.now)
    return Answer(partnership_views.objected())


def _new(after: Arranged, before: Arranged) -> int:
    """How many changes were announced in between."""
    known = {change.id for change in before.announced}
    return sum(change.id not in known for change in after.announced)


VERBS = {"setup": words}
BUTTONS = {PartnershipButton.SET_UP: button, PartnershipButton.OBJECT: object_}
MODALS = {PartnershipForm.SET_UP: sent}
