"""Who and what exists in the sandbox: workspaces, people, guests, channels, and the one app.

A world is plain data with a few builders, so that other bots can be given their own. The app is
installed in one workspace (``home``); everybody else is seen from there, as in Slack.
"""

import re
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

Guest = Literal["multi", "single"]

_COLORS = ("4bbe2e", "e7392d", "3c989f", "674b1b", "9f69e7", "d1707d", "235e5b", "a2a5dc")
CREATED = 1_760_000_000  # unix seconds; when everything in a fresh world was made


@dataclass(frozen=True, slots=True)
class Workspace:
    """One Slack team."""

    id: str
    key: str
    name: str
    domain: str


@dataclass(slots=True)
class User:
    """A person, a guest, or the app's bot user, with the workspace that the account belongs to."""

    id: str
    key: str
    name: str
    team_id: str
    organization: str
    zone: str
    color: str
    guest: Guest | None = None
    bot_id: str | None = None
    email: str | None = None
    deleted: bool = False

    @property
    def is_bot(self) -> bool:
        return self.bot_id is not None

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in words[:2]).upper()

    @property
    def username(self) -> str:
        """The handle that commands and interactions carry: lower case, no blanks."""
        return re.sub(r"[^a-z0-9._-]+", "_", self.name.lower())


@dataclass(slots=True)
class Channel:
    """A channel or a direct message with the app. ``teams[0]`` is the workspace that hosts it."""

    id: str
    name: str
    teams: list[str]
    members: list[str]
    is_private: bool = False
    archived: bool = False
    creator: str = ""
    created: int = CREATED
    is_im: bool = False
    purpose: str = ""

    @property
    def is_ext_shared(self) -> bool:
        return len(self.teams) > 1 and not self.is_im

    @property
    def kind(self) -> Literal["channel", "group", "im"]:
        """Slack's ``channel_type``."""
        if self.is_im:
            return "im"
        return "group" if self.is_private else "channel"


@dataclass(frozen=True, slots=True)
class File:
    """What somebody put into a form; ``team`` is the workspace of their account."""

    id: str
    name: str
    user: str
    team: str
    data: bytes
    created: int


@dataclass(frozen=True, slots=True)
class App:
    """The one installed app."""

    id: str
    name: str
    bot_id: str
    bot_user_id: str
    team_id: str


def _token(text: str, length: int) -> str:
    letters = re.sub(r"[^A-Z0-9]", "", text.upper())
    return (letters + "0" * length)[:length]


@dataclass(slots=True)
class World:
    """Everything that exists at the start; the sandbox changes it as people act."""

    app_name: str = "Common Ground"
    workspaces: dict[str, Workspace] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    app: App = field(init=False, default=App("", "", "", "", ""))

    def workspace(self, key: str, name: str) -> Workspace:
        """Add a workspace; the first one is where the app is installed."""
        team = Workspace(f"T0{_token(key, 8)}", key, name, key)
        self._unused(team.id, self.workspaces)
        self.workspaces[team.id] = team
        if not self.app.id:
            token = _token(self.app_name, 8)
            self.app = App(f"A0{token}", self.app_name, f"B0{token}", f"U0{token}", team.id)
            self.users[self.app.bot_user_id] = User(
                id=self.app.bot_user_id,
                key="app",
                name=self.app_name,
                team_id=team.id,
                organization="",
                zone="America/Los_Angeles",
                color="5b5bd6",
                bot_id=self.app.bot_id,
            )
        return team

    def person(
        self,
        key: str,
        name: str,
        workspace: Workspace,
        *,
        zone: str = "America/New_York",
        organization: str | None = None,
        guest: Guest | None = None,
    ) -> User:
        """Add somebody to a workspace, in full or as a guest of one or several channels."""
        ZoneInfo(zone)  # an unknown zone is a mistake of the one who builds the world
        user = User(
            id=f"U0{_token(key, 8)}",
            key=key,
            name=name,
            team_id=workspace.id,
            organization=organization or workspace.name,
            zone=zone,
            color=_COLORS[len(self.users) % len(_COLORS)],
            guest=guest,
            email=f"{key}@{workspace.domain}.example",
        )
        self._unused(user.id, self.users)
        self.users[user.id] = user
        return user

    def channel(
        self,
        name: str,
        members: list[User],
        *,
        host: Workspace,
        shared_with: tuple[Workspace, ...] = (),
        private: bool = False,
        bot: bool = False,
    ) -> Channel:
        """Add a channel. Sharing it with other workspaces makes it a Slack Connect channel."""
        ids = [user.id for user in members]
        if bot:
            ids.append(self.app.bot_user_id)
        channel = Channel(
            id=f"C0{_token(name, 8)}",
            name=name,
            teams=[host.id, *(team.id for team in shared_with)],
            members=ids,
            is_private=private,
            creator=ids[0] if ids else "",
        )
        self._unused(channel.id, self.channels)
        self.channels[channel.id] = channel
        return channel

    def find_user(self, name: str) -> User:
        """A user by id, key or name; KeyError if there is none."""
        if name in self.users:
            return self.users[name]
        wanted = name.lower().removeprefix("@")
        for user in self.users.values():
            if wanted in (user.key, user.name.lower()):
                return user
        raise KeyError(f"Nobody in this world is called {name!r}.")

    def find_channel(self, name: str) -> Channel:
        """A channel by id or name (with or without ``#``); KeyError if there is none."""
        if name in self.channels:
            return self.channels[name]
        wanted = name.removeprefix("#")
        for channel in self.channels.values():
            if channel.name == wanted and not channel.is_im:
                return channel
        raise KeyError(f"No channel in this world is called {name!r}.")

    def kind_of(self, user: User) -> Literal["member", "external", "guest", "app"]:
        """How the workspace where the app is installed sees somebody."""
        if user.is_bot:
            return "app"
        if user.team_id != self.app.team_id:
            return "external"
        return "guest" if user.guest else "member"

    @staticmethod
    def _unused(key: str, taken: object) -> None:
        if isinstance(taken, dict) and key in taken:
            raise ValueError(f"Two things in this world would have the id {key}.")


def demo_world() -> World:
    """The story's world: Acme runs the app; Northside Youth shares a channel; Harbor are guests."""
    world = World(app_name="Common Ground")
    acme = world.workspace("acme", "Acme")
    northside = world.workspace("northside", "Northside Youth")
    dana = world.person("dana", "Dana", acme)
    priya = world.person("priya", "Priya", acme)
    bo = world.person("bo", "Bo", northside, zone="America/Chicago")
    amina = world.person("amina", "Amina", northside, zone="America/Chicago")
    harbor = "Harbor Women in Media"
    hui = world.person("hui", "Hui", acme, organization=harbor, guest="multi")
    mara = world.person("mara", "Mara", acme, organization=harbor, guest="single")
    world.channel(
        "mentoring-partners",
        [dana, priya, bo, amina, hui, mara],
        host=acme,
        shared_with=(northside,),
    )
    world.channel("acme-dei", [dana, priya], host=acme, private=True)
    return world
