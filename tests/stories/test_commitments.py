"""Promises between organizations: every act, by every door that it has."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.sandbox import Message, Person
from tests.fixtures.scene import CHANNEL, Scene

WHAT = "invite 12 mentees"


@dataclass(frozen=True, slots=True)
class Said:
    """One act in the words of each door, and what it comes to."""

    words: str
    """With the number; a mention, a command or a direct message."""
    bare: str
    """In the card's own thread, where the number is known."""
    button: str
    card: str
    """What the card says afterwards."""
    note: str
    """What its thread says."""
    reply: str | None = None
    """What a reply says, where a reply can."""
    form: Mapping[str, object] = field(default_factory=dict)
    choices: Mapping[str, object] = field(default_factory=dict)


ASKED = {
    "yes": Said("yes {n}", "yes", "Yes", "agreed: invite 12 mentees", "said yes", "yes"),
    "yes if": Said(
        "yes {n} if travel is paid",
        "yes if travel is paid",
        "Yes, if…",
        "would say yes if travel is paid. Nothing counts until",
        "would say yes, if travel is paid",
        "yes, if travel is paid",
        {"If what?": "travel is paid"},
    ),
    "another date": Said(
        "another {n} by 4 Dec",
        "another date by 4 Dec",
        "Another date",
        "asks for another date: by Fri, Dec 4. Nothing counts until",
        "suggests: invite 12 mentees by Fri, Dec 4",
        "could we do 4 Dec?",
        {"By when?": "2026-12-04"},
    ),
    "other words": Said(
        "change {n} invite 10 mentees by 4 Dec",
        "change invite 10 mentees by 4 Dec",
        "Another date",
        "suggests instead: invite 10 mentees by Fri, Dec 4",
        "suggests: invite 10 mentees by Fri, Dec 4",
        None,
        {"By when?": "2026-12-04", "What?": "invite 10 mentees"},
    ),
    "no": Said(
        "no {n} because our van is gone",
        "no because our van is gone",
        "No",
        "Declined: ",
        "said no. “our van is gone”",
        "no, because our van is gone",
        {"Because": "our van is gone"},
    ),
}
AGREED = {
    "done": Said("done {n}", "done", "Done", "Done: ", "says it is done. Thank you!", "done"),
    "stuck": Said(
        "stuck {n}: no venue",
        "stuck: no venue",
        "I'm stuck",
        "At risk: no venue.",
        "is stuck. “no venue”",
        "stuck: no venue",
        {"What keeps you from it?": "no venue"},
        {"Who may know?": "Everyone here"},
    ),
    "drop": Said(
        "drop {n} because the venue closed",
        "drop because the venue closed",
        "Drop",
        "Dropped: ",
        "dropped it. “the venue closed”",
        None,
        {"Because": "the venue closed"},
    ),
    "another date": Said(
        "another {n} by 4 Dec",
        "another date by 4 Dec",
        "Another date",
        "asks for another date: by Fri, Dec 4. Until that is answered, what was agreed holds.",
        "suggests: invite 12 mentees by Fri, Dec 4",
        "could we do 4 Dec?",
        {"By when?": "2026-12-04"},
    ),
}
STUCK = {
    "on track": Said("unstuck {n}", "unstuck", "On track again", "agreed", "is back on track"),
}
DOORS = ("mention", "thread", "reply", "button", "list", "direct", "command")


async def asked(scene: Scene, owner: Person | None = None, number: int = 1) -> Message:
    """Somebody is asked: Bo by Dana, or Dana by Bo where the owner must be of Acme."""
    owner = owner or scene.bo
    by = scene.bo if owner.user.key == "dana" else scene.dana
    await scene.mentions(by, f"commit {owner.mention} {WHAT} by Mon 30 Nov for mentoring")
    return scene.card(number)


def doors_of(act: Said, *, told_to_all: bool = False) -> list[str]:
    """The doors that an act has. Only where everybody reads it is "stuck" not asked about."""
    left_out = {"direct", "command"} if told_to_all else set()
    if act.reply is None:
        left_out.add("reply")
    return [door for door in DOORS if door not in left_out]


