"""What is recorded to be said, and the courier's claims on it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.people import Person
from bot.domain.posts import Claim, Form, Kind, Outgoing, State
from storage.database import Database
from storage.store import Store

NOW = datetime(2026, 11, 16, 15, tzinfo=UTC)
LEASE = timedelta(seconds=120)
NONE = timedelta()


def post(store: Store, channel: str = "C1", subject: int = 7, once: str | None = None) -> int:
    installation = store.installations.remember(
        team="T1", enterprise=None, app="A1", bot="B1", bot_user="U0", name="Acme", now=NOW
    )
    return store.messages.post(installation.id, channel, Kind.CARD, subject, now=NOW, once=once)


async def claim(database: Database, holder: str = "t1", limit: int = 10) -> tuple[Claim, ...]:
    return await database.claim(lambda store: store.messages.claim(holder, LEASE, limit))


def look(store: Store, held: Claim) -> Outgoing | None:
    return store.messages.head(held)


async def head(database: Database, held: Claim) -> Outgoing:
    found = await database.read(look, held)
    assert found is not None
    return found


async def send(database: Database, held: Claim, ts: str, pace: timedelta = NONE) -> Outgoing:
    """Send what is next in a lane, as the courier does."""
    message = await head(database, held)
    assert await database.run(lambda s: s.messages.begin(held, message, message.channel or "D1"))
    assert await database.run(
        lambda s: s.messages.sent(held, message, ts, message.wanted, now=NOW, pace=pace)
    )
    return await by_id(database, message.id)


async def by_id(database: Database, message_id: int) -> Outgoing:
    return await database.read(lambda store: store.messages.by_id(message_id))


async def test_what_is_recorded_can_be_claimed_and_sent(database: Database) -> None:
    message_id = await database.run(post)
    (held,) = await claim(database)
    sent = await send(database, held, "1.000001")
    assert (sent.id, sent.state, sent.ts) == (message_id, State.SENT, "1.000001")
    assert await claim(database) == ()
    assert await database.read(lambda store: store.messages.next_due()) is None
    found = await database.read(lambda s: s.messages.thread_of(held.installation, "C1", "1.000001"))
    assert found == (message_id, Kind.CARD, 7)
    assert await database.read(lambda s: s.messages.ts_of(message_id)) == ("C1", "1.000001")


async def test_a_lane_is_claimed_by_one_at_a_time(database: Database) -> None:
    await database.run(post)
    await database.run(post, "C1", 8)
    assert len(await claim(database)) == 1
    assert await claim(database, "t2") == ()


async def test_different_channels_are_claimed_side_by_side(database: Database) -> None:
    await database.run(post)
    await database.run(post, "C2")
    assert len(await claim(database)) == 2


async def test_the_same_cause_is_recorded_once(database: Database) -> None:
    first = await database.run(post, "C1", 7, "commitment:7")
    assert await database.run(post, "C1", 7, "commitment:7") == first
    assert await database.read(lambda store: store.messages.waiting()) == 1


async def test_messages_of_a_channel_leave_in_their_order(database: Database) -> None:
    first = await database.run(post)
    second = await database.run(post, "C1", 8)
    (held,) = await claim(database)
    assert (await send(database, held, "1.000001")).id == first
    (held,) = await claim(database)
    assert held.last_ts == "1.000001"
    assert (await send(database, held, "1.000002")).id == second


async def test_a_channel_rests_after_a_post(database: Database) -> None:
    await database.run(post)
    (held,) = await claim(database)
    await send(database, held, "1.000001", pace=timedelta(hours=1))
    await database.run(post, "C1", 8)
    assert await claim(database) == ()
    due = await database.read(lambda store: store.messages.next_due())
    assert due is not None
    assert timedelta(minutes=59) < due <= timedelta(hours=1)


async def test_an_expired_lease_lets_somebody_else_in(database: Database) -> None:
    await database.run(post)
    await database.claim(lambda store: store.messages.claim("t1", NONE, 1))
    assert len(await claim(database, "t2")) == 1


async def test_who_lost_the_lease_may_not_begin(database: Database) -> None:
    await database.run(post)
    (lost,) = await database.claim(lambda store: store.messages.claim("t1", NONE, 1))
    message = await head(database, lost)
    (held,) = await claim(database, "t2")
    assert not await database.run(lambda s: s.messages.begin(lost, message, "C1"))
    assert await database.run(lambda s: s.messages.begin(held, message, "C1"))


async def test_whose_lease_ran_out_may_not_begin_even_if_nobody_else_came(
    database: Database,
) -> None:
    await database.run(post)
    (late,) = await database.claim(lambda store: store.messages.claim("t1", NONE, 1))
    message = await head(database, late)
    assert not await database.run(lambda s: s.messages.begin(late, message, "C1"))


async def test_what_slack_did_is_recorded_even_by_who_lost_the_lease(database: Database) -> None:
    message_id = await database.run(post)
    (lost,) = await claim(database)
    message = await head(database, lost)
    await database.run(lambda s: s.messages.begin(lost, message, "C1"))
    await database.run(lambda s: s.messages.release(lost))
    (held,) = await claim(database, "t2")
    looked_at = await head(database, held)
    assert looked_at.unresolved
    assert await database.run(
        lambda s: s.messages.sent(lost, message, "1.000001", 1, now=NOW, pace=NONE)
    )
    assert (await by_id(database, message_id)).ts == "1.000001"
    # … and the other one notices that there is nothing left to send.
    assert not await database.run(lambda s: s.messages.begin(held, looked_at, "C1"))
    # … nor anything to record: what was noted first stays.
    assert not await database.run(
        lambda s: s.messages.sent(held, looked_at, "1.000002", 1, now=NOW, pace=NONE)
    )
    assert (await by_id(database, message_id)).ts == "1.000001"


async def test_an_unknown_outcome_blocks_its_channel_and_is_looked_at_first(
    database: Database,
) -> None:
    await database.run(post)
    await database.run(post, "C1", 8)
    (held,) = await claim(database)
    message = await head(database, held)
    await database.run(lambda s: s.messages.begin(held, message, "C1"))
    await database.run(lambda s: s.messages.unknown(held, message, LEASE, "timeout"))
    await database.run(post, "C1", 9)
    assert await claim(database) == ()
    due = await database.read(lambda store: store.messages.next_due())
    assert due is not None
    assert due > timedelta(seconds=100)


async def test_refreshes_are_coalesced(database: Database) -> None:
    message_id = await database.run(post)
    (held,) = await claim(database)
    await send(database, held, "1.000001")
    for _ in range(3):
        await database.run(lambda store: store.messages.refresh(message_id))
    (held,) = await claim(database)
    message = await head(database, held)
    assert (message.sent, message.wanted) == (1, 4)
    await database.run(lambda s: s.messages.refreshed(held, message, 4))
    assert await claim(database) == ()


async def test_a_refresh_asked_for_while_sending_is_not_lost(database: Database) -> None:
    message_id = await database.run(post)
    (held,) = await claim(database)
    message = await head(database, held)
    await database.run(lambda s: s.messages.begin(held, message, "C1"))
    await database.run(lambda store: store.messages.refresh(message_id))
    await database.run(lambda s: s.messages.sent(held, message, "1.1", 1, now=NOW, pace=NONE))
    (held,) = await claim(database)
    assert (await head(database, held)).wanted == 2


async def test_a_resting_refresh_does_not_hold_up_new_messages(database: Database) -> None:
    message_id = await database.run(post)
    (held,) = await claim(database)
    await send(database, held, "1.000001")
    await database.run(lambda store: store.messages.refresh(message_id))
    (held,) = await claim(database)
    message = await head(database, held)
    await database.run(lambda s: s.messages.refresh_later(held, message, LEASE, "timeout"))
    assert await claim(database) == ()
    second = await database.run(post, "C1", 8)
    (held,) = await claim(database)
    assert (await head(database, held)).id == second


async def test_a_note_knows_the_thread_of_its_parent(database: Database) -> None:
    parent = await database.run(post)
    note_id = await database.run(
        lambda s: s.messages.note(parent, Kind.COMMITMENT_NOTE, 3, now=NOW)
    )
    (held,) = await claim(database)
    assert (await send(database, held, "1.000001")).id == parent
    (held,) = await claim(database)
    note = await head(database, held)
    assert (note.id, note.form, note.thread, note.parent) == (
        note_id,
        Form.NOTE,
        "1.000001",
        parent,
    )


async def test_a_note_of_a_refused_message_goes_top_level(database: Database) -> None:
    parent = await database.run(post)
    await database.run(lambda s: s.messages.note(parent, Kind.COMMITMENT_NOTE, 3, now=NOW))
    (held,) = await claim(database)
    message = await head(database, held)
    await database.run(lambda s: s.messages.settled(held, message, State.MISSED, None, NOW))
    (held,) = await claim(database)
    note = await head(database, held)
    assert (note.form, note.thread, note.channel) == (Form.NOTE, None, "C1")


async def test_an_answer_carries_its_own_words(database: Database) -> None:
    await database.run(post)
    await database.run(
        lambda s: s.messages.answer_in_thread(
            1, "C9", "5.5", {"text": "Noted.", "blocks": []}, once="answer:e1", now=NOW
        )
    )
    _, held = await claim(database)
    answer = await head(database, held)
    assert (answer.thread, answer.body) == ("5.5", {"text": "Noted.", "blocks": []})


@pytest.fixture
async def bo(database: Database) -> int:
    def meet(store: Store) -> int:
        post(store)
        return store.people.met(1, Person("T2", "U2", "Bo", team_name="Northside"), NOW).id

    return await database.run(meet)


async def test_direct_messages_of_one_person_share_a_lane(database: Database, bo: int) -> None:
    def two(store: Store) -> None:
        store.messages.direct(1, bo, Kind.CHECKIN_NOTE, 1, now=NOW, about="C1")
        store.messages.answer_direct(1, bo, {"text": "Hi", "blocks": []}, once=None, now=NOW)

    await database.run(two)
    lanes = await claim(database)
    assert len(lanes) == 2
    direct = await head(database, lanes[1])
    assert (direct.form, direct.member, direct.about) == (Form.DIRECT, bo, "C1")


async def test_nothing_is_claimed_where_the_app_was_removed(database: Database) -> None:
    await database.run(post)
    await database.run(lambda store: store.installations.end(1, NOW))
    assert await claim(database) == ()
    assert await database.read(lambda store: store.messages.next_due()) is None


async def test_a_card_can_be_posted_afresh(database: Database) -> None:
    message_id = await database.run(post)
    (held,) = await claim(database)
    sent = await send(database, held, "1.000001")
    await database.run(lambda store: store.messages.refresh(message_id))
    (held,) = await claim(database)
    await database.run(lambda s: s.messages.afresh(held, sent))
    again = await by_id(database, message_id)
    assert (again.state, again.ts, again.key != sent.key) == (State.WAITING, None, True)
    (held,) = await claim(database)
    assert (await send(database, held, "1.000009")).ts == "1.000009"


async def test_messages_follow_a_channel_to_its_new_id(database: Database, bo: int) -> None:
    """Sharing a private channel gives it another id."""
    (held,) = await claim(database)
    sent = await send(database, held, "1.000001")
    waiting = await database.run(post, "C1", 8)
    told = await database.run(
        lambda s: s.messages.direct(1, bo, Kind.CHECKIN_NOTE, 1, now=NOW, about="C1")
    )
    await database.run(lambda store: store.messages.moved(1, "C1", "C2"))
    assert (await by_id(database, sent.id)).channel == "C2"
    assert (await by_id(database, told)).about == "C2"
    found = [(each.last_ts, await database.read(look, each)) for each in await claim(database)]
    assert ("1.000001", waiting) in [(last, message and message.id) for last, message in found]
    assert await database.read(lambda s: s.messages.thread_of(1, "C2", "1.000001")) == (
        sent.id,
        Kind.CARD,
        7,
    )


ENDS: dict[str, Callable[[Store, Claim, Outgoing], None]] = {
    "settled": lambda s, c, m: s.messages.settled(c, m, State.REFUSED, "is_archived", NOW),
    "later": lambda s, c, m: s.messages.later(
        c, m, NONE, "ratelimited", state=State.WAITING, attempts=0
    ),
    "not refreshed": lambda s, c, m: s.messages.not_refreshed(c, m, "is_archived"),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
async def test_who_lost_the_lease_changes_nothing(
    database: Database, end: Callable[[Store, Claim, Outgoing], None]
) -> None:
    await database.run(post)
    (lost,) = await database.claim(lambda store: store.messages.claim("t1", NONE, 1))
    message = await head(database, lost)
    (held,) = await claim(database, "t2")
    await database.run(end, lost, message)
    assert await by_id(database, message.id) == message
    assert await claim(database) == ()  # still held by the other one
    assert await database.run(lambda s: s.messages.begin(held, message, "C1"))
