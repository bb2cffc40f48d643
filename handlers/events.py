"""Events: mentions, direct messages, replies in our threads, and what happens to channels.

Slack delivers every message of a channel. Those outside our own threads and mentions are
dropped here at once, neither stored nor logged.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck

from bot.domain.people import Installation
from bot.language.clean import clean
from handlers import actor, tables
from handlers.answer import give
from handlers.errors import guarded
from handlers.house import House
from handlers.interactions import heard
from handlers.visit import Door, Visit

log = structlog.get_logger(__name__)

Body = Mapping[str, Any]

_WRITTEN = frozenset({None, "thread_broadcast", "file_share", "me_message"})
"""Subtypes of a message that a person wrote."""


class Events:
    """The listener for events."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def event(self, ack: AsyncAck, body: Body) -> None:
        """One delivery: handled in full, then acknowledged, so that none is lost in a crash."""
        event = body["event"]
        if event["type"] == "message":
            await self._message(body, event)
        elif event["type"] == "app_mention":
            await self._mention(body, event)
        else:
            for handler in tables.EVENTS.get(event["type"], ()):
                await handler(self.house, self._installation(body), body)
        self.house.courier.wake()
        await ack()

    def _installation(self, body: Body) -> Installation:
        who = actor.of_event(body)
        return self.house.directory.installation(who.team, who.enterprise)

    async def _message(self, body: Body, event: Body) -> None:
        subtype = event.get("subtype")
        installation = self._installation(body)
        if subtype in {"message_changed", "message_deleted"}:
            inner = event.get("message") or {}
            if subtype == "message_changed" and _ours(inner, installation):
                return
            for handler in tables.EVENTS.get(subtype, ()):
                await handler(self.house, installation, body)
            return
        if subtype not in _WRITTEN or _ours(event, installation) or not event.get("user"):
            return
        if event.get("channel_type") == "im":
            await self._direct(body, event, installation)
        elif f"<@{installation.bot_user}" in (event.get("text") or ""):
            return  # it comes as a mention too
        elif (event.get("thread_ts") or event["ts"]) != event["ts"]:
            await self._reply(body, event, installation)

    async def _mention(self, body: Body, event: Body) -> None:
        installation = self._installation(body)
        if _ours(event, installation) or not event.get("user") or event.get("edited"):
            return
        text = (event.get("text") or "").replace(f"<@{installation.bot_user}>", " ", 1)
        visit = await self._visit(Door.MENTION, body, event, installation, text)
        await self._answered(visit)

    async def _direct(self, body: Body, event: Body, installation: Installation) -> None:
        text = (event.get("text") or "").replace(f"<@{installation.bot_user}>", " ", 1)
        visit = await self._visit(Door.DIRECT, body, event, installation, text)
        await self._answered(visit)

    async def _reply(self, body: Body, event: Body, installation: Installation) -> None:
        parent = await self.house.db.read(
            _parent, installation.id, event["channel"], event["thread_ts"]
        )
        if parent is None:
            return
        message_id, kind, subject = parent
        handler = tables.THREADS.get(kind)
        if handler is None:
            return
        visit = await self._visit(Door.REPLY, body, event, installation, event.get("text") or "")
        answer = await guarded(visit, handler(visit, message_id, subject))
        await give(visit, answer)

    async def _answered(self, visit: Visit) -> None:
        await give(visit, await guarded(visit, heard(visit)))

    async def _visit(
        self, door: Door, body: Body, event: Body, installation: Installation, text: str
    ) -> Visit:
        directory = self.house.directory
        person = await directory.person(installation, event["user"])
        return Visit(
            house=self.house,
            door=door,
            installation=installation,
            person=person,
            channel=event["channel"],
            key=f"event:{body['event_id']}",
            now=self.house.calendar.now(),
            zone=person.zone or directory.home_zone(installation),
            body=body,
            text=clean(text),
            ts=event["ts"],
            thread=event.get("thread_ts"),
        )


def _parent(store: Any, installation_id: int, channel: str, thread: str) -> Any:
    return store.messages.thread_of(installation_id, channel, thread)


def _ours(event: Body, installation: Installation) -> bool:
    """Whether this app wrote it, here or as a copy that another workspace installed."""
    profile = event.get("bot_profile") or {}
    app = event.get("app_id") or profile.get("app_id")
    return (
        app == installation.app
        or event.get("bot_id") == installation.bot
        or event.get("user") == installation.bot_user
    )
