"""What the page in the browser reads and does: a snapshot, news of changes, and acts.

``docs`` of the fields live here: the page knows nothing else of the sandbox. A snapshot is made at
most once for each version and person.
"""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakKeyDictionary

from aiohttp import web

from bot.sandbox import views
from bot.sandbox.acts import Acts
from bot.sandbox.clock import iso, time_of
from bot.sandbox.errors import Json, NotShownError, RefusedError
from bot.sandbox.interactions import Reply
from bot.sandbox.messages import Message
from bot.sandbox.slack import Slack
from bot.sandbox.world import Channel, User

Stepper = Callable[[int], Awaitable[None]]
"""Moves the calendar by a number of days; 0 means on to the next moment when something is due."""

_NO_COMMANDS = (
    "Slash commands belong to the workspace that installed the app. "
    "Use buttons, replies, or a message that mentions it."
)
_NO_HOME = "App Home is for people of the workspace that installed the app."
_SETTLE = 0.04
"""Changes that come within this many seconds are told to the page as one."""


class PageApi:
    """``/sandbox/state``, ``/sandbox/changes`` and ``/sandbox/act``."""

    def __init__(self, slack: Slack, acts: Acts, stepper: Stepper | None) -> None:
        self._slack = slack
        self._acts = acts
        self._stepper = stepper
        self._cache: dict[str, tuple[int, bytes]] = {}
        self._messages: WeakKeyDictionary[Message, tuple[int, str]] = WeakKeyDictionary()
        self._stepping = asyncio.Lock()
        self.hint: str | None = None
        self.closing = asyncio.Event()

    # --- reading ----------------------------------------------------------------------------------

    async def state(self, request: web.Request) -> web.Response:
        """The whole snapshot for ``?as=U…`` (the first person of the world if none is given)."""
        user = self._slack.world.users.get(request.query.get("as", ""))
        if user is None or user.is_bot:
            user = next(u for u in self._slack.world.users.values() if not u.is_bot)
        return web.Response(body=self.encoded(user), content_type="application/json")

    def encoded(self, user: User) -> bytes:
        """The snapshot as JSON, made anew only when something has changed.

        Messages, by far the most of it, are turned into JSON once for each of their revisions.
        """
        version = self._slack.changes.version
        cached = self._cache.get(user.id)
        if cached and cached[0] == version:
            return cached[1]
        messages: dict[str, list[str]] = {}
        threads: dict[str, list[str]] = {}
        for channel in self._slack.channels_of(user):
            top = messages.setdefault(channel.id, [])
            for message in self._slack.visible_messages(channel, user):
                shown = self._shown(message)
                if not message.is_reply or message.broadcast:
                    top.append(shown)
                if message.is_reply:
                    threads.setdefault(f"{channel.id}:{message.thread_ts}", []).append(shown)
        head = json.dumps(self._head(user))
        text = f'{head[:-1]}, "messages": {_joined(messages)}, "threads": {_joined(threads)}}}'
        self._cache[user.id] = (version, text.encode())
        return self._cache[user.id][1]

    def snapshot(self, user: User) -> Json:
        """What one person sees, as the page gets it."""
        body: Json = json.loads(self.encoded(user))
        return body

    def _shown(self, message: Message) -> str:
        kept = self._messages.get(message)
        if kept and kept[0] == message.revision:
            return kept[1]
        text = json.dumps(self._message(message))
        self._messages[message] = (message.revision, text)
        return text

    def _head(self, user: User) -> Json:
        slack = self._slack
        channels = slack.channels_of(user)
        commands = self._acts.commands_for(user)
        return {
            "version": slack.changes.version,
            "now": iso(slack.calendar.now()),
            "calendar_steps": self._stepper is not None,
            "hint": self.hint,
            "me": user.id,
            "app": slack.app.bot_user_id,
            "people": [self._person(one) for one in slack.world.users.values()],
            "channels": [self._channel(channel, user) for channel in channels],
            "commands": [
                {
                    "command": command.command,
                    "usage_hint": command.usage_hint,
                    "description": command.description,
                }
                for command in commands
            ],
            "commands_note": None if commands else _NO_COMMANDS,
            "shortcuts": [
                {"name": s.name, "callback_id": s.callback_id, "type": s.type}
                for s in slack.config.shortcuts
                if self._acts.can_run_commands(user)
            ],
            "modal": self._modal(user),
            "home": self._home(user),
            "notices": list(slack.notices.get(user.id, [])),
        }

    def _person(self, user: User) -> Json:
        world = self._slack.world
        return {
            "id": user.id,
            "name": user.name,
            "organization": user.organization,
            "team": user.team_id,
            "zone": user.zone,
            "kind": world.kind_of(user),
            "color": f"#{user.color}",
            "initials": user.initials,
        }

    def _channel(self, channel: Channel, user: User) -> Json:
        slack = self._slack
        elsewhere = [team for team in channel.teams if team != user.team_id]
        return {
            "id": channel.id,
            "name": slack.app.name if channel.is_im else channel.name,
            "kind": "dm" if channel.is_im else "channel",
            "private": channel.is_private,
            "shared_with": [
                slack.world.workspaces[team].name for team in elsewhere if not channel.is_im
            ],
            "members": list(channel.members),
            "bot_in": slack.bot_in(channel),
            "unread": slack.unread(channel, user),
            "archived": channel.archived,
        }

    def _message(self, message: Message) -> Json:
        user = self._slack.world.users.get(message.user)
        # The rich_text that Slack makes of what people type says nothing that their text does not.
        blocks = [] if message.client_msg_id else message.blocks
        return {
            "ts": message.ts,
            "thread_ts": message.thread_ts,
            "user": message.user,
            "name": message.username or (user.name if user else "Slackbot"),
            "organization": user.organization if user else "",
            "app": bool(user and user.is_bot),
            "subtype": message.subtype,
            "text": message.text,
            "blocks": blocks,
            "attachments": message.attachments,
            "edited": message.edited is not None,
            "ephemeral": message.ephemeral_to is not None,
            "broadcast": message.broadcast,
            "deleted": message.gone,
            "reply_count": len(message.replies),
            "reply_users": message.reply_users,
            "reactions": [
                {"name": name, "users": list(users)} for name, users in message.reactions.items()
            ],
            "time": iso(time_of(message.ts)),
        }

    def _modal(self, user: User) -> Json | None:
        view = self._slack.views.top(user.id)
        if view is None:
            return None
        shown = views.as_slack(view, user, self._slack.app)
        return {"id": view.id, "view": shown, "errors": dict(view.errors)}

    def _home(self, user: User) -> Json:
        available = self._acts.home_available(user)
        view = self._slack.views.homes.get(user.id)
        return {
            "available": available,
            "view": views.as_slack(view, user, self._slack.app) if view and available else None,
            "note": None if available else _NO_HOME,
        }

    async def changes(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: ``data: {"version": n}`` whenever something is different."""
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await stream.prepare(request)
        version = self._slack.changes.version
        closing = asyncio.ensure_future(self.closing.wait())
        try:
            while True:
                line = json.dumps({"version": version})
                await stream.write(f"data: {line}\n\n".encode())
                news = asyncio.ensure_future(self._slack.changes.after(version))
                done, _ = await asyncio.wait(
                    (news, closing), return_when=asyncio.FIRST_COMPLETED, timeout=20.0
                )
                if closing in done:
                    news.cancel()
                    return stream
                if news not in done:
                    news.cancel()
                    await stream.write(b": still here\n\n")
                    continue
                await asyncio.sleep(_SETTLE)
                version = self._slack.changes.version
        except ConnectionResetError:
            return stream
        finally:
            closing.cancel()

    # --- acting -----------------------------------------------------------------------------------

    async def act(self, request: web.Request) -> web.Response:
        """One act: ``{"as": "U…", "do": "say", …}``."""
        try:
            body = await request.json()
        except ValueError:
            return _answer("That was not JSON.")
        if not isinstance(body, dict):
            return _answer("That was not an act.")
        user = self._slack.world.users.get(str(body.get("as")))
        if user is None or user.is_bot:
            return _answer("There is nobody with that id.")
        self._slack.notices.pop(user.id, None)
        verb = getattr(self, f"_do_{body.get('do')}", None)
        if verb is None:
            return _answer(f"There is no act {body.get('do')!r}.")
        try:
            more = await verb(user, body)
        except (RefusedError, NotShownError) as refusal:
            return _answer(str(refusal))
        except (KeyError, TypeError, ValueError) as fault:
            return _answer(f"That act lacks something or names it wrongly: {fault}.")
        return web.json_response({"ok": True, **(more or {})})

    async def _do_say(self, user: User, body: Json) -> Json:
        message = self._acts.say(
            user,
            body["channel"],
            body["text"],
            body.get("thread_ts"),
            broadcast=bool(body.get("broadcast")),
        )
        return {"ts": message.ts}

    async def _do_edit(self, user: User, body: Json) -> None:
        self._acts.edit(user, body["channel"], body["ts"], body["text"])

    async def _do_delete(self, user: User, body: Json) -> None:
        self._acts.delete(user, body["channel"], body["ts"])

    async def _do_react(self, user: User, body: Json) -> None:
        self._acts.react(user, body["channel"], body["ts"], body["name"])

    async def _do_read(self, user: User, body: Json) -> None:
        self._acts.read(user, body["channel"])

    async def _do_slash(self, user: User, body: Json) -> None:
        await self._acts.slash(user, body["channel"], body["text"], thread_ts=body.get("thread_ts"))

    async def _do_shortcut(self, user: User, body: Json) -> None:
        await self._acts.shortcut(user, body["callback_id"], body.get("channel"), body.get("ts"))

    async def _do_click(self, user: User, body: Json) -> None:
        _, channel, ts, *_ = where = _element(user, body)
        self._acts.enter(user, channel, ts, body.get("values") or {})
        await self._acts.click(*where, body.get("value"))

    async def _do_choose(self, user: User, body: Json) -> None:
        _, channel, ts, *_ = where = _element(user, body)
        self._acts.enter(user, channel, ts, body.get("values") or {})
        await self._acts.choose(*where, body["selected"])

    async def _do_act_in_modal(self, user: User, body: Json) -> None:
        self._acts.fill(user, body["view_id"], body.get("values") or {})
        selected = body.get("selected", body.get("value"))
        await self._acts.act_in_view(
            user, body["view_id"], body["block_id"], body["action_id"], selected
        )

    async def _do_upload(self, user: User, body: Json) -> Json:
        where = (body["view_id"], body["block_id"], body["action_id"])
        data = base64.b64decode(body["data"], validate=True)
        file = self._acts.upload(user, *where, str(body["name"]), data)
        return {"file": {"id": file.id, "name": file.name, "size": len(file.data)}}

    async def _do_submit(self, user: User, body: Json) -> Json:
        reply = await self._acts.submit(user, body["view_id"], body.get("values") or {})
        return {"sent": reply.ok, "errors": _errors(reply)}

    async def _do_close(self, user: User, body: Json) -> None:
        await self._acts.close(user, body["view_id"], everything=bool(body.get("everything")))

    async def _do_home(self, user: User, _body: Json) -> None:
        self._acts.home(user)

    async def _do_suggest(self, user: User, body: Json) -> Json:
        options = await self._acts.suggest(
            user,
            body["block_id"],
            body["action_id"],
            body.get("text", ""),
            view_id=body.get("view_id"),
            channel_id=body.get("channel"),
            ts=body.get("ts"),
        )
        return {"options": options}

    async def _do_open_dm(self, user: User, _body: Json) -> Json:
        return {"channel": self._acts.open_dm(user).id}

    async def _do_invite_bot(self, user: User, body: Json) -> None:
        self._acts.invite_bot(user, body["channel"])

    async def _do_remove_bot(self, user: User, body: Json) -> None:
        self._acts.remove_bot(user, body["channel"])

    async def _do_join(self, user: User, body: Json) -> None:
        self._acts.join(user, body["channel"])

    async def _do_leave(self, user: User, body: Json) -> None:
        self._acts.leave(user, body["channel"])

    async def _do_archive(self, user: User, body: Json) -> None:
        self._acts.archive(user, body["channel"])

    async def _do_unarchive(self, user: User, body: Json) -> None:
        self._acts.unarchive(user, body["channel"])

    async def _do_next_day(self, _user: User, _body: Json) -> None:
        await self._step(1)

    async def _do_next_week(self, _user: User, _body: Json) -> None:
        await self._step(7)

    async def _do_next_moment(self, _user: User, _body: Json) -> None:
        await self._step(0)

    async def _step(self, days: int) -> None:
        if self._stepper is None:
            raise RefusedError("The calendar of this sandbox cannot be moved.")
        if self._stepping.locked():
            raise RefusedError("The calendar is being moved already.")
        async with self._stepping:
            await self._stepper(days)
        self._slack.changed()


def _joined(lists: dict[str, list[str]]) -> str:
    inside = ", ".join(f"{json.dumps(key)}: [{', '.join(rows)}]" for key, rows in lists.items())
    return f"{{{inside}}}"


def _element(user: User, body: Json) -> tuple[User, Any, Any, Any, Any]:
    return user, body["channel"], body["ts"], body["block_id"], body["action_id"]


def _errors(reply: Reply) -> Json:
    return dict((reply.body or {}).get("errors") or {})


def _answer(sentence: str) -> web.Response:
    return web.json_response({"ok": False, "error": sentence})
