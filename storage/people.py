"""Queries on people."""

from sqlalchemy import Connection


class People:
    """Queries on people."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
