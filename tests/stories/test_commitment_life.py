"""The whole life of a promise, told by people of all three organizations."""

from datetime import timedelta

import pytest

from bot.sandbox import Message
from tests.fixtures.scene import CHANNEL, Scene

ASKS = "commit {} invite 12 mentees by Mon 30 Nov for mentoring"


async def agreed(scene: Scene) -> Message:
    """Dana asked Bo, and he said yes."""
    await scene.slash(scene.dana, ASKS.format(scene.bo.mention))
    card = scene.card()
    await scene.presses(scene.bo, "Yes", card)
    return card


async def test_bo_hands_over_to_hui_and_it_stays_with_him_until_she_says_yes(
    started: Scene,
) -> None:
    card = await agreed(started)
    await started.presses(started.bo, "Hand over", card)
    await started.bo.picks("To whom?", "Hui")
    await started.sends(started.bo, **{"Why?": "our van is gone"})
    assert "@Bo (Northside Youth) agreed: invite 12 mentees" in started.reads(card)
    assert "asks @Hui (Harbor Women in Media) to take it over." in started.reads(card)
    assert "Until they say yes, it stays with @Bo." in started.reads(card)
    assert started.thread(card)[-1].endswith(
        "to take it over: invite 12 mentees by Mon, Nov 30. “our van is gone” "
        "@Hui, will you take it over?"
    )
    assert "That is for @Hui to say." in await started.presses(started.dana, "Take it over", card)
    await started.replies(started.hui, "yes, if somebody drives", card)
    assert started.thread(card)[-1].startswith("@Hui, I am not sure what that means for #1.")
    assert "invite 12 mentees" in await started.tells(started.hui, "waiting")

    await started.presses(started.hui, "Take it over", started.hui.dm()[-1])
    assert started.reads(card).startswith("@Hui (Harbor Women in Media) agreed: invite 12")
    assert "took it over" in started.thread(card)[-1]
    assert "That is for @Hui to say." in await started.presses(started.bo, "Done", card)
    await started.replies(started.hui, "done", card)
    assert started.reads(card).startswith("Done: @Hui")


@pytest.mark.parametrize("door", ["mention", "thread", "reply", "direct"])
async def test_a_partner_hands_over_by_words_and_the_next_person_may_say_no(
    started: Scene, door: str
) -> None:
    card = await agreed(started)
    to = started.amina.mention
    if door == "mention":
        await started.mentions(started.bo, f"hand over 1 to {to} because I am away")
    elif door == "thread":
        await started.mentions(started.bo, f"hand over to {to} because I am away", thread=card)
    elif door == "reply":
        await started.replies(started.bo, f"hand it over to {to} because I am away", card)
    else:
        await started.tells(started.bo, f"hand over 1 to {to} because I am away")
    assert "asks @Amina (Northside Youth) to take it over" in started.reads(card)
    assert "“I am away”" in started.thread(card)[-1]
    await started.replies(started.amina, "no, sorry", card)
    assert "cannot take it over. It stays with @Bo." in started.thread(card)[-1]
    assert "Done" in started.bo.button_labels(card)


async def test_done_is_done_until_who_asked_says_within_seven_days_what_is_missing(
    started: Scene,
) -> None:
    card = await agreed(started)
    await started.presses(started.bo, "Done", card)
    assert started.bo.button_labels(card) == ["Something is missing"]
    await started.waits(timedelta(days=6))
    await started.presses(started.priya, "Something is missing", card)
    await started.sends(started.priya, **{"What_is_missing?": "the list of names"})
    assert "@Bo (Northside Youth) agreed" in started.reads(card)
    assert started.thread(card)[-1] == (
        "@Priya (Acme) says that something is missing, so it is open again. "
        "“the list of names” @Bo, can you look at it again?"
    )
    await started.replies(started.bo, "done", card)
    await started.waits(timedelta(days=8))
    told = await started.slash(started.dana, "reopen 1: the chairs")
    assert "more than 7 days ago" in told
    assert started.reads(card).startswith("Done: ")


async def test_hui_opens_her_own_promise_again_by_a_reply(started: Scene) -> None:
    await started.mentions(started.hui, "commit bring the venue list by Friday")
    card = started.card()
    await started.replies(started.hui, "done", card)
    await started.replies(started.bo, "something is missing: two rooms", card)
    assert started.reads(card).startswith("Done: ")
    await started.replies(started.hui, "not done yet: two rooms are missing", card)
    assert "promised: bring the venue list" in started.reads(card)
    assert "Open again. Missing: two rooms are missing." in started.reads(card)
    assert (
        "opened it again: it is not done yet. “two rooms are missing”" in (started.thread(card)[-1])
    )


async def test_a_condition_stands_on_the_card_until_it_is_agreed_or_taken_back(
    started: Scene,
) -> None:
    await started.slash(started.dana, ASKS.format(started.bo.mention))
    card = started.card()
    await started.replies(started.bo, "yes, if travel is paid", card)
    assert "would say yes if travel is paid." in started.reads(card)
    await started.presses(started.bo, "Keep what was asked", card)
    assert "if travel is paid" not in started.reads(card)
    assert "Nothing counts until you agree." in started.reads(card)
    said = started.thread(card)[-1]
    assert said == "@Bo (Northside Youth) took the suggestion back. It stays as it was."
    await started.replies(started.bo, "yes, if lunch is paid", card)
    await started.presses(started.priya, "Agree", card)
    assert "agreed: invite 12 mentees by Mon, Nov 30, if lunch is paid." in started.reads(card)


