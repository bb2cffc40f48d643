"""The load: so many connections, kept open, on this machine; bounded in time."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Self
from urllib.parse import urlsplit

TIMEOUT = 30.0
"""Seconds after which an answer is given up, and with it the run."""

MOST_LINES = 500
"""So many answers may be waited for at a steady rate."""


class Refused(Exception):
    """A server answered something else than it should have."""


class Line(asyncio.Protocol):
    """One connection, with one request under way at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._answer: asyncio.Future[bytes] | None = None

    @classmethod
    async def to(cls, address: str) -> Self:
        """Connect to ``http://host:port``."""
        url = urlsplit(address)
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(cls, url.hostname or "", url.port or 80)
        return line

    async def ask(self, request: bytes) -> bytes:
        """Send a whole HTTP request; returns the body of its answer. Raises Refused."""
        if self._transport is None or self._transport.is_closing():
            raise Refused("the connection is closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0 or self._answer is None:
            return
        head = bytes(self._received[:end]).lower()
        start = head.find(b"content-length:")
        length = int(head[start + 15 :].split(b"\r\n", 1)[0]) if start >= 0 else 0
        if len(self._received) < end + 4 + length:
            return
        body = bytes(self._received[end + 4 : end + 4 + length])
        del self._received[: end + 4 + length]
        answer, self._answer = self._answer, None
        if answer.done():
            return
        if head.startswith(b"http/1.1 200"):
            answer.set_result(body)
        else:
            answer.set_exception(Refused(head.split(b"\r\n", 1)[0].decode("latin-1")))

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Refused("the connection was lost"))


@asynccontextmanager
async def lines(address: str, count: int) -> AsyncIterator[list[Line]]:
    """So many connections, closed in the end."""
    opened = [await Line.to(address) for _ in range(count)]
    try:
        yield opened
    finally:
        for line in opened:
            line.close()


async def at_once(
    to: list[Line], requests: Iterator[bytes], expected: bytes, seconds: float
) -> tuple[int, float]:
    """One request after the other on each line, for a time; returns (answers, seconds).

    ``expected`` is part of each right answer.
    """
    answered = 0
    until = perf_counter() + seconds

    async def keep_asking(line: Line) -> None:
        nonlocal answered
        while perf_counter() < until:
            check(await line.ask(next(requests)), expected)
            answered += 1

    began = perf_counter()
    async with asyncio.timeout(seconds + TIMEOUT):
        await asyncio.gather(*(keep_asking(line) for line in to))
    return answered, perf_counter() - began


async def steadily(
    address: str, requests: Iterator[bytes], expected: bytes, rate: int, seconds: float
) -> list[float]:
    """So many requests a second whether or not those before are answered.

    Returns how long each answer took, in seconds, from when the request was sent. While all
    connections wait for an answer another is opened.
    """
    took: list[float] = []
    free: list[Line] = []
    opened: list[Line] = []

    async def line_to_use() -> Line:
        if free:
            return free.pop()
        if len(opened) == MOST_LINES:
            raise Refused("too slow: every connection waits for an answer")
        opened.append(line := await Line.to(address))
        return line

    async def ask() -> None:
        line = await line_to_use()
        began = perf_counter()
        body = await line.ask(next(requests))
        took.append(perf_counter() - began)
        check(body, expected)
        free.append(line)

    loop = asyncio.get_running_loop()
    begin = loop.time()
    try:
        async with asyncio.timeout(seconds + TIMEOUT), asyncio.TaskGroup() as group:
            for number in range(int(rate * seconds)):
                await asyncio.sleep(max(0.0, begin + number / rate - loop.time()))
                group.create_task(ask())
    finally:
        for line in opened:
            line.close()
    return took


def check(body: bytes, expected: bytes) -> None:
    """Raises Refused if it is another answer."""
    if expected not in body:
        raise Refused(f"unexpected answer: {body[:300]!r}")


def get(path: str) -> bytes:
    """A request."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
