"""Commitments over the wire: by words, buttons, forms and replies, by people without an install."""

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from bot.app import Bot
from bot.demo import CHANNEL
from bot.domain.commitments import Away, Commitment, State
from bot.sandbox import Message, Person, Sandbox
from storage.store import Store
from storage.tables import commitment as table
from storage.tables import commitment_history as history
from tests.fixtures.wire import Settled

ASK = "/partner commit @Bo invite 12 mentees by Mon 30 Nov for mentoring"


@dataclass
class Story:
    """The channel of three organizations, its people, and what the tests look at."""

    bot: Bot
    settled: Settled
    dana: Person
    priya: Person
    bo: Person
    amina: Person
    hui: Person

    async def slash(self, person: Person, line: str) -> str:
        reply = await person.slash(line, channel=CHANNEL)
        await self.settled()
        return reply.text

    async def says(self, person: Person, text: str, thread: Message | None = None) -> None:
        await person.says(text, channel=CHANNEL, thread=thread)
        await self.settled()

    async def tells(self, person: Person, text: str) -> str:
        """Write to the app directly; returns its answer."""
        await person.tells_app(text)
        await self.settled()
        return person.words(person.dm()[-1])

    async def clicks(
        self, person: Person, label: str, message: Message | None = None, channel: str | None = None
    ) -> None:
        await person.clicks(label, message=message, channel=channel)
        await self.settled()

    async def submits(self, person: Person, **fields: object) -> None:
        await person.submits({label.replace("_", " "): value for label, value in fields.items()})
        await self.settled()

    async def asked(self) -> Message:
        """Dana asks Bo; returns the card."""
        await self.slash(self.dana, ASK)
        return self.card(1)

    async def agreed(self) -> Message:
        card = await self.asked()
        await self.clicks(self.bo, "Yes", card)
        return card

    def card(self, number: int) -> Message:
        """The card of a commitment as it stands in the channel."""
        return [
            message
            for message in self.dana.messages(CHANNEL)
            if f"#{number} ·" in self.dana.words(message)
            and message.thread_ts in {None, message.ts}
            and not message.ephemeral_to
        ][-1]

    def reads(self, number: int = 1) -> str:
        return self.dana.words(self.card(number))

    def thread(self, number: int = 1) -> list[str]:
        card = self.card(number)
        return [
            self.dana.words(message)
            for message in self.dana.messages(CHANNEL, thread=card)
            if message.ts != card.ts
        ]

    def private(self, person: Person) -> str:
        """What only this person read last: an ephemeral message."""
        return person.words(person.ephemerals(CHANNEL)[-1])

    async def stored(self, number: int = 1) -> Commitment:
        def look(store: Store) -> Commitment:
            found = store.connection.execute(
                select(table.c.id).where(table.c.number == number)
            ).scalar_one()
            return store.commitments.by_id(found)

        return await self.bot.house.db.read(look)

    async def written(self) -> int:
        """How many commitments and rows of history there are."""

        def look(store: Store) -> int:
            rows = [*store.connection.execute(select(table.c.id))]
            return len(rows) + len([*store.connection.execute(select(history.c.id))])

        return await self.bot.house.db.read(look)


@pytest.fixture
async def story(
    bot: Bot, settled: Settled, dana: Person, priya: Person, bo: Person, amina: Person, hui: Person
) -> Story:
    """Dana has invited the app, and Hui, a guest, has said whom she is with."""
    told = Story(bot, settled, dana, priya, bo, amina, hui)
    await dana.invites_app(CHANNEL)
    await settled()
    await told.says(hui, "@Common Ground with Harbor Women in Media")
    return told


async def test_nothing_counts_until_the_owner_agrees(story: Story) -> None:
    card = await story.asked()
    assert story.reads().startswith(
        "@Dana (Acme) asks @Bo (Northside Youth): could you invite 12 mentees by Mon, Nov 30? "
        "Nothing counts until you agree."
    )
    assert (await story.stored()).state is State.PROPOSED

    await story.clicks(story.bo, "Yes", card)
    assert story.card(1).ts == card.ts
    assert "@Bo (Northside Youth) agreed: invite 12 mentees by Mon, Nov 30." in story.reads()
    assert story.thread() == ["@Bo (Northside Youth) said yes: invite 12 mentees by Mon, Nov 30."]
    assert "#1: @Bo (Northside Youth) agreed" in story.private(story.bo)


