"""Work for the database's threads, and its results on their way back to the event loop."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from queue import SimpleQueue
from threading import Thread
from typing import Any

from sqlalchemy import Connection

from storage.store import Store


class Mode(Enum):
    """What a transaction is for."""

    CHANGE = auto()
    QUICK = auto()
    """A change of a few prepared statements: on SQLite the event loop may run it itself."""
    READ = auto()
    GLANCE = auto()
    """A read of a few prepared statements: on SQLite the event loop runs it itself."""
    CLAIM = auto()
    """A change of one statement that locks what it takes: no need to be serializable."""


@dataclass(slots=True, eq=False)
class Job:
    """One function to be run in one transaction, and who waits for it."""

    mode: Mode
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    future: asyncio.Future[Any]

    @property
    def given_up(self) -> bool:
        """Nobody waits any more. A job that has not begun is then left out."""
        return self.future.cancelled()

    def __call__(self, connection: Connection) -> Any:
        return self.function(Store(connection), *self.args, **self.kwargs)


@dataclass(slots=True, eq=False)
class Outcome:
    """What came of a job: a value or an error."""

    job: Job
    value: Any = None
    error: BaseException | None = None


def deliver(outcomes: Iterable[Outcome]) -> None:
    """Tell those who wait; called on a database's thread, with one hop for all of a loop."""
    loops: dict[asyncio.AbstractEventLoop, list[Outcome]] = {}
    for outcome in outcomes:
        loops.setdefault(outcome.job.future.get_loop(), []).append(outcome)
    for loop, several in loops.items():
        with suppress(RuntimeError):  # the loop is closed: nobody is left to hear it
            loop.call_soon_threadsafe(settle, several)


def settle(outcomes: Iterable[Outcome]) -> None:
    """Tell those who wait; called on their event loop."""
    for outcome in outcomes:
        future, error = outcome.job.future, outcome.error
        if future.done():
            continue
        if error is None:
            future.set_result(outcome.value)
        elif isinstance(error, StopIteration):  # which a future cannot carry
            future.set_exception(RuntimeError(f"a transaction raised {error!r}"))
        else:
            future.set_exception(error)


class Worker(Thread):
    """A thread of the database, with a queue of its own or one that several share.

    ``begun`` is done once it has opened its connection, or has failed to; ``ended`` once it has
    worked off everything before the ``None`` in its queue and closed its connection.
    """

    def __init__(self, name: str, jobs: SimpleQueue[Any]) -> None:
        super().__init__(name=f"storage-{name}", daemon=True)
        self.jobs = jobs
        self.begun: Future[None] = Future()
        self.ended: Future[None] = Future()
        for future in (self.begun, self.ended):  # who no longer waits for it cannot cancel it
            future.set_running_or_notify_cancel()

    def put(self, job: Job) -> None:
        """Have a job done; called on the event loop."""
        self.jobs.put(job)

    def retire(self) -> None:
        """Nothing comes any more: finish what waits, and end; called on the event loop."""
        self.jobs.put(None)

    def open(self) -> None:
        """Connect; runs on the thread."""
        raise NotImplementedError

    def work(self) -> None:
        """Serve the queue until its end; runs on the thread."""
        raise NotImplementedError

    def close(self) -> None:
        """Disconnect; runs on the thread."""
        raise NotImplementedError

    def run(self) -> None:
        try:
            self.open()
        except BaseException as error:
            self.ended.set_result(None)
            self.begun.set_exception(error)
            return
        self.begun.set_result(None)
        try:
            self.work()
            self.close()
        except BaseException as error:
            self.ended.set_exception(error)
        else:
            self.ended.set_result(None)
