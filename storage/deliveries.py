"""What Slack delivered, once: a repeat with the same key gets the first receipt."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from storage.statements import Prepared
from storage.tables import delivery as table

_by_key = Prepared(select(table.c.receipt).where(table.c.key == bindparam("delivery")))
_add = Prepared(insert(table))


class Deliveries:
    """Queries on deliveries."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def receipt(self, key: str) -> dict[str, Any] | None:
        """What came of this delivery when it was first handled; None if it is new."""
        row = _by_key.first(self.connection, delivery=key)
        return None if row is None else (row[0] or {})

    def handled(self, key: str, now: datetime, receipt: dict[str, Any] | None = None) -> None:
        """Note that this delivery was handled, in the transaction that handles it."""
        _add.run(self.connection, key=key, at=now, receipt=receipt)

    def forget(self, before: datetime, limit: int) -> int:
        """Drop at most so many that are too old to be repeated; returns how many."""
        old = select(table.c.key).where(table.c.at < before).limit(limit)
        return self.connection.execute(delete(table).where(table.c.key.in_(old))).rowcount
