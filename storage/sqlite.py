"""SQLite: one connection that writes, two that only read, on one file in WAL.

Transactions that wait at the same time share a commit, since the commit (an fsync) costs more
than the work. On the thread each runs in a savepoint, so its own error undoes its own work only;
on the event loop, where an error after a write is rare, all are then run again. If an error
ends the transaction that they share, or its COMMIT fails, all of them are run again, each in a
transaction of its own: what one of them hears is then true of it alone.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from time import monotonic
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from storage.errors import DatabaseUnusable, StorageUnavailable, WentOn
from storage.jobs import Job, Mode, Outcome, Worker, deliver, settle
from storage.statements import ON_ERROR, tell_errors

BUSY_SECONDS = 5.0
"""How long to wait for a lock that somebody else (a backup, a shell) holds on the file."""

SHARED_SECONDS = 0.008
"""After this, a shared transaction takes no more in: none holds the file for over 20 ms."""

HERE_SECONDS = 0.004
"""The same for one that the event loop runs itself: so long it answers nobody."""

SHARED_JOBS = 64
"""So many transactions share a commit at most."""

_QUICK = frozenset({Mode.QUICK, Mode.CLAIM})

_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
"""Errors of the machine, not of a statement: nothing was stored, and later it may be."""


class _Lost(Exception):
    """The transaction ended before its COMMIT, and with it the work of all who shared it."""


class SqliteWorker(Worker):
    """What the two threads have in common: a connection whose transactions are begun by hand."""

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(name, SimpleQueue())
        self.path = path

    def connect(self) -> sqlite3.Connection:
        """The driver's connection, as the thread wants it."""
        raise NotImplementedError

    def open(self) -> None:
        self._engine = create_engine(
            "sqlite://",
            creator=self.connect,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
        )
        self.connection, self.driver = self._opened()

    def _opened(self) -> tuple[Connection, sqlite3.Connection]:
        try:
            connection = self._engine.connect()
        except (DBAPIError, sqlite3.Error) as error:
            raise DatabaseUnusable(f"I cannot open {self.path}: {_cause(error)}.") from error
        driver = connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise TypeError(f"not a connection to SQLite: {driver!r}")
        return connection, driver

    def close(self) -> None:
        self.connection.close()
        self._engine.dispose()


class SqliteReader(SqliteWorker):
    """Runs reads, each in a transaction of its own, so that it sees one state of things.

    Glances are run by the event loop itself, on a connection for them alone.
    """

    def __init__(self, path: Path) -> None:
        super().__init__("reader", path)

    def connect(self) -> sqlite3.Connection:
        driver = sqlite3.connect(
            f"file:{quote(str(self.path))}?mode=ro",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            cached_statements=512,
            check_same_thread=False,  # the one for glances is opened and closed by the thread
        )
        driver.execute("PRAGMA query_only=ON")
        driver.execute("PRAGMA schema_version")  # touches the file, so that a wrong one is noticed
        return driver

    def open(self) -> None:
        super().open()
        self._beside = self._opened()

    def close(self) -> None:
        self._beside[0].close()
        super().close()

    def put(self, job: Job) -> None:
        if job.mode is Mode.GLANCE:
            settle([_read(job, *self._beside)])
        else:
            super().put(job)

    def work(self) -> None:
        while (job := self.jobs.get()) is not None:
            if not job.given_up:
                deliver([_read(job, self.connection, self.driver)])
            del job  # while it waits, a thread holds on to nobody's arguments


def _read(job: Job, connection: Connection, driver: sqlite3.Connection) -> Outcome:
    try:
        driver.execute("BEGIN")
        try:
            return Outcome(job, job(connection))
        finally:
            if driver.in_transaction:
                driver.execute("ROLLBACK")
    except BaseException as error:
        return Outcome(job, error=_told(error))


@dataclass(slots=True, eq=False)
class _Batch:
    """Transactions that share a commit, and what the thread still has to do with them."""

    rest: Callable[["_Batch"], list[Outcome]]
    taken: list[Job] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


