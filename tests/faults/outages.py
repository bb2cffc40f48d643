"""PostgreSQL stopped at once and started again, and connections that silently lead nowhere."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress

import aiohttp
from sqlalchemy import make_url

from tests.faults import town
from tests.faults.checker import check
from tests.faults.lab import Child, Lab, wait_for
from tests.faults.plan import Fault, Plan, evenly
from tests.faults.rows import Result, Size
from tests.faults.slack import Slack
from tests.faults.town import Work
from tests.faults.worker import Spec
from tests.postgres import PostgresServer

ABOUT = "PostgreSQL stopped at once and restarted; connections that lead nowhere any more"

READY_AGAIN = 10.0
"""Seconds, after the server is back, or after a connection fell silent."""

DRAIN = 180.0


async def run(lab: Lab) -> Result:
    result = Result()
    server = await asyncio.to_thread(PostgresServer, lab.folder / "pg")
    try:
        server.admin.execute("ALTER SYSTEM RESET synchronous_commit")  # what is told must be kept
        server.admin.execute("SELECT pg_reload_conf()")
        result.add(await _stops(lab, server))
        result.add(await _silences(lab, server))
    finally:
        await asyncio.to_thread(server.stop)
    return result


async def _stops(lab: Lab, server: PostgresServer) -> Result:
    """The server is gone from one moment to the next, with all its connections, and comes back."""
    url = server.url(server.create())
    times = lab.pick(1, 3, 50)
    result = Result(injected=_named("stopped", times), needs={"stopped": times})

    async def go_wrong(bots: list[Child]) -> float:
        await asyncio.to_thread(server.crash)
        if not await _are_ready(bots):
            result.hit["stopped"] += 1
        await asyncio.sleep(lab.rng.uniform(0.0, 1.0))
        await asyncio.to_thread(server.start_again)
        return time.monotonic()

    await _while_it_works(lab, url, url, times, 2.5, go_wrong, result)
    return result


async def _silences(lab: Lab, server: PostgresServer) -> Result:
    """What lies between bot and server forgets the connections, and tells nobody."""
    url = server.url(server.create())
    times = lab.pick(1, 1, 50)
    result = Result(injected=_named("silent", times), needs={"silent": times})
    relay = Relay(str(make_url(url).query["host"]))
    await relay.open()

    async def go_wrong(_bots: list[Child]) -> float:
        before = relay.swallowed
        relay.silence()
        began = time.monotonic()
        result.hit["silent"] += await wait_for(lambda: relay.swallowed > before, READY_AGAIN)
        return began

    try:
        await _while_it_works(lab, url, relay.instead_of(url), times, 7.0, go_wrong, result)
    finally:
        await relay.close()
    return result


async def _while_it_works(
    lab: Lab,
    url: str,
    by: str,
    times: int,
    each: float,
    go_wrong: Callable[[list[Child]], Awaitable[float]],
    result: Result,
) -> None:
    """Let bots post while something goes wrong again and again; adds to the result.

    ``by`` is how the bots reach the database of ``url``; one round takes ``each`` seconds or so.
    ``go_wrong`` returns when, by the clock of ``time.monotonic``, all was well again.
    """
    where = town.channels(max(4, 4 * times))
    faults = evenly(0.05, Fault.ERROR_AFTER, Fault.CLOSED_BEFORE)
    slowest = 0.0
    async with AsyncExitStack() as stack:
        plan = Plan(lab.seed, posting=faults)
        slack: Slack = await stack.enter_async_context(lab.slack(plan, where))
        work = Work(promises=1, spread=each * times)
        posts = await town.build(url, slack.address, where, work, rng=lab.rng)
        offset, log = town.offset(), lab.log()
        bots = [await lab.bot(Spec(by, slack.address, log, offset)) for _ in range(2)]
        for _ in range(times):
            await asyncio.sleep(lab.rng.uniform(0.2, 1.0))
            since = await go_wrong(bots)
            took = await _ready_again(bots, since)
            slowest = max(slowest, took)
            if took > READY_AGAIN and lab.size is not Size.SMALLEST:  # those run all at once
                result.broken.append(f"ready again only after {took:.1f} s")
            result.trials += 1
            lab.tell(result.trials, times, "outages")
        if not await lab.drained(url, within=DRAIN, calendar_offset=offset):
            result.broken.append(f"not everything was delivered in {DRAIN:g} s")
        for bot in bots:
            if bot.status is not None:
                result.broken.append(f"a bot ended with {bot.status}")
            await bot.stop()
        found = check(lab.journal(slack), url, occurrences=len(where), posts=posts)
    result.broken += found.broken()
    result.figures = {
        "posts": found.counted["posts"],
        "retried": found.counted["retried"],
        "doubles": len(found.doubles),
        "lost": len(found.lost),
        f"{'/'.join(result.injected)}_slowest_s": round(slowest, 1),
    }


def _named(name: str, times: int) -> Counter[str]:
    return Counter({name: times})


async def _are_ready(bots: list[Child]) -> bool:
    """Whether every bot says that it is."""
    timeout = aiohttp.ClientTimeout(total=3)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        for bot in bots:
            try:
                async with session.get(f"{bot.address}/readyz") as said:
                    if said.status != 200:
                        return False
            except (aiohttp.ClientError, TimeoutError):
                return False
    return True


async def _ready_again(bots: list[Child], since: float) -> float:
    """Seconds until every bot is ready; gives up after a while."""
    while not await _are_ready(bots):
        if time.monotonic() > since + 3 * READY_AGAIN:
            break
        await asyncio.sleep(0.05)
    return time.monotonic() - since


class Relay:
    """Passes bytes between bots, by TCP, and the server's socket, until it is told to stop."""

    def __init__(self, folder: str) -> None:
        self._socket = f"{folder}/.s.PGSQL.5432"
        self._links: set[_Link] = set()
        self._listening: asyncio.Server | None = None
        self.swallowed = 0
        """Bytes that went nowhere."""

    async def open(self) -> None:
        self._listening = await asyncio.start_server(self._accept, "127.0.0.1", 0)

    def instead_of(self, url: str) -> str:
        """The URL of the same database by this relay."""
        if self._listening is None:
            raise RuntimeError("it is not open")
        port = self._listening.sockets[0].getsockname()[1]
        direct = make_url(url).set(query={}, host="127.0.0.1", port=port)
        return direct.render_as_string(hide_password=False)

    def silence(self) -> None:
        """What goes over the connections that there are arrives nowhere; new ones are well."""
        for link in self._links:
            link.silent = True

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.close()
        for link in list(self._links):
            link.close()

    async def _accept(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        try:
            server, there = await asyncio.open_unix_connection(self._socket)
        except OSError:
            back.close()
            return
        link = _Link(self, back, there)
        self._links.add(link)
        with suppress(OSError):
            async with asyncio.TaskGroup() as both:
                both.create_task(link.carry(client, there))
                both.create_task(link.carry(server, back))
        self._links.discard(link)


class _Link:
    def __init__(self, relay: Relay, *ends: asyncio.StreamWriter) -> None:
        self._relay = relay
        self._ends = ends
        self.silent = False

    async def carry(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        """One way, until an end closes."""
        try:
            while data := await source.read(65536):
                if self.silent:
                    self._relay.swallowed += len(data)
                    continue
                to.write(data)
                await to.drain()
        except OSError:
            pass
        finally:
            self.close()

    def close(self) -> None:
        for end in self._ends:
            end.close()
