"""How long the courier waits for what. Passed in; tests shorten it."""

import random
import sys
import time
from dataclasses import dataclass
from datetime import timedelta

_DICE = random.SystemRandom()


def boot_time() -> float:
    """Seconds on a clock that nobody sets and that goes on while the machine is suspended.

    Where there is no such clock (macOS, Windows), one that may stand still meanwhile.
    """
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    else:  # noqa: RET505 - the type checker reads platforms by branches
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class Patience:
    """Times in seconds of real time.

    A post whose fate is unknown is looked up ``lease`` after its lane was claimed, or later. It
    was sent at most ``lease - call - quiet`` after the claim and answered at most ``call`` after
    that, so Slack had at least ``quiet`` to show it in the channel's history.
    """

    lease: float = 120.0
    call: float = 10.0
    """The longest that one call to Slack may take."""
    quiet: float = 60.0
    pace: float = 1.0
    """Between two posts in one channel: Slack's limit
    (https://docs.slack.dev/apis/web-api/rate-limits)."""
    idle: float = 15.0
    """How often it looks for what other processes have recorded."""
    at_once: int = 8
    """How many lanes are worked on at the same time, those that Slack lets wait not counted."""
    slow: float = 1.0
    """After so long a call counts as waiting: its place is given to another lane."""
    at_most: int = 64
    """How many lanes at the same time altogether, so that a Slack that hangs does not collect
    all of them."""
    attempts: int = 8
    first_rest: float = 171.0
    """After the first attempt that did not go well; each rest is twice the one before. Eight
    attempts take a little over six hours."""

    jitter: float = 0.1
    """The share by which a rest that Slack asked for is lengthened at the most."""
    channel_rest: float = 24 * 3600.0
    """How long a channel rests that Slack refuses, unless we hear that it is open again."""
    workspace_rest: float = 3600.0
    """How long a workspace rests that Slack refuses, and a channel for which a scope is missing."""

    def __post_init__(self) -> None:
        if self.send_within <= 0:
            raise ValueError("a lease must be longer than a call and the quiet time together")

    @classmethod
    def of(cls, lease: float, call: float) -> "Patience":
        """The times that follow from a lease and from how long a call may take."""
        return cls(lease=lease, call=call, quiet=(lease - call) * 0.6)

    @property
    def send_within(self) -> float:
        """How old a claim may be at most when a message is sent."""
        return self.lease - self.call - self.quiet

    def rest(self, attempts: int) -> timedelta:
        """How long to rest after so many attempts; never shorter than a lease."""
        return timedelta(seconds=max(self.lease, self.first_rest * 2 ** max(attempts - 1, 0)))

    def paced(self, wait: float) -> timedelta:
        """How long to rest where Slack names a time: a little longer each time, so that all whom
        it held back at once do not come back at once.
        """
        return timedelta(seconds=wait * (1 + self.jitter * _DICE.random()))

    def unknown(self, attempts: int) -> timedelta:
        """How long to rest after an attempt whose outcome is unknown, before it is looked up.

        After the last one nothing is tried again: it is looked up as soon as that is safe.
        """
        soon = attempts <= 1 or attempts >= self.attempts
        return timedelta(seconds=self.lease) if soon else self.rest(attempts)


@dataclass(frozen=True, slots=True)
class Lease:
    """How long what was claimed may be worked on, by this machine's own clock."""

    since: float
    """Read before the claim was asked for."""

    def fresh(self, patience: Patience) -> bool:
        """Whether a message may still be sent. A process that was frozen finds out here."""
        return boot_time() - self.since < patience.send_within
