"""What the clock does with schedules, and what people do to them, on both databases."""

import asyncio
from collections.abc import Collection
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from bot.domain.checkins import State
from bot.domain.errors import NotPossible, Unclear
from bot.domain.partnerships import Setting, to_json
from bot.domain.people import Person
from bot.domain.posts import Kind
from bot.domain.posts import State as Sending
from bot.domain.rhythm import Frequency, Rhythm
from bot.domain.schedules import Closed, Event, ScheduleKind
from bot.services import changes, partnerships, schedules, setup, standing
from bot.services.setup import SetUp
from bot.services.standing import Steer
from storage.database import Database
from storage.schedules import Schedules
from storage.store import Store
from storage.tables import message, unprompted
from tests.services.together import (
    BO,
    CHANNEL,
    DANA,
    EVERYBODY,
    HARBOR,
    HUI,
    MONDAY,
    NEW_YORK,
    WEEK,
    Together,
    at,
)

TUESDAY = at("2026-11-24 10:00")
FRIDAY = at("2026-11-27 15:00")
CHECKIN, DIGEST = ScheduleKind.CHECKIN, ScheduleKind.DIGEST


@pytest.fixture
async def world(database: Database) -> Together:
    """Three organizations that have said OK."""
    made = Together(database)
    await made.begin(*EVERYBODY)
    return made


def steer(world: Together, kind: ScheduleKind = CHECKIN, until: date | None = None) -> Steer:
    return Steer(world.key(), world.installation, CHANNEL, BO, kind, until)


async def test_nothing_is_posted_on_schedule_before_each_organization_has_said_ok(
    database: Database,
) -> None:
    world = Together(database)
    await world.begin(*EVERYBODY, start=False)
    await world.agree(DANA)
    await world.agree(BO)
    assert await world.run(schedules.post_due, TUESDAY + 10 * WEEK, 200) == 0
    assert await world.occurrences() == []
    await world.agree(HUI)
    assert await world.expected() == TUESDAY
    assert await world.expected(DIGEST) == FRIDAY


async def test_the_checkin_is_posted_at_its_time_and_not_a_moment_before(world: Together) -> None:
    assert await world.run(schedules.post_due, TUESDAY - timedelta(microseconds=1), 200) == 0
    assert await world.outgoing(Kind.PROMPT) == []
    assert await world.run(schedules.post_due, TUESDAY, 200) == 1
    (posted,) = await world.occurrences()
    assert (posted.state, posted.at, posted.nominal) == (State.OPEN, TUESDAY, date(2026, 11, 24))
    (prompt,) = await world.outgoing(Kind.PROMPT)
    assert (prompt.subject, prompt.channel) == (posted.id, CHANNEL)
    assert prompt.id == posted.message_id
    assert prompt.grace_until == TUESDAY + timedelta(hours=6)
    assert await world.expected() == at("2026-12-08 10:00")


async def test_wall_clock_times_stay_across_daylight_saving(world: Together) -> None:
    now = TUESDAY
    for _ in range(9):
        await world.run(schedules.post_due, now, 200)
        expected = await world.expected()
        assert expected is not None
        now = expected
    assert now == at("2027-03-30 10:00")
    hours = {each.at.hour for each in await world.occurrences()}
    assert hours == {14, 15}


async def test_an_occurrence_is_written_once_even_if_ticks_overlap_and_repeat(
    world: Together,
) -> None:
    await asyncio.gather(*(world.run(schedules.post_due, TUESDAY, 200) for _ in range(8)))
    await world.run(schedules.post_due, TUESDAY, 200)
    assert len(await world.occurrences()) == 1
    assert len(await world.outgoing(Kind.PROMPT)) == 1


