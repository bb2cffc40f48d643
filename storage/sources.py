"""Where the messages are that commitments were written down from."""

from sqlalchemy import Connection, insert, select

from bot.domain.recording import Source
from storage.tables import source as table


class Sources:
    """Queries on sources."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, source: Source) -> None:
        """Keep where a commitment comes from; the first word on it stays."""
        if self.of(source.commitment_id) is None:
            self.connection.execute(
                insert(table).values(
                    commitment_id=source.commitment_id,
                    channel=source.channel,
                    ts=source.ts,
                    link=source.link,
                )
            )

    def of(self, commitment_id: int) -> Source | None:
        """Where a commitment comes from, if it was written down from a message."""
        row = self.connection.execute(
            select(table).where(table.c.commitment_id == commitment_id)
        ).one_or_none()
        if row is None:
            return None
        return Source(row.commitment_id, row.channel, row.ts, row.link)
