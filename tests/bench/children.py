"""The processes that are measured: begun, waited for, and ended by their own id."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parent.parent.parent

START_SECONDS = 60.0
STOP_SECONDS = 35.0

_ADDRESS = re.compile(r"http://[\w.:\[\]-]*[0-9]")


class Child:
    """A Python process that prints the address where it listens. Ended on leaving ``with``."""

    def __init__(
        self, folder: Path, *arguments: str, variables: Mapping[str, str] | None = None
    ) -> None:
        """It runs in ``folder``, so that nobody's ``.env`` is read, with these variables."""
        self.began = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env=environment(variables or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            self.address = self._listens_at(arguments)
        except BaseException:
            self.end()
            raise
        self.told_after = time.perf_counter() - self.began
        """Seconds from its beginning until it printed its address."""

    @property
    def pid(self) -> int:
        return self._process.pid

    def memory(self) -> float:
        """What it holds in memory now (its resident set), in MB."""
        status = Path(f"/proc/{self.pid}/status")
        if status.exists():
            found = re.search(r"^VmRSS:\s+(\d+) kB", status.read_text(), re.MULTILINE)
            kilobytes = found[1] if found else "0"
        else:
            kilobytes = subprocess.run(
                ["ps", "-o", "rss=", "-p", str(self.pid)],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        return int(kilobytes) * 1024 / 1e6

    def cpu(self) -> float:
        """Seconds of a processor that it has used; 0 where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        """Ask it to stop, and insist if it does not."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def _listens_at(self, arguments: tuple[str, ...]) -> str:
        found: list[str] = []

        def listen() -> None:
            for line in self._process.stdout or ():
                if not found and (match := _ADDRESS.search(line)):
                    found.append(match[0])
                    return

        reader = Thread(target=listen, daemon=True)
        reader.start()
        reader.join(START_SECONDS)
        if not found:
            raise RuntimeError(f"{arguments} did not say where it listens")
        return found[0]


def say(address: str) -> None:
    """What a child does once it listens."""
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """This process's variables without those of the bot, and the given ones."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CG_", "SLACK_")) and name not in {"DATABASE_URL", "PORT"}
    }
    return kept | {"PYTHONPATH": str(ROOT)} | dict(variables)
