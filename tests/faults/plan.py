"""Which faults Slack commits, and how often."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """What goes wrong with one call, or with one delivery. *Before* means that Slack did not do
    it, *after* that it did.
    """

    RATE_LIMITED = "rate_limited"  # 429 with Retry-After, before
    ERROR_BEFORE = "error_before"  # 500 or 503
    ERROR_AFTER = "error_after"
    HTML_BEFORE = "html_before"  # a gateway's page, with status 200
    HTML_AFTER = "html_after"
    FATAL_AFTER = "fatal_after"  # Slack's own "fatal_error"
    CLOSED_BEFORE = "closed_before"  # the connection ends without an answer
    CLOSED_AFTER = "closed_after"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    SLOW_BEFORE = "slow_before"  # done after the caller's time-out
    SLOW_AFTER = "slow_after"  # done at once, answered after the caller's time-out
    # of deliveries
    LOST = "lost"
    TWICE = "twice"
    LATE = "late"  # overtaken by others


ACCEPTED = frozenset(
    {
        Fault.ERROR_AFTER,
        Fault.HTML_AFTER,
        Fault.FATAL_AFTER,
        Fault.CLOSED_AFTER,
        Fault.RESET_AFTER,
        Fault.SLOW_BEFORE,
        Fault.SLOW_AFTER,
    }
)
"""The faults after which Slack has the message, although the bot was not told so."""

OF_CALLS = tuple(f for f in Fault if f not in {Fault.LOST, Fault.TWICE, Fault.LATE})


def chance(seed: object) -> random.Random:
    """Chance that is the same again for the same seed."""
    return random.Random(str(seed))  # noqa: S311 - it guards no secret


def evenly(share: float, *faults: Fault) -> dict[Fault, float]:
    """These faults, equally often, and together in this share of the calls."""
    return dict.fromkeys(faults, share / len(faults))


HOSTILE = evenly(0.2, *OF_CALLS)
"""Everything goes wrong, a fifth of the time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a Slack behaves. Shares are of the calls (or deliveries), between 0 and 1; times are
    seconds.
    """

    seed: int = 0
    posting: Mapping[Fault, float] = field(default_factory=dict)
    """``chat.postMessage`` and ``chat.update``."""
    reading: Mapping[Fault, float] = field(default_factory=dict)
    """``conversations.history``, ``conversations.replies`` and ``conversations.open``."""
    delivering: Mapping[Fault, float] = field(default_factory=dict)
    channels: Mapping[str, Mapping[Fault, float]] = field(default_factory=dict)
    """Channels in which posting goes otherwise."""
    lag: tuple[float, float] = (0.0, 0.0)
    """How long a post is not yet in the channel's history."""
    answer: tuple[float, float] = (0.0, 0.0)
    """How long a post takes."""
    slow: float = 1.0
    """How late what is slow is. For SLOW_BEFORE it must be less than the lease minus the time in
    which a bot may send, else Slack accepts after the look-up: the window that nobody can close."""
    retry_after: tuple[int, int] = (1, 2)
    late: float = 0.5
    """How long what is delivered late is held back at most."""
