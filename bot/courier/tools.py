"""What all deliveries of one courier share, and what one of them has to do."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.courier.lookup import CutShort
from bot.courier.outcomes import Fate, Outcome
from bot.courier.patience import Patience
from bot.courier.points import Probe
from bot.directory import Directory
from bot.domain.calendar import Calendar
from bot.domain.errors import BotError
from bot.domain.posts import Claim, Kind, Outgoing
from bot.rendering import Renderer
from storage.database import Database
from storage.store import Store

log = structlog.get_logger(__name__)

SOON = timedelta(seconds=30)
"""When something other than the sending itself (a look-up, say) has to be repeated."""

_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BotError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""Errors of our own code, as against those of the database and the machine."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What all deliveries of one courier share."""

    db: Database
    directory: Directory
    calendar: Calendar
    renderers: Mapping[Kind, Renderer]
    patience: Patience
    probe: Probe
    counted: Counter[str]
    cut_short: CutShort = field(default_factory=CutShort)


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done, and what it would show: one state of things, read together."""

    message: Outgoing
    value: Any = None
    fault: Outcome | None = None
    """Why our own code cannot read it."""


def look(
    store: Store, claim: Claim, renderers: Mapping[Kind, Renderer], now: datetime
) -> Due | None:
    """What is next in a lane; None if nothing is. A read."""
    message = store.messages.head(claim)
    if message is None:
        return None
    if message.body is not None:
        return Due(message)
    renderer = renderers.get(message.kind)
    if renderer is None:
        return Due(message, fault=Outcome(Fate.REFUSED, "no_renderer"))
    try:
        return Due(message, renderer.read(store, message.subject, now))
    except _FAULTS as error:
        log.exception("message_not_read", message=message.id, kind=message.kind)
        return Due(message, fault=Outcome(Fate.REFUSED, f"read_{type(error).__name__}"))
