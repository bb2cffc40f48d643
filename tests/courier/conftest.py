"""A courier between a database and the sandbox, with nothing else of the bot around it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import literal, update

from bot import manifest
from bot.courier import Courier, Patience, Probe
from bot.courier.points import nothing
from bot.directory import Directory
from bot.domain.people import Installation
from bot.domain.posts import Kind, Outgoing
from bot.rendering import Renderer
from bot.sandbox import Faults, Message, Sandbox
from bot.sandbox.errors import Json, SlackError
from bot.views.blocks import message, section
from storage.database import Database
from storage.store import Store
from storage.tables import installation, lane
from storage.tables import message as table
from storage.types import Duration
from tests.fixtures.wire import TestCalendar

CHANNEL = "C0MENTORIN"
OTHER = "C0ACMEDEI0"
DAY = timedelta(days=1)


@dataclass
class Trouble(Faults):
    """What goes wrong at Slack, by method; each entry is used up by one call."""

    before: dict[str, list[web.Response]] = field(default_factory=dict)
    """Answered instead of doing it."""
    after: dict[str, list[web.Response]] = field(default_factory=dict)
    """Answered although it was done."""

    async def before_call(self, method: str, args: Mapping[str, Any]) -> web.Response | None:
        waiting = self.before.get(method)
        return waiting.pop(0) if waiting else None

    async def after_call(
        self, method: str, args: Mapping[str, Any], result: Json
    ) -> web.Response | None:
        waiting = self.after.get(method)
        return waiting.pop(0) if waiting else None


@dataclass
class Office:
    """What a test of the courier works with."""

    database: Database
    sandbox: Sandbox
    trouble: Trouble
    directory: Directory
    calendar: TestCalendar
    installation: Installation
    words: dict[int, str] = field(default_factory=dict)
    """What each subject says by now; ``card 7`` if nothing else was written down."""
    couriers: list[Courier] = field(default_factory=list)

    def courier(self, probe: Probe = nothing, **times: Any) -> Courier:
        """A courier at work, as another process would be."""
        renderers = {
            Kind.CARD: Renderer(self._read, _view, lasting=True),
            Kind.PROMPT: Renderer(self._read, _view),
            Kind.COMMITMENT_NOTE: Renderer(self._read, _view),
        }
        made = Courier(
            self.database,
            self.directory,
            self.calendar,
            renderers,
            patience=Patience(**{"pace": 0.0, **times}),
            probe=probe,
        )
        self.couriers.append(made)
        made.start()
        return made

    def _read(self, store: Store, subject: int, now: Any) -> str | None:
        said = self.words.get(subject, f"card {subject}")
        return said or None

    async def post(
        self, subject: int = 7, channel: str = CHANNEL, kind: Kind = Kind.CARD, **more: Any
    ) -> int:
        """Record a post."""
        return await self.database.run(
            lambda store: store.messages.post(
                self.installation.id, channel, kind, subject, now=self.calendar.now(), **more
            )
        )

    async def refresh(self, message_id: int) -> None:
        """Record that a card shows something new."""
        await self.database.run(lambda store: store.messages.refresh(message_id))

    async def at(self, message_id: int) -> Outgoing:
        """How a message stands."""
        return await self.database.read(lambda store: store.messages.by_id(message_id))

    async def time_passes(self, by: timedelta = timedelta(hours=1)) -> None:
        """Leases and rests run out. The database's clock cannot be moved, so they are."""

        def sooner(store: Store) -> None:
            for column in (
                lane.c.due_at,
                lane.c.not_before,
                lane.c.paced_until,
                lane.c.lease_until,
            ):
                store.connection.execute(
                    update(lane).values({column: column - literal(by, Duration())})
                )
            store.connection.execute(
                update(table).values(not_before=table.c.not_before - literal(by, Duration()))
            )

        await self.database.run(sooner)

    def slack_lets_go(self) -> None:
        """What a whole workspace was told to wait is over. That clock cannot be moved either."""
        self.directory._held.clear()

    async def workspace_may_speak(self) -> None:
        """The rest of an installation has run out."""

        def sooner(store: Store) -> None:
            store.connection.execute(
                update(installation).values(
                    not_before=installation.c.not_before - literal(DAY, Duration())
                )
            )

        await self.database.run(sooner)

    def open_channels(self, number: int) -> list[str]:
        """More channels, with the app in them; their ids."""
        world = self.sandbox.world
        like = world.channels[CHANNEL]
        made = []
        for each in range(number):
            channel = replace(like, id=f"C0MORE{each:04}", name=f"more-{each}")
            channel.members = list(like.members)
            world.channels[channel.id] = channel
            made.append(channel.id)
        return made

    def shown(self, channel: str = CHANNEL) -> list[Message]:
        """The app's messages in a channel, oldest first."""
        found = self.sandbox.slack.log(self.sandbox.world.channels[channel])
        return [m for m in found.all() if m.bot_id == self.installation.bot and not m.subtype]

    def said(self, channel: str = CHANNEL) -> list[str]:
        """Their words."""
        return [each.text for each in self.shown(channel)]

    def calls(self, method: str) -> int:
        """How often the sandbox was called."""
        return sum(call.method == method for call in self.sandbox.calls)


def answer(error: SlackError) -> web.Response:
    """What Slack answers instead of doing as asked."""
    return web.json_response(error.body(), status=error.status, headers=error.headers)


def _view(value: str) -> Any:
    if value == "cannot be shown":
        raise TypeError(value)
    return message(value, section(value))


@pytest.fixture
async def office(database: Database, calendar: TestCalendar) -> AsyncIterator[Office]:
    trouble = Trouble()
    timeout = aiohttp.ClientTimeout(total=5)
    async with (
        Sandbox.from_manifest(
            manifest.load(), calendar=calendar, pace=False, faults=trouble
        ) as sandbox,
        aiohttp.ClientSession(timeout=timeout) as session,
    ):
        app = sandbox.world.app
        assert app is not None
        ours = await database.run(
            lambda store: store.installations.remember(
                team=app.team_id,
                enterprise=None,
                app=app.id,
                bot=app.bot_id,
                bot_user=app.bot_user_id,
                name="Acme",
                now=calendar.now(),
            )
        )
        directory = Directory(session, sandbox.api_url)
        directory.add(ours, sandbox.bot_token)
        for channel in (CHANNEL, OTHER):
            sandbox.world.channels[channel].members.append(app.bot_user_id)
        made = Office(database, sandbox, trouble, directory, calendar, ours)
        yield made
        for courier in made.couriers:
            await courier.stop()
