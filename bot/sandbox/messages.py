"""Messages and the logs that hold them, one per channel, in the order of their timestamps."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import Json

TOMBSTONE = "This message was deleted."


@dataclass(slots=True, eq=False, weakref_slot=True)
class Message:
    """One message as the sandbox keeps it."""

    channel: str
    ts: str
    user: str
    text: str
    team: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    subtype: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    metadata: Json | None = None
    attachments: list[Json] = field(default_factory=list)
    edited: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    ephemeral_to: str | None = None
    broadcast: bool = False
    username: str | None = None
    inviter: str | None = None
    client_msg_id: str | None = None
    replies: list["Message"] = field(default_factory=list)
    gone: bool = False
    """Deleted while it had replies: what stays is a tombstone."""
    revision: int = 0
    """Grows with every change, so that the page's copy of it can be kept."""

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def reply_users(self) -> list[str]:
        return list(dict.fromkeys(reply.user for reply in self.replies))

    def as_slack(self, *, metadata: bool = False) -> Json:
        """The message in the shape of ``conversations.history`` and of events."""
        body: dict[str, Any] = {"type": "message"}
        if self.subtype:
            body["subtype"] = self.subtype
        if self.broadcast and not self.subtype:
            body["subtype"] = "thread_broadcast"
        body |= {"user": self.user, "text": self.text, "ts": self.ts}
        if self.client_msg_id:
            body["client_msg_id"] = self.client_msg_id
        if self.gone:
            body["hidden"] = True
        else:
            body["team"] = self.team
        if self.bot_id:
            body["bot_id"] = self.bot_id
        if self.app_id:
            body["app_id"] = self.app_id
        if self.username:
            body["username"] = self.username
        if self.inviter:
            body["inviter"] = self.inviter
        if self.blocks:
            body["blocks"] = self.blocks
        if self.attachments:
            body["attachments"] = self.attachments
        if self.edited:
            body["edited"] = self.edited
        if self.thread_ts:
            body["thread_ts"] = self.thread_ts
        if self.replies or (self.gone and not self.is_reply):
            users = self.reply_users
            body |= {
                "thread_ts": self.ts,
                "reply_count": len(self.replies),
                "reply_users_count": len(users),
                "latest_reply": self.replies[-1].ts if self.replies else "0000000000.000000",
                "reply_users": users[:5],
                "is_locked": False,
                "subscribed": False,
            }
        if self.reactions:
            body["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)}
                for name, users in self.reactions.items()
            ]
        if metadata and self.metadata:
            body["metadata"] = self.metadata
        return body


class Log:
    """One channel's messages. Ephemeral ones lie apart: Slack's history does not know them."""

    def __init__(self) -> None:
        self._times: list[str] = []
        self._messages: list[Message] = []
        self.ephemerals: list[Message] = []

    def add(self, message: Message) -> None:
        """Append a message; timestamps only ever grow, so the log stays sorted."""
        if message.ephemeral_to:
            self.ephemerals.append(message)
            return
        self._times.append(_sortable(message.ts))
        self._messages.append(message)
        parent = self.get(message.thread_ts) if message.is_reply else None
        if parent:
            parent.replies.append(message)
            parent.revision += 1

    def get(self, ts: str | None) -> Message | None:
        """The message with this timestamp (not an ephemeral one)."""
        if not ts:
            return None
        key = _sortable(ts)
        at = bisect_left(self._times, key)
        if at < len(self._times) and self._times[at] == key:
            return self._messages[at]
        return None

    def ephemeral(self, ts: str | None, user: str) -> Message | None:
        """The ephemeral message with this timestamp, if it was meant for that user."""
        for message in self.ephemerals:
            if message.ts == ts and message.ephemeral_to == user:
                return message
        return None

    def remove(self, message: Message) -> None:
        """Take a message out; a parent with replies is the caller's to turn into a tombstone."""
        if message.ephemeral_to:
            self.ephemerals.remove(message)
            return
        at = bisect_left(self._times, _sortable(message.ts))
        del self._times[at], self._messages[at]
        parent = self.get(message.thread_ts) if message.is_reply else None
        if parent:
            parent.replies.remove(message)
            parent.revision += 1

    def top_level(self) -> list[Message]:
        """What the channel itself shows, oldest first: no replies but those also sent to it."""
        return [m for m in self._messages if not m.is_reply or m.broadcast]

    def all(self) -> list[Message]:
        return list(self._messages)

    def after(self, ts: str) -> list[Message]:
        """The messages later than a timestamp, oldest first."""
        return self._messages[bisect_right(self._times, _sortable(ts)) :]


def _sortable(ts: str) -> str:
    """Timestamps compare as text once the seconds have a fixed width."""
    seconds, _, micros = ts.partition(".")
    return f"{seconds.zfill(12)}.{micros.ljust(6, '0')}"


def between(
    messages: list[Message], oldest: str | None, latest: str | None, inclusive: bool
) -> list[Message]:
    """The messages in a time range; the ends count only when ``inclusive``, as in Slack."""
    low = _sortable(oldest) if oldest else ""
    high = _sortable(latest) if latest else "~"
    if inclusive:
        return [m for m in messages if low <= _sortable(m.ts) <= high]
    return [m for m in messages if low < _sortable(m.ts) < high]
