"""Check-ins: asked on schedule or now, answered in words or by a button, summed up after 48 h."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.sandbox import Message, Person
from tests.fixtures.scene import NEW_YORK, OK, WELCOME, Scene

FIRST = datetime(2026, 11, 24, 10, 0, tzinfo=NEW_YORK)
"""The first check-in of the story: the second Tuesday."""


async def asked(scene: Scene) -> Message:
    """The three are asked, with a commitment of Bo's that is near; returns the check-in."""
    await scene.mentions(scene.bo, "commit bring the venue list by 27 Nov")
    await scene.waits_until(FIRST)
    return scene.post("Check-in for")


async def test_on_the_second_tuesday_at_ten_it_asks_and_lists_what_is_near(
    started: Scene,
) -> None:
    await started.mentions(started.bo, "commit bring the venue list by 27 Nov")
    await started.mentions(started.hui, "commit book a room by 15 Jan")
    await started.waits_until(FIRST - timedelta(minutes=1))
    assert "Check-in for" not in started.said()
    await started.waits_until(FIRST)
    said = started.reads(started.post("Check-in for"))
    assert "#1 Bo (Northside Youth): bring the venue list by Fri, Nov 27" in said
    assert "book a room" not in said
    assert {"Done", "On track", "I'm stuck"} <= set(
        started.bo.button_labels(started.post("Check-in for"))
    )
    assert "set up by Dana (Acme)" in said
    assert "I sum up on Thu, Nov 26 at 10:00" in said


async def test_the_owners_quick_answer_counts_at_once_and_shows_in_the_prompt(
    started: Scene,
) -> None:
    prompt = await asked(started)
    assert "Only @Bo can say" in await started.presses(started.hui, "Done", prompt)
    await started.presses(started.bo, "On track", prompt)
    assert "on track" in started.reads(prompt)
    await started.presses(started.bo, "Done", prompt)
    assert "bring the venue list: done, thank you" in started.reads(prompt)
    assert started.reads(started.card()).startswith("Done: @Bo")


async def test_done_in_a_reply_counts_when_its_owner_says_so_by_a_button(
    started: Scene,
) -> None:
    prompt = await asked(started)
    assert await started.replies(started.bo, "done", prompt) == ""
    question = started.dana.messages(started.channel, thread=prompt)[-1]
    assert "@Bo, shall I mark #1 as done" in started.reads(question)
    assert not started.reads(started.card()).startswith("Done")
    assert "Only @Bo can answer this." in await started.presses(
        started.hui, "Yes, it is done", question
    )
    assert not started.reads(started.card()).startswith("Done")
    await started.presses(started.bo, "Yes, it is done", question)
    assert started.reads(started.card()).startswith("Done: @Bo")
    assert "Thank you, @Bo!" in started.reads(question)


async def test_not_yet_changes_nothing(started: Scene) -> None:
    prompt = await asked(started)
    await started.replies(started.bo, "done!", prompt)
    await started.presses(started.bo, "Not yet")
    assert "All right. Nothing has changed." in started.thread(prompt)
    assert "promised" in started.reads(started.card())


async def test_a_number_says_which_one_is_done_and_without_one_it_is_asked(
    started: Scene,
) -> None:
    await started.mentions(started.bo, "commit call the press by 30 Nov")
    prompt = await asked(started)
    await started.replies(started.bo, "#2 done", prompt)
    assert "shall I mark #2 as done: bring the venue list?" in started.thread(prompt)[-1]
    await started.replies(started.bo, "done", prompt)
    which = started.dana.messages(started.channel, thread=prompt)[-1]
    assert "which one is done?" in started.reads(which)
    await started.presses(started.bo, "This one", which)
    done = [started.reads(started.card(number)).startswith("Done") for number in (1, 2)]
    assert sorted(done) == [False, True]