async def test_the_receipt_shows_the_label_and_lets_a_date_read_from_words_be_changed(
    story: Story,
) -> None:
    receipt = await story.dana.slash(ASK, channel=CHANNEL)
    await story.settled()
    assert "for mentoring" in str(receipt.blocks)
    await story.clicks(story.dana, "Change")
    await story.submits(story.dana, **{"By_when?": "2026-12-07", "What?": "invite 14 mentees"})
    assert "asks @Bo (Northside Youth): could you invite 14 mentees by Mon, Dec 7?" in story.reads()
    await story.clicks(story.bo, "Yes", story.card(1))
    assert (await story.stored()).terms.version == 2


async def test_bo_says_yes_if_and_a_colleague_of_who_asked_agrees(story: Story) -> None:
    card = await story.asked()
    await story.clicks(story.bo, "Yes, if…", card)
    await story.submits(story.bo, **{"If_what?": "travel is paid"})
    assert "would say yes if travel is paid. Nothing counts until Acme agrees." in story.reads()
    assert story.thread()[-1].endswith("@Dana, do you agree?")

    await story.clicks(story.priya, "Agree", card)
    assert "by Mon, Nov 30, if travel is paid." in story.reads()
    assert (await story.stored()).state is State.ACCEPTED


async def test_another_date_is_kept_as_it_was_and_then_declined_with_a_reason(
    story: Story,
) -> None:
    card = await story.asked()
    await story.clicks(story.bo, "Another date", card)
    await story.submits(story.bo, **{"By_when?": "2026-12-04", "Why?": "exams"})
    assert "asks for another date: by Fri, Dec 4." in story.reads()
    assert "“exams”" in story.thread()[-1]
    await story.clicks(story.dana, "Keep what was asked", card)
    assert "Nothing counts until you agree." in story.reads()
    await story.clicks(story.bo, "No", card)
    await story.submits(story.bo, Because="our van is gone")
    assert story.reads().startswith("Declined: @Bo")
    assert story.thread()[-1] == "@Bo (Northside Youth) said no. “our van is gone”"
    assert story.bo.button_labels(story.card(1)) == []


async def test_bo_promises_by_mention_and_says_done_in_the_cards_thread(story: Story) -> None:
    await story.says(story.bo, "@Common Ground commit bring the venue list by Friday")
    card = story.card(1)
    assert "@Bo (Northside Youth) promised: bring the venue list by Fri, Nov 20." in story.reads()
    await story.says(story.dana, "done", card)
    await story.says(story.amina, "we are not done, are we?", card)
    await story.says(story.bo, "I hear the library has a list too", card)
    assert (await story.stored()).state is State.ACCEPTED
    await story.says(story.bo, "done: it is in our folder", card)
    assert (await story.stored()).state is State.DONE
    assert story.thread()[-1] == (
        "@Bo (Northside Youth) says it is done. Thank you! “it is in our folder”"
    )


async def test_hui_writes_down_asks_and_is_asked_without_a_slash_command(story: Story) -> None:
    hui = story.hui
    assert "Nothing is open here" in await _list(story, hui)
    await story.clicks(hui, "New commitment", hui.dm()[-1])
    await hui.picks("Who?", "Bo")
    await hui.picks("By when?", "2026-11-30")
    await story.submits(hui, **{"What?": "lend us the projector"})
    assert (
        "@Hui (Harbor Women in Media) asks @Bo (Northside Youth): could you lend us"
        in story.reads()
    )

    await story.says(story.bo, "yes if we get it back on Monday", story.card(1))
    await story.says(hui, "yes", story.card(1))
    assert (await story.stored()).terms.condition == "we get it back on Monday"

    await story.says(story.bo, "@Common Ground commit @Hui book a room by 4 Dec")
    await story.clicks(hui, "Yes", story.card(2))
    await story.clicks(hui, "Done", story.card(2))
    assert (await story.stored(2)).state is State.DONE


