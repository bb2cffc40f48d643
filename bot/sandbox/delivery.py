"""How events, commands and interactions reach the app, and what becomes of them if they do not.

Events are sent again when they are not acknowledged in time: at once, after a minute, after five
(``Limits.retries``), with the number and reason of the attempt. Commands and interactions are sent
once; their person is told when the app does not answer.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bot.sandbox.errors import Json
from bot.sandbox.faults import Faults
from bot.sandbox.slack import Slack

Kind = Literal["events_api", "slash_commands", "interactive"]


@dataclass(frozen=True, slots=True)
class Ack:
    """What came of one attempt to deliver."""

    ok: bool
    body: Json | None = None
    """What the app answered with: a dict, or None for an empty acknowledgement."""
    reason: str = ""
    """Why it failed: timeout, http_timeout, http_error, connection_failed …"""
    no_retry: bool = False
    """The app asked not to be sent this again (``x-slack-no-retry: 1``)."""


class Transport(Protocol):
    """A way to the app: Socket Mode, or signed HTTP."""

    async def deliver(
        self, kind: Kind, payload: Json, retry: int = 0, retry_reason: str = ""
    ) -> Ack: ...


class Deliveries:
    """Sends what happens to the app and keeps count of what is under way."""

    def __init__(self, slack: Slack, transport: Transport, faults: Faults) -> None:
        self._slack = slack
        self._transport = transport
        self._faults = faults
        self._tasks: set[asyncio.Task[None]] = set()
        self.undelivered: list[Json] = []
        """Event envelopes that were given up after the last retry."""

    def event(self, envelope: Json) -> None:
        """Send an event in the background, with Slack's retries."""
        self.spawn(self._event(envelope))

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def ask(self, kind: Kind, payload: Json) -> Ack:
        """Send a command or an interaction, once, and wait for the answer."""
        with self._slack.busy.during():
            return await self._attempt(kind, payload, 0, "")

    async def _event(self, envelope: Json) -> None:
        ack = Ack(False)
        pauses = (0.0, *self._slack.limits.retries)
        for attempt, pause in enumerate(pauses):
            if pause:
                await asyncio.sleep(pause)
            with self._slack.busy.during():
                ack = await self._attempt("events_api", envelope, attempt, ack.reason)
            if ack.ok or ack.no_retry:
                return
        self.undelivered.append(envelope)
        self._slack.activity.mark()

    async def _attempt(self, kind: Kind, payload: Json, retry: int, reason: str) -> Ack:
        if not await self._faults.before_delivery(kind, payload):
            return Ack(False, reason="timeout")
        return await self._transport.deliver(kind, payload, retry, reason)

    async def stop(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
