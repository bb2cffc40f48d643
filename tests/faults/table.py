"""The results of a run as a table for ``docs/reliability.md``, read from its JSON."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.faults.rows import ROWS, load


def table(path: Path, size: str = "full") -> str:
    """The newest result of each row of that size, in Markdown."""
    newest = {
        row["row"]: row
        for row in json.loads(path.read_text("utf-8"))["rows"]
        if row["size"] == size and row["row"] in ROWS
    }
    lines = [
        "| what goes wrong | trials | hit | found | verdict | seed |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_line(load(name)[0], newest[name]) for name in ROWS if name in newest]
    return "\n".join(lines)


def _line(about: str, row: Mapping[str, Any]) -> str:
    hit = _listed(row["hit"].items())
    found = _listed(row["figures"].items())
    verdict = "held" if row["held"] else "**broken**"
    return f"| {about} | {row['trials']:,} | {hit} | {found} | {verdict} | {row['seed']} |"


def _listed(items: Iterable[tuple[str, Any]]) -> str:
    return ", ".join(f"{name} {value}" for name, value in items) or "–"
