"""A small world in which everything can be interrupted: storage in memory, clocks that are moved,
a Slack that is a list, and couriers whose work goes on only when somebody says so.

The bot's own code runs here: services, queries, the courier's delivery. What is replaced is what
takes time: each ``await`` of the courier returns at once, or stops where the world decides how it
goes on. No event loop is needed, so that a run is the same each time.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Coroutine, Generator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from functools import cache
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from slack_sdk.errors import SlackApiError
from sqlalchemy import Engine, NullPool, StaticPool, create_engine

from bot.courier import Courier, Patience, Point
from bot.courier.patience import Lease
from bot.directory import Channel, Directory, NotInChannel
from bot.domain.people import Installation
from bot.domain.posts import Claim, Kind
from bot.rendering import RENDERERS, Renderer
from storage.database import Database
from storage.store import Store
from storage.tables import metadata

P = ParamSpec("P")
T = TypeVar("T")

BEGINNING = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
"""By the calendar: a Monday at ten in the morning in New York."""

_EPOCH_JULIAN = 2440587.5


class Clock:
    """The database's clock, which is also the machine's own: seconds. ``Imagined`` moves it."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000

    def julian(self, _asked: str) -> float:
        """In days, as SQLite tells it."""
        return _EPOCH_JULIAN + self.seconds / 86400


class People:
    """The calendar."""

    def __init__(self) -> None:
        self.moment = BEGINNING

    def now(self) -> datetime:
        return self.moment


@cache
def _template() -> sqlite3.Connection:
    """A database in memory with all tables, to be copied."""
    made = sqlite3.connect(":memory:", check_same_thread=False)
    engine = create_engine("sqlite://", creator=lambda: made, poolclass=StaticPool)
    metadata.create_all(engine)
    return made


_waiting: list[sqlite3.Connection] = []


@cache
def _engine() -> Engine:
    """One for all worlds, so that each statement is compiled once; connects to who waits."""
    return create_engine(
        "sqlite://", creator=_waiting.pop, poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )


class Memory:
    """Stands where ``Database`` stands: each call is a whole transaction, at once."""

    def __init__(self, clock: Clock) -> None:
        self.driver = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        _template().backup(self.driver)
        self.driver.execute("PRAGMA foreign_keys=ON")
        self.driver.create_function("julianday", 1, clock.julian)
        _waiting.append(self.driver)
        self._connection = _engine().connect()

    def now(
        self, function: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function as a transaction."""
        self.driver.execute("BEGIN")
        try:
            value = function(Store(self._connection), *args, **kwargs)
        except BaseException:
            self.driver.execute("ROLLBACK")
            raise
        self.driver.execute("COMMIT")
        return value

    async def run(self, function: Callable[..., T], *args: Any) -> T:
        return self.now(function, *args)

    read = run
    claim = run
    quick = run
    glance = run

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Look with SQL that is not the bot's."""
        return self.driver.execute(sql, values).fetchall()

    def close(self) -> None:
        self._connection.close()


# Slack


def place(channel: str) -> str:
    """A channel by the id that it had first, whichever it has now."""
    return channel.partition("-")[0]


class Answer(Enum):
    """What comes of a call to Slack."""

    GOOD = auto()
    PACED = auto()  # 429, with a time to wait
    FULL = auto()  # refused for now
    FORM = auto()  # it does not like the blocks
    LOST_BEFORE = auto()  # an error, and Slack did not do it
    LOST_AFTER = auto()  # an error, although Slack did it


@dataclass(slots=True, eq=False)
class Stop:
    """Where a delivery waits for the world: at a point, or for Slack's answer."""

    point: Point | None = None
    method: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)
    since: int = 0
    came_of_it: Any = None
    """Slack's answer, or an error, once it is decided."""

    def __await__(self) -> Generator["Stop", Any, Any]:
        return (yield self)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that Slack has."""

    key: str
    channel: str
    thread: str | None
    ts: str
    visible_at: int


class Said:
    """An answer as the SDK holds it."""

    def __init__(self, error: str, status: int = 200) -> None:
        self.data = {"ok": False, "error": error}
        self.status_code = status
        self.headers = {"Retry-After": "30"}

    def __str__(self) -> str:
        return str(self.data)


def _refusal(error: str, status: int = 200) -> Exception:
    make: Any = SlackApiError  # it has no types
    made: Exception = make(error, Said(error, status))
    return made


@dataclass
class ListSlack:
    """Accepts posts, and shows them in the history after a while."""

    clock: Clock
    injected: Counter[str] = field(default_factory=Counter)
    """Which answers were to come of calls, other than good ones."""
    hit: Counter[str] = field(default_factory=Counter)
    """Which did."""
    lag: int = 0
    """How long what is accepted from now on is not yet in the history."""
    shown: list[Shown] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    """Channels that are archived, or in which the app is not."""
    archived: set[str] = field(default_factory=set)
    """Both, and what is shown, by the channel's first id."""
    former: set[str] = field(default_factory=set)
    """Ids that channels had before, and that are refused now."""
    unseen: set[str] = field(default_factory=set)
    """Keys for which a look-up was refused: nobody can tell any more."""

    def decide(self, stop: Stop, answer: Answer) -> None:
        """Let something come of a call."""
        called = str(stop.args["channel"])
        if answer is not Answer.GOOD:
            self.injected[answer.name.lower()] += 1
        if answer is Answer.PACED:
            stop.came_of_it = _refusal("ratelimited", 429)
        elif answer is Answer.LOST_BEFORE:
            stop.came_of_it = TimeoutError()
        elif called in self.former:
            stop.came_of_it = _refusal("channel_not_found")
            return
        elif place(called) in self.closed:
            stop.came_of_it = _refusal("not_in_channel")
            return
        elif answer is Answer.FULL and stop.method.startswith("chat."):
            stop.came_of_it = _refusal("message_limit_exceeded")
        elif answer is Answer.FORM and stop.args.get("blocks"):
            stop.came_of_it = _refusal("invalid_blocks")
        else:
            stop.came_of_it = self._do(stop.method, place(called), stop.args)
            if answer is not Answer.LOST_AFTER:
                return
            stop.came_of_it = TimeoutError()
        self.hit[answer.name.lower()] += 1

    def _do(self, method: str, channel: str, args: Mapping[str, Any]) -> dict[str, Any]:
        if method == "chat.postMessage":
            key = args["metadata"]["event_payload"]["key"]
            ts = f"{1_900_000_000 + len(self.shown)}.000100"
            visible = self.clock.seconds + self.lag
            self.shown.append(Shown(key, channel, args.get("thread_ts"), ts, visible))
            return {"ok": True, "ts": ts}
        if method == "chat.update":
            return {"ok": True, "ts": args["ts"]}
        thread = args.get("ts")
        found = [
            {
                "ts": each.ts,
                "bot_id": BOT,
                "metadata": {"event_payload": {"key": each.key}},
            }
            for each in self.shown
            if each.channel == channel
            and each.thread == thread
            and each.visible_at <= self.clock.seconds
            and each.ts > (args.get("oldest") or "")
        ]
        return {"ok": True, "messages": found}


BOT = "B0BOT"


