"""The hostile Slack: the sandbox, with faults, in a process of its own."""

import asyncio
import json
import multiprocessing.connection
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from bot import manifest
from bot.sandbox import Faults, Limits, Sandbox
from bot.sandbox.config import AppConfig
from bot.sandbox.delivery import Ack, Kind
from bot.sandbox.errors import Json, SlackError
from bot.sandbox.world import Channel, World
from tests.faults.journal import Writer
from tests.faults.plan import Fault, Plan, chance

POSTING = frozenset({"chat.postMessage", "chat.update"})
LOOKING = frozenset({"conversations.history", "conversations.replies"})
READING = LOOKING | {"conversations.open"}

ANSWER_SECONDS = 30.0

Connection = multiprocessing.connection.Connection


@dataclass(frozen=True, slots=True)
class Setting:
    """What a hostile Slack is started with."""

    plan: Plan
    journal: Path
    channels: tuple[str, ...]
    """Their ids (``town.channels``)."""
    events: bool = False
    """Whether it delivers events. Where no bot listens they would only pile up."""
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Address:
    """How bots reach it, and whom they find."""

    api_url: str
    bot_token: str
    signing_secret: str
    team: str
    app: str
    bot: str
    bot_user: str


def world(channels: tuple[str, ...]) -> World:
    """Acme, which runs the app, shares every channel with Northside."""
    made = World()
    acme, northside = made.workspace("acme", "Acme"), made.workspace("northside", "Northside Youth")
    dana, bo = made.person("dana", "Dana", acme), made.person("bo", "Bo", northside)
    for each in channels:
        made.channels[each] = Channel(
            id=each,
            name=each.lower(),
            teams=[acme.id, northside.id],
            members=[dana.id, bo.id, made.app.bot_user_id],
            creator=dana.id,
        )
    return made


class Hostile(Faults):
    """Commits the faults of a plan, by chance but the same for the same seed and calls, and keeps
    the journal.
    """

    def __init__(self, plan: Plan, journal: Writer) -> None:
        self.plan = plan
        self.sandbox: HostileSandbox | None = None
        self._journal = journal
        self._chance = chance(plan.seed)
        self._calls = 0
        self._under_way: dict[int, tuple[int, Fault | None]] = {}
        self._visible: dict[str, float] = {}
        self._twice: set[int] = set()

    async def before_call(self, method: str, args: Mapping[str, Any]) -> web.Response | None:
        self._calls += 1
        number = self._calls
        fault = self._pick(self._shares(method, args)) if method in POSTING | READING else None
        wait = self._chance.randint(*self.plan.retry_after) if fault is Fault.RATE_LIMITED else None
        self._journal.write(
            "received", call=number, method=method, fault=fault, retry_after=wait, **_of(args)
        )
        if method in POSTING:
            await asyncio.sleep(self._chance.uniform(*self.plan.answer))
        if fault is Fault.SLOW_BEFORE:
            await asyncio.sleep(self.plan.slow)
            if method in READING:
                return web.Response(status=504, text="too late")
        early = None if fault is None else _instead(fault, wait)
        if early is None:
            self._under_way[id(args)] = (number, fault)
        return early

    async def after_call(
        self, method: str, args: Mapping[str, Any], result: Json
    ) -> web.Response | None:
        number, fault = self._under_way.pop(id(args), (0, None))
        if method in POSTING:
            self._note(number, method, args, result, fault)
        if fault is not None:
            if fault is Fault.SLOW_AFTER:
                await asyncio.sleep(self.plan.slow)
            return _afterwards(fault)
        if method in LOOKING and result.get("ok"):
            now = time.time()
            shown = [m for m in result["messages"] if self._visible.get(m["ts"], 0.0) <= now]
            return web.json_response(result | {"messages": shown})
        return None

    async def before_delivery(self, kind: str, payload: Json) -> bool:
        fault = self._pick(self.plan.delivering)
        if fault is Fault.LATE:
            await asyncio.sleep(self._chance.uniform(0, self.plan.late))
        if fault is Fault.TWICE and kind == "events_api" and id(payload) not in self._twice:
            self._twice.add(id(payload))
            if self.sandbox is not None:
                self.sandbox.deliveries.event(payload)
        if fault in {Fault.LOST, Fault.LATE, Fault.TWICE}:
            self._journal.write("delivering", method=kind, fault=fault, more=_event(payload))
        return fault is not Fault.LOST

    def delivered(self, kind: Kind, payload: Json, retry: int, ack: Ack) -> None:
        """Note what came of an attempt to deliver."""
        more = _event(payload) | {"acked": ack.ok, "retry": retry, "reason": ack.reason}
        self._journal.write("delivered", method=kind, more=more)

    def _shares(self, method: str, args: Mapping[str, Any]) -> Mapping[Fault, float]:
        if method in READING:
            return self.plan.reading
        return self.plan.channels.get(str(args.get("channel")), self.plan.posting)

    def _pick(self, shares: Mapping[Fault, float]) -> Fault | None:
        point = self._chance.random()
        for fault, share in shares.items():
            if point < share:
                return fault
            point -= share
        return None

    def _note(
        self,
        number: int,
        method: str,
        args: Mapping[str, Any],
        result: Json,
        fault: Fault | None,
    ) -> None:
        if not result.get("ok"):
            self._journal.write(
                "refused", call=number, method=method, error=result.get("error"), **_of(args)
            )
            return
        ts = str(result["ts"])
        # The channel as Slack knows it: a person's id names their direct message.
        said = _of(args) | {"channel": result["channel"], "ts": ts}
        if method == "chat.postMessage":
            self._visible[ts] = time.time() + self._chance.uniform(*self.plan.lag)
            said["more"] = said.get("more", {}) | {"visible": self._visible[ts]}
        self._journal.write("accepted", call=number, method=method, fault=fault, **said)


