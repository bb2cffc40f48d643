"""What happens once appears once: answers lost, crashes at every point, frozen holders, rivals."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from aiohttp import web

from bot.courier import Patience, Point
from bot.domain.posts import Kind, State
from bot.sandbox.errors import SlackError
from storage.store import Store
from tests.courier.conftest import CHANNEL, DAY, Office, answer


def broken(error: str) -> web.Response:
    return answer(SlackError(error))


LOST: dict[str, Callable[[], web.Response]] = {
    "a server error": lambda: web.Response(status=500, text="oops"),
    "a gateway's page": lambda: web.Response(status=200, text="<html>", content_type="text/html"),
    "plain text": lambda: web.Response(text="ok", content_type="text/plain"),
    "fatal_error": lambda: broken("fatal_error"),
}


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
async def test_an_answer_lost_after_the_post_does_not_repeat_it(
    office: Office, lost: Callable[[], web.Response]
) -> None:
    office.trouble.after["chat.postMessage"] = [lost()]
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    assert (await office.at(message_id)).state is State.UNKNOWN
    await office.time_passes()
    await courier.drain()
    assert office.said() == ["card 7"]
    sent = await office.at(message_id)
    assert (sent.state, sent.ts) == (State.SENT, office.shown()[0].ts)
    assert courier.counted["adopted"] == 1


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
async def test_a_post_lost_on_its_way_is_repeated(
    office: Office, lost: Callable[[], web.Response]
) -> None:
    office.trouble.before["chat.postMessage"] = [lost()]
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    assert office.said() == []
    await office.time_passes()
    await courier.drain()
    assert office.said() == ["card 7"]
    assert (await office.at(message_id)).state is State.SENT
    assert courier.counted["looked_up"] == 1


async def test_nothing_is_repeated_before_the_lease_has_run_out(office: Office) -> None:
    office.trouble.after["chat.postMessage"] = [broken("fatal_error")]
    await office.post()
    await office.post(8)
    courier = office.courier()
    await courier.drain()
    due = await office.database.read(lambda store: store.messages.next_due())
    assert due is not None
    assert 110 < due.total_seconds() <= 120
    assert office.said() == ["card 7"]  # and the next one waits for its turn


async def test_while_slack_cannot_be_asked_nothing_is_repeated(office: Office) -> None:
    office.trouble.after["chat.postMessage"] = [broken("fatal_error")]
    office.trouble.before["conversations.history"] = [broken("internal_error")] * 3
    message_id = await office.post()
    courier = office.courier()
    for _ in range(4):
        await courier.drain()
        await office.time_passes()
    await courier.drain()
    assert office.said() == ["card 7"]
    assert (await office.at(message_id)).state is State.SENT
    assert courier.counted["look_up_failed_unknown"] == 3


async def test_a_look_up_that_keeps_failing_is_given_up_and_the_next_goes_on(
    office: Office,
) -> None:
    office.trouble.after["chat.postMessage"] = [broken("fatal_error")]
    office.trouble.before["conversations.history"] = [broken("internal_error") for _ in range(20)]
    lost = await office.post(1)
    await office.post(2)
    courier = office.courier()
    rests = []
    for _ in range(8):
        await courier.drain()
        due = await office.database.read(lambda store: store.messages.next_due())
        if due is not None:
            rests.append(round(due.total_seconds(), -1))
        await office.time_passes(courier.patience.rest(8))
    await courier.drain()
    given_up = await office.at(lost)
    assert (given_up.state, given_up.problem) == (State.MISSED, "internal_error")
    assert rests == [120, 340, 680, 1370, 2740, 5470, 10940]
    assert courier.counted["look_up_failed_unknown"] == 7
    assert office.said() == ["card 1", "card 2"]


async def test_after_the_last_attempt_the_lane_waits_no_longer_than_after_the_first(
    office: Office,
) -> None:
    office.trouble.before["chat.postMessage"] = [broken("fatal_error") for _ in range(8)]
    await office.post(1)
    await office.post(2)
    courier = office.courier()
    rests = []
    while not office.said():
        await courier.drain()
        due = await office.database.read(lambda store: store.messages.next_due())
        if due is not None:
            rests.append(round(due.total_seconds(), -1))
            await office.time_passes(due + timedelta(seconds=1))
    assert rests == [120, 340, 680, 1370, 2740, 5470, 10940, 120]
    assert office.said() == ["card 2"]


async def test_after_eight_attempts_it_is_given_up_and_the_next_goes_on(office: Office) -> None:
    office.trouble.before["chat.postMessage"] = [broken("fatal_error") for _ in range(8)]
    lost = await office.post(1)
    await office.post(2)
    courier = office.courier()
    for _ in range(9):
        await courier.drain()
        await office.time_passes(courier.patience.rest(8))
    await courier.drain()
    given_up = await office.at(lost)
    assert (given_up.state, given_up.problem) == (State.MISSED, "fatal_error")
    assert office.said() == ["card 2"]


class Killed(BaseException):
    """The process is gone: nothing after this point happens."""


@pytest.mark.parametrize("point", Point)
async def test_a_crash_at_any_point_neither_loses_nor_doubles(office: Office, point: Point) -> None:
    async def dies(reached: Point) -> None:
        if reached is point:
            raise Killed

    if point in {Point.LOOKING, Point.LOOKED}:
        office.trouble.after["chat.postMessage"] = [broken("fatal_error")]
    message_id = await office.post()
    first = office.courier(dies, idle=0.05)
    for _ in range(2):
        await office.sandbox.quiet()
        await first.drain()
        await office.time_passes()
    await first.stop()
    await office.time_passes()
    await office.courier().drain()
    assert office.said() == ["card 7"]
    assert (await office.at(message_id)).state is State.SENT


@pytest.mark.parametrize(
    "point", [Point.CLAIMED, Point.RENDERED, Point.SENDING, Point.ANSWERED, Point.RECORDED]
)
async def test_a_crash_during_a_refresh_leaves_the_newest_words(
    office: Office, point: Point
) -> None:
    message_id = await office.post()
    whole = office.courier()
    await whole.drain()
    await whole.stop()

    async def dies(reached: Point) -> None:
        if reached is point:
            raise Killed

    office.words[7] = "newer"
    await office.refresh(message_id)
    first = office.courier(dies)
    await first.drain()
    await first.stop()
    await office.time_passes()
    await office.courier().drain()
    assert office.said() == ["newer"]


async def test_who_was_frozen_after_claiming_does_not_send(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = asyncio.get_running_loop().time()
    frozen = [0.0]
    monkeypatch.setattr("bot.courier.patience.boot_time", lambda: since + frozen[0])
    monkeypatch.setattr("bot.courier.courier.boot_time", lambda: since + frozen[0])

    async def freezes_once(reached: Point) -> None:
        if reached is Point.BEGUN and not frozen[0]:
            frozen[0] = 3600.0

    message_id = await office.post()
    courier = office.courier(freezes_once)
    await courier.drain()
    assert courier.counted["stale"] == 1
    assert office.said() == ["card 7"]
    assert courier.counted["looked_up"] == 1  # before it was sent after all
    assert (await office.at(message_id)).state is State.SENT


@pytest.mark.parametrize("refusal", ["thread_not_found", "invalid_blocks"])
async def test_no_second_call_is_made_with_a_claim_that_got_old_during_the_first(
    office: Office, monkeypatch: pytest.MonkeyPatch, refusal: str
) -> None:
    since = asyncio.get_running_loop().time()
    frozen = [0.0]
    monkeypatch.setattr("bot.courier.patience.boot_time", lambda: since + frozen[0])
    monkeypatch.setattr("bot.courier.courier.boot_time", lambda: since)

    async def takes_long(reached: Point) -> None:
        if reached is Point.SENDING and refused:
            frozen[0] = 3600.0

    refused = False
    courier = office.courier(takes_long)
    parent = await office.post()
    await courier.drain()
    office.trouble.before["chat.postMessage"] = [broken(refusal)]
    refused = True
    note = await office.database.run(
        lambda store: store.messages.note(
            parent, Kind.COMMITMENT_NOTE, 3, now=office.calendar.now()
        )
    )
    await courier.drain()
    assert office.said() == ["card 7"]  # it was not tried again in another form
    assert (await office.at(note)).state is State.WAITING
    assert courier.counted["stale"] == 1
    frozen[0], refused = 0.0, False
    await office.time_passes()
    await courier.drain()
    assert office.said() == ["card 7", "card 3"]


async def test_who_lost_the_lease_while_frozen_does_not_begin(office: Office) -> None:
    rival = office.courier
    done = asyncio.Event()

    async def is_overtaken(reached: Point) -> None:
        if reached is Point.RENDERED and not done.is_set():
            done.set()
            await office.time_passes()
            await rival().drain()

    await office.post()
    slow = office.courier(is_overtaken)
    await done.wait()
    await slow.drain()
    assert office.said() == ["card 7"]
    assert slow.counted["lost"] == 1


async def test_two_couriers_on_one_database_send_each_message_once(office: Office) -> None:
    channels = list(office.sandbox.world.channels)
    for subject in range(40):
        await office.post(subject, channels[subject % len(channels)])
    one, other = office.courier(), office.courier()
    while await office.database.read(lambda store: store.messages.waiting()):
        await asyncio.gather(one.drain(), other.drain())  # what the other holds is not waited for
    for index, channel in enumerate(channels):
        assert office.said(channel) == [f"card {n}" for n in range(index, 40, len(channels))]
    assert one.counted["posted"] + other.counted["posted"] == 40


async def test_a_refresh_shows_the_newest_words_in_place(office: Office) -> None:
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    office.words[7] = "the newest"

    def five_times(store: Store) -> None:
        for _ in range(5):
            store.messages.refresh(message_id)

    await office.database.run(five_times)  # at once: the courier may look at any moment
    await courier.drain()
    assert office.said() == ["the newest"]
    assert office.calls("chat.update") == 1


async def test_a_refresh_whose_answer_was_lost_is_repeated(office: Office) -> None:
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    office.words[7] = "newer"
    office.trouble.before["chat.update"] = [broken("fatal_error")]
    await office.refresh(message_id)
    await office.post(8)  # does not wait for it
    await courier.drain()
    assert office.said() == ["card 7", "card 8"]
    await office.time_passes()
    await courier.drain()
    assert office.said() == ["newer", "card 8"]


async def test_a_refresh_that_slack_refuses_for_its_form_goes_as_text(office: Office) -> None:
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    office.words[7] = "newer"
    office.trouble.before["chat.update"] = [broken("invalid_blocks")]
    await office.refresh(message_id)
    await courier.drain()
    assert office.said() == ["newer"]
    assert [block["type"] for block in office.shown()[0].blocks] in ([], ["rich_text"])


async def test_20_a_card_that_somebody_deleted_is_posted_anew_with_its_news(
    office: Office,
) -> None:
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    await delete_all(office)
    office.words[7] = "newer"
    await office.refresh(message_id)
    await courier.drain()
    assert office.said() == ["newer"]
    assert (await office.at(message_id)).ts == office.shown()[0].ts


async def test_20_a_prompt_that_somebody_deleted_stays_away(office: Office) -> None:
    message_id = await office.post(kind=Kind.PROMPT)
    courier = office.courier()
    await courier.drain()
    await delete_all(office)
    await office.refresh(message_id)
    await courier.drain()
    assert office.said() == []
    gone = await office.at(message_id)
    assert (gone.state, gone.problem) == (State.SENT, "deleted")


async def test_what_somebody_deleted_is_no_trouble_although_it_could_not_be_updated_before(
    office: Office,
) -> None:
    prompt = await office.post(kind=Kind.PROMPT)
    courier = office.courier()
    await courier.drain()
    office.trouble.before["chat.update"] = [broken("internal_error")]
    await office.refresh(prompt)
    await courier.drain()
    await delete_all(office)
    await office.time_passes()
    courier.wake()
    await courier.drain()
    now = office.calendar.now()
    told = await office.database.read(lambda store: store.trouble.not_through(now - DAY, now + DAY))
    assert ((await office.at(prompt)).problem, told) == ("deleted", ())


async def delete_all(office: Office) -> None:
    """Somebody deletes what the app said."""
    channel = office.sandbox.world.channels[CHANNEL]
    for shown in office.shown():
        office.sandbox.slack.log(channel).remove(shown)


async def test_words_that_changed_while_it_was_unknown_whether_they_stand_are_sent(
    office: Office,
) -> None:
    office.trouble.after["chat.postMessage"] = [broken("fatal_error")]
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    office.words[7] = "newer"
    await office.refresh(message_id)
    await office.time_passes()
    await courier.drain()
    assert courier.counted["adopted"] == 1
    assert office.said() == ["newer"]


async def test_a_card_that_was_given_up_while_it_was_there_is_found_and_not_posted_twice(
    office: Office,
) -> None:
    """What eight vain look-ups gave up may stand there all the same."""
    office.trouble.after["chat.postMessage"] = [broken("fatal_error")]
    office.trouble.before["conversations.history"] = [broken("internal_error") for _ in range(7)]
    message_id = await office.post()
    courier = office.courier()
    for _ in range(8):
        await courier.drain()
        await office.time_passes(courier.patience.rest(8))
    await courier.drain()
    assert (await office.at(message_id)).state is State.MISSED
    office.words[7] = "newer"
    await office.refresh(message_id)
    await courier.drain()
    assert office.said() == ["newer"]
    assert (await office.at(message_id)).state is State.SENT


async def test_a_refused_card_comes_when_it_can_and_has_news(office: Office) -> None:
    office.trouble.before["chat.postMessage"] = [broken("access_denied")]
    message_id = await office.post()
    courier = office.courier()
    await courier.drain()
    assert (await office.at(message_id)).state is State.REFUSED
    office.words[7] = "newer"
    await office.refresh(message_id)
    await courier.drain()
    assert office.said() == ["newer"]


@pytest.mark.parametrize("point", [Point.CLAIMED, Point.BEGUN, Point.ANSWERED])
async def test_an_error_of_our_own_stops_nothing_for_good(office: Office, point: Point) -> None:
    failed = asyncio.Event()

    async def fails_once(reached: Point) -> None:
        if reached is point and not failed.is_set():
            failed.set()
            raise RuntimeError("ours")

    await office.post()
    courier = office.courier(fails_once)
    await failed.wait()
    await courier.drain()
    await office.time_passes()
    await courier.drain()
    assert office.said() == ["card 7"]


def test_the_quiet_time_is_part_of_every_lease() -> None:
    for lease in (15.0, 120.0, 3600.0):
        times = Patience.of(lease, 10.0)
        assert times.send_within > 0
        assert times.send_within + times.call + times.quiet == pytest.approx(lease)
    with pytest.raises(ValueError, match="longer"):
        Patience(lease=60.0, quiet=60.0)


@pytest.mark.parametrize("rest", [Patience.rest, Patience.unknown])
def test_eight_attempts_take_six_hours(rest: Callable[[Patience, int], timedelta]) -> None:
    times = Patience()
    waits = sum((rest(times, n) for n in range(1, times.attempts)), timedelta())
    assert timedelta(hours=6) <= waits <= timedelta(hours=6, minutes=5)
