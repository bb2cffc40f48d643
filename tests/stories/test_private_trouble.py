"""Who is stuck and keeps it to themselves: no answer to anybody else tells of it, at any door."""

import pytest

from bot.sandbox import Message, Person
from tests.fixtures.scene import Scene
from tests.stories.test_commitment_life import agreed


async def troubled(scene: Scene) -> Message:
    """The card of what Bo agreed to and is stuck with, which nobody else knows."""
    card = await agreed(scene)
    await scene.tells(scene.bo, "stuck 1: I am ill")
    await scene.presses(scene.bo, "Nobody yet", scene.bo.dm()[-1])
    return card


def told(scene: Scene) -> list[str]:
    """All that others than Bo can read, and could not before they asked."""
    return [
        words
        for each in scene.written()
        if not each.channel.startswith("D") and each.ephemeral_to in {None, "", scene.dana.id}
        for words in (scene.dana.words(each),)
    ]


def assert_kept(scene: Scene, *answers: str) -> None:
    for words in (*told(scene), *answers, *(scene.dana.words(each) for each in scene.dana.dm())):
        assert "at risk" not in words
        assert "ill" not in words.split()


@pytest.mark.parametrize("words", ["another 1 by 4 Dec", "drop 1 because it rains", "undo 1"])
@pytest.mark.parametrize("door", ["command", "mention", "direct", "reply"])
async def test_what_the_other_side_does_by_words_tells_nothing_of_it(
    started: Scene, words: str, door: str
) -> None:
    card = await troubled(started)
    if words == "undo 1":
        await started.replies(started.dana, "move it to 4 Dec", card)
    said = await by(started, started.dana, door, words, card)
    assert_kept(started, said)


@pytest.mark.parametrize("label", ["Change", "Undo"])
async def test_what_the_other_side_presses_tells_nothing_of_it(started: Scene, label: str) -> None:
    await troubled(started)
    said = await started.slash(started.dana, "another 1 by 4 Dec")
    said += await started.presses(started.dana, label)
    if label == "Change":
        said += await started.sends(started.dana, **{"By_when?": "2026-12-07"})
    assert_kept(started, said)


@pytest.mark.parametrize("label", ["Change", "Undo"])
async def test_what_its_owner_does_before_everybody_tells_nothing_of_it(
    started: Scene, label: str
) -> None:
    await troubled(started)
    await started.mentions(started.bo, "another 1 by 4 Dec")
    (receipt,) = [
        each
        for each in started.written()
        if each.is_reply and not each.ephemeral_to and "Undo" in str(each.blocks)
    ]
    await started.presses(started.bo, label, receipt)
    if label == "Change":
        await started.sends(started.bo, **{"By_when?": "2026-12-07"})
    assert_kept(started)


async def test_its_owner_reads_it_in_their_own_answers(started: Scene) -> None:
    await troubled(started)
    said = await started.tells(started.bo, "another 1 by 4 Dec")
    assert "It is at risk, and only you see it." in said
    said = await started.tells(started.bo, "undo 1")
    assert "It is at risk, and only you see it." in said


async def by(scene: Scene, person: Person, door: str, words: str, card: Message) -> str:
    """The same words at each door."""
    if door == "command":
        return await scene.slash(person, words)
    if door == "mention":
        return await scene.mentions(person, words)
    if door == "direct":
        return await scene.tells(person, words)
    return await scene.replies(person, words.replace(" 1", ""), card)
