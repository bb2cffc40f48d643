"""What every handler is given, and nothing else: no globals."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot.courier import Courier
from bot.directory import Directory
from bot.domain.calendar import Calendar
from bot.settings import Settings
from storage.database import Database


@dataclass(slots=True)
class House:
    """The things that the handlers work with."""

    db: Database
    directory: Directory
    courier: Courier
    calendar: Calendar
    settings: Settings
    _later: set[asyncio.Task[None]] = field(default_factory=set)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something best effort after the acknowledgement; a clean stop waits for it."""
        task = asyncio.ensure_future(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def settle(self) -> None:
        """Wait until everything that was put off is done."""
        while self._later:
            await asyncio.gather(*self._later, return_exceptions=True)
