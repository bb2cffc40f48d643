"""The tables. Private to this folder: outside it there are frozen values only.

Ids are integers of ours; what Slack calls things stands beside them. Instants are UTC
(``storage.types.Instant``), local dates are dates without a zone (``LocalDate``).
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    false,
    text,
    true,
)

from bot.domain.checkins import Settled, Word
from bot.domain.checkins import State as OccurrenceState
from bot.domain.commitments import Audience, TermsState
from bot.domain.commitments import Event as CommitmentEvent
from bot.domain.commitments import State as CommitmentState
from bot.domain.rhythm import Frequency
from bot.domain.schedules import Event as ScheduleEvent
from bot.domain.schedules import ScheduleKind
from storage.types import EnumText, Instant, Json, LocalDate, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _to(table: str, *, null: bool = False, name: str | None = None) -> Column[int]:
    return Column(name or f"{table}_id", ForeignKey(f"{table}.id"), nullable=null)


# Who there is

installation = Table(
    "installation",
    metadata,
    _id(),
    Column("team", Text, nullable=False),
    Column("enterprise", Text),
    Column("app", Text, nullable=False),
    Column("bot", Text, nullable=False),
    Column("bot_user", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("installed_at", Instant, nullable=False),
    Column("gone_at", Instant),
    UniqueConstraint("team", "app"),
)

organization = Table(
    "organization",
    metadata,
    _id(),
    _to("installation"),
    Column("team", Text),  # null: it has only guests here
    Column("name", Text, nullable=False),
    Column("zone", Text),
    Column("working_days", Text, nullable=False, server_default="01234"),  # 0 is Monday
    Column("host", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("installation_id", "team"),
)

closed_day = Table(
    "closed_day",
    metadata,
    _id(),
    _to("organization"),
    Column("day", LocalDate, nullable=False),
    Column("label", Text, nullable=False),
    UniqueConstraint("organization_id", "day"),
)

member = Table(
    "member",
    metadata,
    _id(),
    _to("installation"),
    Column("team", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("zone", Text),
    _to("organization", null=True),
    Column("direct_channel", Text),  # of the direct message with the bot, once opened
    Column("met_at", Instant, nullable=False),
    UniqueConstraint("installation_id", "team", "user"),
)

# What they do together

partnership = Table(
    "partnership",
    metadata,
    _id(),
    _to("installation"),
    Column("name", Text, nullable=False),
    Column("purpose", Text, nullable=False, server_default=""),
    Column("zone", Text, nullable=False),
    Column("state", Text, nullable=False),
    _to("member", null=True, name="invited_by"),
    Column("last_number", Integer, nullable=False, server_default="0"),  # of its commitments
    _to("message", null=True, name="welcome_id"),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("look_at", Instant),  # when the clock asks who has not said OK; null: never
    Index("ix_partnership_look_at", "look_at"),
)

place = Table(  # the channels of a partnership, dated: an id can change
    "place",
    metadata,
    _id(),
    _to("installation"),
    _to("partnership"),
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
    _id(),
    _to("partnership"),
    _to("organization"),
    Column("ok_at", Instant),
    _to("member", null=True, name="ok_by"),
    _to("member", null=True, name="lead_id"),
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
    _id(),
    _to("partnership"),
    _to("member"),
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
    _id(),
    _to("partnership"),
    _to("member"),
    _to("organization"),
    Column("state", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    _to("member", null=True, name="answered_by"),
    Column("answered_at", Instant),
    Index("ix_joining_partnership_id", "partnership_id"),
)

setting = Table(  # dated: the newest that has begun and was not objected to holds
    "setting",
    metadata,
    _id(),
    _to("partnership"),
    Column("name", Text, nullable=False),
    Column("value", Json, nullable=False),
    Column("begins_at", Instant, nullable=False),
    _to("member", null=True, name="set_by"),
    Column("set_at", Instant, nullable=False),
    _to("member", null=True, name="objected_by"),
    Column("applied_at", Instant),  # when it was put into effect; null: it is only announced
    Index("ix_setting_partnership_id_name", "partnership_id", "name"),
)

partnership_history = Table(
    "partnership_history",
    metadata,
    _id(),
    _to("partnership"),
    Column("kind", Text, nullable=False),
    _to("member", null=True),
    _to("organization", null=True),
    Column("at", Instant, nullable=False),
    Column("detail", Json, nullable=False),
    Index("ix_partnership_history_partnership_id", "partnership_id"),
)

# Commitments

commitment = Table(
    "commitment",
    metadata,
    _id(),
    _to("partnership"),
    Column("number", Integer, nullable=False),
    Column("state", EnumText(CommitmentState), nullable=False),
    _to("member", name="proposer_id"),
    _to("organization", null=True, name="asking_id"),  # null: the owner's own promise
    # The terms in force: the agreed ones or, until any is agreed, those that were asked for.
    Column("version", Integer, nullable=False),
    Column("last_version", Integer, nullable=False),
    Column("offer", Integer),  # the version that waits for an answer beside those in force
    Column("what", Text, nullable=False),
    Column("due", LocalDate),  # null: no date yet
    Column("condition", Text),
    Column("label", Text),
    _to("member", name="owner_id"),
    _to("organization", null=True, name="owner_organization_id"),
    Column("stuck_at", Instant),
    Column("stuck_audience", EnumText(Audience)),
    Column("stuck_why", Text),
    Column("created_at", Instant, nullable=False),
    Column("closed_at", Instant),
    _to("message", null=True, name="card_id"),
    UniqueConstraint("partnership_id", "number"),
    Index("ix_commitment_partnership_id_state_due", "partnership_id", "state", "due"),
    Index("ix_commitment_owner_id_state", "owner_id", "state"),
    Index("ix_commitment_asking_id_state", "asking_id", "state"),
)

terms = Table(  # every version that was ever proposed
    "terms",
    metadata,
    _id(),
    _to("commitment"),
    Column("version", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("due", LocalDate),
    Column("condition", Text),
    Column("label", Text),
    _to("member", name="owner_id"),
    _to("organization", null=True, name="owner_organization_id"),
    _to("member", name="proposed_by"),
    _to("organization", null=True, name="proposed_by_organization_id"),
    Column("proposed_at", Instant, nullable=False),
    Column("state", EnumText(TermsState), nullable=False),
    _to("member", null=True, name="answered_by"),
    _to("organization", null=True, name="answered_by_organization_id"),
    Column("answered_at", Instant),
    UniqueConstraint("commitment_id", "version"),
)

commitment_history = Table(
    "commitment_history",
    metadata,
    _id(),
    _to("commitment"),
    Column("kind", EnumText(CommitmentEvent), nullable=False),
    _to("member", null=True),
    _to("organization", null=True),  # as it was then
    Column("at", Instant, nullable=False),
    Column("version", Integer),  # of the terms that it is about
    Column("why", Text),
    Column("audience", EnumText(Audience), nullable=False, server_default="everyone"),
    Index("ix_commitment_history_commitment_id", "commitment_id"),
)

# Check-ins and the digest

schedule = Table(
    "schedule",
    metadata,
    _id(),
    _to("partnership"),
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
    _to("member", null=True, name="set_by"),
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
    _id(),
    _to("schedule"),
    Column("kind", EnumText(ScheduleEvent), nullable=False),
    _to("member"),
    _to("organization", null=True),  # as it was then
    Column("at", Instant, nullable=False),
    Column("day", LocalDate),  # paused until then; the day that was skipped
    Index("ix_schedule_history_schedule_id", "schedule_id"),
)

occurrence = Table(
    "occurrence",
    metadata,
    _id(),
    _to("schedule"),
    _to("partnership"),
    Column("kind", EnumText(ScheduleKind), nullable=False),
    Column("nominal", LocalDate, nullable=False),
    Column("slot", Integer, nullable=False, server_default="0"),  # an ordinal within the day
    Column("at", Instant, nullable=False),
    Column("state", EnumText(OccurrenceState), nullable=False),
    Column("closes_at", Instant),  # of a check-in
    Column("gone_at", Instant),  # somebody deleted its message
    _to("member", null=True, name="asked_by"),  # of one that was not on schedule
    _to("message", null=True),
    _to("message", null=True, name="summary_id"),
    Column("detail", Json, nullable=False),  # the questions, why it moved
    UniqueConstraint("schedule_id", "nominal", "slot"),
    Index("ix_occurrence_partnership_id_at", "partnership_id", "at"),
    Index(
        "ix_occurrence_open",
        "closes_at",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

unprompted = Table(  # at most one unprompted post a day in a channel
    "unprompted",
    metadata,
    _to("partnership"),
    Column("day", LocalDate, nullable=False),
    Column("kind", EnumText(ScheduleKind), nullable=False),
    UniqueConstraint("partnership_id", "day"),
)

response = Table(
    "response",
    metadata,
    _id(),
    _to("occurrence"),
    _to("member"),
    _to("organization", null=True),  # as it was then
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
    _id(),
    _to("response"),
    Column("position", Integer, nullable=False),
    Column("word", EnumText(Word), nullable=False),
    _to("commitment", null=True),  # null: none was meant, or several could be
    Column("text", Text, nullable=False, server_default=""),
    Column("settled", EnumText(Settled)),  # what the owner answered when asked
    _to("message", null=True, name="note_id"),  # what answers it in the thread
    UniqueConstraint("response_id", "position"),
)

# What goes out and what came in

lane = Table(  # the unit of claim: one channel or one member of one installation
    "lane",
    metadata,
    _id(),
    _to("installation"),
    Column("name", Text, nullable=False),
    Column("due_at", Instant),  # by the database's clock; null: nothing to do
    Column("not_before", Instant),  # the pace of the channel, by the same clock
    Column("lease_until", Instant),
    Column("token", Text),
    Column("last_ts", Text),  # the last that Slack gave here
    UniqueConstraint("installation_id", "name"),
    Index("ix_lane_due_at", "due_at"),
)

message = Table(
    "message",
    metadata,
    _id(),
    _to("lane"),
    Column("form", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Integer, nullable=False),
    Column("channel", Text),  # null: a direct message whose channel is not open yet
    _to("member", null=True),  # of a direct message
    Column("about", Text),  # of a direct message: the channel whose members may read it
    _to("message", null=True, name="parent_id"),  # of a note, where the parent is ours
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
    UniqueConstraint("once"),
    CheckConstraint("sent <= wanted", name="sent_at_most_wanted"),
    Index(
        "ix_message_pending",
        "lane_id",
        sqlite_where=text("pending"),
        postgresql_where=text("pending"),
    ),
    Index("ix_message_channel_ts", "channel", "ts"),
)

delivery = Table(  # what Slack delivered, once; the receipt answers a repeat
    "delivery",
    metadata,
    Column("key", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("receipt", Json),
    Index("ix_delivery_at", "at"),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)
