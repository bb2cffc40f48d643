"""What Slack delivered, once: a repeat with the same key gets the first receipt."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from storage.tables import delivery as table


class Deliveries:
    """Queries on deliveries."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def receipt(self, key: str) -> dict[str, Any] | None:
        """What came of this delivery when it was first handled; None if it is new."""
        row = self.connection.execute(select(table.c.receipt).where(table.c.key == key)).first()
        return None if row is None else (row[0] or {})

    def handled(self, key: str, now: datetime, receipt: dict[str, Any] | None = None) -> None:
        """Note that this delivery was handled, in the transaction that handles it."""
        self.connection.execute(insert(table).values(key=key, at=now, receipt=receipt))

    def forget(self, before: datetime) -> int:
        """Drop what is too old to be repeated; returns how many."""
        return self.connection.execute(delete(table).where(table.c.at < before)).rowcount
