"""Deliveries by Socket Mode: no public address is needed.

By the SDK's client for aiohttp: after a peer that died its client is back in three seconds, where
the built-in one burns a core for a minute. An envelope is acknowledged only if it was handled.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import aiohttp
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
    ) -> None:
        self._app = app
        self._patience = patience
        self._app_token = app_token
        self._web_client = web_client
        self._client: SocketModeClient | None = None
        self._refusing = False
        self._inside = 0
        self._left = asyncio.Event()

    async def open(self) -> None:
        """Connect.

        Raises BotError if Slack refuses the token, since trying again would not help, and if no
        socket opens, since somebody has to allow it.
        """
        client = SocketModeClient(
            self._app_token, web_client=self._web_client, logger=self._app.logger, ping_interval=5
        )
        client.proxy = self._web_client.proxy  # it would look into the environment by itself
        client.socket_mode_request_listeners.append(self._handle)
        self._client = client
        try:
            client.wss_uri = await client.issue_new_wss_url()
        except SlackApiError as error:
            await self.close()
            raise BotError(
                f"Slack refuses SLACK_APP_TOKEN ({error.response.get('error')}). Copy it anew from "
                "the app's settings; it needs connections:write, and Socket Mode turned on."
            ) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            await self.close()
            raise BotError(f"I cannot open a socket to Slack ({type(error).__name__}).") from error
        connect: Callable[[], Awaitable[None]] = client.connect
        try:
            async with asyncio.timeout(self._patience):
                await connect()
        except TimeoutError:
            await self.close()
            raise BotError(
                "Slack answers, but no websocket to it opens. Something between us may forbid "
                "them, a proxy say; allow wss:// to Slack's hosts, or use deliveries by HTTP."
            ) from None

    async def refuse(self) -> None:
        """Take no more envelopes (Slack delivers them again), and wait for those under way."""
        self._refusing = True
        while self._inside:
            self._left.clear()
            await self._left.wait()

    async def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            close: Callable[[], Awaitable[None]] = self._client.close
            await close()

    async def alive(self) -> bool:
        """Whether the connection answers."""
        return self._client is not None and await self._client.is_connected()

    async def _handle(self, client: AsyncBaseSocketModeClient, asked: SocketModeRequest) -> None:
        if self._refusing:
            return
        self._inside += 1
        try:
            start = time.time()
            answer = await run_async_bolt_app(self._app, asked)
            await send_async_response(client, asked, answer, start)
        finally:
            self._inside -= 1
            self._left.set()
