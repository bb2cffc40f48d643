"""Taking back what one has just done, by people of all three organizations."""

import re
from datetime import timedelta

from bot.sandbox import Message
from tests.bad_input.refusals import stored_replies
from tests.fixtures.scene import Scene
from tests.stories.test_reminders import agreed, at


async def asked(scene: Scene) -> Message:
    """Dana asks Bo."""
    await scene.slash(scene.dana, "commit @Bo invite 12 mentees by 30 Nov")
    return scene.card()


def offered(scene: Scene) -> list[str]:
    """What the newest receipt that only Bo sees offers."""
    newest = scene.bo.ephemerals()[-1]
    return [
        element["text"]["text"]
        for block in newest.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


async def test_a_yes_by_a_partner_is_taken_back_and_the_card_waits_again(started: Scene) -> None:
    card = await asked(started)
    told = await started.presses(started.bo, "Yes", card)
    assert "@Bo (Northside Youth) agreed" in told
    assert offered(started) == ["Undo", "Edit"]
    told = await started.presses(started.bo, "Undo")
    assert told.startswith("You took that back. #1: @Dana (Acme) asks @Bo (Northside Youth)")
    assert "waits for the answer of @Bo" in started.reads(card)
    assert [line.split(":")[0] for line in started.thread(card)] == [
        "@Bo (Northside Youth) said yes",
        "@Bo (Northside Youth) took that back.",
    ]
    assert offered(started) == []
    await started.presses(started.bo, "Yes", card)  # and can say it again
    assert "agreed" in started.reads(card)


async def test_a_form_sent_by_mistake_is_taken_back_where_it_was_opened(started: Scene) -> None:
    card = await asked(started)
    await started.presses(started.bo, "No", card)
    told = await started.sends(started.bo, Because="our van is gone")
    assert "Declined: @Bo" in told
    assert offered(started) == ["Undo"]
    await started.presses(started.bo, "Undo")
    assert "waits for the answer of @Bo" in started.reads(card)


async def test_a_guest_takes_back_in_words_in_the_channel_and_its_thread(started: Scene) -> None:
    await started.mentions(started.hui, "commit book a room by 4 Dec")
    card = started.card()
    await started.mentions(started.hui, "done 1")
    assert "Done:" in started.reads(card)
    told = await started.mentions(started.hui, "undo")
    assert "You took that back. #1: @Hui (Harbor Women in Media) promised" in told
    assert "promised" in started.reads(card)
    await started.replies(started.hui, "done", card)
    told = await started.replies(started.hui, "undo", card)
    assert "You took that back." in told
    assert "Done:" not in started.reads(card)
    told = await started.tells(started.hui, "undo")
    assert "You took that back. #1 does not count any more: " in told  # the promise itself


async def test_what_was_written_down_by_mistake_is_dropped_and_its_card_says_so(
    started: Scene,
) -> None:
    told = await started.slash(started.dana, "commit @Bo call the press by 4 Dec")
    assert "Undo" in started.dana.reads(channel=started.channel)
    told = await started.presses(started.dana, "Undo")
    assert "You took that back." in told
    card = started.card()
    assert "Taken back by those who asked: call the press by Fri, Dec 4" in started.reads(card)
    assert started.thread(card) == ["@Dana (Acme) took that back."]


async def test_only_who_did_it_can_take_it_back(started: Scene) -> None:
    await started.mentions(started.hui, "commit book a room by 4 Dec")
    receipt = started.hui.messages(started.channel)[-1]
    where = [
        each
        for each in started.dana.messages(started.channel)
        if each.bot_id
        and any(block["type"] == "actions" for block in each.blocks)
        and "Undo" in str(each.blocks)
    ]
    for person in (started.dana, started.bo):
        told = await started.presses(person, "Undo", where[-1])
        assert "Only @Hui can take this back. Nothing has changed." in told
    assert receipt
    await started.presses(started.hui, "Undo", where[-1])
    line = started.dana.words(
        next(
            each
            for each in started.dana.messages(started.channel, thread=where[-1].thread_ts)
            if each.ts == where[-1].ts
        )
    )
    assert line.startswith("@Hui took that back.")
    assert "Taken back: book a room by Fri, Dec 4, written down by @Hui" in started.reads(
        started.card()
    )


async def test_after_ten_minutes_it_stays_and_says_what_to_do(started: Scene) -> None:
    card = await asked(started)
    await started.presses(started.bo, "Yes", card)
    started.calendar.move(timedelta(minutes=10, seconds=1))
    told = await started.presses(started.bo, "Undo")
    assert "more than ten minutes ago, so it stays. Use the buttons on the card of #1" in told
    assert "agreed" in started.reads(card)


async def test_once_somebody_else_has_built_on_it_it_stays(started: Scene) -> None:
    card = await asked(started)
    await started.presses(started.bo, "Another date", card)
    await started.sends(started.bo, **{"By_when?": "2026-12-04"})
    await started.presses(started.dana, "Agree", card)
    told = await started.presses(started.bo, "Undo")
    assert "@Dana has done something with it since, so it stays." in told
    assert "Dec 4" in started.reads(card)


async def test_what_one_did_last_is_taken_back_first(started: Scene) -> None:
    card = await asked(started)
    await started.presses(started.bo, "Yes", card)
    yes = started.bo.ephemerals()[-1]
    await started.presses(started.bo, "Done", card)
    told = await started.presses(started.bo, "Undo", yes)
    assert "You have done more with it since. Take that back first." in told
    await started.presses(started.bo, "Undo")
    await started.presses(started.bo, "Undo", yes)
    assert "waits for the answer of @Bo" in started.reads(card)


async def test_who_was_told_in_private_hears_that_it_was_taken_back(started: Scene) -> None:
    card = await asked(started)
    await started.presses(started.bo, "Yes", card)
    await started.presses(started.bo, "I'm stuck", card)
    await started.sends(
        started.bo, **{"What_keeps_you_from_it?": "no van", "Who_may_know?": "Only my colleague"}
    )
    before = len(started.amina.dm())
    told = await started.tells(started.bo, "undo")
    assert "You took that back." in told
    (heard,) = [started.amina.words(each) for each in started.amina.dm()[before:]]
    assert "took back that they are stuck with #1" in heard
    assert "At risk" not in started.reads(card)
    assert not any("took that back" in line for line in started.thread(card))


async def test_edit_opens_the_form_filled_in_and_its_answer_takes_the_receipts_place(
    started: Scene,
) -> None:
    await started.slash(started.dana, "commit call the press by 4 Dec")
    await started.presses(started.dana, "Change")
    modal = started.dana.modal
    assert modal is not None
    assert "call the press" in str(modal.blocks)
    assert "2026-12-04" in str(modal.blocks)
    told = await started.sends(started.dana, **{"What?": "call both papers"})
    assert "call both papers" in told
    assert "call both papers" in started.reads(started.card())
    texts = [started.dana.words(each) for each in started.dana.ephemerals()]
    assert not any("call the press" in text for text in texts)


async def test_a_check_in_keeps_what_was_said_to_it(started: Scene) -> None:
    await started.mentions(started.hui, "commit book a room by 20 Nov")
    await started.mentions(started.bo, "checkin now")
    prompt = started.post("Check-in for")
    told = await started.presses(started.hui, "Done", prompt)
    assert "Done: @Hui" in told
    assert "Undo" in started.hui.reads(channel=started.channel)
    await started.presses(started.hui, "Undo")
    assert "promised" in started.reads(started.card())
    assert "Done" in started.hui.reads(channel=started.channel)  # it can be pressed again
    await started.replies(started.hui, "done", prompt)
    await started.presses(started.hui, "Yes, it is done")
    assert "Done:" in started.reads(started.card())
    await started.presses(started.hui, "Undo")
    assert "promised" in started.reads(started.card())


async def test_a_pause_by_a_guest_is_taken_back_and_the_thread_hears_of_it(started: Scene) -> None:
    told = await started.mentions(started.hui, "digest pause")
    assert "Paused, for everybody here." in told
    welcome = started.posts()[0]
    assert any(
        "@Hui (Harbor Women in Media) paused the digest" in each for each in started.thread(welcome)
    )
    told = await started.presses(started.hui, "Undo", started.hui.dm()[-1])
    assert "You took that back. Digest for mentoring-partners: every Friday" in told
    assert "Paused" not in told
    assert any(
        "@Hui (Harbor Women in Media) took that back. Next:" in each
        for each in started.thread(welcome)
    )


async def test_an_ok_is_taken_back_before_the_start(begun: Scene) -> None:
    told = await begun.presses(begun.bo, "OK for our organization")
    assert "Northside Youth has said OK." in told
    told = await begun.presses(begun.bo, "Undo")
    assert told.startswith("You took that back. Northside Youth has not said OK for now.")
    assert "Northside Youth: waiting" in begun.said()
    await begun.presses(begun.hui, "Not now")
    assert "Harbor Women in Media: not now" in begun.said()
    await begun.presses(begun.hui, "Undo")
    assert "Harbor Women in Media: waiting" in begun.said()


async def test_an_ok_that_began_everything_stays(begun: Scene) -> None:
    for person in (begun.dana, begun.bo, begun.hui):
        await begun.presses(person, "OK for our organization")
    told = await begun.presses(begun.hui, "Undo")
    assert "Everybody has said OK and we have started, so it stays." in told


async def test_a_change_of_the_setup_is_taken_back(begun: Scene) -> None:
    await begun.mentions(begun.bo, "setup mentoring for all")
    assert "mentoring for all" in begun.said()
    told = await begun.tells(begun.bo, "undo")
    assert "You took that back. It is set up as before." in told
    assert "mentoring for all" not in begun.said()


async def test_an_announced_change_is_withdrawn(started: Scene) -> None:
    await started.mentions(started.bo, "setup mentoring for all")
    welcome = started.posts()[0]
    assert any("It begins on" in each for each in started.thread(welcome))
    told = await started.tells(started.bo, "undo")
    assert "You took that back. It is set up as before." in told
    assert not any("It begins on" in each for each in started.thread(welcome))
    assert not any("Object" in each for each in started.thread(welcome))


async def test_a_button_that_was_used_in_a_direct_message_becomes_a_line(started: Scene) -> None:
    await asked(started)
    await started.tells(started.bo, "waiting")
    waiting = started.bo.dm()[-1]
    told = await started.presses(started.bo, "Yes", waiting)
    assert "agreed" in told
    now = next(each for each in started.bo.dm() if each.ts == waiting.ts)
    assert "You pressed “Yes”." in started.bo.words(now)
    assert "commitment.yes" not in str(now.blocks)
    assert "invite 12 mentees" in started.bo.words(now)


async def test_in_an_answer_in_a_thread_it_says_whose_it_was(started: Scene) -> None:
    await started.mentions(started.hui, "commit book a room by 4 Dec")
    answer = next(
        each
        for each in started.written()
        if each.is_reply and "undo.take_back" in str(each.blocks) and not each.ephemeral_to
    )
    await started.presses(started.hui, "Change", answer)
    await started.sends(started.hui, **{"What?": "book two rooms"})
    now = next(
        each
        for each in started.dana.messages(started.channel, thread=started.card())
        + started.written()
        if each.ts == answer.ts
    )
    assert "book two rooms" in started.dana.words(now)
    assert "book a room" not in started.dana.words(now)


async def test_the_note_of_a_pause_offers_to_resume_only_as_long_as_it_rests(
    started: Scene,
) -> None:
    await started.slash(started.dana, "digest pause")
    welcome = started.posts()[0]
    (note,) = [
        each
        for each in started.bo.messages(started.channel, thread=welcome)
        if "paused the digest" in started.bo.words(each)
    ]
    assert "Resume" in started.bo.words(note)
    await started.presses(started.bo, "Resume", note)
    assert not any("Resume" in line for line in started.thread(welcome))
    assert any(
        "@Bo (Northside Youth) resumed the digest" in line for line in started.thread(welcome)
    )


async def test_a_summary_tells_nothing_of_what_was_taken_back(started: Scene) -> None:
    await started.mentions(started.hui, "commit book a room by 20 Nov")
    await started.mentions(started.bo, "commit call the press by 20 Nov")
    await started.mentions(started.bo, "checkin now")
    prompt = started.post("Check-in for")
    started.calendar.move(timedelta(minutes=1))
    await started.presses(started.hui, "Done", prompt)
    await started.presses(started.hui, "Undo")
    await started.mentions(started.bo, "done 2")
    await started.replies(started.bo, "The press was kind.", prompt)
    await started.waits(timedelta(days=4))
    summary = started.thread(prompt)[-1]
    assert "#2" in summary
    assert "#1" not in summary


async def test_edit_names_somebody_else_before_anybody_has_agreed(started: Scene) -> None:
    await asked(started)
    await started.presses(started.dana, "Change")
    told = await started.sends(
        started.dana, **{"Who?": "Hui", "What?": "invite 20 mentees", "By_when?": "2026-12-04"}
    )
    card = started.reads(started.card())
    assert "@Dana (Acme) asks @Hui (Harbor Women in Media): could you invite 20 mentees" in card
    assert "@Hui" in told
    before = len(started.thread(started.card()))
    told = await started.presses(started.dana, "Undo")
    assert "asks @Bo (Northside Youth): could you invite 12 mentees by Mon, Nov 30" in told
    card = started.reads(started.card())
    assert "asks @Bo (Northside Youth): could you invite 12 mentees" in card
    assert started.thread(started.card())[before:] == ["@Dana (Acme) took that back."]
    told = await started.slash(started.dana, "undo")  # what was done before is next
    assert "You took that back. #1 does not count any more" in told


async def test_edit_of_words_and_owner_is_taken_back_whole_in_words_too(started: Scene) -> None:
    await asked(started)
    await started.presses(started.dana, "Change")
    await started.sends(started.dana, **{"Who?": "Hui", "What?": "invite 20 mentees"})
    told = await started.slash(started.dana, "undo")
    assert "asks @Bo (Northside Youth): could you invite 12 mentees" in told


async def test_edit_that_somebody_has_answered_stays_whole(started: Scene) -> None:
    await asked(started)
    await started.presses(started.dana, "Change")
    await started.sends(started.dana, **{"Who?": "Hui", "What?": "invite 20 mentees"})
    await started.presses(started.hui, "Yes", started.card())
    told = await started.presses(started.dana, "Undo")
    assert "@Hui has done something with it since, so it stays." in told
    assert "@Hui" in started.reads(started.card())
    assert "invite 20 mentees" in started.reads(started.card())


async def test_edit_by_its_owner_hands_it_over_or_changes_it_one_at_a_time(started: Scene) -> None:
    card = await asked(started)
    await started.presses(started.bo, "Yes", card)
    await started.presses(started.bo, "Edit")
    told = await started.sends(started.bo, **{"Who?": "Amina", "What?": "invite 20 mentees"})
    assert "One thing at a time" in told
    await started.sends(started.bo, **{"What?": "invite 12 mentees"})
    assert "@Amina" in started.reads(card)
    await started.presses(started.bo, "Undo")
    assert "@Amina" not in started.reads(card)


async def test_days_away_are_taken_back_by_button_and_word(started: Scene) -> None:
    told = await started.tells(started.bo, "away 22 Dec to 2 Jan")
    assert "Noted: away Tue, Dec 22" in told
    told = await started.presses(started.bo, "Undo", started.bo.dm()[-1])
    assert "You took that back. You have no days away noted." in told
    await started.tells(started.hui, "away 22 Dec to 2 Jan")
    await started.tells(started.hui, "away 30 Dec to 6 Jan")
    told = await started.tells(started.hui, "undo")
    assert "You took that back. Away Tue, Dec 22 to Sat, Jan 2, 2027." in told


async def test_in_a_check_ins_thread_undo_is_no_reply_to_it(started: Scene) -> None:
    await started.mentions(started.hui, "commit book a room by 20 Nov")
    await started.mentions(started.bo, "checkin now")
    prompt = started.post("Check-in for")
    await started.presses(started.hui, "Done", prompt)
    told = await started.replies(started.hui, "undo", prompt)
    assert "You took that back. #1: @Hui" in told
    assert await stored_replies(started) == [""]  # the press alone
    await started.replies(started.hui, "undo the poster colors", prompt)
    assert await stored_replies(started) == ["", "undo the poster colors"]


async def test_a_new_rhythm_and_a_skip_are_taken_back_too(started: Scene) -> None:
    welcome = started.posts()[0]
    await started.mentions(started.amina, "checkin schedule every Monday at 9:00")
    assert any("every Monday at 09:00" in each for each in started.thread(welcome))
    told = await started.tells(started.amina, "undo")
    assert "You took that back. It is set up as before." in told
    assert not any("It begins on" in each for each in started.thread(welcome))
    (following,) = re.findall(r"Next: \S+ \S+ \d+", await started.slash(started.priya, "checkin"))
    told = await started.slash(started.priya, "checkin skip")
    assert "The next one is skipped" in told
    assert following not in told
    assert "Undo" in told
    told = await started.slash(started.priya, "undo")
    assert "You took that back. Check-in for mentoring-partners" in told
    assert following in told


async def test_what_is_taken_back_after_its_summary_went_out_is_not_told_there_any_more(
    started: Scene,
) -> None:
    await started.mentions(started.hui, "commit book a room by 20 Nov")
    await started.mentions(started.bo, "checkin now")
    prompt = started.post("Check-in for")
    await started.replies(started.bo, "All is well with us.", prompt)
    close = await started.bot.house.db.read(lambda store: store.checkins.next_close())
    assert close is not None
    await started.waits_until(close - timedelta(minutes=3))
    await started.presses(started.hui, "Done", started.card())
    await started.waits_until(close + timedelta(minutes=2))
    summary = started.thread(prompt)[-1]
    assert "#1" in summary
    await started.tells(started.hui, "undo")
    after = started.thread(prompt)[-1]
    assert "All is well with us." in after
    assert "#1" not in after


async def test_what_is_taken_back_after_the_digest_went_out_is_not_done_there_any_more(
    started: Scene,
) -> None:
    await agreed(started)
    await started.waits_until(at(20, 14, 56))
    await started.presses(started.bo, "Done", started.card())
    await started.waits_until(at(20, 15, 1))
    digest = started.post("Done, with thanks")
    await started.tells(started.bo, "undo")
    assert "Done, with thanks" not in started.reads(digest)
