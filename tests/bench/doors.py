"""How fast deliveries are answered, as a share of an empty listener's speed."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from sqlalchemy import func, select

from storage.database import Database
from storage.store import Store
from storage.tables import commitment, commitment_history, delivery, message, response
from tests.bench import deliveries
from tests.bench.children import Child
from tests.bench.deliveries import BOT_TOKEN, SECRET
from tests.bench.figures import Figure, Goal, percentile
from tests.bench.load import at_once, check, get, lines, steadily
from tests.bench.world import CHANNELS, prepare

AT_ONCE = 16
RATE = 100

WRITTEN = 40 * 1024
"""Bytes that SQLite writes for a commitment: ten pages."""

ANSWERED = b"Nothing to do."
PROPOSED = b"Nothing counts until"
ANYTHING = b""


@dataclass(frozen=True, slots=True)
class Length:
    """How long the measuring takes."""

    rounds: int
    seconds: float
    """Of each turn with as many requests as will go."""
    steady_rounds: int
    steady_seconds: float
    """Of each turn with a steady rate."""


@asynccontextmanager
async def running_bot(folder: Path, slack: Child) -> AsyncIterator[tuple[Child, dict[str, str]]]:
    """The whole bot by signed HTTP on SQLite, its courier posting to ``slack``.

    With it the ``ts`` of each channel's check-in.
    """
    database = folder / "bot.db"
    prompts = await prepare(database)
    with Child(folder, "-m", "bot", "run", variables=variables(slack, database)) as bot:
        yield bot, prompts


def variables(slack: Child, database: Path) -> dict[str, str]:
    """What configures the bot."""
    return {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"{slack.address}/api/",
        "DATABASE_URL": f"sqlite:///{database}",
        "PORT": "0",
        "CG_LOG_LEVEL": "WARNING",
    }


async def measure(folder: Path, slack: Child, length: Length) -> list[Figure]:
    """Commands and replies, against an empty listener, in turns."""
    with Child(folder, "-m", "tests.bench.empty") as empty:
        async with running_bot(folder, slack) as (bot, prompts):
            turns = _Turns(empty, bot, prompts)
            await turns.warm_up()
            for _ in range(length.rounds):
                await turns.fast(length.seconds)
            for _ in range(length.steady_rounds):
                await turns.steady(length.steady_seconds)
                turns.syncs.append(await asyncio.to_thread(_syncs, folder, length.steady_seconds))
        await _compare(folder / "bot.db", turns)
    return turns.figures()


@dataclass(frozen=True, slots=True)
class _Speed:
    rate: float
    """Answers per second."""
    cpu: float
    """Microseconds of a processor per answer."""


class _Turns:
    def __init__(self, empty: Child, bot: Child, prompts: dict[str, str]) -> None:
        self._empty = empty
        self._bot = bot
        self._commands: Iterator[bytes] = deliveries.commands()
        self._replies: Iterator[bytes] = deliveries.replies(prompts)
        self._speeds: list[tuple[_Speed, _Speed, _Speed, _Speed]] = []
        self._waits: list[tuple[list[float], list[float]]] = []
        self.syncs: list[list[float]] = []
        self.commands = 0
        self.replies = 0

    async def warm_up(self) -> None:
        """Each way once through, so that what is asked of Slack once has been asked."""
        async with lines(self._bot.address, 1) as [line]:
            for _ in CHANNELS:
                check(await line.ask(self._next_command()), PROPOSED)
                check(await line.ask(self._next_reply()), ANYTHING)
        async with lines(self._empty.address, 1) as [line]:
            check(await line.ask(next(self._commands)), ANSWERED)

    async def fast(self, seconds: float) -> None:
        """Sixteen requests under way at any time, one kind after the other."""
        empty, bot = self._empty, self._bot
        self._speeds.append(
            (
                await _speed(empty, self._commands, ANSWERED, seconds),
                await _speed(bot, self._counted_commands(), PROPOSED, seconds),
                await _speed(empty, self._replies, ANYTHING, seconds),
                await _speed(bot, self._counted_replies(), ANYTHING, seconds),
            )
        )

    async def steady(self, seconds: float) -> None:
        """A hundred commands a second."""
        self._waits.append(
            (
                await steadily(self._empty.address, self._commands, ANSWERED, RATE, seconds),
                await steadily(
                    self._bot.address, self._counted_commands(), PROPOSED, RATE, seconds
                ),
            )
        )

    def figures(self) -> list[Figure]:
        empty, commit, empty_event, reply = (
            [speed.rate for speed in turn] for turn in zip(*self._speeds, strict=True)
        )
        empty_cpu, commit_cpu, _, reply_cpu = (
            median(speed.cpu for speed in turn) for turn in zip(*self._speeds, strict=True)
        )
        calm = [1e3 * percentile(each, 99) for each, _ in self._waits]
        busy = [1e3 * percentile(each, 99) for _, each in self._waits]
        return [
            Figure("empty_rate", median(empty), "1/s", f"empty listener, {AT_ONCE} at once"),
            Figure("commit_rate", median(commit), "1/s", "/partner commit, durable"),
            Figure(
                "commit_ratio",
                _middle(commit, empty),
                "ratio",
                "/partner commit to the empty listener",
                Goal(0.30, 0.50),
            ),
            Figure("empty_event_rate", median(empty_event), "1/s", "empty listener, an event"),
            Figure("reply_rate", median(reply), "1/s", "a reply to a check-in, stored"),
            Figure("reply_ratio", _middle(reply, empty_event), "ratio", "the same, to the empty"),
            Figure("empty_cpu", empty_cpu, "µs", "processor time of each empty command"),
            Figure("commit_cpu", commit_cpu, "µs", "the same of each commit, posting included"),
            Figure("reply_cpu", reply_cpu, "µs", "the same of each reply"),
            Figure("empty_p99", median(calm), "ms", f"empty listener at {RATE}/s"),
            Figure("commit_p99", median(busy), "ms", f"/partner commit at {RATE}/s"),
            Figure(
                "fsync_p99",
                median(1e3 * percentile(each, 99) for each in self.syncs),
                "ms",
                f"what the disk alone takes at {RATE}/s",
            ),
            Figure("p99_ratio", _middle(busy, calm), "ratio", "the same", Goal(2, 1.25)),
        ]

    def _next_command(self) -> bytes:
        self.commands += 1
        return next(self._commands)

    def _next_reply(self) -> bytes:
        self.replies += 1
        return next(self._replies)

    def _counted_commands(self) -> Iterator[bytes]:
        while True:
            yield self._next_command()

    def _counted_replies(self) -> Iterator[bytes]:
        while True:
            yield self._next_reply()


def _syncs(folder: Path, seconds: float) -> list[float]:
    """How long the disk takes to keep what a commitment writes, in seconds, at the same rate.

    No answer can be faster than that: each is given after its commit.
    """
    took: list[float] = []
    with (folder / "sync").open("wb") as file:
        for _ in range(int(RATE * seconds)):
            file.write(bytes(WRITTEN))
            file.flush()
            began = perf_counter()
            os.fsync(file.fileno())
            took.append(perf_counter() - began)
            sleep(1 / RATE)
    return took


async def _speed(
    child: Child, requests: Iterator[bytes], expected: bytes, seconds: float
) -> _Speed:
    async with lines(child.address, AT_ONCE) as opened:
        used = child.cpu()
        count, took = await at_once(opened, requests, expected, seconds)
        return _Speed(count / took, 1e6 * (child.cpu() - used) / count)


def _middle(above: Sequence[float], below: Sequence[float]) -> float:
    """The median of the rounds' own ratios: what slows the machine slows both of a round."""
    return median(one / other for one, other in zip(above, below, strict=True))


