"""Messages that stand in Slack twice, and those that may turn out to."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from storage.tables.base import metadata, row_id, to
from storage.types import Instant, Text

double = Table(  # where a message stands a second time
    "double",
    metadata,
    row_id(),
    to("message"),
    Column("ts", Text, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("message_id", "ts"),
)

recheck = Table(  # a message that was posted again: looked for once more, later
    "recheck",
    metadata,
    Column("message_id", ForeignKey("message.id"), primary_key=True, autoincrement=False),
    Column("since", Text),  # the last that Slack gave in the channel before the first attempt
    Column("looks", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant, nullable=False),  # by the database's clock
    Index("ix_recheck_due_at", "due_at"),
)
