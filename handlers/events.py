"""Events: mentions, direct messages, replies in our threads, and what happens to channels.

Slack delivers every message of a channel. Those outside our own threads and mentions are
dropped here at once, neither stored nor logged.
"""

import re
from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck
from slack_bolt.response import BoltResponse

from bot.domain.people import Installation
from bot.domain.posts import Kind
from bot.language.clean import clean
from handlers import actor, tables, undo
from handlers.answer import Answer, give
from handlers.errors import TooEarly, curable, guarded
from handlers.house import House
from handlers.interactions import heard
from handlers.tables import Reply
from handlers.visit import Door, Visit
from storage.store import Store

log = structlog.get_logger(__name__)

Body = Mapping[str, Any]

_WRITTEN = frozenset({None, "thread_broadcast", "file_share", "me_message"})
"""Subtypes of a message that a person wrote."""


_WHO_IS_WHERE = frozenset(
    {
        "member_joined_channel",
        "member_left_channel",
        "channel_archive",
        "channel_deleted",
        "channel_id_changed",
        "channel_rename",
        "channel_shared",
        "channel_unarchive",
        "channel_unshared",
        "group_archive",
        "group_deleted",
        "group_rename",
        "group_unarchive",
    }
)
"""Events after which what is known of a channel is asked for again."""

_WHO_IS_WHO = frozenset({"user_change", "user_profile_changed"})


class Events:
    """The listener for events."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def event(self, ack: AsyncAck, body: Body) -> BoltResponse | None:
        """One delivery: handled in full, then acknowledged, so that none is lost in a crash.

        It stays unacknowledged only where the same delivery can go well later, since Slack stops
        delivering to an app that acknowledges too little.
        """
        kind = str(body["event"].get("type"))
        try:
            await self._handle(kind, body)
        except Exception as error:
            if curable(error):
                self.house.counted["event_put_off"] += 1
                log.warning("event_put_off", type=kind, error=type(error).__name__)
                return BoltResponse(status=503, body="")
            self.house.counted["event_failed"] += 1
            log.exception("event_failed", type=kind)
        self.house.courier.wake()
        await ack()
        return None

    async def _handle(self, kind: str, body: Body) -> None:
        event = body["event"]
        who = actor.of_event(body)
        installation = self.house.directory.installation(who.team, who.enterprise)
        if kind == "message":
            await self._message(body, event, installation)
        elif kind == "app_mention":
            await self._mention(body, event, installation)
        else:
            self._forget(kind, event, who, installation)
            for handler in tables.EVENTS.get(kind, ()):
                await handler(self.house, installation, body)

    def _forget(self, kind: str, event: Body, who: actor.Actor, installation: Installation) -> None:
        directory = self.house.directory
        if kind in _WHO_IS_WHERE:
            for channel in (who.channel, event.get("old_channel_id"), event.get("new_channel_id")):
                if channel:
                    directory.forget_channel(installation, channel)
        elif kind in _WHO_IS_WHO and who.user:
            directory.forget_person(installation, who.user)

    async def _message(self, body: Body, event: Body, installation: Installation) -> None:
        subtype = event.get("subtype")
        if subtype in {"message_changed", "message_deleted"}:
            if subtype == "message_changed" and _ours(event.get("message") or {}, installation):
                return
            for handler in tables.EVENTS.get(subtype, ()):
                await handler(self.house, installation, body)
            return
        if subtype not in _WRITTEN or not _by_a_person(event, installation):
            return
        direct = event.get("channel_type") == "im"
        if not direct and _mentions(event, installation):
            return  # it comes as a mention too
        in_thread = event.get("thread_ts") not in {None, event["ts"]}
        if in_thread and await self._reply(body, event, installation):
            return
        if direct:
            await self._said(Door.DIRECT, body, event, installation)

    async def _mention(self, body: Body, event: Body, installation: Installation) -> None:
        if _by_a_person(event, installation) and not event.get("edited"):
            await self._said(Door.MENTION, body, event, installation)

    async def _said(self, door: Door, body: Body, event: Body, installation: Installation) -> None:
        """Words to us."""
        text = _mention_of(installation).sub(" ", event.get("text") or "", count=1)
        visit = await self._visit(door, body, event, installation, text)
        if visit.person.is_bot:
            return
        answer = await guarded(visit, heard(visit))
        await give(visit, await undo.completed(visit, answer))

    async def _reply(self, body: Body, event: Body, installation: Installation) -> bool:
        """A reply in a thread; whether the thread is one of ours that takes replies.

        Raises TooEarly where that is not known yet.
        """
        parent = await self.house.db.glance(
            _parent, installation.id, event["channel"], event["thread_ts"]
        )
        if parent is None:
            if event.get("parent_user_id") == installation.bot_user and await self.house.db.read(
                _in_doubt, installation.id, event["channel"]
            ):
                raise TooEarly
            return False
        handler = tables.THREADS.get(parent[1])
        if handler is None:
            return False
        visit = await self._visit(Door.REPLY, body, event, installation, event.get("text") or "")
        if not visit.person.is_bot:
            await give(visit, await guarded(visit, _replied(visit, handler, parent)))
        return True

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


async def _replied(visit: Visit, handler: Reply, parent: tuple[int, Kind, int]) -> Answer:
    """What comes of a reply: what its thread is for, but "undo" means the same everywhere."""
    message_id, kind, subject = parent
    answer = await undo.replied(visit, kind, subject)
    return await handler(visit, message_id, subject) if answer is None else answer


def _parent(
    store: Store, installation_id: int, channel: str, thread: str
) -> tuple[int, Kind, int] | None:
    return store.messages.thread_of(installation_id, channel, thread)


def _in_doubt(store: Store, installation_id: int, channel: str) -> bool:
    return store.messages.in_doubt(installation_id, channel, frozenset(tables.THREADS))


def written_by_a_person(event: Body, installation: Installation) -> bool:
    """Whether a message is one that a person wrote: no app, and no line of Slack's own."""
    return event.get("subtype") in _WRITTEN and _by_a_person(event, installation)


def without_mention(event: Body, installation: Installation) -> str | None:
    """The words of a message that mentions us, without the mention; None of any other."""
    if not _mentions(event, installation):
        return None
    return _mention_of(installation).sub(" ", event.get("text") or "", count=1)


def _mention_of(installation: Installation) -> re.Pattern[str]:
    return re.compile(rf"<@{re.escape(installation.bot_user)}(?:\|[^>]*)?>")


def _mentions(event: Body, installation: Installation) -> bool:
    return _mention_of(installation).search(event.get("text") or "") is not None


def _by_a_person(event: Body, installation: Installation) -> bool:
    """Whether somebody wrote it who is neither this app nor another."""
    return bool(event.get("user")) and not event.get("bot_id") and not _ours(event, installation)


def _ours(event: Body, installation: Installation) -> bool:
    """Whether this app wrote it, here or as a copy that another workspace installed."""
    profile = event.get("bot_profile") or {}
    app = event.get("app_id") or profile.get("app_id")
    return (
        (bool(app) and app == installation.app)
        or event.get("bot_id") == installation.bot
        or event.get("user") == installation.bot_user
    )
