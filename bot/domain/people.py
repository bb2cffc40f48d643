"""Persons, members and organizations.

A *person* is what Slack says of somebody; a *member* is what we remember of them. Both are keyed
by (team, user): a user id alone is unique only inside its own workspace
(https://docs.slack.dev/reference/objects/user-object). The team is the enterprise id (``E…``)
where there is one, else the workspace's (``T…``).
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How somebody takes part in Slack."""

    FULL = "full"
    GUEST = "guest"  # is_restricted or is_ultra_restricted: of no organization that Slack knows
    BOT = "bot"
    GONE = "gone"  # deactivated


@dataclass(frozen=True, slots=True)
class Person:
    """What Slack says of somebody, freshly enough."""

    team: str
    user: str
    name: str
    kind: Kind = Kind.FULL
    zone: str | None = None
    """IANA name; None where Slack does not tell (it may not for people of other workspaces)."""
    team_name: str | None = None
    """The workspace's own name, which becomes the organization's name; None if unknown."""

    @property
    def is_bot(self) -> bool:
        return self.kind is Kind.BOT


@dataclass(frozen=True, slots=True)
class Organization:
    """A partner."""

    id: int
    name: str
    team: str | None
    """The Slack team it was met as; None for one that only has guests."""
    zone: str | None = None
    host: bool = False
    """Whether it runs the app."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody we have met."""

    id: int
    team: str
    user: str
    name: str
    kind: Kind
    organization: Organization | None
    """None for a guest who has not yet said which organization they are with."""
    zone: str | None = None

    @property
    def mention(self) -> str:
        """Slack's own form, which shows the name that the person chose."""
        return f"<@{self.user}>"


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the app is installed: one workspace (or, on Grid, one enterprise)."""

    id: int
    team: str
    enterprise: str | None
    app: str
    bot: str
    """The bot's own id (``B…``)."""
    bot_user: str
    name: str
