"""Fixtures of the ways in."""

from collections.abc import AsyncIterator

import pytest

from bot.demo import open_demo
from bot.settings import read
from tests.handlers.story import Story


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    """The story's first day, before anybody has done anything."""
    async with open_demo(read({}, file=None), 0, pace=False) as demo:
        yield Story(demo)