async def test_stuck_in_a_reply_is_asked_about_and_then_for_everyone_to_know(
    started: Scene,
) -> None:
    prompt = await asked(started)
    await started.replies(started.bo, "stuck: no venue", prompt)
    question = started.dana.messages(started.channel, thread=prompt)[-1]
    assert "@Bo, do you mean #1: bring the venue list?" in started.reads(question)
    assert "At risk" not in started.reads(started.card())
    assert "Only @Bo can answer this." in await started.presses(
        started.hui, "Yes, everyone may know", question
    )
    await started.presses(started.bo, "Yes, everyone may know", question)
    assert "Thanks for saying so, @Bo. #1 is marked as at risk" in started.thread(prompt)[-1]
    assert "At risk: no venue." in started.reads(started.card())
    assert "at risk" in started.reads(prompt)


async def test_hui_is_stuck_by_a_button_and_says_who_may_know(started: Scene) -> None:
    await started.mentions(started.hui, "commit book a room by 27 Nov")
    await started.waits_until(FIRST)
    await started.presses(started.hui, "I'm stuck", started.post("Check-in for"))
    await started.hui.picks("Who may know?", "Everyone here")
    await started.sends(started.hui, **{"What_keeps_you_from_it?": "the hall is closed"})
    assert "At risk: the hall is closed." in started.reads(started.card())


async def test_after_48_hours_one_message_sums_up_and_never_says_who_was_silent(
    started: Scene,
) -> None:
    prompt = await asked(started)
    await started.replies(started.hui, "we met two schools, both are keen", prompt)
    await started.replies(started.bo, "stuck: no venue", prompt)
    await started.presses(started.bo, "Yes, everyone may know")
    before = len(started.thread(prompt))
    await started.waits_until(FIRST + timedelta(hours=47, minutes=59))
    assert len(started.thread(prompt)) == before
    await started.waits_until(FIRST + timedelta(hours=48))
    summary = started.thread(prompt)[-1]
    assert len(started.thread(prompt)) == before + 1
    assert "Hui (Harbor Women in Media): “we met two schools, both are keen”" in summary
    assert "What needs help" in summary
    assert "Bo (Northside Youth): #1 bring the venue list: no venue" in summary
    assert "Dana" not in summary
    assert "Priya" not in summary
    assert not any(letter.isdigit() for letter in summary.replace("#1", ""))
    assert "This check-in is closed." in started.reads(prompt)


async def test_where_nobody_said_anything_there_is_no_summary(started: Scene) -> None:
    prompt = await asked(started)
    await started.waits_until(FIRST + timedelta(hours=49))
    assert started.thread(prompt) == []


async def test_a_reply_that_was_edited_or_deleted_is_followed(started: Scene) -> None:
    prompt = await asked(started)
    for person, words in ((started.bo, "we need a van"), (started.hui, "secret")):
        await started.replies(person, words, prompt)
    bo_said, hui_said = started.dana.messages(started.channel, thread=prompt)[-2:]
    await started.edits(started.bo, bo_said.ts, "we need two vans")
    await started.deletes(started.hui, hui_said)
    await started.waits_until(FIRST + timedelta(hours=48))
    summary = started.thread(prompt)[-1]
    assert "“we need two vans”" in summary
    assert "secret" not in summary
    await started.edits(started.bo, bo_said.ts, "we need three vans")
    assert "“we need three vans”" in started.thread(prompt)[-1]


async def test_a_summary_of_what_was_taken_back_says_that_nothing_is_left(started: Scene) -> None:
    prompt = await asked(started)
    await started.replies(started.hui, "our van broke down", prompt)
    said = started.dana.messages(started.channel, thread=prompt)[-1]
    await started.waits_until(FIRST + timedelta(hours=48))
    assert "our van broke down" in started.thread(prompt)[-1]
    await started.deletes(started.hui, said)
    assert started.thread(prompt)[-1].startswith("Nothing of what was said is left to sum up.")


async def test_an_edit_that_turns_into_done_changes_only_the_reply(started: Scene) -> None:
    prompt = await asked(started)
    await started.replies(started.bo, "we are getting there", prompt)
    reply = started.dana.messages(started.channel, thread=prompt)[-1]
    await started.edits(started.bo, reply.ts, "done")
    assert started.thread(prompt) == []
    assert "promised" in started.reads(started.card())