async def _list(story: Story, person: Person) -> str:
    await story.says(person, "@Common Ground list")
    return person.words(person.dm()[-1])


async def test_replies_counter_decline_and_get_stuck(story: Story) -> None:
    card = await story.asked()
    await story.says(story.bo, "stuck: no venue", card)
    assert "It counts once it is agreed" in story.bo.words(story.bo.dm()[-1])
    await story.says(story.bo, "could we do 4 Dec?", card)
    assert (await story.stored()).state is State.COUNTERED
    await story.says(story.hui, "yes", card)
    assert (await story.stored()).state is State.COUNTERED
    await story.says(story.dana, "yes", card)
    assert "by Fri, Dec 4." in story.reads()
    await story.says(story.bo, "stuck: no venue", card)
    assert "At risk: no venue." in story.reads()
    assert story.thread()[-1] == "@Bo (Northside Youth) is stuck. “no venue”"


async def test_acts_by_command_say_what_became_of_it(story: Story) -> None:
    await story.slash(story.dana, "/partner commit find 6 mentors by 11 Dec")
    assert "by Fri, Dec 4" in await story.slash(story.dana, "/partner another 1 by 4 Dec")
    assert "on Tue" not in await story.slash(story.dana, "/partner show 1")
    dropped = await story.slash(story.dana, "/partner drop 1 because nobody applied")
    assert "#1: Dropped: find 6 mentors by Fri, Dec 4, promised by" in dropped
    assert "“nobody applied”" in story.thread()[-1]


async def test_only_my_colleague_may_know_that_bo_is_stuck(story: Story) -> None:
    card = await story.agreed()
    await story.clicks(story.bo, "I'm stuck", card)
    await story.bo.picks("Who may know?", "Only my colleague")
    await story.submits(story.bo, **{"What_keeps_you_from_it?": "no venue"})
    assert story.bo.sees("I tell your colleagues here, each in their own hours, and nobody else")
    assert "no venue" in story.amina.words(story.amina.dm()[-1])
    assert "risk" not in story.reads()
    for person, sees in ((story.amina, True), (story.hui, False)):
        assert ("at risk (only your organization sees this)" in await _list(story, person)) == sees
    assert "at risk" not in await story.slash(story.dana, "/partner list")
    assert "at risk" in await story.tells(story.bo, "mine")


async def test_stuck_by_command_asks_who_may_know_before_anybody_does(story: Story) -> None:
    await story.slash(story.dana, "/partner commit find 6 mentors by 11 Dec")
    asked = await story.dana.slash("/partner stuck 1: nobody applied", channel=CHANNEL)
    await story.settled()
    assert asked.text.startswith("Thanks for saying so. Who may know?")
    assert "At risk" not in story.reads()
    await story.clicks(story.dana, "Everyone here")
    assert "At risk: nobody applied." in story.reads()
    await story.clicks(story.dana, "On track again", story.card(1))
    assert "At risk" not in story.reads()


async def test_who_is_alone_here_is_not_offered_only_my_colleague(story: Story) -> None:
    await story.says(story.hui, "@Common Ground commit book a room by 4 Dec")
    await story.clicks(story.hui, "I'm stuck", story.card(1))
    assert not story.hui.sees("Only my colleague")
    assert story.hui.sees("Nobody yet")


async def test_the_wrong_person_hears_privately_who_can_13(story: Story) -> None:
    card = await story.asked()
    before = await story.written()
    for label in ("Yes", "No", "Yes, if…"):
        await story.clicks(story.hui, label, card)
        assert story.private(story.hui) == "That is for @Bo to say. Nothing has changed."
        assert not story.hui.has_modal()
    assert await story.written() == before


async def test_a_button_pressed_twice_has_one_effect_and_the_same_receipt_12(
    story: Story,
) -> None:
    card = await story.asked()
    await story.bo.clicks("Yes", message=card)
    await story.bo.clicks("Yes", message=card)
    await story.settled()
    first, second = story.bo.ephemerals(CHANNEL)[-2:]
    assert story.bo.words(first).startswith(story.bo.words(second).split("\nUndo")[0])
    assert len(story.thread()) == 1


