"""``reactions.add`` and ``reactions.remove``."""

import re
from typing import Final

from bot.sandbox import posting
from bot.sandbox.errors import Json, SlackError
from bot.sandbox.messages import Message
from bot.sandbox.web_api.call import Call, Method
from bot.sandbox.world import Channel

_NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def add(call: Call) -> Json:
    channel, message, name = _target(call)
    if not posting.react(call.slack, channel, message, call.slack.bot, name):
        raise SlackError("already_reacted")
    return {}


def remove(call: Call) -> Json:
    channel, message, name = _target(call)
    if not posting.unreact(call.slack, channel, message, call.slack.bot, name):
        raise SlackError("no_reaction")
    return {}


def _target(call: Call) -> tuple[Channel, Message, str]:
    name = call.need("name").strip(":")
    if not _NAME.fullmatch(name):
        raise SlackError("invalid_name")
    channel = call.channel()
    if channel.archived:
        raise SlackError("is_archived")
    if not call.slack.bot_in(channel):
        raise SlackError("not_in_channel")
    message = call.slack.log(channel).get(call.need("timestamp"))
    if message is None or message.gone:
        raise SlackError("message_not_found")
    return channel, message, name


METHODS: Final = (
    Method("reactions.add", add, ("reactions:write",), ("channel", "name", "timestamp")),
    Method("reactions.remove", remove, ("reactions:write",), ("channel", "name", "timestamp")),
)
