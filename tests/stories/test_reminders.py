"""Reminders and everybody's own settings, as people of all three organizations live them."""

from datetime import datetime, time

import pytest
from sqlalchemy import select

from bot.domain.preferences import Hours, Preferences
from bot.sandbox import Message, Person
from storage.store import Store
from storage.tables import member as people
from tests.fixtures.scene import CHANNEL, NEW_YORK, Scene


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """On New York's wall clock. Bo and Amina live in Chicago, an hour behind."""
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK)


def told(person: Person) -> list[Message]:
    """The reminders that somebody has."""
    return [
        each for each in person.dm() if each.bot_id and "All of mine" in person.button_labels(each)
    ]


def reads(person: Person, which: int = -1) -> str:
    """A reminder as it reads now."""
    return person.words(told(person)[which])


async def asked(scene: Scene, what: str = "invite 12 mentees", by: str = "30 Nov") -> Message:
    """Dana asks Bo."""
    await scene.mentions(scene.dana, f"commit @Bo {what} by {by}")
    return scene.post(what)


async def agreed(scene: Scene, what: str = "invite 12 mentees", by: str = "30 Nov") -> Message:
    """Dana asks Bo, and Bo says yes."""
    card = await asked(scene, what, by)
    await scene.presses(scene.bo, "Yes", card)
    return card


async def test_once_a_week_then_on_the_day_then_the_day_after_then_once_a_week(
    started: Scene,
) -> None:
    await agreed(started)
    days: list[str] = []
    for day in (*range(17, 31), *range(31, 39)):
        month, day_of = (11, day) if day <= 30 else (12, day - 30)
        await started.waits_until(at(day_of, 20, month=month))
        if len(told(started.bo)) > len(days):
            days.append(f"{day_of}.{month}")
    assert days == ["23.11", "30.11", "1.12", "7.12"]
    assert "due Mon, Nov 30" in reads(started.bo, 0)
    assert "due today" in reads(started.bo, 1)
    assert "was due Mon, Nov 30, yesterday" in reads(started.bo, 2)
    assert "Things move; that is fine." in reads(started.bo, 2)
    assert "7 days ago" in reads(started.bo, 3)
    for other in (started.dana, started.amina, started.hui):
        assert told(other) == []
    assert "remind" not in started.said()


async def test_bo_a_volunteer_hears_of_it_in_the_evening(started: Scene) -> None:
    answer = await started.tells(started.bo, "remind me at 18 to 21")
    assert "I write to you unasked from 18:00 to 21:00 (Chicago time)" in answer
    assert "Northside Youth is open" in answer
    await agreed(started)
    await started.waits_until(at(30, 18, 59))
    assert len(told(started.bo)) == 1  # of the Monday before
    await started.waits_until(at(30, 19, 0))
    assert len(told(started.bo)) == 2
    assert "due today" in reads(started.bo)


async def test_all_of_somebodys_are_in_one_message_with_what_waits_for_them_first(
    started: Scene,
) -> None:
    await agreed(started, "invite 12 mentees", "30 Nov")
    await agreed(started, "book the hall", "9 Dec")
    await asked(started, "bring the van", "11 Dec")
    await started.waits_until(at(23, 12))
    words = reads(started.bo)
    assert words.startswith("1 thing waits for your answer. A reminder of 2 commitments of yours.")
    assert words.index("could you bring the van") < words.index("invite 12 mentees")
    assert "Nothing counts until you agree." in words
    assert len(told(started.bo)) == 1


async def test_done_is_one_press_and_becomes_a_line_of_text(started: Scene) -> None:
    card = await agreed(started)
    await started.waits_until(at(30, 12))
    await started.presses(started.bo, "Done", told(started.bo)[-1])
    assert started.reads(card).startswith("Done: @Bo")
    words = reads(started.bo)
    assert "All of this is settled. Thank you." in words
    assert "How it stands now: done on Mon, Nov 30." in words
    labels = started.bo.button_labels(told(started.bo)[-1])
    assert "Done" not in labels
    assert "Later" not in labels