async def test_an_old_button_says_how_it_stands_now_14(story: Story) -> None:
    receipt = await story.tells(story.bo, "waiting")
    assert receipt == "Nothing waits for your answer."
    await story.asked()
    await story.tells(story.bo, "waiting")
    old = story.bo.dm()[-1]
    await story.slash(story.dana, "/partner another 1 by 7 Dec")
    await story.clicks(story.bo, "Yes", old)
    assert "This has changed since that message. #1 waits" in story.bo.words(story.bo.dm()[-1])
    assert (await story.stored()).state is State.PROPOSED


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("commit", "What is to be done?", id="2"),
        pytest.param("commit @Bo", "What is to be done?", id="7"),
        pytest.param("commit @nobody call the press by 4 Dec", "do not know this person", id="3"),
        pytest.param("commit @Common Ground dance by 4 Dec", "cannot promise", id="4"),
        pytest.param("commit call by yesterday", "", id="5-past"),
        pytest.param("commit call by 30 Feb", "", id="5-impossible"),
        pytest.param("commit call by 03/04", "", id="5-ambiguous"),
        pytest.param("yes 99", "There is no #99 in this channel", id="11"),
    ],
)
async def test_bad_words_get_one_sentence_and_change_nothing(
    story: Story, line: str, said: str
) -> None:
    before = len(story.dana.messages(CHANNEL))
    answer = await story.slash(story.dana, f"/partner {line}")
    assert said in answer
    assert len(answer) > 20
    assert await story.written() == 0
    posted = [one for one in story.dana.messages(CHANNEL) if not one.ephemeral_to]
    assert len(posted) <= before


async def test_who_has_left_cannot_be_asked_by_a_form_opened_before_3(story: Story) -> None:
    await story.slash(story.dana, "/partner list")
    await story.clicks(story.dana, "New commitment")
    await story.amina.leaves(CHANNEL)
    await story.settled()
    await story.dana.picks("Who?", "Amina")
    await story.dana.picks("No date yet", ["No date yet"])
    await story.submits(story.dana, **{"What?": "call the press"})
    assert story.dana.sees("@Amina is not in this channel")
    assert await story.written() == 0


async def test_hostile_and_long_words_are_kept_whole_and_stay_dead_6_10(story: Story) -> None:
    what = "tell <!channel> & <http://evil.example|click> " + "very " * 900 + "long"
    await story.says(story.bo, f"@Common Ground commit {what} by 4 Dec")
    stored = (await story.stored()).terms.what
    assert stored.endswith("very long")
    assert len(stored) > 4_000
    shown = [block["text"]["text"] for block in story.card(1).blocks if "text" in block]
    assert shown[0].startswith("<@U0BO")
    assert "tell @channel &amp; &lt;http://evil.example|click&gt; very" in shown[0]


async def test_names_and_links_are_kept_as_people_read_them_10(story: Story) -> None:
    await story.says(
        story.bo, "@Common Ground commit send @Hui the form at https://forms.example/x by 4 Dec"
    )
    assert (await story.stored()).terms.what == "send @Hui the form at https://forms.example/x"


async def test_in_a_direct_message_a_commitment_is_for_the_one_channel_that_is_shared(
    story: Story,
) -> None:
    answer = await story.tells(story.bo, "commit call the press by 4 Dec")
    assert "#1: @Bo (Northside Youth) promised: call the press" in answer
    assert (await story.stored()).state is State.ACCEPTED


async def test_in_a_direct_message_a_number_means_what_concerns_the_person(story: Story) -> None:
    await story.agreed()
    assert "There is no #1 that concerns you" in await story.tells(story.hui, "done 1")
    assert "Done: @Bo" in await story.tells(story.bo, "done 1")
    assert (await story.stored()).state is State.DONE


async def test_the_buttons_of_a_private_list_work(story: Story) -> None:
    await story.agreed()
    assert "#1" in await story.tells(story.bo, "mine")
    await story.clicks(story.bo, "Done", story.bo.dm()[-1])
    assert (await story.stored()).state is State.DONE