async def test_a_late_reply_joins_the_same_thread_and_its_writer_is_told(started: Scene) -> None:
    prompt = await asked(started)
    await started.waits_until(FIRST + timedelta(hours=50))
    told = await started.replies(started.bo, "sorry, here is our news: a van!", prompt)
    assert "This check-in is closed already. I kept your reply all the same" in told
    assert await started.replies(started.bo, "and a driver", prompt) == ""
    await started.waits_until(datetime(2026, 11, 27, 15, 0, tzinfo=NEW_YORK))
    assert "a van!" in started.reads(started.post("Digest for"))


async def test_bo_asks_now_and_not_twice(begun: Scene) -> None:
    await begun.mentions(begun.bo, "checkin now")
    assert "Bo (Northside Youth) asked for it now." in begun.reads(begun.post("Check-in for"))
    assert "A check-in is open already." in await begun.mentions(begun.hui, "checkin now")
    assert begun.said().count("Check-in for") == 1


async def test_bo_pauses_for_everybody_and_hui_resumes(started: Scene) -> None:
    await started.mentions(started.bo, "checkin pause")
    assert "Paused." in started.dana.words(started.dana.messages(started.channel)[-1])
    await started.waits_until(FIRST + timedelta(days=1))
    assert "Check-in for" not in started.said()
    await started.mentions(started.hui, "checkin resume")
    await started.waits_until(FIRST + timedelta(days=15))
    assert "Check-in for" in started.said()


async def test_a_pause_by_the_button_of_a_prompt_is_asked_about_privately_and_told_to_all(
    started: Scene,
) -> None:
    prompt = await asked(started)
    assert "How long shall the check-in rest?" in await started.presses(
        started.hui, "Pause", prompt
    )
    await started.presses(started.hui, "4 weeks")
    assert (
        "@Hui (Harbor Women in Media) paused the check-in until Tue, Dec 22"
        in (started.thread(prompt)[-1])
    )
    await started.waits_until(datetime(2026, 12, 21, tzinfo=NEW_YORK))
    assert started.said().count("Check-in for") == 1
    await started.waits_until(datetime(2027, 1, 6, tzinfo=NEW_YORK))
    assert started.said().count("Check-in for") > 1


async def test_dana_skips_one_and_takes_it_back(started: Scene) -> None:
    told = await started.slash(started.dana, "checkin skip")
    assert "Dec 8 at 10:00" in told
    assert (
        "@Dana (Acme) skipped the check-in of Tue, Nov 24"
        in (started.thread(started.post(WELCOME))[-1])
    )
    await started.presses(started.dana, "Undo")
    await started.waits_until(FIRST)
    assert "Check-in for" in started.said()


async def test_a_skipped_check_in_is_not_asked_and_the_one_after_is(started: Scene) -> None:
    await started.mentions(started.hui, "checkin skip")
    await started.waits_until(FIRST + timedelta(days=13))
    assert "Check-in for" not in started.said()
    await started.waits_until(FIRST + timedelta(days=14))
    assert "Check-in for" in started.said()


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("every Wednesday at 9:30", ["25 Nov 2026", "02 Dec 2026", "09 Dec 2026"]),
        ("every second Thursday at 9:30", ["19 Nov 2026", "03 Dec 2026", "17 Dec 2026"]),
        (
            "the first Monday of each month at 9:30",
            ["07 Dec 2026", "04 Jan 2027", "01 Feb 2027"],
        ),
        ("the last Friday of each month at 9:30", ["27 Nov 2026", "25 Dec 2026", "29 Jan 2027"]),
        ("the first Tuesday of each quarter at 9:30", ["05 Jan 2027", "06 Apr 2027"]),
    ],
    ids=["weekly", "biweekly", "monthly", "last-of-month", "quarterly"],
)
async def test_it_asks_as_often_as_they_agreed(begun: Scene, words: str, days: list[str]) -> None:
    await begun.mentions(begun.bo, "digest pause")
    await begun.mentions(begun.bo, f"checkin schedule {words}")
    for person in (begun.dana, begun.bo, begun.hui):
        await begun.presses(person, OK)
    end = datetime.strptime(days[-1], "%d %b %Y").replace(tzinfo=NEW_YORK) + timedelta(hours=12)
    await begun.waits_until(end)
    asked_at = [
        datetime.fromtimestamp(float(each.ts), NEW_YORK)
        for each in begun.posts()
        if "Check-in for" in begun.dana.words(each)
    ]
    assert [f"{each:%d %b %Y %H:%M}" for each in asked_at] == [f"{day} 09:30" for day in days]


