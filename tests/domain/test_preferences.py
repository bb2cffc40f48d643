"""When somebody may be written to unasked: the rule, whatever they chose."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.away import Away, DaysOff
from bot.domain.errors import Unclear
from bot.domain.open_days import Workdays
from bot.domain.preferences import Hours, Notice, Pause, Preferences, Times, check_zone, zone_of

ZONES = ("America/New_York", "Europe/Lisbon", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
INSTANTS = st.integers(1_767_225_600, 1_830_297_600).map(  # the years 2026 and 2027
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    start = draw(st.integers(0, 46))
    end = draw(st.integers(start + 2, 48))
    return Hours(_half_hour(start), _half_hour(end))


def _half_hour(number: int) -> time:
    return time(number // 2 % 24, number % 2 * 30)


@st.composite
def days_off(draw: st.DrawFn) -> DaysOff:
    first = draw(DAYS)
    away = Away(1, 1, first, first + timedelta(draw(st.integers(0, 20))))
    return DaysOff(
        Workdays(
            draw(st.frozensets(st.integers(0, 6), min_size=1)),
            draw(st.frozensets(DAYS, max_size=10)),
        ),
        (away,),
    )


TIMES = st.builds(Times, st.sampled_from(ZONES), hours(), days_off())


@given(TIMES, INSTANTS)
def test_a_good_moment_is_within_the_hours_of_an_open_day_and_none_is_before_it(
    times: Times, now: datetime
) -> None:
    found = times.good_moment(now)
    assert found is not None
    assert found >= now
    wall = found.astimezone(ZoneInfo(times.zone))
    assert times.may_disturb(found)
    assert not times.days.off_on(wall.date())
    assert times.hours.start <= wall.time()
    assert times.hours.end == time() or wall.time() < times.hours.end
    step = timedelta(minutes=30)
    before = now
    while before < min(found, now + timedelta(days=3)):
        assert not times.may_disturb(before)
        before += step


@given(TIMES, DAYS)
@example(Times("America/New_York", Hours(time(2), time(3))), date(2026, 3, 9))
def test_hours_begin_on_the_wall_clock_whatever_daylight_saving_does(
    times: Times, day: date
) -> None:
    if times.open_on(day):
        begins = times.begins(day)
        assert times.day(begins) == day
        assert times.may_disturb(begins)
        assert not times.may_disturb(begins - timedelta(microseconds=1)) or times.hours == Hours(
            time(), time()
        )


def test_hours_that_the_clock_skips_make_a_day_without_hours() -> None:
    times = Times(
        "America/New_York", Hours(time(2), time(3)), DaysOff(Workdays(frozenset(range(7))))
    )
    assert not times.open_on(date(2026, 3, 8))  # at two it becomes three
    assert times.open_on(date(2026, 3, 9))
    assert times.good_moment(datetime(2026, 3, 8, 12, tzinfo=UTC)) == datetime(
        2026, 3, 9, 6, tzinfo=UTC
    )


def test_evening_hours_may_last_until_the_end_of_the_day() -> None:
    times = Times("America/Chicago", Hours(time(20), time()))
    monday = datetime(2026, 11, 16, tzinfo=ZoneInfo("America/Chicago"))
    assert times.may_disturb(monday + timedelta(hours=20))
    assert times.may_disturb(monday + timedelta(hours=23, minutes=59))
    assert not times.may_disturb(monday + timedelta(hours=24))
    assert not times.may_disturb(monday + timedelta(hours=19, minutes=59))


@pytest.mark.parametrize(
    ("start", "end"), [(time(18), time(18, 30)), (time(22), time(2)), (time(9), time(9))]
)
def test_hours_are_at_least_one_and_within_a_day(start: time, end: time) -> None:
    with pytest.raises(Unclear, match="at least an hour"):
        Hours(start, end)


def test_somebody_who_is_never_there_has_no_good_moment() -> None:
    times = Times("UTC", days=DaysOff(Workdays(frozenset())))
    assert times.good_moment(datetime(2026, 11, 16, tzinfo=UTC)) is None


def test_a_pause_of_one_partnership_keeps_the_others_going_until_its_day() -> None:
    day = date(2026, 12, 1)
    chosen = Preferences(pauses=(Pause(7, day),))
    before = day - timedelta(1)
    assert not chosen.wants(Notice.DUE, 7, before)
    assert chosen.wants(Notice.DUE, 8, before)
    assert chosen.wants(Notice.DUE, 7, day)
    everything = Preferences(pauses=(Pause(None, None),))
    assert not everything.wants(Notice.ANSWER, 7, day + timedelta(365))


def test_each_notice_is_turned_off_by_itself() -> None:
    chosen = Preferences(off=frozenset({Notice.LATER}))
    assert not chosen.wants(Notice.LATER, 1, date(2026, 12, 1))
    assert all(
        chosen.wants(each, 1, date(2026, 12, 1)) for each in Notice if each is not Notice.LATER
    )


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("europe/lisbon", "Europe/Lisbon"),
        ("New York", "America/New_York"),
        ("  lisbon ", "Europe/Lisbon"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_known_by_its_name_or_its_city(typed: str, known: str) -> None:
    assert check_zone(typed) == known


def test_a_zone_that_there_is_not_is_asked_about() -> None:
    with pytest.raises(Unclear, match="Europe/Lisbon"):
        check_zone("Atlantis")


def test_of_several_zones_the_first_that_exists_counts() -> None:
    assert zone_of((None, "Nowhere/Town", "Europe/Lisbon", "UTC")) == "Europe/Lisbon"
    assert zone_of(("../../etc/passwd", None)) == "UTC"