async def test_who_has_left_the_channel_sees_and_changes_nothing_of_it(story: Story) -> None:
    await story.agreed()
    await story.tells(story.bo, "mine")
    mine = story.bo.dm()[-1]
    await story.bo.leaves(CHANNEL)
    await story.settled()
    assert "invite 12 mentees" not in await story.tells(story.bo, "mine")
    await story.clicks(story.bo, "Done", mine)
    assert (await story.stored()).state is State.ACCEPTED


@pytest.mark.parametrize(
    ("button", "typed"),
    [
        ("Yes, if…", {"If_what?": "travel is paid"}),
        ("No", {}),
        ("Another date", {"What?": "something else"}),
    ],
)
async def test_a_form_sent_after_leaving_the_channel_changes_nothing(
    story: Story, button: str, typed: dict[str, str]
) -> None:
    card = await story.asked()
    await story.clicks(story.bo, button, card)
    await story.bo.leaves(CHANNEL)
    await story.settled()
    await story.submits(story.bo, **typed)
    assert story.bo.sees("Only people who are in the channel can do this.")
    stored = await story.stored()
    assert (stored.state, stored.offer) == (State.PROPOSED, None)


async def test_a_form_sent_after_the_partnership_ended_changes_nothing_19(story: Story) -> None:
    card = await story.asked()
    await story.clicks(story.bo, "Yes, if…", card)
    await story.dana.removes_app(CHANNEL)
    await story.settled()
    await story.submits(story.bo, **{"If_what?": "travel is paid"})
    assert story.bo.sees("ended")
    assert (await story.stored()).offer is None


async def test_a_deleted_card_comes_back_with_the_next_change_20(story: Story) -> None:
    card = await story.asked()
    await story.dana.deletes(card, channel=CHANNEL)
    await story.settled()
    await story.says(story.bo, "@Common Ground yes 1")
    assert story.card(1).ts != card.ts
    assert "@Bo (Northside Youth) agreed" in story.reads()
    await story.clicks(story.bo, "Done", story.card(1))
    assert (await story.stored()).state is State.DONE


async def test_a_mention_in_the_cards_own_thread_needs_no_number_and_no_second_answer(
    story: Story,
) -> None:
    card = await story.agreed()
    await story.says(story.bo, "@Common Ground done", card)
    assert (await story.stored()).state is State.DONE
    assert [line for line in story.thread() if "done" in line.lower()] == [
        "@Common Ground done",
        "@Bo (Northside Youth) says it is done. Thank you!",
    ]


async def test_done_with_a_remark_in_the_cards_thread_is_done(story: Story) -> None:
    card = await story.agreed()
    await story.says(story.bo, "done, sent the list", card)
    assert (await story.stored()).state is State.DONE
    assert story.thread()[-1] == (
        "@Bo (Northside Youth) says it is done. Thank you! “sent the list”"
    )


async def test_a_reply_that_begins_like_an_answer_is_asked_about_with_buttons(
    story: Story,
) -> None:
    card = await story.agreed()
    await story.says(story.bo, "done except the list", card)
    assert (await story.stored()).state is State.ACCEPTED
    asked = story.dana.messages(CHANNEL, thread=card)[-1]
    assert story.dana.words(asked).startswith(
        "@Bo, I am not sure what that means for #1. Press what you mean. "
        "Otherwise it stays as it is."
    )
    await story.clicks(story.bo, "Done", asked)
    assert (await story.stored()).state is State.DONE
    assert any("@Bo: Done" in line for line in story.thread())


@pytest.mark.parametrize(
    "words", ["I can do it by Tuesday, but not all of it", "Sorry, I can not make it"]
)
@pytest.mark.parametrize("agreed", [True, False])
async def test_another_date_or_a_refusal_in_ones_own_words_is_asked_about(
    story: Story, words: str, agreed: bool
) -> None:
    card = await (story.agreed() if agreed else story.asked())
    before = await story.stored()
    await story.says(story.bo, words, card)
    assert await story.stored() == before
    asked = story.dana.messages(CHANNEL, thread=card)[-1]
    assert story.dana.words(asked).startswith("@Bo, I am not sure what that means for #1.")
    assert {"Another date", "I'm stuck" if agreed else "No"} <= set(story.bo.button_labels(asked))


