"""Words and buttons in places where they cannot work, and people who may not use them."""

import pytest

from bot.sandbox import Message
from tests.bad_input.refusals import by, refused
from tests.fixtures.scene import OK, Scene

FORMS = ("Yes, if…", "Another date", "No")


async def asked(scene: Scene) -> Message:
    await scene.slash(scene.dana, "commit @Bo call the press by 4 Dec")
    return scene.card()


async def test_12_a_button_pressed_twice_counts_once(begun: Scene) -> None:
    card = await asked(begun)
    told = await begun.presses(begun.bo, "Yes", card, twice=True)
    assert told.count("#1: @Bo (Northside Youth) agreed") == 2  # the same receipt
    assert len(begun.thread(card)) == 1
    await begun.presses(begun.bo, "Done", card, twice=True)
    assert len(begun.thread(card)) == 2
    told = await begun.presses(begun.dana, OK, twice=True)
    assert "You have said OK for your organization already." in told
    await begun.presses(begun.bo, "Not now", begun.posts()[0], twice=True)
    assert begun.said().count("Acme: OK by @Dana") == 1


async def test_12_a_quick_answer_and_a_confirmation_too(begun: Scene) -> None:
    await begun.mentions(begun.hui, "commit book a room by 20 Nov")
    await begun.mentions(begun.bo, "checkin now")
    prompt = begun.post("Check-in for")
    await begun.mentions(begun.bo, "commit call the press by 20 Nov")
    await begun.presses(begun.hui, "On track", prompt)
    await begun.replies(begun.bo, "#2 done", prompt)
    await begun.presses(begun.bo, "Yes, it is done", twice=True)
    assert len(begun.thread(begun.card(2))) == 1
    await begun.replies(begun.bo, "#2 done", prompt)  # said again, it is not asked again
    assert len(begun.thread(prompt)) == 1


async def test_12_done_beside_a_commitment_counts_once(begun: Scene) -> None:
    await begun.mentions(begun.hui, "commit book a room by 20 Nov")
    await begun.mentions(begun.bo, "checkin now")
    prompt = begun.post("Check-in for")
    press = begun.presses(begun.hui, "Done", prompt)
    await press
    sent = [each for each in begun.sandbox.attempts if each.kind == "interactive"][-1]
    for _ in range(2):  # as if it had been pressed before the prompt showed it
        again = {**sent.payload, "trigger_id": sent.payload["trigger_id"] + "1"}
        assert (await begun.sandbox.deliver("interactive", again)).ok
    await begun.settled()
    assert len(begun.thread(begun.card())) == 1


async def test_12_a_form_sent_twice_counts_once(begun: Scene) -> None:
    card = await asked(begun)
    await begun.presses(begun.bo, "Yes, if…", card)
    await begun.sends(begun.bo, **{"If_what?": "travel is paid"})
    sent = [each for each in begun.sandbox.attempts if each.kind == "interactive"][-1]
    ack = await begun.sandbox.deliver("interactive", sent.payload)
    await begun.settled()
    assert ack.ok
    assert len(begun.thread(card)) == 1


async def test_13_the_wrong_person_hears_privately_who_can(begun: Scene) -> None:
    card = await asked(begun)
    for person in (begun.hui, begun.amina, begun.dana):
        for label in ("Yes", *FORMS[::2]):
            told = await refused(begun, begun.presses(person, label, card))
            assert "That is for @Bo to say. Nothing has changed." in told
            assert not person.has_modal()
    told = await refused(begun, begun.mentions(begun.hui, "yes 1"))
    assert "That is for @Bo to say." in told
    told = await refused(begun, begun.tells(begun.hui, "done 1"))
    assert "There is no #1 that concerns you." in told
    told = await refused(begun, begun.slash(begun.priya, "stuck 1: rain"))
    assert "Bo" in told


