"""What people see of reminders and of their settings: it says it all, and fits Slack's limits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.domain.away import Away, DaysOff
from bot.domain.commitments import Audience, Commitment, Offer, Risk, State
from bot.domain.nudges import MOST, Nudged
from bot.domain.open_days import Workdays
from bot.domain.preferences import Chosen, Hours, Notice, Pause, Preferences, Spot, Times
from bot.domain.reminders import Line, Reminder
from bot.sandbox.block_kit import faults_of_blocks, faults_of_view
from bot.services.reminders import LINES
from bot.views import nudges as nudge_views
from bot.views import preferences as preference_views
from bot.views import reminders as views
from bot.views.blocks import Message
from tests.views.test_commitments import (
    AGREED,
    AMINA,
    ASKED,
    BO,
    DANA,
    HOSTILE,
    NORTHSIDE,
    NOW,
    TODAY,
    every,
)
from tests.views.test_meetings import ASKED as CHECKIN


def of(*lines: Line, more: int = 0) -> Reminder:
    return Reminder(1, BO, TODAY, lines, more, sent=True)


def line(commitment: Commitment, notice: Notice = Notice.DUE, *, waits: bool = True) -> Line:
    return Line(commitment, notice, waits)


def due(on: date, **more: Any) -> Commitment:
    return replace(AGREED, terms=replace(AGREED.terms, due=on, **more))


def labels(message: Message) -> list[str]:
    return [
        element["text"]["text"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def chosen(preferences: Preferences | None = None, **more: Any) -> Chosen:
    times = Times("America/Chicago", Hours(time(18), time()))
    made = Chosen(BO, preferences or Preferences(), times, TODAY, (Spot(1, "partners", "C1"),))
    return replace(made, **more)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "due today"),
        (1, "due tomorrow, Wed, Nov 25"),
        (6, "due Mon, Nov 30"),
        (-1, "was due Mon, Nov 23, yesterday"),
        (-20, "was due Wed, Nov 4, 20 days ago"),
    ],
)
def test_a_date_is_said_as_people_say_it(days: int, said: str) -> None:
    made = views.reminder(of(line(due(TODAY + timedelta(days)))))
    assert f"#12 invite 12 mentees, {said} (in <#C0MENTORS>)" in made["text"]


def test_it_says_what_there_is_and_what_to_do_in_its_text_and_in_its_buttons() -> None:
    made = views.reminder(of(line(due(TODAY, condition="travel is paid"))))
    assert made["text"] == (
        "A reminder of 1 commitment of yours. "
        "#12 invite 12 mentees, due today, if travel is paid (in <#C0MENTORS>)"
    )
    assert labels(made) == [
        "Done",
        "New date",
        "I'm stuck",
        "Hand over",
        "Later",
        "All of mine",
        "Pause for me",
        "Settings",
    ]


def test_nobody_is_blamed_for_what_is_past_its_date() -> None:
    made = views.reminder(of(line(due(TODAY - timedelta(3)), Notice.OVERDUE)))
    assert "Things move; that is fine." in made["text"]
    for word in ("late", "overdue", "missed", "failed"):
        assert word not in made["text"].casefold()


def test_what_waits_for_an_answer_says_who_asks_and_that_nothing_counts_yet() -> None:
    made = views.reminder(of(line(ASKED, Notice.ANSWER)))
    assert "1 thing waits for your answer." in made["text"]
    assert "<@UDANA> (Acme) asks: could you invite 12 mentees by Mon, Nov 30?" in made["text"]
    assert "Nothing counts until you agree." in made["text"]
    assert labels(made)[:5] == ["Yes", "Yes, if…", "Another date", "No", "Later"]


@pytest.mark.parametrize(
    ("state", "offer", "yes", "keep"),
    [
        (
            State.COUNTERED,
            Offer(replace(ASKED.terms, version=2, due=TODAY), BO),
            "Agree",
            "Keep what was asked",
        ),
        (
            State.HANDING_OVER,
            Offer(replace(ASKED.terms, version=2), BO, AMINA),
            "Take it over",
            "Leave it with Bo",
        ),
    ],
)
def test_other_terms_and_a_hand_over_have_their_own_answers(
    state: State, offer: Offer, yes: str, keep: str
) -> None:
    made = views.reminder(of(line(replace(ASKED, state=state, offer=offer), Notice.ANSWER)))
    assert labels(made)[:3] == [yes, keep, "Later"]


def test_a_lead_reads_whose_it_is_and_has_no_button_that_acts_for_them() -> None:
    made = views.reminder(of(line(due(date(2026, 11, 2)), Notice.LEAD)))
    assert "As the lead of your organization: 1 thing of your colleagues" in made["text"]
    assert "<@UBO> (Northside Youth): invite 12 mentees, was due Mon, Nov 2" in made["text"]
    assert labels(made)[:2] == ["History", "Later"]
    assert "Things move" not in made["text"]


def test_what_is_settled_is_a_line_without_buttons() -> None:
    done = replace(AGREED, state=State.DONE, closed_at=NOW)
    made = views.reminder(of(line(done, waits=False)))
    assert made["text"].startswith("All of this is settled. Thank you.")
    assert "How it stands now: done on Tue, Nov 24." in made["text"]
    assert labels(made) == ["All of mine", "Pause for me", "Settings"]


def test_who_is_stuck_can_say_that_it_goes_on() -> None:
    stuck = replace(AGREED, risk=Risk(NOW, Audience.OWNER, "no venue"))
    made = views.reminder(of(line(stuck)))
    assert ", at risk (in" in made["text"]
    assert "On track again" in labels(made)
    assert "I'm stuck" not in labels(made)


def test_nothing_left_that_one_may_see_is_said_without_a_word_of_it() -> None:
    made = views.reminder(of())
    assert made["text"] == "All of this is settled. Thank you."


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("notice", [Notice.DUE, Notice.OVERDUE, Notice.ANSWER, Notice.LEAD])
def test_a_full_reminder_of_any_words_fits_slacks_limits(what: str, notice: Notice) -> None:
    for commitment in every(what):
        for waits in (True, False):
            made = views.reminder(of(*[line(commitment, notice, waits=waits)] * LINES, more=990))
            assert faults_of_blocks(made["blocks"], "message") == []
            assert len(made["text"]) <= 4000
            assert "<!" not in made["text"]
        assert faults_of_view(views.later_form(commitment, TODAY), "modal") == []
        assert faults_of_blocks(views.put_off(commitment, TODAY, TODAY)["blocks"], "message") == []


@pytest.mark.parametrize("name", ["N" * 80, "مؤسسة الشباب", "<!channel>", "X"])
def test_settings_read_well_with_any_name(name: str) -> None:
    member = replace(BO, organization=replace(NORTHSIDE, name=name))
    spots = tuple(Spot(number, name, None) for number in range(120))
    pauses = tuple(Pause(number, TODAY) for number in range(70))
    value = chosen(Preferences(pauses=pauses), member=member, spots=spots)
    made = preference_views.settings(value, "Noted.")
    assert faults_of_blocks(made["blocks"], "message") == []
    assert "<!" not in made["text"]
    assert faults_of_view(preference_views.pause_form(value), "modal") == []
    assert faults_of_view(preference_views.change_form(value), "modal") == []


def test_settings_say_hours_zone_what_is_off_pauses_and_days_away() -> None:
    days = DaysOff(Workdays(), (Away(1, 3, date(2026, 12, 22), date(2027, 1, 2)),))
    value = chosen(
        Preferences(off=frozenset({Notice.LATER}), pauses=(Pause(1, date(2026, 12, 1)),)),
        times=Times("America/Chicago", Hours(time(18), time()), days),
    )
    assert preference_views.lines(value) == [
        (
            "I write to you unasked from 18:00 to 24:00 (Chicago time), on days when Northside "
            "Youth is open, and not while you are away."
        ),
        (
            "I remind you of what is due on the day, what is past its date, what waits for your "
            "answer, check-ins and what is long past its date with your colleagues (if you are a "
            "lead)."
        ),
        "You have turned off reminders of what is due later.",
        "Reminders of <#C1> rest until Tue, Dec 1.",
        "You are away from Tue, Dec 22 to Sat, Jan 2, 2027.",
    ]


def test_all_that_is_off_is_said_in_one_sentence() -> None:
    value = chosen(Preferences(off=frozenset(Notice)))
    told = preference_views.lines(value)
    assert told[0] == "You have turned all reminders off."
    assert "I write to you unasked" not in " ".join(told)


def test_what_was_put_off_is_not_called_settled() -> None:
    one = replace(line(due(TODAY - timedelta(3)), Notice.OVERDUE), waits=False)
    put_off = replace(one, snoozed=TODAY + timedelta(5))
    assert "All of this is settled. Thank you." in views.reminder(of(one))["text"]
    said = views.reminder(of(put_off))["text"]
    assert "settled" not in said
    assert "I come back to it on Sun, Nov 29." in said


def test_a_reminder_of_what_was_handed_over_says_whose_it_is_now() -> None:
    one = replace(line(due(TODAY), Notice.DUE), waits=False)
    theirs = replace(one, commitment=replace(one.commitment, owner=AMINA))
    said = views.reminder(of(theirs))["text"]
    assert "It is with <@UAMINA> (Northside Youth) now: agreed" in said


@pytest.mark.parametrize(
    ("pauses", "buttons"),
    [
        ((), ["Change", "Pause for me"]),
        ((Pause(None, None),), ["Change", "Pause for me", "Resume"]),
        ((Pause(1, None),), ["Change", "Pause for me", "Resume #partners"]),
        (
            (Pause(None, None), Pause(1, None)),
            ["Change", "Pause for me", "Resume all", "Resume #partners"],
        ),
    ],
)
def test_each_pause_has_its_own_way_back(pauses: Sequence[Pause], buttons: list[str]) -> None:
    made = preference_views.settings(chosen(Preferences(pauses=tuple(pauses))))
    assert labels(made) == buttons
    assert faults_of_blocks(made["blocks"], "message") == []


def test_a_time_that_is_not_on_the_half_hour_stays_in_the_form() -> None:
    value = chosen(times=Times("America/Chicago", Hours(time(9, 10), time(16, 50))))
    form = preference_views.change_form(value)
    start, end = (form["blocks"][number]["element"] for number in (0, 1))
    assert start["initial_option"]["value"] == "09:10"
    assert end["initial_option"]["value"] == "16:50"
    assert len(end["options"]) <= 100


def test_one_self_is_never_named_to_oneself_as_somebody_who_was_asked() -> None:
    made = views.reminder(of(line(AGREED)))
    assert DANA.mention not in made["text"]
    assert BO.mention not in made["text"]


def test_a_full_reminder_with_many_check_ins_keeps_slacks_limits() -> None:
    asked = replace(CHECKIN, lines=CHECKIN.lines * 30)
    value = replace(of(*(line(due(TODAY)),) * LINES, more=90), asked=(asked,) * MOST)
    made = views.reminder(value)
    assert faults_of_blocks(made["blocks"], "message") == []
    assert "ask about these, too" in made["text"]
    alone = nudge_views.nudge(Nudged(BO, (asked,) * MOST))
    assert faults_of_blocks(alone["blocks"], "message") == []


def test_a_reminder_names_the_check_in_and_what_is_the_readers_of_it() -> None:
    value = replace(of(line(due(TODAY))), asked=(CHECKIN,))
    made = views.reminder(value)
    assert "The check-in in <#C0MENTORS> asks about these, too. How is it going? #" in made["text"]
    assert "On track" in labels(made)
