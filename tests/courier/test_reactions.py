"""Who refuses what: a channel and a workspace rest with what waits there, and come back."""

from datetime import timedelta

import pytest

from bot.courier import Point
from bot.courier.outcomes import GONE, Fate
from bot.domain.posts import Kind, State
from bot.sandbox.errors import SlackError
from storage.store import Store
from tests.courier.conftest import CHANNEL, OTHER, Office, answer
from tests.courier.test_outcomes import REACTIONS
from tests.courier.test_sending import direct

DAY = timedelta(days=1)


def refuse(office: Office, name: str, method: str = "chat.postMessage", times: int = 1) -> None:
    """Slack says no, this often."""
    office.trouble.before[method] = [answer(SlackError(name)) for _ in range(times)]


def of(fate: Fate) -> list[str]:
    return REACTIONS[fate].split()


def leave(office: Office, channel: str) -> None:
    """The app is taken out, and no event tells of it."""
    app = office.sandbox.world.app
    assert app is not None
    office.sandbox.world.channels[channel].members.remove(app.bot_user_id)


def come_back(office: Office, channel: str) -> None:
    app = office.sandbox.world.app
    assert app is not None
    office.sandbox.world.channels[channel].members.append(app.bot_user_id)


async def problem(office: Office, channel: str) -> str | None:
    """Why a channel rests."""
    return await office.database.read(
        lambda store: store.messages.channel_problem(office.installation.id, channel)
    )


async def resume(office: Office, channel: str) -> bool:
    """We hear that a channel is open again."""
    return await office.database.run(
        lambda store: store.messages.resume_channel(office.installation.id, channel)
    )


@pytest.mark.parametrize("name", sorted(set(of(Fate.CHANNEL)) - GONE))
async def test_where_a_policy_forbids_to_post_the_channel_rests_and_others_go_on(
    office: Office, name: str
) -> None:
    refuse(office, name)
    first = await office.post(1)
    courier = office.courier()
    await courier.drain()
    second = await office.post(2)
    await office.post(3, OTHER)
    await courier.drain()
    for waiting in (await office.at(first), await office.at(second)):
        assert (waiting.state, waiting.attempts) == (State.WAITING, 0)
    assert await problem(office, CHANNEL) == name
    assert (office.said(), office.said(OTHER)) == ([], ["card 3"])
    await office.time_passes(DAY)  # it is tried again once a day
    await courier.drain()
    assert office.said() == ["card 1", "card 2"]
    assert await problem(office, CHANNEL) is None
    assert courier.counted["mended"] == 1


async def test_a_channel_without_the_bot_rests_until_we_are_back(office: Office) -> None:
    leave(office, OTHER)
    waits = await office.post(1, OTHER)
    await office.post(2)
    courier = office.courier()
    await courier.drain()
    assert office.said() == ["card 2"]
    waiting = await office.at(waits)
    assert (waiting.state, waiting.attempts) == (State.WAITING, 0)
    assert await problem(office, OTHER) == "channel_not_found"
    come_back(office, OTHER)
    assert await resume(office, OTHER)
    await courier.drain()
    assert office.said(OTHER) == ["card 1"]
    assert not await resume(office, OTHER)  # it does not rest any more


async def test_an_archived_channel_rests(office: Office) -> None:
    office.sandbox.world.channels[OTHER].archived = True
    waits = await office.post(1, OTHER, grace=timedelta(hours=6))
    courier = office.courier()
    await courier.drain()
    assert (await office.at(waits)).state is State.WAITING
    assert await problem(office, OTHER) == "is_archived"
    office.calendar.move(timedelta(hours=7))
    await office.time_passes(DAY)
    await courier.drain()
    assert (await office.at(waits)).state is State.MISSED  # its grace is over, whatever held it up


@pytest.mark.parametrize("name", sorted(GONE))
async def test_where_slack_takes_it_back_the_post_is_tried_again(office: Office, name: str) -> None:
    refuse(office, name)  # although the channel is there, and we are in it
    waits = await office.post()
    courier = office.courier()
    await courier.drain()
    waiting = await office.at(waits)
    assert (waiting.state, waiting.attempts) == (State.WAITING, 1)
    assert await problem(office, CHANNEL) is None
    await office.time_passes()
    await courier.drain()
    assert office.said() == ["card 7"]


