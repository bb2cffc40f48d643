"""On which days, and at which instants, a rhythm falls."""

from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.open_days import Workdays
from bot.domain.rhythm import Frequency, Rhythm
from bot.domain.schedules import (
    GRACE,
    Closed,
    Fate,
    Office,
    Passed,
    Schedule,
    ScheduleKind,
    closed_on,
    dates,
    first,
    instant,
    local_day,
    moved,
    on_or_after,
    plan,
    summed_up_at,
    upcoming,
    waited,
)

TEN = time(10)
TUESDAYS = Rhythm(Frequency.WEEKLY, weekday=1, at=TEN)
FORTNIGHT = Rhythm(Frequency.BIWEEKLY, weekday=1, at=TEN)
NEW_YORK = "America/New_York"


def schedule(
    rhythm: Rhythm = TUESDAYS,
    anchor: date = date(2026, 11, 24),
    kind: ScheduleKind = ScheduleKind.CHECKIN,
    zone: str = NEW_YORK,
) -> Schedule:
    return Schedule(
        id=1, partnership_id=1, kind=kind, rhythm=rhythm, zone=zone, anchor=anchor, begun=True
    )


def wall(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).isoformat(sep=" ", timespec="minutes")


# Nominal dates

rhythms = st.one_of(
    st.builds(
        Rhythm,
        st.sampled_from([Frequency.WEEKLY, Frequency.BIWEEKLY]),
        weekday=st.integers(0, 6),
        at=st.just(TEN),
    ),
    st.builds(
        Rhythm,
        st.sampled_from([Frequency.MONTHLY, Frequency.QUARTERLY]),
        weekday=st.integers(0, 6),
        at=st.just(TEN),
        nth=st.sampled_from([1, 2, 3, 4, -1]),
    ),
)
days = st.dates(date(1990, 1, 1), date(2150, 1, 1))


def by_the_library(rhythm: Rhythm, anchor: date, count: int) -> list[date]:
    """What dateutil makes of the same agreement."""
    start = datetime.combine(anchor, time())
    if rhythm.frequency in {Frequency.WEEKLY, Frequency.BIWEEKLY}:
        interval = 1 if rhythm.frequency is Frequency.WEEKLY else 2
        rule = rrule(
            WEEKLY, interval=interval, byweekday=rhythm.weekday, dtstart=start, count=count
        )
    else:
        months: tuple[int, ...] = tuple(range(1, 13))
        if rhythm.frequency is Frequency.QUARTERLY:
            months = (3, 6, 9, 12) if rhythm.nth == -1 else (1, 4, 7, 10)
        rule = rrule(
            MONTHLY,
            bymonth=months,
            byweekday=weekday(rhythm.weekday, rhythm.nth or 1),
            dtstart=start,
            count=count,
        )
    return [each.date() for each in rule]


@given(rhythms, days)
def test_dates_are_those_of_the_recurrence_library(rhythm: Rhythm, day: date) -> None:
    anchor = first(rhythm, day)
    assert list(islice(dates(rhythm, anchor, anchor), 30)) == by_the_library(rhythm, anchor, 30)


@given(rhythms, days, st.integers(0, 2000))
def test_a_later_start_gives_the_rest_of_the_same_dates(
    rhythm: Rhythm, day: date, later: int
) -> None:
    anchor = first(rhythm, day)
    since = anchor + timedelta(later)
    found = on_or_after(rhythm, anchor, since)
    assert found >= since
    assert found in by_the_library(rhythm, anchor, 300)
    assert on_or_after(rhythm, anchor, found) == found


@given(rhythms, days)
def test_nothing_is_before_the_anchor(rhythm: Rhythm, day: date) -> None:
    anchor = first(rhythm, day)
    assert anchor >= day
    assert anchor.weekday() == rhythm.weekday
    assert on_or_after(rhythm, anchor, day - timedelta(100)) == anchor


