"""Schedules, what they posted, and what people answered."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    false,
    text,
)

from bot.domain.checkins import Settled, Word
from bot.domain.checkins import State as OccurrenceState
from bot.domain.rhythm import Frequency
from bot.domain.schedules import Event as ScheduleEvent
from bot.domain.schedules import ScheduleKind
from storage.tables.base import metadata, row_id, to
from storage.types import EnumText, Instant, Json, LocalDate, Text

schedule = Table(
    "schedule",
    metadata,
    row_id(),
    to("partnership"),
    Column("kind", EnumText(ScheduleKind), nullable=False),
    Column("frequency", EnumText(Frequency), nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("nth", Integer),
    Column("at", Text, nullable=False),  # wall clock, HH:MM
    Column("zone", Text, nullable=False),
    Column("anchor", LocalDate, nullable=False),  # its first nominal date
    Column("begun_at", Instant),  # null: nothing is posted on schedule yet
    Column("paused", Boolean, nullable=False, server_default=false()),
    Column("paused_until", LocalDate),  # with paused; null: until somebody resumes it
    to("member", null=True, name="set_by"),
    Column("set_at", Instant, nullable=False),
    UniqueConstraint("partnership_id", "kind"),
)

due = Table(  # narrow, since every tick looks here: the next moment of each live schedule
    "due",
    metadata,
    Column("schedule_id", ForeignKey("schedule.id"), primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("nominal", LocalDate, nullable=False),
    Index("ix_due_at", "at"),
)

schedule_history = Table(  # what acted at once: paused, resumed, skipped
    "schedule_history",
    metadata,
    row_id(),
    to("schedule"),
    Column("kind", EnumText(ScheduleEvent), nullable=False),
    to("member"),
    to("organization", null=True),  # as it was then
    Column("at", Instant, nullable=False),
    Column("day", LocalDate),  # paused until then; the day that was skipped
    Index("ix_schedule_history_schedule_id", "schedule_id"),
)

occurrence = Table(
    "occurrence",
    metadata,
    row_id(),
    to("schedule"),
    to("partnership"),
    Column("kind", EnumText(ScheduleKind), nullable=False),
    Column("nominal", LocalDate, nullable=False),
    Column("slot", Integer, nullable=False, server_default="0"),  # an ordinal within the day
    Column("at", Instant, nullable=False),
    Column("state", EnumText(OccurrenceState), nullable=False),
    Column("closes_at", Instant),  # of a check-in
    Column("half_at", Instant),  # the middle until then; null once it is known who is reminded
    Column("gone_at", Instant),  # somebody deleted its message
    to("member", null=True, name="asked_by"),  # of one that was not on schedule
    to("message", null=True),
    to("message", null=True, name="summary_id"),
    Column("detail", Json, nullable=False),  # the questions, why it moved
    UniqueConstraint("schedule_id", "nominal", "slot"),
    Index("ix_occurrence_partnership_id_at", "partnership_id", "at"),
    Index(
        "ix_occurrence_open",
        "closes_at",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index(
        "ix_occurrence_half_at",
        "half_at",
        sqlite_where=text("half_at IS NOT NULL"),
        postgresql_where=text("half_at IS NOT NULL"),
    ),
)

unprompted = Table(  # at most one unprompted post a day in a channel
    "unprompted",
    metadata,
    to("partnership"),
    Column("day", LocalDate, nullable=False),
    Column("kind", EnumText(ScheduleKind), nullable=False),
    UniqueConstraint("partnership_id", "day"),
)

response = Table(
    "response",
    metadata,
    row_id(),
    to("occurrence"),
    to("member"),
    to("organization", null=True),  # as it was then
    Column("key", Text, nullable=False),  # the message's ts, or what a button was about
    Column("text", Text, nullable=False),  # as Slack gave it
    Column("typed", Boolean, nullable=False),
    Column("more", Boolean, nullable=False),  # whether it says more than what was understood
    Column("late", Boolean, nullable=False, server_default=false()),
    Column("at", Instant, nullable=False),
    Column("edited_at", Instant),
    Column("deleted_at", Instant),
    UniqueConstraint("occurrence_id", "key"),
)

statement = Table(  # what was understood in a response; an edit of that changes nothing here
    "statement",
    metadata,
    row_id(),
    to("response"),
    Column("position", Integer, nullable=False),
    Column("word", EnumText(Word), nullable=False),
    to("commitment", null=True),  # null: none was meant, or several could be
    Column("text", Text, nullable=False, server_default=""),
    Column("settled", EnumText(Settled)),  # what the owner answered when asked
    to("message", null=True, name="note_id"),  # what answers it in the thread
    UniqueConstraint("response_id", "position"),
)
