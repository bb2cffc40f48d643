"""Check-ins and the digest over the wire, by people who have no slash command."""

import pytest

from bot.demo import CHANNEL
from bot.sandbox import Message, Person
from storage.store import Store
from tests.handlers.story import Story

ASKS = "How is your part going?"


@pytest.fixture
async def started(story: Story) -> Story:
    """Everybody has said OK; Bo and Hui have promised something each."""
    await story.starts()
    await story.says(story.bo, "commit invite 12 mentees by 30 Nov")
    await story.says(story.hui, "commit match mentees by 4 Dec")
    return story


async def to_checkin(story: Story) -> Message:
    """Until Tuesday after ten; returns the check-in."""
    await story.days_pass(8)
    return prompt(story)


def prompt(story: Story) -> Message:
    """The newest check-in, as it stands in the channel."""
    return [each for each in story.posts() if "Check-in for" in story.bo.words(each)][-1]


def thread(story: Story, of: Message) -> list[str]:
    """What the bot says in a thread."""
    return [
        story.bo.words(each)
        for each in story.bo.messages(CHANNEL, thread=of)
        if each.bot_id and each.ts != of.ts and not each.ephemeral_to
    ]


async def replies(story: Story, person: Person, text: str, to: Message) -> str:
    """Reply in a thread; returns what only this person is told, by direct message."""
    before = len(person.dm())
    await person.says(text, channel=CHANNEL, thread=to)
    await story.settled()
    return "\n".join(person.words(each) for each in person.dm()[before:])


def state(story: Story, number: int) -> str:
    """How a commitment stands, by its card."""
    card = [each for each in story.posts() if f"#{number} ·" in story.bo.words(each)][-1]
    return story.bo.words(card)


async def test_every_second_tuesday_at_ten_the_checkin_asks_about_what_is_near(
    started: Story,
) -> None:
    assert not any(ASKS in started.bo.words(each) for each in started.posts())
    asked = await to_checkin(started)
    words = started.bo.words(asked)
    assert ASKS in words
    assert "#1 Bo (Northside Youth): invite 12 mentees by Mon, Nov 30" in words
    assert "#2 Hui (Harbor Women in Media): match mentees by Fri, Dec 4" in words
    assert "/partner" not in words
    await started.days_pass(14)
    assert len([each for each in started.posts() if ASKS in started.bo.words(each)]) == 2


async def test_bo_replies_done_and_confirms_it_with_a_button(started: Story) -> None:
    asked = await to_checkin(started)
    assert await replies(started, started.bo, "done", asked) == ""
    assert "shall I mark #1 as done: invite 12 mentees?" in thread(started, asked)[-1]
    assert "promised" in state(started, 1)
    told = await started.presses(started.amina, "Yes, it is done")
    assert "Only @Bo can answer this." in told
    await started.presses(started.bo, "Yes, it is done")
    assert "Done: #1 invite 12 mentees. Thank you, @Bo!" in thread(started, asked)[-1]
    assert state(started, 1).startswith("Done:")
    assert "done, thank you" in started.bo.words(prompt(started))


async def test_hui_a_guest_says_that_she_is_stuck_and_is_thanked(started: Story) -> None:
    asked = await to_checkin(started)
    await replies(started, started.hui, "stuck: no venue", asked)
    assert "At risk" not in state(started, 2)
    await started.presses(started.hui, "Yes, everyone may know")
    assert thread(started, asked)[-1].startswith("Thanks for saying so, @Hui. #2 is marked")
    assert "At risk: no venue" in state(started, 2)
    assert "at risk" in started.bo.words(prompt(started))


async def test_names_and_links_in_a_reason_are_shown_as_people_read_them(started: Story) -> None:
    asked = await to_checkin(started)
    await replies(started, started.bo, "stuck: waiting for @Dana and https://a.example/x", asked)
    await started.presses(started.bo, "Yes, everyone may know")
    assert "At risk: waiting for @Dana and https://a.example/x" in state(started, 1)


async def test_words_to_the_bot_in_the_thread_are_no_reply_even_when_they_are_edited(
    started: Story,
) -> None:
    asked = await to_checkin(started)
    await started.bo.says("@Common Ground list", channel=CHANNEL, thread=asked)
    await started.settled()
    written = [
        each for each in started.bo.messages(CHANNEL, thread=asked) if not each.ephemeral_to
    ][-1]
    await started.bo.edits(written, "@Common Ground mine")
    await started.settled()
    assert await started.bot.house.db.read(_texts) == []


