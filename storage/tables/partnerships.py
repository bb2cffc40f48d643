"""What organizations do together: partnerships, where, who takes part, and their settings."""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    false,
    text,
)

from storage.tables.base import metadata, row_id, to
from storage.types import Instant, Json, Text

partnership = Table(
    "partnership",
    metadata,
    row_id(),
    to("installation"),
    Column("name", Text, nullable=False),
    Column("purpose", Text, nullable=False, server_default=""),
    Column("zone", Text, nullable=False),
    Column("state", Text, nullable=False),
    to("member", null=True, name="invited_by"),
    Column("last_number", Integer, nullable=False, server_default="0"),  # of its commitments
    to("message", null=True, name="welcome_id"),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("look_at", Instant),  # when the clock asks who has not said OK; null: never
    Column("forget_at", Instant),  # when texts of replies are looked through next; null: never
    Index("ix_partnership_look_at", "look_at"),
    Index("ix_partnership_forget_at", "forget_at"),
)

place = Table(  # the channels of a partnership, dated: an id can change
    "place",
    metadata,
    row_id(),
    to("installation"),
    to("partnership"),
    Column("channel", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    Index(
        "uq_place_open",
        "installation_id",
        "channel",
        unique=True,
        sqlite_where=text("until IS NULL"),
        postgresql_where=text("until IS NULL"),
    ),
    Index("ix_place_partnership_id", "partnership_id"),
)

participation = Table(
    "participation",
    metadata,
    row_id(),
    to("partnership"),
    to("organization"),
    Column("ok_at", Instant),
    to("member", null=True, name="ok_by"),
    to("member", null=True, name="lead_id"),
    Column("sponsor", Text),
    Column("not_now_at", Instant),
    Column("joined_at", Instant, nullable=False),
    Column("left_at", Instant),
    Index(
        "uq_participation_present",
        "partnership_id",
        "organization_id",
        unique=True,
        sqlite_where=text("left_at IS NULL"),
        postgresql_where=text("left_at IS NULL"),
    ),
)

presence = Table(  # who was seen in the channel, and until when; Slack alone says who is there now
    "presence",
    metadata,
    row_id(),
    to("partnership"),
    to("member"),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    Index(
        "uq_presence_open",
        "partnership_id",
        "member_id",
        unique=True,
        sqlite_where=text("until IS NULL"),
        postgresql_where=text("until IS NULL"),
    ),
    Index("ix_presence_member_id", "member_id"),
)

joining = Table(  # a guest says which organization they are with; an existing one has to agree
    "joining",
    metadata,
    row_id(),
    to("partnership"),
    to("member"),
    to("organization"),
    Column("state", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    to("member", null=True, name="answered_by"),
    Column("answered_at", Instant),
    Index("ix_joining_partnership_id", "partnership_id"),
)

setting = Table(  # dated: the newest that has begun and was not objected to holds
    "setting",
    metadata,
    row_id(),
    to("partnership"),
    Column("name", Text, nullable=False),
    Column("value", Json, nullable=False),
    Column("begins_at", Instant, nullable=False),
    to("member", null=True, name="set_by"),
    Column("set_at", Instant, nullable=False),
    Column("everyone", Boolean, nullable=False, server_default=false()),  # needs each one's OK
    Column("applied_at", Instant),  # when it was put into effect; null: it is only announced
    Column("ended_as", Text),  # why it never takes effect; null: it holds, or is announced
    to("member", null=True, name="ended_by"),
    Column("ended_at", Instant),
    Index("ix_setting_partnership_id_name", "partnership_id", "name"),
    Index(
        "ix_setting_announced",
        "begins_at",
        sqlite_where=text("applied_at IS NULL AND ended_as IS NULL"),
        postgresql_where=text("applied_at IS NULL AND ended_as IS NULL"),
    ),
)

setting_ok = Table(  # who said OK to a change that needs everyone's
    "setting_ok",
    metadata,
    row_id(),
    to("setting"),
    to("organization"),
    to("member"),
    Column("at", Instant, nullable=False),
    UniqueConstraint("setting_id", "organization_id"),
)

partnership_history = Table(
    "partnership_history",
    metadata,
    row_id(),
    to("partnership"),
    Column("kind", Text, nullable=False),
    to("member", null=True),
    to("organization", null=True),
    Column("at", Instant, nullable=False),
    Column("detail", Json, nullable=False),
    Index("ix_partnership_history_partnership_id", "partnership_id"),
)
