"""What is full is full, and has room again."""

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.plan import chance
from tests.faults.room import Disk, Limit, room

MUCH = bytes(1024 * 1024)


@pytest.fixture
def pid() -> Iterator[int]:
    """Of a process that does nothing."""
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as idle:
        yield idle.pid


def test_where_one_may_mount_the_disk_takes_not_a_byte_more_until_it_has_room(
    tmp_path: Path,
) -> None:
    with room(tmp_path / "disk") as found:
        assert found.folder.is_dir()
        if not isinstance(found, Disk):
            assert isinstance(found, Limit)
            return
        found.fill(os.getpid(), chance(1))
        assert found.is_full()
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            (found.folder / "more").write_bytes(MUCH)
        found.free(os.getpid())
        assert not found.is_full()
        assert (found.folder / "more").write_bytes(MUCH) == len(MUCH)
    assert not (tmp_path / "disk" / "more").exists()


def test_elsewhere_no_file_of_the_process_may_grow(tmp_path: Path, pid: int) -> None:
    usual = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    limit = Limit(tmp_path)
    limit.fill(pid, chance(1))
    assert resource.prlimit(pid, resource.RLIMIT_FSIZE)[0] < 65_536
    limit.free(pid)
    assert resource.prlimit(pid, resource.RLIMIT_FSIZE) == usual
