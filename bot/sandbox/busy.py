"""Knows whether anything is under way, so that a story can wait for the sandbox to be quiet."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Busy:
    """Counts what is under way: calls being answered, deliveries awaiting their acknowledgement."""

    def __init__(self, activity: "Changes") -> None:
        self._activity = activity
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.turns = 0
        """How often something began; a story compares it to see that nothing new did."""

    @contextmanager
    def during(self) -> Iterator[None]:
        self._count += 1
        self.turns += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._count -= 1
            self._activity.mark()
            if not self._count:
                self._idle.set()

    async def until_idle(self, settle: float) -> None:
        """Return once nothing was under way for ``settle`` seconds on end."""
        while True:
            await self._idle.wait()
            turns = self.turns
            await asyncio.sleep(settle)
            if self._idle.is_set() and self.turns == turns:
                return


class Changes:
    """A version number that grows with each change, and those who wait for it to grow."""

    def __init__(self) -> None:
        self.version = 1
        self._waiting: asyncio.Event = asyncio.Event()

    def mark(self) -> None:
        self.version += 1
        self._waiting.set()
        self._waiting = asyncio.Event()

    async def after(self, version: int) -> int:
        """Wait until the version is beyond ``version``; returns it."""
        while self.version <= version:
            await self._waiting.wait()
        return self.version
