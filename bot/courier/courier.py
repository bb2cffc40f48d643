"""The courier's round: which lanes are due, and several of them at once under a bound."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.courier import doubles
from bot.courier.delivery import Delivery
from bot.courier.patience import Lease, Patience, boot_time
from bot.courier.points import Point, Probe, nothing
from bot.courier.tools import SOON, Tools, look
from bot.directory import Directory, NotInstalled
from bot.domain.calendar import Calendar
from bot.domain.posts import Claim, Kind
from bot.rendering import Renderer
from storage.database import Database
from storage.errors import DatabaseClosed

log = structlog.get_logger(__name__)

_TROUBLE_SECONDS = 1.0
_GAP_SECONDS = 0.02
"""Who records at the same time wakes the courier once: each look costs a query."""

_AFTER_SECONDS = 0.005
"""Whoever records something is answered first; the courier looks a moment later."""

_SLACK_SECONDS = 0.002  # a sleep ends a little after the database's clock says so, not before


@dataclass(frozen=True, slots=True)
class Health:
    """How the courier fares."""

    running: bool
    waiting: int
    """Messages that it has yet to do something about."""
    counted: Mapping[str, int]
    """How often what happened, since the start: ``posted``, ``not_posted_unknown``, …"""


@dataclass(frozen=True, slots=True)
class _Serving:
    """A lane that is being served, and since when, by the event loop's clock."""

    lane: int
    since: float


