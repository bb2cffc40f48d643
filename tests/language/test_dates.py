import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import Unclear
from bot.language import read_date
from bot.language.vocabulary import WORDS
from tests.language.said import NOW, ZONE


def said(words: str) -> date:
    return read_date(words, now=NOW, zone=ZONE)


def question(words: str) -> Unclear:
    with pytest.raises(Unclear) as caught:
        said(words)
    return caught.value


@pytest.mark.parametrize(
    ("words", "due"),
    [
        # weekdays, said on Wednesday, Nov 25
        ("friday", "2026-11-27"),
        ("Friday", "2026-11-27"),
        ("fri", "2026-11-27"),
        ("Fri.", "2026-11-27"),
        ("on friday", "2026-11-27"),
        ("this friday", "2026-11-27"),
        ("next friday", "2026-12-04"),
        ("friday next week", "2026-12-04"),
        ("next week friday", "2026-12-04"),
        ("friday of next week", "2026-12-04"),
        ("friday this week", "2026-11-27"),
        ("wednesday", "2026-12-02"),
        ("monday", "2026-11-30"),
        ("by friday", "2026-11-27"),
        ("until friday", "2026-11-27"),
        ("friday?", "2026-11-27"),
        ("el viernes", "2026-11-27"),
        ("este viernes", "2026-11-27"),
        ("el próximo viernes", "2026-11-27"),
        ("el viernes que viene", "2026-11-27"),
        ("el martes de la próxima semana", "2026-12-01"),
        ("miércoles", "2026-12-02"),
        ("vendredi", "2026-11-27"),
        ("vendredi prochain", "2026-11-27"),
        ("d'ici vendredi", "2026-11-27"),
        ("d’ici à vendredi", "2026-11-27"),
        # day and month
        ("30 Nov", "2026-11-30"),
        ("30 NOV", "2026-11-30"),
        ("30nov", "2026-11-30"),
        ("30-Nov", "2026-11-30"),
        ("Nov 30", "2026-11-30"),
        ("November 30th", "2026-11-30"),
        ("the 30th of November", "2026-11-30"),
        ("30th november 2026", "2026-11-30"),
        ("Mon 30 Nov", "2026-11-30"),
        ("Monday, November 30th, 2026", "2026-11-30"),
        ("30 Nov (Mon)", "2026-11-30"),
        ("1st of december", "2026-12-01"),
        ("december first", "2026-12-01"),
        ("friday december the fourth", "2026-12-04"),
        ("25 Nov", "2026-11-25"),
        ("15 Jan", "2027-01-15"),
        ("1 May", "2027-05-01"),
        ("30 Nov 2027", "2027-11-30"),
        ("30 Nov '27", "2027-11-30"),
        ("30 Nov 27", "2027-11-30"),
        ("30 Nov next year", "2027-11-30"),
        ("30 de noviembre", "2026-11-30"),
        ("el 15 de diciembre de 2026", "2026-12-15"),
        ("le 1er décembre", "2026-12-01"),
        ("15 février", "2027-02-15"),
        ("1er décembre prochain", "2026-12-01"),
        ("el próximo 1 de diciembre", "2026-12-01"),
        ("next friday 4 december", "2026-12-04"),
        # figures
        ("2026-11-30", "2026-11-30"),
        ("2026/11/30", "2026-11-30"),
        ("30/11", "2026-11-30"),
        ("30/11/2026", "2026-11-30"),
        ("30.11.2026", "2026-11-30"),
        ("30.11.", "2026-11-30"),
        ("11/30", "2026-11-30"),
        ("11/30/26", "2026-11-30"),
        ("12/12", "2026-12-12"),
        ("2027-04-03", "2027-04-03"),
        # days of the month
        ("the 27th", "2026-11-27"),
        ("27th", "2026-11-27"),
        ("the 12th", "2026-12-12"),
        ("Fri 27", "2026-11-27"),
        ("friday the 27th", "2026-11-27"),
        ("the 30th of this month", "2026-11-30"),
        ("1st of next month", "2026-12-01"),
        ("le 15", "2026-12-15"),
        ("el 15", "2026-12-15"),
        ("second friday of december", "2026-12-11"),
        ("last monday of november", "2026-11-30"),
        ("first monday of next month", "2026-12-07"),
        # from now
        ("today", "2026-11-25"),
        ("tonight", "2026-11-25"),
        ("tomorrow", "2026-11-26"),
        ("the day after tomorrow", "2026-11-27"),
        ("in 2 weeks", "2026-12-09"),
        ("in two weeks", "2026-12-09"),
        ("within a week", "2026-12-02"),
        ("in a fortnight", "2026-12-09"),
        ("in 10 days", "2026-12-05"),
        ("in a month", "2026-12-25"),
        ("in 3 months", "2027-02-25"),
        ("in 1 month and 2 weeks", "2027-01-08"),
        ("2 weeks from now", "2026-12-09"),
        ("2 weeks", "2026-12-09"),
        ("a week from friday", "2026-12-04"),
        ("three weeks from tomorrow", "2026-12-17"),
        ("hoy", "2026-11-25"),
        ("mañana", "2026-11-26"),
        ("manana", "2026-11-26"),
        ("pasado mañana", "2026-11-27"),
        ("en dos semanas", "2026-12-09"),
        ("dentro de 3 días", "2026-11-28"),
        ("aujourd’hui", "2026-11-25"),
        ("demain", "2026-11-26"),
        ("après-demain", "2026-11-27"),
        ("dans deux semaines", "2026-12-09"),
        ("d'ici deux semaines", "2026-12-09"),
        ("dans sept jours", "2026-12-02"),
        ("dans un an", "2027-11-25"),
        # ends
        ("eod", "2026-11-25"),
        ("end of day", "2026-11-25"),
        ("end of today", "2026-11-25"),
        ("cob friday", "2026-11-27"),
        ("friday eod", "2026-11-27"),
        ("end of day friday", "2026-11-27"),
        ("close of business friday", "2026-11-27"),
        ("end of the week", "2026-11-27"),
        ("end of next week", "2026-12-04"),
        ("eow", "2026-11-27"),
        ("end of month", "2026-11-30"),
        ("the end of the month", "2026-11-30"),
        ("eom", "2026-11-30"),
        ("month end", "2026-11-30"),
        ("end of next month", "2026-12-31"),
        ("end of december", "2026-12-31"),
        ("end of february", "2027-02-28"),
        ("end of quarter", "2026-12-31"),
        ("end of next quarter", "2027-03-31"),
        ("end of the year", "2026-12-31"),
        ("eoy", "2026-12-31"),
        ("end of 2027", "2027-12-31"),
        ("a fin de mes", "2026-11-30"),
        ("a fines de mes", "2026-11-30"),
        ("fin du mois", "2026-11-30"),
        ("à la fin du mois", "2026-11-30"),
        ("fin décembre", "2026-12-31"),
        ("fin de año", "2026-12-31"),
    ],
)
def test_dates_in_words_are_read(words: str, due: str) -> None:
    assert said(words).isoformat() == due


