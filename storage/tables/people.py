"""Who there is: installations, organizations and the people in them."""

from sqlalchemy import Boolean, Column, Table, UniqueConstraint, false

from storage.tables.base import metadata, row_id, to
from storage.types import Instant, LocalDate, Text

installation = Table(
    "installation",
    metadata,
    row_id(),
    Column("team", Text, nullable=False),
    Column("enterprise", Text),
    Column("app", Text, nullable=False),
    Column("bot", Text, nullable=False),
    Column("bot_user", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("installed_at", Instant, nullable=False),
    Column("gone_at", Instant),
    Column("problem", Text),  # why nothing is sent there for now: Slack's word
    Column("not_before", Instant),  # with it: when to try again, by the database's clock
    UniqueConstraint("team", "app"),
)

organization = Table(
    "organization",
    metadata,
    row_id(),
    to("installation"),
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
    row_id(),
    to("organization"),
    Column("day", LocalDate, nullable=False),
    Column("label", Text, nullable=False),
    UniqueConstraint("organization_id", "day"),
)

member = Table(
    "member",
    metadata,
    row_id(),
    to("installation"),
    Column("team", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("zone", Text),
    to("organization", null=True),
    Column("direct_channel", Text),  # of the direct message with the bot, once opened
    Column("met_at", Instant, nullable=False),
    UniqueConstraint("installation_id", "team", "user"),
)