async def test_a_date_that_somehow_is_due_again_is_not_posted_again(
    world: Together,
) -> None:
    await world.run(schedules.post_due, TUESDAY, 200)

    def back(store: Store) -> None:
        schedule = store.schedules.of(world.partnership, CHECKIN)
        assert schedule is not None
        store.schedules.expect(schedule.id, TUESDAY, date(2026, 11, 24))

    await world.run(back)
    for later in (timedelta(hours=1), timedelta(days=1)):
        await world.run(schedules.post_due, TUESDAY + later, 200)
    assert len(await world.outgoing(Kind.PROMPT)) == 1
    assert await world.expected() == at("2026-12-08 10:00")


async def test_after_weeks_of_standing_still_only_the_newest_is_posted(world: Together) -> None:
    late = at("2027-06-08 12:00")
    while await world.run(schedules.post_due, late, 200):
        pass
    states = [each.state for each in await world.occurrences()]
    assert states == [State.MISSED] * 14 + [State.OPEN]
    (prompt,) = await world.outgoing(Kind.PROMPT)
    assert prompt.grace_until == at("2027-06-08 16:00")
    digests = [each.state for each in await world.occurrences(DIGEST)]
    assert set(digests) == {State.MISSED}


async def test_a_checkin_too_late_for_its_grace_is_missed_and_the_schedule_goes_on(
    world: Together,
) -> None:
    await world.run(schedules.post_due, TUESDAY + timedelta(hours=6, minutes=1), 200)
    assert [each.state for each in await world.occurrences()] == [State.MISSED]
    assert await world.outgoing(Kind.PROMPT) == []
    assert await world.expected() == at("2026-12-08 10:00")


async def test_a_checkin_moves_off_a_day_when_somebody_is_closed_and_knows_why(
    world: Together,
) -> None:
    await world.close_days(HARBOR, date(2026, 11, 24), label="Harbor Day")
    await world.run(schedules.post_due, TUESDAY, 200)
    assert await world.occurrences() == []
    wednesday = at("2026-11-25 10:00")
    assert await world.expected() == wednesday
    await world.run(schedules.post_due, wednesday, 200)
    (posted,) = await world.occurrences()
    assert (posted.nominal, posted.at) == (date(2026, 11, 24), wednesday)
    assert posted.because == (Closed(HARBOR, "Harbor Day"),)


async def test_closed_days_of_an_organization_that_has_not_agreed_move_nothing(
    database: Database,
) -> None:
    world = Together(database)
    await world.begin(DANA, BO)
    newcomer = Person("TLATE", "ULATE", "Lea", team_name="Latecomers")
    await world.run(partnerships.visiting, await world.now(), newcomer, MONDAY + timedelta(hours=1))
    await world.close_days("Latecomers", date(2026, 11, 24))
    await world.run(schedules.post_due, TUESDAY, 200)
    assert [each.at for each in await world.occurrences()] == [TUESDAY]


async def test_at_most_one_unprompted_post_a_day_and_the_digest_yields(world: Together) -> None:
    rhythm = Rhythm(Frequency.WEEKLY, weekday=4, at=FRIDAY.time().replace(hour=16))
    await world.run(_set, world, CHECKIN, rhythm)
    assert await world.expected() == at("2026-11-27 16:00")
    await world.run(schedules.post_due, FRIDAY, 200)
    assert await world.occurrences(DIGEST) == []
    await world.run(schedules.post_due, at("2026-11-27 16:00"), 200)
    assert len(await world.occurrences()) == 1
    monday = at("2026-11-30 15:00")
    assert await world.expected(DIGEST) == monday
    await world.run(schedules.post_due, monday, 200)
    assert [each.nominal for each in await world.occurrences(DIGEST)] == [date(2026, 11, 27)]
    taken = await world.read(
        lambda store: store.connection.execute(
            select(unprompted.c.day, func.count())
            .group_by(unprompted.c.day)
            .order_by(unprompted.c.day)
        ).all()
    )
    assert [tuple(row) for row in taken] == [(date(2026, 11, 27), 1), (date(2026, 11, 30), 1)]


