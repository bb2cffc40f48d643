"""Help, and the likeliest next things, by every door."""

import pytest

from bot.demo import CHANNEL
from tests.handlers.story import Story


async def test_by_the_command_help_is_written_with_its_name(story: Story) -> None:
    await story.begins()
    reply = await story.dana.slash("/partner help", channel=CHANNEL)
    assert "`/partner commit [@SOMEONE] WHAT by DATE [for PROGRAM]`" in str(reply.blocks)


async def test_a_partner_is_helped_without_a_slash_command(story: Story) -> None:
    await story.begins()
    told = await story.says(story.bo, "help")
    assert "`commit [@SOMEONE] WHAT by DATE [for PROGRAM]`" in told
    assert "/partner" not in told


async def test_who_mentions_me_learns_alone_that_the_answer_is_in_their_direct_messages(
    story: Story,
) -> None:
    await story.begins()
    await story.says(story.bo, "mine")
    (line,) = story.bo.ephemerals(CHANNEL)
    assert story.bo.words(line) == "I answered you in a direct message."
    assert "You have nothing open." in story.bo.words(story.bo.dm()[-1])
    assert story.dana.ephemerals(CHANNEL) == []


async def test_a_mention_that_is_answered_in_the_thread_has_no_such_line(story: Story) -> None:
    await story.starts()
    before = len(story.bo.ephemerals(CHANNEL))
    await story.says(story.bo, "commit bring the venue list by friday")
    assert len(story.bo.ephemerals(CHANNEL)) == before


async def test_help_for_one_word_gives_an_example(story: Story) -> None:
    await story.begins()
    told = await story.says(story.hui, "help commit")
    assert "For example: `commit @bo invite 12 mentees by 30 Nov for mentoring`" in told


async def test_in_a_direct_message_help_says_what_needs_a_channel(story: Story) -> None:
    await story.begins()
    await story.bo.tells_app("help checkin")
    await story.settled()
    assert "go to the one that you share" in story.bo.words(story.bo.dm()[-1])


async def test_1_an_unknown_word_gets_the_closest_one(story: Story) -> None:
    await story.begins()
    assert "Did you mean “commit”?" in await story.says(story.bo, "comit invite mentees by friday")


async def test_the_command_alone_offers_the_likeliest_next_things(story: Story) -> None:
    await story.begins()
    reply = await story.dana.slash("/partner", channel=CHANNEL)
    assert "What would you like to do?" in reply.text
    for label in ("OK for our organization", "Set up", "Record a commitment", "Help"):
        assert label in str(reply.blocks)


async def test_a_mention_without_words_offers_them_too_and_they_work(story: Story) -> None:
    await story.begins()
    told = await story.says(story.bo, "")
    assert "What would you like to do?" in told
    await story.bo.clicks("OK for our organization", message=story.bo.dm()[-1])
    await story.settled()
    assert "Northside Youth: OK by @Bo" in story.welcome()
    assert story.bo.button_labels(story.bo.dm()[-2]) == [], "what was used is a line of text"
    await story.says(story.bo, "")
    await story.bo.clicks("Help", message=story.bo.dm()[-1])
    await story.settled()
    assert any("mention me and then write" in story.bo.words(each) for each in story.bo.messages())


async def test_a_guest_is_offered_to_say_their_organization(story: Story) -> None:
    await story.begins()
    await story.says(story.hui, "")
    labels = story.hui.button_labels(story.hui.dm()[-1])
    assert "Say which organization" in labels
    assert "OK for our organization" not in labels


@pytest.mark.parametrize("words", ["", "help"], ids=["nothing", "help"])
async def test_15_without_an_invitation_even_nothing_is_answered(story: Story, words: str) -> None:
    reply = await story.dana.slash(f"/partner {words}", channel="acme-dei")
    said = reply.text
    assert ("Invite me to this channel first" in said) if not words else ("/partner" in said)
