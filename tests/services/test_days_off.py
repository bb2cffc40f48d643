"""Closed days, days away and changes of settings, on both databases."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.away import Times
from bot.domain.closed_days import Calendar, Clash, Holidays, Source
from bot.domain.errors import NotAllowed, NotPossible, OutOfDate, Unclear
from bot.domain.partnerships import Change, Ended, Setting, Step
from bot.domain.people import Person
from bot.domain.posts import Kind
from bot.domain.schedules import ScheduleKind, local_day
from bot.services import (
    away,
    beginning,
    calendar_files,
    changes,
    closed_days,
    comings,
    due_days,
    own_organization,
    public_holidays,
    reminders,
    setup,
)
from bot.services.away import Back, Leave
from bot.services.beginning import Begin
from bot.services.closed_days import Close, Remove
from bot.services.comings import Happened
from bot.services.setup import SetUp
from storage.database import Database
from storage.store import Store
from tests.services.together import (
    AMINA,
    BO,
    CHANNEL,
    DANA,
    EVERYBODY,
    HUI,
    MONDAY,
    NEW_YORK,
    Together,
    at,
)

TODAY = date(2026, 11, 23)
STRANGER = Person("TACME", "UNEW", "Nia", kind=HUI.kind)


@pytest.fixture
async def world(database: Database) -> Together:
    made = Together(database)
    await made.begin(*EVERYBODY)
    return made


async def close(world: Together, person: Person, now: datetime = MONDAY, **given: Any) -> Calendar:
    given.setdefault("source", Source.OWN)
    key = given.pop("key", None) or world.key()
    request = Close(key, world.installation, person, zone=NEW_YORK, **given)
    made: Calendar = await world.run(closed_days.close, request, now)
    return made


async def go_on(world: Together, now: datetime) -> int:
    """As the clock does; returns how many calendars were gone on with."""
    done = 0
    while (found := await world.read(closed_days.ending, now)) is not None:
        organization, entries = found
        ready = closed_days.work_out(entries, local_day(now, "UTC"))
        await world.run(closed_days.go_on, organization, ready, now)
        done += 1
    return done


async def labels(world: Together, name: str, until: date = date(2032, 1, 1)) -> dict[date, str]:
    def look(store: Store) -> dict[date, str]:
        parts = store.partnerships.organizations(world.partnership)
        found = next(each.organization.id for each in parts if each.organization.name == name)
        return store.closed_days.days(found, date(2026, 1, 1), until)

    days: dict[date, str] = await world.read(look)
    return days


async def test_a_repeated_delivery_closes_days_once(world: Together) -> None:
    for _ in range(2):
        calendar = await close(
            world, BO, first=date(2026, 12, 24), last=date(2026, 12, 26), label="x", key="once"
        )
    assert len(calendar.entries) == 1
    assert list(await labels(world, "Northside Youth")) == [date(2026, 12, n) for n in (24, 25, 26)]


async def test_what_one_organization_notes_closes_no_other(world: Together) -> None:
    await close(world, BO, first=date(2026, 12, 24), last=date(2026, 12, 24))
    assert await labels(world, "Acme") == {}


async def test_only_its_own_people_take_an_entry_out(world: Together) -> None:
    calendar = await close(world, BO, first=date(2026, 12, 24), last=date(2026, 12, 24))
    (entry,) = calendar.entries
    for person in (DANA, HUI):
        request = Remove(world.key(), world.installation, person, entry.id, NEW_YORK)
        with pytest.raises(NotAllowed):
            await world.run(closed_days.remove, request, MONDAY)
    request = Remove(world.key(), world.installation, AMINA, entry.id, NEW_YORK)
    assert (await world.run(closed_days.remove, request, MONDAY)).entries == ()
    assert await labels(world, "Northside Youth") == {}


async def test_what_is_past_stays_when_an_entry_is_taken_out(world: Together) -> None:
    calendar = await close(world, BO, first=date(2026, 11, 23), last=date(2026, 11, 27))
    request = Remove(world.key(), world.installation, BO, calendar.entries[0].id, NEW_YORK)
    await world.run(closed_days.remove, request, MONDAY + timedelta(days=2))
    assert list(await labels(world, "Northside Youth")) == [date(2026, 11, 23), date(2026, 11, 24)]


async def test_somebody_without_an_organization_cannot_close_anything(world: Together) -> None:
    with pytest.raises(NotAllowed, match="which organization"):
        await close(world, STRANGER, first=TODAY, last=TODAY)


async def test_holidays_are_worked_out_years_ahead_and_the_clock_goes_on(world: Together) -> None:
    which = Holidays("US", "NY")
    until = date(2031, 12, 31)
    days = public_holidays.days(which, TODAY, until)
    await close(
        world,
        BO,
        source=Source.HOLIDAYS,
        label="United States",
        detail=closed_days.detail_of(which),
        days=days,
    )
    assert max(await labels(world, "Northside Youth")) == date(2031, 12, 25)
    assert await go_on(world, MONDAY) == 0
    later = at("2028-01-03 09:00")
    assert await world.read(closed_days.next_end) <= later
    assert await go_on(world, later) == 1
    assert await go_on(world, later) == 0
    found = await labels(world, "Northside Youth", date(2040, 1, 1))
    assert max(found) == date(2033, 12, 26)
    assert date(2026, 12, 25) in found


async def test_a_calendar_file_goes_on_too(world: Together) -> None:
    text = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20260301\nRRULE:FREQ=YEARLY\n"
        "SUMMARY:Founding day\nEND:VEVENT\nEND:VCALENDAR"
    )
    found = calendar_files.read(text, TODAY, date(2031, 12, 31))
    await close(
        world, HUI, source=Source.FILE, label="x", detail={"text": found.text}, days=found.days
    )
    await go_on(world, at("2028-01-03 09:00"))
    days = await labels(world, "Harbor Women in Media", date(2040, 1, 1))
    assert days[date(2033, 3, 1)] == "Founding day"


async def test_the_check_in_moves_off_holidays_of_any_organization(world: Together) -> None:
    await close(world, HUI, first=date(2026, 11, 24), last=date(2026, 11, 24), label="moving")
    await world.pass_until(at("2026-11-30 09:00"))
    (asked,) = await world.occurrences()
    assert asked.at == at("2026-11-25 10:00")
    assert [(each.organization, each.label) for each in asked.because] == [
        ("Harbor Women in Media", "moving")
    ]


async def test_48_hours_do_not_run_on_closed_days(world: Together) -> None:
    await close(world, BO, first=date(2026, 11, 25), last=date(2026, 11, 26))
    await world.pass_until(at("2026-11-24 10:00"))
    (asked,) = await world.occurrences()
    assert asked.closes_at == at("2026-11-30 10:00")


# Away


async def leave(world: Together, person: Person, first: date, last: date) -> Times:
    request = Leave(world.key(), world.installation, person, NEW_YORK, first, last)
    found: Times = await world.run(away.leave, request, MONDAY)
    return found


async def test_one_can_ask_of_many_people_at_once_who_is_off(world: Together) -> None:
    await close(world, BO, first=date(2026, 12, 24), last=date(2026, 12, 24))
    await leave(world, BO, date(2026, 12, 1), date(2026, 12, 2))

    def look(store: Store) -> list[tuple[bool, bool]]:
        people = [store.people.by_key(world.installation, p.team, p.user) for p in (BO, AMINA)]
        ids = [each.id for each in people if each is not None]
        found = store.aways.days_off(ids, TODAY)
        return [
            (found[each].off_on(date(2026, 12, 1)), found[each].off_on(date(2026, 12, 24)))
            for each in ids
        ]

    assert await world.read(look) == [(True, True), (False, True)]

    def asked(store: Store) -> None:
        store.aways.days_off(range(1, 200), TODAY)

    assert await world.queries(asked) <= 4


async def test_nobody_takes_back_what_is_another_persons(world: Together) -> None:
    times = await leave(world, BO, date(2026, 12, 1), date(2026, 12, 2))
    request = Back(world.key(), world.installation, HUI, NEW_YORK, away_id=times.times[0].id)
    with pytest.raises(NotPossible):
        await world.run(away.back, request, MONDAY)


async def test_a_date_is_compared_with_owner_and_both_organizations(world: Together) -> None:
    made = await world.promise(BO, by=DANA, due=date(2026, 12, 25), accepted=False)
    assert await world.read(due_days.pointed_out, made, MONDAY) is None
    await close(world, DANA, first=date(2026, 12, 25), last=date(2026, 12, 25), label="Christmas")
    await leave(world, BO, date(2026, 12, 21), date(2026, 12, 28))
    found: Clash = await world.read(due_days.pointed_out, made, MONDAY)
    assert [each.organization for each in found.closed] == ["Acme"]
    assert found.away_until == date(2026, 12, 28)
    assert (found.before, found.after) == (date(2026, 12, 18), date(2026, 12, 29))


# Changes


async def suggest(world: Together, person: Person, now: datetime = MONDAY, **more: Any) -> Change:
    request = SetUp(
        world.key(),
        world.installation,
        world.partnership,
        person,
        more={Setting(name): value for name, value in more.items()},
    )
    arranged = await world.run(setup.set_up, request, now)
    change: Change = arranged.announced[-1]
    return change


async def say(world: Together, service: Any, person: Person, change: Change) -> Change:
    request = changes.Answer(world.key(), world.installation, CHANNEL, person, change.id)
    found: Change = await world.run(service, request, MONDAY)
    return found


async def held(world: Together) -> Any:
    return await world.read(changes.held, world.partnership, Setting.KEEP)


async def test_with_the_last_ok_a_change_holds(world: Together) -> None:
    change = await suggest(world, BO, keep=90)
    await say(world, changes.agree_to, DANA, change)
    assert await held(world) == 365
    done = await say(world, changes.agree_to, HUI, change)
    assert done.applied_at is not None
    assert await held(world) == 90


@pytest.mark.parametrize("service", [changes.object_to, changes.withdraw])
async def test_what_ended_stays_ended(world: Together, service: Any) -> None:
    change = await suggest(world, BO, keep=90)
    ended = await say(world, service, BO, change)
    assert ended.ended_as in {Ended.OBJECTED, Ended.WITHDRAWN}
    for again in (changes.agree_to, changes.object_to, changes.withdraw):
        with pytest.raises(OutOfDate):
            await say(world, again, BO, change)
    assert await held(world) == 365


async def test_others_object_but_do_not_take_back(world: Together) -> None:
    change = await suggest(world, BO, keep=90)
    with pytest.raises(NotAllowed):
        await say(world, changes.withdraw, DANA, change)


async def test_the_same_suggested_again_while_it_waits_is_not_announced_twice(
    world: Together,
) -> None:
    first = await suggest(world, BO, keep=90)
    second = await suggest(world, DANA, keep=90)
    assert second.id == first.id


async def test_an_organization_that_leaves_is_not_waited_for(world: Together) -> None:
    change = await suggest(world, BO, keep=90)
    await say(world, changes.agree_to, DANA, change)

    def leave_(store: Store) -> None:
        parts = store.partnerships.organizations(world.partnership)
        gone = next(each for each in parts if each.organization.team is None)
        store.partnerships.change_participation(gone.id, left_at=MONDAY)

    await world.run(leave_)
    await world.run(changes.apply_due, change.begins_at, 200)
    assert await held(world) == 90


async def test_without_everybodys_ok_it_lapses_after_ten_open_days(world: Together) -> None:
    await close(world, HUI, first=date(2026, 11, 25), last=date(2026, 11, 25))
    change = await suggest(world, BO, keep=90)
    assert change.begins_at == at("2026-12-09 00:00")
    assert await world.run(changes.apply_due, change.begins_at - timedelta(seconds=1), 200) == 0
    assert await world.run(changes.apply_due, change.begins_at, 200) == 1
    assert await held(world) == 365
    steps = await world.read(lambda store: store.partnerships.history(world.partnership))
    assert steps[-1].step is Step.LAPSED


async def test_a_rhythm_still_begins_by_itself(world: Together) -> None:
    request = SetUp(world.key(), world.installation, world.partnership, BO, zone="America/Chicago")
    arranged = await world.run(setup.set_up, request, MONDAY)
    (change,) = arranged.announced
    with pytest.raises(NotPossible):
        await say(world, changes.agree_to, DANA, change)
    await world.run(changes.apply_due, change.begins_at, 200)
    assert (await world.now()).zone == "America/Chicago"
    assert await world.expected(ScheduleKind.CHECKIN) is not None


async def test_what_is_announced_waits_while_the_partnership_has_ended(world: Together) -> None:
    request = SetUp(world.key(), world.installation, world.partnership, BO, zone="America/Chicago")
    arranged = await world.run(setup.set_up, request, MONDAY)
    (change,) = arranged.announced
    later = change.begins_at + timedelta(days=1)
    await world.run(comings.removed, Happened("e1", world.installation, CHANNEL), MONDAY)
    assert await world.read(lambda store: store.settings.next_beginning()) is None
    assert await world.run(changes.apply_due, later, 200) == 0
    assert (await world.now()).zone == NEW_YORK
    assert await world.expected(ScheduleKind.CHECKIN) is None
    began = Begin("b2", world.installation, CHANNEL, "mentoring-partners", NEW_YORK, BO, EVERYBODY)
    await world.run(beginning.begin, began, later)
    assert await world.run(changes.apply_due, later, 200) == 1
    assert (await world.now()).zone == "America/Chicago"


async def test_what_was_worked_out_before_is_not_worked_out_while_others_wait(
    world: Together,
) -> None:
    event = "BEGIN:VEVENT\nUID:1\nSUMMARY:Fair\nDTSTART;VALUE=DATE:20261201\nEND:VEVENT"
    text = f"BEGIN:VCALENDAR\n{event}\nEND:VCALENDAR"
    read = calendar_files.read(text, TODAY, date(2031, 12, 31))
    await close(world, BO, source=Source.FILE, detail={"text": read.text}, days=read.days)
    entries = await world.read(closed_days.kept, world.installation, BO)
    ready = closed_days.work_out(entries, TODAY)
    assert ready == {entries[0].id: {date(2026, 12, 1): "Fair"}}
    elsewhere = {entries[0].id: {date(2026, 12, 2): "Fair"}}  # told from what the text says
    await close(world, BO, first=date(2026, 12, 24), last=date(2026, 12, 24), ready=elsewhere)
    assert set(await labels(world, "Northside Youth")) == {date(2026, 12, 2), date(2026, 12, 24)}


def event(rule: str, start: str = "20261224", number: int = 1) -> str:
    return (
        f"BEGIN:VEVENT\nUID:{number}\nDTSTART;VALUE=DATE:{start}\nRRULE:{rule}\nSUMMARY:closed\n"
        "END:VEVENT\n"
    )


def whole(*events: str) -> str:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{''.join(events)}END:VCALENDAR"


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("FREQ=YEARLY", 6),
        ("FREQ=YEARLY;COUNT=2", 2),
        ("FREQ=YEARLY;UNTIL=20281231", 3),
        ("FREQ=WEEKLY;COUNT=1000000000", 262),
    ],
)
def test_what_recurs_ends_where_it_says_or_with_the_years_ahead(rule: str, found: int) -> None:
    days = calendar_files.read(whole(event(rule)), TODAY, date(2031, 12, 31)).days
    assert len(days) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (whole(event("FREQ=MINUTELY")), "several times a day"),
        (whole(event("FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3")), "several times a day"),
        (
            whole(*(event("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "18500101", n) for n in range(99))),
            "Too much in this calendar repeats",
        ),
        (whole(event("FREQ=YEARLY;COUNT=5;BYMONTH=2;BYMONTHDAY=30", "20270101")), "no whole days"),
    ],
)
def test_a_rule_without_end_is_answered_with_a_sentence(text: str, said: str) -> None:
    with pytest.raises(Unclear, match=said):
        calendar_files.read(text, date(2027, 2, 1), date(2031, 12, 31))


async def test_days_off_have_the_turn_of_a_reminder_looked_at_again(world: Together) -> None:
    """Bo's next turn is on Monday; when he goes away then, it is found anew."""
    await world.promise(BO, due=date(2026, 12, 9))
    now = at("2026-11-27 12:00")
    while await world.run(reminders.remind, now, 200):
        pass
    monday = at("2026-11-30 09:00")
    assert await world.read(lambda store: store.reminders.next_turn()) == monday
    days = (date(2026, 11, 30), date(2026, 12, 1))
    await world.run(away.leave, Leave(world.key(), world.installation, BO, NEW_YORK, *days), now)
    assert await world.run(reminders.remind, now, 200) == 1
    assert await world.read(lambda store: store.reminders.next_turn()) == at("2026-12-02 09:00")
    await close(world, AMINA, now, first=date(2026, 12, 2), last=date(2026, 12, 2))
    assert await world.run(reminders.remind, now, 200) == 1
    assert await world.read(lambda store: store.reminders.next_turn()) == at("2026-12-03 09:00")
    await world.run(away.back, Back(world.key(), world.installation, BO, NEW_YORK, days[0]), now)
    assert await world.run(reminders.remind, now, 200) == 1
    assert await world.read(lambda store: store.reminders.next_turn()) == monday


async def test_another_lead_is_named_on_the_cards_of_who_is_gone(world: Together) -> None:
    made = await world.promise(BO, due=date(2026, 12, 9), by=DANA)

    async def wanted() -> int:
        (card,) = await world.outgoing(Kind.CARD)
        return card.wanted

    def leave(store: Store) -> None:
        store.partnerships.unseen(world.partnership, made.owner.id, MONDAY)

    amina = await world.read(
        lambda store: store.people.by_key(world.installation, AMINA.team, AMINA.user).id
    )
    await world.run(leave)
    before = await wanted()
    key = world.key()
    change = own_organization.Change(key, world.installation, world.partnership, AMINA, lead=amina)
    await world.run(own_organization.change, change, MONDAY)
    assert await wanted() == before + 1
