"""Buttons, menus, forms, ephemerals and response URLs, from both ends."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import AppConfig, NotShown, RefusedError, Sandbox, Shortcut, World

from .conftest import EVENTS, SCOPES, Bot, Make, client_of
from .raw import Listener
from .shapes import actions, button, modal, plain, text_block

ROOM = "mentoring-partners"
Json = dict[str, Any]


async def test_an_ephemeral_is_replaced_and_taken_away_by_its_response_url(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    room, bo = sandbox.world.find_channel(ROOM).id, sandbox.person("bo")
    async with Listener(sandbox, session) as app:
        await client.chat_postEphemeral(
            channel=room, user=bo.id, text="Who may know?", blocks=[actions(button("Nobody yet"))]
        )
        await bo.clicks("Nobody yet")
        payload = app.payloads[-1]
        assert payload["container"]["is_ephemeral"] is True
        assert "message" not in payload
        url = payload["response_url"]
        await session.post(url, json={"replace_original": True, "text": "Nobody knows."})
        assert bo.sees("Nobody knows.")
        assert not bo.sees("Who may know?")
        await session.post(url, json={"delete_original": True})
        assert not bo.sees("Nobody knows.")
        await session.post(url, json={"text": "By the way", "replace_original": False})
        assert bo.sees("By the way")
        assert not sandbox.person("dana").sees("By the way")
        await session.post(url, json={"text": "For all", "response_type": "in_channel"})
        assert sandbox.person("dana").sees("For all")


async def test_a_button_in_a_thread_says_so(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    room, bo = sandbox.world.find_channel(ROOM).id, sandbox.person("bo")
    parent = (await client.chat_postMessage(channel=room, text="Card"))["ts"]
    async with Listener(sandbox, session) as app:
        await client.chat_postMessage(
            channel=room, text="Sure?", blocks=[actions(button("Done"))], thread_ts=parent
        )
        await bo.clicks("Done")
        payload = app.payloads[-1]
        assert payload["container"]["thread_ts"] == payload["message"]["thread_ts"] == parent
        await session.post(payload["response_url"], json={"text": "Thanks"})
        assert bo.messages(thread=parent)[-1].text == "Thanks"


async def test_choices_in_a_message_arrive_with_all_its_state(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    room, bo = sandbox.world.find_channel(ROOM).id, sandbox.person("bo")
    menu = {
        "type": "static_select",
        "action_id": "how",
        "placeholder": plain("How often?"),
        "options": [
            {"text": plain("Weekly"), "value": "w"},
            {"text": plain("Monthly"), "value": "m"},
        ],
    }
    day = {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-30"}
    more = {
        "type": "overflow",
        "action_id": "more",
        "options": [{"text": plain("Pause"), "value": "p"}],
    }
    block = {**actions(menu, day, more), "block_id": "rhythm"}
    await client.chat_postMessage(channel=room, text="Rhythm", blocks=[block])
    async with Listener(sandbox, session) as app:
        await bo.picks("How often?", "Monthly")
        chosen = app.payloads[-1]
        assert chosen["actions"][0]["selected_option"]["value"] == "m"
        assert chosen["state"]["values"]["rhythm"]["day"]["selected_date"] == "2026-11-30"
        await bo.picks("day", "2026-12-04")
        assert app.payloads[-1]["actions"][0]["selected_date"] == "2026-12-04"
        state = app.payloads[-1]["state"]["values"]["rhythm"]
        assert state["how"]["selected_option"]["value"] == "m"
        await bo.clicks("more", option="Pause")
        assert app.payloads[-1]["actions"][0]["selected_option"]["value"] == "p"
    with pytest.raises(NotShown):
        await bo.picks("How often?", "Yearly")


async def test_suggestions_come_from_the_app(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    dana = sandbox.person("dana")
    element = {"type": "external_select", "action_id": "program", "placeholder": plain("Program")}
    form = modal(
        blocks=[
            {
                "type": "input",
                "block_id": "which",
                "label": plain("Which program?"),
                "element": element,
            }
        ]
    )
    async with Listener(sandbox, session) as app:
        trigger = sandbox.slack.tickets.trigger(dana.id)
        await client.views_open(trigger_id=trigger, view=form)
        app.answers["block_suggestion"] = {"options": [{"text": plain("Mentoring"), "value": "7"}]}
        assert await dana.asks_options("Program", "men") == ["Mentoring"]
        assert app.payloads[-1]["value"] == "men"
        await dana.submits({"Which program?": "Mentoring"})
        values = app.payloads[-1]["view"]["state"]["values"]
        assert values["which"]["program"]["selected_option"]["value"] == "7"
        assert not dana.has_modal()


async def test_a_form_can_go_on_to_another_and_back(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    dana = sandbox.person("dana")
    async with Listener(sandbox, session) as app:
        trigger = sandbox.slack.tickets.trigger(dana.id)
        opened = await client.views_open(trigger_id=trigger, view=modal(notify_on_close=True))
        app.answers["view_submission"] = {
            "response_action": "push",
            "view": modal(title=plain("Second"), notify_on_close=True),
        }
        await dana.submits({"Words": "one"})
        second = dana.modal
        assert second is not None
        assert second.previous_id == opened["view"]["id"]
        await dana.closes()
        closed = app.payloads[-1]
        assert (closed["type"], closed["is_cleared"]) == ("view_closed", False)
        assert closed["view"]["id"] == second.id
        assert dana.modal is not None
        assert dana.modal.id == opened["view"]["id"]
        app.answers["view_submission"] = {
            "response_action": "update",
            "view": modal(title=plain("Updated")),
        }
        await dana.submits({"Words": "two"})
        assert dana.sees("Updated")
        app.answers["view_submission"] = {"response_action": "clear"}
        await dana.submits({"Words": "three"})
        assert not dana.has_modal()


async def test_an_updated_form_keeps_what_was_typed(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    dana = sandbox.person("dana")
    trigger = sandbox.slack.tickets.trigger(dana.id)
    opened = await client.views_open(trigger_id=trigger, view=modal())
    await dana.fills("Words", "half a sentence")
    blocks = [text_block("A hint"), *modal()["blocks"]]
    await client.views_update(view_id=opened["view"]["id"], view=modal(blocks=blocks))
    assert dana.modal is not None
    assert dana.modal.values["words"]["text"]["value"] == "half a sentence"


async def test_a_button_in_a_form_carries_the_view(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    bo = sandbox.person("bo")
    blocks = [*modal()["blocks"], actions(button("Add a line", action_id="add"))]
    async with Listener(sandbox, session) as app:
        trigger = sandbox.slack.tickets.trigger(bo.id)
        await client.views_open(trigger_id=trigger, view=modal(blocks=blocks))
        await bo.fills("Words", "first")
        await bo.clicks("Add a line")
        payload = app.payloads[-1]
        assert payload["container"]["type"] == "view"
        assert payload["view"]["state"]["values"]["words"]["text"]["value"] == "first"
        assert payload["team"]["id"] == sandbox.slack.app.team_id
        assert payload["user"]["team_id"] == bo.user.team_id
        pushed = await client.views_push(trigger_id=payload["trigger_id"], view=modal())
        assert pushed["view"]["previous_view_id"] == payload["view"]["id"]


async def test_a_message_shortcut_is_for_the_installing_workspace(
    make: Make, session: aiohttp.ClientSession
) -> None:
    config = AppConfig(
        scopes=frozenset(SCOPES),
        events=frozenset(EVENTS),
        shortcuts=(Shortcut("Record as commitment", "record"),),
    )
    sandbox = await make(config=config)
    dana, bo = sandbox.person("dana"), sandbox.person("bo")
    ts = await bo.says("I will bring the list", channel=ROOM)
    [message] = [m for m in dana.messages(ROOM) if m.ts == ts]
    async with Listener(sandbox, session) as app:
        await dana.chooses_shortcut("record", message)
        payload = app.payloads[-1]
        assert (payload["type"], payload["message"]["ts"]) == ("message_action", ts)
        with pytest.raises(NotShown):
            await bo.chooses_shortcut("record", message)


async def test_people_change_only_their_own_messages(sandbox: Sandbox) -> None:
    dana, bo = sandbox.person("dana"), sandbox.person("bo")
    ts = await dana.says("Mine", channel=ROOM)
    with pytest.raises(RefusedError):
        await bo.edits(ts, "Yours")
    with pytest.raises(RefusedError):
        await bo.deletes(ts)


async def test_nobody_sees_channels_that_they_are_not_in(sandbox: Sandbox) -> None:
    await sandbox.person("dana").says("Budget", channel="acme-dei")
    assert sandbox.person("priya").sees("Budget")
    assert not sandbox.person("hui").sees("Budget")
    with pytest.raises(NotShown):
        await sandbox.person("bo").says("Hello", channel="acme-dei")


async def test_a_command_answer_can_be_for_the_whole_channel(sandbox: Sandbox, bot: Bot) -> None:
    @bot.app.command("/partner")
    async def partner(ack: Any, respond: Any) -> None:
        await ack(response_type="in_channel", text="Everyone reads this")
        await respond("Only you read this")

    dana = sandbox.person("dana")
    await dana.slash("/partner list", channel=ROOM)
    await dana.waits_to_see("Only you read this")
    assert sandbox.person("bo").sees("Everyone reads this")
    assert not sandbox.person("bo").sees("Only you read this")


async def test_the_app_may_be_another_one(make: Make, session: aiohttp.ClientSession) -> None:
    world = World(app_name="Lunch Bot")
    north = world.workspace("north", "North")
    ada = world.person("ada", "Ada", north)
    world.channel("general", [ada], host=north, bot=True)
    sandbox = await make(world=world)
    answer = await client_of(sandbox, session).auth_test()
    assert (answer["team"], answer["user"]) == ("North", "lunch_bot")
