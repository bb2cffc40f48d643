"""Signed deliveries by HTTP: what is Slack's passes, nothing else does, and nothing stumbles."""

import asyncio
import io
import time

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import Bot
from bot.language import Said
from bot.sandbox import Person, Sandbox
from bot.sandbox.http_mode import signature
from bot.views.blocks import message
from handlers import tables
from handlers.answer import Answer
from handlers.http import LONGEST_BODY
from handlers.visit import Visit

BODY = "command=%2Fpartner&text=help&team_id=T0ACME0000&user_id=U0DANA0000&trigger_id=1"


async def post(bot: Bot, body: bytes | str | io.BytesIO, **headers: str) -> tuple[int, str]:
    """Deliver something; the status and body of the answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named.setdefault("Content-Type", "application/x-www-form-urlencoded")
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{bot.address}/slack/events", data=body, headers=named) as answer,
    ):
        return answer.status, await answer.text()


def signed(sandbox: Sandbox, body: str, at: float | None = None) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    return {
        "X_Slack_Request_Timestamp": stamp,
        "X_Slack_Signature": signature(sandbox.signing_secret, stamp, body),
    }


async def test_slack_can_verify_the_address(http_bot: Bot, sandbox: Sandbox) -> None:
    assert await sandbox.verify_request_url()


async def test_a_command_is_answered(http_bot: Bot, dana: Person) -> None:
    reply = await dana.slash("/partner help", channel="mentoring-partners")
    assert reply.ok
    assert "commit" in reply.text


async def test_a_signed_body_passes(http_bot: Bot, sandbox: Sandbox) -> None:
    status, _ = await post(http_bot, BODY, **signed(sandbox, BODY))
    assert status == 200


async def test_what_is_not_signed_by_slack_is_refused(http_bot: Bot, sandbox: Sandbox) -> None:
    good = signed(sandbox, BODY)
    late = signed(sandbox, BODY, time.time() - 301)
    early = signed(sandbox, BODY, time.time() + 301)
    zeros = {**good, "X_Slack_Signature": "v0=" + "0" * 64}
    for body, headers in (
        (BODY, {}),
        (BODY, late),
        (BODY, early),
        (BODY, zeros),
        (BODY + "&text=other", good),
        (BODY, {**good, "X_Slack_Request_Timestamp": "soon"}),
        (BODY, {**good, "X_Slack_Request_Timestamp": "9" * 400}),
        (BODY, {**good, "X_Slack_Request_Timestamp": "-1"}),
        (BODY, {**good, "X_Slack_Request_Timestamp": "١٢٣"}),
        (BODY, {**good, "X_Slack_Signature": "v0=é"}),
        (BODY, {"X_Slack_Signature": good["X_Slack_Signature"]}),
        ("ssl_check=2", {}),
        ("text=ssl_check=1", {}),
    ):
        status, answer = await post(http_bot, body, **headers)
        assert (status, answer) == (401, '{"error": "invalid request"}')


async def test_nothing_that_anybody_sends_makes_it_stumble(http_bot: Bot) -> None:
    letters = st.characters(exclude_categories=["Cs", "Cc"])  # the others no client sends
    header = st.text(letters)

    # Hypothesis cannot await inside a running loop, so the examples are drawn first.
    examples: list[tuple[bytes, str, str]] = []

    @given(st.tuples(st.binary(max_size=200), header, header))
    @settings(max_examples=60, deadline=None, database=None)
    def draw(example: tuple[bytes, str, str]) -> None:
        examples.append(example)

    draw()
    for body, stamp, sign in examples:
        status, _ = await post(
            http_bot, body, X_Slack_Request_Timestamp=stamp, X_Slack_Signature=sign
        )
        assert status == (200 if b"ssl_check=1" in body.split(b"&") else 401)


async def test_a_body_that_is_not_text_is_refused(http_bot: Bot, sandbox: Sandbox) -> None:
    status, _ = await post(http_bot, b"\xff\xfe", **signed(sandbox, "x"))
    assert status == 401


async def test_slack_may_look_at_the_certificate(http_bot: Bot) -> None:
    assert (await post(http_bot, "token=x&ssl_check=1"))[0] == 200


async def test_a_body_that_is_too_long_is_not_read(http_bot: Bot, sandbox: Sandbox) -> None:
    body = "a" * (LONGEST_BODY + 1)
    status, _ = await post(http_bot, io.BytesIO(body.encode()), **signed(sandbox, body))
    assert status == 413


async def test_other_addresses_are_not_there(http_bot: Bot) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/", "/slack/install", "/slack/events"):
            async with session.get(f"{http_bot.address}{path}") as answer:
                assert answer.status in {404, 405}


async def test_it_tells_whether_it_is_alive_and_ready(http_bot: Bot) -> None:
    await http_bot.tick()
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{http_bot.address}/healthz") as answer:
            assert (answer.status, await answer.json()) == (200, {"alive": True})
        async with session.get(f"{http_bot.address}/readyz") as answer:
            assert (answer.status, await answer.json()) == (200, {"ready": True, "problem": None})
        await http_bot.house.courier.stop()
        async with session.get(f"{http_bot.address}/readyz") as answer:
            assert answer.status == 503
            assert (await answer.json())["problem"] == "The courier is not running."


async def test_a_stop_waits_for_the_deliveries_under_way(
    http_bot: Bot, dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def slow(visit: Visit, said: Said) -> Answer:
        inside.set()
        await go_on.wait()
        return Answer(message("It was worth the wait."))

    monkeypatch.setitem(tables.VERBS, "help", slow)
    asked = asyncio.create_task(dana.slash("/partner help", channel="mentoring-partners"))
    await inside.wait()
    stopping = asyncio.create_task(http_bot.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    go_on.set()
    assert (await asked).text == "It was worth the wait."
    await stopping
