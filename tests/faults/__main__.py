"""``python -m tests.faults``: run rows, say what came of them, fail if a promise was broken."""

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
import traceback
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.children import ROOT
from tests.faults.lab import House, Lab, Nursery
from tests.faults.rows import ROWS, Result, Run, Size, load
from tests.faults.table import table

PATIENCE = {Size.SMALLEST: 300.0, Size.SHORT: 600.0, Size.FULL: 2 * 3600.0}
"""So long (seconds) a row may take at all."""

AT_THE_END = Path()
"""What ``--table`` is without a file: the table of what this run found."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit status: 0 if every promise held and every fault was hit."""
    given = _parser().parse_args(arguments)
    size = Size.FULL if given.full else Size.SMALLEST if given.smallest else Size.SHORT
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    names = tuple(given.only or ROWS)
    if given.table not in (None, AT_THE_END):
        _say(table(given.table))
        return 0
    if wrong := [name for name in names if name not in ROWS]:
        _say(f"There is no row {', '.join(wrong)}. The rows are: {', '.join(ROWS)}.")
        return 2
    # A short path: PostgreSQL's socket lies in it.
    with tempfile.TemporaryDirectory(prefix="cg-f-", ignore_cleanup_errors=True) as folder:
        out = given.json or (Path(folder) / "out.json" if given.table else None)
        if len(names) == 1 or size is Size.SMALLEST:
            well = asyncio.run(_run_here(names, seed, size, Path(folder), out))
        else:
            began = time.monotonic()
            _say(f"seed {seed}, {size.name.lower()}, {_load()}")
            at_once = given.at_once or (1 if size is Size.FULL else 3)
            well = asyncio.run(_run_apart(names, seed, size, Path(folder), out, at_once))
            _say(f"\n{len(names)} rows in {time.monotonic() - began:.0f} s, {_load()}")
            _say("Every promise held." if well else "A promise was broken, or a fault not hit.")
        if given.table and out is not None and out.exists():
            _say(f"\n{table(out, size.name.lower())}")
    return 0 if well else 1


def _load() -> str:
    """How busy the machine is: it explains what was slow."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


async def _run_apart(
    names: Sequence[str], seed: int, size: Size, folder: Path, out: Path | None, at_once: int
) -> bool:
    """Each row in a process of its own, some at once: they mostly wait for leases to run out."""
    gate = asyncio.Semaphore(at_once)

    async def one(name: str) -> bool:
        part = folder / f"{name}.json"
        command = ["-m", "tests.faults", "--only", name, "--seed", str(seed), "--json", str(part)]
        command += [f"--{size.name.lower()}"] if size is not Size.SHORT else []
        async with gate:
            process = await asyncio.create_subprocess_exec(
                sys.executable, *command, cwd=ROOT, stdout=PIPE
            )  # how far it has come is told at once, on standard error
            try:
                said, _ = await process.communicate()
            finally:
                if process.returncode is None:
                    process.terminate()
                    await process.wait()
        _say(f"\n{said.decode().strip()}")
        if out is not None and part.exists():
            _append(out, json.loads(part.read_text("utf-8"))["rows"])
        return process.returncode == 0

    return all(await asyncio.gather(*(one(name) for name in names)))


async def _run_here(
    names: Sequence[str], seed: int, size: Size, folder: Path, out: Path | None
) -> bool:
    """One row, or the smallest of each at once, in this process."""
    nursery, house = Nursery(), House(folder)
    labs = [Lab(name, seed, size, folder / name, nursery, house) for name in names]
    try:
        return all(await asyncio.gather(*(_run(lab, *load(lab.name), out) for lab in labs)))
    finally:
        house.close()


async def _run(lab: Lab, about: str, run: Run, out: Path | None) -> bool:
    began = time.monotonic()
    try:
        async with asyncio.timeout(PATIENCE[lab.size]):
            result = await run(lab)
    except TimeoutError:
        result = Result(broken=[f"it did not come to an end:\n{traceback.format_exc()}"])
    except Exception:
        result = Result(broken=[f"the row itself failed:\n{traceback.format_exc()}"])
    finally:
        await lab.close()
    took = time.monotonic() - began
    _say(f"{lab.name}: {about}")
    held = _tell(result, lab.size, lab.seed, took)
    if out is not None:
        _append(out, [_as_json(lab, result, held, took)])
    return held


def _tell(result: Result, size: Size, seed: int, took: float) -> bool:
    missed = [] if size is Size.SMALLEST else result.missed()
    held = not (result.broken or missed)
    _say(f"  seed {seed}, {result.trials} trials, {took:.0f} s, {_load()}")
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


def _as_json(lab: Lab, result: Result, held: bool, took: float) -> dict[str, Any]:
    return {
        "row": lab.name,
        "size": lab.size.name.lower(),
        "seed": lab.seed,
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


def _append(out: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows to the file, so that a full run can be made in parts."""
    known = json.loads(out.read_text("utf-8")) if out.exists() else {"rows": []}
    known["rows"] += rows
    out.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, help="the same chance again (default: a new one)")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--full", action="store_true", help="the figures of the table")
    size.add_argument("--smallest", action="store_true", help="only show that the rows work")
    parser.add_argument("--only", nargs="+", metavar="ROW", help=f"of: {', '.join(ROWS)}")
    parser.add_argument(
        "--at-once", type=int, help="how many rows run at the same time (3; of a full run 1)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="append the results to a file")
    parser.add_argument(
        "--table",
        type=Path,
        metavar="FILE",
        nargs="?",
        const=AT_THE_END,
        help="show the figures as Markdown at the end; with a file, only those of its full runs",
    )
    return parser


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