async def does(
    scene: Scene, person: Person, act: Said, door: str, card: Message, number: int
) -> None:
    """The act, by that door."""
    words = act.words.format(n=number)
    if door == "mention":
        await scene.mentions(person, words)
    elif door == "thread":
        await scene.mentions(person, act.bare.format(n=number), thread=card)
    elif door == "reply":
        assert act.reply is not None
        await scene.replies(person, act.reply, card)
    elif door == "direct":
        await scene.tells(person, words)
    elif door == "command":
        await scene.slash(person, words)
    else:
        on = card
        if door == "list":  # privately, with the buttons of what is one's own
            await scene.mentions(person, f"show {number}")
            on = person.dm()[-1]
        await scene.presses(person, act.button, on)
        if act.form:
            for label, value in act.choices.items():
                await person.picks(label, value)
            await person.submits(act.form)
            await scene.settled()
            assert not person.has_modal()


def came_of_it(scene: Scene, act: Said, door: str, card: Message, number: int) -> None:
    """Its card was brought up to date in place, and its thread tells it."""
    assert act.card in scene.reads(card), door
    assert act.note in scene.thread(card)[-1], door
    assert len(scene.posts()) == number + 1, door  # the welcome, and one card each


@pytest.mark.parametrize("act", ASKED.values(), ids=ASKED)
async def test_who_is_asked_answers_by_every_door(begun: Scene, act: Said) -> None:
    for number, door in enumerate(doors_of(act), 1):
        owner = begun.dana if door == "command" else begun.bo
        card = await asked(begun, owner, number)
        assert "Nothing counts until you agree." in begun.reads(card)
        await does(begun, owner, act, door, card, number)
        came_of_it(begun, act, door, card, number)


@pytest.mark.parametrize("act", AGREED.values(), ids=AGREED)
async def test_the_owner_acts_by_every_door(begun: Scene, act: Said) -> None:
    doors = doors_of(act, told_to_all=act is AGREED["stuck"])
    for number, door in enumerate(doors, 1):
        owner = begun.dana if door == "command" else begun.bo
        card = await asked(begun, owner, number)
        await begun.presses(owner, "Yes", card)
        await does(begun, owner, act, door, card, number)
        came_of_it(begun, act, door, card, number)


@pytest.mark.parametrize("act", STUCK.values(), ids=STUCK)
async def test_who_was_stuck_says_by_every_door_that_it_goes_on(begun: Scene, act: Said) -> None:
    for number, door in enumerate(doors_of(act), 1):
        owner = begun.dana if door == "command" else begun.bo
        card = await asked(begun, owner, number)
        await begun.presses(owner, "Yes", card)
        await begun.replies(owner, "stuck: no venue", card)
        await does(begun, owner, act, door, card, number)
        came_of_it(begun, act, door, card, number)
        assert "At risk" not in begun.reads(card)


ANSWERS = {
    "agree": Said("yes {n}", "yes", "Agree", "by Fri, Dec 4.", "agreed", "yes"),
    "keep": Said(
        *("no {n}", "no", "Keep what was asked", "by Mon, Nov 30"),
        *("would rather keep it as it was", "no"),
    ),
}


@pytest.mark.parametrize("when", ["asked", "agreed"])
@pytest.mark.parametrize("act", ANSWERS.values(), ids=ANSWERS)
async def test_a_colleague_of_who_asked_answers_other_terms_by_every_door(
    begun: Scene, act: Said, when: str
) -> None:
    for number, door in enumerate(doors_of(act), 1):
        card = await asked(begun, number=number)
        if when == "agreed":
            await begun.presses(begun.bo, "Yes", card)
            act = replace(act, button=act.button.replace("was asked", "was agreed"))
        await begun.replies(begun.bo, "could we do 4 Dec?", card)
        assert "@Dana, do you agree?" in begun.thread(card)[-1]
        await does(begun, begun.priya, act, door, card, number)
        came_of_it(begun, act, door, card, number)
        holds = when == "agreed" or act.button == "Agree"
        assert ("agreed: invite" in begun.reads(card)) == holds, door


