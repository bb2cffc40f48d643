"""A place for the files of a bot that can be made full, and given room again.

Where one may mount, it is a small disk of its own (tmpfs), filled to the last byte: SQLite meets
ENOSPC (``SQLITE_FULL``). Elsewhere the system lets no file of the process grow (``RLIMIT_FSIZE``,
set from outside): EFBIG, wherever SQLite is writing, in the middle of a commit too.
"""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Protocol

SIZE = 48 * 1024 * 1024
"""Of the small disk, in bytes; what is not used of it takes no memory."""

_CHUNK = 1024 * 1024


class Room(Protocol):
    """Where the files lie."""

    name: str
    """How it becomes full, for who reads the figures."""
    folder: Path

    def fill(self, pid: int, rng: Random) -> None:
        """Leave no room, or a few pages only, to the process that works there."""

    def free(self, pid: int) -> None:
        """There is room again."""

    def is_full(self) -> bool:
        """Whether there is no room at all, as far as can be told."""


class Disk:
    """A disk of its own."""

    name = "a full disk (ENOSPC)"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, pid: int, rng: Random) -> None:
        with self._ballast.open("wb", buffering=0) as held:
            try:
                while held.write(bytes(_CHUNK)):
                    pass
            except OSError:
                left = shutil.disk_usage(self.folder).free
                held.write(bytes(left))
            page = resource.getpagesize()
            held.truncate(max(0, held.tell() - rng.randrange(0, 16) * page))

    def free(self, pid: int) -> None:
        self._ballast.unlink()

    def is_full(self) -> bool:
        return shutil.disk_usage(self.folder).free < 16 * resource.getpagesize()


class Limit:
    """A folder like any other, and a process whose files may not grow."""

    name = "files that may not grow (EFBIG)"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, pid: int, rng: Random) -> None:
        _limit(pid, rng.randrange(4_096, 65_536))

    def free(self, pid: int) -> None:
        _limit(pid, resource.RLIM_INFINITY)

    def is_full(self) -> bool:
        return True


@contextmanager
def room(folder: Path) -> Iterator[Room]:
    """A folder that can be made full, until the end of the ``with``."""
    folder.mkdir()
    size = f"size={SIZE}"
    if os.geteuid() or not _done("mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)):
        yield Limit(folder)
        return
    try:
        yield Disk(folder)
    finally:
        _done("umount", "--lazy", str(folder))


def _done(*command: str) -> bool:
    """Whether a command is there, and went well."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _limit(pid: int, length: int) -> None:
    """No file of this process can be written to beyond so many bytes."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (length, hard))