async def test_nobody_is_asked_about_words_that_cannot_be_an_answer_of_theirs(
    story: Story,
) -> None:
    card = await story.agreed()
    before = story.thread()
    await story.says(story.dana, "done except the list, it seems", card)
    await story.says(story.bo, "yes, I saw that", card)
    assert story.thread()[len(before) :] == [
        "done except the list, it seems",
        "yes, I saw that",
    ]


async def test_a_bare_no_takes_no_date_back_unasked(story: Story) -> None:
    card = await story.agreed()
    await story.says(story.bo, "another date: 4 Dec", card)
    await story.says(story.bo, "no", card)
    held = await story.stored()
    assert held.state is State.CHANGE_OFFERED
    assert held.offer is not None
    asked = story.dana.messages(CHANNEL, thread=card)[-1]
    assert "Take it back" in story.dana.words(asked)
    await story.clicks(story.bo, "Take it back", asked)
    assert (await story.stored()).state is State.ACCEPTED


async def test_a_past_day_is_asked_about_in_the_form_5(story: Story) -> None:
    card = await story.asked()
    await story.clicks(story.bo, "Another date", card)
    await story.submits(story.bo, **{"By_when?": "2026-11-02"})
    assert story.bo.sees("That day is past. Please choose today or a later day.")
    await story.bo.picks("By when?", "2026-12-04")
    await story.submits(story.bo)
    assert (await story.stored()).state is State.COUNTERED


async def test_no_date_yet_is_said_with_a_tick(story: Story) -> None:
    await story.says(story.bo, "@Common Ground commit call the press by 4 Dec")
    await story.clicks(story.bo, "Another date", story.card(1))
    await story.bo.picks("No date yet", ["No date yet"])
    await story.submits(story.bo)
    assert "call the press (no date yet)" in story.reads()


async def test_a_long_list_has_pages(story: Story) -> None:
    await story.slash(story.dana, "/partner commit thing 1 by 4 Dec")
    first = await story.stored()

    def more(store: Store) -> None:
        for number in range(2, 24):
            store.commitments.add(replace(first, number=number), True, first.created_at)

    await story.bot.house.db.run(more)
    await story.slash(story.dana, "/partner list")
    assert story.dana.sees("23 open commitments: 1 to 20")
    await story.clicks(story.dana, "And 3 more")
    assert story.dana.sees("23 open commitments: 21 to 23")
    await story.clicks(story.dana, "Earlier")
    assert story.dana.sees("23 open commitments: 1 to 20")


@pytest.mark.parametrize(
    ("person", "label"),
    [("bo", "I'm stuck"), ("bo", "Hand over"), ("bo", "Another date"), ("dana", "Drop")],
)
async def test_a_form_opens_before_slack_is_asked_who_is_in_the_channel(
    story: Story, sandbox: Sandbox, person: str, label: str
) -> None:
    card = await story.agreed()
    (here,) = story.bot.house.directory.installations()
    story.bot.house.directory.forget_channel(here, card.channel)
    before = len(sandbox.calls)
    await story.clicks(sandbox.person(person), label, card)
    assert sandbox.person(person).has_modal()
    asked = [call.method for call in sandbox.calls[before:]]
    assert asked[-1] == "views.open"
    assert "conversations.members" not in asked


@pytest.mark.parametrize("words", ["list", "setup"])
async def test_the_forms_of_new_commitment_and_setup_open_at_once_too(
    story: Story, sandbox: Sandbox, words: str
) -> None:
    (here,) = story.bot.house.directory.installations()
    if words == "list":
        await story.slash(story.dana, "/partner list")
    story.bot.house.directory.forget_channel(here, sandbox.world.find_channel(CHANNEL).id)
    before = len(sandbox.calls)
    if words == "list":
        await story.clicks(story.dana, "New commitment")
    else:
        await story.slash(story.dana, "/partner setup")
    assert story.dana.has_modal()
    assert [call.method for call in sandbox.calls[before:]] == ["views.open"]


