"""Queries on commitments."""

from sqlalchemy import Connection


class Commitments:
    """Queries on commitments."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
