"""When somebody is reminded of a check-in: at an hour of theirs, before it closes, or never."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.away import Away, DaysOff
from bot.domain.nudges import moment
from bot.domain.open_days import Workdays
from bot.domain.preferences import Hours, Times

NEW_YORK = "America/New_York"
POSTED = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # a Tuesday, 10:00 in New York
HALF = POSTED + timedelta(days=1)
CLOSES = POSTED + timedelta(days=2)


def test_it_comes_at_the_beginning_of_their_hours_on_the_day_in_the_middle() -> None:
    found = moment(POSTED, HALF, CLOSES, Times(NEW_YORK), POSTED)
    assert found == datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


def test_who_has_evening_hours_is_asked_in_the_evening() -> None:
    evening = Times(NEW_YORK, Hours(time(18), time(21)))
    assert moment(POSTED, HALF, CLOSES, evening, POSTED) == datetime(2026, 11, 25, 23, tzinfo=UTC)


def test_who_is_away_until_it_closes_is_not_asked() -> None:
    gone = DaysOff(Workdays(), (Away(1, 1, date(2026, 11, 25), date(2026, 11, 26)),))
    assert moment(POSTED, HALF, CLOSES, Times(NEW_YORK, days=gone), POSTED) is None


def test_a_look_that_comes_late_does_not_lie_in_the_past() -> None:
    late = HALF + timedelta(hours=3)
    assert moment(POSTED, HALF, CLOSES, Times(NEW_YORK), late) == late


ZONES = st.sampled_from([NEW_YORK, "Asia/Kathmandu", "Pacific/Auckland", "Europe/Lisbon", "UTC"])


@given(
    zone=ZONES,
    start=st.integers(0, 22),
    minutes=st.integers(-500_000, 500_000),
    length=st.integers(1, 120),
    late=st.integers(0, 100),
)
def test_it_is_always_at_their_hours_after_the_posting_and_before_the_end(
    zone: str, start: int, minutes: int, length: int, late: int
) -> None:
    times = Times(zone, Hours(time(start), time(start + 1)))
    at = POSTED + timedelta(minutes=minutes)
    half, closes = at + timedelta(hours=length) / 2, at + timedelta(hours=length)
    now = at + timedelta(hours=late)
    found = moment(at, half, closes, times, now)
    if found is not None:
        assert now <= found < closes
        assert times.may_disturb(found)