async def test_a_channel_that_nobody_can_ask_about_is_not_given_up(office: Office) -> None:
    refuse(office, "not_in_channel")
    refuse(office, "internal_error", "conversations.info")
    waits = await office.post()
    await office.courier().drain()
    assert (await office.at(waits)).state is State.WAITING
    assert await problem(office, CHANNEL) is None


@pytest.mark.parametrize("name", of(Fate.INSTALLATION))
async def test_where_the_workspace_refuses_all_of_it_rests(office: Office, name: str) -> None:
    refuse(office, name)
    first = await office.post(1)
    courier = office.courier()
    await courier.drain()
    other = await office.post(2, OTHER)
    await courier.drain()
    assert (office.said(), office.said(OTHER)) == ([], [])
    for waiting in (await office.at(first), await office.at(other)):
        assert (waiting.state, waiting.attempts) == (State.WAITING, 0)
    assert courier.counted["workspace_paused"] == 1
    await office.workspace_may_speak()
    await courier.drain()
    assert (office.said(), office.said(OTHER)) == (["card 1"], ["card 2"])
    assert courier.counted["mended"] == 1


@pytest.mark.parametrize("name", of(Fate.INSTALLATION))
async def test_where_the_workspace_does_not_say_who_may_read_it_all_of_it_rests(
    office: Office, name: str
) -> None:
    refuse(office, name, "conversations.members", times=9)
    told = await direct(office, CHANNEL)
    courier = office.courier()
    for _ in range(9):
        await courier.drain()
        waiting = await office.at(told)
        assert (waiting.state, waiting.attempts, waiting.problem) == (State.WAITING, 0, name)
        assert await office.database.read(lambda store: store.messages.next_due()) is None
        await office.workspace_may_speak()
    await courier.drain()
    assert (await office.at(told)).state is State.SENT
    assert (courier.counted["workspace_paused"], courier.counted["mended"]) == (1, 1)


async def test_where_the_workspace_does_not_say_what_became_of_a_channel_all_of_it_rests(
    office: Office,
) -> None:
    refuse(office, "channel_not_found")
    refuse(office, "token_revoked", "conversations.info")
    waits = await office.post()
    courier = office.courier()
    await courier.drain()
    waiting = await office.at(waits)
    assert (waiting.attempts, waiting.problem) == (0, "token_revoked")
    assert courier.counted["workspace_paused"] == 1
    assert await problem(office, CHANNEL) is None
    await office.workspace_may_speak()
    await courier.drain()
    assert office.said() == ["card 7"]


async def test_a_workspace_that_still_refuses_is_told_of_once(office: Office) -> None:
    refuse(office, "token_revoked", times=3)
    await office.post(1)
    courier = office.courier()
    for _ in range(3):
        await courier.drain()
        await office.workspace_may_speak()
    await courier.drain()
    assert office.said() == ["card 1"]
    assert courier.counted["workspace_paused"] == 1


async def test_a_new_start_with_a_good_token_ends_the_rest(office: Office) -> None:
    refuse(office, "token_revoked")
    await office.post(1)
    courier = office.courier()
    await courier.drain()

    def starts(store: Store) -> None:
        known = office.installation
        store.installations.remember(
            team=known.team,
            enterprise=None,
            app=known.app,
            bot=known.bot,
            bot_user=known.bot_user,
            name=known.name,
            now=office.calendar.now(),
        )

    await office.database.run(starts)
    await courier.drain()
    assert office.said() == ["card 1"]


@pytest.mark.parametrize("name", of(Fate.SCOPE))
async def test_where_a_permission_is_missing_the_channel_waits_an_hour(
    office: Office, name: str
) -> None:
    refuse(office, name)
    waits = await office.post()
    courier = office.courier()
    await courier.drain()
    assert (await office.at(waits)).attempts == 0
    assert courier.counted["scope_missing"] == 1
    due = await office.database.read(lambda store: store.messages.next_due())
    assert due is not None
    assert timedelta(minutes=59) < due <= timedelta(minutes=60)
    await office.time_passes()
    await courier.drain()
    assert office.said() == ["card 7"]


@pytest.mark.parametrize("name", of(Fate.SCOPE))
async def test_without_permission_to_ask_who_may_read_it_a_message_waits_an_hour_at_a_time(
    office: Office, name: str
) -> None:
    refuse(office, name, "conversations.members", times=9)
    told = await direct(office, CHANNEL)
    courier = office.courier()
    for _ in range(9):
        await courier.drain()
        waiting = await office.at(told)
        assert (waiting.state, waiting.attempts) == (State.WAITING, 0)
        await office.time_passes()
    await courier.drain()
    assert (await office.at(told)).state is State.SENT
    assert courier.counted["scope_missing"] == 9


