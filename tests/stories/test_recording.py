"""Recording what somebody wrote: the menu of a message, a memo put on one, a direct message."""

import pytest

from bot.sandbox import Message
from bot.sandbox.errors import NotShownError
from tests.fixtures.scene import CHANNEL, Scene

SHORTCUT = "recording.record"


async def wrote(scene: Scene, words: str) -> Message:
    """Bo says something in the channel that is not for the bot."""
    ts = await scene.bo.says(words, channel=CHANNEL)
    await scene.settled()
    return next(each for each in scene.dana.messages(CHANNEL) if each.ts == ts)


async def turned_on(scene: Scene) -> None:
    """Bo suggests that a memo offers recording, and the others say OK to that."""
    await scene.presses(scene.bo, "Set up", scene.posts()[0])
    await scene.sends(scene.bo, **{"Recording_by_a_:memo:_reaction_on_a_message": "On"})
    for person in (scene.dana, scene.hui):
        note = next(
            each
            for each in scene.dana.messages(CHANNEL, thread=scene.posts()[0])
            if "partnership.change_ok" in str(each.blocks)
        )
        await scene.presses(person, "OK for our organization", note)


def words_in_form(scene: Scene, name: str) -> str:
    modal = scene.person(name).modal
    assert modal is not None
    (field,) = [block for block in modal.blocks if block.get("block_id") == "commitment.what"]
    return str(field["element"].get("initial_value", ""))


async def test_dana_records_a_message_of_bos_as_what_he_could_promise(started: Scene) -> None:
    message = await wrote(started, "I could ask the library & the school for a room")
    await started.dana.chooses_shortcut(SHORTCUT, message)
    await started.settled()
    assert words_in_form(started, "dana") == "I could ask the library & the school for a room"
    told = await started.sends(
        started.dana, **{"By_when?": "2026-12-04", "What?": "ask for a room"}
    )
    assert "#1: @Dana (Acme) asks @Bo (Northside Youth): could you ask for a room" in told
    assert "Undo" in started.dana.reads(channel=CHANNEL)
    card = started.card()
    assert "Nothing counts until you agree." in started.reads(card)
    (note,) = started.thread(card)
    assert note.startswith("This was written down from <https:")


async def test_partners_and_guests_have_no_such_menu_and_do_it_with_a_memo(started: Scene) -> None:
    message = await wrote(started, "Somebody should bring the venue list")
    for person in (started.bo, started.hui):
        if person is started.bo:
            with pytest.raises(NotShownError):
                await person.chooses_shortcut(SHORTCUT, message)
    await turned_on(started)
    await started.hui.reacts(message, "memo", channel=CHANNEL)
    await started.settled()
    offer = started.hui.dm()[-1]
    assert "Record this as your commitment?" in started.hui.words(offer)
    assert "venue list" not in started.hui.words(offer)
    await started.presses(started.hui, "Yes", offer)
    assert words_in_form(started, "hui") == "Somebody should bring the venue list"
    told = await started.sends(
        started.hui, **{"By_when?": "2026-12-04", "What?": "bring the venue list"}
    )
    assert "#1: @Hui (Harbor Women in Media) promised: bring the venue list" in told
    assert "Record this" not in "".join(started.hui.words(each) for each in started.hui.dm())
    assert "promised" in started.reads(started.card())
    assert len(started.thread(started.card())) == 1


async def test_a_memo_is_off_until_the_partnership_turns_it_on(started: Scene) -> None:
    message = await wrote(started, "Somebody should bring the venue list")
    before = len(started.written())
    await started.bo.reacts(message, "memo", channel=CHANNEL)
    await started.settled()
    assert len(started.written()) == before
    await turned_on(started)
    before = len(started.written())
    await started.amina.reacts(message, "eyes", channel=CHANNEL)
    await started.settled()
    assert len(started.written()) == before
    await started.amina.reacts(message, "memo", channel=CHANNEL)
    await started.settled()
    assert len(started.written()) == before + 1


async def test_not_now_leaves_nothing_behind(started: Scene) -> None:
    await turned_on(started)
    message = await wrote(started, "Somebody should bring the venue list")
    await started.bo.reacts(message, "memo", channel=CHANNEL)
    await started.settled()
    told = await started.presses(started.bo, "Not now", started.bo.dm()[-1])
    assert told == "All right. I kept nothing of that message."
    assert not [post for post in started.posts() if "#1" in started.dana.words(post)]


async def test_in_a_direct_message_the_only_channel_is_taken(started: Scene) -> None:
    for person, number in ((started.dana, 1), (started.bo, 2), (started.hui, 3)):
        told = await started.tells(person, "commit send the minutes by 4 Dec")
        assert f"#{number}: @{person.user.name}" in told
        assert "send the minutes" in started.reads(started.card(number))
    await started.tells(started.bo, "commit @Hui book a room by 4 Dec")
    assert "@Bo (Northside Youth) asks @Hui" in started.reads(started.card(4))


@pytest.mark.parametrize("gone", [False, True])
async def test_where_slack_is_slow_the_form_opens_first_and_is_filled_then(
    started: Scene, monkeypatch: pytest.MonkeyPatch, gone: bool
) -> None:
    await turned_on(started)
    message = await wrote(started, "Somebody should bring the venue list")
    await started.hui.reacts(message, "memo", channel=CHANNEL)
    await started.settled()
    if gone:
        started.expected_refusals.add(("conversations.replies", "thread_not_found"))
        await started.bo.deletes(message.ts, channel=CHANNEL)
        await started.settled()
    monkeypatch.setattr("handlers.answer.FORM_SECONDS", 0)
    await started.presses(started.hui, "Yes", started.hui.dm()[-1])
    await started.bot.house.settle()
    await started.settled()
    modal = started.hui.modal
    assert modal is not None
    if gone:
        assert "That message is gone" in str(modal.blocks)
        return
    assert words_in_form(started, "hui") == "Somebody should bring the venue list"
    told = await started.sends(
        started.hui, **{"By_when?": "2026-12-04", "What?": "bring the venue list"}
    )
    assert "#1: @Hui (Harbor Women in Media) promised: bring the venue list" in told
