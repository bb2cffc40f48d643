"""How the app is set up at this Slack: what its manifest says, and the limits that apply to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command as the manifest declares it."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A message or global shortcut as the manifest declares it."""

    name: str
    callback_id: str
    type: Literal["message", "global"] = "message"
    description: str = ""


@dataclass(frozen=True, slots=True)
class AppConfig:
    """What the app may do and hear: the manifest's scopes, events, commands and switches."""

    scopes: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    home_tab: bool = True
    messages_tab: bool = True
    interactivity: bool = True

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> "AppConfig":
        """Read what matters here from an app manifest (the parsed YAML or JSON)."""
        features = manifest.get("features") or {}
        settings = manifest.get("settings") or {}
        home = features.get("app_home") or {}
        scopes = ((manifest.get("oauth_config") or {}).get("scopes") or {}).get("bot") or []
        subscriptions = settings.get("event_subscriptions") or {}
        metadata = subscriptions.get("metadata_subscriptions") or []
        events = set(subscriptions.get("bot_events") or [])
        if metadata:
            events.add("message_metadata_posted")
        return cls(
            scopes=frozenset(scopes),
            events=frozenset(events),
            commands=tuple(as_command(row) for row in features.get("slash_commands") or []),
            shortcuts=tuple(
                Shortcut(
                    name=row["name"],
                    callback_id=row["callback_id"],
                    type=row.get("type", "message"),
                    description=row.get("description", ""),
                )
                for row in features.get("shortcuts") or []
            ),
            home_tab=bool(home.get("home_tab_enabled", False)),
            messages_tab=bool(home.get("messages_tab_enabled", True))
            and not home.get("messages_tab_read_only_enabled", False),
            interactivity=bool((settings.get("interactivity") or {}).get("is_enabled", False)),
        )


def as_command(row: "Command | str | Mapping[str, Any]") -> Command:
    """A command from its name alone, from a manifest's row, or as it is."""
    if isinstance(row, Command):
        return row
    if isinstance(row, str):
        return Command(row)
    return Command(
        command=row["command"],
        description=row.get("description", ""),
        usage_hint=row.get("usage_hint", ""),
        should_escape=bool(row.get("should_escape", False)),
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """Slack's times and counts, in seconds of real time. Tests that must wait may shorten them."""

    ack: float = 3.0
    """How long an app has to acknowledge an event, a command or an interaction."""
    trigger: float = 3.0
    """How long a ``trigger_id`` opens a view."""
    response_url: float = 30 * 60.0
    response_url_uses: int = 5
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    """Pauses before an unacknowledged event is sent again."""
    post_interval: float = 1.0
    """``chat.postMessage``: one a second in each channel …"""
    post_burst: int = 2
    """… and this many may come at once. Slack says "short bursts" and gives no figure; the sandbox
    tolerates one message more than the rate, so that jitter on the wire is not punished and
    anything that relies on bursts is."""
    connections: int = 10
    """Open Socket Mode connections of one app."""
    views_in_stack: int = 3
    history_page: int = 999
    text_kept: int = 40_000
    """``chat.postMessage`` cuts text here and warns ``message_truncated``."""
    text_of_update: int = 4_000
    """``chat.update`` refuses longer text with ``msg_too_long`` (reported, undocumented)."""
    blocks_text: int = 13_200
    """All text of a message's blocks together, else ``msg_blocks_too_long`` (observed)."""
    metadata_bytes: int = 16_000
    view_bytes: int = 250_000
    file_bytes: int = 10 * 1024 * 1024
    """What somebody may put into a ``file_input``."""


REAL = Limits()