@pytest.mark.parametrize("name", of(Fate.REFUSED))
async def test_what_is_about_one_message_is_refused_and_the_next_goes_on(
    office: Office, name: str
) -> None:
    refuse(office, name)
    lost = await office.post(1)
    await office.post(2)
    await office.courier().drain()
    refused = await office.at(lost)
    assert (refused.state, refused.problem) == (State.REFUSED, name)
    assert office.said() == ["card 2"]


@pytest.mark.parametrize("name", of(Fate.FORM))
async def test_what_is_wrong_with_the_form_goes_as_plain_text(office: Office, name: str) -> None:
    refuse(office, name)
    await office.post(1)
    await office.courier().drain()
    (shown,) = office.shown()
    assert (shown.text, shown.blocks) == ("card 1", [])


def keys(office: Office) -> list[str]:
    """The keys in the blocks of what stands in the channel."""
    ids = [each.get("block_id", "") for shown in office.shown() for each in shown.blocks]
    return [each.removeprefix("common_ground:") for each in ids if "common_ground:" in each]


@pytest.mark.parametrize("name", of(Fate.METADATA))
async def test_where_slack_takes_no_metadata_a_block_carries_the_key(
    office: Office, name: str
) -> None:
    refuse(office, name)
    office.trouble.after["chat.postMessage"] = [answer(SlackError("internal_error"))]
    sent = await office.post(1)
    courier = office.courier()
    await courier.drain()
    assert (await office.at(sent)).state is State.UNKNOWN
    await office.time_passes()
    await courier.drain()
    found = await office.at(sent)
    assert (found.state, keys(office)) == (State.SENT, [found.key])  # found, and posted once
    assert office.said() == ["card 1"]


async def test_words_without_blocks_get_one_for_the_key(office: Office) -> None:
    refuse(office, "metadata_too_large")
    told = await office.database.run(
        lambda store: store.messages.answer_in_thread(
            office.installation.id,
            CHANNEL,
            "1.0",
            {"text": "Noted.", "blocks": []},
            once=None,
            now=office.calendar.now(),
        )
    )
    refuse_thread = answer(SlackError("thread_not_found"))
    office.trouble.before["chat.postMessage"].insert(0, refuse_thread)
    await office.courier().drain()
    assert keys(office) == [(await office.at(told)).key]
    assert office.said() == ["Noted."]


async def test_without_any_place_for_its_key_nothing_is_posted(office: Office) -> None:
    office.trouble.before["chat.postMessage"] = [
        answer(SlackError("invalid_metadata_format")),
        answer(SlackError("invalid_blocks")),
    ]
    lost = await office.post(1)
    await office.courier().drain()
    refused = await office.at(lost)
    assert (refused.state, refused.problem) == (State.REFUSED, "invalid_blocks")
    assert office.said() == []


async def test_plain_text_that_is_refused_too_is_not_tried_for_ever(office: Office) -> None:
    refuse(office, "msg_too_long", times=2)
    lost = await office.post(1)
    await office.courier().drain()
    refused = await office.at(lost)
    assert (refused.state, refused.problem) == (State.REFUSED, "msg_too_long")


@pytest.mark.parametrize("name", of(Fate.THREAD))
async def test_what_is_wrong_with_the_thread_goes_top_level(office: Office, name: str) -> None:
    parent = await office.post(1)
    courier = office.courier()
    await courier.drain()
    refuse(office, name)
    await office.database.run(
        lambda store: store.messages.note(
            parent, Kind.COMMITMENT_NOTE, 3, now=office.calendar.now()
        )
    )
    await courier.drain()
    assert [each.thread_ts for each in office.shown()] == [None, None]


@pytest.mark.parametrize("name", of(Fate.UNKNOWN))
async def test_what_says_nothing_is_looked_up(office: Office, name: str) -> None:
    refuse(office, name)
    waits = await office.post(1)
    courier = office.courier()
    await courier.drain()
    assert (await office.at(waits)).state is State.UNKNOWN
    await office.time_passes()
    await courier.drain()
    assert (office.said(), courier.counted["looked_up"]) == (["card 1"], 1)


async def test_a_refresh_that_the_channel_refuses_comes_when_it_is_open(office: Office) -> None:
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    office.words[7] = "newer"
    refuse(office, "restricted_action", "chat.update")
    await office.refresh(message_id)
    await courier.drain()
    assert office.said() == ["card 7"]
    assert await problem(office, CHANNEL) == "restricted_action"
    await resume(office, CHANNEL)
    await courier.drain()
    assert office.said() == ["newer"]


