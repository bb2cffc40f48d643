"""Deliveries by Socket Mode: no public address is needed.

By the SDK's client for aiohttp: after a peer that died its client is back in three seconds, where
the built-in one burns a core for a minute. An envelope is acknowledged only if it was handled.

A connection can be dead without being closed: nothing comes any more, and nobody says so. The
client answers for that itself; a watchdog of our own looks after the client, and replaces it when
nothing was heard for too long.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import BotError

PATIENCE = 20.0
"""Seconds in which the first connection has to stand; the SDK alone would try without end."""

DEAF = 45.0
"""Seconds without a word or a pong after which the connection is taken for dead. The client pings
every five seconds and gives up after twenty by itself."""

PING = 5.0
_GOODBYE = 2.0  # seconds that a peer has to say goodbye

log = structlog.get_logger(__name__)


class SocketDoor:
    """One connection to Slack, opened again whenever it is lost."""

    address: str | None = None

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        web_client: AsyncWebClient,
        *,
        patience: float = PATIENCE,
        deaf: float = DEAF,
        ping: float = PING,
        client: type[SocketModeClient] = SocketModeClient,
    ) -> None:
        """``patience`` and ``deaf`` (seconds) and ``client`` are for tests to change."""
        self.counted: Counter[str] = Counter()
        self._app = app
        self._patience = patience
        self._deaf = deaf
        self._ping = ping
        self._class = client
        self._app_token = app_token
        self._web_client = web_client
        self._client: SocketModeClient | None = None
        self._refusing = False
        self._inside = 0
        self._left = asyncio.Event()
        self._heard_at = 0.0
        self._pong: float | None = None
        self._watching: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect.

        Raises BotError if Slack refuses the token, since trying again would not help, and if no
        socket opens, since somebody has to allow it.
        """
        client = self._client = self._make()
        try:
            await self._connect(client)
        except SlackApiError as error:
            await self.close()
            raise BotError(
                f"Slack refuses SLACK_APP_TOKEN ({error.response.get('error')}). Copy it anew from "
                "the app's settings; it needs connections:write, and Socket Mode turned on."
            ) from error
        except _NoSocket:
            await self.close()
            raise BotError(
                "Slack answers, but no websocket to it opens. Something between us may forbid "
                "them, a proxy say; allow wss:// to Slack's hosts, or use deliveries by HTTP."
            ) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            await self.close()
            raise BotError(f"I cannot open a socket to Slack ({type(error).__name__}).") from error
        self._heard()
        self._watching = asyncio.create_task(self._watch(), name="socket_watchdog")

    def _make(self) -> SocketModeClient:
        client = self._class(
            self._app_token,
            web_client=self._web_client,
            logger=self._app.logger,
            ping_interval=self._ping,
        )
        client.proxy = self._web_client.proxy  # it would look into the environment by itself
        client.socket_mode_request_listeners.append(self._handle)
        client.on_message_listeners.append(self._spoken)
        return client

    async def _connect(self, client: SocketModeClient) -> None:
        client.wss_uri = await client.issue_new_wss_url()
        connect: Callable[[], Awaitable[None]] = client.connect
        try:
            async with asyncio.timeout(self._patience):
                await connect()
        except TimeoutError:
            raise _NoSocket from None

    # The watchdog

    @property
    def silence(self) -> float:
        """Seconds since anything was heard from Slack, a pong at least."""
        return time.monotonic() - self._heard_at

    def figures(self) -> Mapping[str, float]:
        """For whoever watches: how long nothing was heard, and what was counted."""
        return {"silence_seconds": self.silence, **self.counted}

    def _heard(self) -> None:
        self._heard_at = time.monotonic()

    async def _spoken(self, _message: aiohttp.WSMessage) -> None:
        self._heard()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._deaf / 10)
            pong = None if self._client is None else self._client.last_ping_pong_time
            if None not in {pong, self._pong} and pong != self._pong:
                self._heard()  # from nothing to something the client goes by itself
            self._pong = pong
            if self.silence > self._deaf:
                await self._replace()

    async def _replace(self) -> None:
        """The connection is deaf, whatever its client thinks: make another."""
        self.counted["deaf"] += 1
        log.warning("socket_deaf", silent_seconds=round(self.silence))
        made = self._make()
        try:
            await self._connect(made)
        except Exception as error:  # the next look tries again
            log.warning("socket_not_reopened", error=type(error).__name__)
            self.counted["not_reopened"] += 1
            await _end(made)
            return
        old, self._client = self._client, made
        self._pong = None
        self._heard()
        self.counted["reopened"] += 1
        log.info("socket_reopened")
        if old is not None:
            await _end(old)

    async def refuse(self) -> None:
        """Take no more envelopes (Slack delivers them again), and wait for those under way."""
        self._refusing = True
        while self._inside:
            self._left.clear()
            await self._left.wait()

    async def close(self) -> None:
        """Close the connection."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching
            self._watching = None
        if self._client is not None:
            await _end(self._client)

    async def alive(self) -> bool:
        """Whether the connection answers."""
        return (
            self._client is not None
            and self.silence <= self._deaf
            and await self._client.is_connected()
        )

    async def _handle(self, client: AsyncBaseSocketModeClient, asked: SocketModeRequest) -> None:
        if self._refusing:
            return
        self.counted["deliveries"] += 1
        self._inside += 1
        try:
            start = time.time()
            answer = await run_async_bolt_app(self._app, asked)
            await send_async_response(client, asked, answer, start)
        finally:
            self._inside -= 1
            self._left.set()


class _NoSocket(Exception):
    """Slack answered, and no websocket opened in time."""


async def _end(client: SocketModeClient) -> None:
    """Close a client that may be half dead: not for ever, and whatever it says."""
    close: Callable[[], Awaitable[None]] = client.close
    try:
        with suppress(Exception):
            async with asyncio.timeout(_GOODBYE):
                await close()
    finally:  # where the peer did not say goodbye, the client has left these as they were
        for task in (
            client.message_processor,
            client.current_session_monitor,
            client.message_receiver,
        ):
            if task is not None:
                task.cancel()
        await client.aiohttp_client_session.close()
