"""The wires: Socket Mode that reconnects, signed HTTP into Bolt, faults, loopback only."""

from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.sandbox import Faults, Limits, RefusedError, Sandbox

from .conftest import Bot, Make, client_of
from .raw import HttpApp, Listener

ROOM = "mentoring-partners"


async def test_a_connection_that_is_cut_is_made_again(sandbox: Sandbox, bot: Bot) -> None:
    await sandbox.socket.refresh()
    await sandbox.until(lambda: True)
    await sandbox.person("bo").says("Still there?", channel=ROOM)
    assert (await bot.hears("message"))["text"] == "Still there?"


async def test_deliveries_go_to_one_of_several_connections(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    async with Listener(sandbox, session) as first, Listener(sandbox, session) as second:
        assert second.hello["num_connections"] == 2
        bo = sandbox.person("bo")
        for number in range(4):
            await bo.says(str(number), channel=ROOM)
        await sandbox.until(lambda: len(first.payloads) + len(second.payloads) == 4)
        await sandbox.quiet()
        assert len(first.payloads) == len(second.payloads) == 2


async def test_an_event_unanswered_by_a_dead_connection_comes_again(
    make: Make, session: aiohttp.ClientSession
) -> None:
    sandbox = await make(limits=Limits(retries=(0.05, 0.05, 0.05)))
    room = sandbox.world.find_channel(ROOM)
    room.members.append(sandbox.slack.app.bot_user_id)
    async with Listener(sandbox, session, acks=False) as silent:
        await sandbox.person("bo").says("Hello", channel=ROOM)
        await sandbox.until(lambda: len(silent.payloads) == 1)
    async with Listener(sandbox, session) as fresh:
        await sandbox.until(lambda: len(fresh.payloads) == 1)
        assert fresh.payloads[0]["event_id"] == silent.payloads[0]["event_id"]
        assert fresh.envelopes[0]["retry_attempt"] > 0


async def test_signed_deliveries_pass_bolts_verification(make: Make) -> None:
    heard: list[Any] = []
    sandbox = await make()
    app = AsyncApp(
        client=client_of(sandbox, aiohttp.ClientSession()),
        signing_secret=sandbox.signing_secret,
        process_before_response=True,
    )

    @app.event("message")
    async def message(event: dict[str, Any]) -> None:
        heard.append(event)

    @app.command("/partner")
    async def partner(ack: Any) -> None:
        await ack(text="By HTTP")

    @app.action("yes")
    async def yes(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        heard.append(body)

    async def serve(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", serve)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        sandbox.use_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
        assert await sandbox.verify_request_url()
        dana = sandbox.person("dana")
        await dana.invites_app(ROOM)
        await dana.says("Hello", channel=ROOM)
        await sandbox.until(lambda: any(e.get("text") == "Hello" for e in heard))
        assert (await dana.slash("/partner list", channel=ROOM)).text == "By HTTP"
        room = sandbox.world.find_channel(ROOM).id
        button = {
            "type": "button",
            "action_id": "yes",
            "text": {"type": "plain_text", "text": "Yes ✓"},
        }
        await app.client.chat_postMessage(
            channel=room, text="?", blocks=[{"type": "actions", "elements": [button]}]
        )
        assert (await sandbox.person("bo").clicks("Yes ✓")).ok
        assert heard[-1]["actions"][0]["action_id"] == "yes"
    finally:
        await runner.cleanup()
        assert app.client.session is not None
        await app.client.session.close()


async def test_retries_by_http_carry_their_number(make: Make) -> None:
    async with HttpApp(status=500) as app:
        sandbox = await make(limits=Limits(retries=(0.0, 0.0, 0.0)), request_url=app.url)
        sandbox.world.find_channel(ROOM).members.append(sandbox.slack.app.bot_user_id)
        await sandbox.person("bo").says("Hello", channel=ROOM)
        await sandbox.until(lambda: len(sandbox.deliveries.undelivered) == 1)
        numbers = [headers.get("X-Slack-Retry-Num") for _, headers in app.requests]
        reasons = {headers.get("X-Slack-Retry-Reason") for _, headers in app.requests}
    assert numbers == [None, "1", "2", "3"]
    assert reasons == {None, "http_error"}


def test_only_this_machine_is_delivered_to() -> None:
    with pytest.raises(ValueError, match="loopback"):
        Sandbox(request_url="https://example.com/slack/events")


@pytest.mark.parametrize("header", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
async def test_foreign_pages_are_refused(
    sandbox: Sandbox, session: aiohttp.ClientSession, header: dict[str, str]
) -> None:
    async with session.get(f"{sandbox.url}/sandbox/state", headers=header) as answer:
        assert answer.status == 403


class Lossy(Faults):
    """Answers the first post with an error after it was made, and loses the first delivery."""

    def __init__(self) -> None:
        self.lost = 0

    async def after_call(
        self, method: str, args: Mapping[str, Any], result: dict[str, Any]
    ) -> web.Response | None:
        if method == "chat.postMessage" and args.get("text") == "Once":
            return web.Response(status=503, text="upstream connect error")
        return None

    async def before_delivery(self, kind: str, payload: dict[str, Any]) -> bool:
        self.lost += 1
        return self.lost > 1


async def test_faults_can_be_put_in(make: Make, session: aiohttp.ClientSession) -> None:
    sandbox = await make(faults=Lossy())
    sandbox.world.find_channel(ROOM).members.append(sandbox.slack.app.bot_user_id)
    client = client_of(sandbox, session)
    async with Listener(sandbox, session) as app:
        with pytest.raises(SlackApiError):
            await client.chat_postMessage(channel=sandbox.world.find_channel(ROOM).id, text="Once")
        assert sandbox.person("dana").sees("Once")
        await sandbox.until(lambda: len(app.payloads) == 1)
        assert app.envelopes[0]["retry_attempt"] == 1


async def test_typing_a_command_as_a_message_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(RefusedError):
        await sandbox.person("dana").says("/partner list", channel=ROOM)