async def test_a_check_in_leaves_a_day_on_which_a_partner_does_not_work_and_says_so(
    begun: Scene,
) -> None:
    await begun.mentions(begun.bo, "checkin schedule every Saturday at 10:00")
    for person in (begun.dana, begun.bo, begun.hui):
        await begun.presses(person, OK)
    await begun.waits_until(datetime(2026, 11, 23, 9, 59, tzinfo=NEW_YORK))
    assert "Check-in for" not in begun.said()
    await begun.waits_until(datetime(2026, 11, 23, 10, 0, tzinfo=NEW_YORK))
    said = begun.reads(begun.post("Check-in for"))
    assert "Moved from Sat, Nov 21: Acme does not work on Saturdays" in said


async def test_after_the_start_a_new_rhythm_is_announced_and_one_objection_stops_it(
    started: Scene,
) -> None:
    await started.mentions(started.bo, "checkin schedule every Wednesday at 9:30")
    announced = started.thread(started.post(WELCOME))[-1]
    assert "suggests a change: check-ins every Wednesday at 09:30" in announced
    await started.presses(started.hui, "Object")
    await started.waits_until(datetime(2026, 12, 9, 12, 0, tzinfo=NEW_YORK))
    days = [
        datetime.fromtimestamp(float(each.ts), NEW_YORK).strftime("%a")
        for each in started.posts()
        if "Check-in for" in started.dana.words(each)
    ]
    assert set(days) == {"Tue"}


async def asks(scene: Scene) -> list[str]:
    """The second line of each check-in that was posted: what it asks."""
    return [
        each.blocks[0]["text"]["text"].splitlines()[1]
        for each in scene.posts()
        if "Check-in for" in scene.dana.words(each)
    ]


async def test_bo_suggests_other_questions_and_they_come_in_turn_once_nobody_objects(
    started: Scene,
) -> None:
    await started.mentions(
        started.bo, "checkin questions What went well & why? What do the young people say?"
    )
    announced = started.thread(started.post(WELCOME))[-1]
    assert "check-ins ask “What went well & why?” and “What do the young people say?”, in turn" in (
        announced
    )
    await started.waits_until(datetime(2027, 1, 6, tzinfo=NEW_YORK))
    asked_for = await asks(started)
    assert asked_for[:2] == ["What went well &amp; why?", "What do the young people say?"]
    assert all(one != other for one, other in pairwise(asked_for))


async def test_hui_changes_the_questions_in_a_form_and_one_objection_keeps_the_old_ones(
    started: Scene,
) -> None:
    await started.mentions(started.hui, "checkin")
    standing = started.dana.messages(started.channel)[-1]
    await started.presses(started.hui, "Questions", standing)
    told = await started.sends(started.hui, **{"What_shall_I_ask?": "What is in your way?\n\n"})
    assert "I have announced the new questions" in told
    await started.presses(started.dana, "Object")
    await started.waits_until(datetime(2026, 12, 9, tzinfo=NEW_YORK))
    assert {each[:22] for each in await asks(started)} == {"How is your part going"}


async def test_before_the_start_the_questions_change_at_once(begun: Scene) -> None:
    told = await begun.slash(begun.dana, "checkin questions What is new?")
    assert "What is new?" in told
    await begun.mentions(begun.bo, "checkin now")
    assert await asks(begun) == ["What is new?"]
    assert "the usual questions" in await begun.slash(begun.dana, "checkin questions usual")


