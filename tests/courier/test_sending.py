"""Messages leave once, in their order, as their state in the storage says."""

from datetime import timedelta

from bot.domain.posts import Kind, State
from bot.sandbox import Limits, Sandbox
from bot.sandbox.errors import SlackError
from tests.courier.conftest import CHANNEL, OTHER, Office, answer


async def test_what_was_recorded_appears(office: Office) -> None:
    message_id = await office.post()
    await office.courier().drain()
    assert office.said() == ["card 7"]
    sent = await office.at(message_id)
    assert (sent.state, sent.ts) == (State.SENT, office.shown()[0].ts)


async def test_it_carries_an_opaque_key_and_nothing_else(office: Office) -> None:
    message_id = await office.post()
    await office.courier().drain()
    (shown,) = office.shown()
    assert shown.metadata == {
        "event_type": "common_ground",
        "event_payload": {"key": (await office.at(message_id)).key},
    }


async def test_a_woken_courier_sends_at_once(office: Office) -> None:
    courier = office.courier(idle=3600.0)
    await courier.drain()
    await office.post()
    courier.wake()
    await office.sandbox.until(lambda: office.said() == ["card 7"])


async def test_messages_of_a_channel_come_in_their_order(office: Office) -> None:
    for subject in range(12):
        await office.post(subject, CHANNEL if subject % 3 else OTHER)
    await office.courier().drain()
    assert office.said() == [f"card {n}" for n in range(12) if n % 3]
    assert office.said(OTHER) == [f"card {n}" for n in range(12) if not n % 3]


async def test_a_channel_gets_no_more_than_slack_allows(office: Office) -> None:
    office.sandbox.slack.pace = Sandbox(pace=True, limits=Limits(post_burst=1)).slack.pace
    for subject in range(3):
        await office.post(subject)
    await office.courier(pace=1.0).drain(resting=2.0)
    assert office.said() == ["card 0", "card 1", "card 2"]
    assert office.calls("chat.postMessage") == 3


async def test_too_fast_for_slack_waits_as_long_as_slack_says(office: Office) -> None:
    refused = SlackError("ratelimited", status=429, headers={"Retry-After": "600"})
    office.trouble.before["chat.postMessage"] = [answer(refused)]
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    waiting = await office.at(message_id)
    assert (waiting.state, waiting.attempts) == (State.WAITING, 0)
    due = await office.database.read(lambda store: store.messages.next_due())
    assert due is not None
    assert timedelta(minutes=9, seconds=50) < due <= timedelta(minutes=11)
    await office.time_passes()
    await courier.drain()
    assert office.said() == ["card 7"]
    assert office.calls("conversations.history") == 0


async def test_blocks_that_slack_refuses_go_as_plain_text(office: Office) -> None:
    office.trouble.before["chat.postMessage"] = [answer(SlackError("invalid_blocks"))]
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    assert office.said() == ["card 7"]
    assert (await office.at(message_id)).state is State.SENT
    assert courier.counted["form"] == 1


async def test_what_is_older_than_its_grace_is_missed(office: Office) -> None:
    late = await office.post(grace=timedelta(hours=6))
    office.calendar.move(timedelta(hours=6, seconds=1))
    await office.courier().drain()
    assert (await office.at(late)).state is State.MISSED
    assert office.said() == []


async def test_within_its_grace_it_is_sent(office: Office) -> None:
    await office.post(grace=timedelta(hours=6))
    office.calendar.move(timedelta(hours=5, minutes=59))
    await office.courier().drain()
    assert office.said() == ["card 7"]


async def test_when_there_is_nothing_to_say_any_more_nothing_is_said(office: Office) -> None:
    office.words[7] = ""
    gone = await office.post()
    await office.courier().drain()
    assert (await office.at(gone)).state is State.WITHDRAWN
    assert office.said() == []


async def test_a_message_that_we_cannot_show_does_not_hold_up_the_channel(office: Office) -> None:
    office.words[1] = "cannot be shown"
    broken = await office.post(1)
    await office.post(2)
    await office.post(3, kind=Kind.DIGEST)  # which nobody here can show
    await office.courier().drain()
    assert office.said() == ["card 2"]
    assert (await office.at(broken)).problem == "view_TypeError"


async def test_a_note_stands_in_the_thread_of_its_parent(office: Office) -> None:
    parent = await office.post()
    await office.database.run(
        lambda store: store.messages.note(
            parent, Kind.COMMITMENT_NOTE, 3, now=office.calendar.now()
        )
    )
    await office.courier().drain()
    card, note = office.shown()
    assert (note.text, note.thread_ts) == ("card 3", card.ts)


