"""What is read of a calendar file, in whatever way it was written, and what of it is kept."""

import codecs
from datetime import date

import pytest

from bot.domain.errors import Unclear
from bot.services import calendar_files

SINCE, UNTIL = date(2026, 11, 16), date(2031, 12, 31)


def calendar(*events: str) -> str:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(events)}END:VCALENDAR\r\n"


def whole_day(day: str, name: str, number: int = 1) -> str:
    return (
        f"BEGIN:VEVENT\r\nUID:{number}\r\nDTSTART;VALUE=DATE:{day}\r\nSUMMARY:{name}\r\n"
        "END:VEVENT\r\n"
    )


def meeting(number: int) -> str:
    return (
        f"BEGIN:VEVENT\r\nUID:m{number}\r\nDTSTART;TZID=America/New_York:20261201T150000\r\n"
        f"SUMMARY:Talk with a donor {number}\r\nATTENDEE:mailto:someone@harbor.example\r\n"
        "END:VEVENT\r\n"
    )


@pytest.mark.parametrize(
    ("mark", "way"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "cp1252"),
    ],
)
def test_a_file_is_read_in_the_ways_that_programs_write_it(mark: bytes, way: str) -> None:
    text = calendar(whole_day("20261224", "Día de café"))
    found = calendar_files.read_file(mark + text.encode(way), SINCE, UNTIL)
    assert found.days == {date(2026, 12, 24): "Día de café"}


def test_names_in_other_scripts_and_folded_lines_stay_whole() -> None:
    text = calendar(whole_day("20261224", "راحة ال\r\n شتاء"))
    found = calendar_files.read_file(text.encode(), SINCE, UNTIL)
    assert found.days == {date(2026, 12, 24): "راحة الشتاء"}


def test_of_meetings_nothing_is_kept_however_many_there_are() -> None:
    """More of them than there may be days, and more text than a message holds."""
    text = calendar(*(meeting(n) for n in range(5000)), whole_day("20261224", "Closed"))
    assert len(text) > 10 * calendar_files.LONGEST_TEXT
    found = calendar_files.read_file(text.encode(), SINCE, UNTIL)
    assert found.days == {date(2026, 12, 24): "Closed"}
    assert found.timed == 5000
    assert "donor" not in found.text
    assert "harbor.example" not in found.text
    assert calendar_files.days_of(found.text, SINCE, UNTIL) == found.days


def test_a_day_that_was_moved_to_a_time_of_day_is_not_closed() -> None:
    weekly = (
        "BEGIN:VEVENT\r\nUID:w\r\nDTSTART;VALUE=DATE:20261207\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\n"
        "SUMMARY:Closed\r\nEND:VEVENT\r\n"
    )
    moved = (
        "BEGIN:VEVENT\r\nUID:w\r\nRECURRENCE-ID;VALUE=DATE:20261214\r\n"
        "DTSTART:20261214T090000Z\r\nSUMMARY:Open house\r\nEND:VEVENT\r\n"
    )
    found = calendar_files.read_file(calendar(weekly, moved).encode(), SINCE, UNTIL)
    assert list(found.days) == [date(2026, 12, 7), date(2026, 12, 21)]
    assert found.timed == 1


def test_a_pasted_calendar_stays_as_long_as_a_message_may_be() -> None:
    text = calendar(*(meeting(n) for n in range(500)), whole_day("20261224", "Closed"))
    with pytest.raises(Unclear, match="too long for a message"):
        calendar_files.read(text, SINCE, UNTIL)
    assert calendar_files.read_file(text.encode(), SINCE, UNTIL).days


@pytest.mark.parametrize("blank", [" ", "\r\n", "\n\t", "\u00a0"], ids=ascii)
def test_a_megabyte_of_blanks_is_looked_through_once(blank: str) -> None:
    """What looks for the end of the text at each of them would take minutes."""
    blanks = blank * (1_000_000 // len(blank.encode()))
    text = calendar(whole_day("20261224", "Closed")) + blanks
    found = calendar_files.read_file(text.encode(), SINCE, UNTIL)
    assert found.days == {date(2026, 12, 24): "Closed"}


@pytest.mark.parametrize("around", ["{}", "```{}```", "```\n{}\n```", "\n ``` {} ``` \n"])
def test_a_calendar_may_be_pasted_as_code(around: str) -> None:
    text = around.format(calendar(whole_day("20261224", "Closed")))
    assert calendar_files.read(text, SINCE, UNTIL).days == {date(2026, 12, 24): "Closed"}
