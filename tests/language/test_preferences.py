"""What people type about their own settings and reminders."""

from datetime import date, time

import pytest

from bot.domain.errors import Unclear
from bot.domain.preferences import Hours
from bot.language import read
from tests.language.said import NOW, ZONE


def said(line: str) -> dict[str, object]:
    """What was understood, without what stayed empty."""
    found = read(line, now=NOW, zone=ZONE)
    return {name: getattr(found, name) for name in found.__slots__ if getattr(found, name)}


def asked(line: str) -> Unclear:
    with pytest.raises(Unclear) as caught:
        read(line, now=NOW, zone=ZONE)
    return caught.value


EVENING = Hours(time(18), time(21))


@pytest.mark.parametrize(
    ("line", "hours"),
    [
        ("remind me at 18 to 21", EVENING),
        ("remind me from 18:00 to 21:00", EVENING),
        ("Remind me between 6pm and 9pm.", EVENING),
        ("remind me 6 to 9 pm", EVENING),
        ("remind me 18-21", EVENING),
        ("remind me in the evenings", EVENING),
        ("remind me in the morning", Hours(time(9), time(12))),
        ("remind me from 9:30 am to noon", Hours(time(9, 30), time(12))),
        ("remind me from 20:00 to midnight", Hours(time(20), time())),
        ("remind me 20 to 24", Hours(time(20), time())),
    ],
)
def test_hours_are_said_in_many_ways(line: str, hours: Hours) -> None:
    assert said(line) == {"verb": "remind", "hours": hours}


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("remind me 9 to 5", "In the morning or in the evening?"),
        ("remind me from 25 to 30", "There is no such time of day."),
        ("remind me from 22:00 to 02:00", "at least an hour, within one day"),
        ("remind me from 18:00 to 18:15", "at least an hour"),
        ("remind me tomorrow", "When shall I remind you?"),
        ("remind me of 12", "When shall I remind you of it again?"),
        ("later 12", "When shall I remind you of it again?"),
        ("remind me of 12 on 3 Jan 2020", "is past"),
        ("pause for me until the moon is full", "Until which day?"),
        ("resume for me tomorrow", "Of which channel?"),
    ],
)
def test_what_is_not_clear_is_asked_and_never_guessed(line: str, question: str) -> None:
    assert question in str(asked(line))


@pytest.mark.parametrize("word", ["pause", "pause until 5 Jan", "resume"])
def test_a_pause_for_everybody_is_never_taken_for_ones_own_nor_the_other_way(word: str) -> None:
    question = asked(word)
    assert str(question).startswith("Only for you, or for everybody here?")
    assert question.suggestion is not None
    assert "for me" in question.suggestion


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("pause for me", {}),
        ("mute me", {}),
        ("pause for me until 5 Jan", {"until": date(2027, 1, 5)}),
        ("pause for me for 2 weeks", {"until": date(2026, 12, 9)}),
        ("pause my reminders here", {"spot": "here"}),
        (
            "pause for me in <#C0MENTORI|mentoring-partners> until 5 Jan",
            {"spot": "C0MENTORI", "until": date(2027, 1, 5)},
        ),
        (
            "pause for me until 5 Jan in #mentoring-partners",
            {"spot": "mentoring-partners", "until": date(2027, 1, 5)},
        ),
    ],
)
def test_a_pause_is_of_one_channel_or_of_all_with_a_day_or_without(
    line: str, meant: dict[str, object]
) -> None:
    assert said(line) == {"verb": "pause", **meant}


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("resume for me", {}),
        ("unmute", {}),
        ("resume for me in #mentoring-partners", {"spot": "mentoring-partners"}),
    ],
)
def test_reminders_are_resumed(line: str, meant: dict[str, object]) -> None:
    assert said(line) == {"verb": "resume", **meant}


@pytest.mark.parametrize(
    ("line", "number", "until"),
    [
        ("remind me of 12 on 4 Dec", 12, date(2026, 12, 4)),
        ("remind me about #12 again in 2 weeks", 12, date(2026, 12, 9)),
        ("snooze 12 until 4 Dec", 12, date(2026, 12, 4)),
        ("later #12: 4 Dec", 12, date(2026, 12, 4)),
    ],
)
def test_one_thing_is_put_off_until_a_day(line: str, number: int, until: date) -> None:
    assert said(line) == {"verb": "remind", "sub": "later", "number": number, "until": until}


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("remind me in Europe/Lisbon", "europe/lisbon"),
        ("remind me in New York", "new york"),
        ("remind me in Lisbon time", "lisbon"),
        ("remind me in São Paulo", "sao paulo"),
    ],
)
def test_a_zone_is_named_as_people_say_it(line: str, zone: str) -> None:
    assert said(line) == {"verb": "remind", "zone": zone}


@pytest.mark.parametrize("line", ["settings", "my settings", "preferences", "my reminders"])
def test_settings_are_ones_own(line: str) -> None:
    assert said(line) == {"verb": "settings"}


@pytest.mark.parametrize(
    ("typed", "switch", "kind"),
    [
        ("reminders off", "off", ""),
        ("reminders on", "on", ""),
        ("no reminders", "off", ""),
        ("no nudges", "off", "checkin"),
        ("nudges on", "on", "checkin"),
        ("reminders off for check-ins", "off", "checkin"),
        ("reminders off for overdue things", "off", "overdue"),
        ("reminders on for what is due later", "on", "later"),
        ("reminders off for what is due", "off", "due"),
        ("Reminders off for what waits for my answer", "off", "answer"),
        ("my reminders off for my colleagues' things", "off", "lead"),
    ],
)
def test_one_kind_of_reminder_or_all_are_turned_off_and_on(
    typed: str, switch: str, kind: str
) -> None:
    found = read(typed, now=NOW, zone=ZONE)
    assert (found.verb, found.sub, found.what) == ("settings", switch, kind)


@pytest.mark.parametrize("line", ["reminders off for lunch", "no nudges please stop"])
def test_a_kind_of_reminder_that_there_is_not_is_asked_about(line: str) -> None:
    assert "Which reminders?" in asked(line).sentence