async def test_a_post_whose_day_somebody_takes_meanwhile_is_moved(
    world: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, rivals = Schedules.taken, ["another tick"]

    def overtaken(
        self: Schedules, partnership_ids: Collection[int], since: date
    ) -> dict[int, set[date]]:
        found = taken(self, partnership_ids, since)
        if rivals:
            rivals.clear()
            assert self.take([(world.partnership, date(2026, 11, 24), DIGEST)])
        return found

    monkeypatch.setattr(Schedules, "taken", overtaken)
    await world.run(schedules.post_due, TUESDAY, 200)
    assert await world.occurrences() == []
    assert await world.outgoing(Kind.PROMPT) == []
    await world.run(schedules.post_due, TUESDAY, 200)
    assert await world.expected() == TUESDAY + timedelta(days=1)
    await world.run(schedules.post_due, TUESDAY + timedelta(days=1), 200)
    (posted,) = await world.occurrences()
    assert posted.nominal == date(2026, 11, 24)
    assert len(await world.outgoing(Kind.PROMPT)) == 1


def _set(store: Store, world: Together, kind: ScheduleKind, rhythm: Rhythm) -> None:
    """As a setting that has taken effect."""
    partnership = store.partnerships.by_id(world.partnership)
    name = Setting.CHECKIN if kind is CHECKIN else Setting.DIGEST
    store.settings.set(
        world.partnership,
        name,
        to_json(rhythm),
        set_by=None,
        begins_at=MONDAY,
        now=MONDAY,
    )
    schedules.follow(store, partnership, MONDAY)


async def test_a_new_rhythm_before_the_start_holds_at_once(database: Database) -> None:
    world = Together(database)
    await world.begin(*EVERYBODY, start=False)
    monthly = Rhythm(Frequency.MONTHLY, weekday=3, at=TUESDAY.time().replace(hour=9), nth=-1)
    request = SetUp(world.key(), world.installation, world.partnership, BO, checkin=monthly)
    await world.run(setup.set_up, request, MONDAY)
    for person in (DANA, BO, HUI):
        await world.agree(person)
    assert await world.expected() == at("2026-11-26 09:00")


async def test_a_new_rhythm_after_the_start_begins_after_five_working_days(
    world: Together,
) -> None:
    weekly = Rhythm(Frequency.WEEKLY, weekday=2, at=TUESDAY.time().replace(hour=11))
    request = SetUp(world.key(), world.installation, world.partnership, BO, checkin=weekly)
    await world.run(setup.set_up, request, MONDAY)
    assert await world.expected() == TUESDAY
    stands = await world.read(standing.standing, world.installation, CHANNEL, CHECKIN, MONDAY)
    assert stands.coming == weekly
    begins = at("2026-12-01 00:00")
    assert stands.coming_from == date(2026, 12, 1)
    await world.run(schedules.post_due, TUESDAY, 200)
    await world.run(changes.apply_due, begins, 200)
    assert await world.expected() == at("2026-12-02 11:00")
    changed = await world.read(standing.standing, world.installation, CHANNEL, CHECKIN, begins)
    assert changed.set_by is not None
    assert changed.set_by.name == "Bo"


async def test_only_another_time_of_day_keeps_the_dates(world: Together) -> None:
    later = Rhythm(Frequency.BIWEEKLY, weekday=1, at=TUESDAY.time().replace(hour=16))
    await world.run(schedules.post_due, TUESDAY, 200)

    def change(store: Store) -> None:
        partnership = store.partnerships.by_id(world.partnership)
        store.settings.set(
            world.partnership,
            Setting.CHECKIN,
            to_json(later),
            set_by=None,
            begins_at=TUESDAY,
            now=TUESDAY,
        )
        schedules.follow(store, partnership, TUESDAY + WEEK)

    await world.run(change)
    assert await world.expected() == at("2026-12-08 16:00")


async def test_another_zone_keeps_the_wall_clock(world: Together) -> None:
    def move(store: Store) -> None:
        changed = store.partnerships.change(world.partnership, zone="Europe/Berlin")
        schedules.follow(store, changed, MONDAY)

    await world.run(move)
    assert await world.expected() == at("2026-11-24 10:00", "Europe/Berlin")


async def test_pause_acts_at_once_and_tells_the_channel(world: Together) -> None:
    paused = await world.run(standing.pause, steer(world), MONDAY)
    assert paused.schedule.paused
    assert paused.moments == ()
    assert await world.run(schedules.post_due, TUESDAY, 200) == 0
    (note,) = await world.outgoing(Kind.SCHEDULE_NOTE)
    told = await world.read(standing.told, note.subject, MONDAY)
    assert (told.entry.event, told.by.name, told.next) == (Event.PAUSED, "Bo", None)
    with pytest.raises(NotPossible, match="paused already"):
        await world.run(standing.pause, steer(world), MONDAY)
    resumed = await world.run(standing.resume, steer(world), TUESDAY + timedelta(days=1))
    assert resumed.moments[0] == at("2026-12-08 10:00")
    with pytest.raises(NotPossible, match="not paused"):
        await world.run(standing.resume, steer(world), TUESDAY + timedelta(days=1))


async def test_a_pause_until_a_day_ends_by_itself(world: Together) -> None:
    await world.run(standing.pause, steer(world, until=date(2026, 12, 9)), MONDAY)
    assert await world.expected() == at("2026-12-22 10:00")
    stands = await world.read(
        standing.standing, world.installation, CHANNEL, CHECKIN, at("2026-12-10 09:00")
    )
    assert not stands.schedule.paused_on(date(2026, 12, 10))
    with pytest.raises(Unclear, match="not in the future"):
        await world.run(standing.pause, steer(world, until=date(2026, 11, 23)), MONDAY)


async def test_a_pause_before_the_start_holds_the_first_one_back(database: Database) -> None:
    world = Together(database)
    await world.begin(*EVERYBODY, start=False)
    await world.run(standing.pause, steer(world), MONDAY)
    for person in (DANA, BO, HUI):
        await world.agree(person)
    assert await world.expected() is None
    assert await world.expected(DIGEST) == FRIDAY
    await world.run(standing.resume, steer(world), MONDAY)
    assert await world.expected() == TUESDAY


async def test_skip_leaves_one_out_and_can_be_taken_back(world: Together) -> None:
    skipped = await world.run(standing.skip, steer(world), MONDAY)
    assert skipped.moments[0] == at("2026-12-08 10:00")
    assert [each.state for each in await world.occurrences()] == [State.SKIPPED]
    kept = await world.run(standing.unskip, steer(world), MONDAY)
    assert kept.moments[0] == TUESDAY
    await world.run(schedules.post_due, TUESDAY, 200)
    assert [each.state for each in await world.occurrences()] == [State.OPEN]
    with pytest.raises(NotPossible):
        await world.run(standing.unskip, steer(world), TUESDAY)


async def test_what_was_skipped_stays_skipped_after_a_pause(world: Together) -> None:
    await world.run(standing.skip, steer(world), MONDAY)
    await world.run(standing.skip, steer(world), MONDAY)
    await world.run(standing.pause, steer(world), MONDAY)
    resumed = await world.run(standing.resume, steer(world), MONDAY)
    assert resumed.moments[0] == at("2026-12-22 10:00")
    kept = await world.run(standing.unskip, steer(world), MONDAY)
    assert kept.moments[0] == at("2026-12-08 10:00")


async def test_a_request_delivered_twice_acts_once(world: Together) -> None:
    request = steer(world)
    first = await world.run(standing.skip, request, MONDAY)
    again = await world.run(standing.skip, request, MONDAY)
    assert first.moments == again.moments
    assert len(await world.outgoing(Kind.SCHEDULE_NOTE)) == 1


async def test_there_is_nothing_to_skip_before_the_start_or_while_paused(
    database: Database,
) -> None:
    world = Together(database)
    await world.begin(*EVERYBODY, start=False)
    with pytest.raises(NotPossible, match="said OK"):
        await world.run(standing.skip, steer(world), MONDAY)
    for person in (DANA, BO, HUI):
        await world.agree(person)
    await world.run(standing.pause, steer(world), MONDAY)
    with pytest.raises(NotPossible, match="paused"):
        await world.run(standing.skip, steer(world), MONDAY)


async def test_a_checkin_that_somebody_asks_for_works_before_the_start(
    database: Database,
) -> None:
    world = Together(database)
    await world.begin(*EVERYBODY, start=False)
    asked = await world.run(standing.ask_now, steer(world), MONDAY)
    assert (asked.state, asked.at, asked.slot) == (State.OPEN, MONDAY, 1)
    assert len(await world.outgoing(Kind.PROMPT)) == 1
    with pytest.raises(NotPossible, match="open already"):
        await world.run(standing.ask_now, steer(world), MONDAY + timedelta(hours=1))
    again = await world.run(standing.ask_now, steer(world), MONDAY + timedelta(hours=13))
    assert again.slot == 2


async def test_a_checkin_that_never_got_there_does_not_stand_in_the_way_of_another(
    world: Together,
) -> None:
    await world.run(standing.ask_now, steer(world), MONDAY)
    await world.run(
        lambda store: (
            store.connection.execute(
                update(message).where(message.c.kind == Kind.PROMPT).values(state=Sending.REFUSED)
            )
            and None
        )
    )
    again = await world.run(standing.ask_now, steer(world), MONDAY + timedelta(minutes=5))
    assert again.slot == 2


async def test_asked_for_on_its_day_it_takes_the_place_of_the_one_on_schedule(
    world: Together,
) -> None:
    early = at("2026-11-24 08:30")
    asked = await world.run(standing.ask_now, steer(world), early)
    assert (asked.nominal, asked.slot) == (date(2026, 11, 24), 0)
    assert await world.run(schedules.post_due, TUESDAY, 200) == 0
    assert await world.expected() == at("2026-12-08 10:00")


async def test_an_ended_partnership_is_due_no_more(world: Together) -> None:
    await world.run(lambda store: schedules.end(store, store.partnerships.by_id(world.partnership)))
    assert await world.run(schedules.post_due, FRIDAY + 9 * WEEK, 200) == 0
    assert await world.occurrences() == []


async def test_where_the_app_is_not_installed_any_more_nothing_is_posted_and_nothing_waits(
    world: Together,
) -> None:
    await world.run(lambda store: store.installations.end(world.installation, MONDAY))
    await world.run(schedules.post_due, TUESDAY, 200)
    assert [each.state for each in await world.occurrences()] == [State.MISSED]
    assert await world.outgoing(Kind.PROMPT) == []
    assert await world.run(schedules.post_due, TUESDAY, 200) == 0


async def test_a_tick_deals_with_a_batch_at_a_time(world: Together) -> None:
    both = at("2026-11-27 15:30")
    assert await world.run(schedules.post_due, both, 1) == 1
    assert await world.run(schedules.post_due, both, 1) == 1
    assert await world.run(schedules.post_due, both, 1) == 0
    assert len(await world.occurrences()) == 1
    assert len(await world.occurrences(DIGEST)) == 1


async def test_the_zone_of_the_partnership_counts(world: Together) -> None:
    stands = await world.read(standing.standing, world.installation, CHANNEL, CHECKIN, MONDAY)
    assert stands.schedule.zone == NEW_YORK
    assert stands.moments == (TUESDAY, at("2026-12-08 10:00"), at("2026-12-22 10:00"))


async def test_nobody_is_asked_how_things_go_right_after_the_start(database: Database) -> None:
    world = Together(database)
    await world.begin(*EVERYBODY, start=False, now=MONDAY)
    for person in (DANA, BO, HUI):
        await world.agree(person, MONDAY)
    assert await world.expected() == at("2026-12-01 10:00")
    assert await world.expected(DIGEST) == FRIDAY