class HostileSandbox(Sandbox):
    """Tells its faults what came of each delivery."""

    faults: Hostile

    async def deliver(
        self, kind: Kind, payload: Json, retry: int = 0, retry_reason: str = ""
    ) -> Ack:
        ack = await super().deliver(kind, payload, retry, retry_reason)
        self.faults.delivered(kind, payload, retry, ack)
        return ack


class _Cut(web.Response):
    """No answer: the connection is closed, or reset."""

    def __init__(self, *, reset: bool) -> None:
        super().__init__()
        self._reset = reset

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        transport = request.transport
        if transport is not None:
            held = transport.get_extra_info("socket")
            if self._reset and held is not None:
                held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        raise ConnectionResetError("cut off on purpose")


def _instead(fault: Fault, wait: int | None) -> web.Response | None:
    """What is answered instead of doing it; None where it is done."""
    if fault is Fault.RATE_LIMITED:
        refusal = SlackError("ratelimited", status=429, headers={"Retry-After": str(wait)})
        return web.json_response(refusal.body(), status=429, headers=refusal.headers)
    if fault is Fault.ERROR_BEFORE:
        return web.Response(status=503, text="service unavailable")
    if fault is Fault.HTML_BEFORE:
        return web.Response(text="<html>A gateway's page</html>", content_type="text/html")
    if fault in {Fault.CLOSED_BEFORE, Fault.RESET_BEFORE}:
        return _Cut(reset=fault is Fault.RESET_BEFORE)
    return None


def _afterwards(fault: Fault) -> web.Response | None:
    """What is answered although it was done; None where the answer stays."""
    if fault is Fault.ERROR_AFTER:
        return web.Response(status=500, text="oops")
    if fault is Fault.HTML_AFTER:
        return web.Response(text="<html>A gateway's page</html>", content_type="text/html")
    if fault is Fault.FATAL_AFTER:
        return web.json_response(SlackError("fatal_error").body())
    if fault in {Fault.CLOSED_AFTER, Fault.RESET_AFTER}:
        return _Cut(reset=fault is Fault.RESET_AFTER)
    return None


