"""The walls know what is right, and a rule that is wrong is found out."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.schedules import instant
from tests.faults.daylight import APIA, SKIPPED, TWICE, ZONES, Rule, check_rules
from tests.faults.walls import Change, Wall, changes


def spring_and_autumn(zone: str = "Australia/Lord_Howe", year: int = 2026) -> list[Change]:
    since = datetime(year, 1, 1, tzinfo=UTC)
    return list(changes(zone, since, since.replace(year=year + 1)))


def test_each_of_the_zones_changes_its_clock_twice_a_year() -> None:
    for zone in ZONES:
        assert sorted(each.skips for each in spring_and_autumn(zone)) == [False, True], zone


def test_the_wall_shows_half_an_hour_twice_and_never_another() -> None:
    back, forth = spring_and_autumn()
    assert [len(list(each.minutes())) for each in (back, forth)] == [30, 30]
    wall = Wall(back.zone, back.at - back.old, back.at + back.old)
    assert wall.when(date(2026, 4, 5), time(1, 45)) == datetime(2026, 4, 4, 14, 45, tzinfo=UTC)
    wall = Wall(forth.zone, forth.at - forth.old, forth.at + forth.old)
    assert wall.when(date(2026, 10, 4), time(2, 10)) == forth.at


def test_apia_left_out_a_whole_day() -> None:
    days = [each for each in spring_and_autumn(*APIA) if len(list(each.minutes())) == 24 * 60]
    assert [each.skips for each in days] == [True]


def second(day: date, at: time, zone: str) -> datetime:
    """What is shown twice means the second time, and what is skipped comes an hour late."""
    return datetime.combine(day, at, ZoneInfo(zone)).replace(fold=1).astimezone(UTC)


def plain(day: date, at: time, zone: str) -> datetime:
    """As if nothing had to be thought of."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(("rule", "minutes"), [(instant, 0), (second, 60), (plain, 29)])
def test_a_wrong_rule_is_found_at_every_minute(rule: Rule, minutes: int) -> None:
    asked, wrong = 0, []
    for change in spring_and_autumn():
        found = check_rules(change, rule)
        asked += found.asked
        wrong += found.wrong
    assert asked == 2 * 30 * 5
    assert len(wrong) == minutes


def test_only_minutes_that_a_wall_leaves_out_or_shows_twice_are_counted_as_met() -> None:
    back, forth = (check_rules(each) for each in spring_and_autumn())
    assert back.met == {TWICE: 30}
    assert forth.met == {SKIPPED: 30}
