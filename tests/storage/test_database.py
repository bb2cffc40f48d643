"""One function is one transaction, on both databases."""

from storage.database import Database
from storage.migrations import HEAD, current


async def test_a_fresh_database_has_the_newest_tables(database: Database) -> None:
    assert await database.read(current) == HEAD
