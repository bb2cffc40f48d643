"""Commands, buttons and modals. Each ends in 200 with a sentence, whatever happens."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck

from bot import language
from bot.domain.errors import OutOfDate
from bot.language.clean import clean
from handlers import actor, tables
from handlers.answer import Answer, give
from handlers.errors import guarded
from handlers.house import House
from handlers.visit import Door, Visit

log = structlog.get_logger(__name__)

Body = Mapping[str, Any]


class Interactions:
    """The listeners for what a person does on purpose."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def command(self, ack: AsyncAck, body: Body) -> None:
        """A slash command, whatever its name: the name is a setting of the app in Slack."""
        visit = await self._visit(
            Door.COMMAND,
            actor.of_command(body),
            body,
            key=f"command:{body['trigger_id']}",
            text=clean(body.get("text") or ""),
        )
        await self._answered(ack, visit, heard)

    async def button(self, ack: AsyncAck, body: Body) -> None:
        """A button pressed or a choice made, in a message, a modal or App Home."""
        action = body["actions"][0]
        found = tables.BUTTONS.get(action["action_id"])
        if found is None and action["type"] == "button" and action.get("url"):
            await ack()  # Slack opened a link and tells us so
            return
        container = body.get("container") or {}
        message = body.get("message") or {}
        visit = await self._visit(
            Door.BUTTON,
            actor.of_interaction(body),
            body,
            key=f"button:{body.get('trigger_id') or action['action_ts']}",
            value=_chosen(action),
            ts=container.get("message_ts"),
            thread=message.get("thread_ts") or container.get("thread_ts"),
        )
        await self._answered(ack, visit, found or _old)

    async def modal(self, ack: AsyncAck, body: Body) -> None:
        """A modal that was sent."""
        view = body["view"]
        visit = await self._visit(
            Door.MODAL,
            actor.of_interaction(body),
            body,
            key=f"modal:{view['id']}:{view.get('hash', '')}",
            value=view.get("private_metadata") or "",
        )
        await self._answered(ack, visit, tables.MODALS.get(view["callback_id"], _old))

    async def closed(self, ack: AsyncAck) -> None:
        """A modal that was put away: nothing follows from it."""
        await ack()

    async def unknown(self, ack: AsyncAck, body: Body) -> None:
        """What no row knows is acknowledged, so that nobody sees a failure of Slack's."""
        log.info("unknown_interaction", type=body.get("type"))
        await ack()

    async def _visit(
        self,
        door: Door,
        who: actor.Actor,
        body: Body,
        *,
        key: str,
        text: str = "",
        value: str = "",
        ts: str | None = None,
        thread: str | None = None,
    ) -> Visit:
        directory = self.house.directory
        installation = directory.installation(who.team, who.enterprise)
        person = await directory.person(installation, who.user)
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
            text=text,
            ts=ts,
            thread=thread,
            value=value,
        )

    async def _answered(
        self, ack: AsyncAck, visit: Visit, work: Callable[[Visit], Awaitable[Answer]]
    ) -> None:
        answer = await guarded(visit, work(visit))
        self.house.courier.wake()
        await ack(**await give(visit, answer))


async def heard(visit: Visit) -> Answer:
    """Words after the command, the mention or in a direct message."""
    said = language.read(visit.text, now=visit.now, zone=visit.zone)
    return await tables.VERBS[said.verb](visit, said)


def _chosen(action: Mapping[str, Any]) -> str:
    if chosen := action.get("selected_option"):
        return str(chosen["value"])
    return str(action.get("value") or action.get("selected_date") or "")


async def _old(visit: Visit) -> Answer:
    raise OutOfDate("This button is from an older version of me. Ask me for help to see what is new.")
