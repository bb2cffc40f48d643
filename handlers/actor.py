"""Who acted, and where. The only place that reads identity from a payload.

Never ``context.actor_*``: for a partner's button Bolt says the host's team. A user id comes
with a hint of its team only; what the person belongs to is asked of the directory.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Actor:
    """Ids out of a verified payload."""

    team: str | None
    """The workspace where the app is installed and that the delivery was for."""
    enterprise: str | None
    """Only for installations of a whole enterprise, where there is no team."""
    user: str
    channel: str | None


def of_command(body: Payload) -> Actor:
    """A slash command works only in the workspace that installed the app: its team is that."""
    return Actor(
        team=body.get("team_id"),
        enterprise=body.get("enterprise_id"),
        user=body["user_id"],
        channel=body.get("channel_id"),
    )


def of_interaction(body: Payload) -> Actor:
    """A button, select or modal.

    A modal that a partner sends carries the partner's team and the installing one in
    ``view.app_installed_team_id``; everything else carries the installing one as ``team``.
    """
    team = body.get("team") or {}
    view = body.get("view") or {}
    channel = body.get("channel") or {}
    container = body.get("container") or {}
    return Actor(
        team=view.get("app_installed_team_id") or team.get("id"),
        enterprise=(body.get("enterprise") or {}).get("id"),
        user=body["user"]["id"],
        channel=channel.get("id") or container.get("channel_id"),
    )


def of_event(body: Payload) -> Actor:
    """An event: ``authorizations`` names the one installation that it was delivered for."""
    event = body["event"]
    allowed = (body.get("authorizations") or [{}])[0]
    return Actor(
        team=allowed.get("team_id") or body.get("team_id"),
        enterprise=allowed.get("enterprise_id"),
        user=_user(event),
        channel=_channel(event),
    )


def _user(event: Payload) -> str:
    """Who did it; empty for events that nobody did."""
    inner = event.get("message") or event.get("previous_message") or {}
    user = event.get("user") or inner.get("user") or ""
    return user["id"] if isinstance(user, Mapping) else str(user)


def _channel(event: Payload) -> str | None:
    channel = event.get("channel") or (event.get("item") or {}).get("channel")
    return channel.get("id") if isinstance(channel, Mapping) else channel