async def test_13_in_check_ins_and_their_questions_too(begun: Scene) -> None:
    await begun.mentions(begun.bo, "commit call the press by 20 Nov")
    await begun.mentions(begun.bo, "checkin now")
    prompt = begun.post("Check-in for")
    for label in ("Done", "On track", "I'm stuck"):
        assert "@Bo" in await refused(begun, begun.presses(begun.hui, label, prompt))
    await begun.replies(begun.bo, "done", prompt)
    for label in ("Yes, it is done", "Not yet"):
        told = await refused(begun, begun.presses(begun.hui, label))
        assert "Only @Bo can answer this." in told
    told = await begun.replies(begun.hui, "#1 done", prompt)
    assert "Your reply is kept as you wrote it." in told


async def test_13_who_left_the_channel_can_use_nothing_of_it(begun: Scene) -> None:
    card = await asked(begun)
    await begun.tells(begun.bo, "waiting")
    waiting = begun.bo.dm()[-1]
    await begun.presses(begun.bo, "Yes, if…", card)
    await begun.bo.leaves(begun.channel)
    await begun.settled()
    for label in ("Yes", "No"):
        told = await _told_outside(begun, label, waiting)
        assert "channel" in told
    assert begun.reads(card).count("waits for the answer of @Bo") == 1


async def _told_outside(scene: Scene, label: str, on: Message) -> str:
    before = [each.ts for each in scene.bo.dm()]
    await scene.bo.closes() if scene.bo.has_modal() else None
    await scene.bo.clicks(label, message=on)
    await scene.settled()
    new = [each for each in scene.bo.dm() if each.ts not in before]
    return "\n".join(scene.bo.words(each) for each in new)


async def test_14_an_old_button_says_how_it_stands_now(begun: Scene) -> None:
    await asked(begun)
    await begun.tells(begun.bo, "waiting")
    old = begun.bo.dm()[-1]
    await begun.slash(begun.dana, "another 1 by 7 Dec")
    for label in ("Yes", "Another date", "No"):
        told = await refused(begun, begun.presses(begun.bo, label, old))
        assert "This has changed since that message. #1 waits" in told
    await begun.slash(begun.dana, "drop 1 because it is settled")
    for label in ("Yes", "Another date", "No"):
        assert "#1 was dropped." in await refused(begun, begun.presses(begun.bo, label, old))


OLD = (
    ("commitment.nod", "1:1"),
    ("", "1:1"),
    ("commitment.yes", ""),
    ("commitment.yes", "x"),
    ("commitment.yes", "1:x"),
    ("commitment.yes", "999:1"),
    ("commitment.yes", "-1:1"),
    ("commitment.yes", "１:1"),
    ("commitment.yes", "99999999999999999999:1"),
    ("commitment.another_date", "999:1"),
    ("commitment.stuck", ":"),
    ("commitment.show", "1e9"),
    ("commitment.list", "C0NOWHERE0"),
    ("commitment.list", "D0NOWHERE0"),
    ("commitment.new", "C0NOWHERE0"),
    ("commitment.later", "C0NOWHERE0:20"),
    ("commitment.later", ""),
    ("commitment.later", "C0MENTORIN:x"),
    ("commitment.tell_everyone", "7"),
    ("checkin.done", "1"),
    ("checkin.done", "9:9"),
    ("checkin.yes", "9:9"),
    ("checkin.yes", "x:y"),
    ("checkin.not_yet", ""),
    ("checkin.not_yet", "999"),
    ("digest.all", "9:9"),
    ("digest.all", "1:999"),
    ("digest.all", ""),
    ("digest.preview", "999"),
    ("digest.internal", "999"),
    ("digest.internal", ""),
    ("shares.post", "999"),
    ("shares.keep", ""),
    ("schedule.questions", "999"),
    ("schedule.pause", "checkin"),
    ("schedule.pause", "nothing:1"),
    ("schedule.pause_two", "checkin:1"),
    ("schedule.pause_two", "checkin:1:x"),
    ("schedule.skip", "checkin:999"),
    ("schedule.unskip", "digest:1"),
    ("schedule.resume", "checkin:1"),
    ("schedule.ask_now", ""),
    ("partnership.ok", "999"),
    ("partnership.ask", "x"),
    ("partnership.set_up", "999"),
    ("partnership.object", "999"),
    ("partnership.object", "x"),
    ("partnership.start_without", "1"),
    ("partnership.with", "999"),
    ("partnership.with_this", "1:999"),
    ("partnership.with_this", "1"),
    ("partnership.with_new", ""),
    ("partnership.joining_yes", "999"),
    ("partnership.joining_no", ""),
)
"""Ids and values as a button of another version, or somebody who forges one, may bring them."""


