"""Fixtures of the storage's tests."""

import pytest

from storage.database import Database
from tests.storage import things as tables


@pytest.fixture
async def things(database: Database) -> Database:
    """A database that has the tests' own table too, on each database in turn."""
    await database.run(tables.create)
    return database
