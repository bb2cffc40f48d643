"""Who is reminded of a check-in, once and in private, on both databases."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from bot.domain.nudges import Nudged
from bot.domain.people import Person
from bot.domain.posts import Kind
from bot.domain.preferences import Notice, Pause, Preferences
from bot.domain.reminders import Reminder
from bot.domain.schedules import ScheduleKind
from bot.services import (
    beginning,
    checkins,
    commitments,
    nudges,
    reminders,
    schedules,
    standing,
)
from bot.services.checkins import Reply
from bot.views import reminders as reminder_views
from storage.database import Database
from storage.store import Store
from storage.tables import away, commitment
from tests.services.together import BO, CHANNEL, DANA, EVERYBODY, HUI, NEW_YORK, Together, at

TUESDAY = at("2026-11-24 10:00")
NINE = at("2026-11-25 09:00")
OVER = at("2026-11-26 10:00")


@pytest.fixture
async def world(database: Database) -> Together:
    """Bo owns something near; a check-in was posted on Tuesday."""
    made = Together(database)
    await made.begin(*EVERYBODY)
    await made.promise(BO, "bring the venue list", date(2026, 11, 27))
    return made


async def ask(world: Together) -> None:
    await world.run(schedules.post_due, TUESDAY, 200)
    await world.deliver()
    await world.run(nudges.plan_due, TUESDAY, 200)


async def tick(world: Together, now: datetime) -> None:
    await world.run(nudges.plan_due, now, 200)
    await world.run(nudges.tell_due, now, 200)


async def told(world: Together, now: datetime = NINE) -> list[Nudged]:
    """What each message of the kind shows when its turn comes."""
    found = []
    for each in await world.outgoing(Kind.NUDGE):
        shown = await world.read(nudges.shown, each.subject, now)
        if shown is not None:
            found.append(shown)
    return found


async def id_of(world: Together, person: Person) -> int:
    found: int = await world.read(
        lambda store: store.people.by_key(world.installation, person.team, person.user).id
    )
    return found


async def test_the_owner_alone_is_reminded_once_at_nine(world: Together) -> None:
    await ask(world)
    await tick(world, NINE - timedelta(minutes=1))
    assert await world.outgoing(Kind.NUDGE) == []
    for hours in range(30):
        await tick(world, NINE + timedelta(hours=hours))
    (message,) = await world.outgoing(Kind.NUDGE)
    assert message.member == await id_of(world, BO)
    (nudged,) = await told(world)
    assert [line.commitment.number for line in nudged.asked[0].lines] == [1]


async def test_who_answers_before_it_is_sent_is_not_reminded(world: Together) -> None:
    await ask(world)
    (occurrence,) = await world.occurrences()
    await tick(world, NINE)
    said = Reply(world.key(), world.installation, BO, occurrence.id, world.ts(), "all is well")
    await world.run(checkins.reply, said, NINE)
    assert await told(world) == []


async def test_who_turned_it_off_or_paused_or_is_away_is_not_reminded(world: Together) -> None:
    for person in (DANA, HUI):
        await world.promise(person, f"the part of {person.name}", date(2026, 11, 27))

    def choose(store: Store) -> None:
        def member(person: Person) -> int:
            found = store.people.by_key(world.installation, person.team, person.user)
            assert found is not None
            return found.id

        off = Preferences(off=frozenset({Notice.CHECKIN}))
        store.preferences.choose(member(BO), off, TUESDAY)
        store.preferences.pause(member(DANA), Pause(world.partnership, None), TUESDAY)
        days = {"first": date(2026, 11, 25), "last": date(2026, 11, 26)}
        store.connection.execute(insert(away).values(member_id=member(HUI), set_at=TUESDAY, **days))

    await world.run(choose)
    await ask(world)
    for hours in range(30):
        await tick(world, NINE + timedelta(hours=hours))
    assert await world.outgoing(Kind.NUDGE) == []


async def test_who_turns_it_off_after_it_was_planned_is_not_reminded(world: Together) -> None:
    await ask(world)
    bo = await id_of(world, BO)
    off = Preferences(off=frozenset({Notice.CHECKIN}))
    await world.run(lambda store: store.preferences.choose(bo, off, TUESDAY))
    await tick(world, NINE)
    assert await world.outgoing(Kind.NUDGE) == []


async def test_who_has_left_the_channel_is_not_reminded(world: Together) -> None:
    await ask(world)
    bo = await id_of(world, BO)
    await world.run(lambda store: store.partnerships.unseen(world.partnership, bo, NINE) and None)
    await tick(world, NINE)
    assert await world.outgoing(Kind.NUDGE) == []


async def test_two_partnerships_on_one_day_make_one_message(world: Together) -> None:
    other = Together(world.database, world.installation)
    other.keys, other.stamps = world.keys, world.stamps

    def begin(store: Store) -> int:
        request = beginning.Begin(
            key="second",
            installation_id=world.installation,
            channel="C0SECOND",
            name="summer-camp",
            zone=NEW_YORK,
            inviter=DANA,
            present=(DANA, BO),
        )
        made = beginning.begin(store, request, at("2026-11-21 09:00"))
        for person in (DANA, BO):
            press = beginning.Press(world.key(), world.installation, "C0SECOND", person)
            beginning.agree(store, press, at("2026-11-21 09:00"))
        return made.id

    other.partnership = await world.run(begin)

    def promise(store: Store) -> None:
        request = commitments.Propose(
            key=world.key(),
            installation_id=world.installation,
            channel="C0SECOND",
            by=BO,
            owner=BO,
            what="rent the tents",
            due=date(2026, 11, 30),
        )
        commitments.propose(store, request, at("2026-11-23 09:00"))

    await world.run(promise)
    await ask(world)
    assert len(await world.occurrences(ScheduleKind.CHECKIN)) == 2
    await tick(world, NINE)
    (nudged,) = await told(world)
    assert [each.channel for each in nudged.asked] == [CHANNEL, "C0SECOND"]
    assert await world.run(nudges.tell_due, NINE, 200) == 0
    only = nudges.within(nudged, frozenset({"C0SECOND"}))
    assert only is not None
    assert [each.name for each in only.asked] == ["summer-camp"]
    assert nudges.within(nudged, frozenset()) is None


async def test_planning_takes_few_queries_however_many_own_something(world: Together) -> None:
    for each in range(12):
        owner = Person("TNORTH", f"UX{each}", f"X{each}", zone=NEW_YORK, team_name="Northside")
        await world.promise(owner, f"part {each}", date(2026, 11, 27))
    await world.run(schedules.post_due, TUESDAY, 200)
    await world.deliver()
    assert await world.queries(nudges.plan_due, TUESDAY, 200, writes=True) <= 20
    for hours in range(30):
        await tick(world, NINE + timedelta(hours=hours))
    assert len(await world.outgoing(Kind.NUDGE)) == 13


async def test_reminding_takes_few_queries_at_once_however_many_are_due(
    world: Together,
) -> None:
    people = [Person("TNORTH", f"UX{n}", f"X{n}", zone=NEW_YORK) for n in range(4)]
    for owner in people:
        await world.promise(owner, "a part", date(2026, 11, 25), now=TUESDAY - timedelta(days=1))
    await ask(world)
    taken = [
        await world.queries(reminders.remind, NINE, 200, writes=True)
        for _ in range(len(people) + 1)  # and Bo
    ]
    assert max(taken) <= 40 < sum(taken), taken
    assert await world.run(reminders.remind, NINE, 200) == 0


async def reminded(world: Together, now: datetime) -> list[Reminder]:
    """What each reminder shows when its turn comes."""
    found = []
    for each in await world.outgoing(Kind.REMINDER):
        shown = await world.read(reminders.shown, each.subject, now)
        if shown is not None:
            found.append(shown)
    return found


async def clock(world: Together, now: datetime) -> None:
    """A whole tick, as far as it writes to people unasked."""
    await world.run(nudges.plan_due, now, 200)
    for part in (reminders.remind, nudges.tell_due):
        while await world.run(part, now, 200):
            pass


async def test_a_check_in_and_a_reminder_of_one_day_are_one_message(world: Together) -> None:
    await ask(world)
    await world.promise(BO, "fetch the keys", date(2026, 11, 25), now=TUESDAY + timedelta(hours=1))
    for hours in range(8):
        await clock(world, NINE + timedelta(hours=hours))
    assert await world.outgoing(Kind.NUDGE) == []
    assert len(await world.outgoing(Kind.REMINDER)) == 1
    (value,) = await reminded(world, NINE)
    assert [each.commitment.terms.what for each in value.lines] == ["fetch the keys"]
    (asked,) = value.asked
    assert [each.commitment.terms.what for each in asked.lines] == ["bring the venue list"]
    assert reminders.channels(value) == {CHANNEL}
    said = reminder_views.reminder(value)
    assert "asks about these, too" in said["text"]
    assert "bring the venue list" in said["text"]


async def test_what_a_check_in_asks_about_is_not_told_twice_in_one_message(
    world: Together,
) -> None:
    await world.promise(BO, "send the invitations", date(2026, 11, 25))
    await ask(world)
    await world.promise(BO, "fetch the keys", date(2026, 11, 25), now=TUESDAY + timedelta(hours=1))
    await clock(world, NINE)
    (value,) = await reminded(world, NINE)
    assert [each.commitment.terms.what for each in value.lines] == ["fetch the keys"]
    assert len(value.asked[0].lines) == 2


async def test_where_the_check_in_asks_about_all_that_is_due_it_comes_alone(
    world: Together,
) -> None:
    await world.promise(BO, "send the invitations", date(2026, 11, 25))
    await ask(world)
    await clock(world, NINE)
    assert await world.outgoing(Kind.REMINDER) == []
    assert len(await told(world)) == 1


async def test_after_the_reminder_of_the_day_it_waits_for_the_next(world: Together) -> None:
    await ask(world)
    await world.promise(BO, "fetch the keys", date(2026, 11, 25), now=TUESDAY + timedelta(hours=1))
    await clock(world, NINE - timedelta(minutes=1))
    bo = await id_of(world, BO)

    def later(store: Store) -> None:
        nudge = store.nudges.waiting(bo, OVER)[0]
        store.nudges.postpone([nudge.id], None)

    def again(store: Store) -> None:
        nudge = store.nudges.of(occurrence.id, bo)
        assert nudge is not None
        store.nudges.postpone([nudge.id], NINE + timedelta(hours=1))

    (occurrence,) = await world.occurrences()
    await world.run(later)
    await clock(world, NINE)
    await world.run(again)
    await clock(world, NINE + timedelta(hours=1))
    assert await world.outgoing(Kind.NUDGE) == []
    (before,) = await reminded(world, NINE)
    assert before.asked == ()
    await clock(world, NINE + timedelta(days=1))  # when the keys are overdue
    (thursday,) = [
        each for each in await reminded(world, NINE + timedelta(days=1)) if each.id != before.id
    ]
    assert [each.name for each in thursday.asked] == ["mentoring-partners"]
    assert await world.outgoing(Kind.NUDGE) == []


async def test_what_was_asked_in_the_morning_is_in_no_reminder_later_that_day(
    world: Together,
) -> None:
    await ask(world)
    await clock(world, NINE)
    assert len(await world.outgoing(Kind.NUDGE)) == 1
    bo = await id_of(world, BO)
    noon = NINE + timedelta(hours=3)
    made = await world.commitment(1)

    def due_today(store: Store) -> None:
        store.connection.execute(update(commitment).values(due=date(2026, 11, 25)))
        store.reminders.bring_forward(bo)

    assert made.terms.due == date(2026, 11, 27)
    await world.run(due_today)
    await clock(world, noon)
    assert await world.outgoing(Kind.REMINDER) == []


async def test_who_was_reminded_is_not_when_the_usual_one_follows_soon(world: Together) -> None:
    """Dana asks now on Monday; the usual check-in is on Tuesday."""
    monday = at("2026-11-23 09:30")
    now = standing.Steer(world.key(), world.installation, CHANNEL, DANA, ScheduleKind.CHECKIN)
    await world.run(standing.ask_now, now, monday)
    await world.deliver()
    for hours in range(24, 96):
        moment = monday + timedelta(hours=hours)
        await world.pass_until(moment)
        await world.deliver()
        await clock(world, moment)
    assert len(await world.occurrences()) == 2
    assert len(await world.outgoing(Kind.NUDGE)) == 1
