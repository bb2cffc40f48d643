"""What the Events API tells the app: only what it subscribed to, has the scope for and may see.

Shapes follow the Events API reference and the payloads in Bolt's own tests: for a person of another
workspace in a shared channel a message carries that person's ``team``, ``user_team`` and
``source_team``, an ``app_mention`` carries the installing workspace as ``team`` and theirs as
``user_team``, a reaction carries no team at all. ``authorizations`` names one installation.
"""

import secrets
from collections.abc import Iterable
from typing import Final

from bot.sandbox.errors import Json
from bot.sandbox.messages import Message
from bot.sandbox.slack import Slack
from bot.sandbox.text import mentions
from bot.sandbox.world import Channel, User

VERIFICATION: Final = "sandbox-verification"
"""The deprecated verification ``token`` of every payload; no secret."""

_HISTORY: Final = {
    "channel": ("message.channels", "channels:history"),
    "group": ("message.groups", "groups:history"),
    "im": ("message.im", "im:history"),
}
_READ: Final = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}


def _tell(
    slack: Slack,
    subscription: str,
    scope: str | None,
    event: Json,
    *,
    channel: Channel | None = None,
    team_id: str | None = None,
) -> None:
    config = slack.config
    if subscription not in config.events or (scope and scope not in config.scopes):
        return
    envelope: Json = {
        "token": VERIFICATION,
        "team_id": team_id or slack.app.team_id,
        "context_team_id": slack.app.team_id,
        "context_enterprise_id": None,
        "api_app_id": slack.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": "Ev0" + secrets.token_hex(5).upper(),
        "event_time": int(float(event["event_ts"])),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": slack.app.team_id,
                "user_id": slack.app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
        "event_context": "4-" + secrets.token_urlsafe(24),
    }
    slack.emit(envelope)


def _message_event(
    slack: Slack, channel: Channel, event: Json, *, team_id: str | None = None
) -> None:
    if not slack.bot_in(channel):
        return
    subscription, scope = _HISTORY[channel.kind]
    event |= {"channel": channel.id, "channel_type": channel.kind}
    _tell(slack, subscription, scope, event, channel=channel, team_id=team_id)


def _as_event(slack: Slack, channel: Channel, message: Message) -> Json:
    body = message.as_slack()
    author = slack.world.users.get(message.user)
    if message.is_reply:
        parent = slack.log(channel).get(message.thread_ts)
        if parent:
            body["parent_user_id"] = parent.user
    if message.bot_id == slack.app.bot_id:
        body["bot_profile"] = bot_profile(slack)
    if author and channel.is_ext_shared and slack.is_external(author):
        body |= {
            "user_team": author.team_id,
            "source_team": author.team_id,
            "user_profile": {
                "real_name": author.name,
                "display_name": author.name,
                "name": author.username,
                "team": author.team_id,
                "is_restricted": False,
                "is_ultra_restricted": False,
            },
        }
    return body


def bot_profile(slack: Slack) -> Json:
    """The ``bot_profile`` of the app's own messages."""
    return {
        "id": slack.app.bot_id,
        "app_id": slack.app.id,
        "user_id": slack.app.bot_user_id,
        "name": slack.app.name,
        "icons": {},
        "deleted": False,
        "updated": 1_760_000_000,
        "team_id": slack.app.team_id,
    }


def posted(slack: Slack, channel: Channel, message: Message) -> None:
    """A message appeared: ``message``, and ``app_mention`` if it mentions the app in a channel."""
    event = _as_event(slack, channel, message) | {"event_ts": message.ts}
    _message_event(slack, channel, event, team_id=message.team)
    by_person = message.bot_id is None and message.subtype is None
    if by_person and not channel.is_im and mentions(message.text, slack.app.bot_user_id):
        _mentioned(slack, channel, message)
    if message.metadata and slack.bot_in(channel):
        _tell(
            slack,
            "message_metadata_posted",
            "metadata.message:read",
            {
                "type": "message_metadata_posted",
                "app_id": message.app_id,
                "bot_id": message.bot_id,
                "user_id": message.user,
                "team_id": slack.app.team_id,
                "channel_id": channel.id,
                "metadata": message.metadata,
                "message_ts": message.ts,
                "event_ts": message.ts,
            },
            channel=channel,
        )


def _mentioned(slack: Slack, channel: Channel, message: Message) -> None:
    if not slack.bot_in(channel):
        return
    event = _as_event(slack, channel, message)
    if event.get("subtype") == "thread_broadcast":
        del event["subtype"]
    if "user_team" in event:
        event["team"] = slack.app.team_id
    event |= {"type": "app_mention", "channel": channel.id, "event_ts": message.ts}
    _tell(slack, "app_mention", "app_mentions:read", event, channel=channel)


