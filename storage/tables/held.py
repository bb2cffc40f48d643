"""What is to be said in private to somebody once their hours begin."""

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from bot.domain.posts import Kind
from storage.tables.base import metadata, row_id, to
from storage.types import EnumText, Instant, Text

held = Table(
    "held",
    metadata,
    row_id(),
    to("installation"),
    to("member"),
    Column("kind", EnumText(Kind), nullable=False),
    Column("subject", Integer, nullable=False),
    Column("about", Text),  # the channel whose members may read it
    Column("once", Text),  # what may be said once only, named by its cause
    Column("at", Instant, nullable=False),
    UniqueConstraint("once"),
    Index("ix_held_at", "at"),
    Index("ix_held_kind_subject", "kind", "subject"),
    Index("ix_held_member_id", "member_id"),
)
