"""Who is reminded of what and when, as it is stored; on both databases."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.commitments import Audience
from bot.domain.errors import NotFound, Unclear
from bot.domain.people import Member, Person
from bot.domain.posts import Kind, State
from bot.domain.preferences import Hours, Notice
from bot.domain.reminders import Reminder
from bot.services import commitments, preferences
from bot.services import reminders as services
from bot.services.commitments import Turn, Which, Wish
from bot.services.preferences import Wish as Chosen
from storage.database import Database
from storage.store import Store
from storage.tables import member as people
from storage.tables import message, presence, reminder, reminder_turn
from tests.services.together import AMINA, BO, DANA, EVERYBODY, HUI, MONDAY, PRIYA, Together, at

AYO, CHI = (
    Person("TNORTH", f"U{name.upper()}", name, team_name="Northside Youth")
    for name in ("Ayo", "Chi")
)


@pytest.fixture
async def together(database: Database) -> Together:
    opened = Together(database)
    await opened.begin(*EVERYBODY)
    return opened


async def pass_until(together: Together, until: datetime, since: datetime = MONDAY) -> None:
    """Let the time go by: the clock looks at everybody whose turn it is."""
    while (due := await together.read(lambda store: store.reminders.next_turn())) is not None:
        if due > until:
            break
        now = max(due, since)
        for _ in range(100):
            if not await together.run(services.remind, now, 200):
                break
        else:
            pytest.fail(f"the clock never comes to an end at {now}")
        await together.deliver()


async def told(together: Together, person: Person) -> list[tuple[str, list[tuple[int, Notice]]]]:
    """What somebody was told: each day, with what was in it."""

    def look(store: Store) -> list[tuple[str, list[tuple[int, Notice]]]]:
        member = store.people.by_key(together.installation, person.team, person.user)
        rows = store.connection.execute(
            select(reminder.c.id)
            .where(reminder.c.member_id == (member.id if member else 0))
            .order_by(reminder.c.day)
        ).scalars()
        kept = [store.reminders.by_id(each) for each in rows.all()]
        return [
            (
                f"{each.day:%a %m-%d}",
                [
                    (store.commitments.by_id(item.commitment_id).number, item.notice)
                    for item in each.items
                ],
            )
            for each in kept
        ]

    found: list[tuple[str, list[tuple[int, Notice]]]] = await together.read(look)
    return found


async def days(together: Together, person: Person = BO) -> list[str]:
    """The days on which somebody was told anything."""
    return [day for day, _ in await told(together, person)]


async def choose(together: Together, person: Person, now: datetime, **wishes: Any) -> None:
    await together.run(preferences.choose, Chosen(together.installation, person, **wishes), now)


async def member(together: Together, person: Person) -> Member:
    found: Member = await together.read(
        lambda store: store.people.by_key(together.installation, person.team, person.user)
    )
    return found


async def shown(together: Together, person: Person, now: datetime) -> Reminder | None:
    """The newest reminder of somebody, as it would be shown now."""

    def look(store: Store) -> Reminder | None:
        found = store.people.by_key(together.installation, person.team, person.user)
        newest = store.connection.execute(
            select(reminder.c.id)
            .where(reminder.c.member_id == (found.id if found else 0))
            .order_by(reminder.c.id.desc())
        ).scalars()
        return services.shown(store, newest.first() or 0, now)

    value: Reminder | None = await together.read(look)
    return value


async def test_all_of_a_persons_are_in_one_message(together: Together) -> None:
    for what, due in (("invite", date(2026, 11, 30)), ("call", date(2026, 12, 9))):
        await together.promise(BO, what, due, by=DANA)
    await together.promise(BO, "drive", date(2026, 12, 11), by=DANA, accepted=False)
    await pass_until(together, at("2026-11-30 23:00"))
    assert await told(together, BO) == [
        ("Mon 11-30", [(3, Notice.ANSWER), (1, Notice.DUE), (2, Notice.LATER)])
    ]
    (post,) = await together.outgoing(Kind.REMINDER)
    assert post.member == (await member(together, BO)).id


async def test_nobody_is_told_on_the_day_on_which_it_came_up(together: Together) -> None:
    await together.promise(BO, due=date(2026, 11, 23))
    await pass_until(together, at("2026-11-23 23:00"))
    assert await days(together) == []
    await pass_until(together, at("2026-11-24 23:00"))
    assert await told(together, BO) == [("Tue 11-24", [(1, Notice.OVERDUE)])]


async def test_it_comes_at_the_hours_and_in_the_zone_that_somebody_chose(
    together: Together,
) -> None:
    monday = at("2026-11-23 10:00")
    await choose(together, BO, monday, hours=Hours(time(18), time(21)), zone="Asia/Tokyo")
    await together.promise(BO)
    await pass_until(together, at("2026-12-01 09:00"))
    rows = await together.read(
        lambda store: store.connection.execute(
            select(message.c.created_at).where(message.c.kind == Kind.REMINDER)
        ).scalars()
    )
    assert list(rows) == [
        at("2026-11-30 18:00", "Asia/Tokyo"),
        at("2026-12-01 18:00", "Asia/Tokyo"),
    ]


async def test_never_on_closed_days_nor_while_somebody_is_away(together: Together) -> None:
    await together.close_days("Northside Youth", date(2026, 11, 30), date(2026, 12, 1))
    bo = await member(together, BO)
    await together.run(
        lambda store: (
            store.aways.add(bo.id, date(2026, 12, 7), date(2026, 12, 11), at("2026-11-23 09:00"))
            and None
        )
    )
    await together.promise(BO, due=date(2026, 11, 30))
    await pass_until(together, at("2026-12-14 23:00"))
    assert await days(together) == ["Fri 11-27", "Wed 12-02", "Mon 12-14"]


async def test_what_waits_for_an_answer_reminds_whom_it_waits_for(together: Together) -> None:
    asked = await together.promise(BO, by=DANA, accepted=False, due=None)
    await pass_until(together, at("2026-11-30 23:00"))
    assert await told(together, BO) == [("Mon 11-30", [(1, Notice.ANSWER)])]
    which = Which(together.installation, commitment_id=asked.id)
    turn = Turn(together.key(), BO, which)
    now = at("2026-12-01 10:00")
    await together.run(commitments.accept_if, turn, "travel is paid", now)
    await pass_until(together, at("2026-12-07 23:00"), now)
    assert await days(together) == ["Mon 11-30"]
    assert await told(together, DANA) == [("Mon 12-07", [(1, Notice.ANSWER)])]
    assert await days(together, PRIYA) == []  # the colleagues of whoever asked hear nothing


async def test_nothing_is_told_before_the_organizations_have_said_ok(database: Database) -> None:
    together = Together(database)
    await together.begin(*EVERYBODY, start=False)
    await together.promise(BO)
    await pass_until(together, at("2026-12-14 23:00"))
    assert await days(together) == []
    for person in (DANA, BO, HUI):
        await together.agree(person, at("2026-12-15 10:00"))
    await pass_until(together, at("2026-12-21 23:00"), at("2026-12-15 10:00"))
    assert await days(together) == ["Mon 12-21"]


async def test_who_left_the_channel_is_not_reminded(together: Together) -> None:
    await together.promise(BO)
    bo = await member(together, BO)
    await together.run(
        lambda store: (
            store.connection.execute(
                update(presence)
                .where(presence.c.member_id == bo.id)
                .values(until=at("2026-11-24 09:00"))
            )
            and None
        )
    )
    await pass_until(together, at("2026-12-14 23:00"))
    assert await days(together) == []


async def test_who_was_deactivated_is_not_reminded(together: Together) -> None:
    await together.promise(BO)
    bo = await member(together, BO)
    await together.run(
        lambda store: (
            store.connection.execute(update(people).where(people.c.id == bo.id).values(kind="gone"))
            and None
        )
    )
    await pass_until(together, at("2026-12-14 23:00"))
    assert await days(together) == []


async def test_a_turn_is_known_only_while_there_is_something(together: Together) -> None:
    made = await together.promise(BO)

    async def turns() -> int:
        rows = await together.read(
            lambda store: store.connection.execute(select(reminder_turn.c.member_id)).all()
        )
        return len(rows)

    assert await turns() == 1
    turn = Turn(together.key(), BO, Which(together.installation, commitment_id=made.id))
    await together.run(commitments.report_done, turn, at("2026-11-24 10:00"))
    await pass_until(together, at("2026-11-24 12:00"))
    assert await turns() == 0
    assert await together.read(lambda store: store.reminders.next_turn()) is None


async def test_a_new_date_moves_its_reminders_too(together: Together) -> None:
    made = await together.promise(BO, due=date(2026, 11, 30))
    turn = Turn(together.key(), BO, Which(together.installation, commitment_id=made.id))
    wish = Wish(due=date(2026, 12, 2))
    await together.run(commitments.change, turn, wish, at("2026-11-27 10:00"))
    await pass_until(together, at("2026-12-02 23:00"))
    assert await days(together) == ["Wed 12-02"]


async def test_each_notice_can_be_off_while_the_others_go_on(together: Together) -> None:
    await choose(together, BO, at("2026-11-23 09:30"), off=frozenset({Notice.LATER}))
    await together.promise(BO, due=date(2026, 12, 9))
    await pass_until(together, at("2026-12-10 23:00"))
    assert await days(together) == ["Wed 12-09", "Thu 12-10"]
    now = at("2026-12-11 09:30")
    await choose(together, BO, now, off=frozenset(Notice))
    await pass_until(together, at("2027-01-04 23:00"), now)
    assert await days(together) == ["Wed 12-09", "Thu 12-10"]


async def test_a_pause_holds_until_its_day_and_no_longer(together: Together) -> None:
    await together.promise(BO, due=date(2027, 1, 20))
    wish = (together.installation, BO, "mentoring-partners", date(2026, 12, 8))
    await together.run(preferences.pause, *wish, at("2026-11-24 10:00"))
    await pass_until(together, at("2026-12-14 23:00"))
    assert await days(together) == ["Mon 12-14"]
    now = at("2026-12-15 10:00")
    await together.run(preferences.pause, together.installation, BO, None, None, now)
    await pass_until(together, at("2026-12-21 23:00"), now)
    assert await days(together) == ["Mon 12-14"]
    now = at("2026-12-22 10:00")
    await together.run(preferences.resume, together.installation, BO, None, now)
    await pass_until(together, at("2026-12-28 23:00"), now)
    assert await days(together) == ["Mon 12-14", "Mon 12-28"]


async def test_a_pause_needs_a_day_ahead_and_a_channel_that_one_is_in(together: Together) -> None:
    now = at("2026-11-24 10:00")
    for until in (date(2026, 11, 24), date(2030, 1, 1)):
        with pytest.raises(Unclear, match="from tomorrow on"):
            await together.run(preferences.pause, together.installation, BO, None, until, now)
    with pytest.raises(NotFound, match="no channel of that name"):
        await together.run(preferences.pause, together.installation, BO, "#other", None, now)


async def test_what_is_put_off_comes_back_on_its_day(together: Together) -> None:
    made = await together.promise(BO, due=date(2026, 12, 20))
    which = Which(together.installation, commitment_id=made.id)
    until = date(2026, 12, 10)
    await together.run(services.snooze, which, BO, until, at("2026-11-24 10:00"))
    await pass_until(together, at("2026-12-10 23:00"))
    assert await days(together) == ["Thu 12-10"]
    with pytest.raises(Unclear, match="from tomorrow on"):
        await together.run(services.snooze, which, BO, until, at("2026-12-10 10:00"))


async def test_a_lead_hears_of_what_is_long_past_only_where_there_are_more_than_three(
    together: Together,
) -> None:
    """Northside's lead is Bo, who said OK; with Amina, Ayo and Chi they are four."""
    await together.promise(AMINA, due=date(2026, 11, 25))
    await pass_until(together, at("2026-12-21 23:00"))
    assert await days(together, BO) == []

    def come(store: Store) -> None:
        for person in (AYO, CHI):
            known = store.people.met(together.installation, person, at("2026-12-22 09:00"))
            store.partnerships.seen(together.partnership, known.id, at("2026-12-22 09:00"))

    await together.run(come)
    await pass_until(together, at("2027-01-04 23:00"), at("2026-12-22 09:00"))
    assert await told(together, BO) == [
        ("Mon 12-28", [(1, Notice.LEAD)]),
        ("Mon 01-04", [(1, Notice.LEAD)]),
    ]


