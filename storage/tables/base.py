"""What all tables share: the metadata with its naming convention, and two kinds of columns."""

from sqlalchemy import Column, ForeignKey, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def row_id() -> Column[int]:
    """The id of a row: an integer of ours."""
    return Column("id", Integer, primary_key=True)


def to(table: str, *, null: bool = False, name: str | None = None) -> Column[int]:
    """A reference to a row of ``table``, called ``<table>_id`` unless it has a ``name``."""
    return Column(name or f"{table}_id", ForeignKey(f"{table}.id"), nullable=null)