async def test_a_used_button_of_a_reminder_is_brought_up_to_date_in_one_way_only(
    started: Scene,
) -> None:
    await agreed(started)
    await started.waits_until(at(30, 12))
    post = told(started.bo)[-1]
    answered = len(started.sandbox.responses.bodies)
    await started.presses(started.bo, "Done", post)
    ways = started.sandbox.responses.bodies[answered:]
    assert not any(each.get("replace_original") for each in ways)
    assert "All of this is settled." in reads(started.bo)


async def test_what_was_done_by_a_slip_is_taken_back_and_asked_again(started: Scene) -> None:
    await agreed(started)
    await started.waits_until(at(30, 12))
    await started.presses(started.bo, "Done", told(started.bo)[-1])
    await started.ticks()
    await started.tells(started.bo, "undo")
    assert "due today" in reads(started.bo)
    assert "Done" in started.bo.button_labels(told(started.bo)[-1])
    await started.waits_until(at(1, 12, month=12))
    assert "yesterday" in reads(started.bo)


async def test_a_reminder_that_is_answered_after_it_changed_tells_what_is_now(
    started: Scene,
) -> None:
    """Bo's phone still shows the old buttons when Dana has dropped it."""
    card = await agreed(started)
    await started.waits_until(at(30, 12))
    old = told(started.bo)[-1].blocks
    await started.mentions(started.dana, "drop 1 because the program is full")
    assert "How it stands now: dropped on Mon, Nov 30." in reads(started.bo)
    told(started.bo)[-1].blocks = old
    answer = await started.presses(started.bo, "Done", told(started.bo)[-1])
    assert "#1 was dropped." in answer
    assert started.reads(card).startswith("Dropped: ")


async def test_a_new_date_from_the_reminder_is_a_proposal_and_the_reminder_says_so(
    started: Scene,
) -> None:
    card = await agreed(started)
    await started.waits_until(at(30, 12))
    await started.presses(started.bo, "New date", told(started.bo)[-1])
    await started.bo.picks("By when?", "2026-12-04")
    await started.sends(started.bo)
    assert "asks for another date: by Fri, Dec 4" in started.reads(card)
    assert "How it stands now: agreed, a change waits for the answer of Acme." in reads(started.bo)
    assert "Done" not in started.bo.button_labels(told(started.bo)[-1])


async def test_stuck_from_the_reminder_stays_with_whom_bo_chooses(started: Scene) -> None:
    card = await agreed(started)
    await started.waits_until(at(30, 12))
    await started.presses(started.bo, "I'm stuck", told(started.bo)[-1])
    await started.bo.picks("Who may know?", "Nobody yet")
    await started.sends(started.bo)
    assert "At risk" not in started.reads(card)
    assert "due today, at risk" in reads(started.bo)
    assert "On track again" in started.bo.button_labels(told(started.bo)[-1])


async def test_hand_over_from_the_reminder_asks_the_next_person(started: Scene) -> None:
    card = await agreed(started)
    await started.waits_until(at(30, 12))
    await started.presses(started.bo, "Hand over", told(started.bo)[-1])
    assert started.bo.has_modal()
    await started.bo.picks("To whom?", "Amina")
    await started.sends(started.bo)
    assert "asks @Amina (Northside Youth) to take it over" in started.reads(card)
    await started.waits_until(at(7, 12, month=12))
    assert "waits for your answer" in reads(started.amina)
    await started.presses(started.amina, "Take it over", told(started.amina)[-1])
    assert "@Amina (Northside Youth)" in started.reads(card)


async def test_what_is_put_off_comes_back_on_its_day_by_button_or_by_word(
    started: Scene,
) -> None:
    await agreed(started, by="11 Dec")
    await started.waits_until(at(23, 12))
    await started.presses(started.bo, "Later", told(started.bo)[-1])
    await started.bo.picks("Remind me of it again on", "2026-12-03")
    answer = await started.sends(started.bo)
    assert "I come back to #1 on Thu, Dec 3." in answer
    assert "I come back to it on Thu, Dec 3." in reads(started.bo)
    await started.waits_until(at(2, 20, month=12))
    assert len(told(started.bo)) == 1
    await started.waits_until(at(3, 12, month=12))
    assert len(told(started.bo)) == 2
    answer = await started.tells(started.bo, "remind me of 1 on 14 Dec")
    assert "Note that it is due before that, on Fri, Dec 11." in answer
    await started.waits_until(at(13, 20, month=12))
    assert len(told(started.bo)) == 2


