"""Deliveries by signed HTTP, and what a load balancer wants to know.

Bolt checks the signature; what would make it stumble (a time that is no number, a signature that
is not ASCII: it answers 500) is refused before it, and so is a body that is too long.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from handlers.health import HealthPages

PATH = "/slack/events"
"""Events, commands and interactions alike."""

LONGEST_BODY = 1024 * 1024
"""Bytes. Slack's deliveries are far shorter."""

_TIME = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)

log = structlog.get_logger(__name__)


class HttpDoor:
    """A server on one port: ``/slack/events``, and what ``handlers.health`` tells."""

    def __init__(self, app: AsyncApp, health: HealthPages, *, host: str, port: int) -> None:
        self.counted: Counter[str] = Counter()
        self._app = app
        self._health = health
        self._host = host
        self._port = port
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._inside = 0
        self._left = asyncio.Event()
        self.address: str | None = None

    async def open(self) -> None:
        """Listen; raises OSError if the port is taken."""
        routes = web.Application(client_max_size=LONGEST_BODY)
        routes.router.add_post(PATH, self._deliver)
        self._health.add_to(routes)
        self._runner = web.AppRunner(routes, access_log=None, handle_signals=False)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, self._host, self._port)
        await self._site.start()
        port = self._runner.addresses[0][1]
        host = f"[{self._host}]" if ":" in self._host else self._host
        self.address = f"http://{host}:{port}"

    async def refuse(self) -> None:
        """Take no new connection, and wait for the deliveries under way."""
        if self._site is not None:
            await self._site.stop()
            self._site = None
        while self._inside:
            self._left.clear()
            await self._left.wait()

    async def close(self) -> None:
        """Close what is still open."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def alive(self) -> bool:
        """Whether it takes deliveries."""
        return self._site is not None

    def figures(self) -> Mapping[str, float]:
        """For whoever watches: what came in."""
        return dict(self.counted)

    async def _deliver(self, request: web.Request) -> web.StreamResponse:
        if self._site is None:
            return web.json_response({"error": "stopping"}, status=503)
        self.counted["deliveries"] += 1
        self._inside += 1
        try:
            answer = await self._dispatch(request, await request.read())
            if answer.status >= 400:
                self.counted["not_signed" if answer.status == 401 else "not_taken"] += 1
            return answer
        finally:
            self._inside -= 1
            self._left.set()

    async def _dispatch(self, request: web.Request, body: bytes) -> web.StreamResponse:
        headers = request.headers
        if not (
            _well_formed(headers.getall("X-Slack-Request-Timestamp", []), _TIME)
            and _well_formed(headers.getall("X-Slack-Signature", []), _SIGNATURE)
        ):
            if b"ssl_check=1" in body.split(b"&"):  # unsigned: Slack looks at our certificate
                return web.Response()
            return web.json_response({"error": "invalid request"}, status=401)
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return web.json_response({"error": "invalid request"}, status=401)
        asked = AsyncBoltRequest(body=text, query=request.query_string, headers=dict(headers))
        return await to_aiohttp_response(await self._app.async_dispatch(asked))


def _well_formed(values: list[str], pattern: re.Pattern[str]) -> bool:
    """Whether a header is there once and has the form that Slack gives it."""
    return len(values) == 1 and pattern.fullmatch(values[0]) is not None
