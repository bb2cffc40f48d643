"""The first five minutes: bot and sandbox in one process, and the first day of the story.

The two share a calendar that can be moved and still talk over the wire. The story is told by its
people, through the same doors that a visitor has; the bot does nothing that it would not do in
Slack.
"""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot import manifest
from bot.app import Bot, build, configure_logging
from bot.courier import Patience
from bot.domain.errors import BotError
from bot.sandbox import Sandbox
from bot.settings import Settings

CHANNEL = "mentoring-partners"
FIRST_DAY = datetime(2026, 11, 16, 9, 0, tzinfo=ZoneInfo("America/New_York"))
"""A Monday, eight days before the first check-in of the story and two weeks before the promise."""
NEXT_PORTS = 20
"""How many ports after a taken one are tried."""
_PORTS = 2**16
HINT = (
    "Be Bo of Northside Youth: Dana of Acme asks something of Bo in #mentoring-partners. Answer "
    "there with one of the buttons. Then try “Next week”, and be Dana or Hui for a while."
)


@dataclass(slots=True)
class MovableCalendar:
    """A calendar that goes on by itself and can be moved forward, never back."""

    start: datetime = FIRST_DAY
    _moved: timedelta = timedelta()
    _began: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        """The present of the story, in UTC."""
        gone = max(datetime.now(UTC) - self._began, timedelta())
        return self.start.astimezone(UTC) + gone + self._moved

    def move_to(self, moment: datetime) -> None:
        """Go forward to a moment; a moment already gone by changes nothing."""
        self._moved += max(moment - self.now(), timedelta())


@dataclass(frozen=True, slots=True)
class Demo:
    """Bot and sandbox, running together."""

    sandbox: Sandbox
    bot: Bot
    calendar: MovableCalendar

    async def settled(self) -> None:
        """Until nothing is under way on either side."""
        for _ in range(3):  # an answer can be a delivery, and a delivery can have an answer
            await self.sandbox.quiet()
            await self.bot.drain()

    async def days_pass(self, days: int) -> None:
        """Step through each next due moment of the coming days: tick, post, deliver.

        The last day ends at nine in the morning of the story's zone, when people begin to work.
        """
        zone = FIRST_DAY.tzinfo
        today = self.calendar.now().astimezone(zone).date()
        end = datetime.combine(today + timedelta(days=days), time(9), zone).astimezone(UTC)
        while (moment := await self.bot.next_moment()) is not None and moment <= end:
            self.calendar.move_to(moment)
            await self._tick()
            if await self.bot.next_moment() == moment:
                break  # what is due there cannot be done now; the next tick tries again
        self.calendar.move_to(end)
        await self._tick()

    async def _tick(self) -> None:
        await self.bot.tick()
        await self.settled()


@asynccontextmanager
async def open_demo(settings: Settings, port: int, *, pace: bool = True) -> AsyncIterator[Demo]:
    """A sandbox on the port (or the next free one) with the bot in it and nothing said yet.

    Without ``pace`` neither side keeps to one post a second in a channel.
    """
    calendar = MovableCalendar()
    folder = Path(tempfile.mkdtemp(prefix="common-ground-"))
    steps: list[Demo] = []

    async def step(days: int) -> None:
        await steps[0].days_pass(days)

    sandbox = Sandbox.from_manifest(_manifest(settings), calendar=calendar, stepper=step, pace=pace)
    try:
        await _start_near(sandbox, port)
        bot = await build(
            settings.model_copy(
                update={
                    "slack_api_url": sandbox.api_url,
                    "slack_bot_token": SecretStr(sandbox.bot_token),
                    "slack_app_token": SecretStr(sandbox.app_token),
                    "database_url": f"sqlite:///{folder / 'demo.db'}",
                }
            ),
            calendar,
            patience=None if pace else Patience(pace=0.0),
        )
        try:
            await bot.start()
            await sandbox.connected()
            demo = Demo(sandbox, bot, calendar)
            steps.append(demo)
            yield demo
        finally:
            await bot.stop()
    finally:
        await sandbox.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def first_day(demo: Demo) -> None:
    """Moments 1 and 5 of the story, up to where Bo has to answer."""
    await arrives(demo)
    await says_ok(demo)
    await promises(demo)
    demo.sandbox.hint = HINT


