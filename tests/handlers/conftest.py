"""Fixtures of the ways in."""

import pytest

from bot.app import Bot
from bot.sandbox import Sandbox
from tests.fixtures.wire import Settled, TestCalendar
from tests.handlers.story import Story


@pytest.fixture
def story(sandbox: Sandbox, bot: Bot, calendar: TestCalendar, settled: Settled) -> Story:
    """The story's world with the bot in it, before anybody has done anything."""
    return Story(sandbox, bot, calendar, settled)
