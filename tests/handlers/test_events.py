"""What Slack tells of: handled once, in full before it is acknowledged, or dropped at once."""

import asyncio
import logging
import sqlite3
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import literal, select, update

from bot.app import Bot
from bot.directory import Unreachable
from bot.domain.commitments import State
from bot.domain.people import Installation
from bot.domain.posts import Kind
from bot.language import Said
from bot.sandbox import Person, Sandbox
from bot.sandbox.errors import SlackError
from bot.views.blocks import message
from handlers import tables
from handlers.answer import Answer, Audience
from handlers.house import House
from handlers.visit import Door, Visit
from storage.errors import OutcomeUnknown, StorageUnavailable
from storage.store import Store
from storage.tables import commitment, lane
from storage.types import Duration
from tests.courier.conftest import Trouble, answer
from tests.fixtures.wire import Settled

CHANNEL = "mentoring-partners"
CHANNEL_ID = "C0MENTORIN"
Seen = list[Visit]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Who said ``help``, instead of the help."""
    visits: Seen = []

    async def noted(visit: Visit, said: Said) -> Answer:
        visits.append(visit)
        return Answer(message("Here you are."), to=Audience.THREAD)

    monkeypatch.setitem(tables.VERBS, "help", noted)
    return visits


@pytest.fixture
async def invited(bot: Bot, dana: Person, settled: Settled) -> None:
    await dana.invites_app(CHANNEL)
    await settled()


def envelope(sandbox: Sandbox, event: Mapping[str, Any], event_id: str = "Ev1") -> dict[str, Any]:
    """A delivery as Slack makes it."""
    app = sandbox.world.app
    assert app is not None
    return {
        "type": "event_callback",
        "event_id": event_id,
        "team_id": app.team_id,
        "api_app_id": app.id,
        "authorizations": [{"team_id": app.team_id, "enterprise_id": None, "is_bot": True}],
        "event": {"channel": CHANNEL_ID, "event_ts": "1.1", "ts": "1.1", **event},
    }


def mention(sandbox: Sandbox, person: Person, words: str = "help") -> dict[str, Any]:
    app = sandbox.world.app
    assert app is not None
    text = f"<@{app.bot_user_id}> {words}"
    return {"type": "app_mention", "user": person.id, "text": text}


@pytest.mark.usefixtures("invited")
async def test_a_partner_is_heard_by_a_mention(bo: Person, settled: Settled, seen: Seen) -> None:
    await bo.says("@Common Ground help", channel=CHANNEL)
    await settled()
    (visit,) = seen
    assert (visit.door, visit.person.name, visit.person.team) == (Door.MENTION, "Bo", "T0NORTHSID")
    assert (visit.text, visit.zone, visit.thread) == ("help", "America/Chicago", None)
    assert visit.installation.team == "T0ACME0000"


@pytest.mark.usefixtures("invited")
async def test_a_mention_in_a_thread_is_answered_there(
    bo: Person, dana: Person, settled: Settled, seen: Seen
) -> None:
    root = await dana.says("Lunch?", channel=CHANNEL)
    await bo.says("@Common Ground help", channel=CHANNEL, thread=root)
    await settled()
    assert seen[0].thread == str(getattr(root, "ts", root))
    assert "Here you are." in [each.text for each in bo.messages(CHANNEL, thread=root)]


async def test_a_direct_message_needs_no_mention(
    bot: Bot, dana: Person, settled: Settled, seen: Seen
) -> None:
    await dana.tells_app("help")
    await settled()
    assert [visit.door for visit in seen] == [Door.DIRECT]
    assert [each.text for each in dana.dm()][-1] == "Here you are."


@pytest.mark.usefixtures("invited")
async def test_what_people_say_among_themselves_is_neither_stored_nor_logged(
    bot: Bot,
    sandbox: Sandbox,
    dana: Person,
    bo: Person,
    settled: Settled,
    sqlite_url: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "the-merger-is-on"
    root = await dana.says(f"Psst: {secret}", channel=CHANNEL)
    await bo.says(f"Really? {secret}", channel=CHANNEL, thread=root)
    edited = await bo.says("wrong words", channel=CHANNEL)
    await bo.edits(edited, secret)
    await bo.deletes(edited)
    await settled()
    assert bot.house.counted == {}
    await bot.stop()
    path = sqlite_url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert secret.encode() not in await asyncio.to_thread(Path(path).read_bytes)
    assert secret not in "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("common_ground")
    )
    assert secret not in "".join(capfd.readouterr())


async def test_18_the_same_event_twice_is_answered_once(
    http_bot: Bot, sandbox: Sandbox, dana: Person, settled_http: Settled, seen: Seen
) -> None:
    await dana.invites_app(CHANNEL)
    root = await dana.says("Hello", channel=CHANNEL)
    event = {**mention(sandbox, dana), "thread_ts": str(getattr(root, "ts", root))}
    for _ in range(2):
        assert (await sandbox.deliver("events_api", envelope(sandbox, event))).ok
    await settled_http()
    answers = [each for each in dana.messages(CHANNEL) if each.text == "Here you are."]
    assert (len(seen), len(answers)) == (2, 1)


@pytest.fixture
def settled_http(http_bot: Bot, sandbox: Sandbox) -> Settled:
    async def wait() -> None:
        for _ in range(3):
            await sandbox.quiet()
            await http_bot.drain()

    return wait


@pytest.mark.parametrize(
    "error", [StorageUnavailable(), OutcomeUnknown(), Unreachable(), TimeoutError()], ids=repr
)
async def test_what_a_repeat_can_cure_is_not_acknowledged(
    http_bot: Bot,
    sandbox: Sandbox,
    dana: Person,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    async def fails(visit: Visit, said: Said) -> Answer:
        raise error

    monkeypatch.setitem(tables.VERBS, "help", fails)
    ack = await sandbox.deliver("events_api", envelope(sandbox, mention(sandbox, dana)))
    assert not ack.ok
    assert http_bot.house.counted["event_put_off"] == 1


async def test_an_error_of_our_own_is_acknowledged_and_answered_with_a_reference(
    http_bot: Bot,
    sandbox: Sandbox,
    dana: Person,
    settled_http: Settled,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fails(visit: Visit, said: Said) -> Answer:
        raise ZeroDivisionError

    monkeypatch.setitem(tables.VERBS, "help", fails)
    ack = await sandbox.deliver("events_api", envelope(sandbox, mention(sandbox, dana)))
    assert ack.ok
    await settled_http()
    assert "this reference:" in dana.dm()[-1].text


async def test_an_event_that_cannot_be_handled_is_acknowledged_and_counted(
    http_bot: Bot, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(house: House, installation: Installation, body: Mapping[str, Any]) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(tables.EVENTS, "channel_rename", (fails,))
    event = {"type": "channel_rename", "channel": {"id": CHANNEL_ID, "name": "new"}}
    assert (await sandbox.deliver("events_api", envelope(sandbox, event))).ok
    assert http_bot.house.counted["event_failed"] == 1


DROPPED: dict[str, dict[str, Any]] = {
    "of another app": {"type": "message", "user": "U0DANA0000", "bot_id": "B9", "text": "help"},
    "of this app elsewhere": {
        "type": "message",
        "user": "U9",
        "text": "help",
        "bot_profile": {"app_id": "A0COMMONGR"},
    },
    "of nobody": {"type": "message", "subtype": "channel_topic", "text": "help"},
    "of an integration": {"type": "message", "subtype": "bot_message", "text": "help"},
    "a thread of nobody's": {
        "type": "message",
        "user": "U0DANA0000",
        "text": "done",
        "thread_ts": "1.0",
    },
    "an edited mention": {
        "type": "app_mention",
        "user": "U0DANA0000",
        "text": "<@U0COMMONGR> help",
        "edited": {"user": "U0DANA0000", "ts": "2.2"},
    },
    "a mention, which comes by itself": {
        "type": "message",
        "channel_type": "channel",
        "user": "U0DANA0000",
        "text": "<@U0COMMONGR|common_ground> help",
    },
    "what no row knows": {"type": "star_added", "user": "U0DANA0000"},
}


@pytest.mark.parametrize("event", DROPPED.values(), ids=DROPPED)
async def test_what_is_not_for_us_is_acknowledged_and_dropped(
    http_bot: Bot, sandbox: Sandbox, settled_http: Settled, seen: Seen, event: dict[str, Any]
) -> None:
    assert (await sandbox.deliver("events_api", envelope(sandbox, event))).ok
    await settled_http()
    assert seen == []
    assert http_bot.house.counted == {}
    assert not any(call.method.startswith("chat.") for call in sandbox.calls)


async def test_an_event_for_an_installation_we_do_not_know_is_acknowledged(
    http_bot: Bot, sandbox: Sandbox, dana: Person, seen: Seen
) -> None:
    body = envelope(sandbox, mention(sandbox, dana))
    body["team_id"] = body["authorizations"][0]["team_id"] = "T9ELSEWHERE"
    assert (await sandbox.deliver("events_api", body)).ok
    assert (seen, http_bot.house.counted["event_failed"]) == ([], 1)


async def test_a_bot_that_mentions_us_is_not_answered(
    http_bot: Bot, sandbox: Sandbox, settled_http: Settled, seen: Seen
) -> None:
    event = {"type": "app_mention", "user": "USLACKBOT", "text": "<@U0COMMONGR> help"}
    ack = await sandbox.deliver("events_api", envelope(sandbox, event))
    assert ack.ok
    await settled_http()
    assert seen == []


async def test_a_reply_in_a_thread_of_ours_goes_to_its_kind(
    bot: Bot, dana: Person, bo: Person, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies: list[tuple[Visit, int, int]] = []

    async def replied(visit: Visit, message_id: int, subject: int) -> Answer:
        replies.append((visit, message_id, subject))
        return Answer()

    monkeypatch.setitem(tables.THREADS, Kind.WELCOME, replied)
    await dana.invites_app(CHANNEL)
    await settled()
    welcome = next(each for each in bo.messages(CHANNEL) if each.bot_id)
    await bo.says("who runs this?", channel=CHANNEL, thread=welcome)
    await settled()
    ((visit, message_id, _),) = replies
    assert (visit.door, visit.text, visit.thread) == (Door.REPLY, "who runs this?", welcome.ts)
    found = await bot.house.db.read(lambda store: store.messages.ts_of(message_id))
    assert found == (CHANNEL_ID, welcome.ts)


def reply(sandbox: Sandbox, person: Person, thread: str, words: str) -> dict[str, Any]:
    """What somebody writes in a thread."""
    parent = sandbox.slack.log(sandbox.world.channels[CHANNEL_ID]).get(thread)
    assert parent is not None
    return {
        "type": "message",
        "channel_type": "channel",
        "user": person.id,
        "text": words,
        "thread_ts": thread,
        "parent_user_id": parent.user,
    }


async def rests_are_over(bot: Bot) -> None:
    """The database's clock cannot be moved, so they are."""

    def sooner(store: Store) -> None:
        for column in (lane.c.due_at, lane.c.not_before):
            earlier = column - literal(timedelta(hours=1), Duration())
            store.connection.execute(update(lane).values({column: earlier}))

    await bot.house.db.run(sooner)


