"""The bot as its own process: it starts, serves, and ends cleanly when it is told to."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.sandbox import Person, Sandbox

ROOT = Path(__file__).parent.parent


async def test_a_process_serves_until_it_is_told_to_end(
    sandbox: Sandbox, sqlite_url: str, dana: Person
) -> None:
    process = await asyncio.create_subprocess_exec(
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
    try:
        await sandbox.connected(within=60)
        await dana.tells_app("commit tell nobody about the merger by friday")
        await dana.tells_app("help")
        await sandbox.quiet()
        process.send_signal(signal.SIGTERM)
        out, log = await asyncio.wait_for(process.communicate(), 30)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, log.decode()
    assert out.decode().startswith("Common Ground is running: Slack, by Socket Mode.")
    assert len([each for each in dana.dm() if each.bot_id]) == 2  # sent before the end
    for secret in (sandbox.bot_token, sandbox.app_token, "merger", "tell nobody"):
        assert secret not in log.decode()
    assert '"event": "stopped"' in log.decode()
