"""Waits count open days only."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.open_days import Workdays, after, all_open, passed

FRIDAY = date(2026, 11, 27)
MONDAY = date(2026, 11, 30)
THANKSGIVING = Workdays(closed=frozenset({date(2026, 11, 26)}))
SUNDAYS_TOO = Workdays(weekdays=frozenset({6, 0, 1, 2, 3}))
NEVER = Workdays(weekdays=frozenset())


@pytest.mark.parametrize(
    ("since", "until", "organizations", "days"),
    [
        (FRIDAY, FRIDAY, (), 0),
        (FRIDAY, MONDAY, (), 1),
        (MONDAY, FRIDAY, (), 0),
        (date(2026, 11, 23), FRIDAY, (), 4),
        (date(2026, 11, 23), FRIDAY, (THANKSGIVING,), 3),
        (date(2026, 11, 23), MONDAY, (THANKSGIVING, SUNDAYS_TOO), 3),
        (date(2026, 11, 1), MONDAY, (NEVER,), 0),
    ],
)
def test_the_day_it_began_and_closed_days_do_not_count(
    since: date, until: date, organizations: tuple[Workdays, ...], days: int
) -> None:
    assert passed(since, until, organizations) == days


@pytest.mark.parametrize(
    ("since", "count", "organizations", "day"),
    [
        (MONDAY, 0, (), date(2026, 12, 1)),
        (FRIDAY, 0, (), MONDAY),
        (MONDAY, 5, (), date(2026, 12, 8)),
        (date(2026, 11, 23), 5, (THANKSGIVING,), date(2026, 12, 2)),
    ],
)
def test_what_waits_begins_on_the_open_day_after(
    since: date, count: int, organizations: tuple[Workdays, ...], day: date
) -> None:
    assert after(since, count, organizations) == day


def test_nobody_waits_for_ever() -> None:
    assert after(MONDAY, 5, (NEVER,)) == MONDAY + timedelta(366)


calendars = st.builds(
    Workdays,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20),
)


@given(
    st.dates(date(2026, 1, 1), date(2026, 6, 30)),
    st.integers(0, 15),
    st.lists(calendars, max_size=1).map(tuple),
)
def test_so_many_open_days_lie_in_between(
    since: date, count: int, organizations: tuple[Workdays, ...]
) -> None:
    day = after(since, count, organizations)
    assert all_open(day, organizations)
    assert passed(since, day, organizations) == count + 1
