"""Who is reminded once, in private, of a check-in that asks about what is theirs."""

from sqlalchemy import Column, Index, Table, UniqueConstraint, text

from storage.tables.base import metadata, row_id, to
from storage.types import Instant

nudge = Table(
    "nudge",
    metadata,
    row_id(),
    to("occurrence"),
    to("member"),
    Column("due_at", Instant),  # null: told, or not wanted any more
    to("message", null=True),  # in which it is told; several check-ins can share one
    UniqueConstraint("occurrence_id", "member_id"),
    Index(
        "ix_nudge_due_at",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    Index("ix_nudge_message_id", "message_id"),
    Index("ix_nudge_member_id", "member_id"),
)
