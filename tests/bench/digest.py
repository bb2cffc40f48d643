"""What a digest costs, and how many queries it takes, for few and for many commitments."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from bot.services import commitments, digest
from bot.services.commitments import Propose
from bot.views import digest as views
from storage.database import Database
from storage.store import Store
from tests.bench.figures import Figure, Goal
from tests.bench.world import BO, CHANNELS, DANA, prepare


async def measure(folder: Path, few: int, many: int, rounds: int) -> list[Figure]:
    """A digest of so many commitments, read and put into words, in turns."""
    path = folder / "digest.db"
    await prepare(path)
    db = await Database.open(f"sqlite:///{path}")
    try:
        for channel, size in zip(CHANNELS, (few, many), strict=False):
            await db.run(_promise, channel, size)
        times = [
            (await _digest(db, CHANNELS[0]), await _digest(db, CHANNELS[1])) for _ in range(rounds)
        ]
        queries = [await db.read(_queries, channel) for channel in CHANNELS[:2]]
    finally:
        await db.close()
    return [
        Figure("digest_small", 1e3 * median(a for a, _ in times), "ms", f"of {few} commitments"),
        Figure("digest_large", 1e3 * median(b for _, b in times), "ms", f"of {many:,}"),
        Figure("digest_queries", queries[1], "queries", f"of {many:,}"),
        Figure(
            "digest_queries_ratio",
            queries[1] / queries[0],
            "ratio",
            f"of {many:,} to those of {few}",
            Goal(1, 1),
        ),
    ]


def _promise(store: Store, channel: str, count: int) -> None:
    now = datetime.now(UTC)
    for number in range(count):
        asked = number % 2 == 0
        commitments.propose(
            store,
            Propose(
                key=f"digest:{channel}:{number}",
                installation_id=1,
                channel=channel,
                by=DANA if asked else BO,
                owner=BO,
                what=f"invite {number + 2} mentees to the first evening",
                due=now.date() + timedelta(days=number % 10),
            ),
            now,
        )


async def _digest(db: Database, channel: str) -> float:
    began = perf_counter()
    found = await db.read(digest.preview, 1, channel, datetime.now(UTC))
    said = views.preview(found)
    took = perf_counter() - began
    if "invite" not in said["text"]:
        raise RuntimeError(f"the digest does not tell of the commitments: {said['text']}")
    return took


def _queries(store: Store, channel: str) -> int:
    """How many statements reach SQLite, by whatever way."""
    driver: Any = store.connection.connection.driver_connection
    seen: list[str] = []
    driver.set_trace_callback(seen.append)
    try:
        digest.preview(store, 1, channel, datetime.now(UTC))
    finally:
        driver.set_trace_callback(None)
    return len(seen)
