"""Checks of modals and App Home."""

from bot.sandbox import AppConfig

from ..conftest import HandTime
from ..raw import Listener
from ..shapes import modal, plain, text_block
from .trying import Try, check


@check("101_blocks")
async def _(t: Try) -> str:
    return await (await t.begin()).view(blocks=[{"type": "divider"}] * 101)


@check("view_title")
async def _(t: Try) -> str:
    error = await (await t.begin()).view(title=plain("x" * 25))
    assert "must be less than 25 characters [json-pointer:/view/title/text]" in error
    return error


@check("view_submit")
async def _(t: Try) -> str:
    return await (await t.begin()).view(submit=plain("x" * 25))


@check("no_submit")
async def _(t: Try) -> str:
    return await (await t.begin()).view(submit=None)


@check("private_metadata")
async def _(t: Try) -> str:
    return await (await t.begin()).view(private_metadata="x" * 3001)


@check("label")
async def _(t: Try) -> str:
    block = {**modal()["blocks"][0], "label": plain("x" * 2001)}
    return await (await t.begin()).view(blocks=[block])


@check("view_size")
async def _(t: Try) -> str:
    blocks = [text_block("x" * 3000) for _ in range(90)]
    return await (await t.begin()).view(blocks=blocks)


@check("trigger_late")
async def _(t: Try) -> str:
    time = HandTime()
    await t.begin(real_time=time)
    late, soon = t.trigger(), t.trigger()
    time.seconds += 2.9
    await t.client.views_open(trigger_id=soon, view=modal())
    time.seconds += 0.2
    return await t.json_error("views.open", trigger_id=late, view=modal())


@check("trigger_twice")
async def _(t: Try) -> str:
    await t.begin()
    trigger = t.trigger()
    await t.client.views_open(trigger_id=trigger, view=modal())
    return await t.json_error("views.open", trigger_id=trigger, view=modal())


@check("trigger_unknown")
async def _(t: Try) -> str:
    return await (await t.begin()).json_error("views.open", trigger_id="1.2.abc", view=modal())


@check("fourth_view")
async def _(t: Try) -> str:
    await t.begin()
    opened = await t.client.views_open(trigger_id=t.trigger(), view=modal())
    for _ in range(2):
        trigger = t.sandbox.slack.tickets.trigger(t.dana.id, opened["view"]["id"])
        pushed = await t.client.views_push(trigger_id=trigger, view=modal())
        assert pushed["view"]["root_view_id"] == opened["view"]["id"]
    trigger = t.sandbox.slack.tickets.trigger(t.dana.id, opened["view"]["id"])
    return await t.json_error("views.push", trigger_id=trigger, view=modal())


@check("view_gone")
async def _(t: Try) -> str:
    await t.begin()
    opened = await t.client.views_open(trigger_id=t.trigger(), view=modal())
    await t.dana.closes()
    return await t.json_error("views.update", view_id=opened["view"]["id"], view=modal())


@check("hash")
async def _(t: Try) -> str:
    await t.begin()
    view = (await t.client.views_open(trigger_id=t.trigger(), view=modal()))["view"]
    await t.client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    return await t.json_error("views.update", view_id=view["id"], hash=view["hash"], view=modal())


@check("external_id")
async def _(t: Try) -> str:
    await t.begin()
    bo = t.sandbox.slack.tickets.trigger(t.bo.id)
    await t.client.views_open(trigger_id=bo, view=modal(external_id="only"))
    return await t.view(external_id="only")


@check("home_off")
async def _(t: Try) -> str:
    await t.begin()
    home = {"type": "home", "blocks": [text_block("Hello")]}
    await t.client.views_publish(user_id=t.dana.id, view=home)
    assert t.dana.sees("Hello")
    await t.begin(config=AppConfig(home_tab=False), invited=False)
    return await t.json_error("views.publish", user_id=t.dana.id, view=home)


@check("home_external")
async def _(t: Try) -> str:
    home = {"type": "home", "blocks": [text_block("Hello")]}
    await t.begin()
    return await t.json_error("views.publish", user_id=t.bo.id, view=home)


@check("errors_nowhere")
async def _(t: Try) -> str:
    await t.begin()
    async with Listener(t.sandbox, t.session) as app:
        app.answers["view_submission"] = {
            "response_action": "errors",
            "errors": {"elsewhere": "Wrong"},
        }
        await t.client.views_open(trigger_id=t.trigger(), view=modal())
        reply = await t.dana.submits({"Words": "some"})
    return str(reply.notice)


@check("required")
async def _(t: Try) -> str:
    await t.begin()
    async with Listener(t.sandbox, t.session) as app:
        await t.client.views_open(trigger_id=t.trigger(), view=modal())
        await t.dana.submits()
        assert not app.payloads
    return "; ".join(t.dana.modal.errors.values()) if t.dana.modal else ""
