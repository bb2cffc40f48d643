"""Checks of messages, channels, people."""

import pytest
from slack_sdk.errors import SlackApiError

from ..conftest import HandTime
from ..shapes import text_block
from .trying import Try, check


@check("no_text")
async def _(t: Try) -> str:
    return await (await t.begin()).error("chat.postMessage", channel=t.room, text="  ")


@check("text_cut")
async def _(t: Try) -> str:
    await t.begin()
    answer = await t.posted(text="x" * 40_001)
    assert len(answer["message"]["text"]) == 40_000
    return str(answer["response_metadata"]["warnings"])


@check("long_update")
async def _(t: Try) -> str:
    await t.begin()
    ts = (await t.posted())["ts"]
    await t.client.chat_update(channel=t.room, ts=ts, text="x" * 4000)
    return await t.error("chat.update", channel=t.room, ts=ts, text="x" * 4001)


@check("blocks_text")
async def _(t: Try) -> str:
    await t.begin()
    return await t.post(*[text_block("x" * 2700) for _ in range(5)])


@check("blocks_json")
async def _(t: Try) -> str:
    return await (await t.begin()).error("chat.postMessage", channel=t.room, blocks="[{")


@check("channel")
async def _(t: Try) -> str:
    return await (await t.begin()).error("chat.postMessage", channel="C0NOWHERE0", text="Hello")


@check("private_channel")
async def _(t: Try) -> str:
    return await (await t.begin()).error("chat.postMessage", channel=t.secret, text="Hello")


@check("not_in_channel")
async def _(t: Try) -> str:
    await t.begin(invited=False)
    error = await t.error("chat.postMessage", channel=t.room, text="Hello")
    assert "not_in_channel" in await t.error("conversations.history", channel=t.room)
    return error


@check("archived")
async def _(t: Try) -> str:
    await t.begin()
    await t.dana.archives("mentoring-partners")
    return await t.error("chat.postMessage", channel=t.room, text="Hello")


@check("update_archived")
async def _(t: Try) -> str:
    await t.begin()
    ts = (await t.posted())["ts"]
    await t.dana.archives("mentoring-partners")
    return await t.error("chat.update", channel=t.room, ts=ts, text="Hello again")


@check("ephemeral_stranger")
async def _(t: Try) -> str:
    await t.begin()
    await t.bo.leaves("mentoring-partners")
    return await t.error("chat.postEphemeral", channel=t.room, user=t.bo.id, text="Psst")


@check("ephemeral_update")
async def _(t: Try) -> str:
    await t.begin()
    sent = await t.client.chat_postEphemeral(channel=t.room, user=t.bo.id, text="Psst")
    assert t.bo.sees("Psst")
    assert not t.dana.sees("Psst")
    return await t.error("chat.update", channel=t.room, ts=sent["message_ts"], text="Hello")


@check("message")
async def _(t: Try) -> str:
    await t.begin()
    ts = (await t.posted())["ts"]
    await t.client.chat_delete(channel=t.room, ts=ts)
    return await t.error("chat.update", channel=t.room, ts=ts, text="Hello")


@check("others_update")
async def _(t: Try) -> str:
    await t.begin()
    ts = await t.bo.says("Mine", channel="mentoring-partners")
    return await t.error("chat.update", channel=t.room, ts=ts, text="Yours")


@check("others_delete")
async def _(t: Try) -> str:
    await t.begin()
    ts = await t.bo.says("Mine", channel="mentoring-partners")
    return await t.error("chat.delete", channel=t.room, ts=ts)


@check("thread")
async def _(t: Try) -> str:
    return await (await t.begin()).error(
        "conversations.replies", channel=t.room, ts="1700000000.000001"
    )


@check("bad_thread_ts")
async def _(t: Try) -> str:
    return await (await t.begin()).error(
        "chat.postMessage", channel=t.room, text="Hello", thread_ts="yesterday"
    )


