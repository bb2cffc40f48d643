"""Bare apps for the wire: a websocket that acknowledges or keeps silent, and an HTTP endpoint."""

import asyncio
import json
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from bot.sandbox import Sandbox

Json = dict[str, Any]


class Listener:
    """A Socket Mode connection by hand. ``answers`` go by envelope type or payload type."""

    def __init__(
        self, sandbox: Sandbox, session: aiohttp.ClientSession, *, acks: bool = True
    ) -> None:
        self._sandbox = sandbox
        self._session = session
        self._acks = acks
        self.answers: dict[str, Json] = {}
        self.envelopes: list[Json] = []
        self.hello: Json = {}
        self.last: Json = {}
        self.ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def payloads(self) -> list[Json]:
        return [envelope["payload"] for envelope in self.envelopes]

    async def __aenter__(self) -> Self:
        headers = {"Authorization": f"Bearer {self._sandbox.app_token}"}
        url = self._sandbox.api_url + "apps.connections.open"
        async with self._session.post(url, headers=headers) as answer:
            address = (await answer.json())["url"]
        self._socket = await self._session.ws_connect(address)
        self.hello = self.last = await self._socket.receive_json()
        self._task = asyncio.create_task(self._listen())
        return self

    async def _listen(self) -> None:
        async for message in self._socket:
            body = json.loads(message.data)
            self.last = body
            if "envelope_id" not in body:
                continue
            self.envelopes.append(body)
            if self._acks:
                kind = body["payload"].get("type", "")
                answer = self.answers.get(kind) or self.answers.get(body["type"])
                ack = {"envelope_id": body["envelope_id"]} | ({"payload": answer} if answer else {})
                await self._socket.send_json(ack)
        self.ended.set()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._socket.close()
        if self._task:
            await self._task


class HttpApp:
    """An HTTP endpoint that keeps what it gets and answers as told."""

    def __init__(self, *, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self._status = status
        self._headers = headers or {}
        self.answer = ""
        self.requests: list[tuple[str, dict[str, str]]] = []

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/slack/events", self._serve)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/slack/events"
        return self

    async def _serve(self, request: web.Request) -> web.Response:
        text = await request.text()
        self.requests.append((text, dict(request.headers)))
        if text.startswith("{") and json.loads(text)["type"] == "url_verification":
            return web.json_response({"challenge": json.loads(text)["challenge"]})
        return web.Response(
            status=self._status,
            headers=self._headers,
            text=self.answer,
            content_type="application/json" if self.answer else "text/plain",
        )

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()