async def test_hui_a_guest_pauses_one_channel_and_resumes_it(started: Scene) -> None:
    await started.mentions(started.hui, "commit print the flyers by 11 Dec")
    answer = await started.tells(started.hui, "pause for me in #mentoring-partners until 1 Dec")
    assert "I will not remind you meanwhile." in answer
    assert "rest until Tue, Dec 1" in answer
    await started.waits_until(at(30, 20))
    assert told(started.hui) == []
    await started.waits_until(at(7, 20, month=12))
    assert len(told(started.hui)) == 1
    await started.presses(started.hui, "Pause for me", told(started.hui)[-1])
    answer = await started.sends(started.hui)
    assert "All reminders rest until you resume them." in answer
    answer = await started.presses(started.hui, "Resume", started.hui.dm()[-1])
    assert "I remind you again." in answer
    assert "rest until" not in answer


async def test_to_resume_one_channel_leaves_a_pause_of_all_and_says_so(started: Scene) -> None:
    await started.tells(started.hui, "pause for me")
    answer = await started.tells(started.hui, "resume for me in #mentoring-partners")
    assert "I remind you again." not in answer
    assert (
        "All your reminders rest, those of that channel too. "
        "To end it, write to me: resume for me." in answer
    )
    assert "All reminders rest until you resume them." in answer
    answer = await started.tells(started.hui, "resume for me")
    assert "I remind you again." in answer


async def test_away_days_are_kept_free_and_stand_in_ones_settings(started: Scene) -> None:
    await agreed(started, by="11 Dec")
    await started.tells(started.bo, "away 23 Nov to 25 Nov")
    assert "You are away from Mon, Nov 23 to Wed, Nov 25." in await started.tells(
        started.bo, "settings"
    )
    await started.waits_until(at(25, 20))
    assert told(started.bo) == []
    await started.waits_until(at(26, 20))
    assert len(told(started.bo)) == 1


async def test_settings_by_form_turn_a_notice_off_and_change_the_hours(started: Scene) -> None:
    await started.tells(started.amina, "settings")
    await started.presses(started.amina, "Change", started.amina.dm()[-1])
    await started.amina.picks("I may write to you from", "18:00")
    await started.amina.picks("until", "20:00")
    await started.amina.picks("Your time zone", "Europe/London")
    answer = await started.sends(started.amina)
    assert "from 18:00 to 20:00 (London time)" in answer
    await started.presses(started.amina, "Change", started.amina.dm()[-1])
    await started.amina.picks("until", "18:30")
    assert "at least an hour" in await started.sends(started.amina)
    await started.amina.closes()


async def test_what_was_left_as_it_was_in_the_form_goes_on_following_slack(
    started: Scene,
) -> None:
    async def kept() -> Preferences:
        def look(store: Store) -> Preferences:
            (member,) = store.connection.execute(
                select(people.c.id).where(people.c.user == started.amina.id)
            ).scalars()
            return store.preferences.of_member(member)

        found: Preferences = await started.bot.house.db.read(look)
        return found

    async def opens() -> None:
        await started.tells(started.amina, "settings")
        await started.presses(started.amina, "Change", started.amina.dm()[-1])

    await opens()
    await started.sends(started.amina)
    assert await kept() == Preferences()
    await opens()
    await started.amina.picks("until", "20:00")
    await started.sends(started.amina)
    assert await kept() == Preferences(hours=Hours(time(9), time(20)))
    await opens()
    await started.amina.picks("Your time zone", "Europe/London")
    await started.sends(started.amina)
    assert await kept() == Preferences("Europe/London", Hours(time(9), time(20)))


async def test_the_command_tells_settings_in_private_and_words_for_all_are_asked_about(
    started: Scene,
) -> None:
    answer = await started.slash(started.dana, "settings")
    assert "Your own settings. Only you see them." in answer
    assert "(New York time)" in answer
    answer = await started.slash(started.dana, "pause until 5 Jan")
    assert "Only for you, or for everybody here?" in answer
    answer = await started.mentions(started.hui, "pause for me here")
    assert "Reminders of #mentoring-partners rest until you resume them." in answer
    assert "rest" not in started.said()