@check("gone_parent")
async def _(t: Try) -> str:
    await t.begin()
    first = (await t.posted())["ts"]
    reply = await t.posted(thread_ts=first)
    assert reply["message"]["thread_ts"] == first
    await t.client.chat_delete(channel=t.room, ts=reply["ts"])
    await t.client.chat_delete(channel=t.room, ts=first)
    late = await t.posted(thread_ts=first)
    return "no thread_ts in the answer" if "thread_ts" not in late["message"] else "threaded"


@check("metadata_shape")
async def _(t: Try) -> str:
    return await (await t.begin()).post(metadata={"key": "1"})


@check("metadata_size")
async def _(t: Try) -> str:
    metadata = {"event_type": "outgoing", "event_payload": {"key": "x" * 20_000}}
    return await (await t.begin()).post(metadata=metadata)


@check("metadata_hidden")
async def _(t: Try) -> str:
    await t.begin()
    metadata = {"event_type": "outgoing", "event_payload": {"key": "1"}}
    posted = await t.posted(metadata=metadata)
    assert posted["message"]["metadata"] == metadata
    without = await t.client.conversations_history(channel=t.room)
    assert without["messages"][0]["metadata"] == {"event_type": "outgoing"}
    shown = await t.client.conversations_history(channel=t.room, include_all_metadata=True)
    assert shown["messages"][0]["metadata"] == metadata
    return "include_all_metadata"


@check("metadata_scope")
async def _(t: Try) -> str:
    await t.begin(scopes=["chat:write", "channels:history"])
    metadata = {"event_type": "outgoing", "event_payload": {"key": "1"}}
    await t.posted(metadata=metadata)
    shown = await t.client.conversations_history(channel=t.room, include_all_metadata=True)
    return " and ".join(shown["messages"][0]["metadata"]) + " only"


@check("username")
async def _(t: Try) -> str:
    return await (await t.begin()).error(
        "chat.postMessage", channel=t.room, text="Hello", username="Somebody"
    )


@check("rate")
async def _(t: Try) -> str:
    time = HandTime()
    await t.begin(pace=True, real_time=time)
    await t.posted()
    await t.posted()
    error = await t.error("chat.postMessage", channel=t.room, text="Too fast")
    with pytest.raises(SlackApiError) as refused:
        await t.client.chat_postMessage(channel=t.room, text="Too fast")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    dm = await t.client.chat_postMessage(channel=t.dana.id, text="Elsewhere it may")
    assert dm["ok"]
    time.seconds += 1.0
    await t.posted()
    assert "ratelimited" in await t.error("chat.postMessage", channel=t.room, text="Too fast")
    return error


@check("dm_stranger")
async def _(t: Try) -> str:
    await t.begin(invited=False)
    return await t.error("chat.postMessage", channel=t.bo.id, text="Hello")


@check("open_stranger")
async def _(t: Try) -> str:
    await t.begin(invited=False)
    info = await t.client.users_info(user=t.bo.id)
    assert info["user"]["is_stranger"] is True
    return await t.error("conversations.open", users=t.bo.id)


@check("open_bot")
async def _(t: Try) -> str:
    await t.begin()
    return await t.error("conversations.open", users=t.sandbox.slack.app.bot_user_id)


@check("user")
async def _(t: Try) -> str:
    return await (await t.begin()).error("users.info", user="U0NOBODY00")


@check("email")
async def _(t: Try) -> str:
    await t.begin(scopes=["users:read", "users:read.email"])
    found = await t.client.users_lookupByEmail(email="dana@acme.example")
    assert found["user"]["id"] == t.dana.id
    return await t.error("users.lookupByEmail", email="nobody@acme.example")


@check("team")
async def _(t: Try) -> str:
    await t.begin(invited=False)
    team = t.bo.user.team_id
    error = await t.error("team.info", team=team)
    await t.dana.invites_app("mentoring-partners")
    assert (await t.client.team_info(team=team))["team"]["name"] == "Northside Youth"
    return error


@check("reaction_twice")
async def _(t: Try) -> str:
    await t.begin()
    ts = await t.bo.says("Hello", channel="mentoring-partners")
    await t.client.reactions_add(channel=t.room, timestamp=ts, name="memo")
    return await t.error("reactions.add", channel=t.room, timestamp=ts, name="memo")