async def test_two_statements_in_one_reply_are_both_understood(started: Story) -> None:
    await started.says(started.bo, "commit print flyers by 2 Dec")
    asked = await to_checkin(started)
    await replies(started, started.bo, "#1 done, #3 stuck: no printer", asked)
    notes = thread(started, asked)
    assert "shall I mark #1 as done" in notes[0]
    assert "do you mean #3: print flyers?" in notes[1]


async def test_done_counts_as_a_reply_in_the_thread_even_if_the_bot_is_named_before_it(
    started: Story,
) -> None:
    asked = await to_checkin(started)
    await started.bo.says("@Common Ground done", channel=CHANNEL, thread=asked)
    await started.settled()
    assert "shall I mark #1 as done" in thread(started, asked)[-1]


async def test_what_is_said_on_the_card_is_shown_by_the_open_checkin(started: Story) -> None:
    await to_checkin(started)
    card = [each for each in started.posts() if "#1 ·" in started.bo.words(each)][-1]
    await started.bo.clicks("Done", message=card)
    await started.settled()
    assert "invite 12 mentees: done, thank you" in started.bo.words(prompt(started))


async def test_quick_answers_are_the_owners(started: Story) -> None:
    asked = await to_checkin(started)
    await started.bo.clicks("On track", message=prompt(started))
    await started.settled()
    # the first [On track] stands beside Bo's commitment
    assert "#1 Bo (Northside Youth): invite 12 mentees by Mon, Nov 30, on track" in (
        started.bo.words(prompt(started))
    )
    before = len(started.amina.ephemerals(CHANNEL))
    await started.amina.clicks("Done", message=prompt(started))
    await started.settled()
    told = started.amina.words(started.amina.ephemerals(CHANNEL)[before])
    assert "can say how" in told
    assert thread(started, asked) == []


async def test_free_text_is_kept_without_a_word_and_summed_up_after_48_hours(
    started: Story,
) -> None:
    asked = await to_checkin(started)
    assert await replies(started, started.amina, "We met <!channel> two mentors.", asked) == ""
    assert await replies(started, started.hui, "stuck: no venue", asked) == ""
    await started.presses(started.hui, "Yes, everyone may know")
    await started.days_pass(2)
    words = thread(started, asked)[-1]
    assert "Amina (Northside Youth): “We met <!channel> two mentors.”" in words
    assert not any("<!" in each.text for each in started.bo.messages(CHANNEL) if each.bot_id)
    assert "Hui (Harbor Women in Media): #2 match mentees: no venue" in words
    assert "This check-in is closed. Late replies in the thread are still read." in (
        started.bo.words(prompt(started))
    )


async def test_edits_and_deletions_are_followed(started: Story) -> None:
    asked = await to_checkin(started)
    await started.bo.says("We met ten mentors.", channel=CHANNEL, thread=asked)
    await started.hui.says("I should not say this.", channel=CHANNEL, thread=asked)
    await started.settled()
    mine = {started.bo.words(each): each for each in started.bo.messages(CHANNEL, thread=asked)}
    await started.bo.edits(mine["We met ten mentors."], "We met two mentors.")
    await started.hui.deletes(mine["I should not say this."])
    await started.settled()
    await started.days_pass(2)
    words = thread(started, asked)[-1]
    assert "We met two mentors." in words
    assert "ten mentors" not in words
    assert "should not say" not in words


async def test_17_a_reply_to_a_closed_checkin_is_kept_and_answered_privately(
    started: Story,
) -> None:
    asked = await to_checkin(started)
    await started.days_pass(2)
    before = len(thread(started, asked))
    told = await replies(started, started.bo, "Sorry, late.", asked)
    assert "This check-in is closed already. I kept your reply" in told
    assert len(thread(started, asked)) == before

    await started.days_pass(2)  # Friday's digest
    digest = [each for each in started.posts() if "Digest for" in started.bo.words(each)][-1]
    assert "Sorry, late." in started.bo.words(digest)


async def test_20_a_prompt_that_somebody_deleted_stays_away_and_replies_are_kept(
    started: Story,
) -> None:
    asked = await to_checkin(started)
    await replies(started, started.hui, "First.", asked)
    gone = asked
    await started.dana.deletes(asked)
    await started.settled()
    told = await replies(started, started.bo, "Where is it?", gone)
    assert "Somebody deleted the message of this check-in." in told
    assert "checkin now" in told
    kept = await started.bot.house.db.read(_texts)
    assert kept == ["First.", "Where is it?"]


def _texts(store: Store) -> list[str]:
    from sqlalchemy import select

    from storage.tables import response

    return list(store.connection.execute(select(response.c.text).order_by(response.c.id)).scalars())


