"""Socket Mode: websockets that apps open; one of them gets each payload and acknowledges it."""

import asyncio
import json
import secrets
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.config import Limits
from bot.sandbox.delivery import Ack, Kind
from bot.sandbox.errors import Json

_DEBUG_SECONDS = 360
"""How long a connection lives when the app asks for ``debug_reconnects``."""
_USUAL_SECONDS = 18_060


class Connection:
    """One websocket of the app."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.socket = socket
        self.transport = transport
        self.waiting: dict[str, asyncio.Future[Json | None]] = {}

    async def ask(self, envelope: Json) -> Json | None:
        """Send an envelope and wait for its acknowledgement; ConnectionError if the socket dies."""
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self.waiting[envelope["envelope_id"]] = answer
        try:
            await self.socket.send_str(json.dumps(envelope))
            return await answer
        finally:
            self.waiting.pop(envelope["envelope_id"], None)

    def heard(self, text: str) -> None:
        """Take an acknowledgement; what is no acknowledgement is ignored, as by Slack."""
        try:
            message = json.loads(text)
        except ValueError:
            return
        if not isinstance(message, dict):
            return
        answer = self.waiting.get(str(message.get("envelope_id")))
        if answer and not answer.done():
            payload = message.get("payload")
            answer.set_result(payload if isinstance(payload, dict) and payload else None)

    def lost(self) -> None:
        for answer in self.waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionError("the socket was closed"))


class SocketMode:
    """All open connections; each payload goes to one of them, in turn."""

    def __init__(self, limits: Limits, app_id: str) -> None:
        self._limits = limits
        self._app_id = app_id
        self._connections: list[Connection] = []
        self._turn = 0
        self._arrived = asyncio.Event()

    @property
    def connected(self) -> int:
        """How many connections are open."""
        return len(self._connections)

    async def until_connected(self) -> None:
        """Wait for the app's first connection."""
        await self._arrived.wait()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from its hello to its end; the caller has checked the ticket."""
        socket = web.WebSocketResponse(heartbeat=30.0)
        await socket.prepare(request)
        if len(self._connections) >= self._limits.connections:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        connection = Connection(socket, request.transport)
        debug = request.query.get("debug_reconnects") == "true"
        lifetime = _DEBUG_SECONDS if debug else _USUAL_SECONDS
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._connections) + 1,
                "debug_info": {
                    "host": "sandbox",
                    "build_number": 1,
                    "approximate_connection_time": lifetime,
                },
                "connection_info": {"app_id": self._app_id},
            }
        )
        self._connections.append(connection)
        self._arrived.set()
        timer = asyncio.get_running_loop().call_later(
            lifetime, lambda: asyncio.ensure_future(_refresh(connection, "refresh_requested"))
        )
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    connection.heard(message.data)
        finally:
            timer.cancel()
            self._forget(connection)
        return socket

    def _forget(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        connection.lost()
        if not self._connections:
            self._arrived.clear()

    async def deliver(
        self, kind: Kind, payload: Json, retry: int = 0, retry_reason: str = ""
    ) -> Ack:
        """Send to one connection; failed if there is none, or no acknowledgement comes in time."""
        if not self._connections:
            return Ack(False, reason="connection_failed")
        connection = self._connections[self._turn % len(self._connections)]
        self._turn += 1
        envelope: dict[str, Any] = {
            "envelope_id": _envelope_id(),
            "type": kind,
            "accepts_response_payload": _accepts_payload(kind, payload),
            "payload": payload,
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": retry_reason}
        try:
            async with asyncio.timeout(self._limits.ack):
                return Ack(True, await connection.ask(envelope))
        except TimeoutError:
            return Ack(False, reason="timeout")
        except ConnectionError:
            return Ack(False, reason="connection_failed")

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to be made anew, as Slack does from time to time."""
        for connection in list(self._connections):
            await _refresh(connection, reason)

    async def drop(self) -> None:
        """Cut every connection without a word, as a broken network does."""
        for connection in list(self._connections):
            self._forget(connection)
            if connection.transport:
                connection.transport.abort()

    def fall_silent(self) -> None:
        """Neither hear nor answer on any open connection, without closing it: half open, as behind
        a firewall that has forgotten it. Connections made later are well.
        """
        for connection in list(self._connections):
            self._forget(connection)
            if connection.transport:
                connection.transport.pause_reading()

    async def close(self) -> None:
        for connection in list(self._connections):
            await connection.socket.close()
            self._forget(connection)


async def _refresh(connection: Connection, reason: str) -> None:
    if not connection.socket.closed:
        await connection.socket.send_json(
            {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
        )


def _accepts_payload(kind: Kind, payload: Json) -> bool:
    if kind == "slash_commands":
        return True
    return kind == "interactive" and payload.get("type") in ("view_submission", "block_suggestion")


def _envelope_id() -> str:
    raw = secrets.token_hex(16)
    return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"
