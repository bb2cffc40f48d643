"""What every handler is given, and nothing else: no globals."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.courier import Courier
from bot.directory import Directory
from bot.domain.calendar import Calendar
from bot.settings import Settings
from storage.database import Database

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class House:
    """The things that the handlers work with."""

    db: Database
    directory: Directory
    courier: Courier
    calendar: Calendar
    settings: Settings
    granted: frozenset[str] | None = None
    """What the token may do, as Slack told at the start; None where it did not say."""
    counted: Counter[str] = field(default_factory=Counter)
    """How often what went wrong, since the start."""
    noted: Counter[str] = field(default_factory=Counter)
    """How often what happened that is worth a number and is no error, since the start."""
    _later: set[asyncio.Task[object]] = field(default_factory=set)

    def later(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something best effort after the acknowledgement; a clean stop waits for it."""
        task = asyncio.ensure_future(work)
        self._later.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[object]) -> None:
        self._later.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.counted["later_failed"] += 1
            log.error("later_failed", exc_info=error)

    async def settle(self) -> None:
        """Wait until everything that was put off is done."""
        while self._later:
            await asyncio.wait(set(self._later))
