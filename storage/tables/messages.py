"""What goes out, what came in, and the pulse of the clock."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    text,
    true,
)

from storage.tables.base import metadata, row_id, to
from storage.types import Instant, Json, Text

lane = Table(  # the unit of claim: one channel or one member of one installation
    "lane",
    metadata,
    row_id(),
    to("installation"),
    Column("name", Text, nullable=False),
    Column("due_at", Instant),  # by the database's clock; null: nothing to do
    Column("not_before", Instant),  # the pace of the channel, by the same clock
    Column("paced_until", Instant),  # the time that Slack named: nobody ends it sooner
    Column("lease_until", Instant),
    Column("token", Text),
    Column("last_ts", Text),  # the last that Slack gave here
    Column("problem", Text),  # why it rests until somebody mends it: Slack's word
    UniqueConstraint("installation_id", "name"),
    Index("ix_lane_due_at", "due_at"),
)

message = Table(
    "message",
    metadata,
    row_id(),
    to("lane"),
    Column("form", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Integer, nullable=False),
    Column("channel", Text),  # null: a direct message whose channel is not open yet
    to("member", null=True),  # of a direct message
    Column("about", Text),  # of a direct message: the channel whose members may read it
    to("message", null=True, name="parent_id"),  # of a note, where the parent is ours
    Column("thread", Text),  # of a note, where the parent is somebody else's message
    Column("body", Json),  # only of what was rendered when it was recorded
    Column("key", Text, nullable=False),  # opaque; carried in the message's metadata
    Column("once", Text),  # what may be recorded once only, named by its cause
    Column("state", Text, nullable=False),
    Column("pending", Boolean, nullable=False, server_default=true()),  # the courier has work
    Column("ts", Text),
    Column("wanted", Integer, nullable=False, server_default="1"),  # version
    Column("sent", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Instant),  # of a card's refresh, by the database's clock
    Column("grace_until", Instant),
    Column("problem", Text),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    UniqueConstraint("key"),
    CheckConstraint("sent <= wanted", name="sent_at_most_wanted"),
    Index(
        "ix_message_pending",
        "lane_id",
        sqlite_where=text("pending = 1"),  # as SQLAlchemy asks for it: SQLite compares words
        postgresql_where=text("pending"),
    ),
    Index(  # those of which nobody has, or will get, the newest words
        "ix_message_not_through",
        "settled_at",
        sqlite_where=text("pending = 0 AND sent < wanted"),
        postgresql_where=text("NOT pending AND sent < wanted"),
    ),
    # Partial, as is all that most messages do not have: each index costs each command a page.
    Index(
        "uq_message_once",
        "once",
        unique=True,
        sqlite_where=text("once IS NOT NULL"),
        postgresql_where=text("once IS NOT NULL"),
    ),
    Index(
        "ix_message_channel_ts",
        "channel",
        "ts",
        sqlite_where=text("ts IS NOT NULL"),
        postgresql_where=text("ts IS NOT NULL"),
    ),
    Index("ix_message_subject", "subject"),  # narrow: the few kinds of a subject are sorted out
)

delivery = Table(  # what Slack delivered, once; the receipt answers a repeat
    "delivery",
    metadata,
    Column("key", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("receipt", Json),
    Index("ix_delivery_at", "at"),
    sqlite_with_rowid=False,  # one tree of pages instead of two
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)
