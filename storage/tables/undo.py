"""What somebody did and may take back for a while."""

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint, text

from bot.domain.undo import What
from storage.tables.base import metadata, row_id, to
from storage.types import EnumText, Instant, Json, Text

undoable = Table(
    "undoable",
    metadata,
    row_id(),
    Column("key", Text, nullable=False),  # of the delivery that did it
    to("member"),
    to("partnership", null=True),
    Column("what", EnumText(What), nullable=False),
    Column("subject", Integer, nullable=False),
    Column("entry", Integer, nullable=False),  # of the thing's history, the newest before it
    Column("before", Json),  # null: the thing was not there
    Column("at", Instant, nullable=False),
    Column("taken_back_at", Instant),
    Column("own_entry", Integer),  # of the thing's history: what it wrote there, once taken back
    Column("back_entry", Integer),  # and what taking it back did
    UniqueConstraint("key"),
    Index("ix_undoable_member_id_at", "member_id", "at"),
    Index(
        "ix_undoable_taken_back",
        "what",
        "subject",
        sqlite_where=text("taken_back_at IS NOT NULL"),
        postgresql_where=text("taken_back_at IS NOT NULL"),
    ),
)
