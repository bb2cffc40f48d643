"""Commitments, every version of their terms, and what happened to them."""

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint, literal_column, text

from bot.domain.commitments import Audience, TermsState
from bot.domain.commitments import Event as CommitmentEvent
from bot.domain.commitments import State as CommitmentState
from storage.tables.base import metadata, row_id, to
from storage.types import EnumText, Instant, LocalDate, Text

commitment = Table(
    "commitment",
    metadata,
    row_id(),
    to("partnership"),
    Column("number", Integer, nullable=False),
    Column("state", EnumText(CommitmentState), nullable=False),
    to("member", name="proposer_id"),
    to("organization", null=True, name="asking_id"),  # null: the owner's own promise
    # The terms in force: the agreed ones or, until any is agreed, those that were asked for.
    Column("version", Integer, nullable=False),
    Column("last_version", Integer, nullable=False),
    Column("offer", Integer),  # the version that waits for an answer beside those in force
    Column("what", Text, nullable=False),
    Column("due", LocalDate),  # null: no date yet
    Column("condition", Text),
    Column("label", Text),
    to("member", name="owner_id"),
    to("organization", null=True, name="owner_organization_id"),
    Column("stuck_at", Instant),
    Column("stuck_audience", EnumText(Audience)),
    Column("stuck_why", Text),
    Column("created_at", Instant, nullable=False),
    Column("closed_at", Instant),
    to("message", null=True, name="card_id"),
    UniqueConstraint("partnership_id", "number"),
    Index("ix_commitment_partnership_id_state_due", "partnership_id", "state", "due"),
    Index("ix_commitment_owner_id_state", "owner_id", "state"),
    Index("ix_commitment_asking_id_state", "asking_id", "state"),
    Index("ix_commitment_proposer_id_state", "proposer_id", "state"),
)

terms = Table(  # every version that was ever proposed
    "terms",
    metadata,
    row_id(),
    to("commitment"),
    Column("version", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("due", LocalDate),
    Column("condition", Text),
    Column("label", Text),
    to("member", name="owner_id"),
    to("organization", null=True, name="owner_organization_id"),
    to("member", name="proposed_by"),
    to("organization", null=True, name="proposed_by_organization_id"),
    Column("proposed_at", Instant, nullable=False),
    Column("state", EnumText(TermsState), nullable=False),
    to("member", null=True, name="answered_by"),
    to("organization", null=True, name="answered_by_organization_id"),
    Column("answered_at", Instant),
    UniqueConstraint("commitment_id", "version"),
    Index(  # for who is asked to take over, which is never asked by the first version
        "ix_terms_owner_id",
        "owner_id",
        sqlite_where=text("version > 1"),
        postgresql_where=text("version > 1"),
    ),
)

LATER_TERMS = terms.c.version > literal_column("1")
"""What the index on their owner needs to be told, in just these words."""

commitment_history = Table(
    "commitment_history",
    metadata,
    row_id(),
    to("commitment"),
    Column("kind", EnumText(CommitmentEvent), nullable=False),
    to("member", null=True),
    to("organization", null=True),  # as it was then
    Column("at", Instant, nullable=False),
    Column("version", Integer),  # of the terms that it is about
    Column("why", Text),
    Column("audience", EnumText(Audience), nullable=False, server_default="everyone"),
    Index("ix_commitment_history_commitment_id", "commitment_id"),
)