@pytest.mark.parametrize("words", ["done: it is in our folder", "undo"])
async def test_a_reply_to_a_card_that_slack_did_not_confirm_is_kept_once_the_card_is_found(
    http_bot: Bot, sandbox: Sandbox, dana: Person, bo: Person, settled_http: Settled, words: str
) -> None:
    await dana.invites_app(CHANNEL)
    await settled_http()
    lost = answer(SlackError("internal_error"))
    sandbox.api.faults = Trouble(after={"chat.postMessage": [lost]})
    await bo.says("@Common Ground commit bring the venue list by Friday", channel=CHANNEL)
    await settled_http()
    sandbox.api.faults = Trouble()
    card = next(each for each in bo.messages(CHANNEL) if "#1 ·" in bo.words(each))
    root = await dana.says("And who brings the cake?", channel=CHANNEL)

    said = envelope(sandbox, reply(sandbox, bo, card.ts, words), "EvReply")
    assert not (await sandbox.deliver("events_api", said)).ok
    assert http_bot.house.counted["event_put_off"] == 1
    aside = envelope(sandbox, reply(sandbox, bo, root, words), "EvAside")
    assert (await sandbox.deliver("events_api", aside)).ok  # that thread is nobody's of ours

    await rests_are_over(http_bot)
    await settled_http()
    for _ in range(2):
        assert (await sandbox.deliver("events_api", said)).ok
        await settled_http()
    found = await http_bot.house.db.read(
        lambda store: [row.state for row in store.connection.execute(select(commitment.c.state))]
    )
    assert found == [State.DONE if words.startswith("done") else State.DROPPED]


@pytest.mark.usefixtures("invited")
async def test_who_comes_and_goes_is_asked_for_again(
    bot: Bot, dana: Person, bo: Person, settled: Settled
) -> None:
    directory = bot.house.directory
    installation = directory.installations()[0]
    assert bo.id in await directory.members(installation, CHANNEL_ID)
    await bo.leaves(CHANNEL)
    await settled()
    assert bo.id not in await directory.members(installation, CHANNEL_ID)
