"""A table of the tests' own, for what holds whatever the program remembers."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    insert,
    select,
)

from bot.domain.posts import Form
from storage.statements import Prepared
from storage.store import Store
from storage.types import Duration, EnumText, Instant, Json, LocalDate, Text

metadata = MetaData()

thing = Table(
    "thing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("number", Integer, nullable=False, server_default="0"),
    Column("at", Instant),
    Column("took", Duration),
    Column("day", LocalDate),
    Column("detail", Json),
    Column("form", EnumText(Form)),
    # Checked only at COMMIT, which then fails.
    Column("parent_id", ForeignKey("thing.id", deferrable=True, initially="DEFERRED")),
    UniqueConstraint("name"),
    CheckConstraint("number >= 0"),
)

FULL: dict[str, Any] = {
    "name": "Ωmega ' \" \\ 👩‍👩‍👧",
    "number": 7,
    "at": datetime.fromisoformat("2026-11-22T09:30:00.123456+02:00"),
    "took": timedelta(days=2, microseconds=5),
    "day": date(2026, 11, 30),
    "detail": {"words": ["naïve \ud800", None, 1.5, True]},
    "form": Form.NOTE,
    "parent_id": None,
}
"""A value for each column but the id."""

_add = Prepared(insert(thing).returning(thing.c.id))


def create(store: Store) -> None:
    """Make the table."""
    metadata.create_all(store.connection)


def add(store: Store, name: str, number: int = 0, parent_id: int | None = None) -> int:
    """Add a thing; returns its id."""
    return int(_add.scalar(store.connection, name=name, number=number, parent_id=parent_id))


def names(store: Store) -> list[str]:
    """The names of all things, in order."""
    return list(store.connection.execute(select(thing.c.name).order_by(thing.c.name)).scalars())