@pytest.mark.parametrize(
    ("words", "asked", "mended"),
    [
        # ambiguous
        ("03/04", "That could be Thu, Mar 4, 2027 or Sat, Apr 3, 2027.", "4 Mar 2027"),
        ("03/04/2027", "That could be Thu, Mar 4, 2027 or Sat, Apr 3, 2027.", "4 Mar 2027"),
        ("26 Nov 30", "Please write the year in full.", None),
        ("this wednesday", "Today is Wednesday.", None),
        # impossible
        ("31 Nov", "November has 30 days.", "30 Nov"),
        ("30 Feb", "February has 28 days.", "28 Feb"),
        ("2026-02-30", "February has 28 days.", "28 Feb"),
        ("2026-13-01", "There is no such date.", None),
        ("32/13", "There is no such date.", None),
        ("0/5", "There is no such date.", None),
        ("the 31st", "November has 30 days.", "30 Nov"),
        ("29 Feb", "The next Feb 29 is in 2028.", None),
        ("Fri 30 Nov", "Nov 30 is a Monday, not a Friday.", "30 Nov"),
        ("Fri 28", "Nov 28 is a Saturday, not a Friday.", "28 Nov"),
        ("5 fridays of december 99", "I could not read that date.", None),
        # past
        ("20 Nov", "Fri, Nov 20 is past.", "20 Nov 2027"),
        ("1 Sep", "Tue, Sep 1 is past.", "1 Sep 2027"),
        ("2026-11-24", "Tue, Nov 24 is past.", None),
        ("30 Nov 2025", "Sun, Nov 30, 2025 is past.", None),
        ("monday this week", "Mon, Nov 23 is past.", None),
        ("yesterday", "That is past.", None),
        ("last friday", "That is past.", None),
        ("2 days ago", "That is past.", None),
        # too far
        ("1 Jan 2040", "Sun, Jan 1, 2040 is more than five years away.", None),
        ("in 30 years", "Sat, Nov 25, 2056 is more than five years away.", None),
        ("in 999 years", "Fri, Nov 25, 3025 is more than five years away.", None),
        ("in 9999 years", "I could not read that date.", None),
        # no day
        ("next week", "Which day do you mean?", None),
        ("december", "Which day do you mean?", None),
        ("May", "Which day do you mean?", None),
        ("in may", "Which day do you mean?", None),
        ("mid december", "Which day do you mean?", None),
        ("this weekend", "Which day do you mean?", None),
        ("fin de semana", "Which day do you mean?", None),
        ("la semana que viene", "Which day do you mean?", None),
        ("in a few days", "I could not read that date.", None),
        # times of day
        ("friday 5pm", "I keep days, not times of day. Do you mean by Fri, Nov 27?", "27 Nov"),
        ("friday at 17:00", "I keep days, not times of day. Do you mean by Fri", "27 Nov"),
        ("tomorrow morning", "I keep days, not times of day. Do you mean by Thu", "26 Nov"),
        ("el viernes a las 17h", "I keep days, not times of day. Do you mean by Fri", "27 Nov"),
        ("5pm", "I keep days, not times of day. Which day", None),
        ("in 2 hours", "I keep days, not times of day. Which day", None),
        # slips
        ("fryday", "Did you mean “friday”: Fri, Nov 27?", "27 Nov"),
        ("wensday", "Did you mean “wednesday”: Wed, Dec 2?", "2 Dec"),
        ("30 novmber", "Did you mean “november”: Mon, Nov 30?", "30 Nov"),
        # no date at all
        ("", "I could not read that date.", None),
        ("12", "I could not read that date.", None),
        ("me", "I could not read that date.", None),
        ("soon", "I could not read that date.", None),
        ("20261130", "I could not read that date.", None),
        ("friday " * 40, "I could not read that date.", None),
    ],
)
def test_what_is_ambiguous_impossible_past_or_no_day_is_asked_about(
    words: str, asked: str, mended: str | None
) -> None:
    asking = question(words)
    assert str(asking).startswith(asked)
    assert asking.suggestion == mended


