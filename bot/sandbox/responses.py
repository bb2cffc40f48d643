"""``response_url``: five answers in half an hour to what somebody did, wherever they did it."""

import json
from typing import Any

from aiohttp import web

from bot.sandbox import posting
from bot.sandbox.errors import Json, SlackError
from bot.sandbox.interactions import message_content
from bot.sandbox.messages import Message
from bot.sandbox.slack import Slack
from bot.sandbox.tickets import Reply
from bot.sandbox.world import Channel


class Responses:
    """Answers ``/response/<key>``."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self.bodies: list[Json] = []
        """What was sent, for tests."""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        with self._slack.busy.during():
            try:
                body = await self._read(request)
                self.bodies.append(body)
                self._answer(request.match_info["key"], body)
            except SlackError as refusal:
                status = refusal.status if refusal.status != 200 else 400
                return web.json_response(refusal.body(), status=status)
            return web.json_response({"ok": True})

    @staticmethod
    async def _read(request: web.Request) -> Json:
        if request.content_type == "application/x-www-form-urlencoded":
            raw: Any = (await request.post()).get("payload")
        else:
            raw = await request.text()
        try:
            body = json.loads(raw)
        except (TypeError, ValueError):
            raise SlackError("invalid_payload") from None
        if not isinstance(body, dict):
            raise SlackError("invalid_payload")
        return body

    def _answer(self, key: str, body: Json) -> None:
        slack = self._slack
        ticket = slack.tickets.use_reply(key)
        channel = slack.world.channels.get(ticket.channel)
        if channel is None:
            raise SlackError("channel_not_found", status=404)
        if channel.archived:
            raise SlackError("is_archived", status=404)
        original = self._original(ticket, channel)
        if _is_true(body.get("delete_original")):
            if original is None:
                raise SlackError("message_not_found", status=404)
            posting.delete(slack, channel, original)
            return
        text, blocks = message_content(slack, body)
        if not text.strip() and not blocks:
            raise SlackError("no_text", status=500)
        if _is_true(body.get("replace_original")) and original is not None:
            posting.edit(slack, channel, original, slack.bot, text, blocks)
            return
        thread_ts = body.get("thread_ts") or (ticket.thread_ts if ticket.message_ts else None)
        if body.get("response_type") == "in_channel":
            posting.post(slack, channel, text, blocks, thread_ts=thread_ts)
        else:
            posting.post(
                slack, channel, text, blocks, thread_ts=thread_ts, ephemeral_to=ticket.user
            )

    def _original(self, ticket: Reply, channel: Channel) -> Message | None:
        log = self._slack.log(channel)
        if ticket.message_ts is None:
            return None
        if ticket.ephemeral:
            return log.ephemeral(ticket.message_ts, ticket.user)
        found = log.get(ticket.message_ts)
        return None if found is None or found.gone else found


def _is_true(value: object) -> bool:
    return value is True or str(value).lower() == "true"
