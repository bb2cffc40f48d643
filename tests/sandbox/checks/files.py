"""Checks of files that people put into forms, and of who may have them."""

from dataclasses import replace

import pytest

from bot.sandbox import RefusedError

from ..raw import Listener
from ..shapes import file_field, modal
from .trying import Json, Try, check

DAYS = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


async def opened(t: Try, **options: object) -> Json:
    """A form with such a field, in front of Dana; returns the file that she chose."""
    scopes = options.pop("scopes", ["files:read", "users:read"])
    await t.begin(scopes=scopes, **options)
    await t.client.views_open(trigger_id=t.trigger(), view=modal(blocks=[file_field()]))
    await t.dana.attaches("Your file", "days.ics", DAYS)
    (held,) = t.sandbox.slack.files.values()
    answer = await t.client.files_info(file=held.id)
    file = answer["file"]
    assert isinstance(file, dict)
    return file


async def contents(t: Try, address: str, **headers: str) -> str:
    """Ask for a file: the status, the type and the text that come back."""
    async with t.session.get(address, headers=headers, allow_redirects=False) as answer:
        return f"{answer.status} {answer.content_type} {await answer.text()}"


@check("file_in_message")
async def _(t: Try) -> str:
    return await (await t.begin()).post(file_field())


@check("file_most")
async def _(t: Try) -> str:
    await t.begin(scopes=["files:read"], invited=False)
    return await t.view(blocks=[file_field(max_files=11)])


@check("file_scope")
async def _(t: Try) -> str:
    return await (await t.begin(scopes=["users:read"])).view(blocks=[file_field()])


@check("file_type")
async def _(t: Try) -> str:
    await opened(t)
    with pytest.raises(RefusedError) as refused:
        await t.dana.attaches("Your file", "days.docx", DAYS)
    return str(refused.value)


@check("file_size")
async def _(t: Try) -> str:
    await opened(t)
    with pytest.raises(RefusedError) as refused:
        await t.dana.attaches("Your file", "days.ics", bytes(10 * 1024 * 1024 + 1))
    return str(refused.value)


@check("file_too_many")
async def _(t: Try) -> str:
    await opened(t)
    await t.dana.attaches("Your file", "more.ics", DAYS)
    with pytest.raises(RefusedError) as refused:
        await t.dana.submits({"Your file": list(t.sandbox.slack.files)})
    return str(refused.value)


@check("file_unknown")
async def _(t: Try) -> str:
    await t.begin(scopes=["files:read"], invited=False)
    return await t.error("files.info", file="F0NOBODY")


@check("file_info_scope")
async def _(t: Try) -> str:
    return await (await t.begin(scopes=["users:read"])).error("files.info", file="F0NOBODY")


@check("file_no_token")
async def _(t: Try) -> str:
    file = await opened(t)
    allowed = {"Authorization": f"Bearer {t.sandbox.bot_token}"}
    right = await contents(t, file["url_private_download"], **allowed)
    assert right == f"200 text/calendar {DAYS.decode()}"
    assert await contents(t, file["url_private"], **allowed) == right
    return await contents(t, file["url_private_download"])


@check("file_bad_token")
async def _(t: Try) -> str:
    file = await opened(t)
    return await contents(t, file["url_private_download"], Authorization="Bearer xoxb-other")


@check("file_no_scope")
async def _(t: Try) -> str:
    file = await opened(t)
    granted = t.sandbox.config.scopes - {"files:read"}
    t.sandbox.slack.config = replace(t.sandbox.config, scopes=granted)
    allowed = {"Authorization": f"Bearer {t.sandbox.bot_token}"}
    return await contents(t, file["url_private_download"], **allowed)


@check("file_external")
async def _(t: Try) -> str:
    """Of the installing workspace's own people the form tells all; of others only where to ask."""
    await t.begin(scopes=["files:read", "channels:read"])
    async with Listener(t.sandbox, t.session) as app:
        for person in (t.dana, t.bo):
            trigger = t.sandbox.slack.tickets.trigger(person.id)
            await t.client.views_open(trigger_id=trigger, view=modal(blocks=[file_field()]))
            await person.attaches("Your file", "days.ics", DAYS)
            await person.submits()
        of_dana, of_bo = (
            each["view"]["state"]["values"]["file"]["file"]["files"][0]
            for each in app.payloads
            if each["type"] == "view_submission"
        )
    assert of_dana["name"] == "days.ics"
    assert of_dana["size"] == len(DAYS)
    assert "url_private_download" not in of_bo
    asked = await t.client.files_info(file=of_bo["id"])
    assert asked["file"]["name"] == "days.ics"
    return str(of_bo["file_access"])
