"""How people are answered, by the door they came through."""

from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.app import Bot
from bot.domain.errors import NotPossible
from bot.language import Said
from bot.sandbox import Person, Sandbox
from bot.views.blocks import Message, actions, button, field, message, modal, section, text_input
from handlers import tables
from handlers.answer import Answer, Audience, may_be_told, respond
from handlers.visit import Visit
from tests.fixtures.wire import Settled

CHANNEL = "mentoring-partners"
SLACK = "https://slack.com/api/"


@pytest.mark.parametrize(
    ("address", "api_url", "may"),
    [
        ("https://hooks.slack.com/actions/T1/1/x", SLACK, True),
        ("https://hooks.slack-gov.com/actions/T1/1/x", "https://slack-gov.com/api/", True),
        ("http://127.0.0.1:5000/response/x", "http://127.0.0.1:5000/api/", True),
        ("http://hooks.slack.com/actions/T1/1/x", SLACK, False),
        ("https://hooks.slack.com:8443/x", SLACK, False),
        ("https://hooks.slack.com.evil.example/x", SLACK, False),
        ("https://evil.example/hooks.slack.com", SLACK, False),
        ("https://user@evil.example#hooks.slack.com", SLACK, False),
        ("http://127.0.0.1:5001/response/x", "http://127.0.0.1:5000/api/", False),
        ("http://169.254.169.254/latest/meta-data", SLACK, False),
        ("file:///etc/passwd", SLACK, False),
        ("", SLACK, False),
    ],
)
def test_an_answer_goes_to_slack_only(address: str, api_url: str, may: bool) -> None:
    assert may_be_told(address, api_url) is may


