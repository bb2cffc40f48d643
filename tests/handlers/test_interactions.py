"""Commands, buttons and forms end well for Slack, and with a sentence for the person."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from bot.app import Bot
from bot.directory import PATIENCE, Unreachable
from bot.language import Said
from bot.sandbox import Faults, Person, Sandbox
from bot.views.blocks import actions, button, message, option, section, select
from handlers import tables
from handlers.answer import Answer
from handlers.presence import members_seen
from handlers.visit import Door, Visit
from tests.fixtures.wire import Settled

CHANNEL = "mentoring-partners"


def base(sandbox: Sandbox, **more: Any) -> dict[str, Any]:
    """What every interaction carries."""
    app = sandbox.world.app
    assert app is not None
    return {
        "type": "block_actions",
        "team": {"id": app.team_id},
        "user": {"id": "U0DANA0000", "team_id": app.team_id},
        "api_app_id": app.id,
        "trigger_id": "1.2.3",
        **more,
    }


@pytest.mark.usefixtures("bot")
async def test_1_an_unknown_verb_is_answered_with_the_closest_one(
    dana: Person, sandbox: Sandbox
) -> None:
    reply = await dana.slash("/partner comit bring the venue list by friday", channel=CHANNEL)
    assert reply.ok
    assert "commit" in reply.text
    assert "commit bring the venue list by friday" in reply.text  # ready to copy and mend
    assert not any(call.method.startswith("chat.") for call in sandbox.calls)


async def test_an_error_nobody_foresaw_carries_a_reference_that_is_in_the_log(
    bot: Bot,
    dana: Person,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    async def fails(visit: Visit, said: Said) -> Answer:
        raise ZeroDivisionError

    monkeypatch.setitem(tables.VERBS, "help", fails)
    reply = await dana.slash("/partner help", channel=CHANNEL)
    assert reply.ok
    reference = reply.text.rsplit(": ", 1)[1]
    assert len(reference) == 8
    assert reference in "".join(capfd.readouterr())


class SlackIsSilent(Faults):
    """Slack takes deliveries, and answers no question."""

    async def before_call(self, method: str, args: Any) -> web.Response | None:
        return web.Response(status=503) if method == "users.info" else None


async def test_a_command_is_answered_even_if_slack_answers_nothing(
    bot: Bot, sandbox: Sandbox, dana: Person
) -> None:
    sandbox.api.faults = SlackIsSilent()
    reply = await dana.slash("/partner help", channel=CHANNEL)
    assert reply.ok
    assert reply.text.startswith("Slack is not answering me just now.")


class SlackTakesItsTime(Faults):
    """Slack does not answer these questions until it is let go on."""

    def __init__(self, *methods: str) -> None:
        self.methods = methods
        self.go_on = asyncio.Event()

    async def before_call(self, method: str, args: Any) -> web.Response | None:
        if method in self.methods:
            await self.go_on.wait()
        return None


async def test_a_form_opens_in_time_although_slack_does_not_say_who_presses(
    bot: Bot, sandbox: Sandbox, dana: Person, settled: Settled
) -> None:
    await dana.invites_app(CHANNEL)
    await settled()
    (here,) = bot.house.directory.installations()
    bot.house.directory.forget_person(here, dana.id)
    slack = sandbox.api.faults = SlackTakesItsTime("users.info")
    try:
        await dana.clicks("Set up", channel=CHANNEL)
        await sandbox.until(dana.has_modal)
    finally:
        slack.go_on.set()


async def test_all_questions_of_one_press_share_one_patience(
    bot: Bot, sandbox: Sandbox, dana: Person, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits: list[Visit] = []

    async def keep(visit: Visit, said: Said) -> Answer:
        visits.append(visit)
        return Answer(message("Here you are."))

    await dana.invites_app(CHANNEL)
    await settled()
    monkeypatch.setitem(tables.VERBS, "help", keep)
    await dana.slash("/partner help", channel=CHANNEL)
    (visit,) = visits
    assert visit.channel is not None
    assert visit.patience is not None
    assert 0 < visit.patience <= PATIENCE
    bot.house.directory.forget_channel(visit.installation, visit.channel)
    slack = sandbox.api.faults = SlackTakesItsTime("conversations.members")
    with pytest.raises(Unreachable) as refused:
        await members_seen(replace(visit, until=0.0), visit.channel)
    assert refused.value.__cause__ is None  # it was not the call that took too long
    asking = bot.house.directory._members.asking[visit.installation.id, visit.channel]
    slack.go_on.set()
    assert dana.id in await asking


@pytest.mark.usefixtures("bot")
async def test_14_an_old_button_says_so(
    dana: Person, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def show(visit: Visit, said: Said) -> Answer:
        row = actions(button("Old", "gone.with_the_wind", "1"), block="row")
        return Answer(message("Press", section("Press"), row))

    monkeypatch.setitem(tables.VERBS, "help", show)
    await dana.slash("/partner help", channel=CHANNEL)
    await dana.clicks("Old")
    await dana.waits_to_see("from an older version of me.")


@pytest.mark.usefixtures("bot")
async def test_a_choice_arrives_as_a_value(dana: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[Visit] = []

    async def show(visit: Visit, said: Said) -> Answer:
        menu = select("test.choose", "Which?", [option("One", "1"), option("Two", "2")])
        return Answer(message("Choose", actions(menu, block="row")))

    async def choose(visit: Visit) -> Answer:
        chosen.append(visit)
        return Answer()

    monkeypatch.setitem(tables.VERBS, "help", show)
    monkeypatch.setitem(tables.BUTTONS, "test.choose", choose)
    await dana.slash("/partner help", channel=CHANNEL)
    await dana.picks("Which?", "Two")
    assert [(visit.door, visit.value) for visit in chosen] == [(Door.BUTTON, "2")]


async def test_a_link_that_was_opened_is_acknowledged_in_silence(
    bot: Bot, sandbox: Sandbox
) -> None:
    action = {"type": "button", "action_id": "x", "url": "https://example.org", "action_ts": "1.1"}
    ack = await sandbox.deliver("interactive", base(sandbox, actions=[action]))
    assert (ack.ok, ack.body) == (True, None)


UNKNOWN: dict[str, dict[str, Any]] = {
    "a shortcut": {"type": "message_action", "callback_id": "other"},
    "a global shortcut": {"type": "shortcut", "callback_id": "other"},
    "options": {"type": "block_suggestion", "action_id": "x", "block_id": "y", "value": "z"},
    "a closed form": {
        "type": "view_closed",
        "view": {"id": "V1", "type": "modal", "callback_id": "x"},
    },
    "a form that is gone": {
        "type": "view_submission",
        "view": {"id": "V1", "type": "modal", "hash": "1", "callback_id": "gone", "blocks": []},
    },
}


@pytest.mark.parametrize("payload", UNKNOWN.values(), ids=UNKNOWN)
@pytest.mark.usefixtures("bot")
async def test_what_no_row_knows_is_acknowledged(sandbox: Sandbox, payload: dict[str, Any]) -> None:
    assert (await sandbox.deliver("interactive", base(sandbox, **payload))).ok


async def test_an_installation_we_do_not_know_gets_a_sentence(bot: Bot, sandbox: Sandbox) -> None:
    body = {
        "command": "/partner",
        "text": "help",
        "team_id": "T9",
        "user_id": "U9",
        "channel_id": "C9",
        "trigger_id": "1",
    }
    ack = await sandbox.deliver("slash_commands", body)
    assert ack.ok
    assert ack.body is not None
    assert ack.body["text"].startswith("I am not installed in this workspace any more.")


@pytest.mark.usefixtures("bot")
async def test_8_nul_and_broken_characters_do_no_harm(dana: Person, sandbox: Sandbox) -> None:
    body = {
        "command": "/partner",
        "text": "nonsense \x00 \ud800 words",
        "team_id": "T0ACME0000",
        "user_id": dana.id,
        "channel_id": "C0MENTORIN",
        "trigger_id": "1",
    }
    ack = await sandbox.deliver("slash_commands", body)
    assert ack.ok
    assert ack.body is not None
    assert "\x00" not in ack.body["text"]
