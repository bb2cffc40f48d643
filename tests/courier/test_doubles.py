"""A post that Slack showed too late stands twice: noticed, counted, never hidden."""

from datetime import timedelta

import pytest
from aiohttp import web
from sqlalchemy import literal, update

from bot.courier import doubles
from bot.directory import Directory
from bot.domain.posts import State
from bot.sandbox.errors import SlackError
from storage.store import Store
from storage.tables import recheck
from storage.types import Duration
from tests.courier.conftest import Office, answer


def blind() -> web.Response:
    """History that does not show the newest messages yet."""
    return web.json_response({"ok": True, "messages": [], "has_more": False})


async def posted_twice(office: Office) -> int:
    """A message whose first post was seen too late."""
    office.trouble.after["chat.postMessage"] = [answer(SlackError("fatal_error"))]
    office.trouble.before["conversations.history"] = [blind()]
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    await office.time_passes()
    await courier.drain()
    assert office.said() == ["card 7", "card 7"]
    return message_id


async def hours_pass(office: Office, hours: int) -> None:
    """The rests before the next look are over."""
    by = literal(timedelta(hours=hours), Duration())

    def sooner(store: Store) -> None:
        store.connection.execute(update(recheck).values(due_at=recheck.c.due_at - by))

    await office.database.run(sooner)


async def count(office: Office) -> int:
    return await office.database.read(lambda store: store.doubles.count())


async def test_what_was_posted_again_is_looked_for_later_and_a_double_is_counted(
    office: Office,
) -> None:
    await posted_twice(office)
    courier = office.couriers[0]
    await courier.look_again()
    assert await count(office) == 0  # Slack had no time yet to show the first
    await hours_pass(office, 1)
    await courier.look_again()
    assert (await count(office), courier.counted["double"]) == (1, 1)
    for _ in range(3):
        await hours_pass(office, 7)
        await courier.look_again()
    assert (await count(office), courier.counted["double"]) == (1, 1)  # counted once
    assert office.calls("conversations.history") == len(doubles.LOOKS)


async def test_what_was_posted_once_is_no_double_however_often_it_was_tried(
    office: Office,
) -> None:
    office.trouble.before["chat.postMessage"] = [answer(SlackError("fatal_error"))]
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    await office.time_passes()
    await courier.drain()
    assert (await office.at(message_id)).state is State.SENT
    await hours_pass(office, 1)
    await courier.look_again()
    assert await count(office) == 0
    assert office.calls("conversations.history") == 2


async def test_a_look_up_that_finds_two_counts_the_second(office: Office) -> None:
    office.trouble.after["chat.postMessage"] = [
        answer(SlackError("fatal_error")),
        answer(SlackError("fatal_error")),
    ]
    office.trouble.before["conversations.history"] = [blind()]
    message_id = await office.post()
    courier = office.courier()
    for _ in range(3):
        await courier.drain()
        await office.time_passes()
    await courier.drain()
    assert (await office.at(message_id)).ts == office.shown()[0].ts  # the first is the message
    assert (await count(office), courier.counted["double"]) == (1, 1)


@pytest.mark.parametrize("broken", ["internal_error", "channel_not_found"])
async def test_while_slack_cannot_be_asked_nothing_is_counted(office: Office, broken: str) -> None:
    await posted_twice(office)
    courier = office.couriers[0]
    office.trouble.before["conversations.history"] = [answer(SlackError(broken))]
    await hours_pass(office, 1)
    await courier.look_again()
    assert await count(office) == 0
    await hours_pass(office, 7)
    await courier.look_again()
    assert await count(office) == 1


async def test_a_look_that_slack_puts_off_is_none(office: Office) -> None:
    await posted_twice(office)
    courier = office.couriers[0]
    slow = SlackError("ratelimited", status=429, headers={"Retry-After": "5400"})
    says = office.trouble.before["conversations.history"] = [answer(slow), blind()]
    for _ in range(3):
        await hours_pass(office, 7)
        await courier.look_again()
    assert len(says) == 1  # and nobody asked again before its time
    says.clear()
    office.directory = Directory(office.directory.session, office.sandbox.api_url)
    office.directory.add(office.installation, office.sandbox.bot_token)
    later = office.courier()  # a process that was not told to wait
    await hours_pass(office, 1)
    await later.look_again()
    assert await count(office) == 0  # not yet: Slack named an hour and a half
    await hours_pass(office, 1)
    await later.look_again()
    assert await count(office) == 1


async def test_what_was_sent_at_once_is_not_looked_for_again(office: Office) -> None:
    await office.post()
    courier = office.courier()
    await courier.drain()
    await hours_pass(office, 7)
    await courier.look_again()
    assert office.calls("conversations.history") == 0
