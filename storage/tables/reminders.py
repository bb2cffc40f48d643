"""What people chose for themselves, and what they were reminded of."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from bot.domain.preferences import Notice
from storage.tables.base import metadata, row_id, to
from storage.types import EnumText, Instant, Json, LocalDate, Text

preference = Table(  # a row for whoever chose anything
    "preference",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True, autoincrement=False),
    Column("zone", Text),
    Column("start", Text),  # wall clock, HH:MM
    Column("end", Text),  # 00:00 is the end of the day
    Column("off", Json, nullable=False),  # notices
    Column("set_at", Instant, nullable=False),
)

member_pause = Table(
    "member_pause",
    metadata,
    row_id(),
    to("member"),
    to("partnership", null=True),  # null: of all of them
    Column("until", LocalDate),  # the first day with reminders again; null: until they say so
    Column("set_at", Instant, nullable=False),
    Index("ix_member_pause_member_id", "member_id"),
)

snooze = Table(  # one person does not want to hear of one commitment before a day
    "snooze",
    metadata,
    row_id(),
    to("member"),
    to("commitment"),
    Column("until", LocalDate, nullable=False),
    UniqueConstraint("member_id", "commitment_id"),
)

reminder_turn = Table(  # narrow, since every tick looks here: whose turn it is when
    "reminder_turn",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("day", LocalDate),  # of their last turn, on their calendar
    Index("ix_reminder_turn_at", "at"),
)

reminder = Table(
    "reminder",
    metadata,
    row_id(),
    to("member"),
    Column("day", LocalDate, nullable=False),
    Column("more", Integer, nullable=False, server_default="0"),
    to("message", null=True),
    UniqueConstraint("member_id", "day"),  # never twice on one day
)

reminder_item = Table(
    "reminder_item",
    metadata,
    row_id(),
    to("reminder"),
    to("commitment"),
    Column("position", Integer, nullable=False),
    Column("notice", EnumText(Notice), nullable=False),
    Column("version", Integer, nullable=False),  # of the terms at issue then
    UniqueConstraint("reminder_id", "commitment_id"),
    Index("ix_reminder_item_commitment_id", "commitment_id"),
)
