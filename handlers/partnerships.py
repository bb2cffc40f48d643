"""Ways in to a partnership's beginning: the welcome's buttons, and what Slack says of a channel."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog

from bot.directory import NotInChannel
from bot.domain.errors import BotError, NotFound, NotPossible
from bot.domain.partnerships import NotInvited
from bot.domain.people import Installation, Person
from bot.language import Said
from bot.language.clean import clean
from bot.services import beginning, changes, comings, keeping, partnerships, waiting
from bot.services.beginning import Begin, Press, Question
from bot.services.comings import Came, Disconnected, Happened, Moved, Went
from bot.settings import Settings
from bot.views import partnerships as views
from bot.views.ids import PartnershipButton, PartnershipField, PartnershipForm
from handlers.answer import Answer
from handlers.house import House
from handlers.presence import in_channel, in_partnership
from handlers.visit import Visit
from storage.store import Store

log = structlog.get_logger(__name__)

Body = Mapping[str, Any]
Tick = Callable[[Store, datetime, int], int]


async def ok(visit: Visit) -> Answer:
    """[OK for our organization]"""
    return await _agree(visit, await _press(visit))


async def _agree(visit: Visit, press: Press) -> Answer:
    act = await visit.house.db.run(beginning.agree, press, visit.now)
    lead = act.participation.lead == act.member.id
    return Answer(views.thanks(act.member, lead, act.partnership))


async def say_ok(visit: Visit, said: Said) -> Answer:
    """``count us in``: the same in words."""
    channel = await in_channel(visit)
    return await _agree(visit, Press(visit.key, visit.installation.id, channel, visit.person))


async def not_now(visit: Visit) -> Answer:
    """[Not now]"""
    await visit.house.db.run(beginning.not_now, await _press(visit), visit.now)
    return Answer(views.not_now())


async def start_without(visit: Visit) -> Answer:
    """[Start without …]"""
    await visit.house.db.run(beginning.start_without, await _press(visit), visit.now)
    return Answer()


async def ask(visit: Visit) -> Answer:
    """[Ask a question]: the form."""
    partnership = await visit.house.db.read(
        partnerships.live, visit.installation.id, number(visit.value)
    )
    return Answer(modal=views.question_form(partnership.id))


async def asked(visit: Visit) -> Answer:
    """The question, sent."""
    partnership_id = number(visit.value)
    await in_partnership(visit, partnership_id)
    question = Question(
        visit.key,
        visit.installation.id,
        partnership_id,
        visit.person,
        clean(visit.fields.get(PartnershipField.QUESTION) or ""),
    )
    await visit.house.db.run(beginning.ask, question, visit.now)
    return Answer(views.asked())


async def _press(visit: Visit) -> Press:
    channel = await in_partnership(visit, number(visit.value))
    return Press(visit.key, visit.installation.id, channel, visit.person)


def number(text: str) -> int:
    """An id out of a button's value or a modal's private part; raises NotFound for anything else.

    What comes back from Slack is a hint, checked again.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound("I don't know what this is about any more. Please open it again.")
    return int(text)


# What Slack tells


async def member_joined(house: House, installation: Installation, body: Body) -> None:
    """Somebody joined a channel: the bot itself, or a person."""
    event = body["event"]
    channel = event["channel"]
    if event["user"] == installation.bot_user:
        await begin(house, installation, channel, event.get("inviter"), key(body))
        return
    try:
        person = await house.directory.person(installation, event["user"])
    except NotFound:
        return  # who acts is met then
    request = Came(key(body), installation.id, channel, person)
    await house.db.run(comings.came, request, house.calendar.now())


async def begin(
    house: House, installation: Installation, channel_id: str, inviter: str | None, delivery: str
) -> bool:
    """The bot is in a channel: begin there. Returns whether it is one for a partnership.

    ``delivery`` is the key of what told us.
    """
    channel = await house.directory.channel(installation, channel_id)
    users = await house.directory.members(installation, channel.id)
    if channel.direct or installation.bot_user not in users:
        return False
    people = await house.directory.people(installation, users | ({inviter} if inviter else set()))
    invited_by = people.get(inviter or "")
    request = Begin(
        key=delivery,
        installation_id=installation.id,
        channel=channel.id,
        name=channel.name,
        zone=_zone(house, installation, invited_by),
        inviter=invited_by,
        present=tuple(people[user] for user in sorted(users & people.keys())),
    )
    await house.db.run(beginning.begin, request, house.calendar.now())
    log.info("partnership_begun", channel=channel.id, people=len(request.present))
    return True


async def unnoticed(visit: Visit) -> BotError:
    """What to say where there is no partnership: the bot may be in the channel all the same, since
    it was invited while it was away. It then begins, late.
    """
    if visit.channel is None:
        return NotInvited()
    try:
        begun = await begin(
            visit.house, visit.installation, visit.channel, None, f"unnoticed:{visit.key}"
        )
        channel = await visit.house.directory.channel(visit.installation, visit.channel)
    except BotError:
        return NotInvited()
    if begun:
        return NotPossible(
            "I was invited to this channel while I was away and had not noticed. "
            "I have introduced myself now; please say it again."
        )
    if channel.direct:
        return NotPossible(
            "This belongs to a channel that you share with your partners. "
            "Go to that channel and say it there."
        )
    return NotInvited()


