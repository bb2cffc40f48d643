"""One process at a time on one SQLite file.

The lock is SQLite's own, on an empty file beside the database (``<file>-lock``): portable, and
given up with the process that holds it, however that ends. The file stays behind.
"""

import sqlite3
from pathlib import Path

from storage.errors import DatabaseInUse


class FileLock:
    """Held from construction to ``release``. Raises ``DatabaseInUse`` if another holds it."""

    def __init__(self, database: Path) -> None:
        lock = database.with_name(database.name + "-lock")
        self._connection = sqlite3.connect(
            lock, timeout=0, isolation_level=None, check_same_thread=False
        )
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self.release()
            raise DatabaseInUse(str(database)) from error

    def release(self) -> None:
        """Let others have the file. Harmless if repeated."""
        self._connection.close()
