"""Checks of ``response_url``."""

import json
from typing import Any

from ..conftest import HandTime
from ..shapes import text_block
from .trying import Try, check


async def _response_url(t: Try, real_time: HandTime | None = None) -> str:
    await t.begin(**({"real_time": real_time} if real_time else {}))
    key = t.sandbox.slack.tickets.reply_to(t.dana.id, t.room)
    return f"{t.sandbox.url}/response/{key}"


async def _send(t: Try, url: str, **body: Any) -> str:
    async with t.session.post(url, json=body) as answer:
        return await answer.text()


@check("response_sixth")
async def _(t: Try) -> str:
    url = await _response_url(t)
    for number in range(5):
        assert json.loads(await _send(t, url, text=f"Answer {number}"))["ok"]
    assert t.dana.sees("Answer 4")
    return await _send(t, url, text="One more")


@check("response_late")
async def _(t: Try) -> str:
    time = HandTime()
    url = await _response_url(t, time)
    time.seconds += 30 * 60 + 1
    return await _send(t, url, text="Late")


@check("response_blocks")
async def _(t: Try) -> str:
    return await _send(t, await _response_url(t), text="x", blocks=[text_block("x" * 3001)])
