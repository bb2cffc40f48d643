"""When organizations are closed, and when people are away."""

from sqlalchemy import Column, Index, Table

from bot.domain.closed_days import Source
from storage.tables.base import metadata, row_id, to
from storage.types import EnumText, Instant, Json, LocalDate, Text

closing = Table(  # why an organization is closed; the days themselves stand in closed_day
    "closing",
    metadata,
    row_id(),
    to("organization"),
    Column("source", EnumText(Source), nullable=False),
    Column("label", Text, nullable=False),
    Column("first", LocalDate),  # of own dates and exceptions
    Column("last", LocalDate),
    Column("detail", Json, nullable=False),  # which holidays; the calendar's text
    Column("known_until", LocalDate, nullable=False),  # its days are worked out up to here
    to("member", name="set_by"),
    Column("set_at", Instant, nullable=False),
    Index("ix_closing_organization_id", "organization_id"),
    Index("ix_closing_known_until", "known_until"),
)

away = Table(  # local dates of the person, both included; no reason is kept
    "away",
    metadata,
    row_id(),
    to("member"),
    Column("first", LocalDate, nullable=False),
    Column("last", LocalDate, nullable=False),
    Column("set_at", Instant, nullable=False),
    Index("ix_away_member_id_last", "member_id", "last"),
)
