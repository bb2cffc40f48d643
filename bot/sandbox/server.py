"""The sandbox as one server on loopback: the wire that apps use, the page, and the Python API."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from bot.sandbox import events, membership
from bot.sandbox.acts import Acts
from bot.sandbox.clock import Calendar, SystemCalendar
from bot.sandbox.config import REAL, AppConfig, Command, Limits, as_command
from bot.sandbox.delivery import Ack, Deliveries, Kind
from bot.sandbox.errors import Json
from bot.sandbox.faults import Faults
from bot.sandbox.files import PRIVATE, PrivateFiles
from bot.sandbox.http_mode import HttpMode
from bot.sandbox.interactions import Interactions
from bot.sandbox.page_api import PageApi, Stepper
from bot.sandbox.people import Person
from bot.sandbox.responses import Responses
from bot.sandbox.slack import Slack
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.tickets import RealTime
from bot.sandbox.web_api.dispatch import ApiCall, WebApi
from bot.sandbox.world import World, demo_world

_PAGE = Path(__file__).parent / "page"
_BODY_LIMIT = 16 * 1024 * 1024
"""Bytes; the largest file that somebody may choose, as the page sends it."""
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Sandbox:
    """A Slack with several workspaces on this machine.

    ``scopes``, ``events`` and ``commands`` are what the app's manifest grants (or use
    ``Sandbox.from_manifest``). ``calendar`` gives the time of messages and may be moved;
    ``real_time`` (monotonic seconds) measures triggers, response URLs and rates. ``pace=False``
    takes away the limit of one post a second in a channel. ``request_url`` delivers by signed HTTP
    instead of Socket Mode. ``stepper`` moves the calendar for the page's "next day".
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        scopes: Iterable[str] = (),
        events: Iterable[str] = (),
        commands: Iterable[Command | str | Mapping[str, Any]] = (),
        config: AppConfig | None = None,
        calendar: Calendar | None = None,
        stepper: Stepper | None = None,
        request_url: str | None = None,
        pace: bool = True,
        limits: Limits = REAL,
        faults: Faults | None = None,
        real_time: RealTime = time.monotonic,
        page: Path = _PAGE,
    ) -> None:
        self.config = config or AppConfig(
            scopes=frozenset(scopes),
            events=frozenset(events),
            commands=tuple(as_command(command) for command in commands),
        )
        self.world = world or demo_world()
        self.slack = Slack(
            self.world,
            self.config,
            calendar or SystemCalendar(),
            limits=limits,
            pace=pace,
            real_time=real_time,
        )
        self.bot_token = f"xoxb-sandbox-{secrets.token_hex(12)}"
        self.app_token = f"xapp-sandbox-{secrets.token_hex(12)}"
        self.signing_secret = secrets.token_hex(16)
        faults = faults or Faults()
        self._limits = limits
        self.socket = SocketMode(limits, self.slack.app.id)
        self._http: HttpMode | None = None
        self.deliveries = Deliveries(self.slack, self, faults)
        self.slack.emit = self.deliveries.event
        self.interactions = Interactions(self.slack, self.deliveries)
        self.acts = Acts(self.slack, self.interactions)
        self.api = WebApi(self.slack, self.socket, faults, self.bot_token, self.app_token)
        self.responses = Responses(self.slack)
        self.files = PrivateFiles(self.slack, self.api.may, faults)
        self.page = PageApi(self.slack, self.acts, stepper)
        self._page_files = page
        self._runner: web.AppRunner | None = None
        self.url = ""
        if request_url:
            self.use_http(request_url)

    @classmethod
    def from_manifest(
        cls, manifest: Mapping[str, Any], world: World | None = None, **options: Any
    ) -> Self:
        """A sandbox that grants what an app manifest asks for."""
        return cls(world, config=AppConfig.from_manifest(manifest), **options)

    # --- running ----------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        """Serve on 127.0.0.1; port 0 takes any free one. OSError if the port is taken."""
        app = web.Application(middlewares=[_only_loopback], client_max_size=_BODY_LIMIT)
        app.router.add_route("*", "/api/{method}", self.api.serve)
        app.router.add_get("/socket/{ticket}", self._socket)
        app.router.add_post("/response/{key}", self.responses.serve)
        app.router.add_get(f"/{PRIVATE}/{{key}}/{{name}}", self.files.serve)
        app.router.add_get(f"/{PRIVATE}/{{key}}/download/{{name}}", self.files.serve)
        app.router.add_get("/sandbox/state", self.page.state)
        app.router.add_get("/sandbox/changes", self.page.changes)
        app.router.add_post("/sandbox/act", self.page.act)
        app.router.add_get("/", self._index)
        if self._page_files.is_dir():
            app.router.add_static("/page/", self._page_files)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        try:
            await site.start()
        except OSError:
            await self._runner.cleanup()
            raise
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.api.base_url = self.interactions.base_url = self.slack.base_url = self.url

    async def stop(self) -> None:
        """Stop serving; what is under way is dropped."""
        self.page.closing.set()
        await self.deliveries.stop()
        await self.socket.close()
        if self._http:
            await self._http.close()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        if not self.url:
            await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def api_url(self) -> str:
        """What ``SLACK_API_URL`` should be."""
        return f"{self.url}/api/"

    @property
    def page_url(self) -> str:
        """Where people look."""
        return f"{self.url}/"

    def use_http(self, request_url: str) -> None:
        """Deliver to this loopback URL, signed, from now on."""
        self._http = HttpMode(request_url, self.signing_secret, self._limits)

    async def verify_request_url(self) -> bool:
        """Send ``url_verification``, as Slack does when a request URL is entered."""
        if self._http is None:
            raise ValueError("No request URL was given.")
        return await self._http.verify()

    async def deliver(
        self, kind: Kind, payload: Json, retry: int = 0, retry_reason: str = ""
    ) -> Ack:
        """Bring a payload to the app by the way that is set up."""
        way = self._http or self.socket
        return await way.deliver(kind, payload, retry, retry_reason)

    # --- for tests and stories --------------------------------------------------------------------

    def person(self, name: str) -> Person:
        """Somebody to act as, by key, name or id."""
        user = self.world.find_user(name)
        if user.is_bot:
            raise KeyError(f"{name} is an app.")
        return Person(self, user)

    @property
    def calls(self) -> list[ApiCall]:
        """The Web API calls received so far, in order."""
        return self.api.calls

    @property
    def hint(self) -> str | None:
        """What the page suggests to try next."""
        return self.page.hint

    @hint.setter
    def hint(self, sentence: str | None) -> None:
        self.page.hint = sentence
        self.slack.changed()

    async def connected(self, within: float = 10.0) -> None:
        """Wait until the app has a Socket Mode connection; TimeoutError if it takes longer."""
        async with asyncio.timeout(within):
            await self.socket.until_connected()

    async def quiet(self, settle: float = 0.02) -> None:
        """Wait until nothing is under way: no delivery unacknowledged, no call unanswered.

        What an app does on its own between an acknowledgement and its next call cannot be seen
        from here; ``settle`` is how long (seconds) nothing must begin. To wait for something
        certain, use ``until`` or ``Person.waits_to_see``.
        """
        await self.slack.busy.until_idle(settle)

    async def until(self, true: Callable[[], bool], *, within: float = 5.0) -> None:
        """Wait for a condition, looking again whenever something changed or was answered.

        What changes outside the sandbox (in the app, say) is looked at every 50 ms.
        TimeoutError after ``within`` seconds.
        """
        async with asyncio.timeout(within):
            while not true():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(0.05):
                        await self.slack.activity.after(self.slack.activity.version)

    def change_channel_id(self, channel: str, new: str) -> None:
        """Give a channel another id; the app is told by ``channel_id_changed``."""
        membership.change_id(self.slack, self.world.find_channel(channel), new)

    def uninstall(self) -> None:
        """Uninstall the app: its token is dead, and it is told."""
        events.revoked(self.slack)
        self.api.revoked = True

    # --- routes -----------------------------------------------------------------------------------

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if not self.slack.tickets.enter(request.match_info["ticket"]):
            return web.json_response({"ok": False, "error": "invalid_auth"}, status=403)
        return await self.socket.serve(request)

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        index = self._page_files / "index.html"
        if not index.is_file():
            return web.Response(text="The sandbox is running.")
        return web.FileResponse(index, headers={"Cache-Control": "no-cache"})


@web.middleware
async def _only_loopback(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse what a foreign page could send through the visitor's browser."""
    host = request.host.rsplit(":", 1)[0] if request.host else ""
    if host not in _LOOPBACK:
        return web.Response(status=403, text="The sandbox answers to this machine only.")
    origin = request.headers.get("Origin")
    if origin and origin.split("://", 1)[-1].rsplit(":", 1)[0] not in _LOOPBACK:
        return web.Response(status=403, text="The sandbox answers to this machine only.")
    return await handler(request)
