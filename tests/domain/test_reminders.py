"""On which days something is a reason to remind somebody: the rule, over whole years."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import reminders as rules
from bot.domain.away import Away, DaysOff
from bot.domain.open_days import Workdays
from bot.domain.preferences import Hours, Notice, Pause, Preferences, Times
from bot.domain.reminders import LONG_OVERDUE, Item
from tests.domain.test_preferences import DAYS, TIMES

MONDAY = date(2026, 11, 16)
PLAIN = Times("America/Chicago")
NOW = datetime(2026, 11, 16, 15, tzinfo=UTC)


def item(due: date | None, notice: Notice = Notice.DUE, **more: date | None) -> Item:
    touched = more.get("touched", MONDAY)
    return Item(1, 1, 1, notice, due, touched, more.get("snoozed"))


def days_of(one: Item, until: date, times: Times = PLAIN, after: date = MONDAY) -> list[date]:
    """All days from one to another on which it is a reason to write."""
    found = []
    day = rules.next_day(one, after, times)
    while day is not None and day <= until:
        found.append(day)
        day = rules.next_day(one, day, times)
    return found


def test_one_a_week_then_on_the_day_then_the_day_after_then_one_a_week() -> None:
    due = date(2026, 12, 9)  # a Wednesday
    assert days_of(item(due), date(2026, 12, 28)) == [
        date(2026, 11, 23),
        date(2026, 11, 30),
        due,
        due + timedelta(1),
        date(2026, 12, 21),
        date(2026, 12, 28),
    ]


def test_six_weeks_of_somebody_with_many_things_tell_each_on_its_own_days_alone() -> None:
    """What is late is told of once a week, although something else falls due each Friday."""
    fridays = [date(2026, 11, 20) + timedelta(weeks=week) for week in range(4)]
    things = [Item(n, 1, 1, Notice.DUE, due, MONDAY) for n, due in enumerate(fridays)]
    names = [f"{due:%d %b}" for due in fridays]
    told: dict[str, list[str]] = {}
    last = MONDAY
    for number in range(1, 42):
        day = MONDAY + timedelta(number)
        if not PLAIN.open_on(day):
            continue
        for each in rules.reasons(things, last, day, PLAIN):
            told.setdefault(f"{day:%d %b}", []).append(names[each.commitment_id])
        last = day
    assert told == {
        "20 Nov": ["20 Nov"],
        "23 Nov": ["20 Nov", "27 Nov", "04 Dec", "11 Dec"],
        "27 Nov": ["27 Nov"],
        "30 Nov": ["20 Nov", "27 Nov", "04 Dec", "11 Dec"],
        "04 Dec": ["04 Dec"],
        "07 Dec": ["20 Nov", "27 Nov", "04 Dec", "11 Dec"],
        "11 Dec": ["11 Dec"],
        "14 Dec": ["20 Nov", "27 Nov", "04 Dec", "11 Dec"],
        "21 Dec": ["20 Nov", "27 Nov", "04 Dec", "11 Dec"],
    }


def test_what_is_due_within_three_days_is_not_told_before_its_day() -> None:
    due = MONDAY + timedelta(10)  # a Thursday
    assert days_of(item(due), due) == [due]


def test_what_is_due_on_a_closed_day_is_told_on_the_last_open_day_before() -> None:
    saturday = date(2026, 11, 28)
    thanksgiving = frozenset({date(2026, 11, 26), date(2026, 11, 27)})
    times = Times("America/Chicago", days=DaysOff(Workdays(closed=thanksgiving)))
    assert days_of(item(saturday), date(2026, 12, 4), times) == [
        date(2026, 11, 23),
        date(2026, 11, 25),
        date(2026, 11, 30),
    ]


def test_nothing_is_told_on_the_day_on_which_one_did_something_about_it() -> None:
    today = MONDAY + timedelta(7)
    assert rules.next_day(item(today, touched=today), MONDAY, PLAIN) == today + timedelta(1)


def test_what_waits_for_an_answer_without_a_date_has_one_day_a_week() -> None:
    found = days_of(item(None, Notice.ANSWER), date(2026, 12, 8))
    assert found == [date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 7)]


def test_ones_own_without_a_date_is_never_told() -> None:
    assert rules.next_day(item(None), MONDAY, PLAIN) is None


def test_the_day_of_the_week_is_the_first_open_one() -> None:
    times = Times("UTC", days=DaysOff(Workdays(closed=frozenset({date(2026, 11, 23)}))))
    assert rules.weekly_day(times, date(2026, 11, 27)) == date(2026, 11, 24)
    away = DaysOff(Workdays(), (Away(1, 1, date(2026, 11, 21), date(2026, 11, 30)),))
    assert rules.weekly_day(Times("UTC", days=away), date(2026, 11, 27)) is None


def test_a_lead_hears_of_it_two_weeks_after_its_date_and_then_weekly() -> None:
    due = date(2026, 11, 18)
    found = days_of(item(due, Notice.LEAD), date(2026, 12, 14))
    assert found == [date(2026, 12, 7), date(2026, 12, 14)]
    assert found[0] - due >= LONG_OVERDUE


def test_what_is_put_off_is_told_on_the_day_that_was_named_and_not_before() -> None:
    snoozed = date(2026, 12, 3)
    found = days_of(item(date(2026, 12, 21), snoozed=snoozed), date(2026, 12, 8))
    assert found == [snoozed, date(2026, 12, 7)]
    saturday = date(2026, 12, 5)  # the next open day counts
    assert days_of(item(date(2026, 12, 21), snoozed=saturday), date(2026, 12, 7)) == [
        date(2026, 12, 7)
    ]


def test_a_turn_that_was_missed_is_made_up_for_once() -> None:
    due = date(2026, 11, 18)
    friday = date(2026, 11, 20)  # nobody looked since Monday
    assert rules.reasons([item(due)], MONDAY, friday, PLAIN) == (item(due),)
    assert rules.reasons([item(due)], friday, friday + timedelta(1), PLAIN) == ()


ITEMS = st.builds(
    Item,
    st.just(1),
    st.integers(1, 3),
    st.just(1),
    st.sampled_from([Notice.DUE, Notice.ANSWER, Notice.LEAD]),
    st.none() | DAYS,
    st.none() | DAYS,
    st.none() | DAYS,
)


@given(st.lists(ITEMS, min_size=1, max_size=5), TIMES, DAYS)
def test_never_on_a_day_off_and_at_most_one_weekly_day_in_a_week(
    items: list[Item], times: Times, begin: date
) -> None:
    """Whoever is looked at on every day of two months hears of things on open days alone; of what
    is due later than in three days, or long past, at most once in each week.
    """
    last = begin
    weekly: dict[tuple[int, int], int] = {}
    for number in range(1, 62):
        day = begin + timedelta(number)
        if not times.open_on(day):
            continue  # there is no turn on it
        told = rules.reasons(items, last, day, times)
        last = day
        for each in told:
            assert each.snoozed is None or each.snoozed <= day
            assert each.touched is None or each.touched < day
        if any(each.due is not None and each.due - day > timedelta(7) for each in told) and all(
            each.snoozed is None for each in told
        ):
            week = day.isocalendar()[:2]
            weekly[week] = weekly.get(week, 0) + 1
    assert all(count == 1 for count in weekly.values())


@given(ITEMS, TIMES, DAYS)
def test_the_next_day_is_later_open_and_the_same_however_it_is_approached(
    one: Item, times: Times, begin: date
) -> None:
    found = rules.next_day(one, begin, times)
    if found is None:
        return
    assert found > begin
    assert times.open_on(found)
    assert rules.next_day(one, found - timedelta(1), times) == found


@given(st.lists(ITEMS, max_size=4), TIMES, DAYS)
def test_the_next_look_is_ahead_and_within_a_week(
    items: list[Item], times: Times, begin: date
) -> None:
    if not times.open_on(begin):
        return
    now = times.begins(begin)
    found = rules.next_look(items, Preferences(), begin, times, now)
    if not items:
        assert found is None
        return
    assert found is not None
    assert now < found <= now + timedelta(days=7)


def test_the_next_look_passes_over_what_is_turned_off() -> None:
    due = MONDAY + timedelta(21)
    chosen = Preferences(off=frozenset({Notice.LATER}))
    found = rules.next_look([item(due)], chosen, MONDAY, PLAIN, NOW)
    assert found == NOW + timedelta(days=7)  # looked at, for its days may change; nothing is told
    assert rules.wanted([item(due)], chosen, MONDAY) == ()
    assert rules.wanted([item(due)], chosen, due) == (item(due),)
    paused = Preferences(pauses=(Pause(1, due + timedelta(1)),))
    assert rules.wanted([item(due)], paused, due) == ()


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin"])
def test_a_reminder_keeps_its_hour_across_daylight_saving(zone: str) -> None:
    times = Times(zone, Hours(time(18), time(21)))
    found = []
    for month in (3, 10, 11):
        day = date(2026, month, 1)
        while day.month == month:
            if times.open_on(day):
                found.append(times.begins(day))
            day += timedelta(1)
    assert {each.astimezone(UTC).hour for each in found} != {18}
    assert {times.day(each).weekday() for each in found} <= set(range(5))
    assert {each.astimezone(ZoneInfo(zone)).time() for each in found} == {time(18)}


def test_what_waits_for_an_answer_is_read_first_and_colleagues_things_last() -> None:
    late, soon = MONDAY - timedelta(20), MONDAY + timedelta(2)
    mine, asked, led = item(soon), item(None, Notice.ANSWER), item(late, Notice.LEAD)
    assert rules.in_order([led, mine, asked], MONDAY) == (asked, mine, led)
