"""A bot process that may exit or stop at a chosen point, or lack a safeguard, for a control."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from multiprocessing.connection import Connection
from pathlib import Path

from bot import app
from bot.courier import Patience, Point
from bot.settings import Settings
from handlers import clock
from storage.store import Store
from tests.faults import safeguards
from tests.faults.slack import Address

EXITED = 86
"""The exit status of a process that left at its point."""


READ = ".read"
"""The ending of the file in which a bot notes what its clock said when it looked last."""


class TickPoint(StrEnum):
    """Where the clock stands with what is due."""

    WRITTEN = "written"  # occurrences and messages are written, the transaction is not committed
    COMMITTED = "committed"


POINTS: tuple[str, ...] = (*Point, *TickPoint)


@dataclass(frozen=True, slots=True)
class Times:
    """The courier's ``Patience``, in seconds, as short as a slow machine bears."""

    lease: float = 3.0
    call: float = 1.0
    quiet: float = 1.0
    pace: float = 1.0
    idle: float = 0.2
    at_once: int = 8
    attempts: int = 40
    """Many: what is given up would be counted, but proves nothing about doubles."""
    first_rest: float = 0.001

    def patience(self) -> Patience:
        return Patience(
            lease=self.lease,
            call=self.call,
            quiet=self.quiet,
            pace=self.pace,
            idle=self.idle,
            at_once=self.at_once,
            attempts=self.attempts,
            first_rest=self.first_rest,
        )


@dataclass(frozen=True, slots=True)
class Spec:
    """What a bot process is started with."""

    database_url: str
    slack: Address
    log: Path
    """Where its standard error goes."""
    offset: float = 0.0
    """Seconds that its calendar is ahead of the machine's clock."""
    clock: Path | None = None
    """A file that holds such an offset instead: whoever writes it moves the calendar."""
    times: Times = field(default_factory=Times)
    exit_at: str | None = None
    """A point (``POINTS``) at which it exits at once, as if killed."""
    stop_at: str | None = None
    """A point at which it stops itself (SIGSTOP), once; whoever started it lets it go on."""
    hits: int = 1
    """At which passing of that point."""
    linger: Mapping[str, float] = field(default_factory=dict)
    """How long (seconds) it works at a point, as a busy machine would."""
    control: safeguards.Control | None = None
    ack_first: bool = False
    """For a control: it acknowledges events before it has handled them."""
    skew: float = 0.0
    """Of ``Control.OWN_CLOCK``: how far its clock is ahead of the database's."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The machine's clock, moved to another day, and on if there is a file to say so."""

    offset: float
    file: Path | None = None

    def now(self) -> datetime:
        if self.file is None:
            return datetime.now(UTC) + timedelta(seconds=self.offset)
        said = self.file.read_text("utf-8")
        self.file.with_suffix(READ).write_text(said, "utf-8")
        return datetime.now(UTC) + timedelta(seconds=float(said))


class Probe:
    """Counts the points and does at them what the spec says."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._passed: Counter[str] = Counter()

    async def __call__(self, point: Point) -> None:
        if (linger := self._spec.linger.get(point)) is not None:
            await asyncio.sleep(linger)
        self.pass_by(point)

    def pass_by(self, point: str) -> None:
        """Exit or stop, if it is time to."""
        self._passed[point] += 1
        if self._passed[point] != self._spec.hits:
            return
        if point == self._spec.exit_at:
            os._exit(EXITED)
        if point == self._spec.stop_at:
            os.kill(os.getpid(), signal.SIGSTOP)


def main(spec: Spec, connection: Connection) -> None:
    """What the process does: run until SIGTERM. Tells its address once it is ready."""
    log = os.open(spec.log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    os.dup2(log, 2)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
    app.configure_logging("WARNING")
    if spec.control is not None:
        safeguards.remove_safeguard(spec.control, spec.skew)
    if spec.ack_first:
        safeguards.acknowledge_first()
    probe = Probe(spec)
    _watch_the_clock(probe)
    asyncio.run(_run(spec, probe, connection))


async def _run(spec: Spec, probe: Probe, connection: Connection) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    # Nothing is ever said to it: there is something to read when whoever started it has gone.
    loop.add_reader(connection.fileno(), stop.set)
    settings = Settings.model_validate(
        {
            "slack_bot_token": spec.slack.bot_token,
            "slack_signing_secret": spec.slack.signing_secret,
            "slack_api_url": spec.slack.api_url,
            "database_url": spec.database_url,
            "port": 0,
            "CG_TICK_SECONDS": 1,
        }
    )
    bot = await app.build(
        settings, Moved(spec.offset, spec.clock), patience=spec.times.patience(), probe=probe
    )
    if spec.control is safeguards.Control.SDK_RETRIES:
        safeguards.retry_in_the_sdk(bot.house.directory)
    try:
        await bot.start()
        connection.send(bot.address)
        await stop.wait()
    finally:
        loop.remove_reader(connection.fileno())
        await bot.stop()


def _watch_the_clock(probe: Probe) -> None:
    """Pass by the points of the tick. The product has none, since it needs none."""
    parts = clock.ticks

    def watched(settings: Settings) -> tuple[clock.Tick, ...]:
        return tuple(_watched(part, probe) for part in parts(settings))

    clock.ticks = watched


def _watched(part: clock.Tick, probe: Probe) -> clock.Tick:
    done = 0

    def passes(store: Store, now: datetime, limit: int) -> int:
        nonlocal done
        if done:  # called again, so what it did before is committed
            probe.pass_by(TickPoint.COMMITTED)
        done = part(store, now, limit)
        if done:
            probe.pass_by(TickPoint.WRITTEN)
        return done

    return passes
