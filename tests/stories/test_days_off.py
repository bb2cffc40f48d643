"""Days off: each organization says when it is closed, each person when they are away."""

from datetime import datetime

import pytest

from tests.fixtures.scene import NEW_YORK, WELCOME, Scene

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Harbor//Days off//EN
BEGIN:VEVENT
UID:retreat@harbor.example
DTSTAMP:20261101T100000Z
DTSTART;VALUE=DATE:20261210
DTEND;VALUE=DATE:20261212
SUMMARY:Retreat & rest
DESCRIPTION:At Hui's house\\, ask her for the key
END:VEVENT
BEGIN:VEVENT
UID:founding@harbor.example
DTSTART;VALUE=DATE:20200301
RRULE:FREQ=YEARLY
SUMMARY:Founding day
END:VEVENT
BEGIN:VEVENT
UID:call@harbor.example
DTSTART:20261201T150000Z
SUMMARY:Team call
END:VEVENT
END:VCALENDAR"""


# Closed days


async def test_each_organization_notes_its_own_closed_days_by_its_own_door(begun: Scene) -> None:
    told = await begun.slash(begun.dana, "closed 24 Dec to 1 Jan winter break")
    assert "Noted: you are closed Thu, Dec 24 to Fri, Jan 1, 2027." in told
    assert "Closed days of Acme" in told
    told = await begun.tells(begun.bo, "closed 26 Nov to 27 Nov")
    assert "Closed days of Northside Youth" in told
    assert "winter break" not in told
    told = await begun.mentions(begun.hui, "closed 1 Dec moving house")
    assert "Closed days of Harbor Women in Media" in told
    assert "Tue, Dec 1 (moving house)" in told


async def test_partners_add_and_take_out_days_by_buttons_alone(begun: Scene) -> None:
    await begun.tells(begun.bo, "closed")
    await begun.bo.clicks("Add days")
    await begun.bo.submits({"First day": "2026-12-24", "What are these days called?": "Break"})
    await begun.settled()
    assert "Thu, Dec 24: Break" in begun.bo.words(begun.bo.dm()[-1])
    await begun.bo.clicks("Take out")
    await begun.settled()
    assert "No closed days are noted." in begun.bo.words(begun.bo.dm()[-1])


async def test_public_holidays_of_a_country_and_a_part_of_it(begun: Scene) -> None:
    told = await begun.tells(begun.bo, "closed holidays of the United States, New York")
    assert "Noted: the holidays of the United States (New York)." in told
    assert "Thu, Nov 26 (Thanksgiving Day)" in told
    assert "don't know holidays of “Atlantis”" in await begun.tells(
        begun.bo, "closed holidays of Atlantis"
    )
    assert "is in your calendar already" in await begun.tells(
        begun.amina, "closed holidays of US, NY"
    )


async def test_public_holidays_by_forms_with_the_kinds_that_a_country_has(begun: Scene) -> None:
    await begun.tells(begun.hui, "closed")
    await begun.hui.clicks("Public holidays")
    await begun.hui.submits({"Holidays of which country?": "Germany"})
    await begun.settled()
    await begun.hui.submits({"Which part of it?": "Berlin"})
    await begun.settled()
    words = begun.hui.words(begun.hui.dm()[-1])
    assert "Public holidays of Germany (Berlin)" in words
    assert "Fri, Dec 25 (Christmas Day)" in words


async def test_a_pasted_calendar_brings_its_whole_days_and_nothing_else(begun: Scene) -> None:
    told = await begun.tells(begun.hui, f"closed\n{CALENDAR}")
    assert "closed days from this calendar" in told
    assert "I left out 1 event with a time of day." in told
    assert "Retreat &amp; rest" in told or "Retreat & rest" in told
    assert "Founding day" in told
    assert "key" not in told
    assert "Closed days of Harbor" in await begun.tells(begun.hui, "closed")
    assert "is in your calendar already" in await begun.tells(begun.hui, CALENDAR)


@pytest.mark.parametrize(
    "events",
    [
        "",
        "BEGIN:VEVENT\nDTSTART;VALUE=DATE:2026\nEND:VEVENT\n",
        "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20201224\nEND:VEVENT\n",
        "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261224\nRRULE:FREQ=HOURLY\nEND:VEVENT\n",
    ],
    ids=["nothing", "no-date", "past", "every-hour"],
)
async def test_what_is_no_calendar_is_refused_with_what_to_do(begun: Scene, events: str) -> None:
    told = await begun.tells(begun.bo, f"closed BEGIN:VCALENDAR\n{events}END:VCALENDAR")
    assert "calendar" in told
    assert "No closed days are noted." in await begun.tells(begun.bo, "closed")


async def test_open_on_a_holiday_after_all(begun: Scene) -> None:
    await begun.tells(begun.bo, "closed holidays of US")
    told = await begun.tells(begun.bo, "open 26 Nov")
    assert "Noted: you are open Thu, Nov 26." in told
    assert "(Thanksgiving Day)" not in told
    assert "Open after all: Thu, Nov 26" in told
    assert "not closed then" in await begun.tells(begun.bo, "open 26 Nov")


async def test_a_guest_without_an_organization_has_no_calendar(scene: Scene) -> None:
    await scene.dana.invites_app(scene.channel)
    await scene.settled()
    told = await scene.tells(scene.mara, "closed 24 Dec")
    assert "don't know yet which organization you are with" in told


async def test_a_check_in_leaves_a_closed_day_and_says_whose_it_is(started: Scene) -> None:
    await started.tells(started.bo, "closed 24 Nov to 25 Nov staff training")
    await started.waits_until(datetime(2026, 11, 26, 9, 59, tzinfo=NEW_YORK))
    assert "Check-in for" not in started.said()
    await started.waits_until(datetime(2026, 11, 26, 10, 0, tzinfo=NEW_YORK))
    said = started.reads(started.post("Check-in for"))
    assert "Moved from Tue, Nov 24: Northside Youth is closed." in said
    assert "staff training" not in started.said()


async def test_a_change_waits_for_open_days_of_everybody(started: Scene) -> None:
    await started.tells(started.hui, "closed 17 Nov to 20 Nov")
    await started.mentions(started.bo, "checkin schedule every Wednesday at 9:30")
    announced = started.thread(started.post(WELCOME))[-1]
    assert "It begins on Mon, Nov 30, unless somebody objects." in announced


# Away


async def test_bo_is_away_and_back_by_direct_message(begun: Scene) -> None:
    told = await begun.tells(begun.bo, "away 22 Dec to 2 Jan, my sister's wedding")
    assert "Noted: away Tue, Dec 22 to Sat, Jan 2, 2027." in told
    assert "wedding" not in told
    assert "Away Tue, Dec 22 to Sat, Jan 2, 2027" in await begun.tells(begun.bo, "away")
    await begun.bo.clicks("Take back")
    await begun.settled()
    assert "You have no days away noted." in await begun.tells(begun.bo, "away")


async def test_back_ends_what_has_begun(begun: Scene) -> None:
    await begun.tells(begun.hui, "away this week")
    assert "Welcome back." in await begun.tells(begun.hui, "back")
    assert "You are not away then" in await begun.tells(begun.hui, "back")
    await begun.tells(begun.hui, "away until 30 Nov")
    told = await begun.tells(begun.hui, "back on 20 Nov")
    assert "Away until Thu, Nov 19" in told


async def test_days_that_touch_become_one_time_away(begun: Scene) -> None:
    await begun.tells(begun.dana, "away 1 Dec to 3 Dec")
    told = await begun.tells(begun.dana, "away 4 Dec to 8 Dec")
    assert "Noted: away Tue, Dec 1 to Tue, Dec 8." in told
    assert told.count("Away Tue") == 1


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("away 1 Oct to 3 Oct", "is past"),
        ("away 31 Feb", "28 days"),
        ("away sometime", "From when to when are you away?"),
        ("away 10 Dec to 8 Dec 2026", "The last day is before the first"),
        ("away 1 Dec 2026 to 1 Mar 2028", "more than half a year"),
        ("away 2 Jan to 22 Dec", "more than half a year"),
    ],
)
async def test_days_that_make_no_sense_are_asked_about(
    begun: Scene, words: str, question: str
) -> None:
    assert question in await begun.tells(begun.bo, words)


async def test_away_by_a_form(begun: Scene) -> None:
    await begun.tells(begun.hui, "away")
    await begun.hui.clicks("Add days")
    await begun.hui.submits({"First day": "2026-12-24", "Last day": "2026-12-20"})
    assert begun.hui.modal is not None
    assert "before the first" in "".join(begun.hui.modal.errors.values())
    await begun.hui.submits({"First day": "2026-12-24", "Last day": "2026-12-28"})
    await begun.settled()
    assert "Away Thu, Dec 24 to Mon, Dec 28" in begun.hui.words(begun.hui.dm()[-1])


# Due dates


async def test_a_date_on_a_closed_day_is_pointed_out_and_noted_all_the_same(
    begun: Scene,
) -> None:
    await begun.tells(begun.amina, "closed 30 Nov city holiday")
    told = await begun.slash(begun.dana, f"commit <@{begun.bo.id}> send the list by 30 Nov")
    assert "On Mon, Nov 30 Northside Youth is closed." in told
    assert "city holiday" not in told  # the name of the day is for Northside's own people
    assert "Fri, Nov 27 or Tue, Dec 1 would suit" in told
    assert "by Mon, Nov 30" in begun.reads(begun.card())


async def test_who_asks_somebody_by_a_day_away_reads_until_when_and_nobody_else_does(
    begun: Scene,
) -> None:
    await begun.tells(begun.bo, "away 26 Nov to 4 Dec operation")
    told = await begun.mentions(begun.hui, f"commit <@{begun.bo.id}> send the list by 30 Nov")
    assert "@Bo is away until Fri, Dec 4." in told
    assert "operation" not in told
    assert "away until" not in begun.said()
    assert all("away until" not in each for each in begun.thread(begun.card()))
    assert "away" not in await begun.mentions(
        begun.hui, f"commit <@{begun.bo.id}> call the school by 25 Nov"
    )


async def test_suggest_a_new_date_offers_the_nearest_days_that_suit(begun: Scene) -> None:
    await begun.tells(begun.bo, "away 26 Nov to 4 Dec")
    await begun.mentions(begun.bo, "commit send the list by 30 Nov")
    words = begun.bo.words(begun.bo.dm()[-1])
    assert "You are away until Fri, Dec 4." in words
    await begun.bo.clicks("Suggest a new date")
    await begun.bo.submits({"A day that suits": "Wed, Nov 25"})
    await begun.settled()
    assert "by Wed, Nov 25" in begun.reads(begun.card())


async def test_a_form_with_such_a_date_is_followed_by_one_for_another(begun: Scene) -> None:
    await begun.tells(begun.bo, "closed 30 Nov")
    await begun.mentions(begun.bo, "commit send the list by 25 Nov")
    await begun.presses(begun.bo, "Another date", begun.card())
    await begun.bo.submits({"By when?": "2026-11-30"})
    await begun.settled()
    assert begun.bo.modal is not None
    assert "by Mon, Nov 30" in begun.reads(begun.card())
    await begun.bo.submits({"A day that suits": "Tue, Dec 1"})
    await begun.settled()
    assert "by Tue, Dec 1" in begun.reads(begun.card())


async def test_a_weekend_is_not_pointed_out(begun: Scene) -> None:
    told = await begun.slash(begun.dana, "commit clear the hall by 28 Nov")
    assert "closed" not in told
    assert "Suggest a new date" not in told


async def test_a_date_given_in_a_reply_is_pointed_out_privately(begun: Scene) -> None:
    await begun.tells(begun.bo, "away 26 Nov to 4 Dec")
    await begun.slash(begun.dana, f"commit <@{begun.bo.id}> send the list by 25 Nov")
    told = await begun.replies(begun.bo, "another date: 30 Nov", begun.card())
    assert "You are away until Fri, Dec 4." in told
    assert all("away" not in each for each in begun.thread(begun.card()))


async def test_closed_days_that_leave_no_common_day_for_a_month_are_told_once(
    started: Scene,
) -> None:
    await started.tells(started.bo, "closed 24 Nov to 15 Dec moving")
    await started.tells(started.hui, "closed 16 Dec to 20 Jan winter")
    await started.waits_until(datetime(2026, 12, 23, tzinfo=NEW_YORK))
    assert "Check-in for" not in started.said()
    told = [each for each in started.thread(started.post(WELCOME)) if "leave out" in each]
    assert len(told) == 1
    assert "I leave out the check-in of Tue, Nov 24" in told[0]
    for lead in (started.dana, started.bo, started.hui):
        private = [
            lead.words(each) for each in lead.dm() if "talk to the others" in lead.words(each)
        ]
        assert len(private) == 1
    assert not any("talk to the others" in started.amina.words(one) for one in started.amina.dm())
    await started.waits_until(datetime(2027, 1, 21, 12, 0, tzinfo=NEW_YORK))
    assert started.said().count("Check-in for") == 1


async def test_who_says_yes_to_a_day_on_which_they_are_away_is_told(begun: Scene) -> None:
    await begun.slash(begun.dana, f"commit <@{begun.bo.id}> send the list by 30 Nov")
    await begun.tells(begun.bo, "away 26 Nov to 4 Dec")
    told = await begun.presses(begun.bo, "Yes", begun.card())
    assert "You are away until Fri, Dec 4." in told
    assert "agreed" in begun.reads(begun.card())
