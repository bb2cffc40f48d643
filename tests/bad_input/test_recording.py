"""Bad input by the newer doors: the menu of a message, a memo, a direct message, taking back."""

from datetime import timedelta

import pytest

from bot.domain.partnerships import Setting
from bot.sandbox import Message, Person
from storage.store import Store
from tests.bad_input.refusals import refused, stored_what, written
from tests.fixtures.scene import CHANNEL, Scene

SHORTCUT = "recording.record"
OTHER = "acme-dei"


async def wrote(scene: Scene, words: str, *, who: Person | None = None) -> Message:
    """Somebody says something in the channel that is not for the bot."""
    ts = await (who or scene.bo).says(words, channel=CHANNEL)
    await scene.settled()
    return next(each for each in scene.dana.messages(CHANNEL) if each.ts == ts)


async def chooses(scene: Scene, message: Message, who: Person | None = None) -> str:
    """Choose *Record as commitment* in the menu of a message."""
    person = who or scene.dana
    return await scene._told(person, person.chooses_shortcut(SHORTCUT, message))


async def turned_on(scene: Scene) -> None:
    def turn_on(store: Store) -> None:
        (partnership,) = store.partnerships.live()
        now = scene.calendar.now()
        store.settings.set(
            partnership.id, Setting.REACTION, True, set_by=None, begins_at=now, now=now
        )

    await scene.bot.house.db.run(turn_on)


async def memo(scene: Scene, person: Person, message: Message) -> Message:
    """Put a memo on a message; the private offer that comes of it."""
    await person.reacts(message, "memo", channel=CHANNEL)
    await scene.settled()
    return person.dm()[-1]


# The menu of a message


async def test_02_words_and_date_are_asked_for_beside_their_fields(begun: Scene) -> None:
    await chooses(begun, await wrote(begun, "a room would be good"))
    told = await refused(begun, begun.sends(begun.dana, **{"What?": "\u2060"}))
    assert "Please say what is to be done" in told
    assert "Please choose a day, or tick “No date yet”." in told
    told = await refused(begun, begun.sends(begun.dana, **{"By_when?": "2026-11-02"}))
    assert "That day is past." in told


async def test_03_who_left_while_the_form_was_open_is_not_asked(begun: Scene) -> None:
    await chooses(begun, await wrote(begun, "a room would be good"))
    await begun.bo.leaves(CHANNEL)
    await begun.settled()
    told = await refused(begun, begun.sends(begun.dana, **{"Who?": "Bo", "By_when?": "2026-12-04"}))
    assert "is not in this channel" in told


@pytest.mark.parametrize(
    "words", ["x " * 4000, "é" * 3500, "👩‍👩‍👧‍👦" * 700], ids=["long", "é", "family"]
)
async def test_06_a_long_message_is_cut_to_what_a_field_holds(begun: Scene, words: str) -> None:
    message = await wrote(begun, words[:11000])
    await chooses(begun, message)
    modal = begun.dana.modal
    assert modal is not None
    (field,) = [each for each in modal.blocks if each.get("block_id") == "commitment.what"]
    shown = field["element"]["initial_value"]
    assert len(shown.encode("utf-16-le")) // 2 <= 3000
    assert shown.endswith("…")


async def test_07_a_message_without_words_opens_an_empty_form(begun: Scene) -> None:
    message = await wrote(begun, ":tada:")
    message.text = ""  # as of one that is only a picture
    await chooses(begun, message)
    modal = begun.dana.modal
    assert modal is not None
    (field,) = [each for each in modal.blocks if each.get("block_id") == "commitment.what"]
    assert "initial_value" not in field["element"]


async def test_09_mentions_and_links_in_it_call_nobody(begun: Scene) -> None:
    message = await wrote(begun, "@Hui please read https://example.org & tell @Dana <b>")
    await chooses(begun, message)
    await begun.sends(begun.dana, **{"By_when?": "2026-12-04"})
    assert await stored_what(begun) == "@Hui please read https://example.org & tell @Dana <b>"
    begun.card()  # what was posted is looked through after the test