async def test_a_drop_asks_who_does_not_own_it_for_the_reason(started: Scene) -> None:
    card = await agreed(started)
    told = await started.slash(started.dana, "drop 1")
    assert "Why?" in told
    assert "/partner drop 1 because" in told
    assert "agreed" in started.reads(card)
    await started.presses(started.dana, "Drop", card)
    await started.sends(started.dana, Because="the program is full")
    assert started.reads(card).startswith("Dropped: ")
    await started.mentions(started.hui, "commit bring the venue list by Friday")
    await started.mentions(started.hui, "drop 2")
    assert started.reads(started.card(2)).startswith(
        "Dropped: bring the venue list by Fri, Nov 20, promised by @Hui"
    )


async def test_words_date_and_label_change_by_mention_and_reply(started: Scene) -> None:
    await started.mentions(started.hui, "commit bring the venue list by Friday")
    card = started.card()
    await started.replies(started.hui, "change it to bring two venue lists by 27 Nov", card)
    assert "promised: bring two venue lists by Fri, Nov 27." in started.reads(card)
    await started.mentions(started.hui, "change 1 for outreach")
    assert "for outreach" in started.reads(card)
    assert "by Fri, Nov 27." in started.reads(card)


async def test_when_an_owner_leaves_who_asked_and_their_lead_are_told_and_have_a_way(
    started: Scene,
) -> None:
    await started.slash(started.dana, ASKS.format(started.amina.mention))
    card = started.card()
    await started.presses(started.amina, "Yes", card)
    await started.mentions(started.amina, "commit call the press by 4 Dec")
    await started.amina.leaves(CHANNEL)
    await started.settled()
    assert "@Amina is not in this channel any more." in started.reads(card)
    assert "Acme or the lead of Northside Youth can hand it over or drop it." in (
        started.reads(card)
    )
    assert started.thread(card)[-1] == (
        "@Amina is not in this channel any more. "
        "@Dana, you can hand it over to somebody else or drop it."
    )
    assert set(started.dana.button_labels(card)) == {"Hand over", "Drop"}
    refused = await started.presses(started.hui, "Drop", card)
    assert "Nothing has changed." in refused

    await started.presses(started.priya, "Hand over", card)
    await started.priya.picks("To whom?", "Bo")
    await started.sends(started.priya)
    await started.presses(started.bo, "Take it over", card)
    assert started.reads(card).startswith("@Bo (Northside Youth) agreed")
    assert "any more" not in started.reads(card)

    own = started.card(2)
    assert "The lead of Northside Youth can hand it over or drop it." in started.reads(own)
    await started.mentions(started.bo, f"hand over 2 to {started.bo.mention}")
    assert "took it over" in started.thread(own)[-1]
    assert "@Bo (Northside Youth)" in started.reads(own)


async def test_who_comes_back_finds_everything_as_it_was(started: Scene) -> None:
    await started.slash(started.dana, ASKS.format(started.amina.mention))
    card = started.card()
    await started.presses(started.amina, "Yes", card)
    await started.amina.leaves(CHANNEL)
    await started.settled()
    await started.amina.joins(CHANNEL)
    await started.settled()
    assert "any more" not in started.reads(card)
    await started.presses(started.amina, "Done", card)
    assert started.reads(card).startswith("Done: @Amina")


@pytest.mark.parametrize(
    ("answer", "knows"),
    [
        ("Only my colleague", {"bo", "amina"}),
        ("Everyone here", {"bo", "amina", "dana", "hui"}),
        ("Nobody yet", {"bo"}),
    ],
)
async def test_who_may_know_that_bo_is_stuck_keeps_to_it_everywhere(
    started: Scene, answer: str, knows: set[str]
) -> None:
    card = await agreed(started)
    await started.presses(started.bo, "I'm stuck", card)
    await started.bo.picks("Who may know?", answer)
    await started.sends(started.bo, **{"What_keeps_you_from_it?": "no venue"})
    everyone = answer == "Everyone here"
    assert ("no venue" in started.reads(card)) == everyone
    assert any("no venue" in said for said in started.thread(card)) == everyone
    for name in ("bo", "amina", "dana", "hui"):
        person = started.person(name)
        shown = await started.mentions(person, "show 1")
        assert ("no venue" in shown) == (name in knows), name
        listed = await started.mentions(person, "list")
        assert ("at risk" in listed) == (name in knows), name
    await started.waits(timedelta(days=11))
    public = started.said() + "".join(
        line for post in started.posts() for line in started.thread(post)
    )
    assert ("no venue" in public) == everyone


async def test_the_summary_does_not_call_done_what_was_opened_again(started: Scene) -> None:
    card = await agreed(started)
    await started.waits(timedelta(days=8, hours=1))
    prompt = started.post("Check-in for")
    await started.presses(started.bo, "Done", card)
    await started.replies(started.bo, "Four schools have answered.", prompt)
    await started.presses(started.dana, "Something is missing", card)
    await started.sends(started.dana, **{"What_is_missing?": "the list"})
    await started.waits(timedelta(days=3))
    (summary,) = [said for said in started.thread(prompt) if "What was said" in said]
    assert "open again" in summary
    assert "done" not in summary


async def test_handing_over_and_taking_over_can_be_taken_back(started: Scene) -> None:
    card = await agreed(started)
    await started.mentions(started.bo, f"hand over 1 to {started.hui.mention}")
    await started.replies(started.hui, "yes", card)
    assert started.reads(card).startswith("@Hui (Harbor Women in Media) agreed")
    await started.tells(started.hui, "undo 1")
    assert "Until they say yes, it stays with @Bo." in started.reads(card)
    await started.tells(started.bo, "undo 1")
    assert started.reads(card).startswith("@Bo (Northside Youth) agreed: invite 12 mentees")
    assert "take it over" not in started.reads(card)
    await started.presses(started.bo, "Done", card)
    assert started.reads(card).startswith("Done: @Bo")
