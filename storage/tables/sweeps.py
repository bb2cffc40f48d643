"""Threads of check-ins that are read once more before they are summed up."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table, false

from storage.tables.base import metadata
from storage.types import Instant, Text

sweep = Table(
    "sweep",
    metadata,
    Column("occurrence_id", ForeignKey("occurrence.id"), primary_key=True, autoincrement=False),
    Column("begun_at", Instant, nullable=False),  # these two by the database's clock
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("done", Boolean, nullable=False, server_default=false()),  # or given up
    Column("problem", Text),
)
