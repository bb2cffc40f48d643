"""What belongs to a channel is answered in private too, where only one can be meant."""

import pytest

from tests.fixtures.scene import Scene


@pytest.mark.parametrize("who", ["dana", "bo", "hui"])
async def test_who_shares_one_channel_need_not_go_there_to_look(started: Scene, who: str) -> None:
    person = started.person(who)
    await started.mentions(started.bo, "commit bring the venue list by 27 Nov")
    before = started.said()
    assert "bring the venue list" in await started.tells(person, "list")
    answer = await started.tells(person, "our organization")
    assert person.words(person.dm()[-1]) == answer
    assert "Lead:" in answer or "lead" in answer
    assert "OK" in await started.tells(person, "history")
    assert started.said() == before


async def test_who_has_left_is_not_told_of_the_channel(started: Scene) -> None:
    await started.mentions(started.bo, "commit bring the venue list by 27 Nov")
    channel = started.sandbox.world.find_channel("mentoring-partners")
    channel.members.remove(started.dana.id)  # Slack has not told the bot
    directory = started.bot.house.directory
    directory.forget_channel(directory.installations()[0], channel.id)
    answer = await started.tells(started.dana, "list")
    assert "bring the venue list" not in answer
    assert "Go to that channel and say it there." in answer
