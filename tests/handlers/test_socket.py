"""The socket to Slack, where it does not open."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from io import StringIO

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.app import make_bolt
from bot.directory import Directory
from bot.domain.errors import BotError
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
