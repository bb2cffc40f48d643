"""How long it takes to start, and what it holds in memory at rest."""

import asyncio
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench import deliveries
from tests.bench.children import Child, environment
from tests.bench.doors import PROPOSED, ready, variables
from tests.bench.figures import Figure, Goal
from tests.bench.load import check, lines
from tests.bench.world import BO, prepare

FOR_DATEPARSER = f"commit <@{BO.user}|bo> invite 12 mentees by Nov. 30th, 2028 AD"
"""A date that our own rules do not know, so that ``dateparser`` is loaded."""

REST_SECONDS = 5.0


def measure_help(folder: Path, rounds: int) -> list[Figure]:
    """``--help`` against a Python that does nothing, in turns."""
    times = [
        (_run(folder, "-c", "pass"), _run(folder, "-m", "bot", "--help")) for _ in range(rounds)
    ]
    return [
        Figure("python_start", 1e3 * median(bare for bare, _ in times), "ms", "python -c pass"),
        Figure("help", 1e3 * median(said for _, said in times), "ms", "python -m bot --help"),
        Figure(
            "help_ratio",
            median(said for _, said in times) / median(bare for bare, _ in times),
            "ratio",
            "the same",
            Goal(5, 3),
        ),
    ]


def _run(folder: Path, *arguments: str) -> float:
    began = perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment({}),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return perf_counter() - began


async def measure_start(folder: Path, slack: Child, rounds: int) -> list[Figure]:
    """From the command to *ready*, on a new database and on one that is there; then at rest."""
    new, again, memory, idle = [], [], [], []
    for turn in range(rounds):
        database = folder / f"start{turn}.db"
        new.append(await _until_ready(folder, slack, database))
        again.append(await _until_ready(folder, slack, database))
        held, used = await _at_rest(folder, slack, folder / f"rest{turn}.db")
        memory.append(held)
        idle.append(used)
    return [
        Figure("start_new", median(new), "s", "until ready, making the database"),
        Figure("start_again", median(again), "s", "until ready, the database is there"),
        Figure("memory", median(memory), "MB", "at rest, after a date was parsed", Goal(120, 95)),
        Figure("cpu_at_rest", 100 * median(idle), "%", "of one processor, at rest"),
    ]


async def _until_ready(folder: Path, slack: Child, database: Path) -> float:
    with Child(folder, "-m", "bot", "run", variables=variables(slack, database)) as bot:
        await ready(bot.address)
        return perf_counter() - bot.began


async def _at_rest(folder: Path, slack: Child, database: Path) -> tuple[float, float]:
    """Megabytes, and the share of a processor."""
    await prepare(database)
    with Child(folder, "-m", "bot", "run", variables=variables(slack, database)) as bot:
        await ready(bot.address)
        async with lines(bot.address, 1) as [line]:
            check(await line.ask(next(deliveries.commands(FOR_DATEPARSER))), PROPOSED)
        await asyncio.sleep(1)
        used = bot.cpu()
        await asyncio.sleep(REST_SECONDS)
        return bot.memory(), (bot.cpu() - used) / REST_SECONDS


def measure_story(folder: Path, rounds: int) -> list[Figure]:
    """``make run`` without tokens, from the command until the first day is told."""
    told = []
    for _ in range(rounds):
        with Child(folder, "-m", "bot", "run", variables={"PORT": "0"}) as sandbox:
            told.append(sandbox.told_after)
    return [Figure("story", median(told), "s", "sandbox, until the first day is told")]