async def test_12_the_form_sent_twice_counts_once(begun: Scene) -> None:
    await chooses(begun, await wrote(begun, "a room would be good"))
    await begun.sends(begun.dana, **{"By_when?": "2026-12-04"})
    kept = await written(begun)
    sent = [each for each in begun.sandbox.attempts if each.kind == "interactive"][-1]
    assert (await begun.sandbox.deliver("interactive", sent.payload)).ok
    await begun.settled()
    assert await written(begun) == kept
    assert len(begun.thread(begun.card())) == 1


async def test_13_a_message_of_the_bots_own_is_not_recorded(begun: Scene) -> None:
    told = await refused(begun, chooses(begun, begun.posts()[0]))
    assert told.startswith("This is my own message. Use the buttons on it")
    assert not begun.dana.has_modal()


async def test_13_one_of_another_bot_is_like_anybodys(begun: Scene) -> None:
    message = await wrote(begun, "Deployed. Somebody should look at the form.")
    message.user, message.bot_id = begun.sandbox.world.find_user("ticker").id, "B0TICKER"
    await chooses(begun, message)
    assert begun.dana.has_modal()


async def test_15_in_a_channel_without_the_bot_it_says_how_to_invite_it(begun: Scene) -> None:
    ts = await begun.dana.says("we should book a room", channel=OTHER)
    message = next(each for each in begun.dana.messages(OTHER) if each.ts == ts)
    begun.expected_refusals |= {
        ("conversations.members", "channel_not_found"),
        ("conversations.info", "channel_not_found"),
        ("conversations.info", "not_in_channel"),
    }
    told = await refused(begun, chooses(begun, message))
    assert "nvite me" in told
    assert not begun.dana.has_modal()


async def test_16_in_a_direct_message_it_says_where_to_go(begun: Scene) -> None:
    await begun.tells(begun.dana, "help")
    message = next(each for each in begun.dana.dm() if not each.bot_id)
    told = await refused(begun, chooses(begun, message))
    assert "This belongs to a channel" in told


async def test_19_the_form_sent_after_the_bot_was_removed_keeps_nothing(begun: Scene) -> None:
    await chooses(begun, await wrote(begun, "a room would be good"))
    await begun.dana.removes_app(CHANNEL)
    await begun.settled()
    begun.expected_refusals |= {
        ("conversations.members", "channel_not_found"),
        ("conversations.members", "not_in_channel"),
    }
    told = await refused(begun, begun.sends(begun.dana, **{"By_when?": "2026-12-04"}))
    assert "nvite me" in told


async def test_20_a_message_deleted_meanwhile_is_recorded_without_a_link(begun: Scene) -> None:
    message = await wrote(begun, "a room would be good")
    await chooses(begun, message)
    await begun.bo.deletes(message, channel=CHANNEL)
    await begun.settled()
    begun.expected_refusals.add(("chat.getPermalink", "message_not_found"))
    await begun.sends(begun.dana, **{"By_when?": "2026-12-04"})
    assert "a room would be good" in begun.reads(begun.card())
    assert begun.thread(begun.card()) == []


# A memo


async def test_12_a_memo_put_on_twice_asks_once(begun: Scene) -> None:
    await turned_on(begun)
    message = await wrote(begun, "a room would be good")
    await memo(begun, begun.bo, message)
    asked = len(begun.bo.dm())
    for _ in range(2):  # off and on again
        await memo(begun, begun.bo, message)
    assert len(begun.bo.dm()) == asked


async def test_13_a_memo_on_the_bots_own_message_is_left_alone(begun: Scene) -> None:
    await turned_on(begun)
    before = len(begun.written())
    await begun.bo.reacts(begun.posts()[0], "memo", channel=CHANNEL)
    await begun.settled()
    assert len(begun.written()) == before


async def test_13_who_left_the_channel_reads_nothing_of_it(begun: Scene) -> None:
    await turned_on(begun)
    message = await wrote(begun, "a room would be good", who=begun.dana)
    offer = await memo(begun, begun.hui, message)
    await begun.amina.says("bye", channel=CHANNEL)
    await begun.hui.leaves(CHANNEL)
    await begun.settled()
    told = await refused(begun, begun.presses(begun.hui, "Yes", offer))
    assert "Only people who are in the channel can do this." in told
    assert not begun.hui.has_modal()


