"""``python -m tests.bench [--quick] [--out FILE]``: measure everything, say it, write it down."""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench import digest, doors, starting, tick
from tests.bench.children import ROOT, Child
from tests.bench.doors import Length
from tests.bench.figures import Figure, table, write


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    doors: Length
    schedules: tuple[int, int]
    due: int
    ticks: int
    starts: int
    helps: int


FULL = Size(Length(7, 2.0, 5, 5.0), (10_000, 1_000_000), 10_000, 5, 3, 15)
QUICK = Size(Length(1, 0.2, 1, 0.5), (400, 4_000), 400, 1, 1, 1)
"""Shows that everything works; its figures mean nothing."""


async def measure(folder: Path, size: Size) -> list[Figure]:
    """Everything, in the order of the table."""
    with Child(folder, "-m", "tests.bench.slack") as slack:
        figures = await doors.measure(folder, slack, size.doors)
        figures += await tick.measure(folder, *size.schedules, size.due, size.ticks)
        figures += await digest.measure(folder, 10, 1_000, 3 * size.ticks)
        figures += starting.measure_help(folder, size.helps)
        figures += await starting.measure_start(folder, slack, size.starts)
    return figures + starting.measure_story(folder, size.starts)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only show that it works")
    parser.add_argument("--out", type=Path, default=ROOT / "bench.json", help="where it is written")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cg-bench-") as folder:
        figures = asyncio.run(measure(Path(folder), QUICK if given.quick else FULL))
    write(figures, given.out)
    sys.stdout.write(f"{table(figures)}\n")


if __name__ == "__main__":
    main()