async def test_who_was_not_seen_in_the_channel_opens_no_form_of_it(story: Story) -> None:
    await story.agreed()
    await story.tells(story.bo, "mine")
    mine = story.bo.dm()[-1]
    await story.bo.leaves(CHANNEL)
    await story.settled()
    for label in ("I'm stuck", "Another date", "Hand over"):
        await story.clicks(story.bo, label, mine)
        assert not story.bo.has_modal()
        assert "Only people who are in the channel" in story.bo.words(story.bo.dm()[-1])


async def test_hand_over_in_a_form_to_somebody_who_has_left_meanwhile_is_refused(
    story: Story,
) -> None:
    card = await story.agreed()
    await story.clicks(story.bo, "Hand over", card)
    await story.bo.picks("To whom?", "Amina")
    await story.amina.leaves(CHANNEL)
    await story.settled()
    await story.submits(story.bo)
    assert story.bo.sees("is not in this channel. Invite them here first")
    assert (await story.stored()).state is State.ACCEPTED


async def test_an_owner_whose_leaving_we_missed_is_found_gone_when_somebody_needs_to_act(
    story: Story, sandbox: Sandbox
) -> None:
    card = await story.agreed()
    channel = sandbox.world.find_channel(CHANNEL)
    channel.members.remove(story.bo.id)  # nobody tells us
    (here,) = story.bot.house.directory.installations()
    story.bot.house.directory.forget_channel(here, channel.id)
    await story.clicks(story.dana, "Hand over", card)
    assert story.dana.has_modal()
    await story.dana.picks("To whom?", "Hui")
    await story.submits(story.dana)
    stored = await story.stored()
    assert (stored.state, stored.away) == (State.HANDING_OVER, Away.LEFT)
    assert "is not in this channel any more" in story.thread()[-2]


async def test_an_owner_whose_account_is_switched_off_is_found_gone_by_words_too(
    story: Story, sandbox: Sandbox
) -> None:
    await story.agreed()
    sandbox.world.find_user("bo").deleted = True
    (here,) = story.bot.house.directory.installations()
    story.bot.house.directory.forget_person(here, story.bo.id)
    said = await story.slash(story.dana, f"/partner hand over 1 to {story.hui.mention}")
    assert "asks" in said
    assert (await story.stored()).away is Away.OFF
    assert "The account of @Bo is switched off." in story.reads()


async def test_an_owner_who_is_there_is_not_taken_for_gone(story: Story) -> None:
    card = await story.agreed()
    before = await story.written()
    await story.clicks(story.dana, "Hand over", card)
    assert "That is for @Bo to say" in story.private(story.dana)
    said = await story.slash(story.dana, f"/partner hand over 1 to {story.hui.mention}")
    assert "to say. Nothing has changed." in said
    assert await story.written() == before


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("N" * 80, id="80"),
        pytest.param("Ada", id="one-word"),
        pytest.param("د. مريم الزهراء عبد الرحمن", id="right-to-left"),
        pytest.param("\u202eoB\u2066 <!channel>", id="overrides"),
    ],
)
async def test_whoever_has_an_odd_name_is_asked_and_chosen_all_the_same(
    story: Story, sandbox: Sandbox, name: str
) -> None:
    user = sandbox.world.find_user("amina")
    user.name = name
    (here,) = story.bot.house.directory.installations()
    story.bot.house.directory.forget_person(here, user.id)
    card = await story.agreed()
    await story.says(story.amina, "@Common Ground list")
    await story.clicks(story.bo, "Hand over", card)
    assert story.bo.modal is not None
    element = story.bo.modal.blocks[1]["element"]
    options = [each for group in element["option_groups"] for each in group["options"]]
    (shown,) = [each["text"]["text"] for each in options if each["value"] == user.id]
    assert len(shown) <= 75
    await story.bo.picks("To whom?", shown)
    await story.submits(story.bo)
    stored = await story.stored()
    assert stored.offer is not None
    assert stored.offer.owner is not None
    assert stored.offer.owner.user == user.id
