"""What Slack hands out for a short while: triggers, response URLs, socket tickets; and pacing.

All of it lives in real time, never in the sandbox's movable calendar.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from bot.sandbox.config import Limits
from bot.sandbox.errors import SlackError

RealTime = Callable[[], float]


@dataclass(slots=True)
class Trigger:
    """Permission to show one person one view, soon."""

    user: str
    until: float
    view_id: str | None
    used: bool = False


@dataclass(slots=True)
class Reply:
    """Where a ``response_url`` answers to."""

    user: str
    channel: str
    until: float
    uses: int
    message_ts: str | None
    thread_ts: str | None
    ephemeral: bool


class Tickets:
    """Makes and checks the short-lived permissions."""

    def __init__(self, limits: Limits, now: RealTime) -> None:
        self._limits = limits
        self._now = now
        self._triggers: dict[str, Trigger] = {}
        self._replies: dict[str, Reply] = {}
        self._sockets: set[str] = set()

    def trigger(self, user: str, view_id: str | None = None) -> str:
        """A fresh ``trigger_id``; ``view_id`` is the view that was acted in, if any."""
        key = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**9)}.{secrets.token_hex(16)}"
        self._triggers[key] = Trigger(user, self._now() + self._limits.trigger, view_id)
        if len(self._triggers) > 1000:
            del self._triggers[next(iter(self._triggers))]
        return key

    def exchange(self, trigger_id: str) -> Trigger:
        """Use a trigger up. Errors as ``views.open`` names them."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._now() > trigger.until:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def reply_to(
        self,
        user: str,
        channel: str,
        *,
        message_ts: str | None = None,
        thread_ts: str | None = None,
        ephemeral: bool = False,
    ) -> str:
        """A fresh key for a ``response_url``."""
        key = secrets.token_urlsafe(18)
        self._replies[key] = Reply(
            user,
            channel,
            self._now() + self._limits.response_url,
            self._limits.response_url_uses,
            message_ts,
            thread_ts,
            ephemeral,
        )
        if len(self._replies) > 1000:
            del self._replies[next(iter(self._replies))]
        return key

    def use_reply(self, key: str) -> Reply:
        """Count one use of a ``response_url``; refuses the sixth and what comes too late."""
        reply = self._replies.get(key)
        if reply is None:
            raise SlackError("invalid_url", status=404)
        if self._now() > reply.until:
            raise SlackError("expired_url", status=404)
        if reply.uses <= 0:
            raise SlackError("used_url", status=404)
        reply.uses -= 1
        return reply

    def socket(self) -> str:
        """A ticket for one Socket Mode connection."""
        ticket = secrets.token_urlsafe(18)
        self._sockets.add(ticket)
        return ticket

    def enter(self, ticket: str) -> bool:
        """Whether the ticket is good; it is used up by asking."""
        if ticket not in self._sockets:
            return False
        self._sockets.discard(ticket)
        return True


class Pace:
    """One post a second in each channel, with a small burst (a token bucket per channel)."""

    def __init__(self, limits: Limits, now: RealTime, enforced: bool) -> None:
        self._interval = limits.post_interval
        self._burst = float(limits.post_burst)
        self._now = now
        self._enforced = enforced
        self._buckets: dict[str, tuple[float, float]] = {}

    def post(self, channel: str) -> None:
        """Let a post pass, or refuse it with 429 and the seconds to wait."""
        if not self._enforced:
            return
        now = self._now()
        tokens, since = self._buckets.get(channel, (self._burst, now))
        tokens = min(self._burst, tokens + (now - since) / self._interval)
        if tokens < 1.0:
            self._buckets[channel] = (tokens, now)
            wait = max(1, ceil((1.0 - tokens) * self._interval))
            raise SlackError("ratelimited", status=429, headers={"Retry-After": str(wait)})
        self._buckets[channel] = (tokens - 1.0, now)