async def test_an_account_that_is_switched_off_makes_no_organization_larger(
    together: Together,
) -> None:
    """Northside has Bo, who leads, Amina, Ayo and Chi; Chi's account is switched off."""
    when = at("2026-11-23 09:00")

    def come(store: Store) -> None:
        for person in (AYO, CHI):
            known = store.people.met(together.installation, person, when)
            store.partnerships.seen(together.partnership, known.id, when)
        gone = update(people).where(people.c.user == CHI.user).values(kind="gone")
        store.connection.execute(gone)

    await together.run(come)
    await together.promise(AMINA, due=date(2026, 11, 25))
    await pass_until(together, at("2026-12-28 23:00"))
    assert await days(together, BO) == []


async def test_a_lead_is_not_told_what_is_stuck_in_private(together: Together) -> None:
    def come(store: Store) -> None:
        for person in (AYO, CHI):
            known = store.people.met(together.installation, person, at("2026-11-23 09:00"))
            store.partnerships.seen(together.partnership, known.id, at("2026-11-23 09:00"))

    await together.run(come)
    made = await together.promise(AMINA, due=date(2026, 11, 25))
    turn = Turn(
        together.key(), AMINA, Which(together.installation, commitment_id=made.id), "no money"
    )
    await together.run(commitments.report_stuck, turn, Audience.OWNER, at("2026-11-24 09:00"))
    await pass_until(together, at("2026-12-14 12:00"))
    value = await shown(together, BO, at("2026-12-14 12:00"))
    assert value is not None
    assert [each.commitment.risk for each in value.lines] == [None]


