"""The house, put together: the only place that knows everyone."""

import asyncio
import gc
import logging
import re
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

import aiohttp
import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import traces
from bot.courier import Courier, Patience, Probe
from bot.courier.points import nothing
from bot.directory import CALL_SECONDS, Directory, NotInstalled
from bot.domain.calendar import Calendar, RealCalendar
from bot.domain.errors import BotError
from bot.domain.people import Installation
from bot.rendering import RENDERERS
from bot.settings import Mode, Settings
from handlers import House, clock, register
from handlers.health import HealthPages, HealthServer, Numbers
from handlers.http import HttpDoor
from handlers.socket import SocketDoor
from storage.database import Database
from storage.health import DOOR
from storage.store import Store

STOP_SECONDS = 28.0
"""So long a clean stop may take altogether; who stops us waits thirty seconds."""

STORAGE_SECONDS = 1.0
"""So much of it is kept for letting go of the storage, however long the rest took."""

TICK_SECONDS = 5.0
"""So long a stop waits for a tick. What it has not done yet is done by the next start's."""

_TICKET = re.compile(r"ticket=[^&'\"\s)]+")

log = structlog.get_logger(__name__)


class Door(Protocol):
    """How deliveries come in."""

    address: str | None

    async def open(self) -> None: ...
    async def refuse(self) -> None: ...
    async def close(self) -> None: ...
    async def alive(self) -> bool: ...
    def figures(self) -> Mapping[str, float]: ...