async def test_14_so_does_one_of_another_version_whatever_it_holds(begun: Scene) -> None:
    card = await asked(begun)
    begun.expected_refusals |= {
        ("conversations.members", "channel_not_found"),
        ("conversations.info", "channel_not_found"),
    }
    channel = begun.sandbox.world.find_channel(begun.channel)
    found = begun.sandbox.slack.find_message(channel, card.ts, begun.bo.user)
    assert found is not None
    (row,) = [block for block in found.blocks if block["type"] == "actions"]
    for action, value in OLD:
        row["elements"][0].update(action_id=action, value=value)
        told = await refused(begun, begun.presses(begun.bo, "Yes", card))
        assert "reference" not in told, (action, value)


async def test_15_where_the_bot_is_not_it_says_how_to_invite_it(scene: Scene) -> None:
    scene.expected_refusals |= {
        ("conversations.members", "channel_not_found"),
        ("conversations.info", "channel_not_found"),
    }
    for words in ("commit call by 4 Dec", "list", "setup mentoring", "checkin now", "join"):
        told = await refused(scene, scene.slash(scene.dana, words, channel="acme-dei"))
        assert "nvite me" in told
        assert f"```/partner {words}```" in told


async def test_15_after_its_removal_words_and_buttons_say_so(begun: Scene) -> None:
    card = await asked(begun)
    await begun.dana.removes_app(begun.channel)
    await begun.settled()
    for label in ("Yes", *FORMS):
        assert "ended" in await _told_by(begun, label, card)
    assert "ended" in await _told_by(begun, OK, begun.posts()[0])
    for words in ("commit call by 4 Dec", "yes 1", "list", "digest preview"):
        told = await refused(begun, begun.slash(begun.dana, words))
        assert "nvite me" in told


async def _told_by(scene: Scene, label: str, on: Message) -> str:
    try:
        return await refused(scene, scene.presses(scene.bo, label, on))
    except Exception as missing:  # the button went with the partnership
        if "sees nothing called" in str(missing):
            return "ended"
        raise


@pytest.mark.parametrize("door", ["direct", "command"])
async def test_16_what_needs_a_channel_says_where_to_go(begun: Scene, door: str) -> None:
    for words in (
        "setup mentoring",
        "checkin now",
        "checkin pause",
        "digest skip",
        "join",
        "with Harbor Women in Media",
    ):
        if door == "direct":
            told = await refused(begun, begun.tells(begun.bo, words))
        else:
            told = await refused(
                begun, begun._told(begun.dana, begun.dana.slash(f"/partner {words}"))
            )
        assert "channel" in told
        assert words in told


async def test_16_who_shares_no_channel_with_the_bot_is_shown_none(begun: Scene) -> None:
    await begun.slash(begun.dana, "commit call the press by 4 Dec")
    outsider = begun.person("omar")
    for words in ("list", "history", "our organization"):
        told = await refused(begun, begun.tells(outsider, words))
        assert "Go to that channel and say it there." in told
        assert words in told
        assert "press" not in told


async def test_who_has_not_said_whom_they_are_with_loses_no_word(scene: Scene) -> None:
    await scene.dana.invites_app(scene.channel)
    await scene.settled()
    told = await refused(scene, by(scene, "mention", "commit book a room by 4 Dec", scene.hui))
    assert "which organization you are with" in told
    assert "commit book a room by 4 Dec" in told