class Courier:
    """Delivers what was recorded. ``wake`` it after recording something."""

    def __init__(
        self,
        db: Database,
        directory: Directory,
        calendar: Calendar,
        renderers: Mapping[Kind, Renderer],
        *,
        patience: Patience | None = None,
        probe: Probe = nothing,
    ) -> None:
        self.patience = patience or Patience()
        self.counted: Counter[str] = Counter()
        self._db = db
        self._tools = Tools(db, directory, calendar, renderers, self.patience, probe, self.counted)
        self._woken = asyncio.Event()
        self._moved = asyncio.Event()
        self._stopping = False
        self._claiming = False
        self._claims = 0
        self._looked_at = 0.0
        self._freed = False
        self._round: asyncio.Task[None] | None = None
        self._under_way: dict[asyncio.Task[None], _Serving] = {}

    def start(self) -> None:
        """Begin to deliver."""
        if self._round is None:
            self._stopping = False
            self._round = asyncio.create_task(self._go_round(), name="courier")

    def wake(self) -> None:
        """Something was recorded: look at once."""
        self._woken.set()

    async def drain(self, resting: float = 2.0) -> None:
        """Wait until nothing is left to deliver but what rests for longer than this (seconds)."""
        while self._round is not None and not self._round.done():
            self._moved.clear()
            self.wake()
            pause = 0.05
            claims = self._claims
            if not self._busy:
                due = await self._db.glance(lambda store: store.messages.next_due())
                if claims == self._claims:  # else a lease was read as a rest
                    if due is None or due.total_seconds() > resting:
                        return
                    pause = max(due.total_seconds(), pause)
            try:
                async with asyncio.timeout(pause):
                    await self._moved.wait()
            except TimeoutError:
                continue

    @property
    def _busy(self) -> bool:
        return self._claiming or bool(self._under_way)

    async def look_again(self) -> None:
        """Look for messages that may stand twice, where it is time to. Part of a tick."""
        await doubles.look_again(self._tools)

    async def stop(self) -> None:
        """Claim nothing more and wait for what is under way; each call ends by itself."""
        await self._end_round()
        while self._under_way:
            await asyncio.wait(set(self._under_way))

    async def finish(self) -> None:
        """As ``stop``, after a last look at what is due: whoever was heard last is answered still.

        However much waits, it takes no longer than the longest of what is under way then.
        """
        if self._round is not None and not self._round.done():
            await self._end_round()
            try:
                await self._claim()
            except Exception:
                log.exception("courier_round_failed")
        await self.stop()

    async def _end_round(self) -> None:
        self._stopping = True
        self.wake()
        if self._round is not None:
            await self._round
            self._round = None

    async def health(self) -> Health:
        """How it fares."""
        return Health(
            running=self._round is not None and not self._round.done(),
            waiting=await self._db.read(lambda store: store.messages.waiting()),
            counted=dict(self.counted),
        )

    async def _go_round(self) -> None:
        while not self._stopping:
            self._woken.clear()
            self._freed = False
            self._looked_at = asyncio.get_running_loop().time()
            try:
                pause = await self._claim()
            except DatabaseClosed:
                return
            except Exception:
                log.exception("courier_round_failed")
                self.counted["round_failed"] += 1
                pause = _TROUBLE_SECONDS
            self._moved.set()
            if pause > 0:
                try:
                    async with asyncio.timeout(pause):
                        await self._woken.wait()
                except TimeoutError:
                    continue
                if not (self._freed or self._stopping):
                    gap = self._looked_at + _GAP_SECONDS - asyncio.get_running_loop().time()
                    await asyncio.sleep(max(_AFTER_SECONDS, gap))

    async def _claim(self) -> float:
        """Claim what is due and set it going; returns how long to wait for the next."""
        free, pause = self._free()
        if free <= 0:
            return pause
        due = await self._db.glance(lambda store: store.messages.next_due())
        if due is None:
            return self.patience.idle
        if due > timedelta():
            return min(due.total_seconds() + _SLACK_SECONDS, self.patience.idle)
        lease = Lease(boot_time())
        token = secrets.token_hex(8)
        length = timedelta(seconds=self.patience.lease)
        self._claiming, self._claims = True, self._claims + 1
        try:
            serving = tuple(each.lane for each in self._under_way.values())
            claims = await self._db.claim(
                lambda store: store.messages.claim(token, length, free, serving)
            )
            for claim in claims:
                task = asyncio.create_task(self._serve(claim, lease))
                since = asyncio.get_running_loop().time()
                self._under_way[task] = _Serving(claim.lane, since)
                task.add_done_callback(self._served)
        finally:
            self._claiming = False
        # Nothing although something is due: another process was faster.
        return 0.0 if claims else _SLACK_SECONDS * 50

    def _free(self) -> tuple[int, float]:
        """How many more lanes may be claimed, and how long to wait where that is none.

        Lanes for which Slack takes long hold no place, so that a few slow channels never delay
        the others. Whoever is done wakes us anyway.
        """
        patience = self.patience
        room = patience.at_most - len(self._under_way)
        since = asyncio.get_running_loop().time() - patience.slow
        quick = sorted(each.since for each in self._under_way.values() if each.since > since)
        free = min(patience.at_once - len(quick), room)
        wait = quick[0] - since if quick and room > 0 else patience.idle
        return free, wait

    def _served(self, task: asyncio.Task[None]) -> None:
        self._under_way.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("courier_killed", exc_info=error)
        self._moved.set()
        self._freed = True
        self.wake()

    async def _serve(self, claim: Claim, lease: Lease) -> None:
        """One message of a claimed lane. Whatever goes wrong, the lane is not lost."""
        delivery: Delivery | None = None
        tools = self._tools
        try:
            await tools.probe(Point.CLAIMED)
            due = await tools.db.read(look, claim, tools.renderers, tools.calendar.now())
            if due is None:
                await tools.db.quick(lambda store: store.messages.release(claim))
                return
            try:
                installation = tools.directory.by_id(claim.installation)
            except NotInstalled:  # its token is with another process, or with none
                rest = tools.patience.rest(1)
                await tools.db.quick(lambda store: store.messages.release(claim, rest))
                return
            delivery = Delivery(tools, claim, lease, due, installation)
            await delivery.go()
        except Exception:
            log.exception("delivery_failed", lane=claim.lane)
            self.counted["failed"] += 1
            if delivery is None or not delivery.begun:
                await self._let_go(claim)
            # Else Slack may have it: the lease runs out, and then it is looked up.

    async def _let_go(self, claim: Claim) -> None:
        try:
            await self._db.quick(lambda store: store.messages.release(claim, SOON))
        except Exception:
            log.exception("lane_not_released", lane=claim.lane)
