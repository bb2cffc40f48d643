"""The bot as a process that is told to end in the middle of its work, by either door."""

import asyncio
import os
import re
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox import Faults, Person, Sandbox

ROOT = Path(__file__).parent.parent
DOORS = ("socket", "http")


@dataclass
class Hanging(Faults):
    """Slack takes every post, and answers when it is let."""

    goes_on: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0

    async def after_call(
        self, method: str, args: Mapping[str, Any], result: Mapping[str, Any]
    ) -> web.Response | None:
        if method == "chat.postMessage":
            self.waiting += 1
            async with asyncio.timeout(25):  # a test that fails is to end all the same
                await self.goes_on.wait()
        return None


@asynccontextmanager
async def process(
    sandbox: Sandbox, database: str, door: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot, running; killed at the end if it did not end by itself."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("CG_")}
    settings = {
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "DATABASE_URL": database,
        "PORT": "0",
    }
    if door == "socket":
        settings["SLACK_APP_TOKEN"] = sandbox.app_token
    else:
        settings["SLACK_SIGNING_SECRET"] = sandbox.signing_secret
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        cwd=ROOT,
        env={**own, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()


async def ready(sandbox: Sandbox, running: asyncio.subprocess.Process, door: str) -> None:
    """Until deliveries arrive."""
    assert running.stdout is not None
    said = (await asyncio.wait_for(running.stdout.readline(), 60)).decode()
    if door == "socket":
        await sandbox.connected(within=60)
    else:
        address = re.search(r"http://\S+?(?=\. )", said)
        assert address, said
        sandbox.use_http(f"{address[0]}/slack/events")


def stored(database: str) -> list[tuple[str, str | None]]:
    """(state, ts) of every message, read from the file itself."""
    with sqlite3.connect(database.removeprefix("sqlite:///")) as file:
        return list(file.execute("SELECT state, ts FROM message"))


@pytest.mark.parametrize("door", DOORS)
async def test_told_to_end_while_slack_has_not_answered_it_waits_and_notes_the_answer(
    sandbox: Sandbox, sqlite_url: str, dana: Person, door: str
) -> None:
    async with process(sandbox, sqlite_url, door) as running:
        await ready(sandbox, running, door)
        sandbox.api.faults = faults = Hanging()
        await dana.tells_app("help")
        await sandbox.until(lambda: faults.waiting == 1, within=20)
        told = time.monotonic()
        running.send_signal(signal.SIGTERM)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(running.wait(), 1)  # it does not run away from its work
        faults.goes_on.set()
        _, log = await asyncio.wait_for(running.communicate(), 30)
    assert time.monotonic() - told < 30
    assert running.returncode == 0, log.decode()
    assert '"event": "stopped"' in log.decode()
    (said,) = [each for each in dana.dm() if each.bot_id]
    assert stored(sqlite_url) == [("sent", said.ts)]


async def test_where_slack_never_answers_it_ends_all_the_same_and_loses_nothing(
    sandbox: Sandbox, sqlite_url: str, dana: Person
) -> None:
    async with process(sandbox, sqlite_url, "http") as running:
        await ready(sandbox, running, "http")
        sandbox.api.faults = faults = Hanging()
        await dana.tells_app("help")
        await sandbox.until(lambda: faults.waiting == 1, within=20)
        told = time.monotonic()
        running.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(running.communicate(), 30)
        faults.goes_on.set()
    assert time.monotonic() - told < 30
    assert running.returncode == 0, log.decode()
    assert stored(sqlite_url) == [("unknown", None)]  # the next start looks it up


async def test_a_second_process_on_one_file_ends_with_a_sentence(
    sandbox: Sandbox, sqlite_url: str
) -> None:
    async with process(sandbox, sqlite_url, "socket") as first:
        await ready(sandbox, first, "socket")
        async with process(sandbox, sqlite_url, "socket") as second:
            out, said = await asyncio.wait_for(second.communicate(), 60)
        assert (second.returncode, out) == (1, b"")
        sentence = said.decode().strip().splitlines()[-1]
        assert "another" in sentence.lower()
        assert "Traceback" not in said.decode()
        first.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(first.wait(), 30) == 0