async def test_an_answer_follows_nobody_elsewhere(bot: Bot) -> None:
    asked: list[str] = []

    async def redirect(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    routes = web.Application()
    routes.router.add_post("/{any:.*}", redirect)
    async with TestServer(routes) as server:
        settings = bot.house.settings.model_copy(
            update={"slack_api_url": str(server.make_url("/"))}
        )
        house = replace(bot.house, settings=settings)
        await respond(house, str(server.make_url("/response")), message("Hello."))
    assert asked == ["/response"]


def says(text: str, **more: Any) -> Any:
    async def handler(visit: Visit, said: Said) -> Answer:
        return Answer(message(text, section(text)), **more)

    return handler


def offer() -> Message:
    row = actions(button("Press me", "test.press", "17"), block="row")
    return message("Press it.", section("Press it."), row)


def offering(then: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """``help`` shows a button, and pressing it does this."""

    async def show(visit: Visit, said: Said) -> Answer:
        return Answer(offer())

    monkeypatch.setitem(tables.VERBS, "help", show)
    monkeypatch.setitem(tables.BUTTONS, "test.press", then)


@pytest.fixture
async def invited(bot: Bot, dana: Person, settled: Settled) -> None:
    await dana.invites_app(CHANNEL)
    await settled()


@pytest.mark.usefixtures("bot")
async def test_a_command_is_answered_in_the_acknowledgement(
    dana: Person, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tables.VERBS, "help", says("Here you are."))
    reply = await dana.slash("/partner help", channel=CHANNEL)
    assert reply.body is not None
    assert reply.body["response_type"] == "ephemeral"
    assert dana.sees("Here you are.")
    assert not any(call.method.startswith("chat.") for call in sandbox.calls)


@pytest.mark.usefixtures("invited")
@pytest.mark.parametrize("to", Audience)
async def test_a_mention_is_answered_to_the_thread_or_to_the_person(
    to: Audience, bo: Person, dana: Person, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tables.VERBS, "help", says("Here you are.", to=to))
    await bo.says("@Common Ground help", channel=CHANNEL)
    await settled()
    asked = next(each for each in bo.messages(CHANNEL) if each.user == bo.id)
    replies = [each.text for each in dana.messages(CHANNEL, thread=asked) if each is not asked]
    assert replies == (["Here you are."] if to is Audience.THREAD else [])
    assert [each.text for each in bo.dm()] == (["Here you are."] if to is Audience.PERSON else [])


@pytest.mark.usefixtures("invited")
async def test_who_left_before_a_private_answer_was_sent_does_not_get_it(
    bot: Bot, dana: Person, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def leaves(visit: Visit, said: Said) -> Answer:
        await dana.leaves(CHANNEL)
        visit.house.directory.forget_channel(visit.installation, visit.channel or "")
        return Answer(message("What is open here."))

    monkeypatch.setitem(tables.VERBS, "mine", leaves)
    await dana.says("@Common Ground mine", channel=CHANNEL)
    await settled()
    assert dana.dm() == []
    assert bot.house.courier.counted["withdrawn"] == 1


@pytest.mark.usefixtures("invited")
async def test_the_table_of_verbs_says_who_sees_the_answer(
    bo: Person, dana: Person, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tables.VERBS, "done", says("For all of you."))
    monkeypatch.setitem(tables.VERBS, "mine", says("For you alone."))
    await bo.says("@Common Ground done 1", channel=CHANNEL)
    await bo.says("@Common Ground mine", channel=CHANNEL)
    await settled()
    assert dana.sees("For all of you.", channel=CHANNEL)
    assert not dana.sees("For you alone.")
    assert [each.text for each in bo.dm()] == ["For you alone."]


@pytest.mark.usefixtures("invited")
async def test_a_refused_mention_is_answered_to_the_person_only(
    bo: Person, dana: Person, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(visit: Visit, said: Said) -> Answer:
        raise NotPossible("Not like this.")

    monkeypatch.setitem(tables.VERBS, "list", refuse)
    await bo.says("@Common Ground list", channel=CHANNEL)
    await settled()
    assert not dana.sees("Not like this.")
    assert [each.text for each in bo.dm()] == [
        "Not like this. To copy and mend: @Common Ground list"
    ]


@pytest.mark.usefixtures("invited")
async def test_a_button_is_answered_to_who_pressed_it(
    bo: Person, dana: Person, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def pressed(visit: Visit) -> Answer:
        return Answer(message(f"You pressed {visit.value}."))

    offering(pressed, monkeypatch)
    await bo.says("@Common Ground help", channel=CHANNEL)
    await settled()
    await bo.clicks("Press me")
    await bo.waits_to_see("You pressed 17.")
    assert not dana.sees("You pressed 17.")


@pytest.mark.usefixtures("bot")
async def test_an_answer_can_take_the_place_of_the_buttons(
    dana: Person, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def pressed(visit: Visit) -> Answer:
        return Answer(message("Done and done."), replaces=True)

    offering(pressed, monkeypatch)
    await dana.slash("/partner help", channel=CHANNEL)
    await dana.clicks("Press me")
    await dana.waits_to_see("Done and done.")
    await settled()
    assert not dana.sees("Press it.")


async def opens(visit: Visit) -> Answer:
    asks = field("What?", text_input("what"), block="words")
    return Answer(modal=modal("A form", "test.form", asks, private="hidden"))


@pytest.mark.usefixtures("bot")
async def test_a_form_opens_and_its_words_arrive(
    dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Visit] = []

    async def sent(visit: Visit) -> Answer:
        seen.append(visit)
        return Answer()

    offering(opens, monkeypatch)
    monkeypatch.setitem(tables.MODALS, "test.form", sent)
    await dana.slash("/partner help", channel=CHANNEL)
    await dana.clicks("Press me")
    await dana.submits({"What?": "twelve mentees"})
    (visit,) = seen
    assert (visit.value, visit.fields) == ("hidden", {"what": "twelve mentees"})
    assert not dana.has_modal()


@pytest.mark.usefixtures("bot")
async def test_a_refused_form_stays_open_with_what_was_typed(
    dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(visit: Visit) -> Answer:
        raise NotPossible("Not like this.")

    offering(opens, monkeypatch)
    monkeypatch.setitem(tables.MODALS, "test.form", refuse)
    await dana.slash("/partner help", channel=CHANNEL)
    await dana.clicks("Press me")
    await dana.submits({"What?": "twelve mentees"})
    assert dana.has_modal()
    assert dana.sees("Not like this.")


@pytest.mark.usefixtures("bot")
async def test_a_form_that_slack_does_not_open_is_told_of(
    dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def too_long(visit: Visit) -> Answer:
        answer = await opens(visit)
        assert answer.modal is not None
        answer.modal["title"]["text"] = "x" * 25  # Slack takes 24
        return answer

    offering(too_long, monkeypatch)
    await dana.slash("/partner help", channel=CHANNEL)
    await dana.clicks("Press me")
    await dana.waits_to_see("Slack did not let me open the form in time.")
    assert not dana.has_modal()


@pytest.mark.usefixtures("bot")
async def test_the_answer_to_a_form_stands_where_the_form_was_opened(
    dana: Person, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sent(visit: Visit) -> Answer:
        return Answer(message("Noted."))

    offering(opens, monkeypatch)
    monkeypatch.setitem(tables.MODALS, "test.form", sent)
    await dana.slash("/partner help", channel=CHANNEL)
    await dana.clicks("Press me")
    await dana.submits({"What?": "twelve mentees"})
    await settled()
    assert dana.ephemerals(CHANNEL)[-1].text == "Noted."
    assert not dana.dm()


async def test_the_answer_to_a_form_comes_directly_where_slack_does_not_take_it_there(
    dana: Person, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sent(visit: Visit) -> Answer:
        assert visit.address is not None
        answered = Answer(message("Noted."))
        for _ in range(5):  # so often Slack takes an answer there
            await respond(visit.house, visit.address, message("Before."))
        return answered

    offering(opens, monkeypatch)
    monkeypatch.setitem(tables.MODALS, "test.form", sent)
    await dana.slash("/partner help", channel=CHANNEL)
    await dana.clicks("Press me")
    await dana.submits({"What?": "twelve mentees"})
    await settled()
    assert [each.text for each in dana.dm()] == ["Noted."]