def test_a_weekday_said_on_that_day_means_a_week_later() -> None:
    wednesday = date(2026, 11, 25)
    assert said("wednesday") == wednesday + timedelta(days=7)
    assert said("today") == wednesday


@pytest.mark.parametrize(
    ("now", "due"),
    [("2026-11-28T12:00+00:00", None), ("2026-11-29T12:00+00:00", None)],
)
def test_the_end_of_the_week_is_asked_about_at_the_weekend(now: str, due: None) -> None:
    with pytest.raises(Unclear, match="Which day do you mean by the end of the week"):
        read_date("end of the week", now=datetime.fromisoformat(now), zone="UTC")


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("Pacific/Kiritimati", "2026-11-27"),
        ("America/New_York", "2026-11-26"),
        ("Pacific/Pago_Pago", "2026-11-26"),
    ],
)
def test_dates_are_read_on_the_wall_of_the_person(zone: str, due: str) -> None:
    now = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)
    assert read_date("tomorrow", now=now, zone=zone).isoformat() == due


def test_the_last_day_of_a_short_month_is_kept_within_the_month() -> None:
    now = datetime(2027, 1, 31, 12, tzinfo=UTC)
    assert read_date("in a month", now=now, zone="UTC") == date(2027, 2, 28)


def test_an_unknown_zone_is_a_question_and_a_naive_clock_a_fault() -> None:
    with pytest.raises(Unclear, match="time zone"):
        read_date("friday", now=NOW, zone="Mars/Olympus")
    with pytest.raises(Unclear, match="time zone"):
        read_date("friday", now=NOW, zone="../etc/passwd")
    with pytest.raises(ValueError, match="aware"):
        read_date("friday", now=NOW.replace(tzinfo=None), zone=ZONE)


@pytest.mark.parametrize(
    "words", ["2026 December 1", "tuesday the 1st day of december", "año 2026 diciembre 1"]
)
def test_the_library_of_dates_is_asked_about_the_rest(words: str) -> None:
    assert said(words) == date(2026, 12, 1)


@pytest.mark.parametrize(
    "words",
    [
        "monday the 1st day of december",  # it is a Tuesday
        "3-4 weeks",  # the library drops the 3
        "lundi en huit",  # and reads a past day here
        "next month on the 5th",  # and forgets the 5
        "30 Nov - 4 Dec",
        "5 march street",
    ],
)
def test_the_library_of_dates_is_not_believed_where_it_drops_words(words: str) -> None:
    assert str(question(words)).startswith("I could not read that date.")


def test_starting_does_not_load_the_library_of_dates() -> None:
    program = (
        "import sys; from datetime import *; from bot import language;"
        "language.read('commit x by 30 Nov', now=datetime(2026, 11, 25, tzinfo=UTC), zone='UTC');"
        "print(any(m.partition('.')[0] in {'dateparser', 'regex', 'dateutil'} "
        "for m in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert ran.stdout.strip() == b"False"


_CALENDAR = st.lists(
    st.sampled_from(
        [
            *WORDS,
            "30",
            "31",
            "1st",
            "12th",
            "2026",
            "03/04",
            "2026-11-30",
            "5pm",
            "noon",
            ",",
            "'27",
        ]
    )
    | st.text(max_size=6),
    max_size=7,
).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(_CALENDAR, st.dates(date(1990, 1, 1), date(2200, 1, 1)))
def test_words_of_the_calendar_give_a_day_from_today_on_or_a_question(
    words: str, today: date
) -> None:
    try:
        found = read_date(words, now=datetime.combine(today, time(12), UTC), zone="UTC")
    except Unclear:
        return
    assert 0 <= (found - today).days <= 5 * 366


@settings(max_examples=200, deadline=None)
@given(st.dates(date(2026, 11, 25), date(2031, 11, 1)))
def test_a_date_written_in_full_is_that_date(due: date) -> None:
    for form in ("%Y-%m-%d", "%d %b %Y", "%B %d, %Y", "%a %d %b %Y"):
        assert said(due.strftime(form)) == due
