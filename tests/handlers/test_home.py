"""App Home over the wire."""

from bot.demo import CHANNEL
from tests.handlers.story import Story


async def test_home_shows_what_waits_what_one_owns_and_where(story: Story) -> None:
    await story.begins()
    await story.says(story.dana, "commit find 6 mentors by 11 Dec")
    await story.says(story.dana, "setup mentoring")
    await story.dana.opens_home()
    await story.settled()
    await story.sandbox.until(lambda: story.dana.home is not None)
    said = story.dana.reads()
    assert "find 6 mentors" in said
    assert "Nothing waits for your answer." in said
    assert "Not started: waiting for the OK of Acme and Northside Youth." in said


async def test_ok_can_be_said_from_home(story: Story) -> None:
    await story.begins()
    await story.dana.opens_home()
    await story.settled()
    await story.sandbox.until(lambda: story.dana.home is not None)
    await story.dana.clicks("OK for our organization")
    await story.settled()
    assert "Acme: OK by @Dana" in story.welcome()
    assert CHANNEL in story.dana.reads()


async def test_home_of_somebody_new_says_how_to_begin(story: Story) -> None:
    await story.priya.opens_home()
    await story.settled()
    await story.sandbox.until(lambda: story.priya.home is not None)
    assert "I am in no channel with you yet." in story.priya.reads()


async def test_home_shows_nothing_of_a_channel_that_one_is_not_in_any_more(story: Story) -> None:
    await story.begins()
    await story.says(story.bo, "commit @Dana invite 12 mentees by 30 Nov")
    await story.says(story.dana, "commit find 6 mentors by 11 Dec")
    await story.dana.opens_home()
    await story.settled()
    assert "invite 12 mentees, by Mon, Nov 30" in story.dana.reads()
    assert "Asked by @Bo" in story.dana.reads()
    channel = story.sandbox.world.find_channel(CHANNEL)
    channel.members.remove(story.dana.id)  # Slack has not told the bot
    directory = story.bot.house.directory
    directory.forget_channel(directory.installations()[0], channel.id)
    await story.dana.opens_home()
    await story.settled()
    assert "I am in no channel with you yet." in story.dana.reads()
    assert "invite 12 mentees" not in story.dana.reads()
    assert "find 6 mentors" not in story.dana.reads()


async def test_settings_are_changed_in_home_which_then_shows_them(story: Story) -> None:
    await story.begins()
    await story.dana.opens_home()
    await story.settled()
    assert "I write to you unasked from 09:00 to 17:00" in story.dana.reads()
    await story.dana.clicks("Pause for me")
    await story.dana.submits()
    await story.settled()
    assert "All reminders rest until you resume them." in story.dana.reads()
    await story.dana.clicks("Resume")
    await story.settled()
    assert "rest until" not in story.dana.reads()
    await story.dana.clicks("preference.change")
    await story.dana.picks("until", "12:00")
    await story.dana.submits()
    await story.settled()
    assert "I write to you unasked from 09:00 to 12:00" in story.dana.reads()
    assert [each for each in story.dana.dm() if each.bot_id] == []