def _zone(house: House, installation: Installation, inviter: Person | None) -> str:
    """The host organization's: of the one who invited if they are of it."""
    if (
        inviter is not None
        and inviter.zone is not None
        and inviter.team in {installation.team, installation.enterprise}
    ):
        return inviter.zone
    return house.directory.home_zone(installation)


async def member_left(house: House, installation: Installation, body: Body) -> None:
    """Somebody left a channel: the bot itself, or a person."""
    event = body["event"]
    now = house.calendar.now()
    if event["user"] == installation.bot_user:
        if installation.bot_user in await _members(house, installation, event["channel"]):
            return  # it comes late: we were invited again since
        gone = Happened(key(body), installation.id, event["channel"])
        await house.db.run(comings.removed, gone, now)
        return
    went = Went(key(body), installation.id, event["channel"], event["user"])
    await house.db.run(comings.went, went, now)


async def archived(house: House, installation: Installation, body: Body) -> None:
    """A channel was archived."""
    request = _happened(installation, body)
    await house.db.run(comings.archived, request, house.calendar.now())


async def unarchived(house: House, installation: Installation, body: Body) -> None:
    """A channel is open again; the bot may not be in it any more."""
    request = _happened(installation, body)
    users = await _members(house, installation, request.channel)
    if installation.bot_user in users:
        await house.db.run(comings.unarchived, request, house.calendar.now())


async def deleted(house: House, installation: Installation, body: Body) -> None:
    """A channel is gone for good."""
    request = _happened(installation, body)
    await house.db.run(comings.removed, request, house.calendar.now())


async def renamed(house: House, installation: Installation, body: Body) -> None:
    """A channel has another name."""
    channel = body["event"]["channel"]
    await house.db.run(
        comings.renamed, installation.id, channel["id"], clean(channel.get("name") or "")
    )


async def id_changed(house: House, installation: Installation, body: Body) -> None:
    """A channel has another id, since it became shared."""
    event = body["event"]
    request = Moved(key(body), installation.id, event["old_channel_id"], event["new_channel_id"])
    await house.db.run(comings.moved, request, house.calendar.now())


async def unshared(house: House, installation: Installation, body: Body) -> None:
    """A workspace was disconnected from a shared channel."""
    event = body["event"]
    team = event.get("previously_connected_team_id")
    if team:
        request = Disconnected(key(body), installation.id, event["channel"], team)
        await house.db.run(comings.disconnected, request, house.calendar.now())


async def uninstalled(house: House, installation: Installation, body: Body) -> None:
    """The app was removed from the workspace."""
    await house.db.run(comings.uninstalled, installation.id, house.calendar.now())
    log.info("uninstalled", installation=installation.id)


async def tokens_revoked(house: House, installation: Installation, body: Body) -> None:
    """Tokens do not work any more: with the bot's own, everything stops."""
    tokens = body["event"].get("tokens") or {}
    if tokens.get("bot"):
        await uninstalled(house, installation, body)


def key(body: Body) -> str:
    """Of the delivery: a repeat has the same."""
    return f"event:{body['event_id']}"


def _happened(installation: Installation, body: Body) -> Happened:
    return Happened(key(body), installation.id, body["event"]["channel"])


async def _members(house: House, installation: Installation, channel: str) -> frozenset[str]:
    try:
        return await house.directory.members(installation, channel)
    except NotInChannel:
        return frozenset()


def ticks(settings: Settings) -> tuple[Tick, ...]:
    """What the clock does for partnerships."""
    return (changes.apply_due, waiting.ask_who_is_silent, keeping.forget_old_texts)


def _next_look(store: Store) -> datetime | None:
    return store.partnerships.next_look()


def _next_setting(store: Store) -> datetime | None:
    return store.settings.next_beginning()


MOMENTS = (_next_look, _next_setting)
VERBS = {"join": say_ok}
BUTTONS = {
    PartnershipButton.OK: ok,
    PartnershipButton.NOT_NOW: not_now,
    PartnershipButton.ASK: ask,
    PartnershipButton.START_WITHOUT: start_without,
}
MODALS = {PartnershipForm.ASK: asked}
EVENTS = {
    "member_joined_channel": member_joined,
    "member_left_channel": member_left,
    "channel_archive": archived,
    "group_archive": archived,
    "channel_unarchive": unarchived,
    "group_unarchive": unarchived,
    "channel_deleted": deleted,
    "group_deleted": deleted,
    "channel_rename": renamed,
    "group_rename": renamed,
    "channel_id_changed": id_changed,
    "channel_unshared": unshared,
    "app_uninstalled": uninstalled,
    "tokens_revoked": tokens_revoked,
}
