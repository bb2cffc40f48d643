"""The database: ``await db.run(function, ...)`` is one transaction.

The functions are plain and synchronous; they run on the database's own threads. Short ones, given
to ``quick`` and ``glance``, run on the event loop where that is faster (SQLite), but it never waits
for a commit. How that is done for each database is in ``sqlite.py`` and ``postgresql.py``.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import URL

from storage.errors import DatabaseClosed, DatabaseUnusable
from storage.jobs import Job, Mode, Worker
from storage.locks import FileLock
from storage.migrations import bring_up_to_date
from storage.sqlite import SqliteReader, SqliteWriter
from storage.store import Store
from storage.urls import read_url, sqlite_path

P = ParamSpec("P")
T = TypeVar("T")

Put = Callable[[Job], None]


class Database:
    """What is remembered, and the threads that can reach it. Made by ``Database.open``.

    A function given to ``run``, ``read`` or ``claim`` gets the transaction's ``Store`` first and
    its other arguments after it. It may be called more than once (a commit that failed, two
    transactions that got in each other's way), so it touches nothing but the store. The caller
    hears its value only after COMMIT, and its error after everything it did was undone.

    A caller that is canceled does not wait any longer: its function then ran as a whole or not
    at all.
    """

    def __init__(
        self,
        url: URL,
        stages: Sequence[Sequence[Worker]],
        queues: dict[Mode, Put],
        lock: FileLock | None,
    ) -> None:
        self.url = url
        self._stages = stages  # in the order in which they are begun
        self._queues = queues
        self._lock = lock
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, url: str, *, read_only: bool = False) -> Self:
        """Open what ``url`` names (see ``storage.urls``), its tables made or brought up to date.

        ``read_only`` is for looking at a database that another process may be using: only
        ``read`` works then, and nothing is created, locked or migrated.

        Raises ``DatabaseInUse`` if another process writes to this SQLite file, and
        ``DatabaseUnusable`` if it cannot be opened, or a newer version of the program made it.
        """
        parsed = read_url(url)
        if parsed.get_backend_name() == "sqlite":
            stages, queues, lock = _sqlite(sqlite_path(parsed), read_only)
        else:
            stages, queues, lock = _postgresql(parsed, read_only)
        database = cls(parsed, stages, queues, lock)
        try:
            if not read_only:
                await asyncio.to_thread(bring_up_to_date, parsed)
            for stage in stages:
                for worker in stage:
                    worker.start()
                    await asyncio.wrap_future(worker.begun)
        except BaseException:
            await database.close()
            raise
        return database

    async def run(
        self, function: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function that changes something, in one transaction."""
        return await self._submit(Mode.CHANGE, function, args, kwargs)

    async def quick(
        self, function: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like ``run``, for a function of a few prepared statements, under a millisecond.

        On SQLite the event loop runs it, and only its COMMIT is waited for on the thread.
        """
        return await self._submit(Mode.QUICK, function, args, kwargs)

    async def read(
        self, function: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function that only looks; it sees one state of things, and cannot write."""
        return await self._submit(Mode.READ, function, args, kwargs)

    async def glance(
        self, function: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like ``read``, for a function of one or two prepared statements.

        On SQLite the event loop runs it at once: a change of threads costs more than the look.
        """
        return await self._submit(Mode.GLANCE, function, args, kwargs)

    async def claim(
        self, function: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function that takes work in one ``UPDATE … RETURNING`` (on PostgreSQL over
        ``FOR UPDATE SKIP LOCKED``), at READ COMMITTED: claims never wait for each other.
        """
        return await self._submit(Mode.CLAIM, function, args, kwargs)

    async def close(self) -> None:
        """Finish what was asked for before, then let go of the database. May be repeated."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())
        await asyncio.shield(self._closing)

    def _submit(
        self, mode: Mode, function: Callable[..., T], args: Any, kwargs: Any
    ) -> asyncio.Future[T]:
        if self._closing is not None:
            raise DatabaseClosed
        put = self._queues.get(mode)
        if put is None:
            raise DatabaseUnusable("The database was opened only for reading.")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        put(Job(mode, function, args, kwargs, future))
        return future

    async def _close(self) -> None:
        """Whatever one thread ends with, the others are waited for before the file is let go."""
        failed: list[Exception] = []
        try:
            for stage in reversed(self._stages):
                for worker in stage:
                    worker.retire()
                for worker in stage:
                    if worker.ident is None:
                        continue  # it was never begun
                    try:
                        await asyncio.wrap_future(worker.ended)
                    except Exception as error:
                        failed.append(error)
                    worker.join()
        finally:
            if self._lock is not None:
                self._lock.release()
        if failed:
            raise failed[0]


_Parts = tuple[Sequence[Sequence[Worker]], dict[Mode, Put], FileLock | None]


def _sqlite(path: Path, read_only: bool) -> _Parts:
    reader = SqliteReader(path)
    if read_only:
        if not path.is_file():
            raise DatabaseUnusable(
                f"There is no database at {path}. It is made at the first start."
            )
        return [[reader]], {Mode.READ: reader.put, Mode.GLANCE: reader.put}, None
    _create(path)
    lock = FileLock(path)
    writer = SqliteWriter(path)
    queues: dict[Mode, Put] = {
        Mode.CHANGE: writer.put,
        Mode.QUICK: writer.put,
        Mode.CLAIM: writer.put,
        Mode.READ: reader.put,
        Mode.GLANCE: reader.put,
    }
    return [[writer], [reader]], queues, lock  # the writer goes last: it tidies the file up


def _postgresql(url: URL, read_only: bool) -> _Parts:
    from storage.postgresql import THREADS, Connections, PostgresWorker  # only if used: it is large

    jobs: SimpleQueue[Job | None] = SimpleQueue()
    threads = 1 if read_only else THREADS
    connections = Connections(url)
    workers = [
        PostgresWorker(number, connections, jobs, at_once=number == 1)
        for number in range(1, threads + 1)
    ]
    return (
        [workers],
        dict.fromkeys([Mode.READ, Mode.GLANCE] if read_only else list(Mode), jobs.put),
        None,
    )


def _create(path: Path) -> None:
    """Make the file, for nobody else's eyes: it will hold what people wrote."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise DatabaseUnusable(f"I cannot make {path}: {error.strerror}.") from error
