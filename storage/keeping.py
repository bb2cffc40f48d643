"""How long texts of replies are kept."""

from datetime import datetime

from sqlalchemy import Connection, func, literal, select, update

from storage.tables import occurrence, partnership, response, statement
from storage.types import Instant


class Keeping:
    """Queries on what is to be forgotten."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def to_look_through(self, now: datetime, limit: int) -> tuple[int, ...]:
        """Partnerships, ended ones too, whose replies are to be looked through by now."""
        return tuple(
            self.connection.scalars(
                select(partnership.c.id)
                .where(partnership.c.forget_at <= now)
                .order_by(partnership.c.forget_at, partnership.c.id)
                .limit(limit)
            )
        )

    def look_again(self, partnership_id: int, at: datetime) -> None:
        """They are looked through again then."""
        self.connection.execute(
            update(partnership).where(partnership.c.id == partnership_id).values(forget_at=at)
        )

    def forget_texts(self, partnership_id: int, before: datetime, now: datetime, limit: int) -> int:
        """Empty the texts of replies that were written before a moment; returns of how many.

        That somebody answered stays, and what became of it; their words go. An emptied reply
        counts as deleted, so that nothing quotes it.
        """
        old = tuple(
            self.connection.scalars(
                select(response.c.id)
                .select_from(response.join(occurrence))
                .where(
                    occurrence.c.partnership_id == partnership_id,
                    occurrence.c.at < before,  # narrows by its index; a reply comes later
                    response.c.at < before,
                    response.c.text != "",
                )
                .limit(limit)
            )
        )
        if old:
            self.connection.execute(
                update(response)
                .where(response.c.id.in_(old))
                .values(
                    text="",
                    deleted_at=func.coalesce(response.c.deleted_at, literal(now, Instant())),
                )
            )
            self.connection.execute(
                update(statement).where(statement.c.response_id.in_(old)).values(text="")
            )
        return len(old)
