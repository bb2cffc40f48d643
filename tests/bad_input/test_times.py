"""Deliveries at the wrong time: twice, too late, out of order, or about what is gone."""

from datetime import timedelta

import pytest

from bot.sandbox import Message
from tests.bad_input.refusals import refused, stored_replies
from tests.fixtures.scene import WELCOME, Scene


async def asked(scene: Scene) -> Message:
    await scene.slash(scene.dana, "commit @Bo call the press by 4 Dec")
    return scene.card()


async def prompted(scene: Scene) -> Message:
    await scene.mentions(scene.bo, "checkin now")
    return scene.post("Check-in for")


async def test_17_a_reply_to_a_closed_check_in_is_kept_and_its_writer_told_once(
    begun: Scene,
) -> None:
    prompt = await prompted(begun)
    await begun.waits(timedelta(hours=50))
    told = await begun.replies(begun.bo, "we found a van", prompt)
    assert "This check-in is closed already. I kept your reply all the same" in told
    assert await begun.replies(begun.bo, "and a driver", prompt) == ""
    assert await stored_replies(begun) == ["we found a van", "and a driver"]


async def test_17_a_reply_to_a_deleted_check_in_is_kept_and_its_writer_told_how_to_ask_again(
    begun: Scene,
) -> None:
    prompt = await prompted(begun)
    await begun.replies(begun.hui, "all is well", prompt)
    await begun.deletes(begun.dana, prompt)
    told = await begun.replies(begun.bo, "we found a van", prompt)
    assert "Somebody deleted the message of this check-in." in told
    assert "checkin now" in told
    assert await stored_replies(begun) == ["all is well", "we found a van"]
    await begun.mentions(begun.bo, "checkin now")
    assert "Check-in for" in begun.said()


async def test_18_every_event_may_come_twice(begun: Scene) -> None:
    await begun.mentions(begun.bo, "commit call the press by 4 Dec")
    prompt = await prompted(begun)
    await begun.replies(begun.bo, "we found a van", prompt)
    await begun.replies(begun.bo, "stuck: no venue", prompt)
    await begun.replies(begun.hui, "mistake", prompt)
    hers = begun.dana.messages(begun.channel, thread=prompt)[-1]
    await begun.edits(begun.hui, hers.ts, "a mistake")
    await begun.deletes(begun.hui, hers)
    await begun.tells(begun.bo, "mine")
    said, kept = _all(begun), await stored_replies(begun)
    for attempt in list(begun.sandbox.attempts):
        if attempt.kind == "events_api":
            ack = await begun.sandbox.deliver("events_api", attempt.payload, 1, "http_timeout")
            assert ack.ok
    await begun.settled()
    assert _all(begun) == said
    assert await stored_replies(begun) == kept


def _all(scene: Scene) -> list[str]:
    return [each.text for each in scene.written()]


async def test_18_a_command_and_a_press_that_come_twice_count_once(begun: Scene) -> None:
    card = await asked(begun)
    await begun.presses(begun.bo, "Yes", card)
    for attempt in list(begun.sandbox.attempts):
        if attempt.kind != "events_api":
            assert (await begun.sandbox.deliver(attempt.kind, attempt.payload)).ok
    await begun.settled()
    assert begun.said().count("call the press") == 1
    assert len(begun.thread(card)) == 1


@pytest.mark.parametrize("backwards", [False, True], ids=["in-order", "backwards"])
async def test_18_a_reply_edited_before_it_was_seen_is_kept_as_edited(
    begun: Scene, backwards: bool
) -> None:
    prompt = await prompted(begun)
    begun.sandbox.holds = lambda payload: payload["event"]["type"] == "message"
    ts = await begun.bo.says("we need a van", channel=begun.channel, thread=prompt)
    await begun.edits(begun.bo, ts, "we need two vans")
    await begun.edits(begun.bo, ts, "we need three vans")
    await begun.sandbox.lets_through(backwards=backwards)
    await begun.settled()
    assert await stored_replies(begun) == ["we need three vans"]


@pytest.mark.parametrize("backwards", [False, True], ids=["in-order", "backwards"])
async def test_18_a_reply_deleted_before_it_was_seen_leaves_no_word(
    begun: Scene, backwards: bool
) -> None:
    prompt = await prompted(begun)
    begun.sandbox.holds = lambda payload: payload["event"]["type"] == "message"
    ts = await begun.bo.says("secret", channel=begun.channel, thread=prompt)
    await begun.deletes(begun.bo, ts)
    await begun.sandbox.lets_through(backwards=backwards)
    await begun.settled()
    assert [each for each in await stored_replies(begun) if each] == []


async def test_18_an_edit_of_a_mention_is_not_a_second_mention(begun: Scene) -> None:
    ts = await begun.bo.says("@Common Ground commit call the press by 4 Dec", channel=begun.channel)
    await begun.settled()
    await begun.edits(begun.bo, ts, "@Common Ground commit call the papers by 4 Dec")
    assert "call the press" in begun.said()
    assert "call the papers" not in begun.said()


