"""Queries on partnerships."""

from sqlalchemy import Connection


class Partnerships:
    """Queries on partnerships."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
