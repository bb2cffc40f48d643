"""What may have been posted is in doubt until somebody has looked, whatever happens meanwhile."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from aiohttp import web
from sqlalchemy import select

from bot.courier import Point, doubles
from bot.courier.outcomes import Fate, Outcome, not_told
from bot.directory import Unreachable
from bot.domain.posts import Kind, State
from bot.sandbox.errors import SlackError
from storage.store import Store
from storage.tables import lane, recheck
from tests.courier.conftest import CHANNEL, OTHER, Office, answer
from tests.courier.test_doubles import blind, count, hours_pass
from tests.courier.test_faults import broken
from tests.courier.test_sending import direct


def slow(seconds: int = 60) -> web.Response:
    """Too fast for Slack."""
    headers = {"Retry-After": str(seconds)}
    return answer(SlackError("ratelimited", status=429, headers=headers))


async def due(office: Office) -> timedelta:
    """How long until the next lane can be claimed."""
    found = await office.database.read(lambda store: store.messages.next_due())
    assert found is not None
    return found


@pytest.mark.parametrize(
    "says", [slow, lambda: broken("restricted_action"), lambda: broken("missing_scope")]
)
async def test_what_may_stand_there_is_looked_for_before_each_post(
    office: Office, says: Callable[[], web.Response]
) -> None:
    office.trouble.after["chat.postMessage"] = [broken("fatal_error")]
    office.trouble.before["conversations.history"] = [blind()]
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    await office.time_passes()
    office.trouble.before["chat.postMessage"] = [says()]
    await courier.drain()
    assert (await office.at(message_id)).state is State.UNKNOWN
    await office.time_passes(timedelta(days=2))
    await courier.drain()
    assert office.said() == ["card 7"]
    assert courier.counted["adopted"] == 1


async def test_a_late_answer_counts_although_another_was_told_to_wait(office: Office) -> None:
    gate, at = asyncio.Event(), asyncio.Event()

    async def waits(reached: Point) -> None:
        if reached is Point.ANSWERED:
            at.set()
            await gate.wait()

    message_id = await office.post()
    first = office.courier(waits)
    await at.wait()
    office.trouble.before["conversations.history"] = [blind()]
    office.trouble.before["chat.postMessage"] = [slow()]
    await office.time_passes()
    second = office.courier()
    await second.drain()
    gate.set()
    await first.drain()
    assert (await office.at(message_id)).state is State.SENT
    await office.time_passes()
    await second.drain()
    assert office.said() == ["card 7"]


async def test_a_second_post_that_is_found_is_looked_for_again_like_any_other(
    office: Office,
) -> None:
    """The first shows later than the second, whose answer was lost."""
    office.trouble.after["chat.postMessage"] = [broken("fatal_error"), broken("fatal_error")]
    office.trouble.before["conversations.history"] = [blind()]
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    await office.time_passes()
    await courier.drain()
    second = office.shown()[1]
    key = (await office.at(message_id)).key
    shown = {
        "ts": second.ts,
        "bot_id": office.installation.bot,
        "metadata": {"event_type": "common_ground", "event_payload": {"key": key}},
    }
    office.trouble.before["conversations.history"] = [
        web.json_response({"ok": True, "has_more": False, "messages": [shown]})
    ]
    await office.time_passes()
    await courier.drain()
    assert (await office.at(message_id)).ts == second.ts
    await hours_pass(office, 1)
    await courier.look_again()
    assert await count(office) == 1


async def test_what_is_under_way_when_its_channel_gets_another_id_is_not_posted_there(
    office: Office,
) -> None:
    gate, at = asyncio.Event(), asyncio.Event()

    async def waits(reached: Point) -> None:
        if reached is Point.SENDING:
            at.set()
            await gate.wait()

    await office.post()
    first = office.courier(waits)
    await at.wait()
    await office.database.run(
        lambda store: store.messages.moved(office.installation.id, CHANNEL, OTHER)
    )
    second = office.courier()
    await second.drain()
    assert second.counted["looked_up"] == 0
    gate.set()
    await first.drain()
    assert office.said() + office.said(OTHER) == ["card 7"]


async def test_what_was_to_be_posted_when_its_channel_got_another_id_begins_there_anew(
    office: Office,
) -> None:
    gate, at = asyncio.Event(), asyncio.Event()

    async def waits(reached: Point) -> None:
        if reached is Point.RENDERED and not at.is_set():
            at.set()
            await gate.wait()

    await office.post()
    courier = office.courier(waits)
    await at.wait()
    await office.database.run(
        lambda store: store.messages.moved(office.installation.id, CHANNEL, OTHER)
    )
    gate.set()
    await courier.drain()
    assert courier.counted["lost"] == 1
    await office.time_passes()
    await courier.drain()
    assert (office.said(), office.said(OTHER)) == ([], ["card 7"])


async def test_an_unknown_post_keeps_its_rest_when_its_channel_gets_another_id(
    office: Office,
) -> None:
    office.trouble.after["chat.postMessage"] = [broken("fatal_error")]
    await office.post()
    courier = office.courier()
    await courier.drain()
    await office.database.run(
        lambda store: store.messages.moved(office.installation.id, CHANNEL, OTHER)
    )
    await courier.drain()
    assert courier.counted["looked_up"] == 0
    assert await due(office) > timedelta(seconds=100)


async def test_a_look_up_under_a_new_id_begins_after_the_earlier_of_both_last_messages(
    office: Office,
) -> None:
    await office.post(1)
    courier = office.courier()
    await courier.drain()
    await office.post(2, OTHER)
    await courier.drain()
    await office.database.run(
        lambda store: store.messages.moved(office.installation.id, CHANNEL, OTHER)
    )
    last = await office.database.read(
        lambda store: store.connection.execute(
            select(lane.c.last_ts).where(lane.c.name == OTHER)
        ).scalar_one()
    )
    assert last == office.shown()[0].ts


async def test_a_card_that_was_given_up_is_found_before_those_that_came_after_it(
    office: Office,
) -> None:
    office.trouble.after["chat.postMessage"] = [broken("fatal_error")]
    office.trouble.before["conversations.history"] = [broken("fatal_error")]
    given_up = await office.post(1)
    courier = office.courier(attempts=1)
    await courier.drain()
    await office.time_passes()
    await courier.drain()
    assert (await office.at(given_up)).state is State.MISSED
    await office.post(2)
    await courier.drain()
    office.words[1] = "newer"
    await office.refresh(given_up)
    await courier.drain()
    assert office.said() == ["newer", "card 2"]


@pytest.mark.parametrize("rested", [timedelta(), timedelta(days=1)])
async def test_an_unknown_post_is_not_looked_up_sooner_because_its_channel_is_open_again(
    office: Office, rested: timedelta
) -> None:
    office.trouble.after["chat.postMessage"] = [broken("fatal_error")]
    ours = office.installation.id
    if not rested:
        await office.database.run(
            lambda store: store.messages.rest_channel(ours, CHANNEL, "is_archived", rested)
        )
    await office.post()
    courier = office.courier()
    await courier.drain()
    if rested:
        await office.database.run(
            lambda store: store.messages.rest_channel(ours, CHANNEL, "is_archived", rested)
        )
    await office.database.run(lambda store: store.messages.resume_channel(ours, CHANNEL))
    await courier.drain()
    assert courier.counted["looked_up"] == 0
    assert timedelta(seconds=100) < await due(office) <= timedelta(hours=1)


async def test_a_channel_that_is_open_again_keeps_its_pace(office: Office) -> None:
    office.trouble.before["chat.postMessage"] = [broken("restricted_action")]
    await office.post(1)
    await office.post(2)
    courier = office.courier(pace=60.0)
    await courier.drain()
    await office.time_passes(timedelta(days=2))
    await courier.drain()
    assert office.said() == ["card 1"]
    assert courier.counted["mended"] == 1
    assert await due(office) > timedelta(seconds=50)


def test_what_slack_tells_to_wait_when_asked_who_is_there_is_no_attempt() -> None:
    assert not_told(Unreachable(600.0)) == Outcome(Fate.PACED, "ratelimited", 600.0)
    assert not_told(Unreachable()) == Outcome(Fate.LATER, "Unreachable")


def test_what_slack_says_when_asked_who_is_there_is_an_attempt_unless_it_tells_us_nothing() -> None:
    reactions = {
        "internal_error": Fate.LATER,
        "user_disabled": Fate.LATER,
        "missing_scope": Fate.SCOPE,
        "token_revoked": Fate.INSTALLATION,
    }
    for name, fate in reactions.items():
        assert not_told(Unreachable(problem=name)) == Outcome(fate, name)


async def test_while_slack_has_us_wait_nobody_asks_who_is_there_and_no_attempt_is_spent(
    office: Office,
) -> None:
    says = office.trouble.before["conversations.members"] = [slow(40_000), slow(40_000)]
    told = await direct(office, CHANNEL)
    courier = office.courier()
    await courier.drain()
    assert (await due(office)) > timedelta(seconds=39_900)
    await office.time_passes(
        timedelta(hours=12)
    )  # by the database's clock; Slack has not let go of us
    await courier.drain()
    assert len(says) == 1
    waiting = await office.at(told)
    assert (waiting.state, waiting.attempts) == (State.WAITING, 0)


async def test_while_slack_has_us_wait_no_other_lane_looks_anything_up(office: Office) -> None:
    office.trouble.after["chat.postMessage"] = [broken("fatal_error"), broken("fatal_error")]
    sent = [await office.post(1), await office.post(2, OTHER)]
    courier = office.courier(at_once=1)
    await courier.drain()
    await office.time_passes()
    says = office.trouble.before["conversations.history"] = [slow(600), slow(600)]
    await courier.drain()
    assert len(says) == 1
    assert [(await office.at(each)).attempts for each in sent] == [1, 1]
    assert await due(office) > timedelta(seconds=590)


async def test_a_lost_channel_that_nobody_may_ask_about_yet_costs_no_attempt(
    office: Office,
) -> None:
    office.trouble.before["chat.postMessage"] = [broken("channel_not_found")]
    office.trouble.before["conversations.info"] = [slow(600)]
    waits = await office.post()
    await office.courier().drain()
    assert (await office.at(waits)).attempts == 0
    assert await due(office) > timedelta(seconds=590)


async def test_who_is_there_is_asked_eight_times_in_six_hours(office: Office) -> None:
    told = await direct(office, CHANNEL)
    office.trouble.before["conversations.members"] = [broken("internal_error") for _ in range(20)]
    courier = office.courier()
    waited = timedelta()
    while True:
        await courier.drain(0.0)
        if (await office.at(told)).state is not State.WAITING:
            break
        rest = await due(office)
        waited += rest
        await office.time_passes(rest + timedelta(seconds=1))
    assert (await office.at(told)).state is State.MISSED
    assert waited > timedelta(hours=5, minutes=59)


async def test_where_one_card_may_not_be_updated_yet_the_next_one_waits_too(
    office: Office,
) -> None:
    cards = [await office.post(1), await office.post(2)]
    courier = office.courier()
    await courier.drain()
    office.trouble.before["chat.update"] = [slow()]
    for number, card in enumerate(cards, 1):
        office.words[number] = "newer"
        await office.refresh(card)
    await courier.drain()
    assert office.said() == ["card 1", "card 2"]
    office.slack_lets_go()
    await office.time_passes()
    await courier.drain()
    assert office.said() == ["newer", "newer"]


async def test_who_can_be_written_to_again_does_not_count_as_resting(office: Office) -> None:
    told = await direct(office, CHANNEL)
    office.trouble.before["chat.postMessage"] = [broken("missing_scope")]
    courier = office.courier()
    await courier.drain()
    figures = await office.database.read(lambda store: store.health.figures())
    assert figures.lanes_resting == 1
    await office.time_passes(timedelta(hours=2))
    await courier.drain()
    assert (await office.at(told)).state is State.SENT
    figures = await office.database.read(lambda store: store.health.figures())
    assert figures.lanes_resting == 0


async def test_without_a_token_a_double_is_not_looked_for_for_ever(office: Office) -> None:
    def elsewhere(store: Store) -> None:
        other = store.installations.remember(
            team="T9", enterprise=None, app="A9", bot="B9", bot_user="U9", name="Else",
            now=office.calendar.now(),
        )  # fmt: skip
        posted = store.messages.post(other.id, "C9", Kind.CARD, 1, now=office.calendar.now())
        store.doubles.look_again(posted, None, timedelta())

    await office.database.run(elsewhere)
    courier = office.courier()
    for _ in doubles.LOOKS:
        await courier.look_again()
        await hours_pass(office, 7)
    left = await office.database.read(
        lambda store: store.connection.execute(select(recheck.c.message_id)).all()
    )
    assert left == []