async def test_bo_asks_hui_and_hui_answers_with_a_condition_that_bo_agrees_to(
    begun: Scene,
) -> None:
    await begun.mentions(begun.bo, "commit @Hui book a room by 4 Dec for the kick-off")
    card = begun.card()
    assert "@Bo (Northside Youth) asks @Hui (Harbor Women in Media)" in begun.reads(card)
    await begun.presses(begun.hui, "Yes, if…", card)
    await begun.sends(begun.hui, **{"If_what?": "Acme pays"})
    assert "Nothing counts until Northside Youth agrees." in begun.reads(card)
    await begun.presses(begun.amina, "Agree", card)
    assert "agreed: book a room by Fri, Dec 4, if Acme pays." in begun.reads(card)
    await begun.replies(begun.hui, "done", card)
    assert begun.reads(card).startswith("Done: @Hui")
    agreed = (
        "Now it holds for @Hui (Harbor Women in Media): book a room by Fri, Dec 4, if Acme pays."
    )
    assert [note.split(") ", 1)[-1] for note in begun.thread(card)] == [
        "would say yes, if Acme pays. @Bo, do you agree?",
        f"agreed. {agreed}",
        "says it is done. Thank you!",
    ]


async def test_the_asking_side_asks_for_a_change_and_what_was_agreed_holds_until_bo_answers(
    begun: Scene,
) -> None:
    card = await asked(begun)
    await begun.presses(begun.bo, "Yes", card)
    await begun.slash(begun.dana, "another 1 by 4 Dec")
    assert "agreed: invite 12 mentees by Mon, Nov 30." in begun.reads(card)
    assert "@Bo, do you agree?" in begun.thread(card)[-1]
    await begun.presses(begun.bo, "Agree", card)
    assert "agreed: invite 12 mentees by Fri, Dec 4." in begun.reads(card)


async def test_the_asking_side_asks_for_something_else_before_bo_has_answered(
    begun: Scene,
) -> None:
    card = await asked(begun)
    await begun.slash(begun.dana, "change 1 invite 10 mentees by 4 Dec")
    assert "asks @Bo (Northside Youth): could you invite 10 mentees by" in begun.reads(card)
    await begun.slash(begun.dana, "drop 1 because the program is full")
    assert begun.reads(card).startswith(
        "Taken back by those who asked: invite 10 mentees by Fri, Dec 4, asked of @Bo"
    )


async def test_ones_own_promise_counts_at_once_and_nobody_else_has_to_agree_to_a_change(
    begun: Scene,
) -> None:
    await begun.mentions(begun.hui, "commit bring the venue list by Friday")
    card = begun.card()
    assert "@Hui (Harbor Women in Media) promised: bring the venue list" in begun.reads(card)
    await begun.mentions(begun.hui, "another 1 by 27 Nov")
    assert "promised: bring the venue list by Fri, Nov 27." in begun.reads(card)


async def test_numbers_count_up_and_each_commitment_has_one_card(begun: Scene) -> None:
    for number in (1, 2, 3):
        await begun.mentions(begun.bo, f"commit bring list {number} by 4 Dec")
    await begun.mentions(begun.bo, "done 2")
    said = begun.said()
    assert [said.count(f"#{number} ·") for number in (1, 2, 3)] == [1, 1, 1]
    assert begun.reads(begun.card(2)).startswith("Done: @Bo")
    assert begun.thread(begun.card(1)) == []


async def test_list_mine_and_waiting_tell_each_person_what_is_theirs(begun: Scene) -> None:
    await asked(begun)
    await begun.mentions(begun.hui, "commit book a room by 4 Dec")
    everything = await begun.mentions(begun.bo, "list")
    assert "2 open commitments" in everything
    assert "invite 12 mentees" in everything
    assert "book a room" in everything
    assert "1 open commitment for mentoring" in await begun.mentions(
        begun.hui, "list for mentoring"
    )
    assert "invite 12 mentees" in await begun.tells(begun.bo, "waiting")
    assert "Nothing waits for your answer" in await begun.tells(begun.hui, "waiting")
    assert "book a room" in await begun.tells(begun.hui, "mine")
    await begun.presses(begun.bo, "Yes", begun.bo.dm()[-1])
    assert "Nothing waits for your answer" in await begun.tells(begun.bo, "waiting")
    assert "2 open commitments" in await begun.slash(begun.dana, "list")


async def test_show_tells_the_whole_history_with_who_when_and_why(begun: Scene) -> None:
    card = await asked(begun)
    await begun.replies(begun.bo, "could we do 4 Dec?", card)
    await begun.replies(begun.dana, "yes", card)
    await begun.replies(begun.bo, "stuck: no venue", card)
    told = await begun.mentions(begun.hui, "show 1")
    for step in (
        "@Dana (Acme) asked @Bo (Northside Youth)",
        "@Bo (Northside Youth) suggests",
        "@Dana (Acme) agreed",
        "is stuck. “no venue”",
    ):
        assert step in told
    assert "Mon, Nov 16" in told