async def test_a_reminder_shows_what_is_now_and_asks_for_the_rest(together: Together) -> None:
    first = await together.promise(BO, "invite", date(2026, 11, 30))
    await together.promise(BO, "call", date(2026, 12, 9))
    await pass_until(together, at("2026-11-30 10:00"))
    turn = Turn(together.key(), BO, Which(together.installation, commitment_id=first.id))
    await together.run(commitments.report_done, turn, at("2026-11-30 10:00"))
    (post,) = await together.outgoing(Kind.REMINDER)
    assert post.wanted == 2  # the message is to be brought up to date
    value = await shown(together, BO, at("2026-12-01 22:00"))
    assert value is not None
    assert [each.waits for each in value.lines] == [False, True]


async def test_what_did_not_go_out_in_time_is_not_sent_late_but_told_on_the_next_day(
    together: Together,
) -> None:
    """Slack could not be reached until the evening: nobody is written to outside their hours."""
    await together.promise(BO, due=date(2026, 12, 9))
    now = at("2026-11-30 09:00")
    await together.run(services.remind, at("2026-11-23 09:00"), 200)
    await together.run(services.remind, now, 200)
    assert await days(together) == ["Mon 11-30"]
    assert await shown(together, BO, at("2026-11-30 16:59")) is not None
    assert await shown(together, BO, at("2026-11-30 17:00")) is None
    assert await shown(together, BO, at("2026-12-01 10:00")) is None
    await together.run(
        lambda store: (
            store.connection.execute(
                update(message)
                .where(message.c.kind == Kind.REMINDER)
                .values(state=State.WITHDRAWN, pending=False)
            )
            and None
        )
    )
    await together.run(services.remind, at("2026-12-01 09:00"), 200)
    assert await days(together) == ["Mon 11-30", "Tue 12-01"]


