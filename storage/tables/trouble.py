"""When it was told what did not get through."""

from sqlalchemy import Column, Index, Table

from storage.tables.base import metadata, row_id, to
from storage.types import Instant

report = Table(
    "report",
    metadata,
    row_id(),
    to("installation"),
    Column("since", Instant, nullable=False),  # of what was settled after this ...
    Column("until", Instant, nullable=False),  # ... and not after this, by the calendar
    Column("at", Instant, nullable=False),
    Index("ix_report_installation_id", "installation_id"),
)