async def test_a_note_of_a_missed_parent_goes_top_level(office: Office) -> None:
    parent = await office.post(grace=timedelta())
    await office.database.run(
        lambda store: store.messages.note(
            parent, Kind.COMMITMENT_NOTE, 3, now=office.calendar.now()
        )
    )
    office.calendar.move(timedelta(seconds=1))
    await office.courier().drain()
    (note,) = office.shown()
    assert (note.text, note.thread_ts) == ("card 3", None)


async def test_a_note_whose_thread_is_gone_goes_top_level(office: Office) -> None:
    await office.database.run(
        lambda store: store.messages.answer_in_thread(
            1,
            CHANNEL,
            "1700000000.000001",
            {"text": "Noted.", "blocks": []},
            once=None,
            now=office.calendar.now(),
        )
    )
    await office.courier().drain()
    (note,) = office.shown()
    assert (note.text, note.thread_ts) == ("Noted.", None)


async def direct(office: Office, about: str | None = None, user: str = "bo") -> int:
    """Record a direct message to somebody."""
    user_id = office.sandbox.person(user).id
    person = await office.directory.person(office.installation, user_id)
    return await office.database.run(
        lambda store: store.messages.answer_direct(
            office.installation.id,
            store.people.met(office.installation.id, person, office.calendar.now()).id,
            {"text": "Only for you.", "blocks": []},
            once=None,
            now=office.calendar.now(),
            about=about,
        )
    )


async def test_a_direct_message_reaches_a_partner(office: Office) -> None:
    await direct(office, CHANNEL)
    await direct(office, CHANNEL)
    await office.courier().drain()
    assert [m.text for m in office.sandbox.person("bo").dm()] == ["Only for you."] * 2
    assert office.calls("conversations.open") == 1


async def test_who_left_the_channel_is_not_told_of_it(office: Office) -> None:
    bo = office.sandbox.person("bo").id
    told = await direct(office, CHANNEL)
    office.sandbox.world.channels[CHANNEL].members.remove(bo)
    await office.courier().drain()
    withdrawn = await office.at(told)
    assert (withdrawn.state, withdrawn.problem) == (State.WITHDRAWN, "not_in_channel_any_more")
    assert office.calls("chat.postMessage") == 0


async def test_a_stranger_who_shares_no_channel_is_told_nothing(office: Office) -> None:
    told = await direct(office)
    await office.courier().drain()
    assert (await office.at(told)).state is State.WITHDRAWN


async def test_a_colleague_may_always_be_answered(office: Office) -> None:
    await direct(office, user="dana")
    await office.courier().drain()
    assert [m.text for m in office.sandbox.person("dana").dm()] == ["Only for you."]


async def test_while_slack_does_not_tell_who_is_there_nobody_is_told(office: Office) -> None:
    told = await direct(office, CHANNEL)
    office.trouble.before["conversations.members"] = [answer(SlackError("internal_error"))]
    courier = office.courier()
    await courier.drain()
    assert (await office.at(told)).state is State.WAITING
    assert office.calls("chat.postMessage") == 0
    await office.time_passes()
    await courier.drain()
    assert (await office.at(told)).state is State.SENT


async def test_people_of_an_installation_without_a_token_wait(office: Office) -> None:
    other = await office.database.run(
        lambda store: store.installations.remember(
            team="T9", enterprise=None, app="A9", bot="B9", bot_user="U9", name="Else",
            now=office.calendar.now(),
        )
    )  # fmt: skip
    waiting = await office.database.run(
        lambda store: store.messages.post(other.id, "C9", Kind.CARD, 1, now=office.calendar.now())
    )
    await office.courier().drain()
    assert (await office.at(waiting)).state is State.WAITING


async def test_health_tells_what_happened(office: Office) -> None:
    courier = office.courier()
    await office.post()
    await courier.drain()
    health = await courier.health()
    assert (health.running, health.waiting, health.counted["posted"]) == (True, 0, 1)
    await courier.stop()
    assert not (await courier.health()).running


async def test_a_stopped_courier_leaves_the_rest_to_the_next(office: Office) -> None:
    courier = office.courier()
    await courier.drain()
    await courier.stop()
    await office.post()
    courier.wake()
    assert office.said() == []
    await office.courier().drain()
    assert office.said() == ["card 7"]
