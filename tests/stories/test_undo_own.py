"""Taking back what is one's own or one's organization's: days off, settings, marks, what was said
to a change. And what cannot be taken back, said by its name.
"""

from datetime import timedelta

from bot.sandbox import Person
from tests.fixtures.scene import OK, Scene
from tests.stories.test_reminders import agreed
from tests.stories.test_settings import keeps, notes, thread


def offered(person: Person) -> list[str]:
    """The buttons of the newest direct message, as they are labeled."""
    return [
        element["text"]["text"]
        for block in person.dm()[-1].blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


# Closed days


async def test_a_closed_day_is_taken_back_by_button_and_by_word(started: Scene) -> None:
    await started.tells(started.bo, "closed 26 Nov to 27 Nov")
    assert {"Undo", "Edit"} <= set(offered(started.bo))
    told = await started.presses(started.bo, "Undo", started.bo.dm()[-1])
    assert told == ("You took that back. Closed days of Northside Youth. No closed days are noted.")
    await started.tells(started.hui, "closed 1 Dec moving house")
    told = await started.tells(started.hui, "undo")
    assert "You took that back. Closed days of Harbor Women in Media. No closed" in told
    assert "No closed days are noted." in await started.tells(started.hui, "closed")


async def test_what_was_taken_out_of_the_calendar_is_put_back_with_its_name(
    started: Scene,
) -> None:
    await started.slash(started.dana, "closed 24 Dec to 1 Jan winter break")
    await started.tells(started.priya, "closed")
    await started.presses(started.priya, "Take out", started.priya.dm()[-1])
    told = await started.presses(started.priya, "Undo", started.priya.dm()[-1])
    assert "Next: Thu, Dec 24 to Fri, Jan 1, 2027 (winter break)." in told
    told = await started.slash(started.dana, "closed")
    assert "Thu, Dec 24 to Fri, Jan 1, 2027: winter break" in told


async def test_a_countrys_holidays_chosen_anew_are_as_before(started: Scene) -> None:
    await started.tells(started.bo, "closed holidays of Germany, Berlin")
    await started.tells(started.bo, "closed holidays of Germany")
    assert "Edit" in offered(started.bo)
    told = await started.tells(started.bo, "undo")
    assert "You took that back." in told
    told = await started.tells(started.bo, "closed")
    assert "Public holidays of Germany (Berlin)" in told
    assert "Mar 8, 2027" in told  # of Berlin alone
    told = await started.tells(started.bo, "undo")
    assert "No closed days are noted." in told


async def test_an_open_day_among_closed_ones_is_closed_again(started: Scene) -> None:
    await started.tells(started.bo, "closed 26 Nov to 27 Nov")
    await started.tells(started.bo, "open 27 Nov")
    told = await started.presses(started.bo, "Undo", started.bo.dm()[-1])
    assert "Next: Thu, Nov 26 to Fri, Nov 27" in told


async def test_a_pasted_calendar_is_taken_back_whole(started: Scene) -> None:
    text = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\nBEGIN:VEVENT\nUID:r@harbor.example\n"
        "DTSTART;VALUE=DATE:20261210\nDTEND;VALUE=DATE:20261212\nSUMMARY:Retreat\nEND:VEVENT\n"
        "END:VCALENDAR"
    )
    told = await started.tells(started.hui, f"closed\n{text}")
    assert "Retreat" in told
    assert "Undo" in offered(started.hui)
    assert "Edit" not in offered(started.hui)  # its text is not kept as it was pasted
    assert "No closed days are noted." in await started.tells(started.hui, "undo")


async def test_a_closed_day_that_a_colleague_took_out_stays_out(started: Scene) -> None:
    await started.tells(started.bo, "closed 26 Nov")
    receipt = started.bo.dm()[-1]
    await started.tells(started.amina, "closed")
    await started.presses(started.amina, "Take out", started.amina.dm()[-1])
    told = await started.presses(started.bo, "Undo", receipt)
    assert "Something has changed it since, so it stays." in told
    assert "Say “closed” to see your calendar" in told


async def test_edit_of_a_closed_day_opens_its_form_filled_in(started: Scene) -> None:
    await started.tells(started.hui, "closed 1 Dec moving house")
    await started.presses(started.hui, "Edit", started.hui.dm()[-1])
    assert started.hui.modal is not None
    assert "2026-12-01" in str(started.hui.modal.blocks)
    assert "moving house" in str(started.hui.modal.blocks)
    told = await started.sends(started.hui, First_day="2026-12-02", Last_day="2026-12-03")
    assert "Noted: you are closed Wed, Dec 2 to Thu, Dec 3." in told
    assert "Dec 1" not in told
    assert "moving house" in told
    told = await started.tells(started.hui, "undo")
    assert "Next: Tue, Dec 1 (moving house)." in told


