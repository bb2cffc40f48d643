"""What was measured, and how it is told."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Literal

Unit = Literal["ratio", "1/s", "ms", "s", "µs", "MB", "%", "queries", "rows"]


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should reach at least, and what would be very good."""

    least: float
    ambitious: float

    def met(self, value: float) -> str:
        """In a word. Where the ambitious value is the larger one, more is better."""
        better = value >= self.ambitious if self.more else value <= self.ambitious
        if better:
            return "ambitious"
        enough = value >= self.least if self.more else value <= self.least
        return "met" if enough else "MISSED"

    @property
    def more(self) -> bool:
        """Whether a larger value is a better one."""
        return self.ambitious > self.least


@dataclass(frozen=True, slots=True)
class Figure:
    """One result. The name of a ratio ends in ``_ratio``."""

    name: str
    value: float
    unit: Unit
    means: str
    """In a few words, for the table."""
    goal: Goal | None = None

    def __post_init__(self) -> None:
        if (self.unit == "ratio") != self.name.endswith("_ratio"):
            raise ValueError(f"{self.name} is in {self.unit}")


def percentile(values: Sequence[float], percent: int) -> float:
    """Such that so many percent of the values are not larger."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def write(figures: Iterable[Figure], path: Path) -> None:
    """Write them as JSON, in their order."""
    rows = [
        {"name": figure.name, "value": round(figure.value, 4), "unit": figure.unit}
        | (
            {"least": figure.goal.least, "ambitious": figure.goal.ambitious}
            if figure.goal is not None
            else {}
        )
        for figure in figures
    ]
    path.write_text(json.dumps({"figures": rows}, indent=2, ensure_ascii=False) + "\n", "utf-8")


def table(figures: Iterable[Figure]) -> str:
    """A table for people."""
    rows = [("figure", "value", "unit", "goal (ambitious)", "", "what it is")]
    for figure in figures:
        goal = figure.goal
        rows.append(
            (
                figure.name,
                _number(figure.value),
                "" if figure.unit == "ratio" else figure.unit,
                "" if goal is None else _aim(goal),
                "" if goal is None else goal.met(figure.value),
                figure.means,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _aim(goal: Goal) -> str:
    return f"{'≥' if goal.more else '≤'} {goal.least:g} ({goal.ambitious:g})"


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"
