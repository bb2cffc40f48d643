"""``python -m tests.faults``: run rows, say what came of them, fail if a promise was broken."""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.faults.lab import House, Lab, Nursery
from tests.faults.rows import ROWS, Result, Size, load


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit status: 0 if every promise held and every fault was hit."""
    given = _parser().parse_args(arguments)
    size = Size.FULL if given.full else Size.SMALLEST if given.smallest else Size.SHORT
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    wrong = [name for name in given.only or () if name not in ROWS]
    if wrong:
        _say(f"There is no row {', '.join(wrong)}. The rows are: {', '.join(ROWS)}.")
        return 2
    _say(f"seed {seed}, {size.name.lower()}")
    # A short path: PostgreSQL's socket lies in it.
    with tempfile.TemporaryDirectory(prefix="cg-f-", ignore_cleanup_errors=True) as folder:
        well = asyncio.run(_run(given.only or ROWS, seed, size, Path(folder), given.json))
    return 0 if well else 1


async def _run(names: Sequence[str], seed: int, size: Size, folder: Path, out: Path | None) -> bool:
    nursery, house = Nursery(), House(folder)
    well = True
    try:
        for name in names:
            about, run = load(name)
            _say(f"\n{name}: {about}")
            place = folder / name
            place.mkdir()
            lab = Lab(name, seed, size, place, nursery, house)
            began = time.monotonic()
            try:
                result = await run(lab)
            except Exception:
                result = Result(broken=[f"the row itself failed:\n{traceback.format_exc()}"])
            finally:
                await lab.close()
            held = _tell(result, size, seed, time.monotonic() - began)
            well &= held
            if out is not None:
                _append(out, name, seed, size, result, held, time.monotonic() - began)
    finally:
        house.close()
    _say("\nEvery promise held." if well else "\nA promise was broken, or a fault not hit.")
    return well


def _tell(result: Result, size: Size, seed: int, took: float) -> bool:
    missed = [] if size is Size.SMALLEST else result.missed()
    held = not (result.broken or missed)
    _say(f"  seed {seed}, {result.trials} trials, {took:.0f} s")
    for name in sorted(result.injected | result.hit):
        _say(f"  {name}: injected {result.injected[name]}, hit {result.hit[name]}")
    if result.figures:
        _say("  " + ", ".join(f"{name} {value}" for name, value in result.figures.items()))
    for sentence in (*result.broken[:20], *missed):
        _say(f"  NOT HELD: {sentence}")
    if len(result.broken) > 20:
        _say(f"  … and {len(result.broken) - 20} more")
    _say(f"  {'held' if held else 'BROKEN'}")
    return held


def _append(
    out: Path, name: str, seed: int, size: Size, result: Result, held: bool, took: float
) -> None:
    """Add a row to the file, so that a full run can be made in parts."""
    known = json.loads(out.read_text("utf-8")) if out.exists() else {"rows": []}
    known["rows"].append(
        {
            "row": name,
            "size": size.name.lower(),
            "seed": seed,
            "trials": result.trials,
            "injected": dict(sorted(result.injected.items())),
            "hit": dict(sorted(result.hit.items())),
            "needs": result.needs,
            "figures": result.figures,
            "broken": result.broken[:50],
            "held": held,
            "seconds": round(took, 1),
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
    )
    out.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, help="the same chance again (default: a new one)")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--full", action="store_true", help="the figures of the table")
    size.add_argument("--smallest", action="store_true", help="only show that the rows work")
    parser.add_argument("--only", nargs="+", metavar="ROW", help=f"of: {', '.join(ROWS)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="append the results to a file")
    return parser


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