async def test_edit_of_holidays_opens_what_was_ticked(started: Scene) -> None:
    await started.tells(started.bo, "closed holidays of Germany, Berlin")
    await started.presses(started.bo, "Edit", started.bo.dm()[-1])
    told = await started.sends(started.bo, **{"Which_part_of_it?": "The whole country"})
    assert "Public holidays of Germany" in told
    assert "Berlin" not in told


# Away


async def test_edit_of_days_away_takes_their_place(started: Scene) -> None:
    await started.tells(started.bo, "away 22 Dec to 2 Jan")
    await started.presses(started.bo, "Edit", started.bo.dm()[-1])
    assert started.bo.modal is not None
    assert "2026-12-22" in str(started.bo.modal.blocks)
    assert "2027-01-02" in str(started.bo.modal.blocks)
    told = await started.sends(started.bo, Last_day="2026-12-24")
    assert "Noted: away Tue, Dec 22 to Thu, Dec 24." in told
    assert "Jan 2" not in told
    told = await started.tells(started.bo, "undo")
    assert "You took that back. Away Tue, Dec 22 to Sat, Jan 2, 2027." in told


# One's own settings


async def test_hours_and_zone_are_taken_back_by_button_and_by_word(started: Scene) -> None:
    await started.tells(started.bo, "remind me from 18:00 to 21:00")
    told = await started.tells(started.bo, "remind me in Europe/Lisbon")
    assert "from 18:00 to 21:00 (Lisbon time)" in told
    told = await started.presses(started.bo, "Undo", started.bo.dm()[-1])
    assert "You took that back. I write to you unasked from 18:00 to 21:00 (Chicago" in told
    told = await started.tells(started.bo, "undo")
    assert "from 9:00 to 17:00" in told or "from 09:00 to 17:00" in told
    told = await started.slash(started.dana, "remind me from 8:00 to 10:00")
    assert "Undo" in told
    told = await started.slash(started.dana, "undo")
    assert "You took that back. I write to you unasked from 09:00 to 17:00" in told


async def test_a_kind_that_was_turned_off_by_form_is_on_again(started: Scene) -> None:
    await started.tells(started.hui, "settings")
    await started.presses(started.hui, "Change", started.hui.dm()[-1])
    told = await started.sends(started.hui, Remind_me_of=[])
    assert "You have turned all reminders off." in told
    told = await started.presses(started.hui, "Undo", started.hui.dm()[-1])
    assert "You took that back." in told
    assert "turned" not in told


async def test_a_pause_for_oneself_and_its_end_are_taken_back(started: Scene) -> None:
    told = await started.tells(started.bo, "pause for me until 5 Jan")
    assert "All reminders rest until Tue, Jan 5, 2027." in told
    await started.tells(started.bo, "resume for me")
    told = await started.presses(started.bo, "Undo", started.bo.dm()[-1])
    assert "You took that back." in told
    assert "All reminders rest until Tue, Jan 5, 2027." in told
    told = await started.tells(started.bo, "undo")
    assert "rest" not in told


async def test_edit_of_a_pause_opens_its_form_filled_in(started: Scene) -> None:
    await started.tells(started.hui, "pause for me until 5 Jan")
    assert {"Undo", "Edit"} <= set(offered(started.hui))
    await started.presses(started.hui, "Edit", started.hui.dm()[-1])
    assert started.hui.modal is not None
    assert "2027-01-05" in str(started.hui.modal.blocks)
    told = await started.sends(started.hui, **{"Of_which_channel?": "#mentoring-partners"})
    assert "All reminders" not in told
    assert "rest until Tue, Jan 5, 2027." in told
    told = await started.tells(started.hui, "undo")
    assert "All reminders rest until Tue, Jan 5, 2027." in told


async def test_what_was_put_off_is_told_as_before(started: Scene) -> None:
    await agreed(started)
    told = await started.tells(started.bo, "remind me of 1 on 25 Nov")
    assert "I come back to #1 on Wed, Nov 25." in told
    assert offered(started.bo) == ["Undo", "Edit"]
    await started.presses(started.bo, "Edit", started.bo.dm()[-1])
    assert started.bo.modal is not None
    assert "2026-11-25" in str(started.bo.modal.blocks)
    told = await started.sends(started.bo, Remind_me_of_it_again_on="2026-11-24")
    assert "I come back to #1 on Tue, Nov 24." in told
    told = await started.presses(started.bo, "Undo", started.bo.dm()[-1])
    assert "You took that back. I come back to #1 on Wed, Nov 25." in told
    told = await started.mentions(started.bo, "undo 1")
    assert "You took that back. I remind you of #1 as ever." in told