async def test_nothing_is_sent_of_which_nothing_is_left_to_do(together: Together) -> None:
    made = await together.promise(BO, due=date(2026, 12, 9))
    for now in (at("2026-11-23 09:00"), at("2026-11-30 09:00")):
        await together.run(services.remind, now, 200)
    turn = Turn(together.key(), BO, Which(together.installation, commitment_id=made.id))
    await together.run(commitments.report_done, turn, at("2026-11-30 09:01"))
    assert await shown(together, BO, at("2026-11-30 09:02")) is None


async def test_it_tells_only_of_channels_that_its_reader_is_in(together: Together) -> None:
    await together.promise(BO, due=date(2026, 12, 9))
    await pass_until(together, at("2026-11-30 10:00"))
    value = await shown(together, BO, at("2026-11-30 10:00"))
    assert value is not None
    (channel,) = services.channels(value)
    assert services.within(value, frozenset({channel})) == value
    emptied = services.within(value, frozenset())
    assert emptied is not None  # it has reached them: the old words shall not stand
    assert emptied.lines == ()
    assert services.within(replace(value, sent=False), frozenset()) is None


async def test_two_clocks_at_once_tell_it_once(together: Together) -> None:
    await together.promise(BO, due=date(2026, 12, 9))
    await together.run(services.remind, at("2026-11-23 09:00"), 200)
    now = at("2026-11-30 09:00")
    for _ in range(2):
        await together.run(services.remind, now, 200)
        await together.run(
            lambda store: (
                store.connection.execute(update(reminder_turn).values(at=now, day=None)) and None
            )
        )
    assert await days(together) == ["Mon 11-30"]
    assert len(await together.outgoing(Kind.REMINDER)) == 1


async def test_many_things_are_one_message_of_ten_and_one_query(
    together: Together,
) -> None:
    for number in range(30):
        await together.promise(BO, f"call {number}", date(2026, 12, 9))
    bo = await member(together, BO)
    assert await together.queries(lambda store: store.reminders.candidates(bo)) == 1
    await pass_until(together, at("2026-11-30 23:00"))
    ((_, items),) = await told(together, BO)
    assert len(items) == services.LINES
    value = await shown(together, BO, at("2026-11-30 10:00"))
    assert value is not None
    assert value.more == 30 - services.LINES


async def test_somebody_whom_nobody_has_met_has_the_usual_settings(together: Together) -> None:
    zoe = Person("TNORTH", "UZOE", "Zoe", zone="Europe/Lisbon")
    found = await together.read(
        preferences.shown, together.installation, zoe, at("2026-11-30 12:00")
    )
    assert found.member is None
    assert found.times.zone == "Europe/Lisbon"
    assert found.spots == ()
    assert found.today == date(2026, 11, 30)