async def test_18_a_removal_and_an_invitation_out_of_order_end_as_slack_says(
    begun: Scene,
) -> None:
    kinds = {"member_joined_channel", "member_left_channel"}
    begun.sandbox.holds = lambda payload: payload["event"]["type"] in kinds
    await begun.dana.removes_app(begun.channel)
    await begun.dana.invites_app(begun.channel)
    await begun.settled()
    await begun.sandbox.lets_through(backwards=True)
    await begun.settled()
    told = await begun.mentions(begun.bo, "commit call the press by 4 Dec")
    assert "ended" not in told
    assert "call the press" in begun.said()


async def test_18_an_event_of_a_kind_nobody_asked_for_is_acknowledged(begun: Scene) -> None:
    (mention, *_) = begun.sandbox.events("app_mention")
    for event in (
        {"type": "team_rename", "name": "x"},
        {"type": "message", "subtype": "channel_topic", "channel": "C0X", "ts": "1.1"},
        {"type": "message", "subtype": "bot_message", "channel": "C0X", "ts": "1.1", "text": "x"},
    ):
        payload = {**mention, "event_id": f"Ev{event['type']}", "event": event}
        assert (await begun.sandbox.deliver("events_api", payload)).ok
    await begun.settled()


FORMS: dict[str, tuple[str, dict[str, object]]] = {
    "yes-if": ("Yes, if…", {"If what?": "travel is paid"}),
    "another-date": ("Another date", {"By when?": "2026-12-08"}),
    "no": ("No", {"Because": "our van is gone"}),
    "question": ("Ask a question", {"What would you like to know?": "Who pays?"}),
    "setup": ("Set up", {"What is this channel for?": "mentoring"}),
    "new": ("New commitment", {"What?": "book a room", "By when?": "2026-12-08"}),
}


@pytest.mark.parametrize(("label", "typed"), FORMS.values(), ids=FORMS)
async def test_19_a_form_sent_after_its_partnership_ended_keeps_nothing_and_says_so(
    begun: Scene, label: str, typed: dict[str, object]
) -> None:
    await asked(begun)
    if label == "New commitment":
        await begun.mentions(begun.bo, "list")
        await begun.presses(begun.bo, label, begun.bo.dm()[-1])
    else:
        await begun.presses(begun.bo, label)
    await begun.dana.removes_app(begun.channel)
    await begun.settled()
    begun.expected_refusals |= {("conversations.members", "not_in_channel")}
    told = await refused(begun, _sent(begun, typed))
    assert "ended" in told
    assert begun.bo.modal is not None
    kept = str(begun.bo.modal.values)
    assert all(str(value) in kept for value in typed.values())


async def _sent(scene: Scene, typed: dict[str, object]) -> str:
    return await scene.sends(scene.bo, **{key.replace(" ", "_"): typed[key] for key in typed})


async def test_19_stuck_and_drop_too(begun: Scene) -> None:
    card = await asked(begun)
    await begun.presses(begun.bo, "Yes", card)
    await begun.presses(begun.bo, "Drop", card)
    await begun.dana.removes_app(begun.channel)
    await begun.settled()
    assert "ended" in await refused(begun, begun.sends(begun.bo, Because="the venue closed"))


def _is_posted_anew(scene: Scene) -> None:
    """That a message is gone is found out by bringing it up to date."""
    scene.expected_refusals |= {("chat.update", "message_not_found")}
    scene.expected_logs |= {"not_refreshed"}


async def test_20_a_deleted_card_comes_back_with_its_next_change(begun: Scene) -> None:
    card = await asked(begun)
    _is_posted_anew(begun)
    await begun.deletes(begun.dana, card)
    assert "call the press" not in begun.said()
    assert "call the press" in await begun.mentions(begun.bo, "list")
    await begun.mentions(begun.bo, "yes 1")
    assert "agreed: call the press" in begun.reads(begun.card())
    await begun.presses(begun.bo, "Done", begun.card())
    assert begun.said().count("call the press") == 1


async def test_20_a_deleted_welcome_comes_back_when_somebody_says_ok(begun: Scene) -> None:
    _is_posted_anew(begun)
    await begun.deletes(begun.dana, begun.post(WELCOME))
    await begun.mentions(begun.bo, "join")
    assert "Northside Youth: OK by @Bo" in begun.reads(begun.post(WELCOME))


async def test_20_a_deleted_prompt_stays_away_and_is_neither_summed_up_nor_refreshed(
    begun: Scene,
) -> None:
    await begun.mentions(begun.bo, "commit call the press by 18 Nov")
    prompt = await prompted(begun)
    await begun.deletes(begun.dana, prompt)
    await begun.mentions(begun.bo, "done 1")
    await begun.waits(timedelta(hours=50))
    assert "Check-in for" not in begun.said()


async def test_20_deleted_notes_and_digests_are_left_alone(started: Scene) -> None:
    await started.mentions(started.bo, "commit call the press by 18 Nov")
    await started.waits(timedelta(days=4, hours=6))
    digest = started.post("Digest for")
    await started.deletes(started.dana, digest)
    note = started.dana.messages(started.channel, thread=started.post(WELCOME))[-1]
    await started.deletes(started.dana, note)
    await started.mentions(started.bo, "done 1")
    assert started.said().count("Digest for") == 0