# Paid work


async def test_paid_work_is_marked_as_before(started: Scene) -> None:
    await started.mentions(started.hui, "commit book a room by 4 Dec")
    told = await started.mentions(started.hui, "paid 1")
    assert "Noted: #1 book a room is paid work." in told
    await started.mentions(started.hui, "unpaid 1")
    told = await started.presses(started.hui, "Undo", started.hui.dm()[-1])
    assert "You took that back. #1 book a room is paid work." in told
    told = await started.mentions(started.hui, "undo")
    assert "#1 book a room: nobody has said whether it is paid work." in told
    assert "promised" in started.reads(started.card())  # the promise stands


async def test_undo_after_paid_leaves_what_was_done_before(started: Scene) -> None:
    await started.slash(started.dana, "commit call the press by 4 Dec")
    await started.slash(started.dana, "done 1")
    told = await started.slash(started.dana, "paid 1")
    assert "Undo" in told
    await started.slash(started.dana, "undo")
    assert "Done:" in started.reads(started.card())


# One's organization


async def test_what_an_organization_says_of_itself_is_taken_back(started: Scene) -> None:
    await started.mentions(started.bo, "our organization")
    await started.presses(started.bo, "Change", started.bo.dm()[-1])
    told = await started.sends(
        started.bo,
        **{
            "Sponsor:_who_inside_backs_this?": "Rosa Lind",
            "Working_days": ["Monday", "Tuesday"],
        },
    )
    assert "Rosa Lind" in told
    told = await started.presses(started.bo, "Undo", started.bo.dm()[-1])
    assert "You took that back. Northside Youth: lead @Bo, sponsor not said" in told
    assert "working days Monday to Friday" in told
    told = await started.mentions(started.amina, "our organization")
    assert "Rosa Lind" not in told


async def test_what_a_colleague_has_set_since_stays(started: Scene) -> None:
    for person, sponsor in ((started.bo, "Rosa Lind"), (started.amina, "Ben Ode")):
        await started.mentions(person, "our organization")
        await started.presses(person, "Change", person.dm()[-1])
        await started.sends(person, **{"Sponsor:_who_inside_backs_this?": sponsor})
    told = await started.tells(started.bo, "undo")
    assert "@Amina has done something with it since, so it stays." in told
    assert "Ben Ode" in await started.mentions(started.bo, "our organization")


# What was said to a change


async def test_an_objection_is_taken_back_and_the_change_goes_on(started: Scene) -> None:
    await started.mentions(started.bo, "setup mentoring for all")
    note = notes(started)[-1]
    told = await started.presses(started.hui, "Object", note)
    assert "It stays as it is" in told
    told = await started.presses(started.hui, "Undo")
    assert "You took that back. This begins on" in told
    assert "unless somebody objects: the purpose: “mentoring for all”." in told
    assert "@Hui took that back. This begins on" in thread(started)[-1]
    assert "Object" in started.bo.button_labels(note)
    await started.waits(timedelta(days=12))
    assert "mentoring for all" in started.said()


async def test_an_objection_stays_once_something_newer_is_suggested(started: Scene) -> None:
    await started.mentions(started.bo, "setup mentoring for all")
    await started.presses(started.hui, "Object", notes(started)[-1])
    await started.slash(started.dana, "setup mentoring for most")
    told = await started.tells(started.hui, "undo")
    assert "@Dana has done something with it since, so it stays." in told


async def test_an_ok_to_a_change_is_taken_back_while_it_waits(started: Scene) -> None:
    await keeps(started, "bo", 90)
    await started.presses(started.dana, OK)
    told = await started.slash(started.dana, "undo")
    assert "You took that back. This waits for everybody's OK" in told
    assert any("OK so far: Northside Youth." in each for each in thread(started))


async def test_a_suggestion_that_was_taken_back_is_announced_again(started: Scene) -> None:
    await started.mentions(started.bo, "setup mentoring for all")
    await started.mentions(started.bo, "setup")
    await started.presses(started.amina, "Take back")
    assert "took back the suggestion" in thread(started)[-1]
    told = await started.tells(started.amina, "undo")
    assert "You took that back. This begins on" in told


# What cannot be taken back


