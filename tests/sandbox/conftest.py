"""A sandbox on a free port, clients for its wire, and a small Bolt app that answers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Command, Sandbox

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "metadata.message:read",
    "reactions:read",
    "reactions:write",
    "team:read",
    "users:read",
)
EVENTS = (
    "app_home_opened",
    "app_mention",
    "channel_id_changed",
    "channel_rename",
    "group_deleted",
    "channel_archive",
    "channel_left",
    "channel_unarchive",
    "channel_unshared",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
)
PARTNER = Command("/partner", "Work together", "commit …", should_escape=True)


class HandClock:
    """A calendar that moves when told to."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


class HandTime:
    """Real time, by hand: seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


Make = Callable[..., Awaitable[Sandbox]]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    """Starts sandboxes of one's own, and stops them."""
    running: list[Sandbox] = []

    async def start(**options: Any) -> Sandbox:
        options.setdefault("scopes", SCOPES)
        options.setdefault("events", EVENTS)
        options.setdefault("commands", [PARTNER])
        options.setdefault("calendar", HandClock())
        options.setdefault("pace", False)
        sandbox = Sandbox(**options)
        await sandbox.start()
        running.append(sandbox)
        return sandbox

    yield start
    for sandbox in running:
        await sandbox.stop()


@pytest.fixture
async def sandbox(make: Make, clock: HandClock) -> Sandbox:
    """The demo's world, with the app in the shared channel."""
    world_sandbox = await make(calendar=clock)
    await world_sandbox.person("dana").invites_app("mentoring-partners")
    return world_sandbox


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as open_session:
        yield open_session


@pytest.fixture
def client(sandbox: Sandbox, session: aiohttp.ClientSession) -> AsyncWebClient:
    return client_of(sandbox, session)


def client_of(sandbox: Sandbox, session: aiohttp.ClientSession) -> AsyncWebClient:
    """slack_sdk's own client, with the app's token."""
    return AsyncWebClient(
        token=sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[]
    )


class Bot:
    """A Bolt app on Socket Mode that keeps what it hears and answers as a test tells it to."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.client = client_of(sandbox, session)
        self.app = AsyncApp(
            client=self.client,
            signing_secret=sandbox.signing_secret,
            process_before_response=True,
            ignoring_self_events_enabled=False,
        )
        self.heard: list[dict[str, Any]] = []
        self.app.event("message")(self._hear)
        for name in EVENTS:
            if not name.startswith("message."):
                self.app.event(name)(self._hear)
        self.handler = AsyncSocketModeHandler(self.app, sandbox.app_token)
        self.handler.client.ping_interval = 60
        # Bolt's handler is not typed.
        self.connect: Callable[[], Awaitable[None]] = self.handler.connect_async
        self.close: Callable[[], Awaitable[None]] = self.handler.close_async

    async def _hear(self, body: dict[str, Any]) -> None:
        self.heard.append(body)

    def events(self, kind: str, subtype: str | None = None) -> list[dict[str, Any]]:
        """The events of a kind heard so far (only the inner part)."""
        return [
            body["event"]
            for body in self.heard
            if body["event"]["type"] == kind and body["event"].get("subtype") == subtype
        ]

    async def hears(self, kind: str, subtype: str | None = None, count: int = 1) -> dict[str, Any]:
        """Wait for the nth event of a kind; returns it."""
        await self.sandbox.until(lambda: len(self.events(kind, subtype)) >= count)
        return self.events(kind, subtype)[count - 1]


@pytest.fixture
async def bot(sandbox: Sandbox, session: aiohttp.ClientSession) -> AsyncIterator[Bot]:
    """The Bolt app, connected."""
    app = Bot(sandbox, session)
    await app.connect()
    await sandbox.connected()
    yield app
    await app.close()
