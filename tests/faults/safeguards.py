"""Bots that lack one safeguard each: the harness must find what that does.

The safeguards are taken out of the harness's own processes only, by replacing parts of the
program there. There is no setting of the product that could.
"""

from enum import StrEnum
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from sqlalchemy.ext.compiler import compiles

from bot import app
from bot.courier import delivery, patience
from bot.directory import Directory
from storage import types


class Control(StrEnum):
    """What is missing."""

    BLIND_RETRY = "blind_retry"
    """It posts again what it does not know the fate of, without looking."""
    SDK_RETRIES = "sdk_retries"
    """The SDK repeats calls as it does by default."""
    OWN_CLOCK = "own_clock"
    """Leases are written and read by each process's own clock."""
    SHORT_LEASE = "short_lease"
    """Slack shows posts later than the lease is long. Nothing is replaced: the times do it."""
    NO_CHECK = "no_check"
    """The age of the claim is not looked at before sending."""


def remove_safeguard(control: Control, skew: float) -> None:
    """Take a safeguard out of this process, for good."""
    if control is Control.BLIND_RETRY:
        _replace(delivery.Delivery, "_find", _nothing_found)
    elif control is Control.NO_CHECK:
        _replace(patience.Lease, "fresh", _always_fresh)
    elif control is Control.OWN_CLOCK:
        _tell_the_time_by(skew)


def retry_in_the_sdk(directory: Directory) -> None:
    """Give the clients the retry handler that the SDK has by default."""
    for installation in directory.installations():
        directory.client(installation).retry_handlers.append(AsyncConnectionErrorRetryHandler())


def acknowledge_first() -> None:
    """Let Bolt acknowledge events before they are handled, as it does by default."""

    def as_by_default(**given: Any) -> AsyncApp:
        return AsyncApp(**given | {"process_before_response": False})

    _replace(app, "AsyncApp", as_by_default)


def _replace(owner: object, name: str, by: object) -> None:
    if not hasattr(owner, name):
        raise AttributeError(f"{owner!r} has no {name} any more: the control has to be told")
    setattr(owner, name, by)


async def _nothing_found(*_: Any, **__: Any) -> None:
    return None


def _always_fresh(*_: Any) -> bool:
    return True


def _tell_the_time_by(skew: float) -> None:
    """All processes are on one machine, so a clock that is wrong is the right one and a skew."""
    ahead = int(skew * 1_000_000)

    @compiles(types._DatabaseNow, "postgresql")
    def wrong(*_: Any, **__: Any) -> str:
        return f"CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) + ({ahead})"
