"""What Slack saw: appended by the hostile Slack alone, a line of JSON each, and read afterwards."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.plan import Fault


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened at Slack."""

    at: float
    """Seconds since 1970, by the machine's clock."""
    what: str
    """``received`` (a call), ``accepted`` or ``refused`` (what Slack itself made of it),
    ``delivered`` (one attempt at a delivery)."""
    call: int = 0
    """Number of the call, which its entries share."""
    method: str = ""
    channel: str | None = None
    thread: str | None = None
    key: str | None = None
    """The opaque key in the metadata of a post."""
    ts: str | None = None
    """Of what was accepted: where it stands."""
    fault: Fault | None = None
    error: str | None = None
    """Why Slack itself refused."""
    retry_after: float | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    """``oldest`` of a look-up, ``words`` of a post or an update (its blocks, as JSON), ``id`` and
    ``acked`` of a delivery …"""


class Writer:
    """Appends entries. What was appended survives whoever is killed."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)

    def write(self, what: str, **values: Any) -> None:
        """One entry, now."""
        row = {"at": time.time(), "what": what} | {
            name: value for name, value in values.items() if value is not None
        }
        os.write(self._file, json.dumps(row).encode() + b"\n")

    def close(self) -> None:
        os.close(self._file)


def read(path: Path) -> list[Entry]:
    """Everything so far, in the order in which it happened; not what is only half written yet."""
    entries = []
    written, _, _ = path.read_text("utf-8").rpartition("\n")
    for line in written.splitlines():
        row = json.loads(line)
        if "fault" in row:
            row["fault"] = Fault(row["fault"])
        entries.append(Entry(**row))
    return entries
