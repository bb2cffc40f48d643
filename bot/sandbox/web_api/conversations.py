"""``conversations.*``: what a channel is, who is in it, what was said."""

from typing import Final

from bot.sandbox import membership
from bot.sandbox.errors import Json, SlackError
from bot.sandbox.events import bot_profile
from bot.sandbox.messages import Message, between
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.call import TS, Call, Method, need_for
from bot.sandbox.world import Channel

_TYPES: Final = {"public_channel": "channel", "private_channel": "group", "im": "im"}


def as_slack(slack: Slack, channel: Channel) -> Json:
    """A conversation object as the app sees it."""
    if channel.is_im:
        other = next(m for m in channel.members if m != slack.app.bot_user_id)
        return {
            "id": channel.id,
            "created": channel.created,
            "is_archived": False,
            "is_im": True,
            "is_org_shared": False,
            "is_ext_shared": slack.is_external(slack.world.users[other]),
            "user": other,
            "context_team_id": slack.app.team_id,
            "is_user_deleted": False,
            "priority": 0,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private or channel.is_ext_shared,
        "is_group": channel.is_private and not channel.is_ext_shared,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "created": channel.created,
        "creator": channel.creator,
        "is_archived": channel.archived,
        "is_general": False,
        "unlinked": 0,
        "is_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "context_team_id": slack.app.team_id,
        "conversation_host_id": channel.teams[0],
        "connected_team_ids": [t for t in channel.teams if t != slack.app.team_id],
        "shared_team_ids": list(channel.teams),
        "internal_team_ids": [],
        "updated": channel.created * 1000,
        "is_member": slack.bot_in(channel),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "previous_names": [],
    }


def info(call: Call) -> Json:
    channel = call.channel()
    call.scope(need_for(channel, "read"))
    body = as_slack(call.slack, channel)
    if call.flag("include_num_members"):
        body["num_members"] = len(channel.members)
    return {"channel": body}


def members(call: Call) -> Json:
    channel = call.channel()
    call.scope(need_for(channel, "read"))
    page, cursor = call.page(channel.members, 100, 1000)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def history(call: Call) -> Json:
    channel = _readable(call)
    messages = _in_range(call, call.slack.log(channel).top_level())
    messages.reverse()
    page, cursor = call.page(messages, 100, call.slack.limits.history_page)
    return _messages(call, page, cursor) | {"pin_count": 0}


def replies(call: Call) -> Json:
    channel = _readable(call)
    parent = call.slack.log(channel).get(call.need("ts"))
    if parent is None:
        raise SlackError("thread_not_found")
    found = _in_range(call, parent.replies)
    page, cursor = call.page(found, 1000, call.slack.limits.history_page)
    # The parent comes first on every page, as in Slack.
    return _messages(call, [parent, *page], cursor)


def _readable(call: Call) -> Channel:
    channel = call.channel()
    call.scope(need_for(channel, "history"))
    if not call.slack.bot_in(channel):
        raise SlackError("not_in_channel")
    return channel


def _in_range(call: Call, messages: list[Message]) -> list[Message]:
    for name in ("oldest", "latest"):
        value = call.text(name)
        if value is not None and not TS.fullmatch(value):
            raise SlackError(f"invalid_ts_{name}")
    return between(messages, call.text("oldest"), call.text("latest"), call.flag("inclusive"))


def _messages(call: Call, messages: list[Message], cursor: str) -> Json:
    granted = "metadata.message:read" in call.slack.config.scopes
    metadata = granted and call.flag("include_all_metadata")
    rows: list[Json] = []
    for message in messages:
        row = message.as_slack(metadata=metadata)
        if message.metadata and not metadata:
            # Without the flag (or the scope to read it) Slack shows the type only.
            row["metadata"] = {"event_type": message.metadata["event_type"]}
        if message.is_reply:
            parent = call.slack.world.channels[message.channel]
            first = call.slack.log(parent).get(message.thread_ts)
            if first:
                row["parent_user_id"] = first.user
        if message.bot_id == call.slack.app.bot_id:
            row["bot_profile"] = bot_profile(call.slack)
        rows.append(row)
    body: Json = {"messages": rows, "has_more": bool(cursor)}
    if cursor:
        body["response_metadata"] = {"next_cursor": cursor}
    return body