async def _compare(path: Path, turns: _Turns) -> None:
    """What was acknowledged is there: each commitment with its history and its card."""
    db = await Database.open(f"sqlite:///{path}", read_only=True)
    try:
        stored = await db.read(_stored)
    finally:
        await db.close()
    made, replies = turns.commands, turns.replies
    wanted = {"commitment": made, "commitment_history": made, "card": made, "response": replies}
    found = {name: stored[name] for name in wanted}
    if found != wanted or stored["delivery"] < made + replies:
        raise RuntimeError(f"{wanted} acknowledged, {stored} stored")


def _stored(store: Store) -> dict[str, int]:
    counted = {
        table.name: int(
            store.connection.execute(select(func.count()).select_from(table)).scalar_one()
        )
        for table in (commitment, commitment_history, response, delivery)
    }
    cards = select(func.count()).select_from(message).where(message.c.kind == "card")
    return counted | {"card": int(store.connection.execute(cards).scalar_one())}


async def ready(address: str, seconds: float = 30.0) -> None:
    """Wait until the bot says that it is ready."""
    async with asyncio.timeout(seconds), lines(address, 1) as [line]:
        while True:
            try:
                await line.ask(get("/readyz"))
            except Exception:
                await asyncio.sleep(0.005)
            else:
                return
