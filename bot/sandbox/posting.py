"""What happens to messages, whoever does it: posted, edited, deleted, reacted to."""

import secrets
from typing import Any

from bot.sandbox import events
from bot.sandbox.errors import Json
from bot.sandbox.messages import TOMBSTONE, Message
from bot.sandbox.slack import Slack
from bot.sandbox.text import rich_text
from bot.sandbox.world import Channel, User


def write(
    slack: Slack,
    channel: Channel,
    user: User,
    text: str,
    *,
    thread_ts: str | None = None,
    broadcast: bool = False,
) -> Message:
    """A person's message; ``text`` is already in Slack's form."""
    message = Message(
        channel=channel.id,
        ts=slack.timestamps.next(),
        user=user.id,
        text=text,
        team=user.team_id,
        thread_ts=thread_ts,
        broadcast=broadcast,
        client_msg_id=secrets.token_hex(16),
        blocks=rich_text(text, secrets.token_urlsafe(4)[:5]),
    )
    return _append(slack, channel, message)


def post(slack: Slack, channel: Channel, text: str, blocks: list[Json], **more: Any) -> Message:
    """The app's message. ``more`` are fields of Message: thread_ts, metadata, ephemeral_to …"""
    app = slack.app
    message = Message(
        channel=channel.id,
        ts=slack.timestamps.next(),
        user=app.bot_user_id,
        text=text,
        team=app.team_id,
        blocks=blocks,
        bot_id=app.bot_id,
        app_id=app.id,
        **more,
    )
    if message.username:
        message.subtype = "bot_message"
    return _append(slack, channel, message)


def remark(
    slack: Slack,
    channel: Channel,
    user: User,
    subtype: str,
    text: str,
    inviter: str | None = None,
) -> Message:
    """A line that Slack itself writes into a channel (``channel_join``, ``channel_archive`` …)."""
    message = Message(
        channel=channel.id,
        ts=slack.timestamps.next(),
        user=user.id,
        text=text,
        team=user.team_id,
        subtype=subtype,
        inviter=inviter,
    )
    return _append(slack, channel, message)


def _append(slack: Slack, channel: Channel, message: Message) -> Message:
    slack.log(channel).add(message)
    slack.changed()
    if not message.ephemeral_to:
        events.posted(slack, channel, message)
    return message


def edit(
    slack: Slack,
    channel: Channel,
    message: Message,
    by: User,
    text: str,
    blocks: list[Json] | None,
    *,
    metadata: Json | None = None,
) -> None:
    """Put new words into a message. ``blocks`` None: those of a person's rich text."""
    previous = events.snapshot(slack, channel, message)
    message.text = text
    message.revision += 1
    if blocks is None:
        blocks = rich_text(text, secrets.token_urlsafe(4)[:5])
    message.blocks = blocks
    if metadata is not None:
        message.metadata = metadata or None
    slack.changed()
    if message.ephemeral_to:
        return
    message.edited = {"user": by.id, "ts": slack.timestamps.next()}
    events.changed(slack, channel, message, previous)


def delete(slack: Slack, channel: Channel, message: Message) -> None:
    """Delete a message. One with replies leaves a tombstone, so that the thread stays readable."""
    log = slack.log(channel)
    if message.ephemeral_to:
        log.remove(message)
        slack.changed()
        return
    previous = events.snapshot(slack, channel, message)
    if message.replies:
        message.gone = True
        message.revision += 1
        message.subtype = "tombstone"
        message.user = "USLACKBOT"
        message.text = TOMBSTONE
        message.blocks, message.attachments = [], []
        message.metadata = message.bot_id = message.app_id = message.edited = None
        message.reactions = {}
        events.changed(slack, channel, message, previous)
    else:
        parent = log.get(message.thread_ts) if message.is_reply else None
        log.remove(message)
        events.deleted(slack, channel, message, previous)
        if parent and parent.gone and not parent.replies:
            last = events.snapshot(slack, channel, parent)
            log.remove(parent)
            events.deleted(slack, channel, parent, last)
    slack.changed()


def react(slack: Slack, channel: Channel, message: Message, user: User, name: str) -> bool:
    """Add a reaction; False if it was there already."""
    users = message.reactions.setdefault(name, [])
    if user.id in users:
        return False
    users.append(user.id)
    message.revision += 1
    slack.changed()
    events.reacted(slack, channel, message, user, name, added=True)
    return True


def unreact(slack: Slack, channel: Channel, message: Message, user: User, name: str) -> bool:
    """Take a reaction back; False if it was not there."""
    users = message.reactions.get(name, [])
    if user.id not in users:
        return False
    users.remove(user.id)
    message.revision += 1
    if not users:
        del message.reactions[name]
    slack.changed()
    events.reacted(slack, channel, message, user, name, added=False)
    return True
