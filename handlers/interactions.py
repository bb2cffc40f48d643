"""Commands, buttons and modals. Each ends in 200 with a sentence, whatever happens."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck

from bot import language
from bot.directory import PATIENCE, Unreachable
from bot.domain.errors import BotError, OutOfDate, Unclear
from bot.domain.partnerships import NotInvited
from bot.domain.people import Installation, Person
from bot.domain.posts import Kind
from bot.language.clean import clean, unescaped
from handlers import actor, checkins, partnerships, tables, undo
from handlers import help as helping
from handlers.answer import Answer, Audience, give, remembered, respond
from handlers.errors import guarded, refused
from handlers.house import House
from handlers.visit import Door, Visit
from handlers.wording import readable
from storage.store import Store

log = structlog.get_logger(__name__)

_AT_ONCE = 0.7
"""Seconds for Slack to say who came in, if we have met them: most of the three that a trigger
lives are for what they want.
"""

Body = Mapping[str, Any]


class Interactions:
    """The listeners for what a person does on purpose."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def command(self, ack: AsyncAck, body: Body) -> None:
        """A slash command, whatever its name: the name is a setting of the app in Slack."""
        await self._answered(
            ack,
            heard,
            Door.COMMAND,
            body,
            key=f"command:{body['trigger_id']}",
            text=clean(body.get("text") or ""),
        )

    async def button(self, ack: AsyncAck, body: Body) -> None:
        """A button pressed or a choice made, in a message, a modal or App Home."""
        action = body["actions"][0]
        found = tables.BUTTONS.get(action.get("action_id", ""))
        if found is None and action.get("type") == "button" and action.get("url"):
            await ack()  # Slack opened a link and tells us so
            return
        container = body.get("container") or {}
        message = body.get("message") or {}
        await self._answered(
            ack,
            found or _old,
            Door.BUTTON,
            body,
            key=f"button:{body.get('trigger_id') or action.get('action_ts')}",
            value=_chosen(action),
            ts=container.get("message_ts"),
            thread=message.get("thread_ts") or container.get("thread_ts"),
        )

    async def modal(self, ack: AsyncAck, body: Body) -> None:
        """A modal that was sent."""
        view = body["view"]
        private, address, replaces = remembered(view.get("private_metadata") or "")
        await self._answered(
            ack,
            tables.MODALS.get(view.get("callback_id", ""), _old),
            Door.MODAL,
            body,
            key=f"modal:{view['id']}:{view.get('hash', '')}",
            value=private,
            address=address,
            replaces=replaces,
        )

    async def shortcut(self, ack: AsyncAck, body: Body) -> None:
        """A shortcut chosen in the menu of a message: for people of the installing workspace."""
        message = body.get("message") or {}
        await self._answered(
            ack,
            tables.SHORTCUTS.get(body.get("callback_id", ""), _old),
            Door.SHORTCUT,
            body,
            key=f"shortcut:{body.get('trigger_id') or body.get('action_ts')}",
            ts=body.get("message_ts") or message.get("ts"),
            thread=message.get("thread_ts"),
        )

    async def closed(self, ack: AsyncAck) -> None:
        """A modal that was put away: nothing follows from it."""
        await ack()

    async def unknown(self, ack: AsyncAck, body: Body) -> None:
        """What no row knows is acknowledged, so that nobody sees a failure of Slack's."""
        log.info("unknown_interaction", type=body.get("type"))
        await ack()

    async def _answered(
        self,
        ack: AsyncAck,
        work: Callable[[Visit], Awaitable[Answer]],
        door: Door,
        body: Body,
        **brought: Any,
    ) -> None:
        """Whatever happens, Slack gets its acknowledgement and the person a sentence."""
        try:
            visit = await self._visit(door, body, **brought)
            answer = await guarded(visit, work(visit))
            self.house.courier.wake()
            answer = await undo.completed(visit, answer)
            held = await give(visit, answer)
        except Exception as error:
            held = self._refused(door, body, error)
        await ack(**held)

    async def _visit(self, door: Door, body: Body, *, key: str, **brought: Any) -> Visit:
        who = actor.of_command(body) if door is Door.COMMAND else actor.of_interaction(body)
        directory = self.house.directory
        installation = directory.installation(who.team, who.enterprise)
        until = time.monotonic() + PATIENCE
        person = await self._person(installation, who.user, until)
        return Visit(
            house=self.house,
            door=door,
            installation=installation,
            person=person,
            channel=who.channel,
            key=key,
            now=self.house.calendar.now(),
            zone=person.zone or directory.home_zone(installation),
            body=body,
            until=until,
            **brought,
        )

    async def _person(self, installation: Installation, user: str, until: float) -> Person:
        """Who came in: as Slack says if it does so at once, else as we remember them, so that
        what they want to open is opened in time. Slack has signed whose id it is.
        """
        directory = self.house.directory
        try:
            return await directory.person(installation, user, patience=_AT_ONCE)
        except Unreachable:
            known = await self.house.db.read(
                lambda store: store.people.by_user(installation.id, user)
            )
            if known is None:
                left = max(0.0, until - time.monotonic())
                return await directory.person(installation, user, patience=left)
            return Person(known.team, known.user, known.name, known.kind, known.zone)

    def _refused(self, door: Door, body: Body, error: Exception) -> dict[str, Any]:
        """A refusal where it is not even known who asks, or the answer could not be given."""
        answer = refused(door, body, error)
        if answer.errors:
            return {"response_action": "errors", "errors": dict(answer.errors)}
        if answer.message is None or door is Door.MODAL:
            return {}
        if door is Door.COMMAND:
            return {"response_type": "ephemeral", **answer.message}
        if address := body.get("response_url"):
            self.house.later(respond(self.house, address, answer.message))
        return {}


