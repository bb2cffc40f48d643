"""Ways in for guests: which organization they are with, and what its people say to that."""

from bot.domain.errors import BotError
from bot.domain.partnerships import Partnership
from bot.domain.people import Kind, Organization
from bot.language import Said
from bot.language.clean import clean
from bot.services import organizations, partnerships
from bot.services.organizations import Confirm, Stated, With
from bot.views import organizations as views
from bot.views.ids import PartnershipButton, PartnershipField, PartnershipForm, parts
from handlers.answer import Answer
from handlers.partnerships import number
from handlers.presence import in_channel, in_partnership
from handlers.visit import Door, Visit
from storage.store import Store


async def with_words(visit: Visit, said: Said) -> Answer:
    """``with Harbor Women in Media``"""
    channel = await in_channel(visit)
    partnership = await visit.house.db.read(partnerships.here, visit.installation.id, channel)
    return await _say(visit, partnership.id, name=said.what)


async def with_button(visit: Visit) -> Answer:
    """[Say which organization]: the form."""
    partnership_id = number(visit.value)
    if visit.person.kind is not Kind.GUEST:
        raise BotError(
            "Slack says which organization you are with, so there is nothing to do. "
            "Only guests of a workspace are asked."
        )
    partnership, here, known = await visit.house.db.read(_choices, visit, partnership_id)
    return Answer(modal=views.with_form(partnership.id, here, known))


async def with_sent(visit: Visit) -> Answer:
    """The form, sent."""
    partnership_id = number(visit.value)
    chosen = visit.fields.get(PartnershipField.ORGANIZATION)
    name = clean(visit.fields.get(PartnershipField.NAME) or "")
    await in_partnership(visit, partnership_id)
    if chosen and not name:
        return await _say(visit, partnership_id, organization_id=number(chosen))
    try:
        return await _say(visit, partnership_id, name=name)
    except BotError as error:
        return Answer(errors={PartnershipField.NAME: error.sentence})


async def which_sent(visit: Visit) -> Answer:
    """Which of the similar names is meant, sent."""
    partnership_id, name = _named(visit.value)
    chosen = visit.fields.get(PartnershipField.ORGANIZATION) or views.NEW
    await in_partnership(visit, partnership_id)
    if chosen == views.NEW:
        return await _say(visit, partnership_id, name=name, is_new=True)
    return await _say(visit, partnership_id, organization_id=number(chosen))


async def with_this(visit: Visit) -> Answer:
    """[I am with …]"""
    partnership, organization = (*parts(visit.value), "", "")[:2]
    await in_partnership(visit, number(partnership))
    return await _say(visit, number(partnership), organization_id=number(organization))


async def with_new(visit: Visit) -> Answer:
    """[No, another one]"""
    partnership_id, name = _named(visit.value)
    await in_partnership(visit, partnership_id)
    return await _say(visit, partnership_id, name=name, is_new=True)


async def joining_yes(visit: Visit) -> Answer:
    """[Yes], the guest is with us."""
    return await _confirm(visit, yes=True)


async def joining_no(visit: Visit) -> Answer:
    """[No], the guest is not."""
    return await _confirm(visit, yes=False)


async def _confirm(visit: Visit, *, yes: bool) -> Answer:
    channel = await in_channel(visit)
    request = Confirm(
        visit.key, visit.installation.id, channel, visit.person, number(visit.value), yes
    )
    asked = await visit.house.db.run(organizations.confirm, request, visit.now)
    return Answer(views.confirmed(asked.organization, yes))


async def _say(
    visit: Visit,
    partnership_id: int,
    *,
    name: str = "",
    organization_id: int | None = None,
    is_new: bool = False,
) -> Answer:
    request = With(
        visit.key,
        visit.installation.id,
        partnership_id,
        visit.person,
        name,
        organization_id,
        is_new,
    )
    return _answer(visit, await visit.house.db.run(organizations.say_with, request, visit.now))


def _answer(visit: Visit, stated: Stated) -> Answer:
    replaces = visit.door is Door.BUTTON
    if stated.organization is None:
        if visit.door is Door.MODAL:
            return Answer(
                modal=views.which_form(stated.partnership_id, stated.name, stated.similar)
            )
        return Answer(views.which(stated.partnership_id, stated.name, stated.similar))
    if stated.joining is not None:
        return Answer(views.waits(stated.organization), replaces=replaces)
    return Answer(views.joined(stated.organization), replaces=replaces)


def _named(value: str) -> tuple[int, str]:
    partnership, _, name = value.partition(":")
    return number(partnership), name


def _choices(
    store: Store, visit: Visit, partnership_id: int
) -> tuple[Partnership, tuple[Organization, ...], Organization | None]:
    """Those they can choose of, and the one they are with by now."""
    partnership = partnerships.live(store, visit.installation.id, partnership_id)
    member = store.people.by_key(visit.installation.id, visit.person.team, visit.person.user)
    known = None if member is None else member.organization
    return partnership, organizations.choices(store, partnership), known


VERBS = {"with": with_words}
BUTTONS = {
    PartnershipButton.WITH: with_button,
    PartnershipButton.WITH_THIS: with_this,
    PartnershipButton.WITH_NEW: with_new,
    PartnershipButton.JOINING_YES: joining_yes,
    PartnershipButton.JOINING_NO: joining_no,
}
MODALS = {PartnershipForm.WITH: with_sent, PartnershipForm.WITH_WHICH: which_sent}
