"""When organizations are closed, when people are away, and what follows for a due date."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import away, closed_days
from bot.domain.away import Away, DaysOff
from bot.domain.closed_days import Named, Owner, Source
from bot.domain.errors import NotPossible, Unclear
from bot.domain.open_days import Workdays
from bot.domain.schedules import Closed, Office

TODAY = date(2026, 11, 23)
CHRISTMAS = date(2026, 12, 25)  # a Friday


def office(name: str, labels: dict[date, str] | None = None) -> Office:
    days = labels or {}
    return Office(name, Workdays(closed=frozenset(days)), days)


def test_own_names_go_before_those_of_files_and_holidays() -> None:
    found = closed_days.closed_days(
        [
            (Source.HOLIDAYS, {CHRISTMAS: "Christmas Day", date(2027, 1, 1): "New Year's Day"}),
            (Source.FILE, {CHRISTMAS: "Xmas"}),
            (Source.OWN, {CHRISTMAS: "winter break"}),
        ]
    )
    assert found == {CHRISTMAS: "winter break", date(2027, 1, 1): "New Year's Day"}


def test_an_exception_opens_a_day_whatever_else_closes_it() -> None:
    parts = [(Source.OPEN, {CHRISTMAS: ""}), (Source.HOLIDAYS, {CHRISTMAS: "Christmas Day"})]
    assert closed_days.closed_days(parts) == {}


def test_days_in_a_row_with_one_name_are_told_at_once() -> None:
    days = {TODAY + timedelta(n): "break" for n in (0, 1, 2, 5)} | {TODAY + timedelta(6): "move"}
    assert closed_days.grouped(days) == (
        Named(TODAY, TODAY + timedelta(2), "break"),
        Named(TODAY + timedelta(5), TODAY + timedelta(5), "break"),
        Named(TODAY + timedelta(6), TODAY + timedelta(6), "move"),
    )


@pytest.mark.parametrize(
    ("first", "last", "question"),
    [
        (TODAY, TODAY - timedelta(1), "before the first"),
        (TODAY - timedelta(9), TODAY - timedelta(8), "past"),
        (TODAY, TODAY + timedelta(367), "more than (a|half a) year"),
    ],
)
def test_days_that_make_no_sense_are_asked_about(first: date, last: date, question: str) -> None:
    with pytest.raises(Unclear, match=question):
        closed_days.checked(first, last, TODAY, "")
    with pytest.raises(Unclear, match=question):
        away.checked(first, last, TODAY)


def test_a_long_name_is_refused_and_white_space_goes() -> None:
    assert closed_days.checked(TODAY, TODAY, TODAY, " winter \n break ") == "winter break"
    with pytest.raises(Unclear, match="80 letters"):
        closed_days.checked(TODAY, TODAY, TODAY, "x" * 81)


def test_a_week_without_any_working_day_is_refused() -> None:
    assert closed_days.working_days(["4", "0", "9", "x"]) == "04"
    with pytest.raises(Unclear):
        closed_days.working_days([])


def test_a_clash_names_who_is_closed_and_the_nearest_days_that_suit() -> None:
    harbor = office("Harbor", {CHRISTMAS: "Christmas Day"})
    acme = office("Acme", {date(2026, 12, 28): "closed"})
    found = closed_days.clash(CHRISTMAS, Owner((harbor, acme)), TODAY)
    assert found is not None
    assert found.closed == (Closed("Harbor", "Christmas Day"),)
    assert (found.before, found.after) == (date(2026, 12, 24), date(2026, 12, 29))


def test_a_weekend_is_no_clash_but_is_never_suggested() -> None:
    saturday = date(2026, 11, 28)
    assert closed_days.clash(saturday, Owner((office("Acme"),)), TODAY) is None
    found = closed_days.clash(
        date(2026, 11, 27), Owner((office("Acme", {date(2026, 11, 27): "x"}),)), TODAY
    )
    assert found is not None
    assert found.after == date(2026, 11, 30)


def test_a_day_before_today_is_not_suggested() -> None:
    found = closed_days.clash(TODAY, Owner((office("Acme", {TODAY: "x"}),)), TODAY)
    assert found is not None
    assert found.before is None


def test_times_away_that_follow_each_other_count_as_one() -> None:
    owner = Owner((), ((CHRISTMAS, date(2026, 12, 28)), (date(2026, 12, 29), date(2027, 1, 2))))
    assert owner.away_until(date(2026, 12, 26)) == date(2027, 1, 2)
    assert owner.away_until(date(2026, 12, 24)) is None


def test_who_is_never_there_gets_no_suggestion() -> None:
    never = Office("Acme", Workdays(frozenset()), {})
    found = closed_days.clash(TODAY, Owner((never,), ((TODAY, TODAY),)), TODAY)
    assert found is not None
    assert (found.before, found.after) == (None, None)


days = st.dates(date(2026, 11, 1), date(2027, 3, 1))


@given(st.lists(st.tuples(days, st.integers(0, 20)), max_size=5), days, st.sets(days, max_size=9))
def test_what_is_suggested_is_always_a_day_on_which_all_are_there(
    times: list[tuple[date, int]], due: date, shut: set[date]
) -> None:
    owner = Owner(
        (office("Acme", dict.fromkeys(shut, "x")),),
        tuple((first, first + timedelta(length)) for first, length in times),
    )
    found = closed_days.clash(due, owner, TODAY)
    if found is None:
        assert due not in shut
        assert owner.away_until(due) is None
        return
    for day in (found.before, found.after):
        assert day is None or (owner.there(day) and day >= TODAY and day != due)
    if found.away_until is not None:
        assert owner.away_until(found.away_until + timedelta(1)) is None


# People


def off(*times: tuple[date, date], closed: frozenset[date] = frozenset()) -> DaysOff:
    return DaysOff(
        Workdays(closed=closed), tuple(Away(n, 1, *each) for n, each in enumerate(times))
    )


def test_somebody_is_off_where_their_organization_is_closed_or_they_are_away() -> None:
    friday = date(2026, 11, 27)
    known = off((friday, friday), closed=frozenset({date(2026, 11, 26)}))
    assert [known.off_on(TODAY + timedelta(n)) for n in range(7)] == [
        *(False, False, False, True, True, True, True),
    ]


def test_times_that_touch_or_overlap_are_found() -> None:
    one = Away(1, 1, date(2026, 12, 1), date(2026, 12, 3))
    other = Away(2, 1, date(2026, 12, 10), date(2026, 12, 12))
    assert away.touching([one, other], date(2026, 12, 4), date(2026, 12, 5)) == (one,)
    assert away.touching([one, other], date(2026, 12, 2), date(2026, 12, 20)) == (one, other)
    assert away.touching([one, other], date(2026, 12, 5), date(2026, 12, 8)) == ()


def test_more_times_than_can_be_looked_through_are_refused() -> None:
    away.check_room(away.MOST - 1)
    with pytest.raises(NotPossible):
        away.check_room(away.MOST)