async def test_what_cannot_be_taken_back_is_named_and_nothing_else_is(started: Scene) -> None:
    await started.mentions(started.hui, "commit book a room by 4 Dec")
    await started.mentions(started.hui, "checkin now")
    told = await started.mentions(started.hui, "undo")
    assert told.startswith("The last thing you did was to ask the check-in now.")
    assert "That cannot be taken back, so nothing has changed." in told
    assert "promised" in started.reads(started.card())
    await started.replies(started.hui, "All is well with us.", started.post("Check-in for"))
    told = await started.tells(started.hui, "undo")
    assert "The last thing you did was to reply to a check-in." in told
    assert "Edit or delete your reply in Slack, and I follow." in told
    assert "promised" in started.reads(started.card())


async def test_the_last_ok_to_a_change_stays_and_is_named(started: Scene) -> None:
    await keeps(started, "bo", 90)
    await started.presses(started.dana, OK)
    await started.presses(started.hui, OK)
    told = await started.tells(started.hui, "undo")
    assert "The last thing you did was to say the last OK to a change." in told


async def test_shares_that_were_asked_for_stay_and_are_named(started: Scene) -> None:
    await started.mentions(started.bo, "commit bring the venue list by 27 Nov")
    await started.mentions(started.bo, "shares")
    told = await started.mentions(started.bo, "undo")
    assert "The last thing you did was to ask how the work is shared." in told
    assert "promised" in started.reads(started.card())


async def test_a_press_on_a_receipt_still_takes_back_what_it_tells_of(started: Scene) -> None:
    await started.tells(started.bo, "away 22 Dec to 2 Jan")
    receipt = started.bo.dm()[-1]
    await started.mentions(started.bo, "checkin now")
    told = await started.presses(started.bo, "Undo", receipt)
    assert "You took that back. You have no days away noted." in told


async def test_after_ten_minutes_ones_own_settings_stay_too(started: Scene) -> None:
    await started.tells(started.bo, "remind me from 18:00 to 21:00")
    started.calendar.move(timedelta(minutes=10, seconds=1))
    told = await started.presses(started.bo, "Undo", started.bo.dm()[-1])
    assert "more than ten minutes ago, so it stays. Say “settings”" in told


# Which organization a guest is with


async def test_a_guest_takes_back_which_organization_they_are_with(begun: Scene) -> None:
    assert offered(begun.hui) == ["Undo", "Edit"]
    told = await begun.presses(begun.hui, "Undo", begun.hui.dm()[-1])
    assert told.startswith("You took that back. I don't know which organization you are with")
    assert "Harbor" not in begun.said()
    assert "@Hui took back which organization they are with." in thread(begun)[-1]
    await begun.mentions(begun.hui, "with Harbor Women in Media")  # and can say it again
    assert "Harbor Women in Media: waiting" in begun.said()


async def test_edit_names_another_organization(begun: Scene) -> None:
    await begun.presses(begun.hui, "Edit", begun.hui.dm()[-1])
    assert begun.hui.modal is not None
    assert "initial_option" in str(begun.hui.modal.blocks)
    told = await begun.sends(begun.hui, **{"Another_organization:_its_name": "Pier Nine"})
    assert "You are with Pier Nine" in told
    assert "Pier Nine: waiting" in begun.said()
    assert "Harbor" not in begun.said()
    told = await begun.tells(begun.hui, "undo")
    assert "You took that back. You are with Harbor Women in Media." in told
    assert "Harbor Women in Media: waiting" in begun.said()
    assert "Pier Nine" not in begun.said()


async def test_once_their_organization_has_said_ok_it_stays(begun: Scene) -> None:
    receipt = begun.hui.dm()[-1]
    await begun.presses(begun.hui, OK)
    told = await begun.presses(begun.hui, "Undo", receipt)
    assert "You have done more with it since. Take that back first." in told


async def test_who_is_asked_whether_a_guest_is_with_them_is_asked_no_more(begun: Scene) -> None:
    await begun.mara.joins(begun.channel)
    await begun.settled()
    await begun.mentions(begun.mara, "with Harbor Women in Media")
    question = notes(begun)[-1]
    assert "Yes" in begun.hui.button_labels(question)
    told = await begun.tells(begun.mara, "undo")
    assert "You took that back." in told
    assert "Yes" not in begun.hui.button_labels(question)
    await begun.mentions(begun.mara, "with Harbor Women in Media")
    await begun.presses(begun.hui, "Yes", notes(begun)[-1])
    told = await begun.tells(begun.mara, "undo")
    assert "@Hui has done something with it since, so it stays." in told
