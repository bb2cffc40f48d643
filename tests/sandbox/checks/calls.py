"""Checks of the Web API as such."""

import json

from .trying import Try, check


@check("unknown_method")
async def _(t: Try) -> str:
    return await (await t.begin()).error("chat.shout")


@check("no_token")
async def _(t: Try) -> str:
    await t.begin()
    t.client.token = None
    return await t.error("auth.test")


@check("bad_token")
async def _(t: Try) -> str:
    await t.begin()
    t.client.token = "xoxb-somebody-else"
    return await t.error("auth.test")


@check("wrong_token")
async def _(t: Try) -> str:
    await t.begin()
    t.client.token = t.sandbox.app_token
    return await t.error("chat.postMessage", channel=t.room, text="Hello")


@check("uninstalled")
async def _(t: Try) -> str:
    (await t.begin()).sandbox.uninstall()
    return await t.error("auth.test")


@check("scope")
async def _(t: Try) -> str:
    await t.begin(scopes=["users:read"])
    error = await t.error("chat.postMessage", channel=t.room, text="Hello")
    assert json.loads(error)["needed"] == "chat:write"
    assert json.loads(error)["provided"] == "users:read"
    return error


@check("scope_of_kind")
async def _(t: Try) -> str:
    await t.begin(scopes=["channels:read", "channels:history"])
    await t.dana.invites_app("acme-dei")
    await t.client.conversations_info(channel=t.room)
    error = await t.error("conversations.info", channel=t.secret)
    assert json.loads(error)["needed"] == "groups:read"
    return error


@check("argument")
async def _(t: Try) -> str:
    error = await (await t.begin()).error("chat.update", channel=t.room, text="Hello")
    assert "missing required field: ts" in error
    return error


@check("json_for_reading")
async def _(t: Try) -> str:
    return await (await t.begin()).json_error("users.info", user=t.sandbox.person("dana").id)


@check("bad_json")
async def _(t: Try) -> str:
    return await (await t.begin()).raw("{")


@check("json_list")
async def _(t: Try) -> str:
    return await (await t.begin()).raw("[]")


@check("post_type")
async def _(t: Try) -> str:
    return await (await t.begin()).raw("<a/>", "application/xml")


@check("bad_cursor")
async def _(t: Try) -> str:
    return await (await t.begin()).error("conversations.members", channel=t.room, cursor="no")


@check("bad_oldest")
async def _(t: Try) -> str:
    return await (await t.begin()).error("conversations.history", channel=t.room, oldest="today")