async def test_who_left_the_channel_hears_nothing_of_it(started: Scene) -> None:
    await agreed(started)
    await started.bo.leaves(CHANNEL)
    await started.settled()
    await started.waits_until(at(1, 20, month=12))
    assert told(started.bo) == []


async def test_who_left_the_channel_reads_nothing_more_of_it_in_a_form(started: Scene) -> None:
    await agreed(started)
    await started.waits_until(at(30, 12))
    reminder = told(started.bo)[-1]
    old = reminder.blocks
    await started.bo.leaves(CHANNEL)
    await started.settled()
    told(started.bo)[-1].blocks = old
    answer = await started.presses(started.bo, "Later", told(started.bo)[-1])
    assert not started.bo.has_modal()
    assert "Only people who are in the channel can do this." in answer


async def test_whoever_slack_says_has_left_hears_nothing_although_no_event_told_us(
    started: Scene,
) -> None:
    await agreed(started)
    channel = started.sandbox.world.find_channel(CHANNEL)
    channel.members.remove(started.bo.id)
    directory = started.bot.house.directory
    directory.forget_channel(directory.installations()[0], channel.id)
    await started.waits_until(at(1, 20, month=12))
    assert told(started.bo) == []


async def test_a_closed_day_is_kept_free_and_what_is_due_on_it_is_told_before(
    started: Scene,
) -> None:
    await agreed(started, by="3 Dec")
    await started.tells(started.bo, "closed 3 Dec to 4 Dec Snow days")
    await started.waits_until(at(1, 20, month=12))
    before = len(told(started.bo))
    await started.waits_until(at(2, 20, month=12))
    assert len(told(started.bo)) == before + 1
    assert "due tomorrow, Thu, Dec 3" in reads(started.bo)
    await started.waits_until(at(4, 20, month=12))
    assert len(told(started.bo)) == before + 1
    await started.waits_until(at(7, 20, month=12))
    assert len(told(started.bo)) == before + 2
    assert "4 days ago" in reads(started.bo)


async def test_where_a_check_in_asks_on_the_day_before_closed_days_that_is_the_one_message(
    started: Scene,
) -> None:
    await agreed(started, by="26 Nov")
    await started.tells(started.bo, "closed 26 Nov to 27 Nov Thanksgiving")
    before = len(started.bo.dm())
    await started.waits_until(at(25, 20))
    (only,) = started.bo.dm()[before:]
    words = started.bo.words(only)
    assert words.startswith("The check-in in #mentoring-partners asks about what is yours.")
    assert "invite 12 mentees by Thu, Nov 26" in words
    await started.waits_until(at(27, 20))
    assert len(started.bo.dm()) == before + 1
    await started.waits_until(at(30, 20))
    assert "4 days ago" in reads(started.bo)


@pytest.mark.parametrize("who", ["dana", "bo", "hui"])
async def test_mine_by_direct_message_is_by_date_and_leads_to_ones_settings(
    started: Scene, who: str
) -> None:
    person = started.person(who)
    await started.mentions(person, "commit call the school by 9 Dec")
    await started.mentions(person, "commit book a room by 4 Dec")
    answer = await started.tells(person, "mine")
    assert answer.index("book a room") < answer.index("call the school")
    assert "Settings" in answer
    answer = await started.presses(person, "Settings", person.dm()[-1])
    assert "Your own settings." in answer


async def test_one_kind_of_reminder_is_turned_off_and_on_by_a_word(started: Scene) -> None:
    answer = await started.tells(started.hui, "no nudges")
    assert "You have turned off reminders of check-ins." in answer
    assert "I remind you of what is due later, what is due on the day, what is past" in answer
    answer = await started.tells(started.hui, "reminders off for overdue")
    assert "You have turned off reminders of what is past its date and check-ins." in answer
    answer = await started.tells(started.hui, "reminders off")
    assert "You have turned all reminders off." in answer
    answer = await started.tells(started.hui, "reminders on for check-ins")
    assert "I remind you of check-ins." in answer
    answer = await started.tells(started.hui, "reminders on")
    assert "turned off" not in answer