async def test_messages_outside_its_threads_are_not_kept(started: Story) -> None:
    await to_checkin(started)
    await started.bo.says("done", channel=CHANNEL)
    await started.settled()
    assert await started.bot.house.db.read(_texts) == []


async def test_bo_asks_for_a_checkin_now_by_mention(started: Story) -> None:
    assert await started.says(started.bo, "checkin now") == ""
    words = started.bo.words(prompt(started))
    assert "Bo (Northside Youth) asked for it now." in words
    assert "open already" in await started.says(started.hui, "checkin now")


async def test_how_it_stands_is_shown_with_what_can_be_done(started: Story) -> None:
    await started.says(started.bo, "checkin")
    answer = [each for each in started.bo.messages(CHANNEL) if each.bot_id][-1]
    assert "Next: Tue, Nov 24 at 10:00, then Tue, Dec 8 at 10:00" in started.bo.words(answer)
    labels = {"Ask now", "Skip the next", "Pause", "Questions", "Change"}
    assert labels == set(started.bo.button_labels(answer))


async def test_pause_from_the_prompt_asks_how_long_and_acts_for_all(started: Story) -> None:
    asked = await to_checkin(started)
    await started.bo.clicks("Pause", message=asked)
    await started.settled()
    assert "How long shall the check-in rest?" in started.bo.words(
        started.bo.ephemerals(CHANNEL)[-1]
    )
    await started.bo.clicks("Until somebody resumes", channel=CHANNEL)
    await started.settled()
    assert "@Bo (Northside Youth) paused the check-in." in thread(started, asked)[-1]
    await started.days_pass(21)
    assert len([each for each in started.posts() if ASKS in started.bo.words(each)]) == 1
    await started.hui.clicks("Resume", channel=CHANNEL)
    await started.settled()
    assert "@Hui (Harbor Women in Media) resumed the check-in." in thread(started, asked)[-1]
    await started.days_pass(14)
    assert len([each for each in started.posts() if ASKS in started.bo.words(each)]) == 2


async def test_skip_by_mention_is_answered_in_the_thread_and_can_be_undone(
    started: Story,
) -> None:
    assert await started.says(started.bo, "checkin skip") == ""
    (answer,) = (
        each
        for each in started.bo.messages(CHANNEL)
        if "The next one is skipped" in started.bo.words(each)
    )
    await started.days_pass(7)
    await started.hui.clicks("Undo", message=answer)
    await started.settled()
    await started.days_pass(1)
    assert len([each for each in started.posts() if ASKS in started.bo.words(each)]) == 1


async def test_what_was_skipped_is_not_posted(started: Story) -> None:
    await started.says(started.bo, "checkin skip")
    await started.days_pass(8)
    assert not any(ASKS in started.bo.words(each) for each in started.posts())


async def test_a_new_rhythm_is_announced_and_hui_can_object(started: Story) -> None:
    await started.says(started.bo, "checkin schedule every week on wednesday at 11:00")
    assert "every Wednesday at 11:00" in started.thread()
    await started.presses(started.hui, "Object")
    await started.days_pass(10)
    (only,) = (each for each in started.posts() if ASKS in started.bo.words(each))
    assert "every second Tuesday at 10:00" in started.bo.words(only)


async def test_friday_brings_the_digest_in_ten_lines(started: Story) -> None:
    await started.days_pass(12)
    digest = [each for each in started.posts() if "Digest for" in started.bo.words(each)][-1]
    words = started.bo.words(digest)
    assert "Due this week:\n• #1 invite 12 mentees by Mon, Nov 30, Bo (Northside Youth)" in (
        words.replace("*", "")
    )
    assert "check-in Tue, Dec 8 at 10:00 (New York time)." in words
    assert len(words.splitlines()) <= 12


async def test_the_digest_can_be_seen_in_private_before_it_is_posted(started: Story) -> None:
    posts = len(started.posts())
    told = await started.says(started.hui, "digest preview")
    assert "Only you see this preview." in told or "nothing to tell right now" in told
    assert len(started.posts()) == posts


async def test_a_week_without_anything_is_a_week_without_a_digest(story: Story) -> None:
    await story.starts()
    await story.days_pass(14)
    assert not any("Digest for" in story.bo.words(each) for each in story.posts())


async def test_15_and_16_a_checkin_needs_a_channel(started: Story) -> None:
    await started.bo.tells_app("checkin now")
    await started.settled()
    assert "belongs to a channel" in started.bo.words(started.bo.dm()[-1])


async def test_nobody_is_asked_again_while_the_clock_stands(started: Story) -> None:
    await to_checkin(started)
    for _ in range(3):
        await started.days_pass(0)
    assert len([each for each in started.posts() if ASKS in started.bo.words(each)]) == 1
