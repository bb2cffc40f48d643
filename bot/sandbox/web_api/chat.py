"""``chat.*``: posting, updating, deleting, ephemerals, links."""

import json
import re
from typing import Any, Final

from bot.sandbox import posting
from bot.sandbox.block_kit import faults_of_blocks, text_in, with_ids
from bot.sandbox.errors import Json, SlackError
from bot.sandbox.events import bot_profile
from bot.sandbox.messages import Message
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.call import TS, Call, Method
from bot.sandbox.world import Channel

_METADATA_TYPE = re.compile(r"[A-Za-z0-9_.:-]{1,100}")


def post_message(call: Call) -> Json:
    slack = call.slack
    channel = _target(call)
    _may_post(slack, channel)
    content = _content(call)
    thread_ts = _thread(call, channel)
    metadata = _metadata(call)
    if call.text("username") or call.text("icon_emoji") or call.text("icon_url"):
        call.scope("chat:write.customize")
    slack.pace.post(channel.id)
    message = posting.post(
        slack,
        channel,
        *content,
        thread_ts=thread_ts,
        broadcast=bool(thread_ts) and call.flag("reply_broadcast"),
        metadata=metadata,
        username=call.text("username"),
        attachments=_attachments(call),
    )
    return {"channel": channel.id, "ts": message.ts, "message": _own(slack, message)}


def post_ephemeral(call: Call) -> Json:
    slack = call.slack
    channel = _target(call)
    _may_post(slack, channel)
    user_id = call.need("user")
    if user_id not in slack.world.users or user_id not in channel.members:
        raise SlackError("user_not_in_channel")
    content = _content(call)
    message = posting.post(
        slack, channel, *content, thread_ts=_thread(call, channel), ephemeral_to=user_id
    )
    return {"message_ts": message.ts}


def update(call: Call) -> Json:
    slack = call.slack
    channel = call.channel()
    message = _existing(call, channel)
    if message.bot_id != slack.app.bot_id:
        raise SlackError("cant_update_message")
    if channel.archived:
        raise SlackError("is_inactive")
    if not slack.bot_in(channel):
        raise SlackError("not_in_channel")
    text, blocks = _content(call)
    if len(text) > slack.limits.text_of_update:
        raise SlackError("msg_too_long")
    if call.args.get("blocks") in (None, "") and not call.text("text"):
        blocks = message.blocks
    if not call.text("text") and message.text and not call.args.get("blocks"):
        text = message.text
    posting.edit(slack, channel, message, slack.bot, text, blocks, metadata=_metadata(call))
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": text,
        "message": _own(slack, message),
    }


def delete(call: Call) -> Json:
    slack = call.slack
    channel = call.channel()
    message = _existing(call, channel)
    if message.bot_id != slack.app.bot_id:
        raise SlackError("cant_delete_message")
    posting.delete(slack, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def permalink(call: Call) -> Json:
    channel = call.channel()
    message = call.slack.log(channel).get(call.need("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    domain = call.slack.home_team.domain
    link = f"https://{domain}.slack.example/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _target(call: Call) -> Channel:
    """A conversation by id, or by a user's id: the direct message with them."""
    slack, name = call.slack, call.need("channel")
    user = slack.world.users.get(name)
    if user:
        if user.id == slack.app.bot_user_id:
            raise SlackError("channel_not_found")
        if not slack.may_dm(user):
            raise SlackError("channel_not_found")
        return slack.open_im(user)
    return call.channel()


def _may_post(slack: Slack, channel: Channel) -> None:
    if channel.archived:
        raise SlackError("is_archived")
    if not slack.bot_in(channel):
        raise SlackError("not_in_channel")
    if channel.is_im:
        person = next(m for m in channel.members if m != slack.app.bot_user_id)
        if not slack.may_dm(slack.world.users[person]):
            raise SlackError("channel_not_found")


def _content(call: Call) -> tuple[str, list[Json]]:
    limits = call.slack.limits
    blocks = call.json("blocks", "invalid_blocks_format")
    markdown = call.text("markdown_text")
    text = call.text("text") or ""
    if markdown is not None:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > 12_000:
            raise SlackError("msg_too_long")
        text, blocks = markdown, [{"type": "markdown", "text": markdown}]
    if blocks is None:
        blocks = []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if not text.strip() and not blocks and not _attachments(call):
        raise SlackError("no_text")
    found = faults_of_blocks(blocks, "message")
    if found:
        raise SlackError("invalid_blocks", messages=found)
    if len(text_in(blocks)) > limits.blocks_text:
        raise SlackError("msg_blocks_too_long")
    if len(text) > limits.text_kept:
        text = text[: limits.text_kept]
        call.warnings.append("message_truncated")
    return text, with_ids(blocks)


def _attachments(call: Call) -> list[Json]:
    attachments = call.json("attachments", "invalid_attachments")
    if attachments is None:
        return []
    if not isinstance(attachments, list):
        raise SlackError("invalid_attachments")
    if len(attachments) > 100:
        raise SlackError("too_many_attachments")
    return attachments


def _thread(call: Call, channel: Channel) -> str | None:
    thread_ts = call.text("thread_ts")
    if thread_ts is None:
        return None
    if not TS.fullmatch(thread_ts):
        raise SlackError("invalid_thread_ts", messages=[f"{thread_ts} is not a valid thread_ts"])
    parent = call.slack.log(channel).get(thread_ts)
    if parent is None:
        # Slack does not refuse: it posts to the channel, and the answer lacks ``thread_ts``
        # (slack-go issue 1571).
        return None
    return parent.thread_ts or parent.ts


def _metadata(call: Call) -> Json | None:
    metadata = call.json("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if not metadata:
        return {}
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_format")
    if not _METADATA_TYPE.fullmatch(kind):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata)) > call.slack.limits.metadata_bytes:
        raise SlackError("metadata_too_large")
    return metadata


def _existing(call: Call, channel: Channel) -> Message:
    message = call.slack.log(channel).get(call.need("ts"))
    if message is None or message.gone:
        raise SlackError("message_not_found")
    return message


def _own(slack: Slack, message: Message) -> dict[str, Any]:
    return message.as_slack(metadata=True) | {"bot_profile": bot_profile(slack)}


METHODS: Final = (
    Method("chat.postMessage", post_message, ("chat:write",), ("channel",)),
    Method("chat.postEphemeral", post_ephemeral, ("chat:write",), ("channel", "user")),
    Method("chat.update", update, ("chat:write",), ("channel", "ts")),
    Method("chat.delete", delete, ("chat:write",), ("channel", "ts")),
    Method("chat.getPermalink", permalink, required=("channel", "message_ts"), takes_json=False),
)
