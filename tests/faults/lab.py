"""What a row works with: seed, size, folder, databases, a hostile Slack, bot processes."""

import asyncio
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any, TypeVar

from bot.sandbox import Limits
from storage.migrations import bring_up_to_date
from storage.urls import read_url
from tests.faults import checker, journal, slack, worker
from tests.faults.checker import Findings, rows
from tests.faults.plan import Plan, chance
from tests.faults.rows import Size
from tests.faults.slack import Address, Setting, Slack
from tests.faults.worker import Spec, Times
from tests.postgres import PostgresServer

T = TypeVar("T")

READY_SECONDS = 60.0
STOP_SECONDS = 35.0

TELL_SECONDS = 15.0
"""How often a row says at most how far it has come."""

_WAITING = "SELECT count(*) AS n FROM message WHERE pending"
_DUE = "SELECT count(*) AS n FROM due WHERE at <= {at}"


async def wait_for(true: Callable[[], bool], within: float, every: float = 0.01) -> bool:
    """Look again and again; False if it is not true within so many seconds."""
    until = time.monotonic() + within
    while not true():
        if time.monotonic() > until:
            return False
        await asyncio.sleep(every)
    return True


class Nursery:
    """Where processes are forked, from one that has imported everything already."""

    def __init__(self) -> None:
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.faults.worker", "tests.faults.slack"])

    def start(self, main: Callable[..., None], given: Any) -> "Child":
        """A process that runs ``main(given, connection)``; the other end of which is ours."""
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=main, args=(given, theirs), daemon=True)
        process.start()
        theirs.close()
        return Child(process, ours)


class Child:
    """One process. It is only ever signaled by its own id."""

    def __init__(self, process: ForkServerProcess, connection: Connection) -> None:
        self.process = process
        self.connection = connection
        self.address = ""

    @property
    def pid(self) -> int:
        return self.process.pid or 0

    @property
    def status(self) -> int | None:
        """Its exit status (negative: the signal); None while it lives."""
        return self.process.exitcode

    async def hears(self, within: float = READY_SECONDS) -> Any:
        """What it says next; raises RuntimeError if it ends, or says nothing in time."""
        until = time.monotonic() + within
        while not self.connection.poll():
            if self.status is not None and not self.connection.poll():
                raise RuntimeError(f"process {self.pid} ended with {self.status}")
            if time.monotonic() > until:
                raise RuntimeError(f"process {self.pid} says nothing")
            await asyncio.sleep(0.01)
        try:
            return self.connection.recv()
        except EOFError:
            raise RuntimeError(f"process {self.pid} has gone") from None

    async def ended(self, within: float = STOP_SECONDS) -> int:
        """Its exit status, once it has ended; TimeoutError if it does not."""
        if not await wait_for(lambda: self.status is not None, within):
            raise TimeoutError(f"process {self.pid} does not end")
        return self.status or 0

    def signal(self, number: int) -> None:
        """Send it a signal, if it is still there."""
        if self.status is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def kill(self) -> None:
        """End it at once (SIGKILL)."""
        self.signal(signal.SIGKILL)
        await self.ended()

    async def stop(self) -> float:
        """Ask it to end (SIGTERM); returns how many seconds that took."""
        began = time.monotonic()
        self.signal(signal.SIGTERM)
        await self.ended()
        return time.monotonic() - began

    async def stopped(self, within: float = READY_SECONDS) -> bool:
        """Wait until it has stopped itself (SIGSTOP); False if it ended, or did not in time."""
        await wait_for(lambda: self.status is not None or _state(self.pid) == "T", within)
        return self.status is None and _state(self.pid) == "T"

    async def close(self) -> None:
        """Be rid of it, whatever it is doing."""
        await self.kill()
        self.connection.close()
        self.process.join()