async def test_18_a_memo_delivered_twice_asks_once(begun: Scene) -> None:
    await turned_on(begun)
    message = await wrote(begun, "a room would be good")
    await memo(begun, begun.bo, message)
    asked = len(begun.bo.dm())
    (event,) = begun.sandbox.events("reaction_added")
    assert (await begun.sandbox.deliver("events_api", event, 1, "http_timeout")).ok
    await begun.settled()
    assert len(begun.bo.dm()) == asked


@pytest.mark.parametrize("replied", [False, True], ids=["gone", "tombstone"])
async def test_20_a_memo_on_a_message_that_is_gone(begun: Scene, replied: bool) -> None:
    await turned_on(begun)
    message = await wrote(begun, "a room would be good")
    if replied:
        await begun.dana.says("which one?", channel=CHANNEL, thread=message)
    offer = await memo(begun, begun.bo, message)
    await begun.bo.deletes(message, channel=CHANNEL)
    await begun.settled()
    if not replied:
        begun.expected_refusals.add(("conversations.replies", "thread_not_found"))
    told = await refused(begun, begun.presses(begun.bo, "Yes", offer))
    assert told.startswith("That message is gone, so there is nothing to record.")
    assert not begun.bo.has_modal()


async def test_a_reply_in_a_thread_can_be_recorded_too(begun: Scene) -> None:
    await turned_on(begun)
    message = await wrote(begun, "who does the poster?")
    ts = await begun.hui.says("I could do the poster", channel=CHANNEL, thread=message)
    await begun.settled()
    thread = begun.dana.messages(CHANNEL, thread=message)
    offer = await memo(begun, begun.hui, next(each for each in thread if each.ts == ts))
    await begun.presses(begun.hui, "Yes", offer)
    await begun.sends(begun.hui, **{"By_when?": "2026-12-04"})
    assert await stored_what(begun) == "I could do the poster"


# A direct message


async def in_two_channels(scene: Scene) -> None:
    """Dana shares two channels with the bot."""
    await scene.dana.invites_app(OTHER)
    await scene.settled()


async def test_16_which_of_several_channels_is_asked_and_the_words_are_taken(begun: Scene) -> None:
    await in_two_channels(begun)
    told = await refused(begun, begun.tells(begun.dana, "commit call the press by 4 Dec"))
    assert "Which channel is it for? Nothing is written down yet." in told
    question = begun.dana.dm()[-1]
    told = await begun._told(
        begun.dana, begun.dana.picks("Choose a channel", f"#{CHANNEL}", message=question)
    )
    assert "#1: @Dana (Acme) promised: call the press by Fri, Dec 4." in told
    assert "Which channel" not in "".join(begun.dana.words(each) for each in begun.dana.dm())
    assert "call the press" in begun.reads(begun.card())
    told = await begun.tells(begun.dana, "undo")
    assert "You took that back." in told


async def test_16_the_message_changed_or_gone_meanwhile(begun: Scene) -> None:
    await in_two_channels(begun)
    await begun.tells(begun.dana, "commit call the press by 4 Dec")
    question = begun.dana.dm()[-1]
    mine = [each for each in begun.dana.dm() if not each.bot_id][-1]
    await begun.dana.edits(mine, "help")
    pick = begun.dana.picks("Choose a channel", f"#{CHANNEL}", message=question)
    told = await refused(begun, begun._told(begun.dana, pick))
    assert "Your message says something else now." in told
    await begun.dana.deletes(mine)
    await begun.settled()
    begun.expected_refusals.add(("conversations.replies", "thread_not_found"))
    pick = begun.dana.picks("Choose a channel", f"#{OTHER}", message=question)
    told = await refused(begun, begun._told(begun.dana, pick))
    assert "Your message is gone" in told


async def test_16_by_the_command_there_it_is_said_how(begun: Scene) -> None:
    await in_two_channels(begun)
    told = await refused(
        begun, begun._told(begun.dana, begun.dana.slash("/partner commit call the press by 4 Dec"))
    )
    assert "Which channel is it for? Say it there" in told


