"""Which versions of the program can work with these tables."""

from sqlalchemy import Column, Table

from storage.tables.base import metadata
from storage.types import Text

compatibility = Table(  # one row, written by the migrations
    "compatibility",
    metadata,
    Column("oldest", Text, primary_key=True),  # the oldest program, by the version it was made for
)