def test_every_second_week_counts_from_the_anchor_over_the_end_of_a_long_year() -> None:
    found = list(islice(dates(FORTNIGHT, date(2026, 12, 22), date(2026, 12, 22)), 3))
    assert found == [date(2026, 12, 22), date(2027, 1, 5), date(2027, 1, 19)]


def test_the_last_weekday_of_a_month_may_be_its_fourth_or_fifth() -> None:
    last = Rhythm(Frequency.MONTHLY, weekday=4, at=TEN, nth=-1)
    found = list(islice(dates(last, date(2026, 10, 30), date(2026, 10, 1)), 4))
    assert found == [date(2026, 10, 30), date(2026, 11, 27), date(2026, 12, 25), date(2027, 1, 29)]


def test_a_quarter_is_the_calendars_from_its_first_month_to_its_last() -> None:
    start = Rhythm(Frequency.QUARTERLY, weekday=0, at=TEN, nth=2)
    end = Rhythm(Frequency.QUARTERLY, weekday=0, at=TEN, nth=-1)
    assert first(start, date(2026, 2, 1)) == date(2026, 4, 13)
    assert first(end, date(2026, 11, 1)) == date(2026, 12, 28)


# Instants


@pytest.mark.parametrize(
    ("zone", "day", "at", "shown"),
    [
        (NEW_YORK, date(2026, 3, 8), time(2, 30), "2026-03-08 03:00-04:00"),
        (NEW_YORK, date(2026, 3, 8), time(2, 0), "2026-03-08 03:00-04:00"),
        ("Europe/Berlin", date(2026, 3, 29), time(2, 59), "2026-03-29 03:00+02:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 10), "2026-10-04 02:30+11:00"),
        ("Africa/Casablanca", date(2025, 4, 6), time(2, 30), "2025-04-06 03:00+01:00"),
        ("Asia/Beirut", date(2026, 3, 29), time(0, 15), "2026-03-29 01:00+03:00"),
        ("Pacific/Apia", date(2011, 12, 30), TEN, "2011-12-31 00:00+14:00"),
    ],
)
def test_a_time_that_the_clock_skips_becomes_the_moment_at_which_it_goes_on(
    zone: str, day: date, at: time, shown: str
) -> None:
    assert wall(instant(day, at, zone), zone) == shown


@pytest.mark.parametrize(
    ("zone", "day", "at", "shown"),
    [
        (NEW_YORK, date(2026, 11, 1), time(1, 30), "2026-11-01 01:30-04:00"),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25 02:30+02:00"),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), "2026-04-05 01:45+11:00"),
        ("Africa/Casablanca", date(2025, 2, 23), time(2, 30), "2025-02-23 02:30+01:00"),
        ("Asia/Beirut", date(2026, 10, 24), time(23, 30), "2026-10-24 23:30+03:00"),
    ],
)
def test_a_time_that_the_clock_shows_twice_means_the_first(
    zone: str, day: date, at: time, shown: str
) -> None:
    assert wall(instant(day, at, zone), zone) == shown


def test_ten_oclock_stays_ten_oclock_across_daylight_saving() -> None:
    found = [instant(each, TEN, NEW_YORK) for each in (date(2026, 3, 3), date(2026, 3, 10))]
    assert [each.hour for each in found] == [15, 14]


zones = st.sampled_from(
    [
        NEW_YORK,
        "Europe/Berlin",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Asia/Beirut",
        "Pacific/Apia",
        "Pacific/Auckland",
        "America/St_Johns",
        "Asia/Kathmandu",
        "UTC",
    ]
)


@given(zones, st.dates(date(2000, 1, 1), date(2037, 1, 1)), st.times())
def test_an_instant_shows_the_wall_clock_or_is_the_first_after_what_was_skipped(
    zone: str, day: date, at: time
) -> None:
    at = at.replace(second=0, microsecond=0)
    found = instant(day, at, zone)
    where = ZoneInfo(zone)
    shown = found.astimezone(where)
    if (shown.date(), shown.time()) != (day, at):
        before = (found - timedelta(seconds=1)).astimezone(where)
        assert before.replace(tzinfo=None) < datetime.combine(day, at) < shown.replace(tzinfo=None)
    assert shown.fold == 0


# Closed days

ACME = Office("Acme")
HARBOR = Office(
    "Harbor",
    Workdays(closed=frozenset({date(2026, 11, 24), date(2026, 11, 25)})),
    {date(2026, 11, 24): "Harbor Day", date(2026, 11, 25): "Day after"},
)
VOLUNTEERS = Office("Volunteers", Workdays(frozenset({5, 6})))


def test_a_date_on_which_somebody_is_closed_moves_to_the_next_day_when_all_are_open() -> None:
    found = moved(date(2026, 11, 24), [ACME, HARBOR])
    assert found.day == date(2026, 11, 26)
    assert found.because == (Closed("Harbor", "Harbor Day"),)
    assert not found.kept


def test_a_move_jumps_over_the_weekend() -> None:
    thanksgiving = Office(
        "Acme",
        Workdays(closed=frozenset({date(2026, 11, 27)})),
        {date(2026, 11, 27): "Day after Thanksgiving"},
    )
    assert moved(date(2026, 11, 27), [thanksgiving, HARBOR]).day == date(2026, 11, 30)


def test_with_no_common_day_within_a_month_it_keeps_its_day_and_knows_why() -> None:
    found = moved(date(2026, 11, 24), [ACME, VOLUNTEERS])
    assert found.day == date(2026, 11, 24)
    assert found.kept
    assert found.because == (Closed("Volunteers", None),)


def test_without_organizations_every_day_is_open() -> None:
    assert moved(date(2026, 11, 28), []).day == date(2026, 11, 28)
    assert closed_on(date(2026, 11, 28), []) == ()


def test_waiting_counts_open_days_only() -> None:
    friday = instant(date(2026, 11, 20), TEN, NEW_YORK)
    over = waited(friday, timedelta(hours=48), NEW_YORK, [ACME])
    assert wall(over, NEW_YORK) == "2026-11-24 10:00-05:00"
    with_harbor = waited(friday, timedelta(hours=48), NEW_YORK, [ACME, HARBOR])
    assert wall(with_harbor, NEW_YORK) == "2026-11-26 10:00-05:00"


def test_waiting_is_by_the_wall_clock_across_daylight_saving() -> None:
    everyday = Office("Daily", Workdays(frozenset(range(7))))
    saturday = instant(date(2026, 3, 7), TEN, NEW_YORK)
    over = waited(saturday, timedelta(hours=48), NEW_YORK, [everyday])
    assert wall(over, NEW_YORK) == "2026-03-09 10:00-04:00"
    assert over - saturday == timedelta(hours=47)


@pytest.mark.parametrize(
    ("asked", "summed_up"),
    [
        ("2026-11-22 16:20", "2026-11-25 09:00"),  # a Sunday: two open days end at midnight
        ("2026-11-24 10:00", "2026-11-26 10:00"),
        ("2026-11-24 22:30", "2026-11-27 09:00"),
        ("2026-11-24 06:15", "2026-11-26 09:00"),
        ("2026-11-26 22:00", "2026-12-01 09:00"),
    ],
)
def test_a_check_in_is_summed_up_by_day_on_a_day_when_all_are_open(
    asked: str, summed_up: str
) -> None:
    at = datetime.fromisoformat(asked)
    begun = instant(at.date(), at.time(), NEW_YORK)
    over = summed_up_at(begun, timedelta(hours=48), NEW_YORK, [ACME])
    assert wall(over, NEW_YORK) == f"{summed_up}-05:00"


def test_waiting_ends_even_if_nobody_is_ever_open_together() -> None:
    start = instant(date(2026, 11, 24), TEN, NEW_YORK)
    over = waited(start, timedelta(hours=48), NEW_YORK, [ACME, VOLUNTEERS])
    assert start < over < start + timedelta(days=100)


# What is due


def test_what_is_due_is_posted_and_the_next_date_expected() -> None:
    at = instant(date(2026, 11, 24), TEN, NEW_YORK)
    made = plan(schedule(), date(2026, 11, 24), at, at)
    assert [(each.nominal, each.fate) for each in made.passed] == [
        (date(2026, 11, 24), Fate.POSTED)
    ]
    assert made.nominal == date(2026, 12, 1)
    assert made.at == instant(date(2026, 12, 1), TEN, NEW_YORK)


def test_nothing_happens_before_its_time() -> None:
    at = instant(date(2026, 11, 24), TEN, NEW_YORK)
    made = plan(schedule(), date(2026, 11, 24), at, at - timedelta(microseconds=1))
    assert made.passed == ()
    assert (made.nominal, made.at) == (date(2026, 11, 24), at)


@pytest.mark.parametrize("kind", list(ScheduleKind))
def test_weeks_of_standing_still_bring_one_post_and_not_one_for_each_date(
    kind: ScheduleKind,
) -> None:
    at = instant(date(2026, 11, 24), TEN, NEW_YORK)
    late = instant(date(2026, 12, 22), TEN, NEW_YORK) + GRACE[kind]
    made = plan(schedule(kind=kind), date(2026, 11, 24), at, late)
    assert [each.fate for each in made.passed] == [Fate.MISSED] * 4 + [Fate.POSTED]
    assert made.nominal == date(2026, 12, 29)
    later = plan(schedule(kind=kind), date(2026, 11, 24), at, late + timedelta(microseconds=1))
    assert [each.fate for each in later.passed] == [Fate.MISSED] * 5


def test_a_long_standstill_is_dealt_with_in_parts() -> None:
    at = instant(date(2026, 11, 24), TEN, NEW_YORK)
    now = at + timedelta(days=700)
    made = plan(schedule(), date(2026, 11, 24), at, now, at_most=60)
    assert len(made.passed) == 60
    rest = plan(schedule(), made.nominal, made.at, now, at_most=60)
    assert rest.at > now
    assert made.passed[-1].nominal + timedelta(7) == rest.passed[0].nominal


def test_a_closed_day_is_decided_when_it_comes_and_again_on_the_day_it_moved_to() -> None:
    at = instant(date(2026, 11, 24), TEN, NEW_YORK)
    made = plan(schedule(), date(2026, 11, 24), at, at, [ACME, HARBOR])
    assert made.passed == ()
    assert made.nominal == date(2026, 11, 24)
    assert made.at == instant(date(2026, 11, 26), TEN, NEW_YORK)
    closed = Office("New", Workdays(closed=frozenset({date(2026, 11, 26)})))
    again = plan(schedule(), made.nominal, made.at, made.at, [ACME, closed])
    assert again.at == instant(date(2026, 11, 27), TEN, NEW_YORK)
    posted = plan(schedule(), made.nominal, made.at, made.at, [ACME])
    assert [each.nominal for each in posted.passed] == [date(2026, 11, 24)]


def test_a_move_up_to_the_next_date_leaves_only_that_one() -> None:
    shut = frozenset(date(2026, 12, 21) + timedelta(n) for n in range(14))
    closed = Office("Acme", Workdays(closed=shut))
    at = instant(date(2026, 12, 22), TEN, NEW_YORK)
    made = plan(schedule(), date(2026, 12, 22), at, at, [closed])
    assert [(each.nominal, each.fate) for each in made.passed] == [
        (date(2026, 12, 22), Fate.SKIPPED)
    ]
    again = plan(schedule(), made.nominal, made.at, made.at, [closed])
    assert again.nominal == date(2026, 12, 29)
    assert again.at == instant(date(2027, 1, 4), TEN, NEW_YORK)


def test_the_digest_yields_a_day_and_leaves_closed_days() -> None:
    friday = Rhythm(Frequency.WEEKLY, weekday=4, at=TEN)
    digest = schedule(friday, date(2026, 11, 27), ScheduleKind.DIGEST)
    at = instant(date(2026, 11, 27), TEN, NEW_YORK)
    closed = Office("Acme", Workdays(closed=frozenset({date(2026, 11, 27)})))
    moves = plan(digest, date(2026, 11, 27), at, at, [closed])
    assert moves.passed == ()
    assert moves.at == instant(date(2026, 11, 30), TEN, NEW_YORK)
    yields = plan(digest, date(2026, 11, 27), at, at, [ACME], {date(2026, 11, 27)})
    assert yields.passed == ()
    assert yields.at == instant(date(2026, 11, 30), TEN, NEW_YORK)


def test_a_digest_keeps_its_day_where_no_day_before_the_next_suits_everybody() -> None:
    friday = Rhythm(Frequency.WEEKLY, weekday=4, at=TEN)
    digest = schedule(friday, date(2026, 11, 27), ScheduleKind.DIGEST)
    at = instant(date(2026, 11, 27), TEN, NEW_YORK)
    shut = frozenset(date(2026, 11, 27) + timedelta(n) for n in range(7))
    kept = plan(digest, date(2026, 11, 27), at, at, [Office("Acme", Workdays(closed=shut))])
    assert [each.fate for each in kept.passed] == [Fate.POSTED]


def test_a_checkin_is_left_out_where_no_day_within_a_month_suits_everybody() -> None:
    at = instant(date(2026, 11, 24), TEN, NEW_YORK)
    mondays = Office("Acme", Workdays(frozenset({0})))
    others = Office("Harbor", Workdays(frozenset({1, 2, 3, 4})))
    made = plan(schedule(), date(2026, 11, 24), at, at, [mondays, others])
    assert [each.fate for each in made.passed] == [Fate.CLOSED]
    assert made.nominal == date(2026, 12, 1)


def test_a_checkin_leaves_a_day_that_another_post_has() -> None:
    at = instant(date(2026, 11, 24), TEN, NEW_YORK)
    made = plan(schedule(), date(2026, 11, 24), at, at, [ACME], {date(2026, 11, 24)})
    assert local_day(made.at, NEW_YORK) == date(2026, 11, 25)


def test_the_next_moments_are_those_at_which_it_will_post() -> None:
    at = instant(date(2026, 11, 24), TEN, NEW_YORK)
    found = upcoming(schedule(), date(2026, 11, 24), at, [ACME, HARBOR], (), 3)
    assert [local_day(each, NEW_YORK) for each in found] == [
        date(2026, 11, 26),
        date(2026, 12, 1),
        date(2026, 12, 8),
    ]


@given(rhythms, days, zones, st.lists(st.integers(0, 90 * 24), min_size=1, max_size=12))
def test_each_date_is_dealt_with_exactly_once_whenever_the_clock_looks(
    rhythm: Rhythm, day: date, zone: str, looks: list[int]
) -> None:
    day = min(max(day, date(2000, 1, 1)), date(2036, 1, 1))
    of = schedule(rhythm, first(rhythm, day), zone=zone)
    nominal, at = of.anchor, instant(of.anchor, rhythm.at, zone)
    begin = at
    dealt: list[Passed] = []
    for hours in sorted(looks):
        now = begin + timedelta(hours=hours)
        made = plan(of, nominal, at, now, at_most=5)
        dealt += made.passed
        posted = [each for each in made.passed if each.fate is Fate.POSTED]
        assert len(posted) <= 1
        assert all(now - each.at <= GRACE[of.kind] for each in posted)
        nominal, at = made.nominal, made.at
    expected = list(islice(dates(rhythm, of.anchor, of.anchor), len(dealt) + 1))
    assert [each.nominal for each in dealt] == expected[:-1]
    assert nominal == expected[-1]
