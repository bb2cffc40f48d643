"""The state of this Slack: its world, its messages and views, and who may see what."""

import time
from collections.abc import Callable

from bot.sandbox.busy import Busy, Changes
from bot.sandbox.clock import Calendar, Timestamps
from bot.sandbox.config import AppConfig, Limits
from bot.sandbox.errors import Json
from bot.sandbox.messages import Log, Message
from bot.sandbox.tickets import Pace, RealTime, Tickets
from bot.sandbox.views import Views
from bot.sandbox.world import App, Channel, File, User, Workspace, World


class Slack:
    """Everything that this Slack remembers. Other modules act upon it; it knows no wire."""

    def __init__(
        self,
        world: World,
        config: AppConfig,
        calendar: Calendar,
        *,
        limits: Limits,
        pace: bool = True,
        real_time: RealTime = time.monotonic,
    ) -> None:
        self.world = world
        self.config = config
        self.calendar = calendar
        self.limits = limits
        self.real_time = real_time
        self.timestamps = Timestamps(calendar)
        self.tickets = Tickets(limits, real_time)
        self.pace = Pace(limits, real_time, pace)
        self.views = Views(limits)
        self.activity = Changes()
        """Grows with every change and every answer; stories wait on it."""
        self.busy = Busy(self.activity)
        self.changes = Changes()
        self.logs: dict[str, Log] = {}
        self.read_until: dict[tuple[str, str], str] = {}
        self.notices: dict[str, list[str]] = {}
        self.entered: dict[tuple[str, str, str], dict[str, dict[str, Json]]] = {}
        """What a person has chosen in a message's inputs: (user, channel, ts) -> state values."""
        self.files: dict[str, File] = {}
        """What people put into forms, by id."""
        self.base_url = ""
        """Where this Slack is; set by the server."""
        self.emit: Callable[[Json], None] = lambda _envelope: None
        """Sends an event's envelope on its way to the app; set by the server."""

    @property
    def app(self) -> App:
        return self.world.app

    @property
    def bot(self) -> User:
        return self.world.users[self.app.bot_user_id]

    @property
    def home_team(self) -> Workspace:
        """The workspace where the app is installed."""
        return self.world.workspaces[self.app.team_id]

    def changed(self) -> None:
        """Something that the page shows is different now."""
        self.changes.mark()
        self.activity.mark()

    def notice(self, user: User, sentence: str) -> None:
        """Tell a person something the way Slack's client does, beside the conversation."""
        self.notices.setdefault(user.id, []).append(sentence)
        self.changed()

    def log(self, channel: Channel) -> Log:
        return self.logs.setdefault(channel.id, Log())

    def find_message(self, channel: Channel, ts: str | None, user: User) -> Message | None:
        """A message that this person can see in the channel, an ephemeral one of theirs too."""
        log = self.log(channel)
        return log.get(ts) or log.ephemeral(ts, user.id)

    def bot_in(self, channel: Channel) -> bool:
        return self.app.bot_user_id in channel.members

    def channels_of(self, user: User) -> list[Channel]:
        """The conversations that a person has in their sidebar."""
        return [c for c in self.world.channels.values() if user.id in c.members]

    def shares_channel(self, user: User) -> bool:
        """Whether the app and the person are together in some channel (direct messages aside)."""
        return any(
            user.id in channel.members and self.bot_in(channel)
            for channel in self.world.channels.values()
            if not channel.is_im
        )

    def is_external(self, user: User) -> bool:
        return user.team_id != self.app.team_id

    def may_dm(self, user: User) -> bool:
        """Whether the app and a person may write to each other directly."""
        return not user.is_bot and (not self.is_external(user) or self.shares_channel(user))

    def im_with(self, user: User) -> Channel | None:
        """The direct message between the app and a person, if it was ever opened."""
        for channel in self.world.channels.values():
            if channel.is_im and user.id in channel.members:
                return channel
        return None

    def open_im(self, user: User) -> Channel:
        """The direct message between the app and a person, made if there is none."""
        found = self.im_with(user)
        if found:
            return found
        channel = Channel(
            id="D" + user.id[1:],
            name=f"dm-{user.key}",
            teams=list(dict.fromkeys([self.app.team_id, user.team_id])),
            members=[user.id, self.app.bot_user_id],
            is_private=True,
            is_im=True,
            created=int(self.calendar.now().timestamp()),
            creator=self.app.bot_user_id,
        )
        self.world.channels[channel.id] = channel
        self.changed()
        return channel

    def visible_messages(self, channel: Channel, user: User) -> list[Message]:
        """All that a person can see in a channel, replies and own ephemerals too, oldest first."""
        log = self.log(channel)
        mine = [m for m in log.ephemerals if m.ephemeral_to == user.id]
        return sorted([*log.all(), *mine], key=lambda message: message.ts)

    def unread(self, channel: Channel, user: User) -> int:
        """How many top-level messages of others came since the person last read the channel."""
        since = self.read_until.get((user.id, channel.id), "0")
        return sum(
            1
            for message in self.log(channel).after(since)
            if message.user != user.id and (not message.is_reply or message.broadcast)
        )

    def read(self, channel: Channel, user: User) -> None:
        """The person has looked at the channel."""
        latest = self.log(channel).all()
        if latest and self.unread(channel, user):
            self.read_until[user.id, channel.id] = latest[-1].ts
            self.changed()
