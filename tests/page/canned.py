"""A server for the page alone: it serves the gallery and remembers what the page asked for."""

import asyncio
import copy
import json
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from tests.page.gallery import BO, Json, gallery

PAGE = Path(__file__).parents[2] / "bot" / "sandbox" / "page"
Answer = Callable[[Json], Json | None]


class Canned:
    """Serves one state a person; ``acts`` is what the page did, ``answer`` may react to an act."""

    def __init__(self) -> None:
        self.states: dict[str, Json] = {}
        self.acts: list[Json] = []
        self.asked: list[str] = []
        self.answer: Answer = lambda _act: None
        self.version = 1
        self.url = ""
        self._changes: list[asyncio.Queue[int | None]] = []
        self._runner: web.AppRunner | None = None
        self._port = 0

    def state(self, person: str = BO) -> Json:
        """The state that this person's page gets; change it, then call ``change``."""
        return self.states.setdefault(person, gallery(person))

    async def start(self) -> None:
        """Serve on a free port of this machine, or again on the port of before."""
        app = web.Application()
        app.router.add_get("/", self._index)
        app.router.add_static("/page/", PAGE)
        app.router.add_get("/sandbox/state", self._state)
        app.router.add_post("/sandbox/act", self._act)
        app.router.add_get("/sandbox/changes", self._stream)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        for queue in self._changes:
            queue.put_nowait(None)
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def fresh(self) -> None:
        """Forget everything, for the next test."""
        self.states.clear()
        self.acts.clear()
        self.asked.clear()
        self.answer = lambda _act: None
        self.version += 1

    def change(self) -> int:
        """Say that something changed; returns the version that the page will show."""
        self.version += 1
        for queue in self._changes:
            queue.put_nowait(self.version)
        return self.version

    async def _index(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / "index.html")

    async def _state(self, request: web.Request) -> web.Response:
        person = request.query.get("as", BO)
        self.asked.append(person)
        return web.json_response({**self.state(person), "version": self.version})

    async def _act(self, request: web.Request) -> web.Response:
        act: Json = await request.json()
        self.acts.append(copy.deepcopy(act))
        answer = self.answer(act)
        return web.json_response(answer if answer is not None else {"ok": True})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        queue: asyncio.Queue[int | None] = asyncio.Queue()
        self._changes.append(queue)
        try:
            while (version := await queue.get()) is not None:
                data = json.dumps({"version": version})
                await response.write(f"data: {data}\n\n".encode())
        except ConnectionResetError:
            pass  # the page went away
        finally:
            self._changes.remove(queue)
        return response
