"""The messages that commitments were written down from: where they are, and nothing of them."""

from sqlalchemy import Column, Table, UniqueConstraint

from storage.tables.base import metadata, row_id, to
from storage.types import Text

source = Table(
    "source",
    metadata,
    row_id(),
    to("commitment"),
    Column("channel", Text, nullable=False),
    Column("ts", Text, nullable=False),
    Column("link", Text),  # null: Slack did not tell it
    UniqueConstraint("commitment_id"),
)
