"""People and an app meet over the real wire: Bolt on Socket Mode, slack_sdk's client."""

from typing import Any

import pytest

from bot.sandbox import NotShown, Sandbox

from .conftest import Bot

YES = {
    "type": "actions",
    "block_id": "answer",
    "elements": [
        {
            "type": "button",
            "action_id": "yes",
            "text": {"type": "plain_text", "text": "Yes"},
            "value": "12",
        }
    ],
}
ASK = {"type": "section", "text": {"type": "mrkdwn", "text": "Could you, <@U0BO000000>?"}}


async def test_a_message_of_a_partner_arrives_with_the_partners_team(
    sandbox: Sandbox, bot: Bot
) -> None:
    bo = sandbox.person("bo")
    ts = await bo.says("a < b & @Dana", channel="mentoring-partners")
    event = await bot.hears("message")
    assert event["ts"] == ts
    assert event["text"] == f"a &lt; b &amp; {sandbox.person('dana').mention}"
    assert event["user"] == bo.id
    assert event["user_team"] == event["team"] == event["source_team"] == bo.user.team_id
    envelope = bot.heard[-1]
    assert envelope["is_ext_shared_channel"] is True
    assert envelope["authorizations"][0]["team_id"] == sandbox.slack.app.team_id
    assert envelope["context_team_id"] == sandbox.slack.app.team_id


async def test_a_mention_comes_as_app_mention_and_as_message(sandbox: Sandbox, bot: Bot) -> None:
    bo = sandbox.person("bo")
    await bo.says("@Common Ground help", channel="mentoring-partners")
    mention = await bot.hears("app_mention")
    message = await bot.hears("message")
    assert mention["ts"] == message["ts"]
    assert mention["text"] == f"<@{sandbox.slack.app.bot_user_id}> help"
    assert mention["team"] == sandbox.slack.app.team_id
    assert mention["user_team"] == bo.user.team_id


async def test_a_command_is_answered_in_its_acknowledgement(sandbox: Sandbox, bot: Bot) -> None:
    seen: list[dict[str, Any]] = []

    @bot.app.command("/partner")
    async def partner(ack: Any, command: dict[str, Any]) -> None:
        seen.append(command)
        await ack(text="Asked Bo.")

    dana, bo = sandbox.person("dana"), sandbox.person("bo")
    reply = await dana.slash("/partner commit @bo invite 12", channel="mentoring-partners")
    assert reply.text == "Asked Bo."
    assert seen[0]["text"] == f"commit <@{bo.id}|bo> invite 12"
    assert seen[0]["team_id"] == sandbox.slack.app.team_id
    assert seen[0]["user_name"] == "dana"
    assert dana.sees("Asked Bo.")
    assert not bo.sees("Asked Bo.")


async def test_a_partner_presses_a_button_and_the_card_changes(sandbox: Sandbox, bot: Bot) -> None:
    seen: list[dict[str, Any]] = []

    @bot.app.action("yes")
    async def yes(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        seen.append(body)
        await respond(text="Agreed.", replace_original=True)

    channel = sandbox.world.find_channel("mentoring-partners")
    posted = await bot.client.chat_postMessage(channel=channel.id, text="Asked", blocks=[ASK, YES])
    bo = sandbox.person("bo")
    assert bo.sees("Could you, @Bo?")
    await bo.clicks("Yes")
    await bo.waits_to_see("Agreed.")
    body = seen[0]
    assert body["team"]["id"] == sandbox.slack.app.team_id
    assert body["user"] == {
        "id": bo.id,
        "username": "bo",
        "name": "bo",
        "team_id": bo.user.team_id,
    }
    assert body["container"]["message_ts"] == posted["ts"]
    assert body["message"]["ts"] == posted["ts"]
    assert body["actions"][0]["value"] == "12"
    with pytest.raises(NotShown):
        await bo.clicks("Yes")


async def test_a_form_opened_by_a_partner_is_sent_with_the_partners_team(
    sandbox: Sandbox, bot: Bot
) -> None:
    seen: list[dict[str, Any]] = []

    @bot.app.action("yes")
    async def yes(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @bot.app.view("condition")
    async def condition(ack: Any, body: dict[str, Any]) -> None:
        seen.append(body)
        given = body["view"]["state"]["values"]["if"]["text"]["value"]
        if given == "never":
            await ack(response_action="errors", errors={"if": "Say what you need."})
        else:
            await ack()

    channel = sandbox.world.find_channel("mentoring-partners")
    await bot.client.chat_postMessage(channel=channel.id, text="Asked", blocks=[ASK, YES])
    bo = sandbox.person("bo")
    await bo.clicks("Yes")
    assert bo.has_modal()
    refused = await bo.submits()
    assert refused.body == {"errors": {"if": "Please complete this required field."}}
    await bo.submits({"If what?": "never"})
    assert bo.sees("Say what you need.")
    await bo.submits({"If what?": "travel is paid"})
    assert not bo.has_modal()
    assert seen[-1]["team"]["id"] == bo.user.team_id
    assert seen[-1]["view"]["app_installed_team_id"] == sandbox.slack.app.team_id
    assert seen[-1]["user"]["team_id"] == bo.user.team_id


FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "condition",
    "title": {"type": "plain_text", "text": "Yes, if…"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "if",
            "label": {"type": "plain_text", "text": "If what?"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}