def _state(pid: int) -> str:
    """The letter that ``ps`` shows for a process: ``T`` where it is stopped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:  # not Linux, or it has gone
        told = subprocess.run(
            ["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return told.stdout.strip()[:1]


@dataclass(slots=True)
class Lab:
    """One row's. Left with everything ended and dropped."""

    name: str
    seed: int
    size: Size
    folder: Path
    nursery: Nursery
    house: "House"
    rng: random.Random = field(init=False)
    _numbers: Any = field(default_factory=lambda: count(1))
    _children: list[Child] = field(default_factory=list)
    _databases: list[str] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)
    _told: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.rng = chance(f"{self.name}:{self.seed}")

    def pick(self, smallest: T, short: T, full: T) -> T:
        """What goes with the size."""
        return (smallest, short, full)[self.size]

    def tell(self, done: int, most: int, what: str) -> None:
        """Say now and then how far the row has come, on standard error, for who watches it."""
        now = time.monotonic()
        if self.size is Size.SMALLEST or now - self._told < TELL_SECONDS:
            return
        self._told = now
        after = now - self._began
        sys.stderr.write(f"{self.name}: {done} of {most} {what} after {after:.0f} s\n")
        sys.stderr.flush()

    @property
    def pace(self) -> float:
        """Seconds between two posts in a channel: Slack's limit, shorter in the smallest run."""
        return 0.1 if self.size is Size.SMALLEST else checker.PACE

    def times(self, usual: Times | None = None) -> Times:
        """The courier's times: the usual ones, or shorter where nothing is to be proved."""
        if self.size is Size.SMALLEST:
            return Times(lease=2.5, call=0.8, quiet=0.5, pace=self.pace)
        return usual or Times()

    # Databases

    def sqlite(self, folder: Path | None = None) -> str:
        """The URL of a fresh SQLite database with all tables, in the row's folder or another."""
        path = (folder or self.folder) / f"{next(self._numbers)}.db"
        shutil.copyfile(self.house.sqlite_template(), path)
        return f"sqlite:///{path}"

    def postgresql(self) -> str:
        """The URL of a fresh PostgreSQL database with all tables, on the run's own server."""
        server = self.house.postgresql()
        name = server.create()
        self._databases.append(name)
        return server.url(name)

    def database(self, backend: str) -> str:
        """One or the other: ``sqlite``, ``postgresql``."""
        return self.sqlite() if backend == "sqlite" else self.postgresql()

    # Processes

    @asynccontextmanager
    async def slack(
        self,
        plan: Plan,
        channels: Sequence[str],
        *,
        events: bool = False,
        limits: Limits | None = None,
    ) -> AsyncIterator[Slack]:
        """A hostile Slack with these channels, until the end of the ``with``."""
        path = self.folder / f"slack-{next(self._numbers)}.jsonl"
        path.touch()
        limits = limits or Limits(post_interval=self.pace)
        setting = Setting(plan, path, tuple(channels), events, limits)
        child = self.nursery.start(slack.main, setting)
        self._children.append(child)
        try:
            address: Address = await child.hears()
            yield Slack(child.pid, child.connection, path, address)
        finally:
            await child.close()

    async def bot(self, spec: Spec, *, ready: bool = True) -> Child:
        """A bot process. With ``ready``, waits until it runs and listens at its ``address``."""
        child = self.nursery.start(worker.main, spec)
        self._children.append(child)
        if ready:
            child.address = await child.hears()
        return child

    def log(self, folder: Path | None = None) -> Path:
        """A file for what a process says."""
        return (folder or self.folder) / f"bot-{next(self._numbers)}.log"

    async def drained(
        self, database_url: str, *, within: float, calendar_offset: float | None = None
    ) -> bool:
        """Wait until nothing is pending (nor due, by the calendar); False if it takes longer."""
        until = time.monotonic() + within
        most = 0
        while time.monotonic() < until:
            left = await asyncio.to_thread(_left, database_url, calendar_offset)
            if not left:
                return True
            most = max(most, left)
            self.tell(most - left, most, "messages that were left at the end")
            await asyncio.sleep(0.25)
        return False

    def journal(self, of: Slack) -> list[journal.Entry]:
        """What that Slack saw so far."""
        return journal.read(of.journal)

    def check(
        self,
        of: Slack,
        database_url: str,
        occurrences: int | None = None,
        *,
        posts: int | None = None,
        may_give_up: Collection[str] = (),
    ) -> Findings:
        """Compare what that Slack saw with a database; see ``checker.check``."""
        return checker.check(
            self.journal(of),
            database_url,
            occurrences=occurrences,
            posts=posts,
            may_give_up=may_give_up,
            pace=self.pace,
        )

    async def close(self) -> None:
        """End what is left."""
        for child in self._children:
            await child.close()
        self._children.clear()
        for name in self._databases:
            self.house.postgresql().drop(name)
        self._databases.clear()


def _left(database_url: str, offset: float | None) -> int:
    left = int(rows(database_url, _WAITING)[0]["n"])
    if offset is not None and not left:
        at = int((time.time() + offset) * 1_000_000)
        left = int(rows(database_url, _DUE.format(at=at))[0]["n"])
    return left


class House:
    """What all rows of a run share: the PostgreSQL server, made when first wanted, and an empty
    SQLite file to copy.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: PostgresServer | None = None

    def sqlite_template(self) -> Path:
        path = self.folder / "template.db"
        if not path.exists():
            bring_up_to_date(read_url(f"sqlite:///{path}"))
        return path

    def postgresql(self) -> PostgresServer:
        if self._server is None:
            self._server = PostgresServer(self.folder / "pg")
        return self._server

    def close(self) -> None:
        if self._server is not None:
            self._server.stop()