async def test_a_form_writes_a_commitment_down_for_bo_and_hui_without_a_command(
    begun: Scene,
) -> None:
    assert "Nothing is open here" in await begun.mentions(begun.hui, "list")
    await begun.presses(begun.hui, "New commitment", begun.hui.dm()[-1])
    await begun.hui.picks("Who?", "Bo")
    await begun.hui.picks("By when?", "2026-11-30")
    await begun.sends(begun.hui, **{"What?": "lend us the projector"})
    assert "@Hui (Harbor Women in Media) asks @Bo (Northside Youth): could you" in begun.said()


async def test_no_date_only_where_somebody_says_so(begun: Scene) -> None:
    told = await begun.mentions(begun.bo, "commit call the press")
    assert "By when?" in told
    assert len(begun.posts()) == 1
    await begun.mentions(begun.bo, "commit call the press, no date yet")
    assert "call the press (no date yet)" in begun.said()


async def test_stuck_in_private_is_told_to_nobody_until_bo_says_who_may_know(
    begun: Scene,
) -> None:
    card = await asked(begun)
    await begun.presses(begun.bo, "Yes", card)
    asks = await begun.tells(begun.bo, "stuck 1: no venue")
    assert "Thanks for saying so. Who may know?" in asks
    assert "At risk" not in begun.reads(card)
    await begun.presses(begun.bo, "Only my colleague", begun.bo.dm()[-1])
    assert "no venue" in begun.amina.words(begun.amina.dm()[-1])
    assert "At risk" not in begun.reads(card)
    assert not begun.dana.sees("no venue", channel=CHANNEL)


async def test_stuck_said_again_in_private_tells_that_the_others_do_not_see_it_now(
    begun: Scene,
) -> None:
    card = await asked(begun)
    await begun.presses(begun.bo, "Yes", card)
    hidden = "Others knew of it before; now they do not see it"
    assert hidden not in await begun.tells(begun.bo, "stuck 1: no venue")
    await begun.presses(begun.bo, "Everyone here", begun.bo.dm()[-1])
    assert "At risk: no venue" in begun.reads(card)
    assert hidden in await begun.tells(begun.bo, "stuck 1: it is about Dana")
    assert "At risk" not in begun.reads(card)


async def test_free_words_in_a_cards_thread_change_nothing_and_are_not_answered(
    begun: Scene,
) -> None:
    card = await asked(begun)
    before = begun.reads(card)
    for person, words in (
        (begun.bo, "is it done?"),
        (begun.bo, "I saw that, yes"),
        (begun.dana, "thank you!"),
        (begun.dana, "yes, I saw that"),
        (begun.hui, "done"),
    ):
        assert await begun.replies(person, words, card) == ""
    assert begun.reads(card) == before
    assert begun.thread(card) == []


async def test_what_only_begins_like_a_yes_agrees_to_nothing_and_is_asked_about(
    begun: Scene,
) -> None:
    card = await asked(begun)
    before = begun.reads(card)
    assert await begun.replies(begun.bo, "yes, I saw that", card) == ""
    assert begun.reads(card) == before
    (question,) = begun.thread(card)
    assert question == (
        "@Bo, I am not sure what that means for #1. Press what you mean. "
        "Otherwise it stays as it is.\nYes\nYes, if…\nAnother date\nNo"
    )


@pytest.mark.parametrize("door", ["Yes", "yes 1", "reply"])
async def test_a_yes_to_a_day_that_is_past_says_so_and_offers_another(
    begun: Scene, door: str
) -> None:
    card = await asked(begun)
    begun.calendar.move_to(begun.calendar.now() + timedelta(days=40))
    if door == "reply":
        await begun.replies(begun.bo, "yes", card)
        told = begun.bo.words(begun.bo.dm()[-1])
    elif door == "Yes":
        told = await begun.presses(begun.bo, "Yes", card)
    else:
        told = await begun.mentions(begun.bo, door)
    assert "Mon, Nov 30 is past already." in told
    assert "Suggest a new date" in told
    assert "agreed: invite 12 mentees" in begun.reads(card)