class SqliteWriter(SqliteWorker):
    """Runs changes, one at a time and in their order, on one connection that two take turns with.

    The event loop decides whose turn it is. Quick changes it runs itself and leaves only their
    COMMIT, where the disk is waited for, to the thread: each statement lets go of the interpreter's
    lock, and with two threads at work each has to wait for the other to get it back. All other
    changes run on the thread as a whole.
    """

    jobs: SimpleQueue[_Batch | None]

    def __init__(self, path: Path) -> None:
        super().__init__("writer", path)
        self._waiting: deque[Job] = deque()
        self._taken = False  # whether it is somebody's turn
        self._loop: asyncio.AbstractEventLoop
        self._retiring = False
        self._lost: BaseException | None = None

    def connect(self) -> sqlite3.Connection:
        driver = sqlite3.connect(
            self.path,
            timeout=0.0,
            isolation_level=None,
            cached_statements=512,
            check_same_thread=False,  # whose turn it is holds the two apart
        )
        self._patient(driver, BUSY_SECONDS)
        driver.execute("PRAGMA journal_mode=WAL")
        driver.execute("PRAGMA synchronous=FULL")
        driver.execute("PRAGMA foreign_keys=ON")
        self._patient(driver, 0.0)
        return driver

    def open(self) -> None:
        super().open()
        tell_errors(self._engine)
        self.connection.info[ON_ERROR] = self._on_error

    def close(self) -> None:
        self.driver.execute("PRAGMA optimize")
        super().close()

    # On the event loop

    def put(self, job: Job) -> None:
        self._waiting.append(job)
        if not self._taken:
            self._taken = True
            self._loop = job.future.get_loop()
            self._loop.call_soon(self._next_turn)  # others of this round come along

    def retire(self) -> None:
        self._retiring = True
        if not self._taken:
            self.jobs.put(None)

    def _next_turn(self) -> None:
        while self._waiting and self._waiting[0].given_up:
            self._waiting.popleft()
        if self._waiting:
            quick = self._waiting[0].mode in _QUICK
            self.jobs.put(self._here() if quick else _Batch(self._together))
        else:
            self._taken = False
            if self._retiring:
                self.jobs.put(None)

    def _here(self) -> _Batch:
        """Run the quick changes that wait in front, for the thread to commit."""
        try:
            self.driver.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            return _Batch(self._together)  # which waits for whoever holds the file
        batch = _Batch(self._finish)
        until = monotonic() + HERE_SECONDS
        while self._waiting and self._waiting[0].mode in _QUICK:
            job = self._waiting.popleft()
            if job.given_up:
                continue
            batch.taken.append(job)
            before = self.driver.total_changes
            try:
                outcome = Outcome(job, job(self.connection))
            except BaseException as error:
                outcome = Outcome(job, error=_told(error))
                if self.driver.total_changes != before:
                    batch.rest = self._again  # without a savepoint nothing else undoes it
            batch.outcomes.append(outcome)
            if self._lost is not None:
                batch.rest = self._again
            if batch.rest == self._again or len(batch.taken) == SHARED_JOBS or monotonic() > until:
                break
        return batch

    def _done(self, outcomes: list[Outcome]) -> None:
        settle(outcomes)
        self._next_turn()

    # On the thread

    def work(self) -> None:
        while (batch := self.jobs.get()) is not None:
            try:
                outcomes = batch.rest(batch)
            except BaseException as error:  # a fault of this module's own: nobody waits in vain
                self._abandon()
                outcomes = [Outcome(job, error=error) for job in batch.taken]
            with suppress(RuntimeError):  # the loop is closed: nobody is left to hear it
                self._loop.call_soon_threadsafe(self._done, outcomes)
            del batch, outcomes  # while it waits, a thread holds on to nobody's arguments

    def _finish(self, batch: _Batch) -> list[Outcome]:
        """Commit what the event loop did."""
        try:
            self._commit()
        except _Lost:
            return self._again(batch)
        return batch.outcomes

    def _again(self, batch: _Batch) -> list[Outcome]:
        """Run all of them again, each in a transaction of its own."""
        self._abandon()
        return [self._alone(job) for job in batch.taken if not job.given_up]

    def _together(self, batch: _Batch) -> list[Outcome]:
        """Run what waits, and what comes meanwhile, in one transaction."""
        try:
            self._begin()
        except _Lost as error:
            batch.taken.append(self._waiting.popleft())
            return [Outcome(batch.taken[0], error=_told(error.__cause__ or error))]
        until = monotonic() + SHARED_SECONDS
        try:
            while self._waiting:
                job = self._waiting.popleft()
                batch.taken.append(job)
                if not job.given_up:
                    batch.outcomes.append(self._in_savepoint(job))
                if len(batch.taken) == SHARED_JOBS or monotonic() > until:
                    break
            self._commit()
        except _Lost:
            return self._again(batch)
        return batch.outcomes

    def _in_savepoint(self, job: Job) -> Outcome:
        self._do("SAVEPOINT one")
        try:
            outcome = Outcome(job, job(self.connection))
        except BaseException as error:
            if self._lost is None:
                self._do("ROLLBACK TO one")
            outcome = Outcome(job, error=_told(error))
        if self._lost is not None:  # whatever the function made of it
            raise _Lost from self._lost
        self._do("RELEASE one")
        return outcome

    def _alone(self, job: Job) -> Outcome:
        try:
            self._begin()
            try:
                value = job(self.connection)
            except BaseException as error:
                self._abandon()
                return Outcome(job, error=_told(error))
            if self._lost is not None:  # and the function hid it
                hidden = WentOn()
                hidden.__cause__ = self._lost
                self._abandon()
                return Outcome(job, error=hidden)
            self._commit()
        except _Lost as error:
            return Outcome(job, error=_told(error.__cause__ or error))
        return Outcome(job, value)

    def _begin(self) -> None:
        """On the thread somebody else's lock is waited for; on the event loop it is not."""
        self._patient(self.driver, BUSY_SECONDS)
        try:
            self._do("BEGIN IMMEDIATE")
        finally:
            self._patient(self.driver, 0.0)

    @staticmethod
    def _patient(driver: sqlite3.Connection, seconds: float) -> None:
        driver.execute(f"PRAGMA busy_timeout={int(1000 * seconds)}")

    def _commit(self) -> None:
        self._do("COMMIT")

    def _do(self, sql: str) -> None:
        """Steer the transaction. If that fails the transaction is over: ``_Lost``."""
        try:
            self.driver.execute(sql)
        except sqlite3.Error as error:
            self._abandon()
            raise _Lost from error

    def _abandon(self) -> None:
        if self.driver.in_transaction:
            with suppress(sqlite3.Error):  # then BEGIN fails next, and this is tried again
                self.driver.execute("ROLLBACK")
        if self._lost is not None:
            self._lost = None
            self.driver.execute("PRAGMA query_only=OFF")

    def _on_error(self, error: BaseException) -> None:
        """Some errors (a full disk) make SQLite roll the whole transaction back by itself.

        Were the function to go on, each of its statements would be a transaction of its own; so
        until the loss is dealt with, nothing can be written.
        """
        if not self.driver.in_transaction and self._lost is None:
            self._lost = error
            self.driver.execute("PRAGMA query_only=ON")


def _told(error: BaseException) -> BaseException:
    """What the caller hears: errors of the machine as a sentence, all others as they are."""
    if isinstance(error, DBAPIError | sqlite3.Error) and _code(error) in _PASSING:
        unavailable = StorageUnavailable()
        unavailable.__cause__ = error
        return unavailable
    return error


def _code(error: DBAPIError | sqlite3.Error) -> int:
    original: Any = error.orig if isinstance(error, DBAPIError) else error
    return int(getattr(original, "sqlite_errorcode", 0)) & 0xFF


def _cause(error: BaseException) -> str:
    return str(error.orig if isinstance(error, DBAPIError) else error)
