"""Ways in to the setup of a partnership."""

from typing import Any

from bot.domain.errors import BotError, NotAllowed
from bot.domain.partnerships import Setting, chosen_rhythm
from bot.domain.welcome import Arranged
from bot.language import Said
from bot.language.clean import clean
from bot.services import changes, commitments, setup
from bot.services.setup import SetUp
from bot.views import partnerships as partnership_views
from bot.views import setup as views
from bot.views.ids import PartnershipButton, PartnershipField, PartnershipForm, parts
from handlers.answer import Answer
from handlers.partnerships import number
from handlers.presence import in_channel, in_partnership
from handlers.visit import Door, Visit
from storage.store import Store


async def words(visit: Visit, said: Said) -> Answer:
    """``setup`` shows how it is, ``setup PURPOSE`` sets the purpose."""
    if not said.what and visit.door is Door.COMMAND:
        return Answer(modal=views.form(await _opened(visit)))
    channel = await in_channel(visit)
    shown = await visit.house.db.read(setup.shown, visit.installation.id, channel)
    if not said.what:
        return Answer(views.summary(shown))
    request = SetUp(
        visit.key, visit.installation.id, shown.partnership.id, visit.person, purpose=said.what
    )
    arranged = await visit.house.db.run(setup.set_up, request, visit.now)
    return Answer(views.saved(arranged, _new(arranged, shown)))


async def _opened(visit: Visit) -> Arranged:
    """What the form shows. It is opened at once for whoever was seen in the channel: Slack, which
    may be slow, is asked who is there when it is sent.
    """
    try:
        return await visit.house.db.read(_shown_to, visit)
    except NotAllowed:  # they may have come a moment ago
        channel = await in_channel(visit)
    return await visit.house.db.read(setup.shown, visit.installation.id, channel)


def _shown_to(store: Store, visit: Visit) -> Arranged:
    shown = setup.shown(store, visit.installation.id, visit.channel)
    commitments.check_known(commitments.known_here(store, shown.partnership.id), visit.person)
    return shown


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
        more=_more(text(PartnershipField.KEEP), text(PartnershipField.REACTION)),
        version=number(version),
    )
    arranged = await visit.house.db.run(setup.set_up, request, visit.now)
    return Answer(views.saved(arranged, _new(arranged, before)))


def _more(keep: str, reaction: str) -> dict[Setting, Any]:
    """What is kept or shared, as the form has it; what it leaves out stays as it is."""
    found: dict[Setting, Any] = {}
    if keep:
        if not (keep.isascii() and keep.isdigit()):
            raise BotError("Please write the number of days in figures, like 365.")
        found[Setting.KEEP] = int(keep[:9])
    if reaction in {"on", "off"}:
        found[Setting.REACTION] = reaction == "on"
    return found


async def object_(visit: Visit) -> Answer:
    """[Object] to an announced change."""
    await visit.house.db.run(changes.object_to, await _answer(visit), visit.now)
    return Answer(partnership_views.objected())


async def ok(visit: Visit) -> Answer:
    """[OK for our organization] to a change that needs everyone's."""
    change = await visit.house.db.run(changes.agree_to, await _answer(visit), visit.now)
    return Answer(partnership_views.agreed_to_change(change))


async def take_back(visit: Visit) -> Answer:
    """[Take back] a change that one's organization suggested."""
    await visit.house.db.run(changes.withdraw, await _answer(visit), visit.now)
    return Answer(partnership_views.withdrawn(), replaces=is_ephemeral(visit))


async def _answer(visit: Visit) -> changes.Answer:
    change = await visit.house.db.read(_partnership_of, number(visit.value))
    channel = await in_partnership(visit, change)
    return changes.Answer(
        visit.key, visit.installation.id, channel, visit.person, number(visit.value)
    )


def _partnership_of(store: Store, change_id: int) -> int:
    return store.settings.by_id(change_id).partnership_id


def is_ephemeral(visit: Visit) -> bool:
    """Whether a button stood in a message that only this person sees, and may be replaced."""
    return bool((visit.body.get("container") or {}).get("is_ephemeral"))


def _new(after: Arranged, before: Arranged) -> int:
    """How many changes were announced in between."""
    known = {change.id for change in before.announced}
    return sum(change.id not in known for change in after.announced)


VERBS = {"setup": words}
BUTTONS = {
    PartnershipButton.SET_UP: button,
    PartnershipButton.OBJECT: object_,
    PartnershipButton.CHANGE_OK: ok,
    PartnershipButton.WITHDRAW: take_back,
}
MODALS = {PartnershipForm.SET_UP: sent}
