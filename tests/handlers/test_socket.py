"""The socket to Slack, where it does not open, and where it is dead without being closed."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from structlog.testing import capture_logs

from bot.app import make_bolt
from bot.directory import Directory
from bot.domain.errors import BotError
from bot.sandbox import Faults, Sandbox
from bot.settings import Settings
from handlers.socket import SocketDoor

TICKET = "9f2c-secret"


@dataclass
class Walled:
    """A Slack whose Web API answers, and whose sockets somebody in between forbids."""

    url: str = ""
    tried: list[str] = field(default_factory=list)

    async def api(self, _request: web.Request) -> web.Response:
        link = self.url.replace("http://", "ws://")
        return web.json_response({"ok": True, "url": f"{link}link?ticket={TICKET}&app_id=A1"})

    async def link(self, request: web.Request) -> web.Response:
        self.tried.append(request.query["ticket"])
        return web.Response(status=403)


@pytest.fixture
async def walled() -> AsyncIterator[Walled]:
    made = Walled()
    routes = web.Application()
    routes.router.add_post("/api/apps.connections.open", made.api)
    routes.router.add_get("/link", made.link)
    async with TestServer(routes) as server:
        made.url = str(server.make_url("/"))
        yield made


async def test_where_websockets_are_forbidden_it_says_so_and_tells_no_ticket(
    walled: Walled,
) -> None:
    async with aiohttp.ClientSession() as session:
        directory = Directory(session, f"{walled.url}api/")
        bolt = make_bolt(Settings.model_validate({}), directory)
        said = StringIO()
        handler = logging.StreamHandler(said)
        bolt.logger.addHandler(handler)
        try:
            door = SocketDoor(bolt, "xapp-1", directory.connect(None), patience=3)
            with pytest.raises(BotError, match="no websocket to it opens"):
                await door.open()
        finally:
            bolt.logger.removeHandler(handler)
    assert walled.tried == [TICKET]
    assert "403" in said.getvalue()
    assert TICKET not in said.getvalue()


class Trusting(SocketModeClient):
    """A client that never notices that its connection is dead."""

    async def monitor_current_session(self) -> None:
        while not self.closed:
            await asyncio.sleep(0.05)
            assert self.current_session is not None
            await self.current_session.ping(f"sdk-ping-pong:{time.time()}".encode())


@asynccontextmanager
async def listening(
    sandbox: Sandbox, client: type[SocketModeClient] = Trusting
) -> AsyncIterator[SocketDoor]:
    """A door with nobody behind it."""
    async with aiohttp.ClientSession() as session:
        directory = Directory(session, sandbox.api_url)
        bolt = make_bolt(Settings.model_validate({}), directory)
        # The client's own heartbeat is far slower than the watchdog.
        door = SocketDoor(
            bolt, sandbox.app_token, directory.connect(None), deaf=1.0, ping=60, client=client
        )
        await door.open()
        try:
            yield door
        finally:
            await door.close()


async def test_a_socket_that_went_deaf_without_closing_is_replaced(sandbox: Sandbox) -> None:
    async with listening(sandbox) as door:
        sandbox.socket.fall_silent()
        assert await door.alive()  # nothing has been noticed yet
        assert sandbox.socket.connected == 0
        with capture_logs() as logged:
            await sandbox.until(lambda: door.counted["reopened"] == 1, within=20)
        assert [each["event"] for each in logged] == ["socket_deaf", "socket_reopened"]
        assert await door.alive()
        assert sandbox.socket.connected == 1


async def test_a_deaf_socket_is_not_taken_for_connected(sandbox: Sandbox) -> None:
    async with listening(sandbox) as door:
        sandbox.api.faults = Closed()
        sandbox.socket.fall_silent()
        await sandbox.until(lambda: door.counted["not_reopened"] >= 2, within=20)
        assert not await door.alive()
        assert door.figures()["silence_seconds"] > 1.0
        sandbox.api.faults = Faults()
        await sandbox.until(lambda: door.counted["reopened"] == 1, within=20)
        assert await door.alive()


async def test_a_socket_that_answers_is_left_alone(sandbox: Sandbox) -> None:
    async with listening(sandbox) as door:
        start = time.monotonic()
        await sandbox.until(lambda: time.monotonic() - start > 2.5, within=20)
        assert door.counted["deaf"] == 0
        assert await door.alive()


class Closed(Faults):
    """Slack opens no socket."""

    async def before_call(self, method: str, args: Mapping[str, Any]) -> web.Response | None:
        return web.json_response({"ok": False, "error": "internal_error"})