async def arrives(demo: Demo) -> None:
    """Dana invites the bot, and the guests say which organization they are with."""
    dana, hui, mara = map(demo.sandbox.person, ("dana", "hui", "mara"))
    await dana.invites_app(CHANNEL)
    await dana.waits_to_see("Acme runs me", channel=CHANNEL)
    await demo.settled()
    for guest in (hui, mara):  # Slack does not say which organization a guest is with
        await guest.says("@Common Ground with Harbor Women in Media", channel=CHANNEL)
        await demo.settled()


async def says_ok(demo: Demo) -> None:
    """Each organization says OK, and Dana writes down what the channel is for."""
    dana, bo, hui = map(demo.sandbox.person, ("dana", "bo", "hui"))
    await hui.clicks("Yes", channel=CHANNEL)  # Mara is with us
    await demo.settled()
    await dana.says(
        "@Common Ground setup mentoring for women and minorities in creative roles",
        channel=CHANNEL,
    )
    await demo.settled()
    for person in (dana, bo, hui):
        await person.clicks("OK for our organization", channel=CHANNEL)
        await demo.settled()


async def promises(demo: Demo) -> None:
    """Dana and Hui promise something, and Dana asks Bo for something."""
    dana, hui = map(demo.sandbox.person, ("dana", "hui"))
    await dana.says(
        "@Common Ground commit find and train 6 mentors by 11 Dec for mentoring", channel=CHANNEL
    )
    await demo.settled()
    await hui.says(
        "@Common Ground commit book a room for the kick-off by 20 Nov for mentoring",
        channel=CHANNEL,
    )
    await demo.settled()
    await dana.slash(
        f"{_command(demo)} commit @Bo invite 12 mentees by Mon 30 Nov for mentoring",
        channel=CHANNEL,
    )
    await demo.settled()


async def run(settings: Settings) -> int:
    """``make run`` without tokens: until somebody stops it."""
    configure_logging("WARNING")  # the visitor looks at the page
    if settings.database_url != Settings.model_fields["database_url"].default:
        print("DATABASE_URL is not used: the sandbox begins anew each time.")
    print("The three organizations are getting to know the bot…", flush=True)
    async with open_demo(settings, settings.port) as demo:
        await first_day(demo)
        _say_where(demo.sandbox.page_url)
        await _until_stopped()
    return 0


async def alone(settings: Settings, other: str | None, request_url: str | None) -> int:
    """``python -m bot sandbox``: only the sandbox, for this bot or another.

    ``other`` names another app's manifest. Raises ValueError with a sentence if it is none.
    """
    sandbox = Sandbox.from_manifest(
        _load(Path(other)) if other else _manifest(settings), request_url=request_url
    )
    await _start_near(sandbox, settings.port)
    try:
        print(f"The sandbox is at {sandbox.page_url}")
        print("Configure a bot for it with these, which are new at each start:")
        print(f"SLACK_API_URL={sandbox.api_url}")
        print(f"SLACK_BOT_TOKEN={sandbox.bot_token}")
        if request_url:
            print(f"SLACK_SIGNING_SECRET={sandbox.signing_secret}")
        else:
            print(f"SLACK_APP_TOKEN={sandbox.app_token}")
        print("Stop it with Ctrl-C.", flush=True)
        await _until_stopped()
    finally:
        await sandbox.stop()
    return 0


def _load(file: Path) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        loaded = YAML(typ="safe", pure=True).load(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError):
        raise ValueError(f"{file} is not a manifest that can be read.") from None
    if not isinstance(loaded, dict) or "features" not in loaded:
        raise ValueError(f"{file} is not a manifest that can be read.")
    return loaded


def _manifest(settings: Settings) -> dict[str, Any]:
    loaded = manifest.load()
    loaded["features"]["slash_commands"][0]["command"] = settings.command
    return loaded


def _command(demo: Demo) -> str:
    return demo.sandbox.config.commands[0].command


async def _start_near(sandbox: Sandbox, port: int) -> None:
    """Listen on the port, or on the next one that is free; raises BotError if none is."""
    last = min(port + NEXT_PORTS, _PORTS) - 1
    for candidate in range(port, last + 1) if port else (0,):
        try:
            await sandbox.start(candidate)
        except OSError:
            continue
        return
    raise BotError(f"None of the ports {port} to {last} is free. Set PORT to one that is.")


def _say_where(address: str) -> None:
    print(f"\n  Common Ground is at {address}\n  {HINT}\n  Stop it with Ctrl-C.\n", flush=True)
    shows = sys.platform in {"darwin", "win32"} or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if shows and sys.stdout.isatty():
        webbrowser.open(address)


async def _until_stopped() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()