def _of(args: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal says of a call."""
    metadata = args.get("metadata") or {}
    if isinstance(metadata, str):  # of a form
        metadata = json.loads(metadata)
    said = {
        "channel": args.get("channel"),
        "thread": args.get("thread_ts"),
        "key": (metadata.get("event_payload") or {}).get("key"),
        "ts": args.get("ts"),
    }
    more = {name: args[name] for name in ("oldest", "cursor") if args.get(name)}
    if args.get("blocks"):
        more["words"] = json.dumps(args["blocks"], ensure_ascii=False)
    return said | ({"more": more} if more else {})


def _event(payload: Json) -> dict[str, Any]:
    event = payload.get("event") or {}
    return {
        "id": payload.get("event_id"),
        "type": event.get("type") or payload.get("type"),
        "subtype": event.get("subtype"),
        "channel": event.get("channel"),
        "ts": event.get("ts"),
    }


class Slack:
    """The harness's handle of a hostile Slack."""

    def __init__(self, pid: int, connection: Connection, journal: Path, address: Address) -> None:
        self.pid = pid
        self.journal = journal
        self.address = address
        self._connection = connection

    async def behave(self, plan: Plan) -> None:
        """Commit other faults from now on."""
        await self._ask("behave", plan)

    async def deliver_to(self, url: str) -> None:
        """Deliver events by signed HTTP to this bot from now on (its request URL)."""
        await self._ask("deliver_to", url)

    async def act(self, person: str, does: str, *args: Any, **kwargs: Any) -> str | None:
        """Let somebody do something: a coroutine of the sandbox's ``Person``, by its name.

        Returns the ``ts`` of the message that came of it, if any.
        """
        done: str | None = await self._ask("act", person, does, args, kwargs)
        return done

    async def quiet(self) -> int:
        """Wait until no delivery is under way; returns how many events were given up so far."""
        return int(await self._ask("quiet"))

    async def _ask(self, *command: Any) -> Any:
        self._connection.send(command)
        await asyncio.to_thread(self._connection.poll, ANSWER_SECONDS)
        answer = self._connection.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer


def main(setting: Setting, connection: Connection) -> None:
    """What the process does: serve until nobody holds the other end any more."""
    asyncio.run(_serve(setting, connection))


async def _serve(setting: Setting, connection: Connection) -> None:
    hostile = Hostile(setting.plan, Writer(setting.journal))
    config = AppConfig.from_manifest(manifest.load())
    sandbox = HostileSandbox(
        world(setting.channels),
        config=config if setting.events else replace(config, events=frozenset()),
        limits=setting.limits,
        faults=hostile,
    )
    sandbox.faults = hostile
    hostile.sandbox = sandbox
    async with sandbox:
        app = sandbox.world.app
        connection.send(
            Address(
                sandbox.api_url,
                sandbox.bot_token,
                sandbox.signing_secret,
                app.team_id,
                app.id,
                app.bot_id,
                app.bot_user_id,
            )
        )
        asked: asyncio.Queue[Any] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def read() -> None:
            try:
                asked.put_nowait(connection.recv())
            except (EOFError, OSError):
                loop.remove_reader(connection.fileno())
                asked.put_nowait(None)

        loop.add_reader(connection.fileno(), read)
        while (command := await asked.get()) is not None:
            try:
                connection.send(await _obey(sandbox, hostile, *command))
            except Exception as error:
                connection.send(RuntimeError(f"{type(error).__name__}: {error}"))


async def _obey(sandbox: HostileSandbox, hostile: Hostile, command: str, *given: Any) -> Any:
    if command == "behave":
        hostile.plan = given[0]
        return None
    if command == "deliver_to":
        sandbox.use_http(given[0])
        return None
    if command == "quiet":
        await sandbox.quiet()
        return len(sandbox.deliveries.undelivered)
    person, does, args, kwargs = given
    done = await getattr(sandbox.person(person), does)(*args, **kwargs)
    return done if isinstance(done, str) else getattr(done, "ts", None)