def open_(call: Call) -> Json:
    slack = call.slack
    if call.text("channel"):
        channel = call.channel()
        if not channel.is_im:
            raise SlackError("method_not_supported_for_channel_type")
        already = True
    else:
        raw = call.args.get("users")
        ids = raw if isinstance(raw, list) else str(raw or "").split(",")
        ids = [str(one).strip() for one in ids if str(one).strip()]
        if not ids:
            raise SlackError("users_list_not_supplied")
        if len(ids) > 8:
            raise SlackError("too_many_users")
        people = [slack.world.users.get(one) for one in ids]
        if len(people) > 1:
            # Direct messages of several people are not part of this Slack.
            call.scope("mpim:write")
            raise SlackError("method_not_supported_for_channel_type")
        person = people[0]
        if person is None:
            raise SlackError("user_not_found")
        if person.is_bot:
            raise SlackError("cannot_dm_bot")
        if not slack.may_dm(person):
            raise SlackError("invalid_user_combination")
        already = slack.im_with(person) is not None
        channel = slack.open_im(person)
    body: Json = {"channel": {"id": channel.id}}
    if already:
        body |= {"no_op": True, "already_open": True}
    if call.flag("return_im"):
        body["channel"] = as_slack(slack, channel) | {"is_open": True}
    return body


def list_(call: Call) -> Json:
    kinds = _kinds(call)
    found = [
        as_slack(call.slack, channel)
        for channel in call.slack.world.channels.values()
        if channel.kind in kinds
        and call.slack.app.team_id in channel.teams
        and (not channel.is_private or call.slack.bot_in(channel))
        and not (call.flag("exclude_archived") and channel.archived)
    ]
    page, cursor = call.page(found, 100, 1000)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def users_conversations(call: Call) -> Json:
    kinds = _kinds(call)
    user = call.user() if call.text("user") else call.slack.bot
    found = [
        as_slack(call.slack, channel)
        for channel in call.slack.world.channels.values()
        if channel.kind in kinds
        and user.id in channel.members
        and (not channel.is_private or call.slack.bot_in(channel))
        and not (call.flag("exclude_archived") and channel.archived)
    ]
    page, cursor = call.page(found, 100, 1000)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def _kinds(call: Call) -> set[str]:
    asked = (call.text("types") or "public_channel").split(",")
    kinds: set[str] = set()
    for one in asked:
        name = one.strip()
        if name == "mpim":
            call.scope("mpim:read")
            continue
        if name not in _TYPES:
            raise SlackError("invalid_types")
        kind = _TYPES[name]
        call.scope({"channel": "channels:read", "group": "groups:read", "im": "im:read"}[kind])
        kinds.add(kind)
    return kinds


def join(call: Call) -> Json:
    channel = call.channel()
    if channel.archived:
        raise SlackError("is_archived")
    if channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    fresh = membership.join(call.slack, channel, call.slack.bot)
    body: Json = {"channel": as_slack(call.slack, channel)}
    return body if fresh else body | {"warning": "already_in_channel"}


def leave(call: Call) -> Json:
    channel = call.channel()
    call.scope(
        {"channel": "channels:manage", "group": "groups:write", "im": "im:write"}[channel.kind]
    )
    if channel.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    return {} if membership.leave(call.slack, channel, call.slack.bot) else {"not_in_channel": True}


METHODS: Final = (
    Method("conversations.info", info, required=("channel",), takes_json=False),
    Method("conversations.members", members, required=("channel",), takes_json=False),
    Method("conversations.history", history, required=("channel",), takes_json=False),
    Method("conversations.replies", replies, required=("channel", "ts"), takes_json=False),
    Method("conversations.open", open_, ("im:write", "mpim:write")),
    Method("conversations.list", list_, takes_json=False),
    Method("conversations.join", join, ("channels:join",), ("channel",)),
    Method("conversations.leave", leave, required=("channel",)),
    Method("users.conversations", users_conversations, takes_json=False),
)