class Client:
    """Stands where the SDK's client stands."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def _call(self, method: str, args: Mapping[str, Any]) -> Stop:
        return Stop(method=method, args=args, since=self._clock.seconds)

    async def chat_postMessage(self, **args: Any) -> Any:  # noqa: N802 - the SDK's name
        return await self._call("chat.postMessage", args)

    async def chat_update(self, **args: Any) -> Any:
        return await self._call("chat.update", args)

    async def conversations_history(self, **args: Any) -> Any:
        return await self._call("conversations.history", args)

    async def conversations_replies(self, **args: Any) -> Any:
        return await self._call("conversations.replies", args)

    async def conversations_open(self, *, users: str) -> Any:
        return {"ok": True, "channel": {"id": f"D{users}"}}


@dataclass
class Known:
    """Stands where the directory stands."""

    slack: ListSlack
    client_: Client
    installations: dict[int, Installation] = field(default_factory=dict)

    def by_id(self, installation_id: int) -> Installation:
        return self.installations[installation_id]

    def client(self, _installation: Installation) -> Client:
        return self.client_

    def forget_channel(self, _installation: Installation, _channel: str) -> None:
        """Nothing is kept here."""

    def paced(self, _installation: Installation, _method: str) -> AbstractContextManager[None]:
        """Nobody is held here: this Slack refuses each who asks too early."""
        return nullcontext()

    async def channel(self, _installation: Installation, channel: str) -> Channel:
        where = place(channel)
        if channel in self.slack.former or where in self.slack.closed - self.slack.archived:
            raise NotInChannel
        archived = where in self.slack.archived
        return Channel(channel, "mentoring", False, False, True, archived, not archived)

    async def members(self, _installation: Installation, _channel: str) -> frozenset[str]:
        return frozenset({"UACME", "UBORO", "UNORTH"})


# Couriers


@dataclass(slots=True, eq=False)
class Work:
    """One claimed lane with which a process is busy."""

    process: int
    claim: Claim
    until: int
    """When its lease ends."""
    going: Coroutine[Stop, Any, None]
    stop: Stop | None = None

    @property
    def holds(self) -> bool:
        """Whether it has not given its lane back yet."""
        return self.stop is None or self.stop.point is not Point.RECORDED


class Imagined:
    """The world: clocks, storage, Slack, and processes whose couriers are at work."""

    def __init__(self, processes: int) -> None:
        self.clock = Clock()
        self.people = People()
        self.memory = Memory(self.clock)
        self.slack = ListSlack(self.clock)
        self.known = Known(self.slack, Client(self.clock))
        self.patience = Patience()
        self.couriers = [self._courier() for _ in range(processes)]
        self.works: list[Work] = []
        self.floating: list[Stop] = []
        """Calls of processes that are gone, still on their way to Slack."""
        self._tokens = 0

    def _courier(self) -> Courier:
        return Courier(
            cast("Database", self.memory),
            cast("Directory", self.known),
            self.people,
            _RENDERERS,
            patience=self.patience,
            probe=_probe,
        )

    def boot_time(self) -> float:
        """What the machine's own clock says; to be put in the courier's place of it."""
        return float(self.clock.seconds)

    def claim(self, process: int, most: int) -> list[Work]:
        """A process claims lanes and sets out; returns what it is busy with now."""
        self._tokens += 1
        claims = self.memory.now(
            lambda store: store.messages.claim(
                f"token{self._tokens}", timedelta(seconds=self.patience.lease), most
            )
        )
        made = []
        for claim in claims:
            going = self.couriers[process]._serve(claim, Lease(self.boot_time()))
            until = self.clock.seconds + int(self.patience.lease)
            work = Work(process, claim, until, going)
            made.append(work)
            self.works.append(work)
            self.go_on(work)
        return made

    def go_on(self, work: Work) -> None:
        """Let a delivery go on to where it stops next."""
        came = None if work.stop is None else work.stop.came_of_it
        try:
            if isinstance(came, Exception):
                work.stop = work.going.throw(came)
            else:
                work.stop = work.going.send(came)
        except StopIteration:
            self.works.remove(work)

    def crash(self, process: int, *, arrives: bool) -> None:
        """A process is killed. What it was asking of Slack may arrive all the same, and late."""
        for work in [each for each in self.works if each.process == process]:
            self.works.remove(work)
            work.going.close()
            stop = work.stop
            if arrives and stop is not None and stop.method and stop.came_of_it is None:
                self.floating.append(stop)
        self.couriers[process] = self._courier()

    def pass_time(self, seconds: int, answer: Answer) -> None:
        """Time goes by; calls that take too long end in between, each just in time."""
        end = self.clock.seconds + seconds
        waiting = [w.stop for w in self.works if w.stop and w.stop.method and not w.stop.came_of_it]
        call = int(self.patience.call)
        for stop in sorted([*waiting, *self.floating], key=lambda each: each.since):
            if stop.since + call <= end:
                self.clock.seconds = max(self.clock.seconds, stop.since + call)
                if stop in self.floating:
                    self.floating.remove(stop)
                    self.slack.decide(stop, Answer.GOOD)
                else:
                    self.slack.decide(stop, answer)
        self.clock.seconds = end

    def close(self) -> None:
        for work in self.works:
            work.going.close()
        self.memory.close()


async def _probe(point: Point) -> None:
    # Nothing can come between the last look at the lease and the call: that is the window which
    # nobody can close.
    if point is not Point.SENDING:
        await Stop(point)


def _read(_store: Store, subject: int, _now: datetime) -> str:
    return f"about {subject}"


def _view(value: str) -> Any:
    return {"text": value, "blocks": [{"type": "divider"}]}


_RENDERERS: dict[Kind, Renderer] = {
    kind: Renderer(_read, _view, lasting=each.lasting) for kind, each in RENDERERS.items()
}