async def nudges(scene: Scene, person: Person) -> list[str]:
    """What a person was reminded of in private, as it reads now."""
    return [
        person.words(each)
        for each in person.dm()
        if each.bot_id and "I ask only once" in person.words(each)
    ]


async def test_who_owns_something_near_and_has_not_answered_is_asked_once_in_private(
    started: Scene,
) -> None:
    await asked(started)
    await started.waits_until(FIRST + timedelta(hours=23, minutes=59))
    assert await nudges(started, started.bo) == []
    await started.waits_until(FIRST + timedelta(hours=24))  # nine o'clock for Bo, who is in Chicago
    (told,) = await nudges(started, started.bo)
    assert "asks about what is yours. How is it going?" in told
    assert "#1 Bo (Northside Youth): bring the venue list by Fri, Nov 27" in told
    for other in (started.dana, started.priya, started.hui):
        assert await nudges(started, other) == []
    await started.waits_until(FIRST + timedelta(days=5))
    assert len(await nudges(started, started.bo)) == 1


async def test_bo_answers_in_private_and_it_counts_in_the_channel(started: Scene) -> None:
    prompt = await asked(started)
    await started.waits_until(FIRST + timedelta(hours=24))
    direct = [each for each in started.bo.dm() if "I ask only once" in started.bo.words(each)][-1]
    await started.bo.clicks("Done", message=direct)
    await started.settled()
    assert "bring the venue list: done, thank you" in started.reads(prompt)
    (told,) = await nudges(started, started.bo)
    assert "done, thank you" in told
    assert "Done" not in started.bo.button_labels(
        [each for each in started.bo.dm() if each.ts == direct.ts][-1]
    )


async def test_who_has_answered_in_whatever_way_is_not_asked(started: Scene) -> None:
    await started.mentions(started.hui, "commit book a room by 27 Nov")
    prompt = await asked(started)
    await started.replies(started.bo, "all fine here", prompt)
    await started.presses(started.hui, "I'm stuck", prompt)
    await started.hui.picks("Who may know?", "Nobody yet")
    await started.sends(started.hui, **{"What_keeps_you_from_it?": "the hall is closed"})
    await started.waits_until(FIRST + timedelta(days=3))
    assert await nudges(started, started.bo) == []
    assert await nudges(started, started.hui) == []


async def test_an_answer_after_the_nudge_ends_its_questions(started: Scene) -> None:
    prompt = await asked(started)
    await started.waits_until(FIRST + timedelta(hours=24))
    await started.replies(started.bo, "all fine here", prompt)
    await started.waits_until(FIRST + timedelta(hours=49))
    (told,) = await nudges(started, started.bo)
    assert told.startswith("Thank you. Nothing is left to answer")


async def test_who_did_not_answer_is_not_thanked_for_it(started: Scene) -> None:
    await asked(started)
    await started.waits_until(FIRST + timedelta(hours=49))
    (told,) = await nudges(started, started.bo)
    assert told.startswith("The check-in in")
    assert "is over. I still read what you reply in its thread." in told


async def test_bo_says_in_private_that_he_is_stuck_and_is_asked_nothing_more(
    started: Scene,
) -> None:
    prompt = await asked(started)
    await started.waits_until(FIRST + timedelta(hours=24))
    direct = [each for each in started.bo.dm() if "I ask only once" in started.bo.words(each)][-1]
    await started.bo.clicks("I'm stuck", message=direct)
    await started.bo.picks("Who may know?", "Only my colleague")
    await started.sends(started.bo, **{"What_keeps_you_from_it?": "no van"})
    (told,) = await nudges(started, started.bo)
    assert "at risk" in told
    assert "no van" not in started.said()
    assert "at risk" not in started.reads(prompt)
    await started.waits_until(FIRST + timedelta(hours=49))
    assert "no van" not in "".join(started.thread(prompt))