async def test_what_could_not_be_looked_up_in_a_channel_that_rests_is_looked_up_later(
    office: Office,
) -> None:
    office.trouble.after["chat.postMessage"] = [answer(SlackError("fatal_error"))]
    refuse(office, "restricted_action", "conversations.history")
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    await office.time_passes()
    await courier.drain()
    assert (await office.at(message_id)).state is State.UNKNOWN
    await office.time_passes(DAY)
    await courier.drain()
    assert office.said() == ["card 7"]  # found, not posted again
    assert courier.counted["adopted"] == 1


async def test_a_message_that_waits_in_a_resting_channel_wakes_nobody(office: Office) -> None:
    refuse(office, "read_only_channel")
    await office.post(1)
    courier = office.courier()
    await courier.drain()
    await office.post(2)
    due = await office.database.read(lambda store: store.messages.next_due())
    assert due is not None
    assert due > timedelta(hours=23)


async def due(office: Office) -> timedelta:
    """How long until something is tried again."""
    found = await office.database.read(lambda store: store.messages.next_due())
    assert found is not None
    return found


def wait_ten_minutes(office: Office, method: str = "chat.postMessage") -> None:
    """Slack has us wait at the next call."""
    held = SlackError("ratelimited", status=429, headers={"Retry-After": "600"})
    office.trouble.before.setdefault(method, []).append(answer(held))


async def test_who_opens_a_channel_does_not_end_the_time_that_slack_named(office: Office) -> None:
    refuse(office, "restricted_action")
    wait_ten_minutes(office)
    await office.post(1)
    courier = office.courier()
    await courier.drain()
    await office.time_passes(DAY)
    await courier.drain()  # the daily attempt: Slack has it wait
    assert await resume(office, CHANNEL)
    assert timedelta(minutes=9) < await due(office) < timedelta(minutes=12)
    await office.time_passes()
    await courier.drain()
    assert office.said() == ["card 1"]


async def test_a_channel_that_was_archived_and_opened_meanwhile_waits_as_slack_said(
    office: Office,
) -> None:
    wait_ten_minutes(office)
    await office.post(1)
    await office.courier().drain()
    await office.database.run(
        lambda store: store.messages.rest_channel(
            office.installation.id, CHANNEL, "is_archived", timedelta(minutes=1)
        )
    )
    assert await due(office) > timedelta(minutes=9)
    assert await resume(office, CHANNEL)
    assert timedelta(minutes=9) < await due(office) < timedelta(minutes=12)


async def test_the_time_that_slack_named_goes_along_with_a_channel_that_moves(
    office: Office,
) -> None:
    wait_ten_minutes(office)
    await office.post(1)
    await office.courier().drain()

    def moves(store: Store) -> None:
        ours = office.installation.id
        store.messages.moved(ours, CHANNEL, OTHER)
        store.messages.rest_channel(ours, OTHER, "is_archived", DAY)

    await office.database.run(moves)
    assert await resume(office, OTHER)
    assert timedelta(minutes=9) < await due(office) < timedelta(minutes=12)


async def test_a_channel_that_is_opened_during_the_daily_attempt_does_not_rest_another_day(
    office: Office,
) -> None:
    opened = False

    async def opens(point: Point) -> None:
        nonlocal opened
        if point is Point.ANSWERED and await problem(office, CHANNEL) and not opened:
            opened = await resume(office, CHANNEL)

    refuse(office, "restricted_action", times=2)
    await office.post(1)
    courier = office.courier(opens)
    await courier.drain()
    await office.time_passes(DAY)
    await courier.drain()
    assert opened
    assert await problem(office, CHANNEL) is None
    assert await due(office) < timedelta(minutes=5)
    await office.time_passes()
    await courier.drain()
    assert office.said() == ["card 1"]


async def test_a_channel_that_moves_takes_along_why_it_rests(office: Office) -> None:
    refuse(office, "restricted_action")
    await office.post(1)
    courier = office.courier()
    await courier.drain()
    await office.database.run(
        lambda store: store.messages.moved(office.installation.id, CHANNEL, OTHER)
    )
    assert await problem(office, OTHER) == "restricted_action"
    assert await problem(office, CHANNEL) is None
    assert await resume(office, OTHER)
    await courier.drain()
    assert office.said(OTHER) == ["card 1"]
