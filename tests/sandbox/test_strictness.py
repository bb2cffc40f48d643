"""The checklist: each strictness of the sandbox, tried over the wire, answers with Slack's name."""

import aiohttp
import pytest

from bot.sandbox.strictness import STRICTNESSES, Strictness

from .checks import CHECKS, Try
from .conftest import Make


def test_every_strictness_has_a_check_and_every_check_a_strictness() -> None:
    keys = [row.key for row in STRICTNESSES]
    assert len(keys) == len(set(keys))
    assert set(CHECKS) == set(keys)


@pytest.mark.parametrize("row", STRICTNESSES, ids=lambda row: row.key)
async def test_the_sandbox_is_as_strict_as_slack(
    row: Strictness, make: Make, session: aiohttp.ClientSession
) -> None:
    answer = await CHECKS[row.key](Try(make, session))
    assert row.answer in answer