async def heard(visit: Visit) -> Answer:
    """Words after the command, the mention or in a direct message.

    Raises Unclear where they cannot be understood. Whatever is refused, the words come back with
    it as they were typed, ready to copy and mend.
    """
    try:
        return await _begun(visit)
    except BotError as refusal:
        typed = refusal.suggestion or visit.text
        typed = unescaped(await readable(visit, typed))
        refusal.suggestion = f"{_addressed(visit)}{typed}" if typed else None
        raise


def _addressed(visit: Visit) -> str:
    """What has to stand before words at this door, so that they can be pasted as they are."""
    if visit.door is Door.COMMAND:
        return f"{visit.house.settings.command} "
    return "@Common Ground " if visit.door is Door.MENTION else ""


async def _begun(visit: Visit) -> Answer:
    try:
        return await _done(visit)
    except NotInvited:
        raise await partnerships.unnoticed(visit) from None


async def _done(visit: Visit) -> Answer:
    if not visit.text:
        return await helping.nothing(visit)
    number = await visit.house.db.read(_number_here, visit) if visit.thread else None
    try:
        said = language.read(visit.text, now=visit.now, zone=visit.zone, number=number)
    except Unclear:
        # In a check-in's thread "done" needs no number, whether we are named before it or not.
        if visit.door is Door.MENTION and (answer := await checkins.mentioned(visit)) is not None:
            return answer
        raise
    answer = await tables.VERBS[said.verb](visit, said)
    if answer.to is not None:
        return answer
    return replace(answer, to=Audience(language.VERBS[said.verb].answers))


def _number_here(store: Store, visit: Visit) -> int | None:
    """The number of the commitment whose card began this thread, if one did."""
    if visit.channel is None or visit.thread is None:
        return None
    found = store.messages.thread_of(visit.installation.id, visit.channel, visit.thread)
    if found is None or found[1] is not Kind.CARD:
        return None
    return store.commitments.by_id(found[2]).number


def _chosen(action: Mapping[str, Any]) -> str:
    if chosen := action.get("selected_option"):
        return str(chosen["value"])
    for name in ("value", "selected_date", "selected_time", "selected_user"):
        if action.get(name):
            return str(action[name])
    return ""


async def _old(visit: Visit) -> Answer:
    raise OutOfDate(
        "This button is from an older version of me. Ask me for help to see what is new."
    )
