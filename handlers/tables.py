"""Which function answers what: the tables of all nouns joined, each name once."""

from collections.abc import Awaitable, Callable, Mapping
from types import ModuleType
from typing import Any

from bot.domain.people import Installation
from bot.domain.posts import Kind
from bot.language import Said
from handlers import (
    checkins,
    commitments,
    days,
    digest,
    history,
    home,
    organizations,
    own_organization,
    partnerships,
    preferences,
    recording,
    reminders,
    setup,
    shares,
    undo,
)
from handlers import help as helping
from handlers.answer import Answer
from handlers.house import House
from handlers.visit import Visit

Words = Callable[[Visit, Said], Awaitable[Answer]]
"""A verb that somebody typed."""
Press = Callable[[Visit], Awaitable[Answer]]
"""A button that was pressed, a choice made, a modal sent."""
Reply = Callable[[Visit, int, int], Awaitable[Answer]]
"""A reply in a thread of ours: (visit, id of the thread's first message, its subject)."""
Event = Callable[[House, Installation, Mapping[str, Any]], Awaitable[None]]
"""Something happened: (house, installation, the whole delivery)."""

_NOUNS: tuple[ModuleType, ...] = (
    helping,
    home,
    partnerships,
    organizations,
    setup,
    commitments,
    checkins,
    digest,
    shares,
    days,
    own_organization,
    history,
    recording,
    undo,
    preferences,
    reminders,
)


def _joined(name: str) -> dict[Any, Any]:
    joined: dict[Any, Any] = {}
    for noun in _NOUNS:
        for key, function in getattr(noun, name, {}).items():
            if key in joined:
                raise ValueError(f"{key} of {name} stands in two tables")
            joined[key] = function
    return joined


VERBS: dict[str, Words] = _joined("VERBS")
BUTTONS: dict[str, Press] = _joined("BUTTONS")
MODALS: dict[str, Press] = _joined("MODALS")
SHORTCUTS: dict[str, Press] = _joined("SHORTCUTS")
THREADS: dict[Kind, Reply] = _joined("THREADS")
EVENTS: dict[str, tuple[Event, ...]] = {
    kind: tuple(noun.EVENTS[kind] for noun in _NOUNS if kind in getattr(noun, "EVENTS", {}))
    for kind in {kind for noun in _NOUNS for kind in getattr(noun, "EVENTS", {})}
}
"""By type of event; for messages ``message_changed`` and ``message_deleted``. Several nouns may
want to hear of the same event."""
