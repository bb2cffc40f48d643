"""SQLite: one thread that writes, one that only reads, on one file in WAL.

Transactions that wait at the same time share a commit, since the commit (an fsync) costs more
than the work. Each runs in a savepoint, so its own error undoes its own work only. If an error
ends the transaction that they share, or its COMMIT fails, all of them are run again, each in a
transaction of its own: what one of them hears is then true of it alone.
"""

import sqlite3
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from storage.errors import DatabaseUnusable, StorageUnavailable, WentOn
from storage.jobs import Job, Outcome, Worker, deliver
from storage.statements import ON_ERROR, tell_errors

BUSY_SECONDS = 5.0
"""How long to wait for a lock that somebody else (a backup, a shell) holds on the file."""

SHARED_SECONDS = 0.008
"""After this, a shared transaction takes no more in: none holds the file for over 20 ms."""

SHARED_JOBS = 64
"""So many transactions share a commit at most."""

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
        try:
            self._engine = create_engine(
                "sqlite://",
                creator=self.connect,
                poolclass=NullPool,
                isolation_level="AUTOCOMMIT",
                hide_parameters=True,
            )
            self.connection: Connection = self._engine.connect()
        except (DBAPIError, sqlite3.Error) as error:
            raise DatabaseUnusable(f"I cannot open {self.path}: {_cause(error)}.") from error
        driver = self.connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise TypeError(f"not a connection to SQLite: {driver!r}")
        self.driver = driver

    def close(self) -> None:
        self.connection.close()
        self._engine.dispose()


class SqliteReader(SqliteWorker):
    """Runs reads, each in a transaction of its own, so that it sees one state of things."""

    def __init__(self, path: Path) -> None:
        super().__init__("reader", path)

    def connect(self) -> sqlite3.Connection:
        driver = sqlite3.connect(
            f"file:{quote(str(self.path))}?mode=ro",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            cached_statements=512,
        )
        driver.execute("PRAGMA query_only=ON")
        driver.execute("PRAGMA schema_version")  # touches the file, so that a wrong one is noticed
        return driver

    def work(self) -> None:
        while (job := self.jobs.get()) is not None:
            if not job.given_up:
                deliver([self._read(job)])
            del job  # while it waits, a thread holds on to nobody's arguments

    def _read(self, job: Job) -> Outcome:
        try:
            self.driver.execute("BEGIN")
            try:
                return Outcome(job, job(self.connection))
            finally:
                if self.driver.in_transaction:
                    self.driver.execute("ROLLBACK")
        except BaseException as error:
            return Outcome(job, error=_told(error))


class SqliteWriter(SqliteWorker):
    """Runs changes, one at a time and in their order."""

    def __init__(self, path: Path) -> None:
        super().__init__("writer", path)
        self._ending = False
        self._lost: BaseException | None = None

    def connect(self) -> sqlite3.Connection:
        driver = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=512
        )
        driver.execute("PRAGMA journal_mode=WAL")
        driver.execute("PRAGMA synchronous=FULL")
        driver.execute("PRAGMA foreign_keys=ON")
        return driver

    def open(self) -> None:
        super().open()
        tell_errors(self._engine)
        self.connection.info[ON_ERROR] = self._on_error

    def close(self) -> None:
        self.driver.execute("PRAGMA optimize")
        super().close()

    def work(self) -> None:
        while not self._ending and (job := self.jobs.get()) is not None:
            taken = [job]
            try:
                outcomes = self._together(taken)
            except BaseException as error:  # a fault of this module's own: nobody waits in vain
                self._abandon()
                outcomes = [Outcome(job, error=error) for job in taken]
            deliver(outcomes)
            del job, taken, outcomes  # while it waits, a thread holds on to nobody's arguments

    def _take(self, taken: list[Job]) -> bool:
        """Add the next job that waits, if any does."""
        try:
            job = self.jobs.get_nowait()
        except Empty:
            return False
        if job is None:
            self._ending = True
            return False
        taken.append(job)
        return True

    def _together(self, taken: list[Job]) -> list[Outcome]:
        """Run a job, and those that wait behind it, in one transaction; ``taken`` grows."""
        outcomes: list[Outcome] = []
        try:
            self._begin()
        except _Lost as error:
            return [Outcome(taken[0], error=_told(error.__cause__ or error))]
        until = monotonic() + SHARED_SECONDS
        try:
            while True:
                job = taken[-1]
                if not job.given_up:
                    outcomes.append(self._in_savepoint(job))
                if len(taken) == SHARED_JOBS or monotonic() > until or not self._take(taken):
                    break
            self._commit()
        except _Lost:
            self._abandon()
            return [self._alone(job) for job in taken if not job.given_up]
        return outcomes

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
        self._do("BEGIN IMMEDIATE")

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