class Bot:
    """The whole bot. Made by ``build``; nothing runs before ``start``."""

    def __init__(
        self,
        house: House,
        session: aiohttp.ClientSession,
        make_door: "Callable[[Bot], Door]",
    ) -> None:
        self.house = house
        self._session = session
        self._door = make_door(self)
        settings = house.settings
        self._health = (
            None
            if settings.mode is not Mode.SOCKET or settings.health_port is None
            else HealthServer(self.health_pages, host=settings.host, port=settings.health_port)
        )
        self._scheduler = AsyncIOScheduler()
        self._ticking = asyncio.Lock()
        self._tick: asyncio.Task[None] | None = None
        self._ticked_at: float | None = None
        self._ticked = asyncio.Event()
        self._stopped = False

    @property
    def address(self) -> str | None:
        """Where deliveries by HTTP arrive; None in Socket Mode."""
        return self._door.address

    @property
    def health_pages(self) -> HealthPages:
        """What a load balancer and a monitor ask."""
        return HealthPages(self.problem, self.numbers)

    @property
    def health_address(self) -> str | None:
        """Where they ask in Socket Mode; None if that is not set."""
        return None if self._health is None else self._health.address

    async def numbers(self) -> Numbers:
        """All that is counted. Raises what the database raises."""
        house = self.house
        return Numbers(
            stored=await house.db.read(lambda store: store.health.figures()),
            courier=await house.courier.health(),
            counted=dict(house.counted),
            noted=dict(house.noted),
            door=self._door.figures(),
        )

    async def start(self) -> None:
        """Deliver, listen, and tick by the clock.

        Raises BotError or OSError if it cannot listen.
        """
        self.house.courier.start()
        if self._health is not None:
            await self._health.open()
        await self._door.open()
        self._scheduler.add_job(
            self.tick,
            "interval",
            seconds=self.house.settings.tick_seconds,
            next_run_time=datetime.now().astimezone(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.start()
        log.info("started", mode=self.house.settings.mode, address=self.address)

    async def tick(self) -> None:
        """Do what is due by the calendar, and wake the courier."""
        async with self._ticking:
            if self._stopped:
                return
            self._tick = asyncio.ensure_future(clock.tick(self.house))
            try:
                await asyncio.wait({self._tick})
            finally:
                self._tick.cancel()
            if self._tick.cancelled():  # by a stop that could not wait any longer
                return
            self._tick.result()
            self._ticked_at = asyncio.get_running_loop().time()
            self._ticked.set()
            if await self._door.alive():
                await self.house.db.run(lambda store: store.health.beat(DOOR))
        self.house.courier.wake()

    async def ready(self) -> None:
        """Wait until it has looked once for what is due, as it does by itself when it starts."""
        await self._ticked.wait()

    async def next_moment(self) -> datetime | None:
        """The calendar's next moment at which something is due; None if there is none."""
        return await clock.next_moment(self.house)

    async def drain(self) -> None:
        """Wait until everything recorded is delivered, but what rests for a reason."""
        await self.house.settle()
        await self.house.courier.drain()

    async def problem(self) -> str | None:
        """Why it is not ready; None where it is."""
        if self._stopped:
            return "It is stopping."
        try:
            async with asyncio.timeout(2):
                health = await self.house.courier.health()
        except (TimeoutError, BotError, RuntimeError):
            return "The database does not answer."
        if not health.running:
            return "The courier is not running."
        late = 3 * self.house.settings.tick_seconds + clock.TICK_SECONDS
        now = asyncio.get_running_loop().time()
        if self._ticked_at is None or now - self._ticked_at > late:
            return "The clock has not ticked."
        return None if await self._door.alive() else "Slack is not connected."

    async def stop(self) -> None:
        """Stop in order: no more deliveries, those under way, the door, the courier, the storage.

        It takes as long as the longest call under way, and ``STOP_SECONDS`` at most. What is not
        sent by then stays recorded and is sent by the next start.
        """
        if self._stopped:
            return
        self._stopped = True
        end = asyncio.get_running_loop().time() + STOP_SECONDS
        try:
            async with asyncio.timeout_at(end - STORAGE_SECONDS):
                if self._scheduler.running:
                    self._scheduler.pause()
                await self._door.refuse()
                await self._end_tick()
                async with self._ticking:
                    if self._scheduler.running:
                        self._scheduler.shutdown(wait=False)
                await self.house.settle()
                await self._door.close()
                await self.house.courier.finish()
        except TimeoutError:
            log.warning("stopped_in_haste", seconds=STOP_SECONDS)
        finally:
            await self._let_go(end)
        log.info("stopped")

    async def _let_go(self, end: float) -> None:
        """Close what is open. A database that does not answer is left: its threads end with us,
        and what they had not stored was promised to nobody.
        """
        closing = [self._door.close(), self._session.close(), self.house.db.close()]
        if self._health is not None:
            closing.append(self._health.close())
        tasks = [asyncio.ensure_future(each) for each in closing]
        left = end - asyncio.get_running_loop().time()
        done, late = await asyncio.wait(tasks, timeout=max(left, 0))
        for task in late:
            task.cancel()
        if late:
            log.warning("left_open", seconds=STOP_SECONDS)
        for task in done:
            task.result()

    async def _end_tick(self) -> None:
        """A tick may take longer than a stop: after a while it is cut short."""
        if self._tick is not None and not self._tick.done():
            await asyncio.wait({self._tick}, timeout=TICK_SECONDS)
            if self._tick.cancel():
                log.warning("tick_cut_short", seconds=TICK_SECONDS)


async def build(
    settings: Settings,
    calendar: Calendar | None = None,
    *,
    patience: Patience | None = None,
    probe: Probe = nothing,
) -> Bot:
    """Put the bot together: open the database, ask Slack who we are. Nothing runs yet.

    ``calendar`` is the real one unless somebody moves it; ``patience`` are the courier's times,
    ``probe`` its points for fault tests. Raises BotError with a sentence for whoever starts it.
    """
    calendar = calendar or RealCalendar()
    patience = patience or Patience.of(settings.lease_seconds, CALL_SECONDS)
    db = await Database.open(settings.database_url)
    session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=patience.call))
    try:
        directory = Directory(session, settings.slack_api_url)
        installation, granted = await _install(settings, db, directory, calendar)
        courier = Courier(
            db,
            directory,
            calendar,
            RENDERERS,
            patience=patience,
            probe=probe,
        )
        house = House(db, directory, courier, calendar, settings, granted)
        client = directory.client(installation)
        bolt = make_bolt(settings, directory)
        register(bolt, house)
        return Bot(house, session, lambda bot: _door(settings, bolt, client, bot.health_pages))
    except BaseException:
        await session.close()
        await db.close()
        raise


async def run(settings: Settings) -> int:
    """Run in Slack until somebody stops it; returns the exit status."""
    configure_logging(settings.log_level)
    try:
        bot = await build(settings)
    except BotError as error:
        sys.stderr.write(f"{error.sentence}\n")
        return 1
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    try:
        await bot.start()
        where = bot.address or "Slack, by Socket Mode"
        sys.stdout.write(f"Common Ground is running: {where}. Stop it with Ctrl-C.\n")
        sys.stdout.flush()
        # What is here now stays: nobody waits while the garbage collector goes through it again.
        gc.collect()
        gc.freeze()
        await stop.wait()
    except (BotError, OSError) as error:
        sys.stderr.write(f"{_cannot_start(error, settings)}\n")
        return 1
    finally:
        await bot.stop()
    return 0


