"""Ways in to one's own organization: its lead, sponsor, time zone, week and closed days."""

from collections.abc import Awaitable, Callable

from bot.domain.errors import BotError
from bot.domain.own_organization import Own
from bot.language import Said
from bot.language.clean import clean
from bot.services import own_organization as services
from bot.services.own_organization import Change
from bot.services.partnerships import here
from bot.views import own_organization as views
from bot.views.ids import OrganizationButton, OrganizationField, OrganizationForm
from bot.views.setup import ZONES
from handlers.answer import Answer
from handlers.partnerships import number
from handlers.presence import channel_meant, in_partnership
from handlers.visit import Visit


async def words(visit: Visit, said: Said) -> Answer:
    """``our organization``"""
    channel = await channel_meant(visit)
    partnership = await visit.house.db.read(here, visit.installation.id, channel)
    return Answer(views.shown(await _own(visit, partnership.id)))


async def press_show(visit: Visit) -> Answer:
    """[Our organization]"""
    partnership_id = number(visit.value)
    await in_partnership(visit, partnership_id)
    return Answer(views.shown(await _own(visit, partnership_id)))


async def press_change(visit: Visit) -> Answer:
    """[Change]: the form."""
    own = await _own(visit, number(visit.value))
    mine = (own.zone, own.partnership.zone, visit.person.zone)
    first = tuple(each for each in mine if each is not None)
    return Answer(modal=views.form(own, tuple(dict.fromkeys((*first, *ZONES)))[:100]))


async def sent(visit: Visit) -> Answer:
    """The form, sent."""
    partnership_id = number(visit.value)
    await in_partnership(visit, partnership_id)
    fields = visit.fields
    lead = fields.get(OrganizationField.LEAD)
    weekdays = tuple(str(each) for each in fields.get(OrganizationField.WEEKDAYS) or ())
    if not weekdays:
        return Answer(
            errors={OrganizationField.WEEKDAYS: "Please choose at least one day of the week."}
        )
    request = Change(
        key=visit.key,
        installation_id=visit.installation.id,
        partnership_id=partnership_id,
        person=visit.person,
        lead=number(str(lead)) if lead else None,
        sponsor=clean(fields.get(OrganizationField.SPONSOR) or ""),
        zone=str(fields.get(OrganizationField.ZONE) or "") or None,
        weekdays=weekdays,
    )
    try:
        own: Own = await visit.house.db.run(services.change, request, visit.now)
    except tuple(_FIELDS) as wrong:
        field = next(field for kind, field in _FIELDS.items() if isinstance(wrong, kind))
        return Answer(errors={field: wrong.sentence})
    return Answer(views.shown(own))


_FIELDS: dict[type[BotError], OrganizationField] = {
    services.WrongLead: OrganizationField.LEAD,
    services.WrongSponsor: OrganizationField.SPONSOR,
    services.WrongZone: OrganizationField.ZONE,
}
"""Beside which field it stands what is wrong with the form."""


async def _own(visit: Visit, partnership_id: int) -> Own:
    own: Own = await visit.house.db.read(
        services.shown, visit.installation.id, partnership_id, visit.person, visit.now
    )
    return own


VERBS = {"organization": words}
BUTTONS: dict[str, Callable[[Visit], Awaitable[Answer]]] = {
    OrganizationButton.SHOW: press_show,
    OrganizationButton.CHANGE: press_change,
}
MODALS: dict[str, Callable[[Visit], Awaitable[Answer]]] = {OrganizationForm.CHANGE: sent}
