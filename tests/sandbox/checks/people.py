"""Checks of what Slack's client refuses to people."""

from bot.sandbox import AppConfig

from ..raw import Listener
from ..shapes import actions, button, text_block
from .trying import FAST, Json, Try, check


@check("command_external")
async def _(t: Try) -> str:
    await t.begin()
    async with Listener(t.sandbox, t.session) as app:
        reply = await t.bo.slash("/partner list", channel="mentoring-partners")
        assert not app.payloads
    assert reply.notice
    assert t.bo.sees(reply.notice)
    return reply.notice


@check("command_unknown")
async def _(t: Try) -> str:
    await t.begin()
    return str((await t.dana.slash("/shout", channel="mentoring-partners")).notice)


@check("command_scope")
async def _(t: Try) -> str:
    await t.begin(scopes=["chat:write"])
    return str((await t.dana.slash("/partner list", channel="mentoring-partners")).notice)


@check("command_thread")
async def _(t: Try) -> str:
    await t.begin()
    ts = await t.dana.says("Hello", channel="mentoring-partners")
    return str((await t.dana.slash("/partner list", thread=ts)).notice)


@check("command_timeout")
async def _(t: Try) -> str:
    await t.begin(limits=FAST)
    async with Listener(t.sandbox, t.session, acks=False):
        return str((await t.dana.slash("/partner list", channel="mentoring-partners")).notice)


@check("command_nobody")
async def _(t: Try) -> str:
    await t.begin()
    return str((await t.dana.slash("/partner list", channel="mentoring-partners")).notice)


@check("command_blocks")
async def _(t: Try) -> str:
    await t.begin()
    async with Listener(t.sandbox, t.session) as app:
        app.answers["slash_commands"] = {"blocks": [text_block("x" * 3001)]}
        return str((await t.dana.slash("/partner list", channel="mentoring-partners")).notice)


@check("click_timeout")
async def _(t: Try) -> str:
    await t.begin(limits=FAST)
    await t.posted(blocks=[actions(button())])
    async with Listener(t.sandbox, t.session, acks=False):
        return str((await t.bo.clicks("Yes")).notice)


@check("interactivity")
async def _(t: Try) -> str:
    config = AppConfig(scopes=frozenset({"chat:write"}), interactivity=False)
    await t.begin(config=config)
    await t.posted(blocks=[actions(button())])
    async with Listener(t.sandbox, t.session) as app:
        reply = await t.bo.clicks("Yes")
        assert not app.payloads
    return str(reply.notice)


@check("home_of_external")
async def _(t: Try) -> str:
    await t.begin()
    return await _act(t, {"as": t.bo.id, "do": "home"})


@check("invite_external")
async def _(t: Try) -> str:
    await t.begin(invited=False)
    return await _act(t, {"as": t.bo.id, "do": "invite_bot", "channel": t.room})


@check("hidden_button")
async def _(t: Try) -> str:
    await t.begin()
    hidden = button(action_id="yes", visible_to_user_ids=[t.bo.id])
    posted = await t.posted(blocks=[{**actions(hidden), "block_id": "a"}])
    assert "Yes" in t.bo.button_labels()
    assert "Yes" not in t.dana.button_labels()
    click = {"channel": t.room, "ts": posted["ts"], "block_id": "a", "action_id": "yes"}
    return await _act(t, {"as": t.dana.id, "do": "click", **click})


async def _act(t: Try, body: Json) -> str:
    async with t.session.post(f"{t.sandbox.url}/sandbox/act", json=body) as answer:
        result = await answer.json()
    assert result["ok"] is False
    return str(result["error"])