async def test_16_who_shares_no_channel_is_told_so(scene: Scene) -> None:
    told = await refused(scene, scene.tells(scene.person("omar"), "commit call the press by 4 Dec"))
    assert "You and I share no channel yet" in told


async def test_03_somebody_of_another_channel_is_to_be_invited_first(begun: Scene) -> None:
    told = await refused(begun, begun.tells(begun.dana, "commit @Omar call the press by 4 Dec"))
    assert "is not in this channel" in told


# Taking back


async def test_12_undo_twice_counts_once(begun: Scene) -> None:
    await begun.slash(begun.dana, "commit call the press by 4 Dec")
    receipt = begun.dana.ephemerals()[-1]
    await begun.presses(begun.dana, "Undo", receipt)
    sent = [each for each in begun.sandbox.attempts if each.kind == "interactive"][-1]
    kept = await written(begun)
    again = {**sent.payload, "trigger_id": sent.payload["trigger_id"] + "1"}
    assert (await begun.sandbox.deliver("interactive", again)).ok
    await begun.settled()
    assert await written(begun) == kept
    told = await refused(begun, begun.slash(begun.dana, "undo"))
    assert "You have done nothing in the last ten minutes" in told


@pytest.mark.parametrize("words", ["undo", "undo 1", "undo 99", "take that back"])
async def test_11_there_is_nothing_to_take_back(begun: Scene, words: str) -> None:
    await begun.slash(begun.dana, "commit call the press by 4 Dec")
    told = await refused(begun, begun.mentions(begun.bo, words))
    assert "You have done nothing" in told
    begun.calendar.move(timedelta(minutes=11))
    told = await refused(begun, begun.slash(begun.dana, words))
    assert "in the last ten minutes that can be taken back" in told


async def test_02_what_else_is_to_be_taken_back_is_asked(begun: Scene) -> None:
    told = await refused(begun, begun.mentions(begun.hui, "undo the poster colors"))
    assert "?" in told


async def test_14_after_the_state_changed_it_stays(begun: Scene) -> None:
    await begun.slash(begun.dana, "commit @Bo call the press by 4 Dec")
    receipt = begun.dana.ephemerals()[-1]
    await begun.presses(begun.bo, "Yes", begun.card())
    told = await refused(begun, begun.presses(begun.dana, "Undo", receipt))
    assert "@Bo has done something with it since, so it stays." in told
    assert "Use the buttons on the card of #1 instead." in told


async def test_14_a_value_that_is_no_number_or_of_nothing(begun: Scene) -> None:
    begun.expected_logs.add("answer_not_taken")  # Slack takes five answers at one address
    await begun.slash(begun.dana, "commit call the press by 4 Dec")
    await begun.presses(begun.dana, "Undo")
    sent = [each for each in begun.sandbox.attempts if each.kind == "interactive"][-1]
    for place, wrong in enumerate(("", "x", "-1", "999", "1:2", "１")):
        (action,) = sent.payload["actions"]
        again = {
            **sent.payload,
            "trigger_id": f"{sent.payload['trigger_id']}{place}",
            "actions": [{**action, "value": wrong}],
        }
        kept = await written(begun)
        assert (await begun.sandbox.deliver("interactive", again)).ok
        await begun.settled()
        assert await written(begun) == kept


async def test_19_after_the_partnership_ended_it_stays(begun: Scene) -> None:
    await begun.mentions(begun.hui, "commit call the press by 4 Dec")
    await begun.dana.removes_app(CHANNEL)
    await begun.settled()
    begun.expected_refusals |= {
        ("conversations.members", "channel_not_found"),
        ("conversations.members", "not_in_channel"),
    }
    told = await refused(begun, begun.tells(begun.hui, "undo"))
    assert told


async def test_13_who_left_the_channel_takes_nothing_back_there(begun: Scene) -> None:
    await begun.mentions(begun.hui, "commit call the press by 4 Dec")
    await begun.hui.leaves(CHANNEL)
    await begun.settled()
    told = await refused(begun, begun.tells(begun.hui, "undo"))
    assert "Only people who are in the channel can do this." in told
