"""The clock as a way in for trouble: what did not get through is told."""

from collections.abc import Callable
from datetime import datetime

from bot.services import trouble
from bot.settings import Settings
from storage.store import Store


def ticks(settings: Settings) -> tuple[Callable[[Store, datetime, int], int], ...]:
    """What the clock does about trouble."""
    return (trouble.tell,)
