"""How the work is shared: what the leads were shown, what each said, and what is paid work."""

from sqlalchemy import Boolean, Column, Index, Table, UniqueConstraint

from storage.tables.base import metadata, row_id, to
from storage.types import Instant, Json, LocalDate

share = Table(
    "share",
    metadata,
    row_id(),
    to("partnership"),
    to("member", name="asked_by"),
    to("organization", null=True),  # as it was then
    Column("at", Instant, nullable=False),
    Column("since", LocalDate, nullable=False),  # from when on what is done counts
    Column("parts", Json, nullable=False),  # the figures of each organization, as they were
    Column("posted_at", Instant),
    to("message", null=True),  # in the channel
    Index("ix_share_partnership_id", "partnership_id"),
)

share_answer = Table(
    "share_answer",
    metadata,
    row_id(),
    to("share"),
    to("organization"),
    to("member"),
    Column("yes", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("share_id", "organization_id"),
)

pay = Table(  # whether a commitment is paid work, where its owner has said so
    "pay",
    metadata,
    to("commitment"),
    Column("paid", Boolean, nullable=False),
    to("member"),
    Column("at", Instant, nullable=False),
    UniqueConstraint("commitment_id"),
)
