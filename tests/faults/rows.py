"""The rows of the table: which there are, and what each comes to."""

import importlib
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.faults.lab import Lab

ROWS: tuple[str, ...] = (
    "exits",
    "kills",
    "controls",
    "frozen",
    "storm",
    "rolling",
    "daylight",
    "anyorder",
    "outages",
    "inbound",
    "clocks",
    "disk",
)
"""The modules of the rows, in the order in which they run; each is named as its row."""


class Size(IntEnum):
    """How much of a row is run."""

    SMALLEST = 0
    """Shows that the row works; for the suite. What has to be hit is not asked for."""
    SHORT = 1
    FULL = 2


@dataclass(slots=True)
class Result:
    """What came of a row."""

    trials: int = 0
    injected: Counter[str] = field(default_factory=Counter)
    """How often which fault was meant to happen."""
    hit: Counter[str] = field(default_factory=Counter)
    """How often it did happen, as Slack's journal, an exit status or the database tells."""
    needs: dict[str, int] = field(default_factory=dict)
    """How often it must have happened for the row to count; by the names of ``hit``."""
    broken: list[str] = field(default_factory=list)
    """What did not hold, in sentences."""
    figures: dict[str, Any] = field(default_factory=dict)
    """What else is worth telling: ``lost``, ``doubles`` …; numbers and short words."""

    def missed(self) -> list[str]:
        """What was not hit often enough."""
        return [
            f"{name}: hit {self.hit[name]} times of {least} needed"
            for name, least in self.needs.items()
            if self.hit[name] < least
        ]

    def add(self, other: "Result") -> None:
        """Take in another part of the same row."""
        self.trials += other.trials
        self.injected += other.injected
        self.hit += other.hit
        self.broken += other.broken
        for name, value in other.figures.items():
            known = self.figures.get(name)
            both = isinstance(known, int | float) and isinstance(value, int | float)
            self.figures[name] = known + value if both else value


Run = Callable[["Lab"], Awaitable[Result]]


def load(name: str) -> tuple[str, Run]:
    """What a row is about, and the coroutine that runs it."""
    module = importlib.import_module(f"tests.faults.{name}")
    return module.ABOUT, module.run
