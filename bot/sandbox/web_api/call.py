"""One call of the Web API: its arguments, its token, and the refusals common to all methods."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.sandbox.errors import Json, SlackError
from bot.sandbox.slack import Slack
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.world import Channel, User

TS = re.compile(r"\d{10,12}(\.\d{1,6})?|0")
"""What Slack takes for a timestamp."""
Caller = Literal["bot", "app", "any", "none"]


@dataclass(slots=True)
class Call:
    """What a method is called with, and what it may use to answer."""

    slack: Slack
    socket: SocketMode
    base_url: str
    method: str
    args: Mapping[str, Any]
    caller: Caller = "none"
    warnings: list[str] = field(default_factory=list)

    def text(self, name: str) -> str | None:
        """An argument as text; absent and empty are alike."""
        value = self.args.get(name)
        if value is None or value == "":
            return None
        return value if isinstance(value, str) else str(value)

    def need(self, name: str) -> str:
        """An argument that must be there."""
        value = self.text(name)
        if value is None:
            raise SlackError("invalid_arguments", messages=[f"missing required field: {name}"])
        return value

    def flag(self, name: str) -> bool:
        return str(self.args.get(name, "")).lower() in ("1", "true")

    def number(self, name: str, default: int, most: int) -> int:
        raw = self.text(name)
        try:
            value = int(raw) if raw is not None else default
        except ValueError:
            raise SlackError("invalid_limit") from None
        if value < 1:
            raise SlackError("invalid_limit")
        return min(value, most)

    def json(self, name: str, error: str) -> Any:
        """An argument that is JSON, given as text (forms) or as it is (JSON bodies)."""
        value = self.args.get(name)
        if isinstance(value, str):
            if not value:
                return None
            try:
                return json.loads(value)
            except ValueError:
                raise SlackError(error) from None
        return value

    def scope(self, *any_of: str) -> None:
        """Refuse unless the manifest has one of these scopes."""
        granted = self.slack.config.scopes
        if not granted.intersection(any_of):
            raise SlackError(
                "missing_scope", needed=",".join(any_of), provided=",".join(sorted(granted))
            )

    def channel(self, name: str = "channel") -> Channel:
        """The conversation that the call is about, as far as the app may know of it."""
        channel = self.slack.world.channels.get(self.need(name))
        if channel is None or (channel.is_private and not self.slack.bot_in(channel)):
            raise SlackError("channel_not_found")
        return channel

    def user(self, name: str = "user") -> User:
        user = self.slack.world.users.get(self.need(name))
        if user is None:
            raise SlackError("user_not_found")
        return user

    def page(self, items: list[Any], default: int, most: int) -> tuple[list[Any], str]:
        """The part of a list that ``limit`` and ``cursor`` ask for, and the next cursor."""
        limit = self.number("limit", default, most)
        cursor = self.text("cursor")
        start = 0
        if cursor:
            kind, _, at = cursor.partition(":")
            if kind != "next" or not at.isdigit():
                raise SlackError("invalid_cursor")
            start = int(at)
        end = start + limit
        return items[start:end], f"next:{end}" if end < len(items) else ""


Handler = Callable[[Call], Json | Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its name, what it needs, and who answers it."""

    name: str
    handle: Handler
    scopes: tuple[str, ...] = ()
    """Any one of these is enough; methods on conversations ask for the one of their kind."""
    required: tuple[str, ...] = ()
    takes_json: bool = True
    """Slack reads JSON bodies only in methods that write; elsewhere arguments are form fields."""
    caller: Caller = "bot"


def need_for(channel: Channel, what: str) -> str:
    """The scope that a method needs for this kind of conversation: ``channels:read`` …"""
    family = {"channel": "channels", "group": "groups", "im": "im"}[channel.kind]
    return f"{family}:{what}"
