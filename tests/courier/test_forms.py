"""Notes, cards and direct messages keep their own rules when an answer of Slack's is lost."""

from datetime import timedelta

import pytest

from bot.courier import Point
from bot.domain.posts import Kind, State
from bot.sandbox.errors import SlackError
from tests.courier.conftest import CHANNEL, Office, answer
from tests.courier.test_faults import LOST, Killed, broken
from tests.courier.test_sending import direct


async def note(office: Office, parent: int, subject: int = 3) -> int:
    return await office.database.run(
        lambda store: store.messages.note(
            parent, Kind.COMMITMENT_NOTE, subject, now=office.calendar.now()
        )
    )


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
async def test_a_direct_message_whose_answer_was_lost_comes_once(
    office: Office, lost: object
) -> None:
    assert callable(lost)
    office.trouble.after["chat.postMessage"] = [lost()]
    told = await direct(office, CHANNEL)
    courier = office.courier()
    await courier.drain()
    await office.time_passes()
    await courier.drain()
    (said,) = office.sandbox.person("bo").dm()
    found = await office.at(told)
    assert (found.state, found.ts, found.channel) == (State.SENT, said.ts, said.channel)
    assert office.calls("conversations.history") == 1


async def test_a_direct_message_that_was_lost_on_its_way_is_repeated(office: Office) -> None:
    office.trouble.before["chat.postMessage"] = [broken("fatal_error")]
    await direct(office, CHANNEL)
    courier = office.courier()
    await courier.drain()
    await office.time_passes()
    await courier.drain()
    assert len(office.sandbox.person("bo").dm()) == 1


async def test_a_conversation_that_may_have_been_opened_is_opened_again(office: Office) -> None:
    office.trouble.after["conversations.open"] = [broken("fatal_error")]
    await direct(office, CHANNEL)
    courier = office.courier()
    await courier.drain()
    assert office.sandbox.person("bo").dm() == []
    await office.time_passes()
    await courier.drain()
    assert len(office.sandbox.person("bo").dm()) == 1


async def test_who_left_while_the_fate_was_unknown_does_not_get_it_after_all(
    office: Office,
) -> None:
    office.trouble.before["chat.postMessage"] = [broken("fatal_error")]
    told = await direct(office, CHANNEL)
    courier = office.courier()
    await courier.drain()
    bo = office.sandbox.person("bo")
    office.sandbox.world.channels[CHANNEL].members.remove(bo.id)
    office.directory.forget_channel(office.installation, CHANNEL)
    await office.time_passes()
    await courier.drain()
    assert (await office.at(told)).state is State.WITHDRAWN
    assert bo.dm() == []


async def test_a_note_waits_until_it_is_known_what_became_of_its_parent(office: Office) -> None:
    office.trouble.after["chat.postMessage"] = [broken("fatal_error")]
    parent = await office.post()
    said = await note(office, parent)
    courier = office.courier()
    await courier.drain()
    assert office.said() == ["card 7"]
    assert (await office.at(said)).state is State.WAITING
    await office.time_passes()
    await courier.drain()
    shown = office.shown()
    assert [each.text for each in shown] == ["card 7", "card 3"]
    assert shown[1].thread_ts == shown[0].ts


async def test_a_note_waits_while_its_parent_is_held_back(office: Office) -> None:
    refused = SlackError("ratelimited", status=429, headers={"Retry-After": "60"})
    office.trouble.before["chat.postMessage"] = [answer(refused)]
    parent = await office.post()
    await note(office, parent)
    courier = office.courier()
    await courier.drain()
    assert office.said() == []
    await office.time_passes()
    await courier.drain()
    shown = office.shown()
    assert shown[1].thread_ts == shown[0].ts


async def test_newer_words_wait_until_a_late_update_cannot_come_any_more(office: Office) -> None:
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    office.words[7] = "older"
    office.trouble.before["chat.update"] = [broken("fatal_error")]  # Slack does it, but late
    await office.refresh(message_id)
    await courier.drain()
    office.words[7] = "newest"
    await office.refresh(message_id)
    await courier.drain()
    assert office.said() == ["card 7"]
    (shown,) = office.shown()
    shown.text = "older"  # now it has
    await office.time_passes(timedelta(minutes=3))
    await courier.drain()
    assert office.said() == ["newest"]


async def test_what_was_under_way_when_the_process_died_is_updated_again(office: Office) -> None:
    async def dies(reached: Point) -> None:
        if reached is Point.ANSWERED:
            raise Killed

    message_id = await office.post()
    whole = office.courier()
    await whole.drain()
    await whole.stop()
    office.words[7] = "newer"
    await office.refresh(message_id)
    await office.courier(dies).drain()
    (shown,) = office.shown()
    shown.text = "older"  # an update that another process had under way
    await office.time_passes()
    await office.courier().drain()
    assert office.said() == ["newer"]
