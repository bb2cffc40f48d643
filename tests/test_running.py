"""The bot as its own process: it starts, serves, and ends cleanly when it is told to."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.sandbox import Message, Person, Sandbox

ROOT = Path(__file__).parent.parent


async def test_a_process_serves_until_it_is_told_to_end(
    sandbox: Sandbox, sqlite_url: str, dana: Person
) -> None:
    def answers() -> list[Message]:
        return [each for each in dana.dm() if each.bot_id]

    first = await _started(sandbox, sqlite_url)
    try:
        await sandbox.connected(within=60)
        await dana.tells_app("commit tell nobody about the merger by friday")
        await dana.tells_app("help")
        await sandbox.quiet()
    finally:
        out, log = await _ended(first)
    assert first.returncode == 0, log
    assert out.startswith("Common Ground is running: Slack, by Socket Mode.")
    assert answers()  # what was under way is sent before the end
    for secret in (sandbox.bot_token, sandbox.app_token, "merger", "tell nobody"):
        assert secret not in log
    assert '"event": "stopped"' in log

    second = await _started(sandbox, sqlite_url)
    try:
        await sandbox.until(lambda: len(answers()) == 2, within=60)  # the rest by the next one
    finally:
        await _ended(second)
    assert len(answers()) == 2


async def _started(sandbox: Sandbox, sqlite_url: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("CG_")},
            "SLACK_API_URL": sandbox.api_url,
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "DATABASE_URL": sqlite_url,
            "CG_LOG_LEVEL": "DEBUG",
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def _ended(process: asyncio.subprocess.Process) -> tuple[str, str]:
    """Told to end; what it wrote. Killed if it does not end in thirty seconds."""
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        out, log = await asyncio.wait_for(process.communicate(), 30)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return out.decode(), log.decode()
