"""PostgreSQL: a few threads, each with a connection of its own, taking from one queue.

Changes run SERIALIZABLE: two of them that could not have happened one after the other never both
commit; the later one is run again. Claims run READ COMMITTED, in one statement that locks what it
takes. Reads see one state of things.
"""

import random
import time
from queue import SimpleQueue
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Connection, Dialect, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from storage.errors import DatabaseUnusable, OutcomeUnknown, StorageUnavailable, WentOn
from storage.jobs import Job, Mode, Outcome, Worker, deliver
from storage.statements import ON_ERROR, tell_errors

THREADS = 4
"""As many connections the bot holds at most."""

ATTEMPTS = 10
"""How often transactions are run that get in each other's way, before the caller is told."""

_BEGIN = {
    Mode.CHANGE: "BEGIN ISOLATION LEVEL SERIALIZABLE",
    Mode.QUICK: "BEGIN ISOLATION LEVEL SERIALIZABLE",
    Mode.READ: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    Mode.GLANCE: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    Mode.CLAIM: "BEGIN ISOLATION LEVEL READ COMMITTED",
}

_LOOKS = frozenset({Mode.READ, Mode.GLANCE})

_CONNECT = {
    "connect_timeout": 5,
    "application_name": "common-ground",
    # A machine that has gone without a word is noticed in seconds, not in the system's two hours.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}

_LIMITS = (
    "SET lock_timeout = '3s'",
    "SET statement_timeout = '4s'",  # a thousand times what one of ours takes
    "SET idle_in_transaction_session_timeout = '30s'",
)
"""What a server does for itself. It frees what others wait for, too."""

SILENCE_SECONDS = 5.0
"""So long one statement is waited for: longer than a server that is there would work on it.

Whatever lies between may keep a connection open behind which there is nobody any more: then the
system sees nothing wrong, keepalives are answered, and a thread would wait forever.
"""

UPGRADE_SECONDS = 600.0
"""So long one statement of a migration is waited for, and whoever else runs them at that time."""

_IN_THE_WAY = {"40001", "40P01"}
"""SQLSTATE of transactions that got in each other's way, and of a deadlock."""

_PASSING = {
    "08",  # connection
    "53",  # out of disk, memory, connections
    "55",  # a lock was not to be had in time
    "57",  # canceled, or the server is going down
    "58",  # its machine
}
"""Classes of SQLSTATE of errors of the machine: nothing was stored, and later it may be."""


_Driver = psycopg.Connection[tuple[Any, ...]]


class Impatient(_Driver):
    """A connection that is given up when it is silent for too long."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """As psycopg has it, but bounded. Closed afterwards: an answer could still come."""
        try:
            return super().wait(gen, interval, self.silence() if timeout is None else timeout)
        except psycopg.OperationalError as error:
            if error.sqlstate is None:  # nothing that the server said
                self.close()
            raise

    def silence(self) -> float:
        """So many seconds one statement is waited for."""
        return SILENCE_SECONDS


class Upgrading(Impatient):
    """A connection for what may take long on large tables, or waits for who is doing it."""

    def silence(self) -> float:
        return UPGRADE_SECONDS


class _InTheWay(Exception):
    """Another transaction was faster: run it again."""


class _Gone(Exception):
    """The connection was lost before COMMIT was sent, or could not be made."""


class Connections:
    """What makes the connections of all threads, and knows which of them to mistrust."""

    def __init__(self, url: URL) -> None:
        self.engine = engine_for(url)
        tell_errors(self.engine)
        self.lost_at = float("-inf")
        """When a connection was lost last (``time.monotonic``). Those made before are not used any
        more: they may lead nowhere as well, and each would be waited for."""
        self._closing_at = float("inf")

    def last_round(self) -> None:
        """Nothing comes after the jobs that wait. May be repeated."""
        self._closing_at = min(self._closing_at, time.monotonic())

    @property
    def over(self) -> bool:
        """A connection was lost after the last round began: no other is made any more.

        Where the server is silent, each job that waits would be as long in finding that out.
        """
        return self.lost_at >= self._closing_at


def engine_for(url: URL, kind: type[Impatient] = Impatient) -> Engine:
    """Makes connections that notice when nobody is there any more, each transaction by hand."""

    def connect(
        _dialect: Dialect, _record: Any, given: list[Any], named: dict[str, Any]
    ) -> _Driver:
        return kind.connect(*given, **named)

    engine = create_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args=_CONNECT,
        hide_parameters=True,
    )
    event.listen(engine, "do_connect", connect)
    return engine


class PostgresWorker(Worker):
    """One of the threads. The first connects at once, so that a wrong URL is told at the start."""

    def __init__(
        self,
        number: int,
        connections: Connections,
        jobs: SimpleQueue[Job | None],
        *,
        at_once: bool,
    ) -> None:
        super().__init__(f"{number}", jobs)
        self._at_once = at_once
        self._connections = connections
        self._connection: Connection | None = None
        self._connected_at = 0.0
        self._failure: BaseException | None = None

    def open(self) -> None:
        if self._at_once:
            try:
                self._connect()
            except _Gone as error:
                raise DatabaseUnusable(
                    f"I cannot reach the database: {first_line(error.__cause__)}."
                ) from error

    def close(self) -> None:
        self._discard()

    def retire(self) -> None:
        self._connections.last_round()
        super().retire()

    def work(self) -> None:
        while (job := self.jobs.get()) is not None:
            if not job.given_up:
                deliver([self._run(job)])
            del job  # while it waits, a thread holds on to nobody's arguments

    def _run(self, job: Job) -> Outcome:
        """Run a job to its end, again where that is safe and can help."""
        last: BaseException | None = None
        reconnected = False
        for attempt in range(ATTEMPTS):
            if attempt:
                # Not all at the same moment again.
                time.sleep(random.uniform(0, min(0.2, 0.002 * 2**attempt)))  # noqa: S311 - no secret
            try:
                return self._once(job)
            except _InTheWay as error:
                last = error.__cause__
            except _Gone as error:
                last = error.__cause__
                self._lose()
                if reconnected:
                    break
                reconnected = True
            except OutcomeUnknown as error:
                return Outcome(job, error=error)
            except psycopg.Error as error:  # of COMMIT, and for certain
                return Outcome(job, error=_told(error, job.mode))
            except BaseException as error:  # a fault of this module's own: nobody waits in vain
                self._discard()
                return Outcome(job, error=error)
        return Outcome(job, error=_unavailable(last))

    def _once(self, job: Job) -> Outcome:
        connection, driver = self._connect()
        self._failure = None
        try:
            driver.execute(_BEGIN[job.mode])
        except psycopg.OperationalError as error:
            raise _Gone from error
        outcome = Outcome(job)
        try:
            outcome.value = job(connection)
        except BaseException as error:
            outcome.error = error
        # What the function makes of such errors does not matter: its transaction is over.
        if driver.closed:
            raise _Gone from self._failure or outcome.error
        if _state(self._failure) in _IN_THE_WAY:
            self._roll_back(driver)
            raise _InTheWay from self._failure
        if outcome.error is None and driver.info.transaction_status != TransactionStatus.INTRANS:
            outcome.error = WentOn()
            outcome.error.__cause__ = self._failure
        if outcome.error is not None:
            self._roll_back(driver)
            outcome.error = _told(outcome.error, job.mode)
            return outcome
        self._commit(driver)
        return outcome

    def _commit(self, driver: _Driver) -> None:
        try:
            driver.execute("COMMIT")
        except psycopg.Error as error:
            if driver.closed:
                self._lose()
                raise OutcomeUnknown from error
            self._roll_back(driver)
            if error.sqlstate in _IN_THE_WAY:
                raise _InTheWay from error
            raise

    def _roll_back(self, driver: _Driver) -> None:
        try:
            driver.execute("ROLLBACK")
        except psycopg.Error:
            self._discard()  # which rolls back, too

    def _connect(self) -> tuple[Connection, _Driver]:
        if self._connected_at <= self._connections.lost_at:
            self._discard()
        connection = self._connection
        try:
            if connection is None:
                if self._connections.over:
                    raise _Gone
                self._connected_at = time.monotonic()
                connection = self._connection = self._connections.engine.connect()
                connection.info[ON_ERROR] = self._on_error
                for limit in _LIMITS:
                    connection.exec_driver_sql(limit)
            driver = connection.connection.driver_connection
        except (DBAPIError, psycopg.Error) as error:
            raise _Gone from error
        if not isinstance(driver, psycopg.Connection):
            raise TypeError(f"not a connection of psycopg: {driver!r}")
        return connection, driver

    def _lose(self) -> None:
        """The connection was lost. The others' are not trusted either, from their next use on."""
        self._connections.lost_at = time.monotonic()
        self._discard()

    def _discard(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    def _on_error(self, error: BaseException) -> None:
        """Keep what the database said first of a conflict, else last: the function may hide it."""
        if _state(self._failure) not in _IN_THE_WAY:
            self._failure = error


def first_line(error: BaseException | None) -> str:
    """What a driver's error says, without its details."""
    original = error.orig if isinstance(error, DBAPIError) else error
    return str(original).strip().partition("\n")[0].rstrip(".")


def _state(error: BaseException | None) -> str:
    original = error.orig if isinstance(error, DBAPIError) else error
    return (original.sqlstate or "") if isinstance(original, psycopg.Error) else ""


def _unavailable(cause: BaseException | None) -> StorageUnavailable:
    unavailable = StorageUnavailable()
    unavailable.__cause__ = cause
    return unavailable


def _told(error: BaseException, mode: Mode) -> BaseException:
    """What the caller hears: errors of the machine as a sentence, all others as they are."""
    state = _state(error)
    read_only = state == "25006" and mode not in _LOOKS  # a stand-by took over
    return _unavailable(error) if state[:2] in _PASSING or read_only else error
