"""The points of a delivery at which a test may make things go wrong."""

from collections.abc import Awaitable, Callable
from enum import StrEnum


class Point(StrEnum):
    """Where the courier stands with one message."""

    CLAIMED = "claimed"
    RENDERED = "rendered"
    BEGUN = "begun"  # noted as perhaps sent, before the lease is looked at for the last time
    SENDING = "sending"  # about to call Slack
    ANSWERED = "answered"  # Slack answered, nothing is noted yet
    RECORDED = "recorded"
    LOOKING = "looking"
    LOOKED = "looked"


Probe = Callable[[Point], Awaitable[None]]


async def nothing(point: Point) -> None:
    """What happens at each point outside of tests."""
