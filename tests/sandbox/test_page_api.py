"""What the page reads and does, over HTTP."""

import asyncio
import base64
import json
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox

from .conftest import HandClock, Make, client_of
from .raw import Listener
from .shapes import actions, button, file_field, modal

ROOM = "mentoring-partners"
Json = dict[str, Any]


class Page:
    """The page's three addresses, as one person."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession, name: str) -> None:
        self._url = sandbox.url
        self._session = session
        self.me = sandbox.person(name).id

    async def state(self) -> Json:
        async with self._session.get(f"{self._url}/sandbox/state?as={self.me}") as answer:
            body: Json = await answer.json()
            return body

    async def act(self, verb: str, **details: Any) -> Json:
        body = {"as": self.me, "do": verb, **details}
        async with self._session.post(f"{self._url}/sandbox/act", json=body) as answer:
            result: Json = await answer.json()
            return result


async def test_the_snapshot_shows_the_world_as_one_person_sees_it(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    sandbox.hint = "Press Yes."
    dana, bo = Page(sandbox, session, "dana"), Page(sandbox, session, "bo")
    seen = await dana.state()
    assert seen["me"] == dana.me
    assert seen["hint"] == "Press Yes."
    assert seen["now"] == "2026-11-16T15:00:00Z"
    assert [channel["name"] for channel in seen["channels"]] == [ROOM, "acme-dei"]
    assert seen["channels"][0]["shared_with"] == ["Northside Youth"]
    assert seen["commands"][0]["command"] == "/partner"
    kinds = {person["name"]: person["kind"] for person in seen["people"]}
    assert kinds == {
        "Common Ground": "app",
        "Dana": "member",
        "Priya": "member",
        "Bo": "external",
        "Amina": "external",
        "Hui": "guest",
        "Mara": "guest",
    }
    partner = await bo.state()
    assert [channel["name"] for channel in partner["channels"]] == [ROOM]
    assert partner["channels"][0]["shared_with"] == ["Acme"]
    assert partner["commands"] == []
    assert "workspace that installed" in partner["commands_note"]
    assert partner["home"]["available"] is False
    assert sandbox.bot_token not in json.dumps([seen, partner])


async def test_messages_threads_and_ephemerals_stand_in_their_places(
    sandbox: Sandbox, session: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    room = sandbox.world.find_channel(ROOM).id
    dana, bo = Page(sandbox, session, "dana"), Page(sandbox, session, "bo")
    first = (await dana.act("say", channel=room, text="Who comes, @Bo?"))["ts"]
    await bo.act("say", channel=room, thread_ts=first, text="I do")
    await bo.act("react", channel=room, ts=first, name="wave")
    await client.chat_postEphemeral(channel=room, user=bo.me, text="Psst")
    seen = await bo.state()
    [message] = [m for m in seen["messages"][room] if m["ts"] == first]
    assert message["text"] == f"Who comes, <@{bo.me}>?"
    assert (message["name"], message["organization"]) == ("Dana", "Acme")
    assert (message["reply_count"], message["blocks"]) == (1, [])
    assert message["reactions"] == [{"name": "wave", "users": [bo.me]}]
    assert [reply["text"] for reply in seen["threads"][f"{room}:{first}"]] == ["I do"]
    assert seen["messages"][room][-1]["ephemeral"] is True
    assert all(not m["ephemeral"] for m in (await dana.state())["messages"][room])


async def test_unread_messages_are_counted_until_they_are_read(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    room = sandbox.world.find_channel(ROOM).id
    dana, bo = Page(sandbox, session, "dana"), Page(sandbox, session, "bo")
    await bo.act("read", channel=room)
    await dana.act("say", channel=room, text="One")
    await dana.act("say", channel=room, text="Two")
    assert (await bo.state())["channels"][0]["unread"] == 2
    assert (await dana.state())["channels"][0]["unread"] == 0
    await bo.act("read", channel=room)
    assert (await bo.state())["channels"][0]["unread"] == 0


async def test_a_form_is_opened_filled_in_and_sent(
    sandbox: Sandbox, session: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    room = sandbox.world.find_channel(ROOM).id
    bo = Page(sandbox, session, "bo")
    block = {**actions(button("Yes, if…", action_id="if")), "block_id": "answer"}
    posted = await client.chat_postMessage(channel=room, text="Asked", blocks=[block])
    async with Listener(sandbox, session) as app:
        clicked = await bo.act(
            "click", channel=room, ts=posted["ts"], block_id="answer", action_id="if", values={}
        )
        assert clicked["ok"]
        trigger = app.payloads[-1]["trigger_id"]
        await client.views_open(trigger_id=trigger, view=modal())
        shown = (await bo.state())["modal"]
        assert shown["view"]["title"]["text"] == "Title"
        empty = await bo.act("submit", view_id=shown["id"], values={"words": {"text": None}})
        assert (empty["sent"], list(empty["errors"])) == (False, ["words"])
        assert (await bo.state())["modal"]["errors"]["words"]
        sent = await bo.act("submit", view_id=shown["id"], values={"words": {"text": "travel"}})
        assert sent["sent"]
        assert (await bo.state())["modal"] is None
        assert app.payloads[-1]["type"] == "view_submission"


async def test_a_file_is_uploaded_for_a_field_and_sent_with_the_form(
    make: Make, session: aiohttp.ClientSession
) -> None:
    sandbox = await make(scopes=["files:read"])
    client = client_of(sandbox, session)
    bo, hui = Page(sandbox, session, "bo"), Page(sandbox, session, "hui")
    async with Listener(sandbox, session) as app:
        for person in (bo, hui):
            trigger = sandbox.slack.tickets.trigger(person.me)
            await client.views_open(trigger_id=trigger, view=modal(blocks=[file_field()]))
        shown = (await bo.state())["modal"]
        where = {"view_id": shown["id"], "block_id": "file", "action_id": "file"}
        data = base64.b64encode(b"BEGIN:VCALENDAR").decode()
        file = (await bo.act("upload", **where, name="days.ics", data=data))["file"]
        assert (file["name"], file["size"]) == ("days.ics", 15)
        for wrong in ({"data": "!"}, {"name": "days.exe"}, {"block_id": "words"}, {"view_id": "V"}):
            refused = await bo.act("upload", **{**where, "name": "days.ics", "data": data, **wrong})
            assert refused["ok"] is False
            assert refused["error"]
        values = {"file": {"file": [file["id"]]}}
        of_hui = (await hui.state())["modal"]["id"]
        assert not (await hui.act("submit", view_id=of_hui, values=values))["sent"]  # it is Bo's
        assert (await bo.act("submit", view_id=shown["id"], values=values))["sent"]
        (sent,) = app.payloads
        (held,) = sent["view"]["state"]["values"]["file"]["file"]["files"]
        assert held["id"] == file["id"]


async def test_refusals_are_sentences_and_nothing_breaks(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    bo = Page(sandbox, session, "bo")
    for verb, details in (
        ("dance", {}),
        ("say", {}),
        ("say", {"channel": "C0NOWHERE0", "text": "Hello"}),
        ("click", {"channel": sandbox.world.find_channel(ROOM).id, "ts": "1"}),
        ("submit", {"view_id": "V1", "values": []}),
        ("next_day", {}),
    ):
        answer = await bo.act(verb, **details)
        assert answer["ok"] is False
        assert answer["error"]
    for body in ("{", "[]", '"text"'):
        async with session.post(f"{sandbox.url}/sandbox/act", data=body) as raw:
            assert (await raw.json())["ok"] is False
    channel = sandbox.world.find_channel(ROOM).id
    await bo.act("slash", channel=channel, text="/partner list")
    assert (await bo.state())["notices"] == ["/partner is not a valid command."]


async def test_the_page_hears_of_changes(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{sandbox.url}/sandbox/changes") as stream:
        first = await _version(stream)
        await sandbox.person("bo").says("Hello", channel=ROOM)
        assert await _version(stream) > first


async def _version(stream: aiohttp.ClientResponse) -> int:
    async with asyncio.timeout(5):
        while True:
            line = (await stream.content.readline()).decode()
            if line.startswith("data: "):
                version: int = json.loads(line[6:])["version"]
                return version


async def test_the_calendar_moves_by_the_hosts_stepper(
    make: Make, session: aiohttp.ClientSession, clock: HandClock
) -> None:
    async def step(days: int) -> None:
        clock.move(days=days)

    sandbox = await make(calendar=clock, stepper=step)
    dana = Page(sandbox, session, "dana")
    assert (await dana.state())["calendar_steps"] is True
    await dana.act("next_week")
    assert (await dana.state())["now"] == "2026-11-23T15:00:00Z"


async def test_a_snapshot_is_made_once_for_each_version(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    user = sandbox.person("bo").user
    first = sandbox.page.encoded(user)
    assert sandbox.page.encoded(user) is first
    await sandbox.person("bo").says("Hello", channel=ROOM)
    assert sandbox.page.encoded(user) is not first


async def test_the_page_itself_is_served(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    async with session.get(sandbox.page_url) as answer:
        assert answer.status == 200
