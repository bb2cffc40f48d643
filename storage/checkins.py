"""Queries on checkins."""

from sqlalchemy import Connection


class Checkins:
    """Queries on checkins."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
