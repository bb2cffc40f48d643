"""Queries on messages."""

from sqlalchemy import Connection


class Messages:
    """Queries on messages."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