def changed(slack: Slack, channel: Channel, message: Message, previous: Json) -> None:
    """A message was edited, or became a tombstone because it was deleted while it had replies."""
    ts = slack.timestamps.next()
    current = message.as_slack()
    if "user_team" in previous and not message.gone:
        current |= {key: previous[key] for key in ("user_team", "source_team")}
    event: Json = {
        "type": "message",
        "subtype": "message_changed",
        "message": current,
        "previous_message": previous,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
    }
    _message_event(slack, channel, event, team_id=message.team)


def deleted(slack: Slack, channel: Channel, message: Message, previous: Json) -> None:
    """A message is gone."""
    ts = slack.timestamps.next()
    event: Json = {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": previous,
        "deleted_ts": message.ts,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
    }
    _message_event(slack, channel, event, team_id=message.team)


def snapshot(slack: Slack, channel: Channel, message: Message) -> Json:
    """A message as it is now, to be told as ``previous_message`` of what happens to it next."""
    return _as_event(slack, channel, message)


def reacted(
    slack: Slack, channel: Channel, message: Message, user: User, name: str, *, added: bool
) -> None:
    """Somebody added or removed a reaction."""
    if not slack.bot_in(channel):
        return
    kind = "reaction_added" if added else "reaction_removed"
    event: Json = {
        "type": kind,
        "user": user.id,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "item_user": message.user,
        "event_ts": slack.timestamps.next(),
    }
    _tell(slack, kind, "reactions:read", event, channel=channel)


def joined(slack: Slack, channel: Channel, user: User, inviter: User | None) -> None:
    """Somebody (the app itself too) came into a channel where the app is."""
    if not slack.bot_in(channel):
        return
    event: Json = {
        "type": "member_joined_channel",
        "user": user.id,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": user.team_id,
        "event_ts": slack.timestamps.next(),
    }
    if inviter:
        event["inviter"] = inviter.id
    _tell(slack, "member_joined_channel", _READ[channel.kind], event, channel=channel)


def left(slack: Slack, channel: Channel, user: User) -> None:
    """Somebody left. Told after they are gone; the app also hears of its own leaving."""
    own = user.id == slack.app.bot_user_id
    if not own and not slack.bot_in(channel):
        return
    ts = slack.timestamps.next()
    event: Json = {
        "type": "member_left_channel",
        "user": user.id,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": user.team_id,
        "event_ts": ts,
    }
    scope = _READ[channel.kind]
    _tell(slack, "member_left_channel", scope, event, channel=channel)
    if own:
        name = "group_left" if channel.is_private else "channel_left"
        gone: Json = {"type": name, "channel": channel.id, "event_ts": ts}
        _tell(slack, name, scope, gone, channel=channel)


def channel_event(
    slack: Slack, channel: Channel, name: str, user: User | None = None, **more: object
) -> None:
    """``channel_archive``, ``_unarchive``, ``_rename``, ``_deleted``, ``_unshared``.

    For private channels the first four are called ``group_…``, as in Slack.
    """
    if not slack.bot_in(channel):
        return
    both = ("channel_archive", "channel_unarchive", "channel_rename", "channel_deleted")
    if channel.is_private and name in both:
        name = name.replace("channel_", "group_")
    event: Json = {"type": name, "channel": channel.id, "event_ts": slack.timestamps.next()}
    if name.endswith("_rename"):
        event["channel"] = {
            "id": channel.id,
            "name": channel.name,
            "name_normalized": channel.name,
            "created": channel.created,
            "is_channel": not channel.is_private,
            "is_mpim": False,
        }
    elif user:
        event["user"] = user.id
    _tell(slack, name, _READ[channel.kind], event | more, channel=channel)


def id_changed(slack: Slack, old: str, new: str) -> None:
    """A channel got another id, as when a private channel is first shared."""
    ts = slack.timestamps.next()
    event: Json = {
        "type": "channel_id_changed",
        "old_channel_id": old,
        "new_channel_id": new,
        "event_ts": ts,
    }
    _tell(slack, "channel_id_changed", None, event)


def home_opened(slack: Slack, user: User, tab: str, view: Json | None) -> None:
    """A person opened the app's Home or Messages tab."""
    channel = slack.open_im(user)
    event: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": channel.id,
        "tab": tab,
        "event_ts": slack.timestamps.next(),
    }
    if view:
        event["view"] = view
    _tell(slack, "app_home_opened", None, event)


def revoked(slack: Slack, names: Iterable[str] = ("tokens_revoked", "app_uninstalled")) -> None:
    """The app was uninstalled; Slack does not promise the order of these two."""
    for name in names:
        event: Json = {"type": name, "event_ts": slack.timestamps.next()}
        if name == "tokens_revoked":
            event["tokens"] = {"oauth": [], "bot": [slack.app.bot_user_id]}
        _tell(slack, name, None, event)