def configure_logging(level: str) -> None:
    """One line of JSON an event, on standard error. No token and nobody's words are ever logged.

    The libraries speak up only when something is wrong: at finer levels they log what was said.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(traces.formatted),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: traces.Lines(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(traces.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def _cannot_start(error: BotError | OSError, settings: Settings) -> str:
    if isinstance(error, BotError):
        return error.sentence
    return (
        f"I cannot listen on {settings.host}:{settings.port} ({error.strerror}). "
        "Set PORT to a free port."
    )


async def _install(
    settings: Settings, db: Database, directory: Directory, calendar: Calendar
) -> tuple[Installation, frozenset[str] | None]:
    """Ask Slack whose token this is and what it may do, and remember whose."""
    if settings.slack_bot_token is None:
        raise BotError("SLACK_BOT_TOKEN is missing.")
    token = settings.slack_bot_token.get_secret_value()
    asking = directory.connect(token)
    try:
        who = await asking.auth_test()
        bot = (await asking.bots_info(bot=who["bot_id"]))["bot"]
    except SlackApiError as error:
        raise BotError(
            f"Slack refuses SLACK_BOT_TOKEN ({error.response.get('error')}). Copy it anew from the "
            "app's settings, and reinstall the app if its scopes have changed."
        ) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise BotError(
            f"I cannot reach Slack at {settings.slack_api_url} ({type(error).__name__})."
        ) from error
    known = {name: who.get(name) for name in ("team_id", "team", "bot_id", "user_id")}
    known |= {"enterprise_id": who.get("enterprise_id"), "app_id": bot["app_id"]}
    installation, zone = await db.run(_remember, known, calendar.now())
    directory.add(installation, token, zone)
    return installation, scopes_of(who.headers)


def scopes_of(headers: Mapping[str, str]) -> frozenset[str] | None:
    """What a token may do, by the headers of any answer of Slack's; None if they do not say."""
    told = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes")
    return None if told is None else frozenset(each.strip() for each in told.split(","))


def _remember(
    store: Store, who: Mapping[str, Any], now: datetime
) -> tuple[Installation, str | None]:
    installation = store.installations.remember(
        team=who["team_id"],
        enterprise=who["enterprise_id"],
        app=who["app_id"],
        bot=who["bot_id"],
        bot_user=who["user_id"],
        name=who["team"],
        now=now,
    )
    host = store.people.host(installation.id)
    return installation, None if host is None else host.zone


def make_bolt(settings: Settings, directory: Directory) -> AsyncApp:
    """Bolt with our settings, and no listeners yet."""
    secret = settings.slack_signing_secret
    quiet = logging.getLogger("common_ground.bolt")
    quiet.setLevel(logging.WARNING)  # at INFO it logs the bodies of requests that it refuses
    quiet.addFilter(_without_secrets)

    async def authorize(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult:
        """Whose delivery it is, without asking Slack. Who acted is for ``handlers.actor``."""
        try:
            found = directory.installation(team_id, enterprise_id)
        except NotInstalled:  # a partner's team, where Bolt takes it for the host's
            found = directory.installations()[0]
        return AuthorizeResult(
            enterprise_id=found.enterprise,
            team_id=found.team,
            bot_id=found.bot,
            bot_user_id=found.bot_user,
            bot_token=directory.client(found).token,
        )

    return AsyncApp(
        name="common-ground",
        logger=quiet,
        client=directory.connect(None),  # the token follows from who is asked for
        authorize=authorize,
        signing_secret=secret.get_secret_value() if secret else "",
        request_verification_enabled=settings.mode is Mode.HTTP,
        process_before_response=True,  # otherwise events are acknowledged before they are stored
        ignoring_self_events_enabled=False,  # it would hide that somebody deleted our messages
        ignoring_self_assistant_message_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


def _without_secrets(record: logging.LogRecord) -> bool:
    """What the libraries may log. The address of a socket holds the ticket that opens it.

    Bolt warns that it will not use the token in the environment. It should not: ``authorize``
    names the installation's own at each delivery.
    """
    said = record.getMessage()
    if "`token`" in said:
        return False
    record.msg, record.args = _TICKET.sub("ticket=…", said), ()
    if record.exc_info:
        trace = traces.Formatter().formatException(record.exc_info)
        record.exc_text = _TICKET.sub("ticket=…", trace)
    return True


def _door(
    settings: Settings,
    bolt: AsyncApp,
    client: AsyncWebClient,
    health: HealthPages,
) -> Door:
    if settings.slack_app_token is not None:
        return SocketDoor(bolt, settings.slack_app_token.get_secret_value(), client)
    return HttpDoor(bolt, health, host=settings.host, port=settings.port)
